//! Signing in person: the document as frozen, the pad, and who signed before.

use super::server_fns::{PrepareDocument, SignInPerson, find_sign_page};
use domain::{
    forms::{Page, Ticket},
    ids::JobId,
    signatures::{CONSENT_TEXT, Paper, SignPage, SignatureRow},
};
use gate::{Shown, action, load, param};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Button, Check, Document, Field, Form, LinkTo, Look, Notice, PageHeader, Panel, Select, SignaturePad, Tone,
};

/// A job's work order, to be read and signed on this device.
#[component]
pub fn SignInPersonPage() -> impl IntoView {
    let job = param("id");
    let page = load(move || job.get(), find_sign_page);
    view! {
        <Title text="Sign the work order"/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: Page<SignPage>) -> impl IntoView {
    let Page { ticket, data } = page;
    let SignPage { job, number, client, contact, email, paper, current, open_roles, signatures, signable } = data;
    let subtitle = format!("{client}. Hand the device over: what is shown here is what is signed.");
    let roles: Vec<(String, String)> =
        open_roles.iter().map(|role| (role.as_str().to_owned(), role.words().to_owned())).collect();
    let to_prepare = signable && !current;
    let prepared_before = paper.is_some();
    let form = (signable && current && !roles.is_empty()).then(|| paper.clone()).flatten();
    let form = form.map(
        |paper| view! { <SignHere job paper contact=contact.clone() email=email.clone() roles ticket=ticket.clone()/> },
    );
    view! {
        <PageHeader title=format!("Sign work order {number}") subtitle back=LinkTo::new(gate::paths::job(job), format!("Job {number}"))/>
        <div class="stack">
            {(!signable).then(|| view! { <Notice tone=Tone::Bad title="Nothing to sign"><p>"This job was called off."</p></Notice> })}
            {to_prepare.then(|| view! { <Prepare job prepared_before ticket/> })}
            {paper.map(|paper| view! { <Document html=paper.html label=format!("Work order {number}, version {}", paper.version)/> })}
            {form}
            <Signed signatures/>
        </div>
    }
}

/// The button that freezes the job as it is now.
#[component]
fn Prepare(job: JobId, prepared_before: bool, ticket: Ticket) -> impl IntoView {
    let action = action::<PrepareDocument>();
    let (title, words) = if prepared_before {
        (
            "The job was changed",
            "The paper below is an earlier version. Prepare it again before anyone signs; what was signed stays as it is.",
        )
    } else {
        (
            "Not prepared yet",
            "Preparing freezes the work order as it stands now: what was asked and done, the checks, the charges.",
        )
    };
    view! {
        <Notice tone=Tone::Brass title>
            <p>{words}</p>
            <Form action ticket name="prepare" class="row">
                <input type="hidden" name="job" value=job.to_string()/>
                <Button look=Look::Primary>"Prepare the work order"</Button>
            </Form>
        </Notice>
    }
}

/// The form under the document.
#[component]
fn SignHere(
    job: JobId,
    paper: Paper,
    contact: String,
    email: String,
    roles: Vec<(String, String)>,
    ticket: Ticket,
) -> impl IntoView {
    let action = action::<SignInPerson>();
    let drawn = ticket
        .flash
        .as_ref()
        .filter(|flash| flash.form == "sign")
        .and_then(|flash| flash.values.get("form[ink]").cloned())
        .unwrap_or_default();
    let first = roles.first().map(|(value, _)| value.clone()).unwrap_or_default();
    view! {
        <Form action ticket name="sign" class="form signing">
            <input type="hidden" name="job" value=job.to_string()/>
            <input type="hidden" name="document" value=paper.id.to_string()/>
            <input type="hidden" name="sha256" value=paper.sha256/>
            <input type="hidden" name="form[device_time]" value="" data-device-time=""/>
            <div class="form__grid">
                <Field name="name" label="Name of the signer" value=contact autocomplete="off"/>
                <Select name="role" label="Signs as" options=roles value=first/>
            </div>
            <p class="small">{CONSENT_TEXT}</p>
            <Check name="opened" label="I could open the document above and read it here"/>
            <Check name="consent" label="I have read this and agree"/>
            <SignaturePad name="form[ink]" value=drawn typed="form[name] form[typed]"/>
            <Check name="typed" label="No drawing: the name as typed above is the signature"/>
            <Field name="email" label="E-mail for a copy" inputmode="email" value=email optional=true hint="What is signed is mailed there as it is."/>
            <div class="form__actions"><Button look=Look::Primary big=true>"Sign"</Button></div>
        </Form>
    }
}

/// Who signed which version.
#[component]
fn Signed(signatures: Vec<SignatureRow>) -> impl IntoView {
    (!signatures.is_empty()).then(|| {
        let rows = signatures.into_iter().map(|signature| view! {
            <li>
                <a href=gate::paths::signature(signature.id)>{signature.name}</a>
                <span class="muted">{format!(" signed version {} as {}, {}", signature.version, signature.role.words().to_lowercase(), signature.at)}</span>
                " "<Badge tone=Tone::Verdigris text=if signature.drawn { "Drawn" } else { "Typed" }/>
            </li>
        }).collect_view();
        view! { <Panel title="Signed" id="signatures"><ul class="lines">{rows}</ul></Panel> }
    })
}
