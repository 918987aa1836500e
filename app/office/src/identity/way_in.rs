//! How people get in: passwords checked, sessions opened, cookies set. Runs on the server alone.

use super::server_fns::Invitation;
use domain::{
    Event, Refusal, Role,
    choice::Choice,
    fields,
    forms::{Done, Post},
    ids::{PersonId, ShopId},
    passwords::{self, Policy},
    shop::{AcceptForm, InviteForm, SignInForm, SignUpForm},
};
use gate::Result;
use store::{
    Db, Origin, Token,
    front_door::{accounts::NewOwner, tries::Tried},
    mail::Mail,
};

/// Lifetime of the staff cookie in seconds; the session's own limits are the database's.
pub const COOKIE_AGE: u32 = 12 * 3600;

/// Lifetime of the cookie by which a browser is known again, in seconds: as long as browsers keep any. It opens nothing.
const DEVICE_AGE: u32 = 400 * 86400;

pub async fn sign_up(form: SignUpForm) -> Result<Done> {
    let (db, origin) = gate::door()?;
    let (shop, taxes, owner) =
        form.read(store::identity::zone_known, db.front_door().judge_of(&form.password).await)?;
    gate::rate(&owner.email)?;
    let password_hash = db.front_door().hash_password(owner.password).await?;
    let owner = NewOwner { email: &owner.email, name: &owner.name, password_hash: &password_hash };
    let (shop, person) = db.front_door().sign_up(&shop, &taxes, &owner, &origin).await?;
    enter(&db, shop, person, &origin, "/").await
}

pub async fn sign_in(form: SignInForm) -> Result<Done> {
    let (db, origin) = gate::door()?;
    let email = fields::check(|c| c.email("email", &form.email))?;
    gate::rate(&email)?;
    let tried = db.front_door().try_password(&email, form.password, device().as_ref(), &origin).await?;
    let account = match tried {
        Tried::Right(account) if account.memberships.is_empty() => Tried::Wrong,
        tried => tried,
    }
    .right("password", "This e-mail address and password do not belong together. Check both.")?;
    enter(&db, account.memberships[0], account.person, &origin, gate::own_path(&form.next)).await
}

/// The token by which this browser is known from an earlier sign-in.
pub fn device() -> Option<Token> {
    gate::cookie_token("device")
}

/// The password was right: in, or to the second step of an account that has one.
async fn enter(db: &Db, shop: ShopId, person: PersonId, origin: &Origin, to: &str) -> Result<Done> {
    match super::proof::asked(db, shop, person, to).await? {
        Some(asked) => Ok(asked),
        None => open(db, shop, person, origin, to).await,
    }
}

/// Opens a session for somebody who has shown everything the account asks for.
pub async fn open(db: &Db, shop: ShopId, person: PersonId, origin: &Origin, to: &str) -> Result<Done> {
    let token = db.front_door().open_session(shop, person, origin).await?;
    gate::staff_cookie(&token.reveal(), COOKIE_AGE);
    let site = gate::origin_url()?;
    let browser = ui::browser(&origin.user_agent);
    db.front_door().tell_of_stranger(person, device().as_ref(), &browser, &site, origin).await?;
    let known = db.front_door().know_device(person, device()).await?;
    gate::cookie("device", &known.reveal(), DEVICE_AGE, false);
    Ok(gate::go(to))
}

/// Takes the staff cookie back.
pub fn forget() {
    gate::staff_cookie("", 0);
}

pub async fn invite(post: Post, form: InviteForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(domain::Permission::ManageMembers, &post).await?;
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
    let (db, actor) = gate::confirmed(domain::Permission::ManageMembers, &post).await?;
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
        Some(_) => {
            // A guess at this account's password, wherever it is made.
            let tried = db.front_door().try_password(&invite.email, form.password, device().as_ref(), &origin).await?;
            tried.right("password", "This is not the password of your account.")?;
            (String::new(), String::new())
        }
        None => {
            let policy = Policy { second_factor: false, cmmc: db.front_door().invite_asks_cmmc(&token).await? };
            let own = [invite.shop_name.as_str(), form.name.as_str(), invite.email.as_str()];
            let judge = db.front_door().judge_of(&form.password).await;
            let (name, password) = fields::check(|c| {
                (c.text("name", &form.name, 120), passwords::read(c, "password", &form.password, policy, &own, judge))
            })?;
            (name, db.front_door().hash_password(password).await?)
        }
    };
    let person = db.front_door().accept_invite(&token, invite.id, &name, &hash, &origin).await?;
    enter(&db, invite.shop, person, &origin, "/").await
}
