//! How a page gets its data: one server function, loaded again when the path changes or a form on the page was done.

use crate::{AppError, Loaded, Result, held};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};
use serde::{Serialize, de::DeserializeOwned};
use std::{future::Future, pin::Pin, sync::Arc};
use ui::Reload;

/// The page's data, by `key`.
pub fn load<K, T, F>(
    key: impl Fn() -> K + Send + Sync + 'static,
    fetch: impl Fn(K) -> F + Send + Sync + 'static,
) -> Loaded<T>
where
    K: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let reload = use_context::<Reload>();
    Loaded::new(move || (key(), reload.map(|Reload(count)| count.get())), move |(key, _)| held(fetch(key)))
}

/// A part of the path, such as `id`; empty when it is missing.
pub fn param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|all| all.get(name).unwrap_or_default()))
}

/// A value of the query, such as `q`; empty when it is missing.
pub fn query(name: &'static str) -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|all| all.get(name).unwrap_or_default()))
}

/// Where a page that cannot be shown leaves its HTTP status. The server provides it; in a browser there is none.
#[derive(Clone)]
pub struct PageStatus(pub Arc<dyn Fn(u16) + Send + Sync>);

/// Shows a page's data once it is there, or says why it is not.
#[component]
pub fn Shown<T, V>(
    /// From [`load`].
    page: Loaded<T>,
    /// The page, given its data.
    children: fn(T) -> V,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    once_there(move || {
        Box::pin(async move {
            match page.await {
                Ok(data) => children(data).into_any(),
                Err(error) => view! { <NotShown error/> }.into_any(),
            }
        })
    })
}

/// The one place that waits, whatever for.
fn once_there(page: impl Fn() -> Pin<Box<dyn Future<Output = AnyView> + Send>> + Send + Sync + 'static) -> AnyView {
    let page: Arc<dyn Fn() -> Pin<Box<dyn Future<Output = AnyView> + Send>> + Send + Sync> = Arc::new(page);
    view! {
        <Transition fallback=|| view! { <p class="muted" role="status">"Loading…"</p> }>
            {move || Suspend::new(page())}
        </Transition>
    }
    .into_any()
}

/// Why a page cannot be shown.
#[component]
pub fn NotShown(error: AppError) -> impl IntoView {
    if let Some(PageStatus(set)) = use_context::<PageStatus>() {
        set(error.status());
    }
    let here = use_location().pathname.get_untracked();
    let (title, action) = match error.status() {
        _ if error == AppError::Confirm => ("Confirm it is you", (crate::confirm_path(&here), "Confirm")),
        _ if error == AppError::SecondStep => ("A second step first", ("/account/second-step".to_owned(), "Set it up")),
        401 => ("Sign in first", (format!("/sign-in?next={here}"), "Sign in")),
        403 => ("Not for your role", ("/".to_owned(), "Home")),
        404 => ("Nothing here", ("/".to_owned(), "Home")),
        503 => ("One moment", (String::new(), "Try again")),
        _ => ("This did not work", ("/".to_owned(), "Home")),
    };
    let words = match error.status() {
        404 => {
            "There is no such page, or it is not yours to see. If you followed a link, check it with whoever sent it."
                .to_owned()
        }
        _ => error.to_string(),
    };
    let action = ui::LinkTo { href: action.0, words: action.1.into() };
    view! {
        <Title text=title/>
        <ui::EmptyState title words action page=true/>
    }
}
