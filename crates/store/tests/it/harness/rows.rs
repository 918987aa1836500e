//! A row in every tenant table, for two clients of a shop. A table the walker finds without one fails.

use super::{
    cluster::run,
    crowd::{Shop, Things},
    keyd::keys,
};
use domain::Role;
use sqlx::PgConnection;
use uuid::Uuid;
use vault::{Place, WrappedShopKey};

/// What is named by an id of its own in `client.sql`.
const THINGS: &[&str] = &[
    "client",
    "channel",
    "note",
    "contact",
    "site",
    "code",
    "opening",
    "job",
    "authority",
    "line",
    "visit",
    "document",
    "signature",
    "invoice",
    "payment",
    "taken_back",
    "view",
    "link",
    "mail",
    "bitting",
    "release",
    "photo",
    "look",
    "alert",
];

/// Fills the shop and notes the ids in it.
pub async fn fill(superuser: &mut PgConnection, shop: &mut Shop) {
    let template = Uuid::now_v7();
    let people = [("shop", shop.id.uuid()), ("owner", shop.people[&Role::Owner].uuid()), ("template", template)];
    run(superuser, &written(include_str!("shop.sql"), &people, 0)).await;
    for n in 0..2 {
        shop.clients[n].insert("template", template);
        let made = one_more(superuser, shop, n + 1).await;
        shop.clients[n].extend(made);
    }
}

/// One more client of the shop, the `n`th, with everything that hangs on one.
pub async fn one_more(superuser: &mut PgConnection, shop: &Shop, n: usize) -> Things {
    let technician = if n == 2 { shop.second_technician } else { shop.people[&Role::Technician] };
    let made: Things = THINGS.iter().map(|thing| (*thing, Uuid::now_v7())).collect();
    let mut names = vec![
        ("shop", shop.id.uuid()),
        ("owner", shop.people[&Role::Owner].uuid()),
        ("template", shop.clients[0]["template"]),
        ("technician", technician.uuid()),
    ];
    names.extend(made.iter().map(|(name, id)| (*name, *id)));
    run(superuser, &written(include_str!("client.sql"), &names, n)).await;
    write_notes(superuser, shop.id.uuid(), made["site"], &format!("Key safe code {n}{n}{n}{n}")).await;
    made
}

/// Seals the access notes of a site as the store would.
async fn write_notes(superuser: &mut PgConnection, shop: Uuid, site: Uuid, notes: &str) {
    let (kek_id, wrapped) = sqlx::query_as("select kek_id, wrapped from vault.shop_keys where shop_id = $1")
        .bind(shop)
        .fetch_one(&mut *superuser)
        .await
        .expect("shop key");
    let key = keys().load_shop_key(shop, &WrappedShopKey { kek_id, wrapped }).expect("key");
    let place = Place { table: "vault.access_notes", row: site, column: "sealed", version: 1 };
    let sealed = key.seal(&place, notes.as_bytes()).expect("seal");
    sqlx::query("update vault.access_notes set sealed = $3 where shop_id = $1 and site_id = $2")
        .bind(shop)
        .bind(site)
        .bind(sealed)
        .execute(superuser)
        .await
        .expect("notes");
}

/// `{name}` becomes that id, `{n}` the client's number.
fn written(sql: &str, names: &[(&str, Uuid)], n: usize) -> String {
    let mut text = sql.replace("{n}", &n.to_string());
    for (name, id) in names {
        text = text.replace(&format!("{{{name}}}"), &format!("'{id}'"));
    }
    text
}
