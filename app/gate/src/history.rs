//! A record's history as a panel.

use domain::audit::TimelineEntry;
use leptos::prelude::*;
use ui::{Panel, Timeline};

/// The history, for those it is for; nothing for others.
#[component]
pub fn History(entries: Option<Vec<TimelineEntry>>) -> impl IntoView {
    let shown = |entries: Vec<TimelineEntry>| entries.into_iter().map(Into::into).collect();
    entries.map(|entries| view! { <Panel title="History"><Timeline entries=shown(entries)/></Panel> })
}
