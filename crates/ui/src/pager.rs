//! Paging by keys: newer and older, never page numbers.

use crate::{Icon, IconMark, LinkTo, safe_href};
use leptos::prelude::*;

/// Links to the newer and the older page of a list; nothing at all when there is neither.
#[component]
pub fn Pager(newer: Option<LinkTo>, older: Option<LinkTo>, #[prop(into)] label: String) -> impl IntoView {
    (newer.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=label>
                {newer.map(|link| view! {
                    <a class="button button--quiet" rel="prev" href=safe_href(&link.href)>
                        <IconMark icon=Icon::Back/>
                        {link.words}
                    </a>
                })}
                {older.map(|link| view! {
                    <a class="button button--quiet pager__older" rel="next" href=safe_href(&link.href)>
                        {link.words}
                        <IconMark icon=Icon::Next/>
                    </a>
                })}
            </nav>
        }
    })
}
