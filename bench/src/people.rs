//! Who asks: owners with sessions, clients with portal visits; and what they ask for.

use crate::ground::{Stocked, connect};
use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ids::{ClientId, ContactId},
    machines::{Namespace, NewApiKey, Reach, Scope},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::PgConnection;
use store::{Actor, Db, Origin, Token, front_door::api_keys};
use uuid::Uuid;

/// Clients who come by a link.
const VISITORS: i64 = 25;
/// Password of all owners, as `shearline seed --size` prints it.
pub const PASSWORD: &str = "bench-shop-2026";

/// A shop with its owner signed in, and some of its things.
pub struct Shop {
    /// Its id.
    pub id: Uuid,
    /// The owner's cookie.
    pub cookie: String,
    /// What a transaction of the owner presents to the database.
    pub cap: String,
    /// Ids and numbers of up to 400 jobs from anywhere in its past.
    pub jobs: Vec<(Uuid, i64)>,
    actor: Actor,
}

/// A client's invoice: the client's cookie, its id and its number.
pub struct Seen {
    /// The client's cookie.
    pub cookie: String,
    /// The invoice.
    pub id: Uuid,
    /// As printed on it.
    pub number: String,
}

fn origin() -> Origin {
    Origin { ip: "127.0.0.1".into(), user_agent: "bench".into() }
}

/// Address of a shop's owner.
pub fn email(nth: usize) -> String {
    format!("owner{nth:02}@bench.example")
}

/// The form of the sign-in page, filled in.
pub fn sign_in_form(email: &str, password: &str) -> String {
    format!(
        "post%5Bid%5D={}&post%5Bshop%5D=&post%5Bback%5D=%2Fsign-in&post%5Bform%5D=sign-in&form%5Bemail%5D={}&form%5Bpassword%5D={password}&form%5Bnext%5D=%2F",
        Uuid::new_v4(),
        email.replace('@', "%40")
    )
}

/// A key of the shop for a program that reads its jobs.
pub async fn key(on: &Stocked, shop: &Shop) -> Result<String> {
    let reach = Reach { scope: Scope::Read, namespaces: vec![Namespace::Jobs] };
    let new = NewApiKey { name: "bench".into(), reach, days: 1, trap: false };
    Ok(api_keys::text(&on.db.front_door().make_api_key(&shop.actor, "bench", &new).await?))
}

/// Signs an owner in, without the password: that is measured elsewhere.
pub async fn shop(on: &Stocked, nth: usize) -> Result<Shop> {
    let door = on.db.front_door();
    let account = door.find_account(&email(nth)).await?.context("no such owner")?;
    let shop = *account.memberships.first().context("an owner of nothing")?;
    let token = door.open_session(shop, account.person, &origin()).await?;
    let actor = door.resolve_session(&token, origin()).await?.context("a session that ended at once")?;
    let mut conn = connect(&on.url).await?;
    let jobs = sqlx::query_as("select id, number from app.jobs where shop_id = $1 order by md5(id::text) limit 400")
        .bind(shop.uuid())
        .fetch_all(&mut conn)
        .await?;
    Ok(Shop { id: shop.uuid(), cookie: format!("session={}", token.reveal()), cap: cap(&token)?, jobs, actor })
}

/// HMAC(token, "db"), as the store makes it.
fn cap(token: &Token) -> Result<String> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&URL_SAFE_NO_PAD.decode(token.reveal())?)?;
    mac.update(b"db");
    Ok(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Lets some clients of a shop in by a link each, and lists their invoices.
pub async fn visitors(on: &Stocked, shop: &Shop) -> Result<Vec<Seen>> {
    let mut conn = connect(&on.url).await?;
    let contacts: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "with chosen as (select client_id from app.invoices where shop_id = $1 group by client_id having count(*) >= 2 order by client_id limit $2)
         insert into app.contacts (shop_id, id, client_id, name) select $1, gen_random_uuid(), client_id, 'Bench Contact' from chosen returning id, client_id",
    )
    .bind(shop.id)
    .bind(VISITORS)
    .fetch_all(&mut conn)
    .await?;
    let mut seen = Vec::new();
    for (contact, client) in contacts {
        let cookie = visit(&on.db, shop, ClientId(client), ContactId(contact)).await?;
        for (id, number) in invoices(&mut conn, shop.id, client).await? {
            seen.push(Seen { cookie: cookie.clone(), id, number });
        }
    }
    Ok(seen)
}

async fn visit(db: &Db, shop: &Shop, client: ClientId, contact: ContactId) -> Result<String> {
    let door = db.front_door();
    let (_, link) = door.mint_portal_link(&shop.actor, client, contact).await?;
    let peek = door.peek_portal_link(&link, &origin()).await?.context("a link that opens nothing")?;
    Ok(format!("portal={}", door.redeem_portal_link(&link, &peek, &origin()).await?.reveal()))
}

async fn invoices(conn: &mut PgConnection, shop: Uuid, client: Uuid) -> Result<Vec<(Uuid, String)>> {
    let text = "select id, number from app.invoices where shop_id = $1 and client_id = $2 and serial is not null";
    Ok(sqlx::query_as(text).bind(shop).bind(client).fetch_all(conn).await?)
}
