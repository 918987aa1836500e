//! Putting a key on record, and changing a record. The cuts are checked while they are typed, by the make's own rules.

use super::server_fns::{RecordBitting, UpdateBitting, edit_bitting, new_bitting};
use domain::{
    bittings::{BittingEdit, BittingForm, Confidence, Make, Reading, Source, check, makes},
    choice::Choice,
    forms::Page,
};
use gate::{
    Shown, action, load, param, paths,
    saved::{Saved, SavedBeside},
};
use leptos::{ev::Event, prelude::*};
use leptos_meta::Title;
use ui::{Button, ButtonLink, Check, Field, Form, LinkTo, Look, PageHeader, Select};

/// `/clients/:id/bittings/new`.
#[component]
pub fn NewBittingPage() -> impl IntoView {
    let client = param("id");
    let page = load(move || client.get(), new_bitting);
    view! {
        <Title text="Record a key"/>
        <Shown page children=|page| view! { <New page/> }/>
    }
}

/// `/bittings/:id/edit`.
#[component]
pub fn EditBittingPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), edit_bitting);
    view! {
        <Title text="Change a bitting record"/>
        <Shown page children=|page| view! { <Edit page/> }/>
    }
}

#[component]
fn New(page: Page<BittingEdit>) -> impl IntoView {
    let Page { ticket, data: BittingEdit { client, client_name, sites, form } } = page;
    let action = action::<RecordBitting>();
    let back = paths::client(client);
    view! {
        <PageHeader title="Record a key" subtitle=format!("A loose key of {client_name}.") back=LinkTo::new(back.clone(), client_name)/>
        <Form action ticket name="record-bitting" class="form form--page">
            <input type="hidden" name="client" value=client.to_string()/>
            <Fields form sites/>
            <div class="form__actions">
                <Button look=Look::Primary>"Seal and save"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn Edit(page: Page<BittingEdit>) -> impl IntoView {
    let Page { ticket, data: BittingEdit { client_name, sites, form, .. } } = page;
    let id = param("id").get_untracked();
    let action = action::<UpdateBitting>();
    let fetched = id.clone();
    let fetch = move || {
        let page = edit_bitting(fetched.clone());
        async move { page.await.map(|page| page.data.form) }
    };
    let saved = Saved::watch(&ticket, "edit-bitting", &form, action.value(), fetch);
    let (back, archived) = (paths::bitting(&id), !form.archived.is_empty());
    let label = form.label.clone();
    view! {
        <PageHeader title="Change the record" subtitle=client_name back=LinkTo::new(back.clone(), label)/>
        <Form action ticket name="edit-bitting" class="form form--page">
            <input type="hidden" name="record" value=id/>
            <SavedBeside saved/>
            <Fields form sites kept=true/>
            <Check name="archived" label="Out of use: leave out of the list" checked=archived/>
            <div class="form__actions">
                <Button look=Look::Primary>"Save"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

fn options<T: Choice>() -> Vec<(String, String)> {
    T::ALL.iter().map(|one| (one.as_str().to_owned(), one.words().to_owned())).collect()
}

#[component]
fn Fields(form: BittingForm, sites: Vec<(uuid::Uuid, String)>, #[prop(optional)] kept: bool) -> impl IntoView {
    let sites = sites.into_iter().map(|(id, words)| (id.to_string(), words));
    let sites = std::iter::once((String::new(), "None in particular".to_owned())).chain(sites).collect::<Vec<_>>();
    let (guarded, secret) = (!form.do_not_duplicate.is_empty(), !form.top_secret.is_empty());
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"The key"</legend>
            <div class="form__grid">
                <Field name="label" label="Label" value=form.label.clone() hint="How the shop speaks of it: Rear door, White van." autofocus=true/>
                <Field name="item" label="What it is for" value=form.item.clone() optional=true placeholder="Van, cabinet, padlock …"/>
                <Select name="site" label="Site" options=sites value=form.site.clone()/>
                <Field name="maker" label="Maker" value=form.maker.clone() optional=true hint="Where the make is not in the list below."/>
                <Field name="keyway" label="Keyway" value=form.keyway.clone() optional=true placeholder="SC1"/>
                <Field name="blank" label="Blank" value=form.blank.clone() optional=true/>
            </div>
        </fieldset>
        <Cuts form kept/>
        <fieldset class="fieldset">
            <legend class="legend">"Who may have it"</legend>
            <Check name="do_not_duplicate" label="Do not duplicate without leave" checked=guarded/>
            <Check name="top_secret" label="Top secret: opens only with a second person's release" checked=secret/>
        </fieldset>
    }
}

#[component]
fn Cuts(form: BittingForm, kept: bool) -> impl IntoView {
    let makes = makes().into_iter().map(|Make { id, name }| (id, name));
    let makes = std::iter::once((String::new(), "Not in the list".to_owned())).chain(makes).collect::<Vec<_>>();
    let (readings, sources, surely) = (options::<Reading>(), options::<Source>(), options::<Confidence>());
    let (make, cuts) = (RwSignal::new(form.make.clone()), RwSignal::new(String::new()));
    let typed = move |event: Event| {
        let name = event_target::<web_sys::Element>(&event).get_attribute("name").unwrap_or_default();
        match name.as_str() {
            "form[make]" => make.set(event_target_value(&event)),
            "form[bitting]" => cuts.set(event_target_value(&event)),
            _ => (),
        }
    };
    let reading = if form.reading.is_empty() { Reading::BowToTip.as_str().to_owned() } else { form.reading };
    let sure = if form.confidence.is_empty() { Confidence::Likely.as_str().to_owned() } else { form.confidence };
    let hint = if kept {
        "Leave cuts and code empty to keep what is sealed; either one typed replaces both."
    } else {
        "Sealed when saved; spaces and dashes do not matter."
    };
    view! {
        <fieldset class="fieldset" on:input=typed>
            <legend class="legend">"Cuts and code, sealed"</legend>
            <div class="form__grid">
                <Select name="make" label="Make" options=makes value=form.make hint="Its depths and MACS check the cuts."/>
                <Select name="reading" label="Read" options=readings value=reading/>
                <Field name="bitting" label="Cuts" hint=hint optional=true placeholder="41836"/>
                <Field name="key_code" label="Stamp or blind code" optional=true/>
            </div>
            <p class="field__hint" role="status">{move || told(&make.get(), &cuts.get())}</p>
            <Check name="as_found" label="As found: keep cuts the make would not cut"/>
            <div class="form__grid">
                <Select name="source" label="Known by" options=sources value=form.source/>
                <Select name="confidence" label="How sure" options=surely value=sure/>
            </div>
        </fieldset>
    }
}

/// What there is to say of the cuts so far.
fn told(make: &str, cuts: &str) -> String {
    if cuts.trim().is_empty() {
        let from_tip = Make::reads_from_tip(make);
        return if from_tip { "This make is read from the tip.".into() } else { String::new() };
    }
    match check(make, cuts) {
        Ok(read) if read.against.is_empty() => format!("{} cuts, all in order.", read.count),
        Ok(read) => format!("{} cuts. {}", read.count, read.against.join(" ")),
        Err(words) => words,
    }
}
