//! Panels: a titled piece of a page.

use leptos::children::ViewFnOnce;
use leptos::prelude::*;

/// A section with an `h2`. `id` makes it a target for links ("what is missing" points here).
#[component]
pub fn Panel(
    #[prop(into)] title: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
    /// No padding: the body is a table or a list that runs to the edges.
    #[prop(optional)]
    flush: bool,
    children: Children,
) -> impl IntoView {
    let class = if flush { "panel panel--flush" } else { "panel" };
    view! {
        <section class=class id=id>
            <header class="panel__head">
                <h2 class="panel__title">{title}</h2>
                {actions.map(|actions| view! { <div class="panel__actions">{actions.run()}</div> })}
            </header>
            <div class="panel__body">{children()}</div>
        </section>
    }
}
