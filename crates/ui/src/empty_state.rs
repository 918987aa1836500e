//! What a list says while it is empty: what will stand here, and how to begin.

use crate::{LinkTo, Mark, safe_href};
use leptos::prelude::*;

/// A title, a sentence that teaches, and the first step.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] words: String,
    #[prop(optional)] action: Option<LinkTo>,
    /// Whether it is the whole page: then the title is the page's heading.
    #[prop(optional)]
    page: bool,
) -> impl IntoView {
    let title = if page {
        view! { <h1 class="empty__title">{title}</h1> }.into_any()
    } else {
        view! { <p class="empty__title">{title}</p> }.into_any()
    };
    view! {
        <div class="empty">
            <Mark/>
            {title}
            <p class="empty__words">{words}</p>
            {action.map(|link| view! {
                <a class="button button--primary" href=safe_href(&link.href)>{link.words}</a>
            })}
        </div>
    }
}
