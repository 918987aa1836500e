//! Two people for one top secret record: asking, and the second person's answer.

use super::server_fns::{AskRelease, GrantRelease, RefuseRelease};
use domain::{
    forms::Ticket,
    reveal::{Release, ReleaseState},
};
use gate::{action, paths};
use leptos::prelude::*;
use std::time::Duration;
use ui::{Button, Field, Form, Look, Notice, Panel, Reload, Select, Tone, safe_href};

/// What others ask to be let into.
#[component]
pub fn Waiting(releases: Vec<Release>, ticket: Ticket) -> impl IntoView {
    (!releases.is_empty()).then(|| {
        let rows = releases.into_iter().map(|release| view! { <Asked release ticket=ticket.clone()/> }).collect_view();
        view! { <Panel title="Waiting for your release"><div class="stack">{rows}</div></Panel> }
    })
}

#[component]
fn Asked(release: Release, ticket: Ticket) -> impl IntoView {
    let Release { id, record, label, asked_by, asked_at, reason, until, .. } = release;
    let (grant, refuse) = (action::<GrantRelease>(), action::<RefuseRelease>());
    let again = ticket.clone();
    view! {
        <div class="release">
            <p>
                <strong>{asked_by}</strong>" asks to open "<a href=safe_href(&paths::bitting(record))>{label}</a>
                <span class="muted">{format!(" · {asked_at}, until {until}")}</span>
            </p>
            <p>{reason}</p>
            <div class="form__actions">
                <Form action=grant ticket name=format!("grant-{id}") class="row">
                    <input type="hidden" name="release" value=id.to_string()/>
                    <Button look=Look::Primary>"Release"</Button>
                </Form>
                <Form action=refuse ticket=again name=format!("refuse-{id}") class="row">
                    <input type="hidden" name="release" value=id.to_string()/>
                    <Button>"Refuse"</Button>
                </Form>
            </div>
        </div>
    }
}

/// One's own asking: the form, or how it stands. While it waits, the page looks again by itself.
#[component]
pub fn Asking(release: Option<Release>, record: String, jobs: Vec<(String, String)>, ticket: Ticket) -> impl IntoView {
    let waiting = release.as_ref().is_some_and(|release| release.state == ReleaseState::Waiting);
    if waiting {
        look_again();
    }
    let stands = release.map(|release| {
        let by = if release.decided_by.is_empty() { String::new() } else { format!(" by {}", release.decided_by) };
        let until = if waiting { format!(", until {}", release.until) } else { String::new() };
        let tone = if release.state == ReleaseState::Refused { Tone::Bad } else { Tone::Brass };
        let words = format!("{}{by}{until}.", release.state.words());
        view! { <Notice tone title=words><p>{release.reason}</p></Notice> }
    });
    let action = action::<AskRelease>();
    let mut options = jobs;
    options.push((String::new(), "No job: see the reason".into()));
    view! {
        <div class="stack">
            <p>"This record is top secret: it opens once, within fifteen minutes of a second person's release."</p>
            {stands}
            {(!waiting).then(|| view! {
                <Form action ticket name="ask-release">
                    <input type="hidden" name="record" value=record/>
                    <Select name="job" label="What for" options/>
                    <Field name="reason" label="Reason" optional=true hint="The second person reads it. Needed where there is no job."/>
                    <div class="form__actions"><Button look=Look::Primary>"Ask for its release"</Button></div>
                </Form>
            })}
        </div>
    }
}

/// Every few seconds, as long as the page is there.
fn look_again() {
    let Some(Reload(count)) = use_context::<Reload>() else { return };
    Effect::new(move || {
        let again = move || {
            count.try_update(|count| *count += 1);
        };
        if let Ok(timer) = set_timeout_with_handle(again, Duration::from_secs(5)) {
            on_cleanup(move || timer.clear());
        }
    });
}
