//! Last corrections to a draft's lines.

use super::server_fns::{AddInvoiceLine, RemoveInvoiceLine};
use domain::{
    choice::Choice,
    forms::Ticket,
    ids::{InvoiceId, LineId},
    invoices::InvoicePage,
    lines::LineKind,
};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Check, Disclosure, Field, Form, Look, Money, Select};

/// Each line with a way to take it off, and a form for another.
#[component]
pub fn Lines(page: InvoicePage, ticket: Ticket) -> impl IntoView {
    let (invoice, currency) = (page.invoice, page.sheet.currency);
    let rows = page
        .line_ids
        .into_iter()
        .zip(page.sheet.lines)
        .map(|(id, line)| {
            let (words, amount, ticket) = (line.description, line.amount.format(currency), ticket.clone());
            view! {
                <li>
                    <p>{words}" "<Money amount/></p>
                    <Remove invoice line=id ticket/>
                </li>
            }
        })
        .collect_view();
    let open = ticket.flash.as_ref().is_some_and(|flash| flash.form == "line");
    view! {
        <ul class="lines">{rows}</ul>
        <Disclosure summary="Add a line" open><Add invoice ticket=ticket.clone()/></Disclosure>
    }
}

#[component]
fn Remove(invoice: InvoiceId, line: LineId, ticket: Ticket) -> impl IntoView {
    let action = action::<RemoveInvoiceLine>();
    view! {
        <Form action ticket name=format!("remove-{line}") class="row">
            <input type="hidden" name="invoice" value=invoice.to_string()/>
            <input type="hidden" name="line" value=line.to_string()/>
            <Button look=Look::Quiet>"Take off"</Button>
        </Form>
    }
}

#[component]
fn Add(invoice: InvoiceId, ticket: Ticket) -> impl IntoView {
    let action = action::<AddInvoiceLine>();
    let kinds: Vec<(String, String)> =
        LineKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.words().to_owned())).collect();
    view! {
        <Form action ticket name="line">
            <input type="hidden" name="invoice" value=invoice.to_string()/>
            <div class="form__grid">
                <Select name="kind" label="Kind" options=kinds/>
                <Field name="description" label="Description"/>
                <Field name="quantity" label="Quantity" value="1" inputmode="decimal"/>
                <Field name="unit_price" label="Price of one" inputmode="decimal" hint="Negative for a discount."/>
            </div>
            <Check name="taxable" label="Taxed" checked=true/>
            <div class="form__actions"><Button>"Add the line"</Button></div>
        </Form>
    }
}
