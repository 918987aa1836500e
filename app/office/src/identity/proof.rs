//! Proving who is there: the second step of signing in, "confirm it is you", and the means of both. Runs on the server
//! alone.

use super::way_in::open;
use domain::{
    Permission, Refusal, Role, fields,
    forms::{Done, Flash, Post},
    ids::{PersonId, ShopId},
    second_step::{AppSecret, ConfirmForm, Means, PasskeyForm, ProofForm, RolesForm, SecondSteps},
};
use gate::{AppError, Result, paths::with_next};
use qrcodegen::{QrCode, QrCodeEcc};
use std::{collections::BTreeMap, fmt::Write};
use store::{
    Actor, Db,
    front_door::{passkeys, pending::PENDING_LIFETIME},
};

/// Name of the form that brings codes to the page which shows them.
pub const CODES: &str = "codes";
/// Modules of white around a QR code.
const QUIET: i32 = 4;
/// Seconds codes wait to be shown: the lifetime of a flash.
const FLASH_AGE: u32 = 600;

/// Asks for the second step of an account that has one: no session is open before it is taken.
pub async fn asked(db: &Db, shop: ShopId, person: PersonId, to: &str) -> Result<Option<Done>> {
    let Some(token) = db.front_door().second_step(shop, person).await? else { return Ok(None) };
    gate::cookie("pending", &token.reveal(), PENDING_LIFETIME as u32, false);
    Ok(Some(gate::go(with_next("/sign-in/second-step", to))))
}

/// What may be shown for the sign-in that waits.
pub async fn waiting() -> Result<Option<Means>> {
    let (db, _) = gate::door()?;
    let Some(token) = gate::cookie_token("pending") else { return Ok(None) };
    match db.front_door().pending_means(&token).await {
        Ok(means) => Ok(Some(means)),
        Err(store::Error::Refusal(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub async fn by_code(form: ProofForm) -> Result<Done> {
    let (db, origin) = gate::door()?;
    let proof = fields::check(|c| c.text("proof", &form.proof, 40))?;
    let token = gate::cookie_token("pending")
        .ok_or_else(|| Refusal::Conflict("This sign-in took too long. Sign in with your password again.".into()))?;
    let pending = db.front_door().take_second_step(&token, &proof, &origin).await?;
    gate::cookie("pending", "", 0, false);
    open(&db, pending.shop, pending.person, &origin, gate::own_path(&form.next)).await
}

/// A passkey is both steps at once: whoever holds it has also shown a finger, a face or a PIN.
pub async fn by_passkey(form: PasskeyForm) -> Result<Done> {
    let (db, origin) = gate::door()?;
    let opened = db.front_door().open_by_passkey(&gate::origin_url()?, &form.challenge, &form.credential).await?;
    let shop = opened.shop.ok_or_else(|| Refusal::Conflict("You are no longer a member of any shop here.".into()))?;
    gate::cookie("pending", "", 0, false);
    open(&db, ShopId(shop), opened.person, &origin, gate::own_path(&form.next)).await
}

pub async fn confirm(post: Post, form: ConfirmForm) -> Result<Done> {
    let (db, actor) = gate::front(Permission::OwnAccount, Some(&post)).await?;
    let door = db.front_door();
    let hash = door.own_password(&actor).await?;
    if !door.verify_password(form.password, hash).await? {
        return Err(Refusal::field("password", "This is not the password of your account.").into());
    }
    if door.means(actor.person).await?.0.any() {
        let proof = fields::check(|c| c.text("proof", &form.proof, 40))?;
        door.prove(actor.person, &proof, &actor.origin).await?;
    }
    confirmed(&db, &actor, &form.next).await
}

pub async fn confirm_by_passkey(post: Post, form: PasskeyForm) -> Result<Done> {
    let (db, actor) = gate::front(Permission::OwnAccount, Some(&post)).await?;
    let opened = db.front_door().open_by_passkey(&gate::origin_url()?, &form.challenge, &form.credential).await?;
    if opened.person != actor.person {
        return Err(Refusal::Conflict("This passkey is somebody else's.".into()).into());
    }
    confirmed(&db, &actor, &form.next).await
}

/// The session goes on under a new token, and what was typed before comes back to its page.
async fn confirmed(db: &Db, actor: &Actor, next: &str) -> Result<Done> {
    let token = db.front_door().confirm_session(actor).await?;
    gate::staff_cookie(&token.reveal(), super::way_in::COOKIE_AGE);
    if let Some(kept) = gate::cookie_token("kept") {
        gate::cookie("flash", &kept.reveal(), FLASH_AGE, true);
        gate::cookie("kept", "", 0, true);
    }
    Ok(gate::go(gate::own_path(next)))
}

pub async fn own() -> Result<SecondSteps> {
    let (db, actor) = gate::front(Permission::OwnAccount, None).await?;
    let door = db.front_door();
    let (means, codes_left) = door.means(actor.person).await?;
    Ok(SecondSteps {
        app: means.app,
        codes_left,
        passkeys: door.own_passkeys(&actor).await?,
        passkeys_possible: passkeys::possible(&gate::origin_url()?),
        due: actor.second_step_due,
    })
}

/// The secret of an app on its way in. Seen by whoever has just confirmed, and by nobody else.
pub async fn new_app() -> Result<AppSecret> {
    let (db, actor) = gate::front(Permission::OwnAccount, None).await?;
    if !actor.confirmed {
        return Err(AppError::Confirm);
    }
    let secret = base32(&db.front_door().new_app(&actor).await?);
    let label = with_next("", &actor.name).replace("?next=", "");
    let address = format!("otpauth://totp/Shearline:{label}?secret={secret}&issuer=Shearline");
    let (size, picture) = picture(&address)?;
    let grouped = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    Ok(AppSecret { secret: grouped, size, picture })
}

pub async fn confirm_app(post: Post, form: ProofForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::OwnAccount, &post).await?;
    let proof = fields::check(|c| c.text("proof", &form.proof, 40))?;
    let codes = db.front_door().confirm_app(&actor, &proof).await?;
    shown_once(&db, codes).await
}

pub async fn renew_codes(post: Post) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::OwnAccount, &post).await?;
    let door = db.front_door();
    if !door.means(actor.person).await?.0.any() {
        return Err(Refusal::Conflict("Set up a code app or a passkey first.".into()).into());
    }
    shown_once(&db, Some(door.renew_codes(&actor).await?)).await
}

pub async fn add_passkey(post: Post, form: PasskeyForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::OwnAccount, &post).await?;
    let name = passkey_name(&form)?;
    let site = gate::origin_url()?;
    let codes = db.front_door().add_passkey(&actor, &site, &form.challenge, &form.credential, &name).await?;
    shown_once(&db, codes).await
}

pub fn passkey_name(form: &PasskeyForm) -> Result<String> {
    Ok(fields::check(|c| c.text("name", &form.name, 60))?)
}

pub async fn require(post: Post, form: RolesForm) -> Result<Done> {
    let (db, actor) = gate::confirmed(Permission::ManageMembers, &post).await?;
    if actor.role != Role::Owner {
        return Err(Refusal::Forbidden("Only an owner says who needs a second step.".into()).into());
    }
    let roles = form.roles.keys().filter_map(|role| Role::parse(role)).collect();
    db.front_door().require_second_step(&actor, roles).await?;
    Ok(gate::go("/members/second-step"))
}

/// Keeps new recovery codes, sealed, for the next page alone; without new ones, back to the overview.
async fn shown_once(db: &Db, codes: Option<Vec<String>>) -> Result<Done> {
    let Some(codes) = codes else { return Ok(gate::go("/account/second-step")) };
    let flash =
        Flash { form: CODES.into(), values: BTreeMap::from([(CODES.to_owned(), codes.join(" "))]), ..Flash::default() };
    let kept = serde_json::to_vec(&flash).map_err(|_| AppError::Call)?;
    let token = db.front_door().put_flash(&kept).await?;
    gate::cookie("flash", &token.reveal(), FLASH_AGE, true);
    Ok(gate::go("/account/second-step/codes"))
}

/// RFC 4648 base32 without padding, as code apps read secrets.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for five in bytes.chunks(5) {
        let mut block = [0; 8];
        block[3..3 + five.len()].copy_from_slice(five);
        let number = u64::from_be_bytes(block);
        let letters = (five.len() * 8).div_ceil(5);
        text.extend((0..letters).map(|n| char::from(LETTERS[(number >> (35 - 5 * n) & 31) as usize])));
    }
    text
}

/// A QR code as a path of unit squares, with its white border.
fn picture(text: &str) -> Result<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| AppError::Call)?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Ok((code.size() + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_as_the_standard_has_it() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
