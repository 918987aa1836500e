//! What is done to an invoice: issue it, call it off.

use super::server_fns::{IssueInvoice, VoidInvoice};
use domain::{
    forms::Ticket,
    ids::InvoiceId,
    money::{Currency, Money},
};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Disclosure, Field, Form, Look};

/// The one next step of a draft. What was shown travels along, so that nothing else is issued.
#[component]
pub fn IssueForm(invoice: InvoiceId, version: i32, total: Money, currency: Currency, ticket: Ticket) -> impl IntoView {
    let action = action::<IssueInvoice>();
    view! {
        <p class="muted">"Issuing gives it the next number and today's date. From then on it does not change."</p>
        <Form action ticket name="issue">
            <input type="hidden" name="invoice" value=invoice.to_string()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <input type="hidden" name="total" value=total.minor().to_string()/>
            <div class="form__actions"><Button look=Look::Primary>{format!("Issue for {}", total.format(currency))}</Button></div>
        </Form>
    }
}

/// Calls it off, behind a click more.
#[component]
pub fn VoidForm(invoice: InvoiceId, ticket: Ticket) -> impl IntoView {
    let action = action::<VoidInvoice>();
    let open = ticket.flash.as_ref().is_some_and(|flash| flash.form == "void");
    view! {
        <Disclosure summary="Void this invoice" open>
            <Form action=action ticket=ticket.clone() name="void">
                <input type="hidden" name="invoice" value=invoice.to_string()/>
                <Field name="reason" label="Reason" hint="Kept for good. The job can then be invoiced again."/>
                <div class="form__actions"><Button look=Look::Danger>"Void the invoice"</Button></div>
            </Form>
        </Disclosure>
    }
}
