//! Revealing: a reason, one call, and fifteen seconds on the screen. What is revealed is never in a page's HTML, nor kept.

use crate::{AppError, Result, paths::confirm_path};
use domain::{
    forms::{Post, Ticket},
    reveal::{RevealForm, Revealed, SHOWN_FOR, Standing},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use std::{future::Future, pin::Pin, time::Duration};
use ui::{Button, ButtonLink, Icon, Look, Notice, Refused, Tone};

/// What a page calls to reveal something.
pub type Call<T> = fn(Post, String, RevealForm) -> Pin<Box<dyn Future<Output = Result<T>>>>;

/// What is still to be done before anything may be revealed, or the form that does it.
#[component]
pub fn Reveal(
    /// Of the page.
    ticket: Ticket,
    /// The record's id.
    subject: String,
    /// Open jobs the secret may be needed for.
    jobs: Vec<(String, String)>,
    standing: Standing,
    call: Call<Revealed>,
) -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    if !standing.second_step {
        return view! {
            <Notice tone=Tone::Brass title="A second step is needed">
                <p>"What is sealed opens only to people who sign in with a second step. "<a href="/account/second-step">"Set one up"</a>": it takes a minute."</p>
            </Notice>
        }
        .into_any();
    }
    if !standing.confirmed {
        return view! {
            <div class="stack">
                <p class="muted">"Sealed. Confirm that it is you, then say what it is for."</p>
                <div><ButtonLink href=confirm_path(&here) look=Look::Primary icon=Icon::Lock>"Confirm it is you"</ButtonLink></div>
            </div>
        }
        .into_any();
    }
    view! { <Asking ticket subject jobs call/> }.into_any()
}

#[component]
fn Asking(ticket: Ticket, subject: String, jobs: Vec<(String, String)>, call: Call<Revealed>) -> impl IntoView {
    let shown = RwSignal::new(None::<Revealed>);
    let done = move |revealed: Revealed| shown.set(Some(revealed));
    let form = move || view! { <WhyForm ticket=ticket.clone() subject=subject.clone() jobs=jobs.clone() call done words="Reveal"/> };
    view! {
        <div class="stack">
            {move || match shown.get() {
                Some(revealed) => view! { <OnScreen revealed hide=move || shown.set(None)/> }.into_any(),
                None => form().into_any(),
            }}
        </div>
    }
}

/// Asks why, calls, and hands on what came. Needs a script: without one nothing sealed is shown.
#[component]
pub fn WhyForm<T: 'static>(
    ticket: Ticket,
    subject: String,
    jobs: Vec<(String, String)>,
    call: Call<T>,
    done: impl Fn(T) + Copy + Send + Sync + 'static,
    words: &'static str,
) -> impl IntoView {
    let first = jobs.first().map(|(id, _)| id.clone()).unwrap_or_default();
    let (job, reason) = (RwSignal::new(first.clone()), RwSignal::new(String::new()));
    let (problem, busy, awake) = (RwSignal::new(None::<AppError>), RwSignal::new(false), RwSignal::new(false));
    Effect::new(move || awake.set(true));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let form = RevealForm { reason: reason.get_untracked(), job: job.get_untracked() };
        let post = Post { shop: ticket.shop.clone(), ..Post::default() };
        let answer = call(post, subject.clone(), form);
        spawn_local(async move {
            let answer = answer.await;
            // The page may be gone by now, and then nothing is shown.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(what) => done(what),
                Err(error) => problem.set(Some(error)),
            }
        });
    };
    let [job_id, reason_id] = ["job", "reason"].map(|field| format!("{}-{field}", words.to_lowercase()));
    let options = std::iter::once((String::new(), "No job: see the reason".to_owned())).chain(jobs).collect::<Vec<_>>();
    let options =
        options.into_iter().map(|(id, words)| view! { <option value=id.clone() selected=id == first>{words}</option> });
    view! {
        <form class="form" method="post" on:submit=send>
            <Problem problem/>
            <fieldset class="fieldset" disabled=move || !awake.get()>
                <legend class="visually-hidden">{words}</legend>
                <div class="field">
                    <label class="field__label" for=job_id.clone()>"What for"</label>
                    <select class="select" id=job_id on:change=move |event| job.set(event_target_value(&event))>{options.collect_view()}</select>
                </div>
                <div class="field">
                    <label class="field__label" for=reason_id.clone()>"Reason"<span class="muted small">" (optional with a job)"</span></label>
                    <input class="input" id=reason_id maxlength="200" autocomplete="off" placeholder="Rekey of the rear door"
                        on:input=move |event| reason.set(event_target_value(&event))/>
                    <p class="field__hint">"Stands in the audit trail with your name. Shown for 15 seconds."</p>
                </div>
                <div class="form__actions"><Button look=Look::Primary disabled=busy>{words}</Button></div>
            </fieldset>
            <noscript><p class="muted">"Revealing needs a script: what is sealed is never part of a page."</p></noscript>
        </form>
    }
}

/// Why it was not revealed, and the way on where there is one.
#[component]
fn Problem(problem: RwSignal<Option<AppError>>) -> impl IntoView {
    let here = use_location().pathname;
    move || {
        problem.get().map(|error| {
            let words = error.errors().into_values().next().unwrap_or_else(|| error.problem());
            let confirm = matches!(error, AppError::Confirm).then(|| {
                view! { " "<a href=confirm_path(&here.get_untracked())>"Confirm it is you"</a>"." }
            });
            view! { <div class="form__problem" role="alert">{words}{confirm}</div> }
        })
    }
}

/// What was revealed, until its time is up, the tab is left, or a hand hides it.
#[component]
fn OnScreen(revealed: Revealed, hide: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let left = RwSignal::new(SHOWN_FOR);
    let tick = move || {
        let away = document().hidden();
        match left.try_get_untracked() {
            Some(1) => hide(),
            Some(_) if away => hide(),
            Some(more) => {
                left.try_set(more.saturating_sub(1));
            }
            None => (),
        }
    };
    if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || timer.clear());
    }
    let parts = revealed.parts.into_iter().map(|(name, text)| {
        let lines = text.lines().map(|line| view! { <span>{line.to_owned()}<br/></span> }).collect_view();
        view! {
            <div class="revealed__part">
                <dt class="revealed__name">{name}</dt>
                <dd class="revealed__text" translate="no">{lines}</dd>
            </div>
        }
    });
    view! {
        <div class="revealed" role="status">
            <dl class="revealed__parts">{parts.collect_view()}</dl>
            <p class="revealed__left">
                <meter min="0" max=SHOWN_FOR.to_string() value=move || left.get().to_string() aria-label="Seconds left"></meter>
                <span aria-hidden="true">{move || format!("Hidden in {} s", left.get())}</span>
                <button type="button" class="button button--quiet" on:click=move |_| hide()>"Hide now"</button>
            </p>
        </div>
    }
}
