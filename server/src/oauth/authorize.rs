//! Before the page `/authorize` is shown: links that cannot be followed, and people who are not signed in.

use super::back;
use crate::layers::notice::Notice;
use app::Entries;
use axum::{
    Extension,
    extract::Request,
    http::{HeaderMap, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::programs::{ProgramQuery, WrongAsk};
use gate::AppError;
use std::sync::Arc;

/// Looks at a program's link. One by a stranger, or with an answer that would go elsewhere, is never followed anywhere.
pub async fn before(Extension(entries): Extension<Arc<Entries>>, request: Request, next: Next) -> Response {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    if request.uri().path() != "/authorize" || !looks {
        return next.run(request).await;
    }
    let Some(context) = request.extensions().get::<gate::Request>().cloned() else { return next.run(request).await };
    let link = request.uri().query().unwrap_or_default();
    let asked = ProgramQuery::parse(link).and_then(|query| match query.read() {
        Err(WrongAsk::Told(error, words)) => {
            Ok(Some(query.back(&context.public_url, &[("error", error), ("error_description", words)])))
        }
        read => read.map(|_| None),
    });
    match asked {
        Err(WrongAsk::Stranger(words) | WrongAsk::Told(_, words)) => {
            let text = format!("{words} Nothing was let in.").into();
            Notice {
                status: StatusCode::BAD_REQUEST,
                title: "This program cannot be let in",
                text,
                error: AppError::Call,
            }
            .answer(&request, &entries)
        }
        Ok(Some(to)) => Redirect::to(&to).into_response(),
        Ok(None) => match signed_in(&context).await {
            Ok(true) => next.run(request).await,
            Ok(false) => sign_in(&request, &entries),
            Err(unavailable) => unavailable.into_response(),
        },
    }
}

/// Asked of the database once: the page finds the same answer.
async fn signed_in(context: &gate::Request) -> Result<bool, StatusCode> {
    let found = context
        .actor
        .get_or_try_init(|| async {
            match &context.session {
                Some(token) => {
                    let actor = context.db.front_door().resolve_session(token, context.origin.clone()).await?;
                    Ok::<_, store::Error>(actor.map(Arc::new))
                }
                None => Ok(None),
            }
        })
        .await;
    found.map(Option::is_some).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
}

/// To the sign-in and back. A link followed from another site brings no cookie of ours along: a page of ours asks once more,
/// and to that the browser answers with it.
fn sign_in(request: &Request, entries: &Entries) -> Response {
    let here = request.uri().path_and_query().map_or("/authorize", |here| here.as_str());
    if from_elsewhere(request.headers()) {
        return back::on(&back::Onward { title: "One moment", words: "", link: "Go on", to: here }, entries);
    }
    Redirect::to(&gate::paths::with_next("/sign-in", here)).into_response()
}

fn from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    matches!(site, Some("cross-site" | "same-site"))
}
