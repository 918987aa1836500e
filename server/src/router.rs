//! Every route, and the layers before them.

use crate::{
    api,
    assets::{self, Assets},
    attachments,
    config::Config,
    dev_outbox, exports, functions,
    layers::{
        bounds,
        context::{self, Site},
        cross_site, headers, log, rate,
    },
    listen, oauth, outbound, portal_link, proof, security_txt, trust,
};
use anyhow::Result;
use app::{Entries, OfficeApp, PortalApp, portal_shell, shell};
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderName, HeaderValue, Request, Response, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::get,
};
use gate::PageStatus;
use leptos::prelude::{LeptosOptions, Owner, provide_context, use_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list, generate_route_list_with_exclusions,
};
use std::{
    future::Future,
    sync::{Arc, LazyLock},
    time::Duration,
};
use store::Db;
use tokio::net::TcpListener;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer};

/// How long one answer may take to begin: longer than any statement may run.
pub(crate) const LONGEST: Duration = Duration::from_secs(30);

/// Serves until `shutdown` comes, then lets requests under way end.
///
/// # Errors
/// A listener that fails.
pub async fn serve(
    listener: TcpListener,
    db: Db,
    config: Arc<Config>,
    assets: Assets,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let way = listen::Way::new(&config, None);
    listen::serve(listener, router(db, &config, assets), way, shutdown).await
}

/// The whole router.
pub fn router(db: Db, config: &Config, assets: Assets) -> Router {
    let entries = Arc::clone(&assets.entries);
    let site = Site {
        db: db.clone(),
        public_url: config.public_url.as_str().into(),
        trusted_proxies: config.trusted_proxies.clone().into(),
        entries: Arc::clone(&entries),
        limits: Arc::new(rate::Limits::new(config.requests_a_minute)),
        reachable: Arc::new(outbound::reachable(&config.webhook_networks)),
        tries: Arc::default(),
    };
    pages(&entries)
        .merge(files(&assets))
        .route("/p/{token}", get(portal_link::show).post(portal_link::open))
        .merge(dev_outbox::routes(config))
        .merge(attachments::routes())
        .merge(api::routes())
        .merge(exports::routes(&assets))
        .merge(oauth::routes())
        .merge(proof::routes(&assets))
        .merge(security_txt::routes(config))
        .merge(trust::routes(config))
        .fallback(nothing_here)
        .layer(from_fn(oauth::before))
        .layer(from_fn(functions::intercept))
        .layer(from_fn(readable))
        .layer(axum::Extension(entries))
        .layer(CompressionLayer::new())
        // A page that never comes would keep its reader waiting for ever.
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST))
        // Photos may take longer to come than any answer to begin.
        .layer(from_fn(attachments::receive))
        .layer(from_fn_with_state(site.clone(), context::provide))
        .layer(from_fn_with_state(site.clone(), bounds::keep))
        .layer(from_fn_with_state(site.clone(), cross_site::check))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready).with_state(db))
        .layer(from_fn_with_state(site, rate::limit))
        .layer(from_fn(log::line))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.").into_response()
        }))
        .layer(from_fn_with_state(headers::Fixed::new(config.hsts), headers::add))
}

/// Which pages there are.
pub struct Pages {
    /// Those of the office.
    pub office: Vec<AxumRouteListing>,
    /// Those of the portal.
    pub portal: Vec<AxumRouteListing>,
}

/// The pages, listed once in a process and before the first of them is shown: while leptos lists them it forbids every
/// resource of the process to load (`SuppressResourceLoad`), and one made in that moment, by a second server as in our
/// tests, would be waited for for ever.
pub static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    // Each list would bring the server functions along, and a path can be routed once.
    let functions = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    Pages {
        office: generate_route_list(OfficeApp),
        portal: generate_route_list_with_exclusions(PortalApp, Some(functions)),
    }
});

/// The pages of the office and of the portal.
fn pages(entries: &Arc<Entries>) -> Router {
    let options = LeptosOptions::builder().output_name("office").build();
    let (shown, by_link) = (Arc::clone(entries), Arc::clone(entries));
    Router::new()
        .leptos_routes_with_context(&options, PAGES.office.clone(), page_headers, move || shell(&shown))
        .leptos_routes_with_context(&options, PAGES.portal.clone(), portal_headers, move || portal_shell(&by_link))
        .with_state(options)
}

/// Runs before each page is rendered: its nonce goes into its policy, its failure into its status.
fn page_headers() {
    leptos::nonce::provide_nonce();
    if let Some(response) = use_context::<ResponseOptions>() {
        provide_context(PageStatus(Arc::new(move |status| {
            response.set_status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        })));
    }
    if let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), leptos::nonce::use_nonce())
        && let Ok(policy) = HeaderValue::from_str(&headers::page_policy(&nonce))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// The same for the portal, whose pages nothing hydrates: their data need not be printed a second time, as script.
fn portal_headers() {
    page_headers();
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
}

fn files(assets: &Assets) -> Router {
    let mut router =
        Router::new().route("/pkg/{*file}", get(assets::serve)).route("/fonts/{*file}", get(assets::serve));
    for path in assets.top_level() {
        router = router.route(&path, get(assets::serve));
    }
    router.with_state(assets.clone())
}

/// An address that means nothing names nothing.
async fn readable(request: Request<Body>, next: Next) -> Response<Body> {
    if bounds::odd(&request) { nothing_here(request).await } else { next.run(request).await }
}

/// The one answer for what is not there, or not to be seen.
pub async fn nothing_here(request: Request<Body>) -> Response<Body> {
    if request.uri().path().starts_with("/api/") {
        return api::nothing_here(request.method()).into_response();
    }
    let Some(entries) = request.extensions().get::<Arc<Entries>>().cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (parts, _) = request.into_parts();
    let mut as_get = Request::from_parts(parts, Body::empty());
    *as_get.method_mut() = axum::http::Method::GET;
    *as_get.uri_mut() = axum::http::Uri::from_static("/nothing-here");
    let page = leptos_axum::render_app_async_with_context(page_headers, move || shell(&entries));
    let mut response = page(as_get).await.into_response();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().remove(HeaderName::from_static("location"));
    response
}

async fn ready(State(db): State<Db>) -> Response<Body> {
    match db.ready().await {
        Ok(()) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be reached").into_response(),
    }
}
