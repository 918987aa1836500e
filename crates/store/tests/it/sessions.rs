//! A capability is the shop context: forged, expired, idle, revoked or shown at the wrong door it opens nothing.

use crate::{
    caps,
    harness::{self, TestDb},
    walker::{Outcome, attempt},
};
use domain::{Event, Permission, Refusal, Role, ids::*};
use sqlx::{AssertSqlSafe, Row};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use store::{Actor, Error, Scope, Token};
use uuid::Uuid;

/// How many clients an actor sees through the real road.
async fn clients_seen(db: &TestDb, actor: &Arc<Actor>) -> i64 {
    let mut tx = db.db.read(actor.allow(Permission::SeeClients).unwrap()).await.unwrap();
    sqlx::query_scalar("select count(*) from app.clients").fetch_one(tx.conn()).await.unwrap()
}

async fn lives(db: &TestDb, token: &Token) -> bool {
    db.db.front_door().resolve_session(token, harness::crowd::origin()).await.unwrap().is_some()
}

#[tokio::test]
async fn row_24_a_session_idle_for_half_an_hour_is_over() {
    let db = harness::fresh().await;
    let (token, actor) = db.crowd.a.session(&db.db, db.crowd.a.people[&Role::Owner]).await;
    assert_eq!((clients_seen(&db, &actor).await, lives(&db, &token).await), (2, true));
    db.later("29 minutes").await;
    assert_eq!((clients_seen(&db, &actor).await, lives(&db, &token).await), (2, true), "this request renews it");
    db.later("29 minutes").await;
    assert_eq!((clients_seen(&db, &actor).await, lives(&db, &token).await), (2, true));
    db.later("31 minutes").await;
    assert_eq!((clients_seen(&db, &actor).await, lives(&db, &token).await), (0, false));
}

#[tokio::test]
async fn row_24_a_session_in_constant_use_is_over_after_twelve_hours() {
    let db = harness::fresh().await;
    let (token, actor) = db.crowd.a.session(&db.db, db.crowd.a.people[&Role::Owner]).await;
    for _ in 0..35 {
        db.later("20 minutes").await;
        assert!(lives(&db, &token).await);
    }
    db.later("21 minutes").await;
    assert_eq!((clients_seen(&db, &actor).await, lives(&db, &token).await), (0, false));
}

#[tokio::test]
async fn signing_out_ends_even_a_transaction_that_is_open() {
    let db = harness::fresh().await;
    let (token, actor) = db.crowd.a.session(&db.db, db.crowd.a.people[&Role::Owner]).await;
    let mut open = db.db.read(actor.allow(Permission::SeeClients).unwrap()).await.unwrap();
    let mut write = db.db.write(actor.allow(Permission::EditClients).unwrap()).await.unwrap();
    sqlx::query("select 1").execute(write.conn()).await.unwrap();
    let count = "select count(*) from app.clients";
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(open.conn()).await.unwrap(), 2);
    db.db.front_door().end_session(&actor, actor.session).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(open.conn()).await.unwrap(), 0);
    let refused = write.commit(Event::ClientChanged { client: ClientId(Uuid::now_v7()) }).await;
    assert!(refused.is_err(), "no capability, no event, no commit");
    assert!(!lives(&db, &token).await);
}

#[tokio::test]
async fn a_member_disabled_or_changed_is_out_at_once() {
    let db = harness::fresh().await;
    let (a, door) = (&db.crowd.a, db.db.front_door());
    let owner = a.actor(&db.db, Role::Owner).await;
    for (enabled, event) in [
        (true, Event::MemberChanged { person: a.people[&Role::Dispatcher], role: Role::Technician }),
        (false, Event::MemberDisabled { person: a.people[&Role::Dispatcher] }),
    ] {
        let (token, actor) = a.session(&db.db, a.people[&Role::Dispatcher]).await;
        assert_eq!(
            clients_seen(&db, &actor).await,
            if enabled { 2 } else { 0 },
            "a technician without visits sees no client"
        );
        door.set_member(&owner, a.people[&Role::Dispatcher], Role::Technician, enabled, &event).await.unwrap();
        assert_eq!((clients_seen(&db, &actor).await, lives(&db, &token).await), (0, false));
    }
    assert!(
        door.open_session(a.id, a.people[&Role::Dispatcher], &harness::crowd::origin()).await.is_err(),
        "a disabled member signs in no more"
    );
}

#[tokio::test]
async fn a_revoked_or_expired_link_ends_its_visits() {
    let db = harness::fresh().await;
    let (a, door) = (&db.crowd.a, db.db.front_door());
    let owner = a.actor(&db.db, Role::Owner).await;
    let (token, visitor) = a.visitor(&db.db, 0).await;
    let seen = async |visitor: &Arc<store::scope::Visitor>| {
        let mut tx = db.db.visit(visitor.clone()).await.unwrap();
        sqlx::query_scalar::<_, i64>("select count(*) from app.invoices").fetch_one(tx.conn()).await.unwrap()
    };
    assert_eq!(seen(&visitor).await, 1);
    door.revoke_portal_link(&owner, a.links[0].0).await.unwrap();
    assert_eq!(seen(&visitor).await, 0);
    assert!(door.resolve_portal(&token, harness::crowd::origin()).await.unwrap().is_none());
    let link = Token::parse(&a.links[0].1).unwrap();
    assert!(door.peek_portal_link(&link, &crate::harness::crowd::origin()).await.unwrap().is_none());
    let second = Token::parse(&a.links[1].1).unwrap();
    for _ in 0..3 {
        assert!(
            door.peek_portal_link(&second, &crate::harness::crowd::origin()).await.unwrap().is_some(),
            "looking is not redeeming: a mail scanner may look"
        );
    }
    db.later("31 days").await;
    assert!(door.peek_portal_link(&second, &crate::harness::crowd::origin()).await.unwrap().is_none());
}

#[tokio::test]
async fn injected_settings_open_nothing() {
    let db = harness::fresh().await;
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let actor = b.actor(&db.db, Role::Owner).await;
    let stored: Vec<String> = db
        .ask(&format!("select array_agg(encode(hash, 'hex')) from auth.capabilities where shop_id = '{}'", a.id))
        .await;
    let mut guesses = vec![a.id.to_string(), a.people[&Role::Owner].to_string(), String::new()];
    guesses.extend(stored); // what a stolen backup would hold
    for guess in guesses {
        for name in ["app.cap", "app.shop_id", "app.ctx_shop"] {
            let mut tx = db.db.read(actor.allow(Permission::SeeClients).unwrap()).await.unwrap();
            sqlx::query("select set_config($1, $2, true)").bind(name).bind(&guess).execute(tx.conn()).await.unwrap();
            let shops: Vec<Uuid> =
                sqlx::query_scalar("select distinct shop_id from app.clients").fetch_all(tx.conn()).await.unwrap();
            assert!(!shops.contains(&a.id.uuid()), "{name} = {guess}");
        }
    }
    let cap = caps::session(&db, b, Role::Owner).await;
    let mut conn = db.login("shearline_app").await;
    for escape in [
        "set role shearline_owner",
        "set role postgres",
        "set session authorization postgres",
        "alter role shearline_app bypassrls",
        "select count(*) from auth.capabilities",
    ] {
        assert_eq!(attempt(&mut conn, &cap, escape).await, Outcome::No("42501".into()), "{escape}");
    }
    sqlx::raw_sql("set row_security = off").execute(&mut conn).await.unwrap();
    assert_eq!(
        attempt(&mut conn, &cap, "select count(*) from app.clients").await,
        Outcome::No("42501".into()),
        "row security off is an error, not a way round"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_begin_leaves_nothing_to_the_next() {
    let db = harness::fresh().await;
    let (a, b) = (db.crowd.a.actor(&db.db, Role::Owner).await, db.crowd.b.actor(&db.db, Role::Owner).await);
    let mut cancelled = 0;
    for n in 0..300_u64 {
        let begin = db.db.read(a.allow(Permission::SeeClients).unwrap());
        if tokio::time::timeout(Duration::from_micros(20 + n * 7 % 900), begin).await.is_err() {
            cancelled += 1;
        }
    }
    assert!(cancelled > 30, "hardly any begin was cancelled ({cancelled}): the test proves nothing");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let open: i64 = db.ask("select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'").await;
    assert_eq!(open, 0);
    for _ in 0..30 {
        let mut tx = db.db.read(b.allow(Permission::SeeClients).unwrap()).await.unwrap();
        let shops: BTreeSet<Uuid> = sqlx::query_scalar("select distinct shop_id from app.clients")
            .fetch_all(tx.conn())
            .await
            .unwrap()
            .into_iter()
            .collect();
        assert_eq!(shops, BTreeSet::from([db.crowd.b.id.uuid()]));
    }
}

#[tokio::test]
async fn a_read_cannot_write_and_no_permission_means_no_transaction() {
    let db = harness::fresh().await;
    let owner = db.crowd.a.actor(&db.db, Role::Owner).await;
    let mut tx = db.db.read(owner.allow(Permission::EditClients).unwrap()).await.unwrap();
    let error = sqlx::query("update app.clients set version = version").execute(tx.conn()).await.unwrap_err();
    assert!(error.to_string().contains("read-only transaction"), "{error}");
    let auditor = db.crowd.a.actor(&db.db, Role::Auditor).await;
    assert!(matches!(auditor.allow(Permission::EditClients), Err(Refusal::Forbidden(_))));
}

#[tokio::test]
async fn a_dropped_write_leaves_nothing() {
    let db = harness::fresh().await;
    let owner = db.crowd.a.actor(&db.db, Role::Owner).await;
    let all = format!("select sum(version)::bigint from app.clients where shop_id = '{}'", db.crowd.a.id);
    let before: i64 = db.ask(&all).await;
    let mut tx = db.db.write(owner.allow(Permission::EditClients).unwrap()).await.unwrap();
    let done = sqlx::query("update app.clients set version = version + 1").execute(tx.conn()).await.unwrap();
    assert_eq!(done.rows_affected(), 2);
    drop(tx);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(db.ask::<i64>(&all).await, before, "no event, no commit");
}

#[tokio::test]
async fn an_invitation_is_for_one_address_and_one_use() {
    let db = harness::fresh().await;
    let (a, door) = (&db.crowd.a, db.db.front_door());
    let owner = a.actor(&db.db, Role::Owner).await;
    let invite = async |email: &'static str| {
        let mut sent = None;
        door.invite(&owner, email, Role::Dispatcher, |token| {
            sent = Some(token.clone());
            store::mail::Mail { to: email.into(), subject: String::new(), text: String::new() }
        })
        .await
        .unwrap();
        sent.unwrap()
    };
    let token = invite("new@example.com").await;
    let found = door.find_invite(&token).await.unwrap().unwrap();
    assert_eq!(found.email, "new@example.com");
    let person = door.accept_invite(&token, found.id, "New", "hash", &harness::crowd::origin()).await.unwrap();
    let address: String = db.ask(&format!("select email from auth.people where id = '{person}'")).await;
    assert_eq!(address, "new@example.com", "the address comes from the invitation");
    let again = door.accept_invite(&token, found.id, "Other", "hash", &harness::crowd::origin()).await;
    assert!(matches!(again, Err(Error::Refusal(Refusal::NotFound))), "used once");
    let late = invite("late@example.com").await;
    db.later("8 days").await;
    assert!(door.find_invite(&late).await.unwrap().is_none(), "expired");
}

#[tokio::test]
async fn an_invitation_gives_no_more_than_its_sender_has_and_changes_no_member() {
    let db = harness::fresh().await;
    let (a, door) = (&db.crowd.a, db.db.front_door());
    let (owner, admin) = (a.actor(&db.db, Role::Owner).await, a.actor(&db.db, Role::Admin).await);
    let letter = |to: &str| store::mail::Mail { to: to.into(), subject: String::new(), text: String::new() };
    let mine = door.invite(&admin, "friend@example.com", Role::Owner, |_| letter("friend@example.com")).await;
    assert!(
        matches!(mine, Err(Error::Refusal(Refusal::Invalid(ref fields))) if fields.contains_key("role")),
        "{mine:?}"
    );
    let technician = a.email(Role::Technician);
    for ended in ["null", "now()"] {
        db.sudo(&format!(
            "update auth.memberships set disabled_at = {ended} where person_id = '{}'",
            a.people[&Role::Technician]
        ))
        .await;
        let again = door.invite(&owner, &technician, Role::Owner, |_| letter(&technician)).await;
        assert!(
            matches!(again, Err(Error::Refusal(Refusal::Invalid(ref fields))) if fields.contains_key("email")),
            "{again:?}"
        );
    }
    // Even an invitation that was open before its address became a member's.
    let mut sent = None;
    door.invite(&owner, "friend@example.com", Role::Admin, |token| {
        sent = Some(token.clone());
        letter("friend@example.com")
    })
    .await
    .unwrap();
    db.sudo(&format!("update auth.invites set email = '{technician}' where email = 'friend@example.com'")).await;
    let token = sent.unwrap();
    let found = door.find_invite(&token).await.unwrap().unwrap();
    assert!(door.accept_invite(&token, found.id, "", "", &harness::crowd::origin()).await.is_err());
    let (role, left): (String, bool) = (
        db.ask(&format!("select role from auth.memberships where person_id = '{}'", a.people[&Role::Technician])).await,
        db.ask(&format!(
            "select disabled_at is not null from auth.memberships where person_id = '{}'",
            a.people[&Role::Technician]
        ))
        .await,
    );
    assert_eq!((role.as_str(), left), ("technician", true));
}

#[tokio::test]
async fn a_shop_keeps_an_owner() {
    let db = harness::fresh().await;
    let (a, door) = (&db.crowd.a, db.db.front_door());
    let owner = a.actor(&db.db, Role::Owner).await;
    let me = a.people[&Role::Owner];
    let left = door
        .set_member(&owner, me, Role::Manager, true, &Event::MemberChanged { person: me, role: Role::Manager })
        .await;
    assert!(matches!(left, Err(Error::Refusal(Refusal::Conflict(_)))), "{left:?}");
    let admin = a.actor(&db.db, Role::Admin).await;
    let deposed = door
        .set_member(&admin, me, Role::Manager, true, &Event::MemberChanged { person: me, role: Role::Manager })
        .await;
    assert!(matches!(deposed, Err(Error::Refusal(Refusal::NotFound))), "an admin does not depose the owner");
    let manager = a.actor(&db.db, Role::Manager).await;
    let promoted = door
        .set_member(
            &manager,
            a.people[&Role::Technician],
            Role::Admin,
            true,
            &Event::MemberChanged { person: me, role: Role::Admin },
        )
        .await;
    assert!(promoted.is_err(), "members are the owner's and admin's, whatever a page forgot to ask");
}

#[tokio::test]
async fn access_notes_are_a_technicians_only_while_his_job_there_is_open() {
    let db = harness::fresh().await;
    let a = &db.crowd.a;
    let mut conn = db.login("shearline_app").await;
    let cap = caps::session(&db, a, Role::Technician).await;
    let notes = format!("select count(*) from vault.access_notes where site_id = '{}'", a.clients[0]["site"]);
    let others = format!("select count(*) from vault.access_notes where site_id <> '{}'", a.clients[0]["site"]);
    for (status, seen) in [
        ("scheduled", 1),
        ("en_route", 1),
        ("on_site", 1),
        ("completed", 0),
        ("invoiced", 0),
        ("closed", 0),
        ("cancelled", 0),
        ("refused", 0),
        ("new", 0),
    ] {
        db.sudo(&format!("alter table app.jobs disable trigger user; update app.jobs set status = '{status}' where shop_id = '{}'; alter table app.jobs enable trigger user", a.id)).await;
        assert_eq!(attempt(&mut conn, &cap, &notes).await, Outcome::Rows(seen), "{status}");
        assert_eq!(attempt(&mut conn, &cap, &others).await, Outcome::Rows(0), "{status}");
        let jobs = attempt(&mut conn, &cap, "select count(*) from app.jobs").await;
        assert_eq!(jobs, Outcome::Rows(1), "a job once visited stays in sight: {status}");
    }
}

#[tokio::test]
async fn every_connection_goes_back_clean() {
    let db = harness::fresh().await;
    let actor = db.crowd.a.actor(&db.db, Role::Owner).await;
    for _ in 0..20 {
        let mut tx = db.db.read(actor.allow(Permission::SeeClients).unwrap()).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe("set session app.cap = 'left behind'".to_owned()))
            .execute(tx.conn())
            .await
            .unwrap();
        drop(tx);
        tokio::time::sleep(Duration::from_millis(5)).await;
        let mut tx = db.db.read(actor.allow(Permission::SeeClients).unwrap()).await.unwrap();
        let row =
            sqlx::query("select current_setting('app.cap', true) <> 'left behind', (select count(*) from app.clients)")
                .fetch_one(tx.conn())
                .await
                .unwrap();
        assert!(row.get::<bool, _>(0) && row.get::<i64, _>(1) == 2);
    }
}

/// A page's first statement: it was once planned for so many rows that PostgreSQL compiled it each time.
#[tokio::test]
async fn who_is_there_is_planned_for_one_row() {
    let on = harness::fresh().await;
    let plan: serde_json::Value = on
        .ask("explain (format json) select * from auth.resolve_session('a'), auth.standing('a'), auth.withheld('a')")
        .await;
    assert_eq!(plan[0]["Plan"]["Plan Rows"], 1, "{plan}");
}
