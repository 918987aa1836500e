//! A record's history as a panel.

use domain::audit::TimelineEntry;
use leptos::prelude::*;
use ui::{Panel, Timeline};

/// As many entries stand open; what is older opens on request.
const NEWEST: usize = 12;

/// The history, for those it is for; nothing for others.
#[component]
pub fn History(entries: Option<Vec<TimelineEntry>>) -> impl IntoView {
    entries.map(|entries| {
        let mut newest: Vec<_> = entries.into_iter().map(Into::into).collect();
        // A few more are no reason to hide them.
        let older = if newest.len() > NEWEST + 3 { newest.split_off(NEWEST) } else { Vec::new() };
        let words = format!("{} earlier", older.len());
        let older = (!older.is_empty()).then(|| {
            view! { <details class="beside beside--older"><summary>{words}</summary><Timeline entries=older/></details> }
        });
        view! { <Panel title="History"><Timeline entries=newest/>{older}</Panel> }
    })
}
