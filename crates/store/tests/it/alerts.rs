//! Alerts behind the walls: who sees which, and that closing one is for good.

use crate::{
    caps,
    harness::{self, TestDb},
    walker::{Outcome, attempt},
};
use domain::{Permission, Role, alerts::AlertFilter};
use uuid::Uuid;

/// An alert about a decoy, beside the one of the crowd.
async fn of_a_decoy(db: &TestDb) -> Uuid {
    let (shop, alert) = (&db.crowd.a, Uuid::now_v7());
    let person = shop.people[&Role::Technician];
    db.sudo(&format!(
        "insert into app.alerts (shop_id, id, rule, cause, at, actor, actor_kind, subject) values ('{}', '{alert}', 'decoy', 'd', app.now(), '{person}', 1, '{person}')",
        shop.id
    ))
    .await;
    alert
}

#[tokio::test]
async fn alerts_are_seen_by_those_who_watch_and_decoys_alone_by_owners() {
    let db = harness::fresh().await;
    of_a_decoy(&db).await;
    for role in Role::ALL {
        let cap = caps::session(&db, &db.crowd.a, role).await;
        let mut conn = db.login("shearline_app").await;
        let expected = match role {
            Role::Owner => 3,
            Role::Admin | Role::Manager | Role::Auditor => 2,
            _ => 0,
        };
        let seen = attempt(&mut conn, &cap, "select count(*) from app.alerts").await;
        assert_eq!(seen, Outcome::Rows(expected), "{role}");
        let open = db.crowd.a.actor(&db.db, role).await;
        if let Ok(grant) = open.allow(Permission::SeeAlerts) {
            let mut tx = db.db.read(grant).await.expect("read");
            assert_eq!(store::alerts::open(&mut tx).await.expect("count"), expected, "{role}");
            let (rows, _) = store::alerts::list(&mut tx, &AlertFilter::default()).await.expect("list");
            assert_eq!(rows.len(), usize::try_from(expected).expect("few"), "{role}");
        }
    }
}

#[tokio::test]
async fn a_closed_alert_stays_closed_whoever_writes_sql() {
    let db = harness::fresh().await;
    let alert = db.crowd.a.clients[0]["alert"];
    let owner = db.crowd.a.actor(&db.db, Role::Owner).await;
    let mut conn = db.login("shearline_app").await;
    let cap = caps::session(&db, &db.crowd.a, Role::Owner).await;
    let change = |what: &str| format!("update app.alerts set {what} where id = '{alert}'");
    let in_anothers_name = format!("closed_at = app.now(), closed_by = '{}'", Uuid::nil());
    assert_eq!(attempt(&mut conn, &cap, &change(&in_anothers_name)).await, Outcome::No("42501".into()));
    let mut tx = db.db.write(owner.allow(Permission::CloseAlerts).expect("may")).await.expect("write");
    let event = store::alerts::close(&mut tx, alert.into(), "A hotel").await.expect("closed");
    tx.commit(event).await.expect("commit");
    for what in ["closed_at = null, closed_by = null", "note = 'nothing'"] {
        assert_eq!(attempt(&mut conn, &cap, &change(what)).await, Outcome::Rows(0), "{what}");
    }
    let note: String = db.ask(&format!("select note from app.alerts where id = '{alert}'")).await;
    assert_eq!(note, "A hotel");
    let said: i64 = db.ask("select count(*) from audit.entries where action = 190 and position('hotel' in convert_from(payload, 'UTF8')) = 0").await;
    assert_eq!(said, 1, "the chain holds that it was closed, and a hash of what it said");
}

#[tokio::test]
async fn which_records_are_decoys_is_told_to_an_owner_and_to_nobody_else() {
    let db = harness::fresh().await;
    let (shop, client) = (&db.crowd.a, db.crowd.a.clients[0]["client"]);
    let owner = caps::session(&db, shop, Role::Owner).await;
    let mut conn = db.login("shearline_app").await;
    let plant = format!(
        "begin; set local app.cap = '{owner}'; select app.plant_decoy('{client}', 'client', '{client}'); commit"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(plant)).execute(&mut conn).await.expect("planted");
    let told = "select count(*) from app.decoys()";
    for role in Role::ALL {
        let cap = caps::session(&db, shop, role).await;
        let expected = i64::from(role == Role::Owner);
        assert_eq!(attempt(&mut conn, &cap, told).await, Outcome::Rows(expected), "{role}");
        if role != Role::Owner {
            for act in [format!("plant_decoy('{client}', 'client', '{client}')"), format!("remove_decoy('{client}')")] {
                let tried = attempt(&mut conn, &cap, &format!("select count(*) from (select app.{act}) x")).await;
                assert_eq!(tried, Outcome::No("42501".into()), "{role}: {act}");
            }
        }
    }
    // Nor to a key of the owner's, nor to the rival, nor to a client by link.
    let key = caps::session(&db, shop, Role::Owner).await;
    db.sudo(&format!("update auth.capabilities set kind = 'api_key' where hash = sha256(convert_to('{key}', 'UTF8'))"))
        .await;
    let rival = caps::session(&db, &db.crowd.b, Role::Owner).await;
    for cap in [key, rival] {
        assert_eq!(attempt(&mut conn, &cap, told).await, Outcome::Rows(0));
    }
    for login in ["shearline_app", "shearline_portal", "shearline_auth", "shearline_worker"] {
        let mut conn = db.login(login).await;
        for table in ["auth.decoys", "auth.touches"] {
            let read = attempt(&mut conn, &owner, &format!("select count(*) from {table}")).await;
            assert_eq!(read, Outcome::No("42501".into()), "{login} reads {table}");
        }
    }
}

#[tokio::test]
async fn who_is_forgotten_leaves_no_address_in_an_alert() {
    let db = harness::fresh().await;
    let (alert, person) = (of_a_decoy(&db).await, db.crowd.a.people[&Role::Technician]);
    db.sudo(&format!("update app.alerts set place = '192.0.2.44', note = 'Ask him' where id = '{alert}'")).await;
    db.sudo(&format!("update auth.memberships set forgotten_at = app.now() where person_id = '{person}'")).await;
    let left: String = db.ask(&format!("select place || note from app.alerts where id = '{alert}'")).await;
    assert_eq!(left, "");
}
