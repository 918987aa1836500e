//! The client's jobs.

use crate::{
    lists::{InvoiceCards, JobCards},
    server_fns::{see_job, see_jobs},
    shown::Shown,
};
use domain::portal::{PortalJob, PortalJobPage, PortalList};
use gate::{load, param, query};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{ButtonLink, EmptyState, Fact, Facts, JobBadge, LinkTo, Look, Notice, PageHeader, Tone};

/// All of them, the newest first.
#[component]
pub fn JobsPage() -> impl IntoView {
    let before = query("before");
    let page = load(move || before.get(), see_jobs);
    view! {
        <Title text="Jobs"/>
        <Shown page children=|list| view! { <List list/> }/>
    }
}

#[component]
fn List(list: PortalList<PortalJob>) -> impl IntoView {
    let PortalList { rows, more } = list;
    let empty = rows
        .is_empty()
        .then(|| view! { <EmptyState title="No jobs yet" words="What the shop does for you appears here."/> });
    let older = rows.last().filter(|_| more).map(|last| format!("/portal/jobs?before={}", last.number));
    view! {
        <PageHeader title="Jobs"/>
        {empty}
        <JobCards jobs=rows/>
        {older.map(|href| view! { <p><a class="button" href=href>"Older jobs"</a></p> })}
    }
}

/// One job: what was asked, what was done, what is to be signed and paid.
#[component]
pub fn JobPage() -> impl IntoView {
    let id = param("id");
    let page = load(move || id.get(), see_job);
    view! {
        <Title text="Job"/>
        <Shown page children=|page| view! { <Body page/> }/>
    }
}

#[component]
fn Body(page: PortalJobPage) -> impl IntoView {
    let PortalJobPage { job, performed, completed, visits, has_paper, signed, invoices } = page;
    let (code, words) = (job.status.as_str(), job.status.words_for_client());
    let badge = move || view! { <JobBadge code=code text=words/> };
    let visits = (!visits.is_empty()).then(|| view! { <Fact name="Visits"><ul class="lines">{visits.into_iter().map(|visit| view! { <li>{visit}</li> }).collect_view()}</ul></Fact> });
    view! {
        <PageHeader title=format!("Job {}", job.number) badge=badge back=LinkTo::new("/portal/jobs", "Jobs")/>
        <Paper id=job.id.to_string() to_sign=job.to_sign has_paper signed=signed.map(|signed| format!("Signed by {}, {}", signed.name, signed.at))/>
        <Facts>
            <Fact name="Requested">{job.requested}</Fact>
            {(!performed.is_empty()).then(|| view! { <Fact name="Done">{performed}</Fact> })}
            {(!job.site.is_empty()).then(|| view! { <Fact name="Where">{job.site}</Fact> })}
            <Fact name="Call taken">{job.taken}</Fact>
            {visits}
            {completed.map(|at| view! { <Fact name="Completed">{at}</Fact> })}
        </Facts>
        {(!invoices.is_empty()).then(|| view! { <h2>"Invoice"</h2><InvoiceCards invoices/> })}
    }
}

/// The way to the work order.
#[component]
fn Paper(id: String, to_sign: bool, has_paper: bool, signed: Option<String>) -> impl IntoView {
    let href = gate::paths::portal_sign(id);
    if to_sign {
        return view! {
            <Notice tone=Tone::Brass title="The work order is ready to sign">
                <p><ButtonLink href look=Look::Primary big=true>"Read and sign"</ButtonLink></p>
            </Notice>
        }
        .into_any();
    }
    let words = signed.unwrap_or_else(|| "The work order".into());
    has_paper.then(|| view! { <Notice tone=Tone::Verdigris title=words><p><a href=href>"Read the work order"</a></p></Notice> }).into_any()
}
