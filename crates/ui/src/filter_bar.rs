//! Filters and search: plain GET forms, so that a list's address says what it shows.

use crate::{Icon, IconMark, LinkTo, safe_href};
use leptos::prelude::*;

/// A row of fields above a list. `submit` are the words on the button, `clear` leads to the unfiltered list.
#[component]
pub fn FilterBar(
    #[prop(into)] action: String,
    #[prop(into)] label: String,
    #[prop(into)] submit: String,
    #[prop(optional)] clear: Option<LinkTo>,
    children: Children,
) -> impl IntoView {
    view! {
        <form class="filter-bar" method="get" action=safe_href(&action) role="search" aria-label=label>
            {children()}
            <div class="filter-bar__actions">
                <button type="submit" class="button">{submit}</button>
                {clear.map(|link| view! {
                    <a class="button button--quiet" href=safe_href(&link.href)>{link.words}</a>
                })}
            </div>
        </form>
    }
}

/// One search box with its button, for the top bar or a list. The parameter is `q`.
#[component]
pub fn SearchBox(
    #[prop(into)] action: String,
    #[prop(into)] label: String,
    /// An id for the input, unique on the page.
    #[prop(into)]
    id: String,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
) -> impl IntoView {
    view! {
        <form class="search" method="get" action=safe_href(&action) role="search" aria-label=label.clone()>
            <label class="visually-hidden" for=id.clone()>{label.clone()}</label>
            <input class="input search__input" type="search" id=id name="q" value=value placeholder=placeholder autocomplete="off" maxlength="200"/>
            <button class="search__button" type="submit">
                <IconMark icon=Icon::Search/>
                <span class="visually-hidden">{label.clone()}</span>
            </button>
        </form>
    }
}
