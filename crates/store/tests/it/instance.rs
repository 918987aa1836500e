//! Whoever runs the installation: their login reads no table, whatever it presents, and what it may execute tells names and
//! counts. And caps: how many members and keys a shop may have, counted where they are made.

use crate::{
    caps,
    harness::{self, TestDb},
    walker::{self, Outcome, attempt},
};
use domain::{
    Refusal, Role,
    choice::Choice,
    machines::{Namespace, NewApiKey, Reach, Scope},
};
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeSet;
use store::{Error, mail::Mail};
use uuid::Uuid;

/// What the login may execute: all of it, reviewed. The first ten let somebody in; what comes after asks who is in.
const MAY: [&str; 18] = [
    "instance.confirm(bytea,uuid,jsonb)",
    "instance.empty_shop(uuid)",
    "instance.enrol(bytea,uuid,bytea,jsonb)",
    "instance.find_enrolment(bytea)",
    "instance.health()",
    "instance.invite_owner(uuid,uuid,text,bytea,interval,uuid,bytea,bytea,bytea)",
    "instance.lines()",
    "instance.open_session(uuid,bytea,uuid,jsonb)",
    "instance.open_shop(uuid,text,jsonb,integer,bytea,uuid,text,bytea,interval,uuid,bytea,bytea,bytea)",
    "instance.passkey_by_id(bytea)",
    "instance.put_challenge(bytea,bytea,jsonb)",
    "instance.resolve()",
    "instance.resume(uuid,bytea,bytea)",
    "instance.set_caps(uuid,integer,integer,bytea,bytea)",
    "instance.shops(uuid)",
    "instance.sign_out()",
    "instance.suspend(uuid,text,bytea,bytea)",
    "instance.take_challenge(bytea,bytea)",
];

#[tokio::test]
async fn row_29_the_administration_reads_nothing_of_a_shop() {
    let db = harness::fresh().await;
    let caps = [caps::administrator(&db).await, caps::session(&db, &db.crowd.a, Role::Owner).await, String::new()];
    let mut root = db.login("postgres").await;
    let relations: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!(
        "select n.nspname || '.' || quote_ident(c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in {} and c.relkind in ('r','p','v','m','S')",
        walker::SCHEMAS
    )))
    .fetch_all(&mut root)
    .await
    .unwrap();
    assert!(relations.len() > 60, "{relations:?}");
    let mut conn = db.login("shearline_instance").await;
    for relation in &relations {
        for cap in &caps {
            let outcome = attempt(&mut conn, cap, &format!("select count(*) from {relation}")).await;
            assert_eq!(outcome, Outcome::No("42501".into()), "{relation}");
        }
    }
    let may: BTreeSet<String> = sqlx::query_scalar(AssertSqlSafe(format!(
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in {} and has_function_privilege('shearline_instance', p.oid, 'execute')",
        walker::SCHEMAS
    )))
    .fetch_all(&mut root)
    .await
    .unwrap()
    .into_iter()
    .collect();
    assert_eq!(may, MAY.map(str::to_owned).into_iter().collect());
}

/// What somebody who is signed in is told, as text.
async fn told(db: &TestDb, cap: &str, question: &str) -> Result<String, String> {
    let mut conn = db.login("shearline_instance").await;
    sqlx::raw_sql(AssertSqlSafe(format!("begin; set local app.cap = '{cap}'"))).execute(&mut conn).await.unwrap();
    let rows = sqlx::query(AssertSqlSafe(format!("select x::text from {question} x"))).fetch_all(&mut conn).await;
    match rows {
        Ok(rows) => Ok(rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")),
        Err(sqlx::Error::Database(no)) => Err(no.code().unwrap_or_default().into_owned()),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn row_29_what_the_administration_is_told_are_names_and_counts() {
    let db = harness::fresh().await;
    let cap = caps::administrator(&db).await;
    let mut all = String::new();
    for question in ["instance.shops(null)", "instance.health()", "instance.lines()"] {
        all += &told(&db, &cap, question).await.unwrap();
        for nobody in ["", &caps::session(&db, &db.crowd.a, Role::Owner).await, &"ab".repeat(32)] {
            assert_eq!(told(&db, nobody, question).await, Err("42501".into()), "{question}");
        }
    }
    assert!(all.contains("northgate Lock & Key") && all.contains("southgate Lock & Key"), "{all}");
    let mut root = db.login("postgres").await;
    let secrets: Vec<String> = sqlx::query_scalar(
        "select name from app.clients union select email from auth.people union select name from auth.people
         union select address from app.sites union select phone from app.contacts",
    )
    .fetch_all(&mut root)
    .await
    .unwrap();
    assert!(secrets.len() > 20, "{secrets:?}");
    for secret in secrets.iter().filter(|secret| secret.len() > 3) {
        assert!(!all.contains(secret.as_str()), "{secret} stands in\n{all}");
    }
    // A key to seal a letter with is given out only where nobody works yet.
    let of_a = format!("instance.empty_shop('{}')", db.crowd.a.id);
    assert_eq!(told(&db, &cap, &of_a).await, Ok(String::new()));
}

#[tokio::test]
async fn row_29_the_log_of_the_installation_only_grows() {
    let db = harness::fresh().await;
    db.sudo("set role shearline_owner; select instance.note('Ada', 'signed in', null, '')").await;
    for statement in ["update instance.log set who = 'Eve'", "delete from instance.log", "truncate instance.log"] {
        let mut conn = db.login("postgres").await;
        sqlx::raw_sql("set role shearline_owner; set session_replication_role = replica").execute(&mut conn).await.ok();
        let refused = sqlx::raw_sql(statement).execute(&mut conn).await.expect_err(statement);
        assert_eq!(refused.as_database_error().and_then(|no| no.code()).as_deref(), Some("42501"), "{statement}");
    }
}

fn letter() -> Mail {
    Mail { to: "new@northgate.example".into(), subject: "Join us".into(), text: "…".into() }
}

/// Sets a cap of shop A.
async fn cap(db: &TestDb, kind: &str, most: i64) {
    let shop = db.crowd.a.id;
    db.sudo(&format!(
        "insert into auth.caps values ('{shop}', '{kind}', {most}) on conflict (shop_id, kind) do update set most = excluded.most"
    ))
    .await;
}

async fn taken(db: &TestDb, kind: &str) -> i64 {
    db.ask(&format!("select auth.taken('{}', '{kind}')", db.crowd.a.id)).await
}

fn said_full<T>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Refusal(Refusal::Conflict(words))) if words.contains("as it may have"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_12_fifty_invitations_at_the_cap_make_one() {
    let db = harness::fresh().await;
    let boss = db.crowd.a.actor(&db.db, Role::Owner).await;
    let most = taken(&db, "members").await + 1;
    cap(&db, "members", most).await;
    let mut tasks = Vec::new();
    for n in 0..50 {
        let (pool, boss) = (db.db.clone(), boss.clone());
        tasks.push(tokio::spawn(async move {
            loop {
                let email = format!("new-{n}@northgate.example");
                match pool.front_door().invite(&boss, &email, Role::Technician, |_| letter()).await {
                    // Fifty wait for six connections.
                    Err(Error::Unavailable) => {}
                    outcome => return outcome,
                }
            }
        }));
    }
    let (mut made, mut full) = (0, 0);
    for task in tasks {
        let outcome = task.await.unwrap();
        made += i32::from(outcome.is_ok());
        full += i32::from(said_full(&outcome));
    }
    assert_eq!((made, full, taken(&db, "members").await), (1, 49, most));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_12_fifty_keys_at_the_cap_make_one() {
    let db = harness::fresh().await;
    let boss = db.crowd.a.actor(&db.db, Role::Owner).await;
    cap(&db, "api_keys", taken(&db, "api_keys").await + 1).await;
    let new = NewApiKey {
        name: "Books".into(),
        reach: Reach { scope: Scope::Read, namespaces: Namespace::ALL.to_vec() },
        days: 30,
        trap: false,
    };
    let mut tasks = Vec::new();
    for _ in 0..50 {
        let (pool, boss, new) = (db.db.clone(), boss.clone(), new.clone());
        tasks.push(tokio::spawn(async move {
            let form = Uuid::now_v7().to_string();
            loop {
                match pool.front_door().make_api_key(&boss, &form, &new).await {
                    Err(Error::Unavailable) => {}
                    outcome => return outcome,
                }
            }
        }));
    }
    let (mut made, mut full) = (0, 0);
    for task in tasks {
        let outcome = task.await.unwrap();
        made += i32::from(outcome.is_ok());
        full += i32::from(said_full(&outcome));
    }
    assert_eq!((made, full), (1, 49));
}

#[tokio::test]
async fn row_12_a_place_is_given_back_and_whoever_returns_takes_one() {
    let db = harness::fresh().await;
    let (shop, door) = (&db.crowd.a, db.db.front_door());
    let boss = shop.actor(&db.db, Role::Owner).await;
    cap(&db, "members", taken(&db, "members").await).await;
    let invite = async |email: &str| door.invite(&boss, email, Role::Technician, |_| letter()).await;
    assert!(said_full(&invite("one@northgate.example").await));
    // The same address again takes the place of its own open invitation.
    invite("later@northgate.example").await.unwrap();
    let gone = shop.people[&Role::Bookkeeper];
    let set = async |enabled: bool| {
        let event = domain::Event::MemberDisabled { person: gone };
        door.set_member(&boss, gone, Role::Bookkeeper, enabled, &event).await
    };
    set(false).await.unwrap();
    invite("one@northgate.example").await.unwrap();
    assert!(said_full(&set(true).await), "there is no place to come back to");
    db.later("8 days").await;
    // Invitations are over, and so are their places; a new session, for the old one ran out.
    let boss = shop.actor(&db.db, Role::Owner).await;
    let event = domain::Event::MemberDisabled { person: gone };
    door.set_member(&boss, gone, Role::Bookkeeper, true, &event).await.unwrap();
}

#[tokio::test]
async fn row_12_a_cap_is_one_shops_alone() {
    let db = harness::fresh().await;
    cap(&db, "members", 1).await;
    let rival = db.crowd.b.actor(&db.db, Role::Owner).await;
    let door = db.db.front_door();
    door.invite(&rival, "new@southgate.example", Role::Technician, |_| letter()).await.unwrap();
    let usual: (i32, i32) = (
        db.ask(&format!("select auth.cap('{}', 'members')", db.crowd.b.id)).await,
        db.ask(&format!("select auth.cap('{}', 'api_keys')", db.crowd.b.id)).await,
    );
    assert_eq!(usual, (200, 50));
}
