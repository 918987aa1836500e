//! A portal page inside its frame, or a friendly word why it is not there. No detail: expired, revoked and never known
//! look alike.

use crate::frame::Framed;
use domain::portal::Visited;
use gate::{AppError, Loaded, PageStatus};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use ui::LinkTo;

/// Shows a page's data once it is there. The frame comes with the data: a page inside a frame that is itself waited for
/// would be loaded twice, and each showing of a paper is recorded.
#[component]
pub fn Shown<T, V>(page: Loaded<Visited<T>>, children: fn(T) -> V) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(Visited { visit, data }) => view! { <Framed visit>{children(data)}</Framed> }.into_any(),
                    Err(error) => view! { <div class="portal"><main class="portal__main" id="main"><NotShown error/></main></div> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// Why not, in words for a client.
#[component]
fn NotShown(error: AppError) -> impl IntoView {
    if let Some(PageStatus(set)) = use_context::<PageStatus>() {
        set(error.status());
    }
    let home = || LinkTo::new("/portal", "To the overview");
    let (title, words, action) = match error.status() {
        401 => (
            "Ask the shop for a new link",
            "This page opens by the link the shop sent you. If that no longer works, call the shop and ask for a new one.".to_owned(),
            None,
        ),
        404 => ("Nothing here", "There is no such page, or it is not yours to see.".to_owned(), Some(home())),
        _ => ("This did not work", error.to_string(), Some(home())),
    };
    view! {
        <ui::PageHeader title/>
        <p>{words}</p>
        {action.map(|LinkTo { href, words }| view! { <p><a class="button" href=href>{words}</a></p> })}
    }
}
