//! Releases of top secret records: the rival's owner, freshly proved, holds shop A's ids.

use super::Call;
use crate::{
    caps,
    harness::{TestDb, crowd::Shop},
};
use domain::Role;
use uuid::Uuid;

/// By shop B's owner, about shop A's record and its askings.
pub async fn calls(db: &TestDb) -> Vec<Call> {
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let boss = caps::session(db, b, Role::Owner).await;
    prove(db, b).await;
    let (record, waiting, granted) = (a.clients[0]["bitting"], Uuid::now_v7(), Uuid::now_v7());
    let [asker, second] = [Role::Manager, Role::Owner].map(|role| a.people[&role]);
    db.sudo(&format!(
        "insert into vault.releases (shop_id, id, record_id, asked_by, reason, decided_by, decided_at, granted) values
           ('{0}', '{waiting}', '{record}', '{asker}', '', null, null, null), ('{0}', '{granted}', '{record}', '{asker}', '', '{second}', app.now(), true)",
        a.id
    ))
    .await;
    [
        ("app.proved(", String::new()),
        ("vault.decide_release(", format!("'{waiting}', true")),
        ("vault.use_release(", format!("'{record}'")),
        (
            "vault.take_own_key(",
            format!(
                "'vault', 'https://rival.example.com/transit/keys/k', '\\x012100000001', '{{1}}', (select array_agg(wrapped) from vault.shop_keys where shop_id = '{0}'), array['\\x0112'::bytea || sha512('x')]",
                a.id
            ),
        ),
        (
            "vault.leave_own_key(",
            format!(
                "'{{1}}', (select array_agg(wrapped) from vault.shop_keys where shop_id = '{0}'), array['\\x0111'::bytea || sha512('x')]",
                a.id
            ),
        ),
    ]
    .into_iter()
    .map(|(name, arguments)| Call {
        name,
        login: "shearline_app",
        cap: boss.clone(),
        sql: format!("select {name}{arguments})::text"),
    })
    .collect()
}

/// The owner's sessions count as confirmed, with a second step.
async fn prove(db: &TestDb, shop: &Shop) {
    let owner = shop.people[&Role::Owner];
    db.sudo(&format!(
        "insert into auth.totp (id, person_id, sealed, confirmed_at) values (gen_random_uuid(), '{owner}', '\\x00', app.now());
         update auth.capabilities set confirmed_at = app.now() where person_id = '{owner}'"
    ))
    .await;
}
