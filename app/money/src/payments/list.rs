//! The payments of an invoice, each with its way back.

use super::server_fns::ReversePayment;
use domain::{forms::Ticket, money::Currency, payments::PaymentRow};
use gate::action;
use leptos::prelude::*;
use ui::{Badge, Button, Disclosure, Field, Form, Look, Money, Tone};

/// One line a payment, the newest first.
#[component]
pub fn PaymentList(payments: Vec<PaymentRow>, currency: Currency, may_reverse: bool, ticket: Ticket) -> impl IntoView {
    let rows = payments
        .into_iter()
        .map(|payment| {
            let ticket = ticket.clone();
            view! { <Row payment currency may_reverse ticket/> }
        })
        .collect_view();
    view! { <ul class="lines">{rows}</ul> }
}

#[component]
fn Row(payment: PaymentRow, currency: Currency, may_reverse: bool, ticket: Ticket) -> impl IntoView {
    let reference = if payment.reference.is_empty() { String::new() } else { format!(" ({})", payment.reference) };
    let words = format!("{}{reference}, {}", payment.method.words(), payment.received);
    let by = format!("recorded by {}", if payment.by.is_empty() { "somebody no longer here" } else { &payment.by });
    let after = match payment.reversed {
        Some(reason) => view! { <p><Badge tone=Tone::Void text="Reversed"/>" "{reason}</p> }.into_any(),
        None if may_reverse => view! { <ReverseForm payment=payment.payment.to_string() ticket/> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <li>
            <p><Money amount=payment.amount.format(currency)/>" "{words}</p>
            <p class="muted small">{by}</p>
            {after}
        </li>
    }
}

#[component]
fn ReverseForm(payment: String, ticket: Ticket) -> impl IntoView {
    let action = action::<ReversePayment>();
    let name = format!("reverse-{payment}");
    let open = ticket.flash.as_ref().is_some_and(|flash| flash.form == name);
    view! {
        <Disclosure summary="Reverse" open>
            <Form action=action ticket=ticket.clone() name=name.clone()>
                <input type="hidden" name="payment" value=payment.clone()/>
                <Field name="reason" label="Reason" hint="Such as a bounced cheque. Kept for good."/>
                <div class="form__actions"><Button look=Look::Danger>"Reverse the payment"</Button></div>
            </Form>
        </Disclosure>
    }
}
