//! Who opened a paper, on the paper's page.

use domain::audit::Seen;
use leptos::prelude::*;
use ui::Panel;

/// The last twenty who did; nothing where nobody did.
#[component]
pub fn SeenBy(seen: Vec<Seen>) -> impl IntoView {
    let line = |Seen { at, who, by_client }: Seen| {
        let who = if by_client { format!("{who} (client)") } else { who };
        view! { <li>{who}<span class="muted">{format!(" · {at}")}</span></li> }
    };
    (!seen.is_empty()).then(|| {
        let lines = seen.into_iter().map(line).collect_view();
        view! { <Panel title="Seen by"><ul class="lines">{lines}</ul></Panel> }
    })
}
