//! The invoice as a sheet of paper: the same on screen, in print and in the portal.

use crate::StampLine;
use domain::{
    audit::Stamp,
    invoices::{InvoiceSheet as Sheet, Letterhead, SheetLine},
    money::{Currency, Money},
    tax::Tax,
};
use leptos::prelude::*;

/// Prints an invoice, or the draft of one.
#[component]
pub fn InvoiceSheet(sheet: Sheet) -> impl IntoView {
    let currency = sheet.currency;
    let owed = sheet.owed();
    let issued = sheet.number.is_some();
    let (title, number) = match (&sheet.number, sheet.void) {
        (Some(number), false) => ("Invoice", number.clone()),
        (Some(number), true) => ("Void invoice", number.clone()),
        (None, _) => ("Draft invoice", String::new()),
    };
    let lines = sheet.lines.iter().map(|line| view! { <Row line=line.clone() currency/> }).collect_view();
    let totals = view! { <Totals subtotal=sheet.subtotal taxes=sheet.taxes.clone() total=sheet.total paid=sheet.paid due=(issued && !sheet.void).then_some(owed) currency/> };
    let label = if number.is_empty() { title.to_owned() } else { format!("{title} {number}") };
    view! {
        <article class="sheet invoice" aria-label=label>
            <header class="invoice__head">
                <Shop shop=sheet.shop.clone()/>
                <p class="invoice__title">{title}{(!number.is_empty()).then(|| view! { <span class="code" translate="no">{number}</span> })}</p>
            </header>
            <Parties sheet=sheet.clone()/>
            <table class="invoice__lines">
                <caption class="visually-hidden">"What is charged"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Description"</th>
                        <th scope="col" class="is-number">"Quantity"</th>
                        <th scope="col" class="is-number">"Price"</th>
                        <th scope="col" class="is-number">"Amount"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
            {totals}
            <Foot note=sheet.note.clone() licence=sheet.licence_text.clone() terms=sheet.terms() stamp=sheet.stamp.clone()/>
        </article>
    }
}

/// A text of several lines, broken where it was broken when typed.
fn broken(text: &str) -> impl IntoView + use<> {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.into_iter().enumerate().map(|(at, line)| view! { {(at > 0).then(|| view! { <br/> })}{line} }).collect_view()
}

#[component]
fn Shop(shop: Letterhead) -> impl IntoView {
    let address = (!shop.address.is_empty()).then(|| view! { {broken(&shop.address)}<br/> });
    let reach: Vec<String> = [shop.phone, shop.email].into_iter().filter(|text| !text.is_empty()).collect();
    view! {
        <p class="invoice__shop"><strong>{shop.name}</strong>{address}{reach.join(" · ")}</p>
    }
}

#[component]
fn Parties(sheet: Sheet) -> impl IntoView {
    let dates = sheet.number.is_some().then(|| {
        view! {
            <div class="invoice__party">
                <p class="invoice__label">"Issued"</p>
                <p>{sheet.issued.clone()}</p>
                <p class="invoice__label">"Due"</p>
                <p>{sheet.due.clone()}</p>
            </div>
        }
    });
    let place = (!sheet.place.is_empty()).then(|| view! { <br/>{broken(&sheet.place)} });
    view! {
        <div class="invoice__parties">
            <div class="invoice__party">
                <p class="invoice__label">"Bill to"</p>
                <p>{broken(&sheet.bill_to)}</p>
            </div>
            <div class="invoice__party">
                <p class="invoice__label">"Work"</p>
                <p>"Job "{sheet.job_number}{place}</p>
            </div>
            {dates}
        </div>
    }
}

#[component]
fn Row(line: SheetLine, currency: Currency) -> impl IntoView {
    view! {
        <tr>
            <td>{line.description}{(!line.taxable).then_some(" (no tax)")}</td>
            <td class="is-number" data-label="Quantity">{line.quantity.to_string()}</td>
            <td class="is-number" data-label="Price">{line.unit.format(currency)}</td>
            <td class="is-number" data-label="Amount">{line.amount.format(currency)}</td>
        </tr>
    }
}

#[component]
fn Totals(
    subtotal: Money,
    taxes: Vec<Tax>,
    total: Money,
    paid: Money,
    due: Option<Money>,
    currency: Currency,
) -> impl IntoView {
    let taxes = taxes
        .into_iter()
        .map(|tax| {
            view! {
                <tr>
                    <th scope="row">{format!("{} {}\u{a0}% on {}", tax.name, tax.rate, tax.base.format(currency))}</th>
                    <td class="is-number">{tax.amount.format(currency)}</td>
                </tr>
            }
        })
        .collect_view();
    let paid = (!paid.is_zero()).then(|| {
        view! {
            <tr><th scope="row">"Paid"</th><td class="is-number">{format!("−{}", paid.format(currency))}</td></tr>
        }
    });
    let due = due.map(|due| {
        view! {
            <tr class="is-due"><th scope="row">"Amount due"</th><td class="is-number">{due.format(currency)}</td></tr>
        }
    });
    view! {
        <table class="invoice__totals">
            <caption class="visually-hidden">"What it comes to"</caption>
            <tbody>
                <tr><th scope="row">"Subtotal"</th><td class="is-number">{subtotal.format(currency)}</td></tr>
                {taxes}
                <tr class="is-total"><th scope="row">{format!("Total ({})", currency.as_str())}</th><td class="is-number">{total.format(currency)}</td></tr>
                {paid}
                {due}
            </tbody>
        </table>
    }
}

#[component]
fn Foot(note: String, licence: String, terms: String, stamp: Option<Stamp>) -> impl IntoView {
    view! {
        <footer class="invoice__foot">
            {(!note.is_empty()).then(|| view! { <p>{broken(&note)}</p> })}
            <p>{terms}</p>
            {(!licence.is_empty()).then(|| view! { <p>{licence}</p> })}
            {stamp.map(|stamp| view! { <StampLine stamp/> })}
        </footer>
    }
}
