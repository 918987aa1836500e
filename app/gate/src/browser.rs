//! What the way in comes to in a browser. A page's data waits there without its type, and a form is sent as it stands:
//! the code for loading, comparing, sending and reading is there once, and not once for each page and form.

use crate::{AppError, Result};
use domain::{Refusal, forms::Done};
use js_sys::Promise;
use leptos::{
    prelude::*,
    server::codee,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
};
use serde::de::DeserializeOwned;
use server_fn::{
    client::{Client, browser::BrowserClient},
    redirect::call_redirect_hook,
    request::{ClientReq, browser::BrowserRequest},
    response::{ClientRes, browser::BrowserResponse},
};
use std::{
    any::Any,
    convert::Infallible,
    future::{Future, IntoFuture},
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
};
use ui::Progress;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

/// On the server a page's loading holds on to its request; here there is none.
pub const fn held<F>(loading: F) -> F {
    loading
}

/// A page's data on its way.
pub struct Loaded<T> {
    answer: Resource<Answer, AsPrinted>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

impl<T: Clone + DeserializeOwned + Send + Sync + 'static> Loaded<T> {
    /// What `fetch` gets for `source`, anew whenever that changes; the first time what the server printed.
    pub fn new<S, F>(
        source: impl Fn() -> S + Send + Sync + 'static,
        fetch: impl Fn(S) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: Clone + PartialEq + Send + Sync + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let fetch = move |Source(source): Source| -> Fetching {
            let source: &dyn Any = &*source;
            let fetching = source.downcast_ref::<S>().cloned().map(&fetch);
            Box::pin(async move {
                let answer = match fetching {
                    Some(fetching) => fetching.await,
                    None => Err(AppError::Call),
                };
                Answer::Fetched(Arc::new(answer))
            })
        };
        let answer = resource(Box::new(move || Source(Arc::new(source()))), Box::new(fetch));
        Self { answer, of: PhantomData }
    }
}

impl<T: Clone + DeserializeOwned + Send + Sync + 'static> IntoFuture for Loaded<T> {
    type Output = Result<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let answer = self.answer.into_future();
        Box::pin(async move { answer.await.read() })
    }
}

type Fetching = Pin<Box<dyn Future<Output = Answer> + Send>>;

fn resource(
    source: Box<dyn Fn() -> Source + Send + Sync>,
    fetch: Box<dyn Fn(Source) -> Fetching + Send + Sync>,
) -> Resource<Answer, AsPrinted> {
    Resource::new_with_options(source, fetch, false)
}

/// What the data depends on.
#[derive(Clone)]
struct Source(Arc<dyn Compared>);

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.0.same(&*other.0)
    }
}

trait Compared: Any + Send + Sync {
    fn same(&self, other: &dyn Any) -> bool;
}

impl<S: PartialEq + Send + Sync + 'static> Compared for S {
    fn same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

/// A `Result` of whatever the page asked for.
#[derive(Clone)]
enum Answer {
    /// As the server printed it into the page.
    Printed(Arc<str>),
    /// As a server function gave it.
    Fetched(Arc<dyn Any + Send + Sync>),
}

impl Answer {
    fn read<T: Clone + DeserializeOwned + 'static>(&self) -> Result<T> {
        match self {
            // From bytes, as server functions read their answers: another source would be the whole reader once more.
            Self::Printed(text) => serde_json::from_slice(text.as_bytes()).unwrap_or(Err(AppError::Call)),
            Self::Fetched(answer) => answer.downcast_ref::<Result<T>>().cloned().unwrap_or(Err(AppError::Call)),
        }
    }
}

/// Leaves what the server printed as it is.
struct AsPrinted;

impl codee::Encoder<Answer> for AsPrinted {
    type Error = Infallible;
    type Encoded = String;

    /// Nothing: a browser prints no page.
    fn encode(_: &Answer) -> std::result::Result<String, Infallible> {
        Ok(String::new())
    }
}

impl codee::Decoder<Answer> for AsPrinted {
    type Error = Infallible;
    type Encoded = str;

    fn decode(printed: &str) -> std::result::Result<Answer, Infallible> {
        Ok(Answer::Printed(printed.into()))
    }
}

/// Sends a form's fields, URL-encoded as without script, and follows where the answer leads.
pub async fn send(path: &'static str, fields: String) -> Result<Done> {
    let (done, led_to) = sent(path, fields).await?;
    if let Some(to) = led_to {
        call_redirect_hook(&to);
    }
    Ok(done)
}

/// The same, but what it leads to is asked of the server as a new page: the answer set cookies that the next page reads.
pub async fn send_away(path: &'static str, fields: String) -> Result<Done> {
    let (done, _) = sent(path, fields).await?;
    go_away(&done.to);
    Ok(done)
}

fn go_away(to: &str) {
    let _ = window().location().assign(to);
}

async fn sent(path: &'static str, fields: String) -> Result<(Done, Option<String>)> {
    let (answer, form) = ("application/json", "application/x-www-form-urlencoded");
    let request = <BrowserRequest as ClientReq<AppError>>::try_new_post(path, form, answer, fields)?;
    let response = <BrowserClient as Client<AppError>>::send(request).await?;
    let failed = response_of(&response).status() >= 400;
    let led_to = response_of(&response).has_redirect().then(|| response_of(&response).location());
    let body = <BrowserResponse as ClientRes<AppError>>::try_into_bytes(response).await?;
    if failed {
        let error = serde_json::from_slice(&body).unwrap_or(AppError::Call);
        if error == AppError::Confirm {
            go_away(&crate::confirm_path(&here()));
        }
        return Err(error);
    }
    let done = serde_json::from_slice(&body).map_err(|_| AppError::Call)?;
    Ok((done, led_to))
}

/// Sends a form with a file, and tells how much of it is on its way. Too much is not sent at all.
pub async fn send_files(path: &'static str, form: FormData, progress: Progress) -> Result<Done> {
    if let Ok(file) = form.get("form[photos]").dyn_into::<File>()
        && file.size() > MOST_BYTES
    {
        let words = "This photo is larger than 25 MB. Send it smaller, or take it with fewer megapixels.".to_owned();
        return Err(AppError::Refusal(Refusal::Invalid([("photos".to_owned(), words)].into())));
    }
    let (status, body) = carried(path, &form, progress).await.map_err(|_| AppError::Call)?;
    match status {
        200..400 => serde_json::from_slice(body.as_bytes()).map_err(|_| AppError::Call),
        _ => Err(serde_json::from_slice(body.as_bytes()).unwrap_or(AppError::Call)),
    }
}

/// Most bytes of a photo, as the server takes it.
const MOST_BYTES: f64 = 25.0 * 1024.0 * 1024.0;

/// A request that tells how much of it is gone: `fetch` does not.
async fn carried(path: &str, form: &FormData, progress: Progress) -> std::result::Result<(u16, String), JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open("POST", path)?;
    request.set_request_header("accept", "application/json")?;
    let told = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        let part = event.loaded() / event.total().max(1.0);
        progress.set((part * 100.0).clamp(0.0, 100.0).round() as u32);
    });
    request.upload()?.set_onprogress(Some(told.as_ref().unchecked_ref()));
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_form_data(Some(form))?;
    JsFuture::from(ended).await?;
    Ok((request.status()?, request.response_text()?.unwrap_or_default()))
}

/// The page we are on.
fn here() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// The response, as one of those that fail with our error.
fn response_of(response: &BrowserResponse) -> &impl ClientRes<AppError> {
    response
}
