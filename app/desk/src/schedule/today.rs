//! A technician's page of a job: reach the client, do what is missing, press the one big button.

use crate::attachments::panel::JobPhotos;
use crate::jobs::{
    authority::AuthorityPanel,
    evidence::{ChecksPanel, WorkPanel},
    lines::LinesPanel,
    panels::{MissingList, Reach, Signatures, Whereabouts},
    server_fns::find_job,
    steps::{NextStep, Progress},
};
use domain::{
    forms::Page,
    jobs::{JobPage, JobStatus},
};
use gate::{Shown, load, param};
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, JobBadge, LinkTo, Notice, PageHeader, Panel, Tone};

/// One job, for gloves.
#[component]
pub fn VisitPage() -> impl IntoView {
    let job = param("job");
    let page = load(move || job.get(), find_job);
    view! { <Shown page children=|page| view! { <Body page/> }/> }
}

#[component]
fn Body(page: Page<JobPage>) -> impl IntoView {
    let Page { ticket, data } = page;
    let job = data.job.clone();
    let (status, urgent) = (job.status, job.urgent);
    let badge = move || view! { <JobBadge code=status.as_str() text=status.words()/>{urgent.then(|| view! { <Badge tone=Tone::Bad text="Urgent"/> })} };
    let visit = data.visit().cloned();
    let when = visit.as_ref().map(|visit| format!("{}–{}", visit.starts, visit.ends)).unwrap_or_default();
    let title = format!("{} for {}", job.kind, job.client_name);
    view! {
        <Title text=format!("Job {}", job.number)/>
        <div class="visit" data-density="field">
            <PageHeader title subtitle=when number=job.number.to_string() badge back=LinkTo::new("/", "Today")/>
            {match visit {
                Some(visit) => view! { <Progress job=job.clone() visit/> }.into_any(),
                None => view! { <Progress job=job.clone()/> }.into_any(),
            }}
            <Reach phone=job.phone().to_owned() address=job.address.clone()/>
            <Over page=data.clone()/>
            <Todo page=data.clone()/>
            <Whereabouts page=data.clone() reach=false ticket=ticket.clone()/>
            <Asked page=data.clone()/>
            <AuthorityPanel page=data.clone() ticket=ticket.clone()/>
            <ChecksPanel page=data.clone() ticket=ticket.clone()/>
            <WorkPanel page=data.clone() ticket=ticket.clone()/>
            <JobPhotos page=data.clone() ticket=ticket.clone()/>
            <LinesPanel page=data.clone() ticket=ticket.clone()/>
            <Signatures page=data.clone()/>
            {status.is_open().then(|| view! { <div class="next-step"><NextStep page=data ticket big=true/></div> })}
        </div>
    }
}

/// What is left to do, first of all.
#[component]
fn Todo(page: JobPage) -> impl IntoView {
    page.job
        .status
        .is_open()
        .then(|| view! { <Panel title="Before it can be completed"><MissingList missing=page.missing()/></Panel> })
}

/// That nothing is left to do, and why.
#[component]
fn Over(page: JobPage) -> impl IntoView {
    let job = page.job;
    let (tone, words) = match job.status {
        JobStatus::Refused => (Tone::Bad, format!("This job was refused. {}", job.ended_reason)),
        JobStatus::Cancelled => (Tone::Void, format!("This job was called off. {}", job.ended_reason)),
        JobStatus::Completed | JobStatus::Invoiced | JobStatus::Closed => {
            (Tone::Verdigris, "Done. The office takes it from here.".to_owned())
        }
        _ => return ().into_any(),
    };
    view! { <Notice tone title=job.status.words()><p>{words}</p></Notice> }.into_any()
}

/// What was asked for on the phone.
#[component]
fn Asked(page: JobPage) -> impl IntoView {
    let ceiling = page
        .job
        .ceiling
        .map(|ceiling| view! { <p>{format!("At most {}, taxes included.", ceiling.format(page.currency))}</p> });
    view! { <Panel title="What was asked" id="field-ceiling"><p class="as-typed">{page.job.requested}</p>{ceiling}</Panel> }
}
