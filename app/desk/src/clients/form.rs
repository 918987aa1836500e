//! Adding and changing a client.

use super::server_fns::{CreateClient, UpdateClient, edit_client, new_client};
use domain::{
    Refusal,
    choice::Choice,
    clients::{ClientKind, form::ClientForm},
    forms::{Page, Ticket},
    invoices::Terms,
};
use gate::saved::{Saved, SavedBeside, data};
use gate::{AppError, Shown, action, load, param, paths};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonLink, Check, Disclosure, Field, Form, LinkTo, Look, PageHeader, Select, TextArea};

/// `/clients/new`.
#[component]
pub fn NewClientPage() -> impl IntoView {
    let page = load(|| (), |()| new_client());
    view! {
        <Title text="New client"/>
        <PageHeader title="New client" subtitle="A name is enough to begin with." back=LinkTo::new("/clients", "Clients")/>
        <Shown page children=|page| view! { <New page/> }/>
    }
}

/// `/clients/:id/edit`.
#[component]
pub fn EditClientPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), edit_client);
    view! {
        <Title text="Change client"/>
        <Shown page children=|page| view! { <Edit page/> }/>
    }
}

#[component]
fn New(page: Page<ClientForm>) -> impl IntoView {
    let Page { ticket, data: form } = page;
    let action = action::<CreateClient>();
    let asked = ticket.flash.as_ref().is_some_and(|flash| {
        flash.form == "new-client"
            && (flash.errors.contains_key("another") || flash.values.contains_key("form[another]"))
    });
    let answer = action.value();
    // The tick appears once a client of that name or number was found, and stays.
    let double = Memo::new(move |before: Option<&bool>| {
        asked
            || before.copied().unwrap_or_default()
            || matches!(answer.get(), Some(Err(AppError::Refusal(Refusal::Invalid(errors)))) if errors.contains_key("another"))
    });
    let open = opened(&ticket, &form);
    view! {
        <Form action ticket name="new-client" class="form form--page">
            <ClientFields form open/>
            {move || double.get().then(|| view! { <Check name="another" label="This is another client"/> })}
            <div class="form__actions">
                <Button look=Look::Primary>"Add the client"</Button>
                <ButtonLink look=Look::Quiet href="/clients">"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn Edit(page: Page<ClientForm>) -> impl IntoView {
    let Page { ticket, data: form } = page;
    let id = param("id").get_untracked();
    let action = action::<UpdateClient>();
    let fetched = id.clone();
    let saved = Saved::watch(&ticket, "edit-client", &form, action.value(), move || data(edit_client(fetched.clone())));
    let back = paths::client(&id);
    let open = opened(&ticket, &form);
    view! {
        <PageHeader title=format!("Change {}", form.name) back=LinkTo::new(back.clone(), form.name.clone())/>
        <Form action ticket name="edit-client" class="form form--page">
            <input type="hidden" name="client" value=id/>
            <SavedBeside saved/>
            <ClientFields form open/>
            <div class="form__actions">
                <Button look=Look::Primary>"Save"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

/// Whether the further rows stand open: something is in them, or the form has just come back.
fn opened(ticket: &Ticket, form: &ClientForm) -> bool {
    let filled = form.phones()[2..].iter().chain(&form.emails()[1..]).any(|(value, _)| !value.is_empty());
    filled || ticket.flash.is_some()
}

#[component]
fn ClientFields(form: ClientForm, open: bool) -> impl IntoView {
    let kinds =
        ClientKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.words().to_owned())).collect::<Vec<_>>();
    let reach = form.clone();
    let ClientForm { kind, name, billing_address, tags, alert, terms_days, tax_exempt, .. } = form;
    let terms = terms(&terms_days);
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"Who it is"</legend>
            <div class="form__grid">
                <Field name="name" label="Name" value=name hint="As it stands on invoices." autofocus=true/>
                <Select name="kind" label="Kind" options=kinds value=kind/>
            </div>
        </fieldset>
        <Reach form=reach open/>
        <fieldset class="fieldset">
            <legend class="legend">"Work and money"</legend>
            <Field name="alert" label="Standing alert" value=alert optional=true wide=true hint="Shown strongly wherever this client is: “Dog in the yard”, “Ask for a PO number first”."/>
            <TextArea name="billing_address" label="Billing address" value=billing_address optional=true hint="Where invoices go. Places to work at are added as sites."/>
            <div class="form__grid">
                <Field name="tags" label="Tags" value=tags optional=true hint="Separated by commas."/>
                <Select name="terms_days" label="Terms" options=terms value=terms_days/>
            </div>
            <Check name="tax_exempt" label="Exempt from tax" checked=!tax_exempt.is_empty()/>
        </fieldset>
    }
}

/// The usual terms, and the unusual number of days where this client has one.
fn terms(days: &str) -> Vec<(String, String)> {
    let usual = Terms::ALL.iter().map(|terms| (terms.as_str().to_owned(), terms.words().to_owned()));
    let mut all: Vec<_> = std::iter::once((String::new(), "The shop's usual terms".to_owned())).chain(usual).collect();
    if !all.iter().any(|(value, _)| value == days) {
        all.push((days.to_owned(), format!("{days} days")));
    }
    all
}

/// Numbered rows of telephone and e-mail; blank ones are left out.
#[component]
fn Reach(form: ClientForm, open: bool) -> impl IntoView {
    let owned = |(value, label): (&str, &str)| (value.to_owned(), label.to_owned());
    let row = |kind: &'static str| move |(i, (value, label)): (usize, (String, String))| view! { <Row kind number=i + 1 value label/> };
    let mut phones = form.phones().map(owned).into_iter().enumerate().map(row("phone")).collect::<Vec<_>>();
    let mut emails = form.emails().map(owned).into_iter().enumerate().map(row("email")).collect::<Vec<_>>();
    let (more_phones, more_emails) = (phones.split_off(2), emails.split_off(1));
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"How to reach them"</legend>
            {phones}
            {emails}
            <Disclosure summary="More numbers and addresses" open>
                <div class="stack">{more_phones}{more_emails}</div>
            </Disclosure>
        </fieldset>
    }
}

#[component]
fn Row(kind: &'static str, number: usize, value: String, label: String) -> impl IntoView {
    let (what, input) = if kind == "phone" { ("Telephone", "tel") } else { ("E-mail", "email") };
    let of = if number == 1 { what.to_owned() } else { format!("{what} {number}") };
    view! {
        <div class="form__grid">
            <Field name=format!("{kind}_{number}") label=of.clone() kind=if kind == "phone" { "tel" } else { "text" } inputmode=input value optional=true/>
            <Field name=format!("{kind}_{number}_label") label=format!("Label of {}", of.to_lowercase()) value=label placeholder="Office, after hours …" optional=true/>
        </div>
    }
}
