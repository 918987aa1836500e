//! Alerts behind the walls: who sees which, and that closing one is for good.

use crate::{
    caps,
    harness::{self, TestDb},
    walker::{Outcome, attempt},
};
use domain::{
    Event, Permission, Refusal, Role,
    alerts::AlertFilter,
    ids::{ClientId, JobId},
};
use std::sync::Arc;
use store::{Actor, Error};
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
    let manager = db.crowd.a.actor(&db.db, Role::Manager).await;
    let mut conn = db.login("shearline_app").await;
    let cap = caps::session(&db, &db.crowd.a, Role::Owner).await;
    let change = |what: &str| format!("update app.alerts set {what} where id = '{alert}'");
    let in_anothers_name = format!("closed_at = app.now(), closed_by = '{}'", Uuid::nil());
    assert_eq!(attempt(&mut conn, &cap, &change(&in_anothers_name)).await, Outcome::No("42501".into()));
    close(&db, &manager, alert, "A hotel").await.expect("closed");
    for what in ["closed_at = null, closed_by = null", "note = 'nothing'"] {
        assert_eq!(attempt(&mut conn, &cap, &change(what)).await, Outcome::Rows(0), "{what}");
    }
    let note: String = db.ask(&format!("select note from app.alerts where id = '{alert}'")).await;
    assert_eq!(note, "A hotel");
    for by_hand in [
        format!("update app.alerts set note = 'nothing' where id = '{alert}'"),
        format!("update app.alerts set closed_by = actor where id = '{alert}'"),
        format!("delete from app.alerts where id = '{alert}'"),
    ] {
        let tried = sqlx::query(sqlx::AssertSqlSafe(by_hand.clone())).execute(&mut db.login("postgres").await).await;
        assert!(tried.is_err(), "{by_hand}");
    }
    // The chain holds that it was closed; what was said stands beside it, under a salted commitment.
    let payload: String = db.ask("select convert_from(payload, 'UTF8') from audit.entries where action = 190").await;
    assert!(!payload.contains("hotel") && !payload.contains("sha256"), "{payload}");
    let facts: String = db.ask("select convert_from(audit.facts(p), 'UTF8') from audit.personal p join audit.entries e using (shop_id, seq) where e.action = 190").await;
    assert!(facts.contains("A hotel") && facts.contains("Olive Owner signed in"), "{facts}");
}

async fn close(db: &TestDb, who: &Arc<Actor>, alert: Uuid, note: &str) -> Result<(), Error> {
    let mut tx = db.db.write(who.allow(Permission::CloseAlerts).expect("may")).await.expect("write");
    match store::alerts::close(&mut tx, alert.into(), note).await? {
        Some(event) => tx.commit(event).await,
        None => tx.commit_unsaid("").await,
    }
}

#[tokio::test]
async fn row_77_an_alert_about_oneself_is_closed_by_somebody_else_while_there_is_one() {
    let db = harness::fresh().await;
    let (shop, alert) = (db.crowd.a.clone(), db.crowd.a.clients[0]["alert"]);
    let owner = shop.actor(&db.db, Role::Owner).await; // the alert is about the owner
    let refused = close(&db, &owner, alert, "That was me").await;
    let words = "Somebody else closes an alert about you.";
    assert!(matches!(&refused, Err(Error::Refusal(Refusal::Conflict(why))) if why == words), "{refused:?}");
    // A manager from whom it is held back is nobody else.
    let others = [Role::Admin, Role::Manager].map(|role| format!("'{}'", shop.people[&role])).join(", ");
    db.sudo(&format!(
        "update auth.memberships set disabled_at = app.now() where shop_id = '{}' and person_id in ({others})",
        shop.id
    ))
    .await;
    close(&db, &owner, alert, "That was me").await.expect("there is nobody else");
    let told: i64 =
        db.ask(&format!("select count(*) from audit.entries where action = 218 and entity = '{alert}'")).await;
    assert_eq!(told, 1, "and the entry says so");
    // Of a decoy's alert managers know nothing: the only owner closes their own.
    let decoys = of_a_decoy(&db).await;
    db.sudo(&format!("update auth.memberships set disabled_at = null where shop_id = '{}'; update app.alerts set actor = '{}' where id = '{decoys}'", shop.id, owner.person)).await;
    close(&db, &owner, decoys, "That was me").await.expect("the only owner");
}

#[tokio::test]
async fn row_36_closing_a_decoys_alert_leaves_no_entry() {
    let db = harness::fresh().await;
    let owner = db.crowd.a.actor(&db.db, Role::Owner).await;
    let alert = of_a_decoy(&db).await;
    let entries = "select count(*) from audit.entries";
    let before: i64 = db.ask(entries).await;
    close(&db, &owner, alert, "Toby, stock-taking").await.expect("closed");
    assert_eq!(db.ask::<i64>(entries).await, before);
    let kept: String =
        db.ask(&format!("select closed_by::text || ' ' || note from app.alerts where id = '{alert}'")).await;
    assert_eq!(kept, format!("{} Toby, stock-taking", owner.person), "the alert itself keeps it");
    let late = format!(
        "update app.alerts set note = '' where id = '{alert}'; update app.alerts set note = 'Else' where id = '{alert}'"
    );
    assert!(sqlx::raw_sql(sqlx::AssertSqlSafe(late)).execute(&mut db.login("postgres").await).await.is_err());
}

#[tokio::test]
async fn row_80_words_about_a_forgotten_client_go_from_the_alerts() {
    let db = harness::fresh().await;
    let (shop, alert) = (db.crowd.a.clone(), of_a_decoy(&db).await);
    let (client, beside) = (shop.clients[0]["client"], shop.clients[1]["alert"]);
    let technician = shop.actor(&db.db, Role::Technician).await;
    let mut tx = db.db.write(technician.allow(Permission::WorkJobs).expect("may")).await.expect("begins");
    tx.fact("work", "x");
    tx.commit(Event::WorkRecorded { job: JobId(shop.clients[0]["job"]) }).await.expect("written");
    let mut named = Vec::new();
    // About a record of theirs, by an entry that names them, and about something else.
    for (id, what) in [
        (alert, format!("subject = '{}'", shop.clients[0]["photo"])),
        (shop.clients[0]["alert"], format!("actor = '{}', first = 1, last = 99999", technician.person)),
        (beside, "usual = 1".to_owned()),
    ] {
        db.sudo(&format!(
            "update app.alerts set {what}, note = 'Keys of ZZQ-CLIENT', place = '192.0.2.7' where id = '{id}'"
        ))
        .await;
        named.push(id);
    }
    crate::forgetting::settle(&db, client).await;
    let owner = crate::reveal::proved(&db, &shop, Role::Owner).await;
    db.db.front_door().forget_client(&owner, ClientId(client), "asked").await.expect("forgotten");
    for (id, left) in named.into_iter().zip(["192.0.2.7", "192.0.2.7", "Keys of ZZQ-CLIENT192.0.2.7"]) {
        let text: String = db.ask(&format!("select note || place from app.alerts where id = '{id}'")).await;
        assert_eq!(text, left);
    }
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
