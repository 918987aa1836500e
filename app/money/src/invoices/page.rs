//! An invoice's page: the sheet, and beside it what is owed, what was paid and what happened.

use super::{
    act::{IssueForm, VoidForm},
    draft::ChangeForm,
    lines::Lines,
    mail::MailForm,
    server_fns::find_invoice,
};
use crate::payments::{list::PaymentList, record::PaymentForm};
use domain::{
    audit::TimelineEntry,
    forms::{Page, Ticket},
    invoices::{InvoicePage as Data, InvoiceStatus},
};
use gate::{Shown, load, param, paths, seen::SeenBy};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Fact, Facts, InvoiceBadge, InvoiceSheet, LinkTo, Money, Notice, PageHeader, Panel, PrintButton, ProofLinks,
    Timeline, Tone,
};

/// The page of one invoice.
#[component]
pub fn InvoicePage() -> impl IntoView {
    let invoice = param("id");
    let page = load(move || invoice.get(), find_invoice);
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let (code, words) = (data.standing.as_str(), data.standing.words());
    let title = match &data.sheet.number {
        Some(number) => format!("Invoice {number}"),
        None => format!("Draft for {}", data.client_name),
    };
    let reason = data.void_reason.clone();
    let void = (data.status == InvoiceStatus::Void)
        .then(|| view! { <Notice tone=Tone::Void title="Void"><p>{reason}</p></Notice> });
    let proof = data.sheet.number.is_some().then(|| {
        let at = paths::invoice_proof(data.invoice);
        view! { <Panel title="Proof"><ProofLinks at/></Panel> }
    });
    let (sheet, history) = (data.sheet.clone(), data.history.clone());
    view! {
        <Title text=title.clone()/>
        <PageHeader title back=LinkTo::new("/invoices", "Invoices") badge=move || view! { <InvoiceBadge code=code text=words/> } actions=|| view! { <PrintButton/> }/>
        {void}
        <div class="record">
            <div class="record__main"><InvoiceSheet sheet/></div>
            <aside class="record__aside">
                <Standing data=data.clone()/>
                {proof}
                <SeenBy seen=data.seen.clone()/>
                <Acts data ticket/>
                <Panel title="What happened"><Timeline entries=entries(history)/></Panel>
            </aside>
        </div>
    }
}

/// Client, job, balance, and when the client saw it.
#[component]
fn Standing(data: Data) -> impl IntoView {
    let (sheet, currency) = (&data.sheet, data.sheet.currency);
    let (owed, paid, due) = (sheet.owed().format(currency), sheet.paid.format(currency), sheet.due.clone());
    let viewed = data.viewed.clone().unwrap_or_else(|| "Not yet".into());
    let balance = sheet.number.is_some().then(|| {
        view! {
            <Fact name="Owed"><Money amount=owed/></Fact>
            <Fact name="Paid"><Money amount=paid/></Fact>
            <Fact name="Due">{due}</Fact>
            <Fact name="Seen by the client">{viewed}</Fact>
        }
    });
    view! {
        <Panel title="Where it stands">
            <Facts>
                <Fact name="Client"><a href=paths::client(data.client)>{data.client_name.clone()}</a></Fact>
                <Fact name="Job"><a href=paths::job(data.job)>"Job "{data.sheet.job_number}</a></Fact>
                {data.tax_exempt.then(|| view! { <Fact name="Tax">"Client is tax exempt"</Fact> })}
                {balance}
            </Facts>
        </Panel>
    }
}

/// The forms this state allows to whoever looks.
#[component]
fn Acts(data: Data, ticket: Ticket) -> impl IntoView {
    let sheet = data.sheet.clone();
    let (invoice, version, edit) = (data.invoice, data.version, data.may_edit);
    let draft = (edit && data.status == InvoiceStatus::Draft).then(|| {
        let (page, on_lines) = (data.clone(), data.clone());
        let (issue, change, lines) = (ticket.clone(), ticket.clone(), ticket.clone());
        view! {
            <Panel title="Issue"><IssueForm invoice version total=sheet.total currency=sheet.currency ticket=issue/></Panel>
            <Panel title="Lines"><Lines page=on_lines ticket=lines/></Panel>
            <Panel title="Draft"><ChangeForm page ticket=change/></Panel>
        }
    });
    let mail = (edit && data.status.takes_payments()).then(|| {
        let (client, to, ticket) = (data.client, data.mail_to.clone(), ticket.clone());
        view! { <Panel title="Mail it"><MailForm invoice client to ticket/></Panel> }
    });
    let owed = sheet.owed();
    let pay = (data.may_take_payments && data.status.is_owed() && !owed.is_zero()).then(|| {
        let (today, ticket) = (data.today.clone(), ticket.clone());
        view! { <Panel title="Record a payment"><PaymentForm invoice owed currency=sheet.currency today ticket/></Panel> }
    });
    let paid = (!data.payments.is_empty()).then(|| {
        let (payments, ticket, may_reverse) = (data.payments.clone(), ticket.clone(), data.may_take_payments);
        view! { <Panel title="Payments"><PaymentList payments currency=sheet.currency may_reverse ticket/></Panel> }
    });
    let void = (edit && data.status.void().is_ok()).then(|| view! { <VoidForm invoice ticket/> });
    view! { {draft}{mail}{pay}{paid}{void} }
}

fn entries(history: Vec<TimelineEntry>) -> Vec<ui::TimelineEntry> {
    history.into_iter().map(Into::into).collect()
}
