//! The native side: from the request to an actor, a grant and a transaction. The one native-only module of the pages.

mod rate;

pub use rate::rate;

use crate::{AppError, Result};
use domain::{
    Event, Permission,
    forms::{Done, Flash, Page, Post, Ticket},
    webhooks::Reachable,
};
use http::{HeaderName, HeaderValue, request::Parts};
use leptos::{
    prelude::{Owner, Resource, provide_context, use_context},
    reactive::computed::ScopedFuture,
};
use leptos_axum::ResponseOptions;
use std::sync::Arc;
use store::{
    Actor, Db, Origin, ReadTx, Token, WriteTx,
    portal::Viewed,
    scope::{PortalTx, Visitor},
};
use tokio::sync::OnceCell;
use ui::Progress;
use uuid::Uuid;
use web_sys::FormData;

/// What the server knows of a request before any page runs. It stands in the request's extensions.
#[derive(Clone)]
pub struct Request {
    /// The database.
    pub db: Db,
    /// Staff cookie.
    pub session: Option<Token>,
    /// Portal cookie.
    pub portal: Option<Token>,
    /// Where from.
    pub origin: Origin,
    /// What came back from a refused form.
    pub flash: Option<Flash>,
    /// SHA-256 of a posted body.
    pub body_hash: Vec<u8>,
    /// Address people reach us by, such as `https://shop.example`; decides cookie names and links in mail.
    pub public_url: Arc<str>,
    /// What webhooks may reach.
    pub reachable: Arc<Reachable>,
    /// A request asks for its actor several times; the database is asked once.
    pub actor: Arc<OnceCell<Option<Arc<Actor>>>>,
    /// The same for a visitor.
    pub visitor: Arc<OnceCell<Option<Arc<Visitor>>>>,
}

/// The request this server function runs for.
///
/// # Errors
/// A fault outside any request.
pub fn request() -> Result<Request> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Request>().cloned())
        .ok_or_else(|| fault("a server function ran outside a request"))
}

/// A page's data on its way.
pub type Loaded<T> = Resource<Result<T>>;

/// Runs a page's loading with its request at hand to the end. Owners know their parents weakly, and the view that asked for
/// the page may be rendered and gone before the database has answered.
pub fn held<F: Future>(loading: F) -> impl Future<Output = F::Output> {
    let owner = Owner::new();
    let (parts, response) = (use_context::<Parts>(), use_context::<ResponseOptions>());
    owner.with(|| {
        if let Some(parts) = parts {
            provide_context(parts);
        }
        if let Some(response) = response {
            provide_context(response);
        }
        ScopedFuture::new(loading)
    })
}

/// The server sends no forms: it prints them, and browsers do.
pub async fn send(_: &'static str, _: String) -> Result<Done> {
    Err(AppError::Call)
}

/// Nor those whose result is a new page.
pub async fn send_away(_: &'static str, _: String) -> Result<Done> {
    Err(AppError::Call)
}

/// Nor those with files.
pub async fn send_files(_: &'static str, _: FormData, _: Progress) -> Result<Done> {
    Err(AppError::Call)
}

impl Request {
    /// Who is signed in.
    ///
    /// # Errors
    /// [`AppError::SignedOut`].
    pub async fn actor(&self) -> Result<Arc<Actor>> {
        let found = self
            .actor
            .get_or_try_init(|| async {
                Ok::<_, store::Error>(match &self.session {
                    Some(token) => {
                        self.db.front_door().resolve_session(token, self.origin.clone()).await?.map(Arc::new)
                    }
                    None => None,
                })
            })
            .await?;
        found.clone().ok_or(AppError::SignedOut)
    }

    /// The right of whoever is signed in to do that, for routes that are no server functions: pictures, proofs.
    ///
    /// # Errors
    /// Signed out, forbidden.
    pub async fn grant(&self, permission: Permission) -> Result<store::Grant> {
        self.allowed(&self.actor().await?, permission).await
    }

    /// The one place that decides it, and records a refusal.
    async fn allowed(&self, actor: &Arc<Actor>, permission: Permission) -> Result<store::Grant> {
        if actor.second_step_due && permission != Permission::OwnAccount {
            return Err(AppError::SecondStep);
        }
        match actor.allow(permission) {
            Ok(grant) => Ok(grant),
            Err(refusal) => {
                self.db.front_door().record_denial(actor, permission).await?;
                Err(AppError::from(refusal))
            }
        }
    }
}

/// Who is signed in.
///
/// # Errors
/// [`AppError::SignedOut`].
pub async fn actor() -> Result<Arc<Actor>> {
    request()?.actor().await
}

/// What the server put beside this request for the function it runs: the files of a form.
#[must_use]
pub fn brought<T: Clone + Default + Send + Sync + 'static>() -> T {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<T>().cloned()).unwrap_or_default()
}

/// A transaction to read in, for those the permission is given to.
///
/// # Errors
/// Signed out, forbidden, unavailable.
pub async fn read(permission: Permission) -> Result<ReadTx> {
    let actor = actor().await?;
    let grant = allowed(&actor, permission).await?;
    Ok(request()?.db.read(grant).await?)
}

/// A transaction to change things in, for one sending of one form.
///
/// # Errors
/// Signed out, forbidden, unavailable, sent before, or sent in another shop's name.
pub async fn write(permission: Permission, post: &Post) -> Result<WriteTx> {
    let actor = actor().await?;
    let grant = allowed(&actor, permission).await?;
    if post.shop != actor.shop.to_string() {
        return Err(AppError::OtherShop);
    }
    let request = request()?;
    let mut tx = request.db.write(grant).await?;
    tx.once(&post.id, &request.body_hash).await?;
    Ok(tx)
}

async fn allowed(actor: &Arc<Actor>, permission: Permission) -> Result<store::Grant> {
    request()?.allowed(actor, permission).await
}

/// The front door, with whoever is signed in and allowed: members, links and sessions are minted by the auth login.
///
/// # Errors
/// Signed out, forbidden, sent in another shop's name.
pub async fn front(permission: Permission, post: Option<&Post>) -> Result<(Db, Arc<Actor>)> {
    let actor = actor().await?;
    allowed(&actor, permission).await?;
    if post.is_some_and(|post| post.shop != actor.shop.to_string()) {
        return Err(AppError::OtherShop);
    }
    Ok((request()?.db, actor))
}

/// The same, for an act that asks for a fresh proof of who is there: ten minutes old at most, of this very session.
///
/// # Errors
/// [`AppError::Confirm`], which leads to a page that asks for the proof and back; and whatever [`front`] says.
pub async fn confirmed(permission: Permission, post: &Post) -> Result<(Db, Arc<Actor>)> {
    let (db, actor) = front(permission, Some(post)).await?;
    if actor.confirmed { Ok((db, actor)) } else { Err(AppError::Confirm) }
}

/// The right to open something sealed, for whoever has just proved who they are. There is no form to be sent once: each
/// opening is its own entry.
///
/// # Errors
/// [`AppError::Confirm`], and whatever [`front`] says.
pub async fn secret(permission: Permission, post: &Post) -> Result<(Db, store::Grant)> {
    let (db, actor) = confirmed(permission, post).await?;
    let grant = actor.allow(permission)?;
    Ok((db, grant))
}

/// The front door, for somebody nobody knows yet.
///
/// # Errors
/// A fault outside any request.
pub fn door() -> Result<(Db, Origin)> {
    let request = request()?;
    Ok((request.db, request.origin))
}

/// Who came by a portal link, with the database for what they may do.
///
/// # Errors
/// Signed out when the link was revoked or has expired.
pub async fn visitor() -> Result<(Db, Arc<Visitor>)> {
    let request = request()?;
    let found = request
        .visitor
        .get_or_try_init(|| async {
            Ok::<_, store::Error>(match &request.portal {
                Some(token) => {
                    request.db.front_door().resolve_portal(token, request.origin.clone()).await?.map(Arc::new)
                }
                None => None,
            })
        })
        .await?;
    let visitor = found.clone().ok_or(AppError::SignedOut)?;
    Ok((request.db, visitor))
}

/// A transaction of the client's door.
///
/// # Errors
/// Signed out when the link was revoked or has expired.
pub async fn portal() -> Result<PortalTx> {
    let (db, visitor) = visitor().await?;
    Ok(db.visit(visitor).await?)
}

/// The same, for a paper whose every showing is recorded first.
///
/// # Errors
/// Signed out; not found when the paper is not the client's.
pub async fn portal_view(what: Viewed) -> Result<PortalTx> {
    let (db, visitor) = visitor().await?;
    Ok(db.view(visitor, what).await?)
}

/// Data with a ticket for the forms of its page.
///
/// # Errors
/// A fault outside any request.
pub async fn page<T>(data: T) -> Result<Page<T>> {
    let request = request()?;
    let shop = match request.session {
        Some(_) => actor().await.map(|actor| actor.shop.to_string()).unwrap_or_default(),
        None => String::new(),
    };
    Ok(Page { ticket: Ticket { id: Uuid::now_v7().to_string(), shop, flash: request.flash }, data })
}

/// Audit entry, commit, answer: the end of every change.
///
/// # Errors
/// Whatever kept it from being committed.
pub async fn done(tx: WriteTx, event: Event, to: impl Into<String>) -> Result<Done> {
    let to = to.into();
    tx.commit_to(event, &to).await?;
    Ok(go(to))
}

/// The answer of a form: where its result is.
#[must_use]
pub fn go(to: impl Into<String>) -> Done {
    let to = to.into();
    leptos_axum::redirect(&to);
    Done { to }
}

/// Address people reach us by, without a slash at the end.
///
/// # Errors
/// A fault outside any request.
pub fn origin_url() -> Result<Arc<str>> {
    Ok(request()?.public_url)
}

/// A path of ours, or home: never an address a form or link brought along.
#[must_use]
pub fn own_path(path: &str) -> &str {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/\\")
        && !path.starts_with("/fn/")
        && path.bytes().all(|b| b.is_ascii_graphic());
    if ours { path } else { "/" }
}

/// Name of a cookie: `__Host-` binds it to this host over TLS; plain http on one's own machine cannot have that.
#[must_use]
pub fn cookie_name(what: &str, public_url: &str) -> String {
    if public_url.starts_with("https:") { format!("__Host-{what}") } else { what.to_owned() }
}

/// Sets or, with an age of 0, takes back a cookie of ours. `lax` lets it come along when a link is followed here.
pub fn cookie(what: &str, value: &str, age: u32, lax: bool) {
    let Ok(request) = request() else { return };
    set_cookie(&cookie_text(what, value, age, lax, &request.public_url));
}

/// The text of such a cookie.
#[must_use]
pub fn cookie_text(what: &str, value: &str, age: u32, lax: bool, public_url: &str) -> String {
    let secure = if public_url.starts_with("https:") { "; Secure" } else { "" };
    let site = if lax { "Lax" } else { "Strict" };
    format!("{}={value}; Path=/; HttpOnly; SameSite={site}; Max-Age={age}{secure}", cookie_name(what, public_url))
}

/// The token in a cookie of ours, as it came with the request.
#[must_use]
pub fn cookie_token(what: &str) -> Option<Token> {
    let (parts, request) = (use_context::<Parts>()?, request().ok()?);
    let name = cookie_name(what, &request.public_url);
    let all = parts.headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).and_then(|(_, value)| Token::parse(value))
}

/// The staff cookie.
pub fn staff_cookie(value: &str, age: u32) {
    cookie("session", value, age, false);
}

/// Sets a cookie on the answer.
fn set_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(HeaderName::from_static("set-cookie"), value);
    }
}

impl AppError {
    /// A form sent twice is sent on to its first result.
    fn answered(self) -> Self {
        if let Self::Replayed(to) = &self {
            leptos_axum::redirect(to);
        }
        self
    }
}

impl From<store::Error> for AppError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Refusal(refusal) => Self::Refusal(refusal),
            store::Error::Replayed(to) => Self::Replayed(to),
            store::Error::Unavailable => Self::Unavailable,
            other => return fault(&other.to_string()),
        }
        .answered()
    }
}

/// Logs the cause once; the person gets its reference.
fn fault(cause: &str) -> AppError {
    let reference = Uuid::now_v7().simple().to_string()[20..].to_owned();
    tracing::error!(reference, cause, "unexpected");
    AppError::Unexpected(reference)
}
