//! The form that records a payment.

use super::server_fns::RecordPayment;
use domain::{
    choice::Choice,
    forms::Ticket,
    ids::InvoiceId,
    invoices::PaymentMethod,
    money::{Currency, Money},
};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Field, Form, Look, Select};

/// Amount, method, reference, day; begins with all that is owed, today.
#[component]
pub fn PaymentForm(
    invoice: InvoiceId,
    owed: Money,
    currency: Currency,
    today: String,
    ticket: Ticket,
) -> impl IntoView {
    let action = action::<RecordPayment>();
    let methods: Vec<(String, String)> =
        PaymentMethod::ALL.iter().map(|one| (one.as_str().to_owned(), one.words().to_owned())).collect();
    let hint = format!("{} is owed.", owed.format(currency));
    view! {
        <Form action ticket name="payment">
            <input type="hidden" name="invoice" value=invoice.to_string()/>
            <div class="form__grid">
                <Field name="amount" label="Amount" value=owed.plain(currency) inputmode="decimal" hint=hint/>
                <Select name="method" label="How" options=methods value="card"/>
                <Field name="received_on" label="Received on" kind="date" value=today/>
                <Field name="reference" label="Reference" optional=true hint="Cheque number, transfer or terminal reference. Never a card number."/>
            </div>
            <div class="form__actions"><Button look=Look::Primary>"Record the payment"</Button></div>
        </Form>
    }
}
