//! Codes of a site: the list on its page, a page each, and their form.

mod form;
mod page;
pub mod server_fns;

pub use form::{EditCodePage, NewCodePage};
pub use page::CodePage;

use domain::sites::codes::SiteCode;
use gate::paths;
use leptos::prelude::*;
use ui::{Badge, ButtonLink, Icon, Panel, Tone, safe_href};

/// The panel of a site's page; this is only called where codes may be known of.
#[component]
pub fn Codes(codes: Vec<SiteCode>, site: String, may_write: bool) -> impl IntoView {
    let add = move || {
        may_write
            .then(|| view! { <ButtonLink href=paths::site_code_new(&site) icon=Icon::Plus>"Add code"</ButtonLink> })
    };
    view! {
        <Panel title="Codes" id="codes" actions=add>
            {if codes.is_empty() {
                view! { <p class="muted">"No code yet: alarm, gate, key safe, keypad, safe. Kept sealed, and opened one at a time with a reason."</p> }.into_any()
            } else {
                view! { <CodeLinks codes/> }.into_any()
            }}
        </Panel>
    }
}

/// The way to each code, wherever the site is shown.
#[component]
pub fn CodeLinks(codes: Vec<SiteCode>) -> impl IntoView {
    let rows = codes.into_iter().map(|code| {
        let SiteCode { id, kind, label, archived, .. } = code;
        view! {
            <li>
                <a href=safe_href(&paths::site_code(id))>{label}</a>
                <span class="muted">{format!(" · {kind}")}</span>
                {archived.then(|| view! { " "<Badge tone=Tone::Void text="Void"/> })}
            </li>
        }
    });
    view! { <ul class="lines">{rows.collect_view()}</ul> }
}
