//! Adding and changing a person of a client.

use super::server_fns::{AddContact, UpdateContact, edit_contact, new_contact};
use domain::{
    clients::contact::{ContactEdit, ContactForm},
    forms::Page,
};
use gate::saved::{Saved, SavedBeside};
use gate::{Shown, action, load, param, paths};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, ButtonLink, Check, Field, Form, LinkTo, Look, PageHeader};

/// `/clients/:id/contacts/new`.
#[component]
pub fn NewContactPage() -> impl IntoView {
    let client = param("id");
    let page = load(move || client.get(), new_contact);
    view! {
        <Title text="New contact"/>
        <Shown page children=|page| view! { <New page/> }/>
    }
}

/// `/contacts/:id/edit`.
#[component]
pub fn EditContactPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), edit_contact);
    view! {
        <Title text="Change contact"/>
        <Shown page children=|page| view! { <Edit page/> }/>
    }
}

#[component]
fn New(page: Page<ContactEdit>) -> impl IntoView {
    let Page { ticket, data: ContactEdit { client, client_name, form } } = page;
    let action = action::<AddContact>();
    let back = paths::client(client);
    view! {
        <PageHeader title="New contact" subtitle=format!("A person of {client_name}.") back=LinkTo::new(back.clone(), client_name)/>
        <Form action ticket name="new-contact" class="form form--page">
            <input type="hidden" name="client" value=client.to_string()/>
            <ContactFields form/>
            <div class="form__actions">
                <Button look=Look::Primary>"Add the contact"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn Edit(page: Page<ContactEdit>) -> impl IntoView {
    let Page { ticket, data: ContactEdit { client, client_name, form } } = page;
    let id = param("id").get_untracked();
    let action = action::<UpdateContact>();
    let fetched = id.clone();
    let fetch = move || {
        let page = edit_contact(fetched.clone());
        async move { page.await.map(|page| page.data.form) }
    };
    let saved = Saved::watch(&ticket, "edit-contact", &form, action.value(), fetch);
    let back = paths::client(client);
    let archived = !form.archived.is_empty();
    view! {
        <PageHeader title=format!("Change {}", form.name) subtitle=format!("A person of {client_name}.") back=LinkTo::new(back.clone(), client_name)/>
        <Form action ticket name="edit-contact" class="form form--page">
            <input type="hidden" name="contact" value=id/>
            <SavedBeside saved/>
            <ContactFields form/>
            <Check name="archived" label="No longer there: leave out of lists" checked=archived/>
            <div class="form__actions">
                <Button look=Look::Primary>"Save"</Button>
                <ButtonLink look=Look::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </Form>
    }
}

#[component]
fn ContactFields(form: ContactForm) -> impl IntoView {
    let ticked = |value: &str| !value.is_empty();
    let roles = [
        ("requester", "May ask for work", ticked(&form.requester)),
        ("approver", "May approve a price", ticked(&form.approver)),
        ("payer", "Pays", ticked(&form.payer)),
        ("site_contact", "Lets us in", ticked(&form.site_contact)),
        ("signatory", "May sign for the client (authorised signatory)", ticked(&form.signatory)),
    ]
    .map(|(name, label, checked)| view! { <Check name label checked/> });
    view! {
        <fieldset class="fieldset">
            <legend class="legend">"Who it is"</legend>
            <div class="form__grid">
                <Field name="name" label="Name" value=form.name autofocus=true/>
                <Field name="title" label="Position" value=form.title optional=true placeholder="Superintendent"/>
                <Field name="phone" label="Telephone" kind="tel" inputmode="tel" value=form.phone optional=true/>
                <Field name="email" label="E-mail" inputmode="email" value=form.email optional=true/>
            </div>
        </fieldset>
        <fieldset class="fieldset">
            <legend class="legend">"What they may do"</legend>
            {roles.into_iter().collect_view()}
            <div class="form__grid">
                <Field name="valid_from" label="May sign from" kind="date" value=form.valid_from optional=true/>
                <Field name="valid_until" label="May sign until" kind="date" value=form.valid_until optional=true hint="That day included."/>
                <Field name="limit" label="Up to" inputmode="decimal" value=form.limit optional=true hint="Most a signature may bind the client to."/>
            </div>
        </fieldset>
    }
}
