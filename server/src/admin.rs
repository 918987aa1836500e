//! The administration of the installation: a listener of its own on this machine, entered by passkey alone.
//!
//! Its pages are plain HTML in the look of the office; the one script is ours and does nothing but ask the browser's
//! authenticator. None of its paths is known to the public listener, and nothing of the office is known here.

pub mod command;
mod door;
mod health;
mod page;
mod shop;
mod shops;

use crate::{
    assets::{self, Assets},
    config::Config,
    layers::{
        bounds,
        context::{Site, cookie},
        cross_site, headers, log, rate,
    },
    outbound,
};
use app::Entries;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use serde::Deserialize;
use std::{path::PathBuf, sync::Arc, time::Instant};
use store::{
    Db, Error, Origin, Result, Token,
    instance::{Administrator, Instance},
};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

/// Where the administration begins.
pub const HOME: &str = "/installation";
/// Name of the cookie.
const COOKIE: &str = "admin";
/// It lives as long as a session can: four hours.
const COOKIE_AGE: u32 = 4 * 3600;
/// The script that asks the authenticator.
const SCRIPT: &str = include_str!("admin/passkey.js");

/// What the pages know of this installation.
#[derive(Clone)]
pub struct Admin {
    db: Db,
    /// Address of the administration, which its passkeys are bound to.
    url: Arc<str>,
    /// Address people reach the shops by: what letters name.
    public_url: Arc<str>,
    entries: Arc<Entries>,
    data: Arc<PathBuf>,
    since: Instant,
}

impl Admin {
    fn door(&self) -> Instance<'_> {
        self.db.instance()
    }
}

/// The whole administration; `None` where the settings do not ask for it.
pub fn router(db: &Db, config: &Config, assets: &Assets) -> Option<Router> {
    let url: Arc<str> = config.admin_url()?.into();
    let entries = Arc::clone(&assets.entries);
    let site = Site {
        db: db.clone(),
        public_url: Arc::clone(&url),
        trusted_proxies: Arc::new([]),
        entries: Arc::clone(&entries),
        limits: Arc::new(rate::Limits::new(config.requests_a_minute)),
        tries: std::sync::Arc::default(),
        reachable: Arc::new(outbound::reachable(&[])),
    };
    let admin = Admin {
        db: db.clone(),
        url: Arc::clone(&url),
        public_url: config.public_url.as_str().into(),
        entries,
        data: Arc::new(config.data.clone()),
        since: Instant::now(),
    };
    let files = Router::new()
        .route("/pkg/{*file}", get(assets::serve))
        .route("/fonts/{*file}", get(assets::serve))
        .route(&assets.entries.favicon, get(assets::serve))
        .with_state(assets.clone());
    Some(
        pages()
            .with_state(admin)
            .merge(files)
            .route("/", get(|| async { Redirect::to(HOME) }))
            .fallback(|| async { (StatusCode::NOT_FOUND, "There is nothing here.") })
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, crate::router::LONGEST))
            .layer(from_fn_with_state(site.clone(), bounds::keep))
            .layer(from_fn_with_state(site.clone(), cross_site::check))
            .layer(from_fn_with_state(url, this_machine))
            .layer(from_fn_with_state(site, rate::limit))
            .layer(from_fn(log::line))
            .layer(CatchPanicLayer::new())
            .layer(from_fn_with_state(headers::Fixed::new(None), headers::add)),
    )
}

/// Every path, for the tests that look for them elsewhere.
pub const PATHS: [&str; 16] = [
    "/installation",
    "/installation/passkey.js",
    "/installation/sign-in",
    "/installation/sign-in/ask",
    "/installation/sign-out",
    "/installation/enrol/{token}",
    "/installation/enrol/{token}/ask",
    "/installation/shops",
    "/installation/shops/new",
    "/installation/shops/{id}",
    "/installation/shops/{id}/suspend",
    "/installation/shops/{id}/resume",
    "/installation/shops/{id}/caps",
    "/installation/shops/{id}/owner",
    "/installation/health",
    "/installation/log",
];

fn pages() -> Router<Admin> {
    Router::new()
        .route("/installation", get(|| async { Redirect::to("/installation/shops") }))
        .route("/installation/passkey.js", get(script))
        .route("/installation/sign-in", get(door::show).post(door::sign_in))
        .route("/installation/sign-in/ask", post(door::ask))
        .route("/installation/sign-out", post(door::sign_out))
        .route("/installation/enrol/{token}", get(door::show_enrolment).post(door::enrol))
        .route("/installation/enrol/{token}/ask", post(door::ask_enrolment))
        .route("/installation/shops", get(shops::list).post(shops::open))
        .route("/installation/shops/new", get(shops::new))
        .route("/installation/shops/{id}", get(shop::show))
        .route("/installation/shops/{id}/suspend", post(shop::suspend))
        .route("/installation/shops/{id}/resume", post(shop::resume))
        .route("/installation/shops/{id}/caps", post(shop::caps))
        .route("/installation/shops/{id}/owner", post(shop::owner))
        .route("/installation/health", get(health::show))
        .route("/installation/log", get(health::log))
}

async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}

/// Answers to the names of this machine alone: a page of elsewhere whose name leads here (DNS rebinding) is refused. Passkeys
/// are bound to `localhost`, so its addresses lead there.
async fn this_machine(State(url): State<Arc<str>>, request: Request, next: Next) -> Response<Body> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    match name {
        "localhost" => next.run(request).await,
        "127.0.0.1" | "::1" if *request.method() == Method::GET => {
            Redirect::to(&format!("{url}{}", request.uri().path())).into_response()
        }
        _ => (StatusCode::MISDIRECTED_REQUEST, "The administration answers to localhost alone.").into_response(),
    }
}

/// A form as it was sent: its fields, and the passkey that was shown with it.
#[derive(Deserialize)]
struct Sent<F> {
    #[serde(flatten)]
    form: F,
    #[serde(default)]
    challenge: String,
    #[serde(default)]
    credential: String,
}

/// Somebody who is signed in, and the cookie to set when the session got another token.
struct Caller {
    who: Administrator,
    renewed: Option<Token>,
}

impl Caller {
    /// Adds the cookie, if there is one to set.
    fn answers(&self, admin: &Admin, answer: impl IntoResponse) -> Response<Body> {
        let mut response = answer.into_response();
        if let Some(token) = &self.renewed {
            set_cookie(&mut response, &gate::cookie_text(COOKIE, &token.reveal(), COOKIE_AGE, false, &admin.url));
        }
        response
    }
}

/// Who is signed in, or the way to the sign-in.
async fn caller(admin: &Admin, headers: &HeaderMap) -> Result<Caller, Response<Body>> {
    let token = cookie(headers, &gate::cookie_name(COOKIE, &admin.url)).and_then(|text| Token::parse(&text));
    let Some(token) = token else { return Err(to_sign_in()) };
    match admin.door().resolve(&token).await {
        Ok(Some(who)) => Ok(Caller { who, renewed: None }),
        Ok(None) => Err(to_sign_in()),
        Err(error) => Err(fault(&error)),
    }
}

/// The caller once a passkey was shown within ten minutes: with this very form, or before it. The database asks again.
async fn changing<F>(admin: &Admin, caller: Caller, sent: &Sent<F>) -> Result<Caller, (Caller, Error)> {
    if sent.credential.is_empty() {
        return Ok(caller);
    }
    let renewed = admin.door().confirm(&caller.who, &admin.url, &sent.challenge, &sent.credential).await;
    match renewed {
        Ok(token) => match admin.door().resolve(&token).await {
            Ok(Some(who)) => Ok(Caller { who, renewed: Some(token) }),
            Ok(None) => Err((caller, domain::Refusal::NotFound.into())),
            Err(error) => Err((caller, error)),
        },
        Err(error) => Err((caller, error)),
    }
}

fn to_sign_in() -> Response<Body> {
    Redirect::to("/installation/sign-in").into_response()
}

fn fault(error: &Error) -> Response<Body> {
    tracing::error!(%error, "the administration failed");
    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side; the log says what.").into_response()
}

/// Where a request came from, as it stands beside an audit entry.
fn origin(headers: &HeaderMap) -> Origin {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Origin { ip: "127.0.0.1".into(), user_agent: agent.chars().take(300).collect() }
}

fn set_cookie(response: &mut Response<Body>, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
