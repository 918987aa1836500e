//! Server functions of identity.

use domain::{
    Permission, Power,
    forms::{Done, Page, Post},
    ids::{InviteId, PersonId, SessionId},
    shop::{AcceptForm, InviteForm, Member, OpenInvite, OwnSession, SignInForm, SignUpForm},
};
use gate::Result;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the office's frame shows of whoever is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The shop's name.
    pub shop: String,
    /// The person's name.
    pub name: String,
    /// What they may do.
    pub power: Power,
    /// How many alerts are open, for those who see them.
    pub alerts: i64,
}

/// Who is signed in, and where.
#[server(prefix = "/fn", endpoint = "office/whoami")]
pub async fn whoami() -> Result<Frame> {
    let (_, actor) = gate::front(Permission::OwnAccount, None).await?;
    let alerts = match actor.power.allows(Permission::SeeAlerts) && !actor.second_step_due {
        true => store::alerts::open(&mut gate::read(Permission::SeeAlerts).await?).await?,
        false => 0,
    };
    Ok(Frame { shop: actor.shop_name.clone(), name: actor.name.clone(), power: actor.power, alerts })
}

/// A ticket for a form of a page with nothing to load.
#[server(prefix = "/fn", endpoint = "office/blank")]
pub async fn blank() -> Result<Page<()>> {
    gate::page(()).await
}

/// Opens a shop and signs its owner in.
#[server(prefix = "/fn", endpoint = "office/sign_up")]
pub async fn sign_up(post: Post, form: SignUpForm) -> Result<Done> {
    let _ = post;
    super::way_in::sign_up(form).await
}

/// Signs in.
#[server(prefix = "/fn", endpoint = "office/sign_in")]
pub async fn sign_in(post: Post, form: SignInForm) -> Result<Done> {
    let _ = post;
    super::way_in::sign_in(form).await
}

/// Signs out: this session ends in the database, not only in the browser.
#[server(prefix = "/fn", endpoint = "office/sign_out")]
pub async fn sign_out(post: Post) -> Result<Done> {
    let _ = post;
    let (db, actor) = gate::front(Permission::OwnAccount, None).await?;
    db.front_door().end_session(&actor, actor.session).await?;
    super::way_in::forget();
    Ok(gate::go("/sign-in"))
}

/// Own live sessions.
#[server(prefix = "/fn", endpoint = "office/own_sessions")]
pub async fn own_sessions() -> Result<Page<Vec<OwnSession>>> {
    let (db, actor) = gate::front(Permission::OwnAccount, None).await?;
    gate::page(db.front_door().own_sessions(&actor).await?).await
}

/// Ends another of one's own sessions.
#[server(prefix = "/fn", endpoint = "office/revoke_session")]
pub async fn revoke_session(post: Post, session: SessionId) -> Result<Done> {
    let (db, actor) = gate::front(Permission::OwnAccount, Some(&post)).await?;
    db.front_door().end_session(&actor, session).await?;
    Ok(gate::go("/account"))
}

/// The members page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// Everybody, the ended memberships last.
    pub members: Vec<Member>,
    /// Invitations nobody has accepted.
    pub invites: Vec<OpenInvite>,
    /// Whether whoever asks may change them.
    pub may_manage: bool,
    /// Whether whoever asks may make owners, and change them.
    pub owner: bool,
    /// Who asks.
    pub me: PersonId,
}

/// Members and open invitations.
#[server(prefix = "/fn", endpoint = "office/list_members")]
pub async fn list_members() -> Result<Page<Members>> {
    let mut tx = gate::read(Permission::SeeMembers).await?;
    let members = store::identity::members(&mut tx).await?;
    let (db, actor) = gate::front(Permission::SeeMembers, None).await?;
    let invites = db.front_door().open_invites(&actor).await?;
    let (may_manage, owner) = (actor.role.allows(Permission::ManageMembers), actor.role == domain::Role::Owner);
    gate::page(Members { members, invites, may_manage, owner, me: actor.person }).await
}

/// Invites somebody by e-mail.
#[server(prefix = "/fn", endpoint = "office/invite")]
pub async fn invite(post: Post, form: InviteForm) -> Result<Done> {
    super::way_in::invite(post, form).await
}

/// Withdraws an invitation.
#[server(prefix = "/fn", endpoint = "office/revoke_invite")]
pub async fn revoke_invite(post: Post, invite: InviteId) -> Result<Done> {
    let (db, actor) = gate::front(Permission::ManageMembers, Some(&post)).await?;
    db.front_door().revoke_invite(&actor, invite).await?;
    Ok(gate::go("/members"))
}

/// Changes a member's role, or ends and restores the membership (`enabled`: "on" or empty).
#[server(prefix = "/fn", endpoint = "office/set_member")]
pub async fn set_member(
    post: Post,
    member: PersonId,
    role: String,
    #[server(default)] enabled: String,
) -> Result<Done> {
    super::way_in::set_member(post, member, role, enabled).await
}

/// What the page behind an invitation shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Into which shop.
    pub shop: String,
    /// The only address that may accept.
    pub email: String,
    /// As what.
    pub role: String,
    /// Whether that address has an account already: then its password is asked, not a new one.
    pub has_account: bool,
}

/// A live invitation by its token.
#[server(prefix = "/fn", endpoint = "office/find_invitation")]
pub async fn find_invitation(token: String) -> Result<Page<Invitation>> {
    gate::page(super::way_in::invitation(&token).await?).await
}

/// Accepts an invitation and signs in.
#[server(prefix = "/fn", endpoint = "office/accept_invite")]
pub async fn accept_invite(post: Post, token: String, form: AcceptForm) -> Result<Done> {
    let _ = post;
    super::way_in::accept(&token, form).await
}
