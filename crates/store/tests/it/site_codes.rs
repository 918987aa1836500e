//! Codes of a site: sealed, opened one at a time, and each kind by those it is for.

use crate::{
    clients::{read, write},
    harness::{self, Shop, TestDb},
    reveal::{because, proved},
};
use domain::{
    Event, Permission, Refusal, Role,
    ids::{SiteCodeId, SiteId},
    reveal::{OpeningsFilter, Revealed},
    sites::codes::CodeForm,
};
use std::sync::Arc;
use store::{Actor, Error, overview, reveal, sites::codes};

fn form(kind: &str, code: &str, version: &str) -> CodeForm {
    let [kind, label] = [kind, "Back office"].map(str::to_owned);
    CodeForm { kind, label, site_code: code.into(), version: version.into(), ..CodeForm::default() }
}

async fn recorded(db: &TestDb, shop: &Shop, site: SiteId, kind: &str, text: &str) -> SiteCodeId {
    let mut tx = write(db, shop, Permission::EditAccessNotes).await;
    let code = codes::create(&mut tx, site, &form(kind, text, "").read().unwrap()).await.unwrap();
    tx.commit(Event::SiteCodeRecorded { site, code }).await.unwrap();
    code
}

async fn changed(db: &TestDb, shop: &Shop, code: SiteCodeId, form: &CodeForm) -> Result<SiteId, Error> {
    let mut tx = write(db, shop, Permission::EditAccessNotes).await;
    let new = form.read().unwrap();
    let site = codes::update(&mut tx, code, &new).await?;
    tx.commit(Event::SiteCodeChanged { site, code, resealed: new.code.is_some() }).await.unwrap();
    Ok(site)
}

async fn opened(db: &TestDb, actor: &Arc<Actor>, code: SiteCodeId) -> Result<Revealed, Error> {
    reveal::site_code(&db.db, actor.allow(Permission::SeeAccessNotes).unwrap(), code, &because("alarm is ringing"))
        .await
}

/// The code, or what stands in its way.
async fn text(db: &TestDb, role: Role, code: SiteCodeId) -> Result<String, Error> {
    let actor = proved(db, &db.crowd.a, role).await;
    Ok(opened(db, &actor, code).await?.parts[0].1.clone())
}

#[tokio::test]
async fn row_41_a_code_is_sealed_and_opens_for_those_it_is_for() {
    let db = harness::fresh().await;
    let (shop, site) = (&db.crowd.a, SiteId(db.crowd.a.clients[0]["site"]));
    let alarm = recorded(&db, shop, site, "alarm", "ZZQ-4711#").await;
    let safe = recorded(&db, shop, site, "safe", "ZZQ-30-15-45").await;
    for role in [Role::Owner, Role::Dispatcher, Role::Technician] {
        assert_eq!(text(&db, role, alarm).await.unwrap(), "ZZQ-4711#", "{role}");
    }
    assert_eq!(text(&db, Role::Owner, safe).await.unwrap(), "ZZQ-30-15-45");
    let dispatcher = text(&db, Role::Dispatcher, safe).await;
    assert!(matches!(dispatcher, Err(Error::Refusal(Refusal::Forbidden(_)))), "{dispatcher:?}");
    let mut tx = read(&db, shop, Role::Auditor, Permission::SeeClients).await;
    assert_eq!(overview::site(&mut tx, site).await.unwrap().codes, None, "an auditor is not told");
    let leaks: i64 = db
        .ask(
            "select (select count(*) from vault.site_codes where position('ZZQ'::bytea in sealed) > 0)
                  + (select count(*) from audit.entries where position('ZZQ'::bytea in payload) > 0)",
        )
        .await;
    assert_eq!(leaks, 0);
}

#[tokio::test]
async fn row_10_each_opening_of_a_code_is_reported_with_its_label() {
    let db = harness::fresh().await;
    let (shop, site) = (&db.crowd.a, SiteId(db.crowd.a.clients[0]["site"]));
    let code = recorded(&db, shop, site, "key_safe", "1966").await;
    text(&db, Role::Owner, code).await.unwrap();
    let mut tx = read(&db, shop, Role::Owner, Permission::SeeAudit).await;
    let rows = reveal::openings(&mut tx, &OpeningsFilter::default()).await.unwrap().rows;
    let row = rows.first().expect("one");
    assert_eq!(
        (row.what.as_str(), row.of.as_str(), row.why.as_str()),
        ("revealed a code", "Back office", "alarm is ringing")
    );
}

#[tokio::test]
async fn a_technician_sees_codes_while_a_job_there_is_open() {
    let db = harness::fresh().await;
    let (shop, site) = (&db.crowd.a, SiteId(db.crowd.a.clients[0]["site"]));
    let code = recorded(&db, shop, site, "gate", "2580").await;
    assert_eq!(text(&db, Role::Technician, code).await.unwrap(), "2580");
    db.sudo(&format!("update app.jobs set status = 'completed' where id = '{}'", shop.clients[0]["job"])).await;
    assert!(matches!(text(&db, Role::Technician, code).await, Err(Error::Refusal(Refusal::NotFound))));
    let mut tx = read(&db, shop, Role::Technician, Permission::SeeClients).await;
    assert_eq!(overview::site(&mut tx, site).await.unwrap().codes.unwrap(), []);
}

#[tokio::test]
async fn a_code_is_replaced_kept_or_thrown_away() {
    let db = harness::fresh().await;
    let (shop, site) = (&db.crowd.a, SiteId(db.crowd.a.clients[0]["site"]));
    let code = recorded(&db, shop, site, "alarm", "1111").await;
    let old: Vec<u8> = db.ask(&format!("select sealed from vault.site_codes where id = '{code}'")).await;
    changed(&db, shop, code, &form("keypad", "", "1")).await.unwrap();
    assert_eq!(text(&db, Role::Owner, code).await.unwrap(), "1111", "kept");
    changed(&db, shop, code, &form("keypad", "2222", "2")).await.unwrap();
    assert_eq!(text(&db, Role::Owner, code).await.unwrap(), "2222");
    let late = changed(&db, shop, code, &form("keypad", "3333", "2")).await;
    assert!(matches!(late, Err(Error::Refusal(Refusal::Conflict(_)))), "{late:?}");
    db.sudo(&format!("update vault.site_codes set sealed = '\\x{}' where id = '{code}'", proof::hex(&old))).await;
    assert!(matches!(text(&db, Role::Owner, code).await, Err(Error::Vault(_))), "an older one put back does not open");
    let void = CodeForm { archived: "on".into(), ..form("keypad", "", "3") };
    changed(&db, shop, code, &void).await.unwrap();
    assert_eq!(text(&db, Role::Owner, code).await.unwrap(), "");
    let mut tx = read(&db, shop, Role::Owner, Permission::SeeAccessNotes).await;
    assert_eq!(overview::site_code(&mut tx, code).await.unwrap().standing, None, "nothing to open");
}
