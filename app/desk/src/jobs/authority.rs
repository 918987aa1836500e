//! The authority check: the latest one, and the form for another.

use super::server_fns::CheckAuthority;
use domain::{
    choice::Choice,
    forms::Ticket,
    ids::JobId,
    jobs::{AuthorityOutcome, AuthorityRecord, DocumentSeen, JobPage, Relation},
};
use gate::action;
use leptos::prelude::*;
use ui::{Badge, Button, Choices, Disclosure, Fact, Facts, Field, Form, Panel, Select, Tone};

/// Who asked, by what right, and the form to record it.
#[component]
pub fn AuthorityPanel(page: JobPage, ticket: Ticket) -> impl IntoView {
    let asked = page.job.requirements.authority;
    let may = page.may.work && page.job.status.is_open();
    let caller = page.job.caller.clone();
    let job = page.job.id;
    let form = move |open: bool, summary: &'static str| view! { <Disclosure summary open><CheckForm job caller=caller.clone() ticket=ticket.clone()/></Disclosure> };
    let body = match page.authority {
        Some(record) => view! { <Record record/>{may.then(|| form(false, "Check somebody else"))} }.into_any(),
        None => {
            let words = if asked {
                "Nobody has shown a right to this work yet."
            } else {
                "This kind of job does not demand one; record it where there is doubt."
            };
            view! { <p class="muted">{words}</p>{may.then(|| form(asked, "Check authority"))} }.into_any()
        }
    };
    view! { <Panel title="Authority" id="authority"><div class="stack">{body}</div></Panel> }
}

#[component]
fn Record(record: AuthorityRecord) -> impl IntoView {
    let tone = if record.outcome == AuthorityOutcome::Allowed { Tone::Verdigris } else { Tone::Bad };
    let tail = record.tail.map(|tail| view! { <span class="code" translate="no">{format!(" •••• {tail}")}</span> });
    view! {
        <Facts>
            <Fact name="Outcome"><Badge tone=tone text=record.outcome.words()/></Fact>
            <Fact name="Who asked">{record.person_name}", "{record.relation.words().to_lowercase()}</Fact>
            <Fact name="Seen">{record.document.words()}{tail}</Fact>
            {(!record.reason.is_empty()).then(|| view! { <Fact name="Reason">{record.reason}</Fact> })}
            <Fact name="Checked">{record.at}" by "{record.by}</Fact>
        </Facts>
    }
}

#[component]
fn CheckForm(job: JobId, caller: String, ticket: Ticket) -> impl IntoView {
    let action = action::<CheckAuthority>();
    let (relations, documents) = (chosen::<Relation>(), chosen::<DocumentSeen>());
    let outcomes: Vec<_> =
        AuthorityOutcome::ALL.iter().map(|one| (one.as_str().to_owned(), one.words().to_owned())).collect();
    view! {
        <Form action ticket name="authority-check">
            <input type="hidden" name="job" value=job.to_string()/>
            <Field name="person_name" label="Who asks for the work" value=caller/>
            <div class="form__grid">
                <Select name="relation" label="What they are to the place" options=relations/>
                <Select name="document" label="Document seen" options=documents/>
                <Field name="tail" label="Its last 4 characters" hint="Never the whole number." optional=true/>
            </div>
            <Choices name="outcome" label="Outcome" options=outcomes/>
            <Field name="reason" label="Reason" hint="Needed when you refuse: a refusal ends the job." optional=true/>
            <div class="form__actions"><Button>"Record the check"</Button></div>
        </Form>
    }
}

fn chosen<T: Choice>() -> Vec<(String, String)> {
    std::iter::once((String::new(), "Choose…".to_owned()))
        .chain(T::ALL.iter().map(|one| (one.as_str().to_owned(), one.words().to_owned())))
        .collect()
}
