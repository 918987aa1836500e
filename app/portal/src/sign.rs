//! A work order, read and signed by link.

use crate::{
    pad::PadScript,
    server_fns::{DeclineDocument, SignDocument, see_declined, see_work_order},
    shown::Shown,
};
use domain::{
    audit::Stamp,
    forms::{Page, Ticket},
    ids::{DocumentId, JobId},
    portal::{PortalSignPage, PortalSigned},
    signatures::{CONSENT_TEXT, Paper},
};
use gate::{action, load, param};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Button, Check, Disclosure, Document, EmptyState, Field, Form, LinkTo, Look, Notice, PageHeader, ProofLinks,
    SignaturePad, StampLine, Tone,
};

/// The work order as frozen; under it the form, or who signed it.
#[component]
pub fn SignPage() -> impl IntoView {
    let job = param("id");
    let page = load(move || job.get(), see_work_order);
    view! {
        <Title text="Work order"/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<PortalSignPage>) -> impl IntoView {
    let Page { ticket, data } = page;
    let PortalSignPage { job, number, paper, contact, email, signed, signable, stamp } = data;
    let html = paper.html.clone();
    let label = format!("Work order {number}, version {}", paper.version);
    let below = match signed {
        Some(signed) => view! { <Signed signed stamp/> }.into_any(),
        None if !signable => view! { <Notice tone=Tone::Void title="Nothing to sign"><p>"This job was called off."</p></Notice> }.into_any(),
        None => view! { <SignForm job paper=paper.clone() contact email ticket=ticket.clone()/><Decline job document=paper.id ticket/><PadScript/> }.into_any(),
    };
    view! {
        <PageHeader title=format!("Work order {number}") back=LinkTo::new(gate::paths::portal_job(job), format!("Job {number}"))/>
        <Document html label/>
        {below}
    }
}

/// Who signed, and what the client can take along.
#[component]
fn Signed(signed: PortalSigned, stamp: Option<Stamp>) -> impl IntoView {
    let PortalSigned { signature, name, at, provable } = signed;
    let proof = provable.then(|| {
        view! { <Disclosure summary="Proof to take along"><ProofLinks at=gate::paths::portal_signature_proof(signature)/></Disclosure> }
    });
    view! {
        <Notice tone=Tone::Verdigris title="Signed"><p>{format!("By {name}, {at}. The shop keeps this version as it is.")}</p></Notice>
        {proof}
        {stamp.map(|stamp| view! { <StampLine stamp/> })}
    }
}

#[component]
fn SignForm(job: JobId, paper: Paper, contact: String, email: String, ticket: Ticket) -> impl IntoView {
    let action = action::<SignDocument>();
    let drawn = ticket
        .flash
        .as_ref()
        .filter(|flash| flash.form == "sign")
        .and_then(|flash| flash.values.get("form[ink]").cloned())
        .unwrap_or_default();
    view! {
        <Form action ticket name="sign" class="form signing">
            <input type="hidden" name="job" value=job.to_string()/>
            <input type="hidden" name="document" value=paper.id.to_string()/>
            <input type="hidden" name="sha256" value=paper.sha256/>
            <input type="hidden" name="form[device_time]" value="" data-device-time=""/>
            <Field name="name" label="Your name" value=contact autocomplete="name"/>
            <p class="small">{CONSENT_TEXT}</p>
            <Check name="opened" label="I could open the document above and read it here"/>
            <Check name="consent" label="I have read this and agree"/>
            <SignaturePad name="form[ink]" value=drawn typed="form[name] form[typed]"/>
            <Check name="typed" label="No drawing: my name as typed above is my signature"/>
            {(!email.is_empty()).then(|| view! { <p class="small">{format!("A copy of what you sign is mailed to {email}.")}</p> })}
            <div class="form__actions"><Button look=Look::Primary big=true>"Sign the work order"</Button></div>
        </Form>
    }
}

#[component]
fn Decline(job: JobId, document: DocumentId, ticket: Ticket) -> impl IntoView {
    let action = action::<DeclineDocument>();
    view! {
        <Disclosure summary="I do not want to sign">
            <Form action ticket name="decline">
                <p>"The shop is told that you declined, and will call you."</p>
                <input type="hidden" name="job" value=job.to_string()/>
                <input type="hidden" name="document" value=document.to_string()/>
                <Button>"Decline to sign"</Button>
            </Form>
        </Disclosure>
    }
}

/// After declining.
#[component]
pub fn DeclinedPage() -> impl IntoView {
    let page = load(|| (), |()| see_declined());
    view! {
        <Title text="Not signed"/>
        <Shown page children=|()| view! { <Declined/> }/>
    }
}

#[component]
fn Declined() -> impl IntoView {
    let job = param("id").get_untracked();
    view! {
        <PageHeader title="Not signed"/>
        <EmptyState title="The shop knows that you declined" words="Nothing was signed. If something in the work order is wrong, call the shop: they can change it and send you a new version."
            action=LinkTo::new(gate::paths::portal_job(job), "Back to the job")/>
    }
}
