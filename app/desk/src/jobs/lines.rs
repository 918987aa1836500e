//! What the job charges: lines, taxes, and how the sum stands to the ceiling.

use super::server_fns::{AddLine, RemoveLine};
use domain::{
    choice::Choice,
    forms::Ticket,
    ids::JobId,
    jobs::{Ceiling, JobLine, JobPage},
    lines::LineKind,
    money::{Currency, Money},
};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Cell, Check, Disclosure, Field, Form, Head, Look, Notice, Panel, Select, Table, Tone};

/// Lines and totals, with the forms that change them while the job is open.
#[component]
pub fn LinesPanel(page: JobPage, ticket: Ticket) -> impl IntoView {
    let (job, currency) = (page.job.id, page.currency);
    let may = page.may.work && page.job.status.is_open();
    let warning = view! { <CeilingNotice page=page.clone()/> };
    let totals = view! { <Totals page=page.clone()/> };
    let rows =
        page.lines.into_iter().map(|line| view! { <Row job line currency may ticket=ticket.clone()/> }).collect_view();
    let heads =
        vec![Head::new("What"), Head::number("Quantity"), Head::number("Price"), Head::number("Amount"), Head::new("")];
    view! {
        <Panel title="Lines" id="field-lines" flush=true>
            <Table caption="What this job charges" heads>{rows}{totals}</Table>
            {warning}
            {may.then(|| view! { <Disclosure summary="Add a line"><AddForm job ticket/></Disclosure> })}
        </Panel>
    }
}

#[component]
fn Row(job: JobId, line: JobLine, currency: Currency, may: bool, ticket: Ticket) -> impl IntoView {
    let what = line.line;
    let amount = what.amount().map_or_else(|_| "too large".to_owned(), |amount| amount.format(currency));
    let untaxed = (!what.taxable).then(|| view! { <span class="muted small">" untaxed"</span> });
    view! {
        <tr>
            <Cell lead=true>{line.description}<span class="muted small">{format!(" {}", what.kind.words())}</span>{untaxed}</Cell>
            <Cell label="Quantity" number=true>{what.quantity.to_string()}</Cell>
            <Cell label="Price" number=true>{what.unit_price.format(currency)}</Cell>
            <Cell label="Amount" number=true>{amount}</Cell>
            <Cell>{may.then(|| view! { <Remove job line=line.id.to_string() ticket/> })}</Cell>
        </tr>
    }
}

#[component]
fn Remove(job: JobId, line: String, ticket: Ticket) -> impl IntoView {
    let action = action::<RemoveLine>();
    view! {
        <Form action ticket name=format!("remove-{line}") class="row">
            <input type="hidden" name="job" value=job.to_string()/>
            <input type="hidden" name="line" value=line/>
            <Button look=Look::Quiet>"Take off"</Button>
        </Form>
    }
}

#[component]
fn Totals(page: JobPage) -> impl IntoView {
    let currency = page.currency;
    let row = move |name: String, amount: Money| {
        view! {
            <tr class="table__sum"><Cell lead=true>{name}</Cell><Cell>""</Cell><Cell>""</Cell><Cell number=true>{amount.format(currency)}</Cell><Cell>""</Cell></tr>
        }
    };
    page.totals().ok().map(|totals| {
        let taxed = !totals.taxes.is_empty();
        let taxes = totals.taxes.into_iter().map(|(name, amount)| row(name, amount)).collect_view();
        view! { {taxed.then(|| row("Without tax".into(), totals.subtotal))}{taxes}{row("Total".into(), totals.total)} }
    })
}

#[component]
fn CeilingNotice(page: JobPage) -> impl IntoView {
    let currency = page.currency;
    match page.ceiling() {
        Ok(Ceiling::Over(over)) => view! {
            <Notice tone=Tone::Bad title="Above the agreed ceiling"><p>{format!("The total is {} more than the client agreed to. Ask before you go on, and have the new ceiling put into the order.", over.format(currency))}</p></Notice>
        }.into_any(),
        Ok(Ceiling::Within(left)) => view! { <p class="muted">{format!("{} left below the agreed ceiling.", left.format(currency))}</p> }.into_any(),
        Ok(Ceiling::Open) => ().into_any(),
        Err(_) => view! { <Notice tone=Tone::Bad title="Too large"><p>"These lines come to more than Shearline can hold. Check quantities and prices."</p></Notice> }.into_any(),
    }
}

#[component]
fn AddForm(job: JobId, ticket: Ticket) -> impl IntoView {
    let action = action::<AddLine>();
    let kinds: Vec<_> = LineKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.words().to_owned())).collect();
    view! {
        <Form action ticket name="line">
            <input type="hidden" name="job" value=job.to_string()/>
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
