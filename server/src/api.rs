//! `/api/v1`: the road of the pages for machines. A key is an actor, narrowed; every change is one act of `store` and one
//! audit entry. Cookies are not looked at, so another site's page can do nothing in anybody's name.

mod audit;
mod caller;
mod clients;
mod contacts;
mod docs;
mod invoices;
mod jobs;
mod openings;
mod payments;
mod problem;
mod record;
mod sent;
mod sites;

pub use caller::shown_token;
pub use problem::Problem;

use axum::{Router, http::Method, routing::get};
use caller::Caller;
use record::{Answer, id, page, path, shown};
use sent::{Asked, Sent};
use std::sync::LazyLock;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// What stands before every path.
pub const BASE: &str = "/api/v1";

/// The description as it stands before the handlers add themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Shearline",
        version = "1",
        description = "Clients, jobs and money of one shop, for machines. Send a key of the shop, or the access token of a program that signed in, as `Authorization: Bearer shl_…` (`shla_…`). \
            Lists come in pages: pass `next_cursor` as `cursor` until it is null. A POST with an `Idempotency-Key` is done once, however often it is sent. \
            A PATCH names in `If-Match` the `ETag` it was made for. Amounts are in minor units of the shop's currency. Errors are RFC 9457 problems."
    ),
    modifiers(&Keyed)
)]
struct Described;

struct Keyed;

impl Modify for Keyed {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("shl_ or shla_, and 43 characters").build();
        document
            .components
            .get_or_insert_default()
            .security_schemes
            .insert("key".into(), SecurityScheme::Http(scheme).into());
    }
}

fn described() -> OpenApiRouter {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(clients::list, clients::create))
        .routes(routes!(clients::find, clients::change))
        .routes(routes!(contacts::list, contacts::create))
        .routes(routes!(contacts::find, contacts::change))
        .routes(routes!(sites::list, sites::create))
        .routes(routes!(sites::find, sites::change))
        .routes(routes!(openings::list, openings::create))
        .routes(routes!(openings::find, openings::change))
        .routes(routes!(jobs::list, jobs::create))
        .routes(routes!(jobs::find, jobs::change))
        .routes(routes!(jobs::step))
        .routes(routes!(invoices::list))
        .routes(routes!(invoices::find))
        .routes(routes!(payments::list, payments::create))
        .routes(routes!(payments::find))
        .routes(routes!(audit::list))
}

/// The description of every handler there is.
pub static DOCUMENT: LazyLock<utoipa::openapi::OpenApi> = LazyLock::new(|| described().into_openapi());

/// The routes, their description, and the one answer for what is not there.
pub fn routes() -> Router {
    let (router, _) = described().split_for_parts();
    router
        .route("/api/v1/openapi.json", get(docs::document))
        .route("/api/v1/docs", get(docs::page))
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .route("/api/{*rest}", axum::routing::any(|| async { Problem::not_found() }))
}

/// What the layers before the API refuse, in its own words.
pub fn nothing_here(method: &Method) -> Problem {
    if *method == Method::TRACE { Problem::method_not_allowed() } else { Problem::not_found() }
}
