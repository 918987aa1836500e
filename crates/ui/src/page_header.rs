//! The head of a page: where one came from, what this is, what one can do here.

use crate::{Icon, IconMark, LinkTo, safe_href};
use leptos::children::ViewFnOnce;
use leptos::prelude::*;

/// Back link, the page's only `h1`, a line under it, a badge beside it, and actions at the right.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    #[prop(optional, into)] subtitle: Option<String>,
    #[prop(optional)] back: Option<LinkTo>,
    /// A number in the trade's mono face above the title (`J-1042`).
    #[prop(optional, into)]
    number: Option<String>,
    #[prop(optional, into)] badge: Option<ViewFnOnce>,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
) -> impl IntoView {
    let back = back.map(|back| {
        view! {
            <a class="page-header__back" href=safe_href(&back.href)>
                <IconMark icon=Icon::Back/>
                {back.words}
            </a>
        }
    });
    view! {
        <header class="page-header">
            {back}
            <div class="page-header__words">
                {number.map(|number| view! { <p class="page-header__number" translate="no">{number}</p> })}
                <h1 class="page-header__title">{title}</h1>
                {badge.map(|badge| badge.run())}
                {subtitle.map(|subtitle| view! { <p class="page-header__subtitle">{subtitle}</p> })}
            </div>
            {actions.map(|actions| view! { <div class="page-header__actions">{actions.run()}</div> })}
        </header>
    }
}
