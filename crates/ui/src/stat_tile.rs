//! A figure that opens its list.

use crate::{Tone, safe_href};
use leptos::prelude::*;

/// A figure, its name and a word about it; with `href` the whole tile is the link. Put tiles in `<ul class="tiles">`.
#[component]
pub fn StatTile(
    #[prop(into)] name: String,
    #[prop(into)] figure: String,
    #[prop(optional, into)] note: Option<String>,
    #[prop(optional, into)] href: Option<String>,
    #[prop(optional)] tone: Tone,
) -> impl IntoView {
    let name = match href {
        Some(href) => view! { <a class="tile__link" href=safe_href(&href)>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    view! {
        <li class=format!("tile tile--{}", tone.class())>
            <p class="tile__name">{name}</p>
            <p class="tile__figure">{figure}</p>
            {note.map(|note| view! { <p class="tile__note">{note}</p> })}
        </li>
    }
}
