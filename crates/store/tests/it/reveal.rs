//! Bitting records: sealed, and opened only by an entry that stands first.

use crate::{
    clients::{read, write},
    harness::{self, Shop, TestDb},
};
use domain::{
    Event, Permission, Refusal, Role,
    bittings::{BittingForm, FindForm},
    ids::{BittingId, ClientId, JobId, PersonId, ReleaseId},
    reveal::{OpeningsFilter, Reason, ReleaseState, Revealed},
};
use std::sync::Arc;
use store::{Actor, Error, bittings, reveal};

pub fn form(label: &str, cuts: &str, code: &str) -> BittingForm {
    let text = str::to_owned;
    BittingForm {
        label: text(label),
        make: text("schlage_classic"),
        bitting: text(cuts),
        key_code: text(code),
        reading: text("bow_to_tip"),
        source: text("decoded"),
        confidence: text("sure"),
        ..BittingForm::default()
    }
}

pub async fn recorded(db: &TestDb, shop: &Shop, n: usize, form: &BittingForm) -> BittingId {
    let client = ClientId(shop.clients[n]["client"]);
    let mut tx = write(db, shop, Permission::EditBittings).await;
    let record = bittings::create(&mut tx, client, &form.read().unwrap()).await.unwrap();
    tx.commit(Event::BittingRecorded { record, client }).await.unwrap();
    record
}

/// The fixture's own rows are sealed with nothing; the searches of these tests look through real ones.
pub async fn swept(db: &TestDb) {
    db.sudo("delete from vault.releases; delete from vault.bittings").await;
}

async fn with_second_step(db: &TestDb, person: PersonId) {
    db.sudo(&format!(
        "insert into auth.totp (id, person_id, sealed, confirmed_at) values (gen_random_uuid(), '{person}', '\\x00', app.now())"
    ))
    .await;
}

/// Somebody signed in who has just confirmed who they are, with a second step.
pub async fn proved(db: &TestDb, shop: &Shop, role: Role) -> Arc<Actor> {
    let person = shop.people[&role];
    let there: bool = db.ask(&format!("select exists (select from auth.totp where person_id = '{person}')")).await;
    if !there {
        with_second_step(db, person).await;
    }
    let actor = shop.actor(&db.db, role).await;
    db.sudo(&format!("update auth.capabilities set confirmed_at = app.now() where id = '{}'", actor.session)).await;
    actor
}

pub fn because(words: &str) -> Reason {
    Reason { job: None, words: words.into() }
}

pub async fn opened(db: &TestDb, actor: &Arc<Actor>, record: BittingId) -> Result<Revealed, Error> {
    reveal::bitting(&db.db, actor.allow(Permission::RevealSecrets).unwrap(), record, &because("two copies")).await
}

pub async fn entries(db: &TestDb, shop: &Shop, action: i16) -> i64 {
    db.ask(&format!("select count(*) from audit.entries where shop_id = '{}' and action = {action}", shop.id)).await
}

#[tokio::test]
async fn row_30_revealing_asks_for_a_second_step_and_a_fresh_proof() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let record = recorded(&db, shop, 0, &form("Rear door", "41836", "")).await;
    let plain = shop.actor(&db.db, Role::Owner).await;
    db.sudo(&format!("update auth.capabilities set confirmed_at = app.now() where id = '{}'", plain.session)).await;
    assert!(matches!(opened(&db, &plain, record).await, Err(Error::Refusal(Refusal::Forbidden(_)))));
    with_second_step(&db, shop.people[&Role::Owner]).await;
    assert!(opened(&db, &plain, record).await.is_ok());
    for (minutes, good) in [(9, true), (11, false)] {
        let late = format!(
            "update auth.capabilities set confirmed_at = app.now() - interval '{minutes} minutes' where id = '{}'",
            plain.session
        );
        db.sudo(&late).await;
        assert_eq!(opened(&db, &plain, record).await.is_ok(), good, "{minutes} minutes");
    }
    assert_eq!(entries(&db, shop, 148).await, 2);
}

#[tokio::test]
async fn row_30_what_is_revealed_is_what_was_sealed_and_who_and_why_stand_on_the_chain() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let record = recorded(&db, shop, 0, &form("Rear door", "4-1-8-3-6", "A 77")).await;
    let owner = proved(&db, shop, Role::Owner).await;
    let job = JobId(shop.clients[0]["job"]);
    let reason = Reason { job: Some(job), words: "cylinder swap".into() };
    let grant = owner.allow(Permission::RevealSecrets).unwrap();
    let shown = reveal::bitting(&db.db, grant, record, &reason).await.unwrap();
    let parts: Vec<_> = shown.parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(parts, [("Cuts, bow to tip", "41836"), ("Stamp or code", "A 77")]);
    let facts: String = db.ask("select convert_from(audit.facts(p), 'UTF8') from audit.personal p join audit.entries e using (shop_id, seq) where e.action = 148").await;
    assert!(facts.contains("cylinder swap"), "{facts}");
    let payload: String = db.ask("select convert_from(payload, 'UTF8') from audit.entries where action = 148").await;
    assert!(payload.contains(&job.to_string()) && payload.contains(&owner.person.to_string()), "{payload}");
}

#[tokio::test]
async fn row_41_nothing_sealed_stands_in_the_clear() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    recorded(&db, shop, 0, &form("Rear door", "41836", "ZZQ-BITTING-1")).await;
    let leaks: i64 = db
        .ask(
            "select (select count(*) from vault.bittings b where b::text ~ 'ZZQ-BITTING|41836')
                  + (select count(*) from audit.entries where position('ZZQ'::bytea in payload) > 0 or position('41836'::bytea in payload) > 0)
                  + (select count(*) from audit.personal p where position('ZZQ'::bytea in audit.facts(p)) > 0 or position('41836'::bytea in audit.facts(p)) > 0)",
        )
        .await;
    assert_eq!(leaks, 0);
}

#[tokio::test]
async fn row_42_a_sealed_record_opens_nowhere_else_and_no_older_one_in_its_place() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let one = recorded(&db, shop, 0, &form("One", "41836", "")).await;
    let other = recorded(&db, shop, 0, &form("Other", "52743", "")).await;
    let owner = proved(&db, shop, Role::Owner).await;
    db.sudo("create table public.kept as select * from vault.bittings").await;
    db.sudo(&format!(
        "update vault.bittings set sealed = (select sealed from public.kept where id = '{one}') where id = '{other}'"
    ))
    .await;
    assert!(opened(&db, &owner, other).await.is_err(), "moved");
    let mut tx = write(&db, shop, Permission::EditBittings).await;
    let changed = BittingForm { version: "1".into(), ..form("One", "12345", "") };
    bittings::update(&mut tx, one, &changed.read().unwrap()).await.unwrap();
    let client = ClientId(shop.clients[0]["client"]);
    tx.commit(Event::BittingChanged { record: one, client, resealed: true }).await.unwrap();
    assert_eq!(opened(&db, &owner, one).await.unwrap().parts[0].1, "12345");
    db.sudo(&format!(
        "update vault.bittings b set sealed = k.sealed from public.kept k where k.id = b.id and b.id = '{one}'"
    ))
    .await;
    assert!(opened(&db, &owner, one).await.is_err(), "put back");
}

#[tokio::test]
async fn row_67_the_entry_of_a_reveal_cannot_be_written_without_the_proof() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let record = recorded(&db, shop, 0, &form("Rear door", "41836", "")).await;
    let event = |person| Event::SecretRevealed {
        kind: domain::reveal::SecretKind::Bitting,
        record: record.uuid(),
        client: ClientId(shop.clients[0]["client"]),
        job: None,
        person,
    };
    let mut refused = 0;
    for role in [Role::Owner, Role::Technician] {
        let actor = shop.actor(&db.db, role).await;
        let tx = db.db.write(actor.allow(Permission::SeeBittings).unwrap()).await.unwrap();
        refused += i32::from(tx.commit(event(actor.person)).await.is_err());
    }
    assert_eq!(refused, 2);
    let owner = proved(&db, shop, Role::Owner).await;
    let tx = db.db.write(owner.allow(Permission::SeeBittings).unwrap()).await.unwrap();
    tx.commit(event(owner.person)).await.unwrap();
}

#[tokio::test]
async fn two_people_open_a_top_secret_record_and_once() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let secret = BittingForm { top_secret: "on".into(), ..form("Vault GGM", "41836", "") };
    let record = recorded(&db, shop, 0, &secret).await;
    let [asker, second] = [proved(&db, shop, Role::Manager).await, proved(&db, shop, Role::Owner).await];
    assert!(opened(&db, &asker, record).await.is_err(), "alone");
    let release = asked(&db, &asker, record).await;
    assert!(decided(&db, &asker, release, true).await.is_err(), "one's own");
    assert!(opened(&db, &asker, record).await.is_err(), "undecided");
    decided(&db, &second, release, true).await.unwrap();
    assert!(opened(&db, &second, record).await.is_err(), "another's release");
    assert_eq!(opened(&db, &asker, record).await.unwrap().parts[0].1, "41836");
    assert!(opened(&db, &asker, record).await.is_err(), "a second time");
    let mut tx = db.db.read(asker.allow(Permission::RevealSecrets).unwrap()).await.unwrap();
    assert_eq!(reveal::latest(&mut tx, record).await.unwrap().unwrap().state, ReleaseState::Used);
}

#[tokio::test]
async fn a_release_is_good_for_fifteen_minutes() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let secret = BittingForm { top_secret: "on".into(), ..form("Vault GGM", "41836", "") };
    let record = recorded(&db, shop, 0, &secret).await;
    let [asker, second] = [proved(&db, shop, Role::Manager).await, proved(&db, shop, Role::Owner).await];
    let late = asked(&db, &asker, record).await;
    db.sudo("update vault.releases set asked_at = app.now() - interval '16 minutes'").await;
    assert!(decided(&db, &second, late, true).await.is_err(), "decided too late");
    let release = asked(&db, &asker, record).await;
    decided(&db, &second, release, true).await.unwrap();
    db.sudo("update vault.releases set decided_at = app.now() - interval '16 minutes' where decided_at is not null")
        .await;
    assert!(opened(&db, &asker, record).await.is_err(), "opened too late");
    let refused = asked(&db, &asker, record).await;
    decided(&db, &second, refused, false).await.unwrap();
    assert!(opened(&db, &asker, record).await.is_err(), "refused");
}

pub async fn asked(db: &TestDb, asker: &Arc<Actor>, record: BittingId) -> ReleaseId {
    let mut tx = db.db.write(asker.allow(Permission::RevealSecrets).unwrap()).await.unwrap();
    let event = reveal::ask(&mut tx, record, &because("the bank's vault")).await.unwrap();
    let Event::ReleaseAsked { release, .. } = event else { panic!("{event:?}") };
    tx.commit(event).await.unwrap();
    release
}

pub async fn decided(db: &TestDb, by: &Arc<Actor>, release: ReleaseId, granted: bool) -> Result<(), Error> {
    reveal::decide(&db.db, by.allow(Permission::RevealSecrets).unwrap(), release, granted).await
}

#[tokio::test]
async fn a_key_is_found_among_what_is_sealed_and_the_looking_is_recorded() {
    let db = harness::fresh().await;
    swept(&db).await;
    let shop = &db.crowd.a;
    let rear = recorded(&db, shop, 0, &form("Rear door", "41836", "A77")).await;
    recorded(&db, shop, 1, &form("Front door", "52743", "B12")).await;
    recorded(&db, &db.crowd.b, 0, &form("Rival's door", "41836", "A77")).await;
    let owner = proved(&db, shop, Role::Owner).await;
    for (code, cuts) in [("a 77", ""), ("", "4 1 8 3 6"), ("", "63814"), ("A77", "41836")] {
        let wanted = FindForm { key_code: code.into(), bitting: cuts.into(), reason: "found".into() }.read().unwrap();
        let grant = owner.allow(Permission::RevealSecrets).unwrap();
        let found = reveal::search(&db.db, grant, &wanted).await.unwrap();
        assert_eq!(found.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [rear.uuid()], "{code} {cuts}");
        assert_eq!(found.among, 2);
    }
    assert_eq!(entries(&db, shop, 147).await, 4);
}

#[tokio::test]
async fn a_technician_sees_a_key_while_his_job_there_is_open() {
    let db = harness::fresh().await;
    swept(&db).await;
    let shop = &db.crowd.a;
    let [mine, theirs] = [
        recorded(&db, shop, 0, &form("Mine", "41836", "")).await,
        recorded(&db, shop, 1, &form("Theirs", "52743", "")).await,
    ];
    let technician = proved(&db, shop, Role::Technician).await;
    assert!(opened(&db, &technician, mine).await.is_ok());
    assert!(matches!(opened(&db, &technician, theirs).await, Err(Error::Refusal(Refusal::NotFound))));
    db.sudo(&format!("update app.jobs set status = 'completed' where id = '{}'", shop.clients[0]["job"])).await;
    assert!(matches!(opened(&db, &technician, mine).await, Err(Error::Refusal(Refusal::NotFound))));
    let mut tx = read(&db, shop, Role::Technician, Permission::SeeBittings).await;
    assert!(bittings::list(&mut tx, &domain::bittings::BittingFilter::default()).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn a_rivals_record_is_not_found() {
    let db = harness::fresh().await;
    let record = recorded(&db, &db.crowd.a, 0, &form("Rear door", "41836", "")).await;
    let rival = proved(&db, &db.crowd.b, Role::Owner).await;
    assert!(matches!(opened(&db, &rival, record).await, Err(Error::Refusal(Refusal::NotFound))));
}

#[tokio::test]
async fn prints_are_numbered() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let record = recorded(&db, shop, 0, &form("Rear door", "41836", "")).await;
    let owner = proved(&db, shop, Role::Owner).await;
    for copy in 1..=2 {
        let grant = owner.allow(Permission::PrintSecrets).unwrap();
        let sheet = reveal::print(&db.db, grant, record, &because("for the bench")).await.unwrap();
        assert_eq!((sheet.copy, sheet.reader.as_str(), sheet.reason.as_str()), (copy, "Olive Owner", "for the bench"));
        assert_eq!(sheet.secret.parts[0].1, "41836");
    }
    assert_eq!(entries(&db, shop, 151).await, 2);
}

#[tokio::test]
async fn row_9_the_portals_login_reads_no_column_of_the_vault() {
    let db = harness::fresh().await;
    let (tables, open): (i64, i64) = (
        db.ask("select count(*) from pg_class where relnamespace = 'vault'::regnamespace and relkind in ('r','p','v','m')").await,
        db.ask(
            "select count(*) from pg_class where relnamespace = 'vault'::regnamespace and relkind in ('r','p','v','m')
               and (has_any_column_privilege('shearline_portal', oid, 'select,insert,update,references') or has_table_privilege('shearline_portal', oid, 'delete,truncate,trigger'))",
        )
        .await,
    );
    assert!(tables >= 5, "{tables} tables");
    assert_eq!(open, 0);
}

#[tokio::test]
async fn row_10_the_report_says_who_opened_what_and_why() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let [first, other] = [
        recorded(&db, shop, 0, &form("Rear door", "41836", "")).await,
        recorded(&db, shop, 1, &form("Front door", "52743", "")).await,
    ];
    let [owner, manager] = [proved(&db, shop, Role::Owner).await, proved(&db, shop, Role::Manager).await];
    opened(&db, &owner, first).await.unwrap();
    opened(&db, &manager, other).await.unwrap();
    let report = async |filter: OpeningsFilter| {
        let mut tx = read(&db, shop, Role::Auditor, Permission::SeeAudit).await;
        let rows = reveal::openings(&mut tx, &filter).await.unwrap().rows;
        rows.into_iter().map(|row| (row.who, row.what, row.of, row.client, row.why)).collect::<Vec<_>>()
    };
    let line = |who: &str, of: &str, client: &str| {
        (
            who.to_owned(),
            "revealed a bitting record".to_owned(),
            of.to_owned(),
            client.to_owned(),
            "two copies".to_owned(),
        )
    };
    let manager_name: String = db.ask(&format!("select name from auth.people where id = '{}'", manager.person)).await;
    let [mine, theirs] =
        [line("Olive Owner", "Rear door", "Client 1 Ltd"), line(&manager_name, "Front door", "Client 2 Ltd")];
    assert_eq!(report(OpeningsFilter::default()).await, [theirs.clone(), mine.clone()]);
    let of_client = OpeningsFilter { client: shop.clients[0]["client"].to_string(), ..OpeningsFilter::default() };
    assert_eq!(report(of_client).await, [mine]);
    let by_person = OpeningsFilter { person: manager.person.to_string(), ..OpeningsFilter::default() };
    assert_eq!(report(by_person).await, [theirs]);
    let mut tx = read(&db, &db.crowd.b, Role::Owner, Permission::SeeAudit).await;
    assert!(reveal::openings(&mut tx, &OpeningsFilter::default()).await.unwrap().rows.is_empty(), "the rival's");
}
