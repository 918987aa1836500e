//! Server functions of people who come and go.

use domain::{
    Permission,
    forms::{Done, Page, Post},
    ids::{CustomRoleId, PersonId, ShopId},
    people::{AccessReview, CustomRole, GiveForm, LeaveForm, Leaving, RoleForm, Workplace},
    schedule::Technician,
    shop::Member,
};
use gate::Result;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The shops in which whoever asks works.
#[server(prefix = "/fn", endpoint = "office/workplaces")]
pub async fn workplaces() -> Result<Page<Vec<Workplace>>> {
    let (db, actor) = gate::front(Permission::OwnAccount, None).await?;
    gate::page(db.front_door().workplaces(&actor).await?).await
}

/// Goes over to another of one's own shops.
#[server(prefix = "/fn", endpoint = "office/switch_shop")]
pub async fn switch_shop(post: Post, shop: ShopId) -> Result<Done> {
    let (db, actor) = gate::front(Permission::OwnAccount, Some(&post)).await?;
    let token = db.front_door().switch_shop(&actor, shop).await?;
    gate::staff_cookie(&token.reveal(), crate::identity::way_in::COOKIE_AGE);
    Ok(gate::go("/"))
}

/// What the page shows before somebody is let go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeavePage {
    /// What they would leave behind.
    pub leaving: Leaving,
    /// Who could take visits over.
    pub successors: Vec<Technician>,
}

/// What a member who leaves would leave behind.
#[server(prefix = "/fn", endpoint = "office/find_leaving")]
pub async fn find_leaving(member: PersonId) -> Result<Page<LeavePage>> {
    let (db, actor) = gate::front(Permission::ManageMembers, None).await?;
    let leaving = db.front_door().leaving(&actor, member).await?;
    let mut tx = gate::read(Permission::ManageMembers).await?;
    let mut successors = store::identity::technicians(&mut tx).await?;
    successors.retain(|one| one.id != member);
    gate::page(LeavePage { leaving, successors }).await
}

/// Lets a member go.
#[server(prefix = "/fn", endpoint = "office/let_go")]
pub async fn let_go(post: Post, member: PersonId, #[server(default)] form: LeaveForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageMembers, &post).await?;
    let successor = form.successor.parse().ok().map(PersonId);
    db.front_door().let_go(&actor, member, successor, !form.end_links.is_empty()).await?;
    Ok(gate::go("/members"))
}

/// Everybody's access.
#[server(prefix = "/fn", endpoint = "office/open_review")]
pub async fn open_review() -> Result<Page<AccessReview>> {
    let (db, actor) = gate::front(Permission::ManageMembers, None).await?;
    gate::page(db.front_door().access_review(&actor).await?).await
}

/// Puts on the chain that everybody's access was looked at.
#[server(prefix = "/fn", endpoint = "office/record_review")]
pub async fn record_review(post: Post) -> Result<Done> {
    let (db, actor) = gate::front(Permission::ManageMembers, Some(&post)).await?;
    db.front_door().record_review(&actor).await?;
    Ok(gate::go("/members/review"))
}

/// The page of roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// The shop's own; empty for those who may not give them.
    pub custom: Vec<CustomRole>,
    /// Who could hold them.
    pub members: Vec<Member>,
    /// Whether whoever asks may give them.
    pub may_give: bool,
    /// Whether whoever asks may make them.
    pub may_make: bool,
}

/// What each role may do, and the shop's own roles.
#[server(prefix = "/fn", endpoint = "office/open_roles")]
pub async fn open_roles() -> Result<Page<Roles>> {
    let (db, actor) = gate::front(Permission::SeeMembers, None).await?;
    let may_give = actor.power.allows(Permission::ManageMembers);
    let mut page =
        Roles { custom: Vec::new(), members: Vec::new(), may_give, may_make: actor.role == domain::Role::Owner };
    if may_give {
        page.custom = db.front_door().custom_roles(&actor).await?;
        let mut tx = gate::read(Permission::ManageMembers).await?;
        page.members = store::identity::members(&mut tx).await?;
    }
    gate::page(page).await
}

/// Roles are the owner's to make; whoever manages members may give them.
#[cfg(not(target_arch = "wasm32"))]
fn owners(actor: &store::Actor) -> Result<(), domain::Refusal> {
    match actor.role {
        domain::Role::Owner => Ok(()),
        _ => Err(domain::Refusal::Forbidden("Only an owner makes and removes roles.".into())),
    }
}

/// Makes a role of the shop's own. A form sent twice makes one: the role's id is the form's.
#[server(prefix = "/fn", endpoint = "office/save_role")]
pub async fn save_role(post: Post, #[server(default)] form: RoleForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageMembers, &post).await?;
    owners(&actor)?;
    let (name, base, withheld) = form.read()?;
    let id = post.id.split('.').next().and_then(|id| id.parse().ok()).ok_or(domain::Refusal::NotFound)?;
    db.front_door().save_role(&actor, id, &name, base, &withheld).await?;
    Ok(gate::go("/members/roles"))
}

/// Removes a role nobody holds.
#[server(prefix = "/fn", endpoint = "office/drop_role")]
pub async fn drop_role(post: Post, role: CustomRoleId) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageMembers, &post).await?;
    owners(&actor)?;
    db.front_door().drop_role(&actor, role).await?;
    Ok(gate::go("/members/roles"))
}

/// Gives a member a role of the shop's own, or the whole of theirs again.
#[server(prefix = "/fn", endpoint = "office/give_role")]
pub async fn give_role(post: Post, form: GiveForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageMembers, &post).await?;
    let (member, role) = domain::fields::check(|c| (c.id("member", &form.member), c.optional_id("role", &form.role)))?;
    db.front_door().give_role(&actor, member, role).await?;
    Ok(gate::go("/members/roles"))
}
