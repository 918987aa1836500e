//! A job's page in the office.

use crate::{attachments::panel::JobPhotos, case_file::panel::CaseFilePanel};

use super::{
    authority::AuthorityPanel,
    evidence::{ChecksPanel, WorkPanel},
    lines::LinesPanel,
    panels::{History, MissingList, OrderPanel, Signatures, Whereabouts},
    server_fns::find_job,
    steps::{NextStep, OtherSteps, Progress, VisitPanel, others},
};
use domain::{
    exports::CaseOf,
    forms::Page,
    jobs::{JobInvoice, JobPage as Data, JobStatus},
    money::Currency,
};
use gate::{Shown, load, param};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Fact, Facts, InvoiceBadge, JobBadge, LinkTo, Notice, PageHeader, Panel, Tone};

/// One job: what was asked, who goes, what is there and what is missing.
#[component]
pub fn JobPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), find_job);
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<Data>) -> impl IntoView {
    let Page { ticket, data } = page;
    let job = data.job.clone();
    let urgent = job.urgent;
    let badge = move || view! { <JobBadge code=job.status.as_str() text=job.status.words()/>{urgent.then(|| view! { <Badge tone=Tone::Bad text="Urgent"/> })} };
    let next = {
        let (data, ticket) = (data.clone(), ticket.clone());
        move || view! { <NextStep page=data ticket=ticket/> }
    };
    let title = format!("{} for {}", job.kind, job.client_name);
    view! {
        <Title text=format!("Job {}", job.number)/>
        <PageHeader title number=job.number.to_string() badge actions=next back=LinkTo::new("/jobs", "Jobs")/>
        {match data.visit().cloned() {
            Some(visit) => view! { <Progress job=data.job.clone() visit/> }.into_any(),
            None => view! { <Progress job=data.job.clone()/> }.into_any(),
        }}
        <Ended page=data.clone()/>
        <div class="record">
            <div class="record__main">
                <Lacking page=data.clone()/>
                <OrderPanel page=data.clone()/>
                <AuthorityPanel page=data.clone() ticket=ticket.clone()/>
                <ChecksPanel page=data.clone() ticket=ticket.clone()/>
                <WorkPanel page=data.clone() ticket=ticket.clone()/>
                <LinesPanel page=data.clone() ticket=ticket.clone()/>
                <JobPhotos page=data.clone() ticket=ticket.clone()/>
                <Signatures page=data.clone()/>
            </div>
            <aside class="record__aside">
                <Whereabouts page=data.clone() ticket=ticket.clone()/>
                <super::edit::OpeningsPanel page=data.clone() ticket=ticket.clone()/>
                <VisitPanel page=data.clone() ticket=ticket.clone()/>
                {data.invoice.clone().map(|invoice| view! { <InvoicePanel invoice currency=data.currency/> })}
                <Rarer page=data.clone() ticket=ticket.clone()/>
                {data.may.case_file.then(|| view! { <CaseFilePanel of=CaseOf::Job subject=data.job.id.to_string() ticket/> })}
                <History entries=data.timeline/>
            </aside>
        </div>
    }
}

/// Why a job ended early, or was completed with something missing.
#[component]
fn Ended(page: Data) -> impl IntoView {
    let job = page.job;
    let ended = (!job.ended_reason.is_empty())
        .then(|| view! { <Notice tone=Tone::Bad title=job.status.words()><p>{job.ended_reason.clone()}</p></Notice> });
    let without = (!job.override_reason.is_empty()).then(|| view! { <Notice tone=Tone::Brass title="Completed with something missing"><p>{job.override_reason.clone()}</p></Notice> });
    view! { {ended}{without} }
}

/// What is missing, while that can still be put right.
#[component]
fn Lacking(page: Data) -> impl IntoView {
    let worth = page.job.status.is_open() && page.job.status != JobStatus::New;
    worth.then(|| view! { <Panel title="Before it can be completed"><MissingList missing=page.missing()/></Panel> })
}

#[component]
fn Rarer(page: Data, ticket: domain::forms::Ticket) -> impl IntoView {
    others(&page).then(|| view! { <Panel title="Other steps"><OtherSteps page ticket/></Panel> })
}

#[component]
fn InvoicePanel(invoice: JobInvoice, currency: Currency) -> impl IntoView {
    // A draft has no total of its own yet: it is worked out from the job's lines.
    let issued = !invoice.number.is_empty();
    let name = if invoice.number.is_empty() { "Draft".to_owned() } else { invoice.number.clone() };
    let words = domain::invoices::InvoiceStatus::parse(&invoice.status).map_or("", |status| status.words());
    view! {
        <Panel title="Invoice">
            <Facts>
                <Fact name="Number"><a href=gate::paths::invoice(invoice.id)>{name}</a></Fact>
                <Fact name="State"><InvoiceBadge code=invoice.status text=words/></Fact>
                {issued.then(|| view! { <Fact name="Total">{invoice.total.format(currency)}</Fact> })}
            </Facts>
        </Panel>
    }
}
