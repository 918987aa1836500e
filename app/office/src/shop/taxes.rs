//! Tax rates: listed, added, archived. A rate never changes, so that issued invoices keep theirs.

use super::server_fns::{AddTaxRate, ArchiveTaxRate};
use domain::{forms::Ticket, shop::TaxRateRow};
use gate::action;
use leptos::prelude::*;
use ui::{Badge, Button, Cell, Check, EmptyState, Field, Form, Head, Look, Table, Tone};

/// The rates, those that are charged first.
#[component]
pub fn Rates(rates: Vec<TaxRateRow>, ticket: Ticket) -> impl IntoView {
    if rates.is_empty() {
        return view! { <EmptyState title="No tax is charged" words="Add the taxes your invoices must show, in the order they are printed."/> }.into_any();
    }
    let rows = rates.into_iter().map(|rate| view! { <Row rate ticket=ticket.clone()/> }).collect_view();
    let heads = vec![Head::new("Tax"), Head::number("Rate"), Head::new("Charged on"), Head::new("")];
    view! { <Table caption="Tax rates" heads>{rows}</Table> }.into_any()
}

#[component]
fn Row(rate: TaxRateRow, ticket: Ticket) -> impl IntoView {
    let charged_on =
        format!("{}{}", rate.charged_on(), if rate.compound { ", and on the taxes before it" } else { "" });
    let end = match rate.archived {
        Some(since) => view! { <Badge tone=Tone::Void text=format!("Until {since}")/> }.into_any(),
        None => view! { <Archive id=rate.id.to_string() ticket/> }.into_any(),
    };
    view! {
        <tr>
            <Cell lead=true>{rate.name}</Cell>
            <Cell label="Rate" number=true>{format!("{}\u{a0}%", rate.rate)}</Cell>
            <Cell label="Charged on">{charged_on}</Cell>
            <Cell>{end}</Cell>
        </tr>
    }
}

#[component]
fn Archive(id: String, ticket: Ticket) -> impl IntoView {
    let action = action::<ArchiveTaxRate>();
    view! {
        <Form action ticket name=format!("archive-{id}") class="row">
            <input type="hidden" name="rate" value=id.clone()/>
            <Button look=Look::Quiet>"Stop charging"</Button>
        </Form>
    }
}

/// Name, percent, what it is charged on.
#[component]
pub fn AddRate(ticket: Ticket) -> impl IntoView {
    let action = action::<AddTaxRate>();
    view! {
        <Form action ticket name="tax">
            <div class="form__grid">
                <Field name="name" label="Name on the invoice" placeholder="GST"/>
                <Field name="rate" label="Percent" placeholder="5" inputmode="decimal"/>
            </div>
            <fieldset class="fieldset">
                <legend class="legend">"Charged on"</legend>
                <Check name="labour" label="Labour" checked=true/>
                <Check name="part" label="Parts" checked=true/>
                <Check name="fee" label="Fees" checked=true/>
                <Check name="travel" label="Travel" checked=true/>
                <Check name="compound" label="On top of the taxes before it, too"/>
            </fieldset>
            <div class="form__actions"><Button>"Add the tax"</Button></div>
        </Form>
    }
}
