//! A record's history, newest first: who did what, when.

use crate::safe_href;
use domain::audit::changes::FieldChange;
use leptos::prelude::*;

/// One thing that happened. All words are made by the server, in the shop's own time zone.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TimelineEntry {
    /// When, as people read it.
    pub when: String,
    /// Who did it.
    pub who: String,
    /// What happened, a whole sentence.
    pub sentence: String,
    /// Where to see more, if the reader may.
    pub href: Option<String>,
    /// What was changed by it, field by field.
    pub changes: Vec<FieldChange>,
    /// The reason given; may be empty.
    pub reason: String,
}

impl From<domain::audit::TimelineEntry> for TimelineEntry {
    fn from(entry: domain::audit::TimelineEntry) -> Self {
        Self {
            when: entry.at,
            who: if entry.by_client { format!("{} (client)", entry.who) } else { entry.who },
            sentence: entry.sentence,
            href: None,
            changes: entry.changes,
            reason: entry.reason,
        }
    }
}

/// The entries as an ordered list.
#[component]
pub fn Timeline(entries: Vec<TimelineEntry>) -> impl IntoView {
    let entry = |entry: TimelineEntry| {
        let sentence = match entry.href {
            Some(href) => view! { <a href=safe_href(&href)>{entry.sentence}</a> }.into_any(),
            None => entry.sentence.into_any(),
        };
        view! {
            <li class="timeline__entry">
                <p class="timeline__sentence">{sentence}</p>
                <p class="timeline__meta">
                    <span class="timeline__who">{entry.who}</span>
                    " · "
                    <span class="timeline__when">{entry.when}</span>
                </p>
                {(!entry.reason.is_empty()).then(|| view! { <p class="timeline__reason small">"“"{entry.reason}"”"</p> })}
                <Changes changes=entry.changes/>
            </li>
        }
    };
    view! { <ol class="timeline">{entries.into_iter().map(entry).collect_view()}</ol> }
}

/// What was changed: each field with what stood there and what stands there since.
#[component]
fn Changes(changes: Vec<FieldChange>) -> impl IntoView {
    let summary = match changes.len() {
        0 => return ().into_any(),
        1 => "1 field changed".to_owned(),
        more => format!("{more} fields changed"),
    };
    let rows = changes.into_iter().map(|change| view! { <Change change/> }).collect_view();
    view! { <details class="beside"><summary>{summary}</summary><dl class="changes">{rows}</dl></details> }.into_any()
}

/// One field. What is struck out and what is underlined is also said, for those who hear it.
#[component]
fn Change(change: FieldChange) -> impl IntoView {
    let FieldChange { field, before, after } = change;
    let (was, is) = (before.is_empty(), after.is_empty());
    let shown = |text: String| if text.is_empty() { "nothing".to_owned() } else { text };
    view! {
        <div class="change">
            <dt class="change__field">{field}</dt>
            <dd class="change__values">
                <del class="change__before" class:is-nothing=was><span class="visually-hidden">"Before: "</span>{shown(before)}</del>
                <ins class="change__after" class:is-nothing=is><span class="visually-hidden">"Now: "</span>{shown(after)}</ins>
            </dd>
        </div>
    }
}
