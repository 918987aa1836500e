//! How people get in: passwords checked, sessions opened, cookies set. Runs on the server alone.

use super::server_fns::Invitation;
use domain::{
    Event, Refusal, Role,
    choice::Choice,
    fields,
    forms::{Done, Post},
    ids::{PersonId, ShopId},
    shop::{AcceptForm, InviteForm, SignInForm, SignUpForm},
};
use gate::Result;
use store::{
    Db, Origin, Token,
    front_door::{accounts::NewOwner, passwords},
    mail::Mail,
};

/// Lifetime of the staff cookie in seconds; the session's own limits are the database's.
const COOKIE_AGE: u32 = 12 * 3600;

pub async fn sign_up(form: SignUpForm) -> Result<Done> {
    let (db, origin) = gate::door()?;
    let (shop, taxes, owner) = form.read(store::identity::zone_known)?;
    gate::rate(&owner.email)?;
    let password_hash = passwords::hash(owner.password).await?;
    let owner = NewOwner { email: &owner.email, name: &owner.name, password_hash: &password_hash };
    let (shop, person) = db.front_door().sign_up(&shop, &taxes, &owner, &origin).await?;
    enter(&db, shop, person, &origin, "/").await
}

pub async fn sign_in(form: SignInForm) -> Result<Done> {
    let (db, origin) = gate::door()?;
    let email = fields::check(|c| c.email("email", &form.email))?;
    gate::rate(&email)?;
    let account = db.front_door().find_account(&email).await?;
    let known = passwords::verify(form.password, account.as_ref().map(|a| a.password_hash.clone())).await?;
    match account {
        Some(account) if known && !account.memberships.is_empty() => {
            enter(&db, account.memberships[0], account.person, &origin, gate::own_path(&form.next)).await
        }
        account => {
            db.front_door().record_failure(&email, account.map(|a| a.person), &origin).await?;
            Err(Refusal::field("password", "This e-mail address and password do not belong together. Check both.")
                .into())
        }
    }
}

async fn enter(db: &Db, shop: ShopId, person: PersonId, origin: &Origin, to: &str) -> Result<Done> {
    let token = db.front_door().open_session(shop, person, origin).await?;
    gate::staff_cookie(&token.reveal(), COOKIE_AGE);
    Ok(gate::go(to))
}

/// Takes the staff cookie back.
pub fn forget() {
    gate::staff_cookie("", 0);
}

pub async fn invite(post: Post, form: InviteForm) -> Result<Done> {
    let (db, actor) = gate::front(domain::Permission::ManageMembers, Some(&post)).await?;
    let (email, role) = fields::check(|c| (c.email("email", &form.email), c.choice::<Role>("role", &form.role)))?;
    let site = gate::origin_url()?;
    let (inviter, shop) = (actor.name.clone(), actor.shop_name.clone());
    db.front_door().invite(&actor, &email, role, |token| Mail {
        to: email.clone(),
        subject: format!("Join {shop} on Shearline"),
        text: format!(
            "{inviter} invites you to work with {shop} on Shearline, as {}.\n\nOpen this link within seven days:\n\n{site}/invite/{}\n\nOnly {email} can accept. If you did not expect this, do nothing.\n",
            role.words(), token.reveal(),
        ),
    }).await?;
    Ok(gate::go("/members"))
}

pub async fn set_member(post: Post, member: PersonId, role: String, enabled: String) -> Result<Done> {
    let (db, actor) = gate::front(domain::Permission::ManageMembers, Some(&post)).await?;
    let role = fields::check(|c| c.choice::<Role>("role", &role))?;
    let enabled = !enabled.is_empty();
    let event =
        if enabled { Event::MemberChanged { person: member, role } } else { Event::MemberDisabled { person: member } };
    db.front_door().set_member(&actor, member, role, enabled, &event).await?;
    Ok(gate::go("/members"))
}

pub async fn invitation(token: &str) -> Result<Invitation> {
    let (db, _) = gate::door()?;
    let token = Token::parse(token).ok_or(Refusal::NotFound)?;
    let invite = db.front_door().find_invite(&token).await?.ok_or(store::Error::Refusal(Refusal::NotFound))?;
    Ok(Invitation {
        shop: invite.shop_name,
        email: invite.email,
        role: Role::parse(&invite.role).map_or("member", Role::label).into(),
        has_account: invite.account.is_some(),
    })
}

pub async fn accept(token: &str, form: AcceptForm) -> Result<Done> {
    let (db, origin) = gate::door()?;
    let token = Token::parse(token).ok_or(Refusal::NotFound)?;
    let invite = db.front_door().find_invite(&token).await?.ok_or(store::Error::Refusal(Refusal::NotFound))?;
    gate::rate(&invite.email)?;
    let (name, hash) = match invite.account {
        Some((person, known)) => {
            if !passwords::verify(form.password, Some(known)).await? {
                // A guess at this account's password, wherever it is made.
                db.front_door().record_failure(&invite.email, Some(person), &origin).await?;
                return Err(Refusal::field("password", "This is not the password of your account.").into());
            }
            (String::new(), String::new())
        }
        None => {
            let (name, password) = fields::check(|c| {
                (c.text("name", &form.name, 120), domain::shop::password(c, "password", &form.password))
            })?;
            (name, passwords::hash(password).await?)
        }
    };
    let person = db.front_door().accept_invite(&token, invite.id, &name, &hash, &origin).await?;
    enter(&db, invite.shop, person, &origin, "/").await
}
