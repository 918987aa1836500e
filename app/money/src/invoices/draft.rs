//! The fields of a draft, and the form that changes them.

use super::server_fns::ChangeDraft;
use domain::{forms::Ticket, ids::InvoiceId, invoices::DraftWords};
use leptos::prelude::*;
use ui::{Button, Field, Form, TextArea};

/// Bill-to, terms and note.
#[component]
pub fn DraftFields(words: DraftWords) -> impl IntoView {
    view! {
        <div class="form__grid">
            <TextArea name="bill_to" label="Bill to" value=words.bill_to rows=4/>
            <Field name="terms_days" label="Days to pay" value=words.terms_days.to_string() inputmode="numeric" hint="0 is due on receipt."/>
            <TextArea name="note" label="Note to the client" value=words.note optional=true hint="Stands at the foot of the invoice."/>
        </div>
    }
}

/// Changes the words of a draft; its lines are changed on the job.
#[component]
pub fn ChangeForm(invoice: InvoiceId, version: i32, words: DraftWords, ticket: Ticket) -> impl IntoView {
    let action = ServerAction::<ChangeDraft>::new();
    view! {
        <Form action ticket name="change">
            <input type="hidden" name="invoice" value=invoice.to_string()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <DraftFields words=words.clone()/>
            <div class="form__actions"><Button>"Save the draft"</Button></div>
        </Form>
    }
}
