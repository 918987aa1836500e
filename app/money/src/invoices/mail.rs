//! The form that mails an issued invoice.

use super::server_fns::MailInvoice;
use domain::{
    forms::Ticket,
    ids::{ClientId, InvoiceId},
    invoices::MailTo,
};
use gate::{action, paths};
use leptos::prelude::*;
use ui::{Button, Form, Select};

/// Chooses a contact; without one that has an address, says where to add it.
#[component]
pub fn MailForm(invoice: InvoiceId, client: ClientId, to: Vec<MailTo>, ticket: Ticket) -> impl IntoView {
    let action = action::<MailInvoice>();
    let Some(payer) = to.first().map(|one| one.contact.to_string()) else {
        return view! {
            <p class="muted">"Nobody of this client has an e-mail address yet. "<a href=paths::contact_new(client)>"Add a contact"</a>"."</p>
        }
        .into_any();
    };
    let options: Vec<(String, String)> =
        to.into_iter().map(|one| (one.contact.to_string(), format!("{} <{}>", one.name, one.email))).collect();
    view! {
        <Form action ticket name="mail">
            <input type="hidden" name="invoice" value=invoice.to_string()/>
            <Select name="contact" label="To" options value=payer.clone() hint="The mail holds a link to the client's own page, for 30 days."/>
            <div class="form__actions"><Button>"Mail it"</Button></div>
        </Form>
    }
    .into_any()
}
