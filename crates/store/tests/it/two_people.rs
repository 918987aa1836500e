//! What opens to two people stays theirs, what was sealed last is what opens, and an opening that failed is told as one.

use crate::{
    caps,
    harness::{self, TestDb},
    reveal::{asked, decided, entries, form, opened, proved, recorded, swept},
    walker::{Outcome, attempt},
};
use domain::{
    Event, Permission, Refusal, Role,
    bittings::{BittingForm, FindForm},
    ids::BittingId,
    reveal::OpeningsFilter,
};
use std::sync::Arc;
use store::{Actor, Error, bittings, reveal};

async fn top_secret(db: &TestDb) -> BittingId {
    let secret = BittingForm { top_secret: "on".into(), ..form("Vault GGM", "41836", "") };
    recorded(db, &db.crowd.a, 0, &secret).await
}

/// Changes a record as its form does.
async fn changed(db: &TestDb, by: &Arc<Actor>, id: BittingId, form: &BittingForm) -> Result<(), Error> {
    let mut tx = db.db.write(by.allow(Permission::EditBittings).unwrap()).await.unwrap();
    let version = bittings::find(&mut tx, id).await.unwrap().version.to_string();
    let new = BittingForm { version, ..form.clone() }.read().unwrap();
    let client = bittings::update(&mut tx, id, &new).await?;
    tx.commit(Event::BittingChanged { record: id, client, resealed: new.secret.is_some() }).await
}

#[tokio::test]
async fn row_48_the_mark_of_a_top_secret_record_comes_off_by_two_people() {
    let db = harness::fresh().await;
    let record = top_secret(&db).await;
    let (manager, owner) = (proved(&db, &db.crowd.a, Role::Manager).await, proved(&db, &db.crowd.a, Role::Owner).await);
    let plain = form("Vault GGM", "", "");
    for one in [&manager, &owner] {
        let refused = changed(&db, one, record, &plain).await.unwrap_err();
        assert!(
            matches!(&refused, Error::Refusal(Refusal::Invalid(errors)) if errors.contains_key("top_secret")),
            "{refused}"
        );
    }
    // Nor by SQL in somebody's name.
    let (mut conn, cap) = (db.login("shearline_app").await, caps::session(&db, &db.crowd.a, Role::Owner).await);
    let by_hand = format!("update vault.bittings set top_secret = false where id = '{record}'");
    assert_eq!(attempt(&mut conn, &cap, &by_hand).await, Outcome::No("23514".into()));
    let release = asked(&db, &manager, record).await;
    assert!(decided(&db, &manager, release, true).await.is_err(), "one person is both");
    decided(&db, &owner, release, true).await.unwrap();
    changed(&db, &manager, record, &plain).await.unwrap();
    assert!(opened(&db, &manager, record).await.is_ok());
}

#[tokio::test]
async fn row_48_who_goes_to_jobs_is_no_second_person() {
    let db = harness::fresh().await;
    let record = top_secret(&db).await;
    let manager = proved(&db, &db.crowd.a, Role::Manager).await;
    let release = asked(&db, &manager, record).await;
    for role in [Role::Technician, Role::Dispatcher, Role::FrontDesk, Role::Auditor] {
        proved(&db, &db.crowd.a, role).await;
        let cap = caps::session(&db, &db.crowd.a, role).await;
        db.sudo("update auth.capabilities set confirmed_at = app.now()").await;
        let mut conn = db.login("shearline_app").await;
        let decide = format!("select count(*) from vault.decide_release('{release}', true)");
        assert_eq!(attempt(&mut conn, &cap, &decide).await, Outcome::No("42501".into()), "{role}");
    }
    assert!(opened(&db, &manager, record).await.is_err());
}

#[tokio::test]
async fn what_is_top_secret_is_not_confirmed_to_one_person_by_a_search() {
    let db = harness::fresh().await;
    swept(&db).await;
    top_secret(&db).await;
    let plain = recorded(&db, &db.crowd.a, 0, &form("Rear door", "41836", "")).await;
    let owner = proved(&db, &db.crowd.a, Role::Owner).await;
    let wanted = FindForm { bitting: "41836".into(), reason: "found in a drawer".into(), ..FindForm::default() };
    let grant = owner.allow(Permission::RevealSecrets).unwrap();
    let found = reveal::search(&db.db, grant, &wanted.read().unwrap()).await.unwrap();
    assert_eq!((found.among, found.rows.iter().map(|row| row.id).collect::<Vec<_>>()), (1, vec![plain.uuid()]));
}

/// A whole row, from a dump of before: the bytes fit their own number, and the chain knows that they were replaced.
#[tokio::test]
async fn row_42_an_older_sealing_put_back_whole_opens_nothing() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let record = recorded(&db, shop, 0, &form("Rear door", "41836", "")).await;
    let owner = proved(&db, shop, Role::Owner).await;
    db.sudo("create table public.dump as select * from vault.bittings").await;
    changed(&db, &owner, record, &form("Rear door", "52743", "")).await.unwrap();
    assert_eq!(opened(&db, &owner, record).await.unwrap().parts[0].1, "52743");
    let back = format!(
        "update vault.bittings b set sealed = d.sealed, sealing = d.sealing from public.dump d where d.id = b.id and b.id = '{record}'"
    );
    let mut superuser = db.login("postgres").await;
    assert!(sqlx::raw_sql(sqlx::AssertSqlSafe(back.clone())).execute(&mut superuser).await.is_err());
    db.sudo(&format!("set session_replication_role = replica; {back}")).await;
    let before = entries(&db, shop, 148).await;
    let refused = opened(&db, &owner, record).await.unwrap_err();
    assert!(matches!(&refused, Error::Refusal(Refusal::Conflict(words)) if words.contains("put it back")), "{refused}");
    assert_eq!(entries(&db, shop, 148).await, before);
    // What is written anew is newer than both.
    db.sudo(&format!("update vault.bittings set sealing = 2 where id = '{record}'")).await;
    changed(&db, &owner, record, &form("Rear door", "63814", "")).await.unwrap();
    assert_eq!(opened(&db, &owner, record).await.unwrap().parts[0].1, "63814");
}

#[tokio::test]
async fn row_49_an_opening_that_keyd_refused_is_told_as_one() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let record = recorded(&db, shop, 0, &form("Rear door", "41836", "")).await;
    let owner = proved(&db, shop, Role::Owner).await;
    for _ in 0..30 {
        opened(&db, &owner, record).await.unwrap();
    }
    assert_eq!((entries(&db, shop, 148).await, entries(&db, shop, 223).await), (30, 0));
    assert!(opened(&db, &owner, record).await.is_err(), "the thirty-first within an hour");
    assert_eq!((entries(&db, shop, 148).await, entries(&db, shop, 223).await), (31, 1));
    let mut tx = db.db.read(owner.allow(Permission::SeeAudit).unwrap()).await.unwrap();
    let report = reveal::openings(&mut tx, &OpeningsFilter::default()).await.unwrap();
    let told = report.rows.iter().filter(|row| row.what.contains("nothing was shown")).count();
    assert_eq!((told, report.rows[0].what.contains("nothing was shown")), (1, true), "{:?}", report.rows[0]);
}

#[tokio::test]
async fn while_keyd_is_away_a_release_is_not_spent() {
    let mut db = harness::fresh().await;
    let record = top_secret(&db).await;
    let (manager, owner) = (proved(&db, &db.crowd.a, Role::Manager).await, proved(&db, &db.crowd.a, Role::Owner).await);
    let release = asked(&db, &manager, record).await;
    decided(&db, &owner, release, true).await.unwrap();
    db.keyd.stop();
    assert!(opened(&db, &manager, record).await.is_err());
    db.keyd.go_on();
    assert_eq!(entries(&db, &db.crowd.a, 148).await, 0);
    assert_eq!(opened(&db, &manager, record).await.unwrap().parts[0].1, "41836");
}
