//! Rows 42, 47, 48 and 49: the keys are apart, they turn while everything is read, and every opening is accounted for.

mod turning;

use crate::{
    clients::write,
    harness::{self, TestDb},
    reveal::{because, form, opened, proved, recorded, swept},
};
use domain::{Event, Permission, Refusal, Role, bittings::FindForm, ids::SiteId, sites::AccessNotes};
use std::fs;
use store::{
    Error,
    keyd::{DbWitness, reconciled},
    reveal, sites,
};
use vault::keyd::{Asked, Bearer, KeydError, No, OpeningKind, Record};

/// Writes how to get in, and says so on the chain.
pub async fn note(db: &TestDb, text: &str, version: i32) -> Result<(), Error> {
    let shop = &db.crowd.a;
    let site = SiteId(shop.clients[0]["site"]);
    let mut tx = write(db, shop, Permission::EditAccessNotes).await;
    sites::access_notes::write(&mut tx, site, &AccessNotes { text: text.into(), version }).await?;
    tx.commit(Event::AccessNotesChanged { site }).await
}

fn closed<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer {
        Err(Error::Refusal(Refusal::Away(words))) => words,
        other => panic!("not refused as away: {other:?}"),
    }
}

#[tokio::test]
async fn without_keyd_secrets_stay_closed_nothing_is_stored_and_all_else_works() {
    let mut db = harness::fresh().await;
    swept(&db).await;
    let record = recorded(&db, &db.crowd.a, 0, &form("Rear door", "41836", "")).await;
    let owner = proved(&db, &db.crowd.a, Role::Owner).await;
    db.keyd.stop();
    let before: i64 = db.ask("select count(*) from vault.bittings").await;
    let words = closed(opened(&db, &owner, record).await.map(drop));
    assert!(words.contains("Everything else works"), "{words}");
    closed(note(&db, "Key safe 4711", 1).await);
    let held: i64 = db.ask("select count(*) from vault.bittings").await;
    assert_eq!(held, before);
    let leaked: bool =
        db.ask("select exists (select from vault.access_notes where position('4711'::bytea in sealed) > 0)").await;
    assert!(!leaked, "stored in clear");
    let door = db.db.front_door();
    let password = door.hash_password("a long new password".into()).await.unwrap();
    assert!(door.verify_password("a long new password".into(), Some(password)).await.unwrap(), "sign-in needs no keyd");
    let mut tx = write(&db, &db.crowd.a, Permission::EditAccessNotes).await;
    let letter = store::mail::Mail { to: "ana@example.org".into(), subject: "Hello".into(), text: "Hello".into() };
    store::mail::post(&mut tx, &[db.crowd.a.clients[0]["client"]], &letter).await.unwrap();
    let site = SiteId(db.crowd.a.clients[0]["site"]);
    tx.commit(Event::AccessNotesChanged { site }).await.unwrap();
    assert!(db.db.claim_mail().await.unwrap().is_some(), "letters go out");
    db.keyd.go_on();
    assert!(opened(&db, &owner, record).await.is_ok(), "and again with it");
}

#[tokio::test]
async fn the_thirty_first_reveal_of_an_hour_is_refused_in_words_also_after_a_restart() {
    let mut db = harness::fresh().await;
    swept(&db).await;
    let record = recorded(&db, &db.crowd.a, 0, &form("Rear door", "41836", "")).await;
    let owner = proved(&db, &db.crowd.a, Role::Owner).await;
    for n in 0..30 {
        opened(&db, &owner, record).await.unwrap_or_else(|error| panic!("the {n}th: {error}"));
    }
    db.keyd.go_on();
    match opened(&db, &owner, record).await {
        Err(Error::Refusal(Refusal::TooMany(words))) => assert!(words.contains("in 60 minutes"), "{words}"),
        other => panic!("{other:?}"),
    }
    let other = proved(&db, &db.crowd.a, Role::Admin).await;
    assert!(opened(&db, &other, record).await.is_ok(), "another person's hour is their own");
    db.later("61 minutes").await;
    let owner = proved(&db, &db.crowd.a, Role::Owner).await;
    assert!(opened(&db, &owner, record).await.is_ok());
}

#[tokio::test]
async fn row_42_every_secret_has_a_data_key_of_its_own() {
    let db = harness::fresh().await;
    for n in 0..40 {
        recorded(&db, &db.crowd.a, n % 2, &form(&format!("Door {n}"), "41836", "")).await;
    }
    let wraps = "select substr(sealed, 7, 60) as wrapped from vault.bittings where length(sealed) > 94 union all select substr(sealed, 7, 60) from vault.access_notes";
    let rows: i64 = db.ask(&format!("select count(*) from ({wraps}) w")).await;
    let distinct: i64 = db.ask(&format!("select count(distinct wrapped) from ({wraps}) w")).await;
    assert!(rows > 40 && rows == distinct, "{distinct} data keys for {rows} secrets");
}

#[tokio::test]
async fn row_48_a_superusers_session_holds_no_plaintext_and_no_key() {
    let db = harness::fresh().await;
    swept(&db).await;
    let planted = "ZZQ-BITTING-48";
    let record = recorded(&db, &db.crowd.a, 0, &form("Rear door", "41836", planted)).await;
    let everything = db.everything().await;
    assert!(everything.holds("Rear door") && !everything.holds(planted));
    // Nor do the keys in the database open anything by themselves: what wraps them is in no table and in no function's reach.
    let names: String = db.ask("select string_agg(prosrc, ' ') from pg_proc p join pg_namespace n on n.oid = p.pronamespace where nspname in ('keyd','vault')").await;
    assert!(!names.contains("decrypt"), "{names}");
    let user: String = db.ask("select current_setting('data_directory')").await;
    let cluster = std::os::unix::fs::MetadataExt::uid(&fs::metadata(user).unwrap());
    let ours = std::os::unix::fs::MetadataExt::uid(&fs::metadata(harness::cluster::scratch()).unwrap());
    if cluster != ours {
        let key = &db.keyd.root_key;
        let mut conn = db.login("postgres").await;
        let read =
            sqlx::query("select pg_read_binary_file($1)").bind(key.display().to_string()).execute(&mut conn).await;
        assert!(read.unwrap_err().to_string().contains("ermission denied"), "the database's user reads keyd's key");
    }
    // A capability and an entry forged in SQL open nothing either, unless somebody brings them to keyd: and then its own log
    // tells of it.
    let owner = db.crowd.a.actor(&db.db, Role::Owner).await;
    let (sealed, sealing): (Vec<u8>, i32) = (
        db.ask(&format!("select sealed from vault.bittings where id = '{record}'")).await,
        db.ask(&format!("select sealing from vault.bittings where id = '{record}'")).await,
    );
    for bearer in [Bearer::House, Bearer::Capability(vault::Zeroizing::new("0".repeat(64)))] {
        let record = Record {
            table: "vault.bittings".into(),
            row: record.uuid(),
            column: "sealed".into(),
            version: sealing.into(),
        };
        let asked = Asked { bearer, shop: db.crowd.a.id.uuid(), record };
        for entry in [1, 2, 3] {
            let refused = db.keyd.client.reveal(asked.clone(), entry, &sealed).await;
            assert!(matches!(refused, Err(KeydError::No(No::Forbidden))), "{refused:?}");
        }
    }
    assert!(db.keyd.openings().iter().all(|line| line.actor != owner.person.uuid()));
}

#[tokio::test]
async fn row_49_every_opening_stands_in_the_log_and_every_reveal_on_the_chain() {
    let db = harness::fresh().await;
    swept(&db).await;
    let shop = &db.crowd.a;
    let record = recorded(&db, shop, 0, &form("Rear door", "41836", "ZZQ-STAMP")).await;
    let owner = proved(&db, shop, Role::Owner).await;
    for _ in 0..3 {
        opened(&db, &owner, record).await.unwrap();
    }
    let wanted = FindForm { key_code: "zzq-stamp".into(), reason: "found in a drawer".into(), ..FindForm::default() };
    let grant = owner.allow(Permission::RevealSecrets).unwrap();
    assert_eq!(reveal::search(&db.db, grant, &wanted.read().unwrap()).await.unwrap().rows.len(), 1);
    let site = SiteId(shop.clients[0]["site"]);
    let grant = owner.allow(Permission::RevealSecrets).unwrap();
    reveal::access_notes(&db.db, grant, site, &because("locked out")).await.unwrap();
    let log = db.keyd.openings();
    let count = |kind| log.iter().filter(|line| line.kind == kind).count();
    assert_eq!([count(OpeningKind::Reveal), count(OpeningKind::Find)], [4, 1]);
    assert!(
        log.iter().filter(|line| line.kind.is_reveal()).all(|line| line.actor == owner.person.uuid() && line.key == 1)
    );
    let found = reconciled(&db.url(), &log).await.unwrap();
    assert_eq!((found.opened, found.recorded, found.differences.as_slice()), (5, 5, &[][..]));
    assert_eq!(DbWitness::open(&db.roles).unwrap().reconciled(&log).await.unwrap(), found, "keyd finds the same");
    let stood: i64 = db.ask("select seq from keyd.openings").await;
    let last = log.iter().rposition(|line| line.kind.is_reveal()).unwrap();
    assert_eq!(stood, i64::try_from(last).unwrap() + 1, "where the log stood is on record before a secret leaves");
    // What the log lost is counted apart.
    let fewer = reconciled(&db.url(), &log[..1]).await.unwrap();
    assert_eq!((fewer.unopened, found.unopened), (found.unopened + 5 - fewer.opened, found.unopened));
    // An opening that the chain does not know, one it knows as something else, and one entry used twice.
    let mut forged = log.clone();
    let reveals: Vec<_> = log.iter().filter(|line| line.kind.is_reveal()).cloned().collect();
    forged.push(vault::keyd::Opening { receipt: 999_999, ..reveals[0].clone() });
    forged.push(vault::keyd::Opening { actor: shop.id.uuid(), ..reveals[1].clone() });
    assert_eq!(reconciled(&db.url(), &forged).await.unwrap().differences.len(), 3);
    let text = fs::read_to_string(&db.keyd.log).unwrap();
    // By whole words: the five digits may stand in a hash by chance.
    let bitting = text.split(|mark: char| !mark.is_alphanumeric()).any(|word| word == "41836");
    assert!(!bitting && !text.contains("ZZQ-STAMP") && !text.contains("Key safe"), "{text}");
}

/// Whoever cuts a chain, its checkpoints and the archive alike still has keyd's own log against them.
#[tokio::test]
async fn row_66_a_chain_shorter_than_what_keyd_signed_is_a_difference() {
    let db = harness::fresh().await;
    db.later("61 minutes").await;
    note(&db, "Key safe 4711", 1).await.unwrap();
    assert!(!harness::crowd::checkpoint(&db.db).await.is_empty());
    let (log, keyd) = (db.keyd.openings(), DbWitness::open(&db.roles).unwrap());
    assert_eq!(keyd.reconciled(&log).await.unwrap().differences, Vec::<String>::new());
    let shop = db.crowd.a.id;
    db.sudo("alter table audit.heads disable trigger all").await;
    db.sudo(&format!("update audit.heads set seq = seq - 2 where shop_id = '{shop}'")).await;
    let found = keyd.reconciled(&log).await.unwrap();
    assert!(matches!(&found.differences[..], [one] if one.contains("its chain ends before")), "{found:?}");
    // What keyd complains of is told to each shop, once.
    keyd.complain(&found.differences.join("; ")).await.unwrap();
    db.sudo(&format!("update audit.heads set seq = seq + 2 where shop_id = '{shop}'")).await;
    db.later("16 minutes").await;
    let rounds = db.db.rounds_due().await.unwrap();
    for _ in 0..2 {
        for round in &rounds {
            db.db.tell_openings(round).await.unwrap();
        }
    }
    let told: i64 =
        db.ask(&format!("select count(*) from audit.entries where shop_id = '{shop}' and action = 222")).await;
    assert_eq!(told, 1);
}

#[tokio::test]
async fn an_entry_of_another_or_older_than_a_minute_opens_nothing() {
    let db = harness::fresh().await;
    swept(&db).await;
    let shop = &db.crowd.a;
    let record = recorded(&db, shop, 0, &form("Rear door", "41836", "")).await;
    let owner = proved(&db, shop, Role::Owner).await;
    opened(&db, &owner, record).await.unwrap();
    let entry: i64 = db.ask("select max(seq) from audit.entries where action = 148").await;
    let sealed: Vec<u8> = db.ask(&format!("select sealed from vault.bittings where id = '{record}'")).await;
    let shop_id = shop.id.uuid();
    let asked = |digits: String| Asked {
        bearer: Bearer::Capability(vault::Zeroizing::new(digits)),
        shop: shop_id,
        record: Record { table: "vault.bittings".into(), row: record.uuid(), column: "sealed".into(), version: 1 },
    };
    let cap = crate::caps::session(&db, shop, Role::Owner).await;
    assert!(
        matches!(db.keyd.client.reveal(asked(cap.clone()), entry, &sealed).await, Err(KeydError::No(No::Forbidden))),
        "used"
    );
    let admin = crate::caps::session(&db, shop, Role::Admin).await;
    assert!(
        matches!(db.keyd.client.reveal(asked(admin), entry, &sealed).await, Err(KeydError::No(No::Forbidden))),
        "another's"
    );
    // The same entry, unused, is good for a minute.
    fs::remove_file(&db.keyd.log).unwrap();
    db.sudo("delete from keyd.openings").await;
    let mut db = db;
    db.keyd.go_on();
    db.later("61 seconds").await;
    assert!(
        matches!(db.keyd.client.reveal(asked(cap.clone()), entry, &sealed).await, Err(KeydError::No(No::Forbidden))),
        "too late"
    );
    db.later("-30 seconds").await;
    assert!(db.keyd.client.reveal(asked(cap), entry, &sealed).await.is_ok(), "within the minute");
}
