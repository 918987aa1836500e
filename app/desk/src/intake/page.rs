//! The intake page: who calls and what for on top, the form below, what is known about the caller beside it.

use super::{
    form::CallForm,
    matches::{Known, Matches},
    server_fns::{find_caller, open_intake},
};
use domain::{clients::ClientMatch, forms::Page, jobs::Intake};
use gate::{Shown, load, query};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_meta::Title;
use std::time::Duration;
use ui::PageHeader;

/// How long a typist may pause before the search begins.
const PAUSE: Duration = Duration::from_millis(180);

/// What the parts of the page share while a call is taken.
#[derive(Clone, Copy)]
pub(super) struct Call {
    /// What was typed into the search.
    pub q: RwSignal<String>,
    /// Who fits.
    pub matches: RwSignal<Vec<ClientMatch>>,
    /// Whom the call is for; nobody: a new client.
    pub picked: RwSignal<Option<ClientMatch>>,
    /// The chosen kind of job: a template's key.
    pub kind: RwSignal<String>,
}

/// Takes a call.
#[component]
pub fn IntakePage() -> impl IntoView {
    let (client, q) = (query("client"), query("q"));
    let page = load(move || (client.get(), q.get()), |(client, q)| open_intake(client, q));
    view! {
        <Title text="Take a call"/>
        <PageHeader title="Take a call" subtitle="Who, where, what. Type a phone number and what is known appears."/>
        <Shown page children=|page| view! { <Desk page/> }/>
    }
}

#[component]
fn Desk(page: Page<Intake>) -> impl IntoView {
    let Page { ticket, data } = page;
    let typed = ticket.flash.as_ref().and_then(|flash| flash.values.get("form[template]").cloned());
    let first = data.templates.first().map(|template| template.key.clone()).unwrap_or_default();
    let asked = query("template").get_untracked();
    let kind = typed.filter(|key| !key.is_empty()).unwrap_or(if asked.is_empty() { first } else { asked });
    let call = Call {
        q: RwSignal::new(query("q").get_untracked()),
        matches: RwSignal::new(data.matches.clone()),
        picked: RwSignal::new(data.chosen.clone()),
        kind: RwSignal::new(kind),
    };
    let currency = data.currency;
    view! {
        <div class="record">
            <div class="record__main">
                <Search call intake=data.clone()/>
                <Matches call currency/>
                <CallForm call intake=data ticket/>
            </div>
            <aside class="record__aside"><Known call currency/></aside>
        </div>
    }
}

/// The telephone box and the kind of job. Without script it is a plain search whose answer is this page again.
#[component]
fn Search(call: Call, intake: Intake) -> impl IntoView {
    let mut look = debounce(PAUSE, move |q: String| {
        spawn_local(async move {
            // Meanwhile something else may have been typed, or the page left.
            if let Ok(found) = find_caller(q.clone()).await
                && call.q.try_get_untracked().as_ref() == Some(&q)
            {
                call.matches.try_set(found);
            }
        });
    });
    let typed = move |event| {
        let q = event_target_value(&event);
        call.q.set(q.clone());
        look(q);
    };
    // Return takes the first who fits, so that a call needs no mouse.
    let enter = move |event: SubmitEvent| {
        event.prevent_default();
        spawn_local(async move {
            if let Ok(found) = find_caller(call.q.get_untracked()).await {
                if let Some(first) = found.first() {
                    call.picked.set(Some(first.clone()));
                }
                call.matches.set(found);
            }
        });
    };
    let q = call.q.get_untracked();
    let chosen = call.kind.get_untracked();
    let kinds = intake.templates.into_iter().map(|template| {
        let selected = template.key == chosen;
        view! { <option value=template.key selected=selected>{template.name}</option> }
    });
    let kinds = kinds.collect_view();
    view! {
        <form class="filter-bar" method="get" action="/jobs/new" role="search" aria-label="Who calls, and what for" on:submit=enter>
            <div class="field">
                <label class="field__label" for="call-q">"Phone, name or e-mail of the caller"</label>
                <input class="input" type="search" id="call-q" name="q" value=q maxlength="200" autocomplete="off" autofocus=true on:input=typed/>
            </div>
            <div class="field">
                <label class="field__label" for="call-kind">"Kind of job"</label>
                <select class="select" id="call-kind" name="template" on:change=move |event| call.kind.set(event_target_value(&event))>{kinds}</select>
            </div>
            {move || call.picked.get().map(|client| view! { <input type="hidden" name="client" value=client.id.to_string()/> })}
            <div class="filter-bar__actions"><button type="submit" class="button">"Find"</button></div>
        </form>
    }
}
