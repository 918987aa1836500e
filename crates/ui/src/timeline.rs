//! A record's history, newest first: who did what, when.

use crate::safe_href;
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
            </li>
        }
    };
    view! { <ol class="timeline">{entries.into_iter().map(entry).collect_view()}</ol> }
}
