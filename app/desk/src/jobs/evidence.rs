//! What is recorded while the work is done: the checklist, answers, and the work itself in words.

use super::server_fns::{RecordWork, TickCheck, UntickCheck};
use domain::{
    forms::Ticket,
    ids::JobId,
    jobs::{Answer, Check, JobPage, Question, Tick, answer_field},
};
use gate::action;
use leptos::prelude::*;
use ui::{Button, Choices, Field, Form, Look, Panel, Select, TextArea};

/// The checklist. Each tick is a button of its own, so that it is kept at once and works without script.
#[component]
pub fn ChecksPanel(page: JobPage, ticket: Ticket) -> impl IntoView {
    let (job, ticks) = (page.job.id, page.ticks.clone());
    let may = page.may.work && page.job.status.is_open();
    let checks = page.job.requirements.checks.clone();
    (!checks.is_empty()).then(move || {
        let items = checks.into_iter().map(|check| {
            let tick = ticks.iter().find(|tick| tick.key == check.key).cloned();
            view! { <CheckItem job check tick may ticket=ticket.clone()/> }
        });
        let items = items.collect_view();
        view! { <Panel title="Checklist" id="checks"><ul class="missing">{items}</ul></Panel> }
    })
}

#[component]
fn CheckItem(job: JobId, check: Check, tick: Option<Tick>, may: bool, ticket: Ticket) -> impl IntoView {
    let done = tick.is_some();
    let note = tick.map(|tick| view! { <span class="muted small">{format!(" {} · {}", tick.by, tick.at)}</span> });
    let button = may.then(|| {
        if done {
            view! { <Undo job key=check.key.clone() ticket/> }.into_any()
        } else {
            view! { <Do job key=check.key.clone() ticket/> }.into_any()
        }
    });
    view! {
        <li class="missing__item" class:is-done=done id=format!("check-{}", check.key)>
            <span>{check.label.clone()}{note}</span>
            {button}
        </li>
    }
}

#[component]
fn Do(job: JobId, key: String, ticket: Ticket) -> impl IntoView {
    let action = action::<TickCheck>();
    view! {
        <Form action ticket name=format!("tick-{key}") class="row">
            <input type="hidden" name="job" value=job.to_string()/>
            <input type="hidden" name="key" value=key/>
            <Button>"Done"</Button>
        </Form>
    }
}

#[component]
fn Undo(job: JobId, key: String, ticket: Ticket) -> impl IntoView {
    let action = action::<UntickCheck>();
    view! {
        <Form action ticket name=format!("untick-{key}") class="row">
            <input type="hidden" name="job" value=job.to_string()/>
            <input type="hidden" name="key" value=key/>
            <Button look=Look::Quiet>"Undo"</Button>
        </Form>
    }
}

/// What was done, and the template's questions.
#[component]
pub fn WorkPanel(page: JobPage, ticket: Ticket) -> impl IntoView {
    let may = page.may.work && page.job.status.is_open();
    let performed = page.job.performed.clone();
    let body = if may {
        view! { <WorkForm page ticket/> }.into_any()
    } else if performed.is_empty() {
        view! { <p class="muted">"Nothing was recorded."</p> }.into_any()
    } else {
        view! { <p class="as-typed">{performed}</p> }.into_any()
    };
    view! { <Panel title="Work done" id="work">{body}</Panel> }
}

#[component]
fn WorkForm(page: JobPage, ticket: Ticket) -> impl IntoView {
    let action = action::<RecordWork>();
    let job = page.job;
    let answers = job.answers;
    // Fields belong inside their form: they ask it for what was typed.
    let questions = move || {
        job.requirements
            .questions
            .into_iter()
            .map(|question| {
                let value = answers.get(&question.key).cloned().unwrap_or_default();
                view! { <QuestionField question value/> }
            })
            .collect_view()
    };
    let (id, version, performed) = (job.id.to_string(), job.version.to_string(), job.performed);
    view! {
        <Form action ticket name="work-done">
            <input type="hidden" name="job" value=id/>
            <input type="hidden" name="form[version]" value=version/>
            {questions()}
            <div id="field-performed"><TextArea name="performed" label="What was done" value=performed rows=4/></div>
            <div class="form__actions"><Button>"Save the work"</Button></div>
        </Form>
    }
}

/// A template's question as a field of the form around it.
#[component]
pub fn QuestionField(question: Question, value: String) -> impl IntoView {
    let (name, label) = (answer_field(&question.key), question.label);
    let optional = !question.required;
    let field = match question.answer {
        Answer::Text => view! { <Field name label value optional/> }.into_any(),
        Answer::YesNo => {
            let options = vec![("yes".to_owned(), "Yes".to_owned()), ("no".into(), "No".into())];
            view! { <Choices name label options value/> }.into_any()
        }
        Answer::OneOf(offered) => {
            let options: Vec<_> = std::iter::once((String::new(), "Not answered".to_owned()))
                .chain(offered.into_iter().map(|one| (one.clone(), one)))
                .collect();
            view! { <Select name label options value optional/> }.into_any()
        }
    };
    view! { <div id=format!("question-{}", question.key)>{field}</div> }
}
