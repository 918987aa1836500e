//! The one next step of a job as a big button, and the rarer ones behind a word.

use super::server_fns::{Arrive, CloseJob, Complete, CompleteWithout, SetOff, StopJob};
use crate::schedule::{server_fns::TakeOff, visit_form::SendForm};
use domain::{
    forms::Ticket,
    ids::JobId,
    jobs::{JobPage, JobStatus, Step},
};
use gate::action;
use leptos::prelude::*;
use ui::{Button, ButtonLink, Disclosure, Field, Form, Look, Step as Pin, StepBar, StepState};

/// How far the job has come.
#[component]
pub fn Progress(job: domain::jobs::Job, #[prop(optional)] visit: Option<domain::schedule::Visit>) -> impl IntoView {
    use JobStatus::*;
    let path = [New, Scheduled, EnRoute, OnSite, Completed, Invoiced, Closed];
    let stopped = matches!(job.status, Cancelled | Refused);
    // A stopped job is drawn as far as its visit came.
    let reached = |visit: &domain::schedule::Visit| {
        if visit.on_site.is_some() {
            OnSite
        } else if visit.en_route.is_some() {
            EnRoute
        } else {
            Scheduled
        }
    };
    let at = if stopped { visit.as_ref().map_or(New, reached) } else { job.status };
    let current = path.iter().position(|status| *status == at).unwrap_or_default();
    let when = |status: JobStatus| match status {
        New => Some(job.taken.clone()),
        Scheduled => visit.as_ref().map(|visit| visit.starts.clone()),
        EnRoute => visit.as_ref().and_then(|visit| visit.en_route.clone()),
        OnSite => visit.as_ref().and_then(|visit| visit.on_site.clone()),
        Completed => Some(job.completed.clone()).filter(|when| !when.is_empty()),
        _ => None,
    };
    let pins = path.iter().enumerate().map(|(i, status)| Pin {
        words: status.words().into(),
        state: match i.cmp(&current) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Current,
            std::cmp::Ordering::Greater => StepState::Todo,
        },
        when: when(*status).filter(|_| i <= current || *status == Scheduled),
    });
    view! { <StepBar steps=pins.collect() label="How far this job has come" stopped=stopped/> }
}

/// The primary button of the page, if whoever looks may press it.
#[component]
pub fn NextStep(page: JobPage, ticket: Ticket, #[prop(optional)] big: bool) -> impl IntoView {
    let job = page.job.id;
    match page.job.status.next_step() {
        Some(Step::SetOff) if page.may.work => view! { <SetOffButton job ticket big/> }.into_any(),
        Some(Step::Arrive) if page.may.work => view! { <ArriveButton job ticket big look=Look::Primary/> }.into_any(),
        Some(Step::Complete) if page.may.work => view! { <CompleteButton job ticket big/> }.into_any(),
        Some(Step::Schedule) if page.may.schedule => view! { <ButtonLink href="#visit" look=Look::Primary big>"Send somebody"</ButtonLink> }.into_any(),
        Some(Step::Invoice) if page.may.invoice => match page.invoice {
            Some(invoice) => view! { <ButtonLink href=gate::paths::invoice(invoice.id) look=Look::Primary big>"Open the invoice"</ButtonLink> }.into_any(),
            None => view! { <ButtonLink href=gate::paths::invoice_new(job) look=Look::Primary big>"Make the invoice"</ButtonLink> }.into_any(),
        },
        Some(Step::Close) if page.may.edit => view! { <CloseButton job ticket look=Look::Primary/> }.into_any(),
        _ => ().into_any(),
    }
}

#[component]
fn SetOffButton(job: JobId, ticket: Ticket, big: bool) -> impl IntoView {
    let action = action::<SetOff>();
    view! {
        <Form action ticket name="set-off" class="row">
            <input type="hidden" name="job" value=job.to_string()/>
            <Button look=Look::Primary big>{Step::SetOff.words()}</Button>
        </Form>
    }
}

#[component]
fn ArriveButton(job: JobId, ticket: Ticket, big: bool, look: Look) -> impl IntoView {
    let action = action::<Arrive>();
    view! {
        <Form action ticket name="arrive" class="row">
            <input type="hidden" name="job" value=job.to_string()/>
            <Button look big>{Step::Arrive.words()}</Button>
        </Form>
    }
}

#[component]
fn CompleteButton(job: JobId, ticket: Ticket, big: bool) -> impl IntoView {
    let action = action::<Complete>();
    view! {
        <Form action ticket name="complete" class="row">
            <input type="hidden" name="job" value=job.to_string()/>
            <Button look=Look::Primary big>{Step::Complete.words()}</Button>
        </Form>
    }
}

#[component]
fn CloseButton(job: JobId, ticket: Ticket, look: Look) -> impl IntoView {
    let action = action::<CloseJob>();
    view! {
        <Form action ticket name="close" class="row">
            <input type="hidden" name="job" value=job.to_string()/>
            <Button look>{Step::Close.words()}</Button>
        </Form>
    }
}

/// Whether there is any step beside the next one for whoever looks.
pub fn others(page: &JobPage) -> bool {
    let (next, may) = (page.job.status.next_step(), page.may);
    page.job.status.steps().any(|step| match step {
        Step::Arrive => next != Some(step) && may.work,
        Step::Close => next != Some(step) && may.edit,
        Step::Complete => may.override_evidence && !page.missing().is_empty(),
        Step::Cancel | Step::Refuse => may.edit,
        _ => false,
    })
}

/// Steps that are possible but not the usual next one.
#[component]
pub fn OtherSteps(page: JobPage, ticket: Ticket) -> impl IntoView {
    let (job, status, may) = (page.job.id, page.job.status, page.may);
    let has = |step: Step| status.steps().any(|one| one == step);
    let arrive = (has(Step::Arrive) && status.next_step() != Some(Step::Arrive) && may.work)
        .then(|| view! { <ArriveButton job ticket=ticket.clone() big=false look=Look::Plain/> });
    let closing = ticket.clone();
    let close = (has(Step::Close) && status.next_step() != Some(Step::Close) && may.edit).then(|| view! {
        <Disclosure summary="Close without an invoice"><p class="muted">"For work that costs nothing. The job cannot be reopened."</p><CloseButton job ticket=closing look=Look::Plain/></Disclosure>
    });
    let lacking = has(Step::Complete) && may.override_evidence && !page.missing().is_empty();
    let without = lacking.then(|| view! { <Without job ticket=ticket.clone()/> });
    let cancel = (has(Step::Cancel) && may.edit)
        .then(|| view! { <Stop job step=Step::Cancel hint="Who called it off, and why?" ticket=ticket.clone()/> });
    let refuse = (has(Step::Refuse) && may.edit).then(
        || view! { <Stop job step=Step::Refuse hint="Why does the shop not do this work?" ticket=ticket.clone()/> },
    );
    view! { <div class="stack">{arrive}{close}{without}{cancel}{refuse}</div> }
}

#[component]
fn Without(job: JobId, ticket: Ticket) -> impl IntoView {
    let action = action::<CompleteWithout>();
    view! {
        <Disclosure summary="Complete although something is missing">
            <Form action ticket name="complete-without">
                <input type="hidden" name="job" value=job.to_string()/>
                <Field name="reason" label="Reason" hint="Stands on the job and in the audit trail, with what was missing."/>
                <div class="form__actions"><Button look=Look::Danger>"Complete anyway"</Button></div>
            </Form>
        </Disclosure>
    }
}

#[component]
fn Stop(job: JobId, step: Step, hint: &'static str, ticket: Ticket) -> impl IntoView {
    let action = action::<StopJob>();
    view! {
        <Disclosure summary=step.words()>
            <Form action ticket name=step.as_str()>
                <input type="hidden" name="job" value=job.to_string()/>
                <input type="hidden" name="step" value=step.as_str()/>
                <Field name="reason" label="Reason" hint/>
                <div class="form__actions"><Button look=Look::Danger>{step.words()}</Button></div>
            </Form>
        </Disclosure>
    }
}

/// Who goes and when: the visit there is, and the form that sends or moves somebody.
#[component]
pub fn VisitPanel(page: JobPage, ticket: Ticket) -> impl IntoView {
    let (job, status, may) = (page.job.id, page.job.status, page.may);
    let visit = page.visit().cloned();
    let shown = match &visit {
        Some(visit) => view! { <super::panels::VisitFacts visit=visit.clone()/> }.into_any(),
        None => view! { <p class="muted">"Nobody is sent yet."</p> }.into_any(),
    };
    let movable = may.schedule && status.steps().any(|step| step == Step::Schedule);
    let send = movable.then(|| {
        let summary = if visit.is_some() { "Move the visit" } else { "Send somebody" };
        let form = view! { <SendForm job visit=visit.clone() technicians=page.technicians.clone() today=page.today.clone() ticket=ticket.clone()/> };
        view! { <Disclosure summary open=visit.is_none()>{form}</Disclosure> }
    });
    let off = (may.schedule && status == JobStatus::Scheduled).then(|| view! { <TakeOffForm job ticket/> });
    view! { <ui::Panel title="Visit" id="visit"><div class="stack">{shown}{send}{off}</div></ui::Panel> }
}

#[component]
fn TakeOffForm(job: JobId, ticket: Ticket) -> impl IntoView {
    let action = action::<TakeOff>();
    view! {
        <Form action ticket name="take-off" class="row">
            <input type="hidden" name="job" value=job.to_string()/>
            <Button look=Look::Quiet>{Step::Unschedule.words()}</Button>
        </Form>
    }
}
