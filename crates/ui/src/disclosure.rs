//! What opens on request, without a script.

use crate::{Icon, IconMark};
use leptos::prelude::*;

/// A button-like summary that opens a form or a detail under it: "Cancel the job", "Override".
#[component]
pub fn Disclosure(
    #[prop(into)] summary: String,
    /// Open from the start, for instance because the form inside has an error.
    #[prop(optional)]
    open: bool,
    #[prop(optional)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary class="disclosure__summary">
                {icon.map(|icon| view! { <IconMark icon/> })}
                {summary}
            </summary>
            <div class="disclosure__body">{children()}</div>
        </details>
    }
}
