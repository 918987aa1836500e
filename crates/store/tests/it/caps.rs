//! Capabilities put into the database by hand, so that every kind can be shown at every door.

use crate::harness::{Shop, TestDb};
use domain::Role;
use uuid::Uuid;

/// 64 hexadecimal digits that stand for a person of that role.
pub async fn session(db: &TestDb, shop: &Shop, role: Role) -> String {
    of_person(db, shop, shop.people[&role].uuid()).await
}

/// The same for one of the shop's people.
pub async fn of_person(db: &TestDb, shop: &Shop, person: Uuid) -> String {
    let role = format!("(select role from auth.memberships where shop_id = '{}' and person_id = '{person}')", shop.id);
    put(db, "session", "person_id, role, shop_id", &format!("'{person}', {role}, '{}'", shop.id)).await
}

/// The same for a visit by the link of client `n`.
pub async fn portal(db: &TestDb, shop: &Shop, n: usize) -> String {
    let (client, contact) = (shop.clients[n]["client"], shop.clients[n]["contact"]);
    put(
        db,
        "portal",
        "client_id, contact_id, link_id, shop_id",
        &format!("'{client}', '{contact}', '{}', '{}'", shop.links[n].0, shop.id),
    )
    .await
}

/// The same for somebody who runs the installation and has just shown a passkey.
pub async fn administrator(db: &TestDb) -> String {
    let digits = digits();
    let (admin, session) = (Uuid::now_v7(), Uuid::now_v7());
    db.sudo(&format!(
        "insert into instance.admins (id, name) values ('{admin}', 'Ada {admin}');
         insert into instance.sessions (hash, id, admin_id, expires_at)
         values (sha256(convert_to('{digits}', 'UTF8')), '{session}', '{admin}', app.now() + interval '4 hours')"
    ))
    .await;
    digits
}

fn digits() -> String {
    rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn put(db: &TestDb, kind: &str, columns: &str, values: &str) -> String {
    let digits = digits();
    db.sudo(&format!(
        "insert into auth.capabilities (hash, id, kind, idle, expires_at, {columns})
         values (sha256(convert_to('{digits}', 'UTF8')), '{}', '{kind}', '30 minutes', app.now() + interval '12 hours', {values})",
        Uuid::now_v7()
    ))
    .await;
    digits
}
