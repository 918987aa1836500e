//! The client's frame: the shop's name and telephone above everything, no script needed.

use crate::{Icon, IconMark, LinkTo, safe_href, tel_href};
use leptos::prelude::*;

/// The portal's page. `places` are its few pages; `current` is the `href` of the one shown.
#[component]
pub fn PortalFrame(
    #[prop(into)] shop: String,
    #[prop(into)] phone: String,
    #[prop(optional)] places: Vec<LinkTo>,
    #[prop(optional, into)] current: String,
    /// The line at the foot: licence text, for whom the link was made.
    #[prop(optional, into)]
    foot: Option<String>,
    children: Children,
) -> impl IntoView {
    let place = move |link: LinkTo| {
        let here = (link.href == current).then_some("page");
        view! { <li><a class="portal__place" href=safe_href(&link.href) aria-current=here>{link.words}</a></li> }
    };
    let nav = (!places.is_empty()).then(|| {
        view! {
            <nav class="portal__nav" aria-label=shop.clone()>
                <ul>{places.into_iter().map(place).collect_view()}</ul>
            </nav>
        }
    });
    view! {
        <div class="portal">
            <header class="portal__head">
                <p class="portal__shop">{shop}</p>
                {(!phone.is_empty()).then(|| view! {
                    <a class="portal__phone" href=tel_href(&phone)>
                        <IconMark icon=Icon::Phone/>
                        {phone.clone()}
                    </a>
                })}
            </header>
            {nav}
            <main class="portal__main" id="main">{children()}</main>
            <footer class="portal__foot">
                {foot.map(|foot| view! { <p>{foot}</p> })}
                <p><a href="/trust" rel="external">"How records are kept"</a></p>
                <p translate="no">"Shearline"</p>
            </footer>
        </div>
    }
}
