//! A portal page's data, or a friendly word why it is not there. No detail: expired, revoked and never known look alike.

use gate::{AppError, PageStatus, Result};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use ui::{EmptyState, LinkTo};

/// Shows a page's data once it is there.
#[component]
pub fn Shown<T, V>(page: Resource<Result<T>>, children: fn(T) -> V) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(data) => children(data).into_any(),
                    Err(error) => view! { <NotShown error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// Why not, in words for a client.
#[component]
pub fn NotShown(error: AppError) -> impl IntoView {
    if let Some(PageStatus(set)) = use_context::<PageStatus>() {
        set(error.status());
    }
    let home = || LinkTo::new("/portal", "To the overview");
    match error.status() {
        401 => view! {
            <EmptyState title="Ask the shop for a new link" words="This page opens by the link the shop sent you. If that no longer works, call the shop and ask for a new one."/>
        }
        .into_any(),
        404 => view! { <EmptyState title="Nothing here" words="There is no such page, or it is not yours to see." action=home()/> }.into_any(),
        _ => view! { <EmptyState title="This did not work" words=error.to_string() action=home()/> }.into_any(),
    }
}
