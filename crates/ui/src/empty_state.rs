//! What a list says while it is empty: what will stand here, and how to begin.

use crate::{LinkTo, Mark, safe_href};
use leptos::prelude::*;

/// A title, a sentence that teaches, and the first step.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] words: String,
    #[prop(optional)] action: Option<LinkTo>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Mark/>
            <p class="empty__title">{title}</p>
            <p class="empty__words">{words}</p>
            {action.map(|link| view! {
                <a class="button button--primary" href=safe_href(&link.href)>{link.words}</a>
            })}
        </div>
    }
}
