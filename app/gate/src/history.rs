//! A record's history as a panel.

use domain::audit::TimelineEntry;
use leptos::prelude::*;
use ui::{Panel, Timeline};

/// The history, for those it is for; nothing for others.
#[component]
pub fn History(entries: Option<Vec<TimelineEntry>>) -> impl IntoView {
    let entry = |entry: TimelineEntry| ui::TimelineEntry {
        when: entry.at,
        who: if entry.by_client { format!("{} (client)", entry.who) } else { entry.who },
        sentence: entry.sentence,
        href: None,
    };
    entries.map(
        |entries| view! { <Panel title="History"><Timeline entries=entries.into_iter().map(entry).collect()/></Panel> },
    )
}
