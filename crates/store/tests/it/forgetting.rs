//! Somebody is forgotten: gone from every column but where the law keeps them, and chain and proofs hold.

use crate::{
    clients::write,
    harness::{self, TestDb, crowd::checkpoint},
    reveal::proved,
    signatures::{prepare, sign},
};
use domain::{Event, Permission, Refusal, Role, ids::*, jobs::SignerRole};
use proof::{Trusted, verify};
use sqlx::Row;
use std::{collections::BTreeSet, fs, path::PathBuf, process::Command, sync::Arc};
use store::{
    Actor, Error, Scope,
    audit::{verify as walk, verify::Verdict},
    forgetting, proofs,
};
use uuid::Uuid;

/// Nothing open, nothing owed: what forgetting asks for.
pub async fn settle(db: &TestDb, client: Uuid) {
    db.sudo(&format!(
        "alter table app.jobs disable trigger jobs_step; update app.jobs set status = 'closed' where client_id = '{client}'; alter table app.jobs enable trigger jobs_step;
         update app.invoices set status = 'paid', paid_minor = total_minor where client_id = '{client}'"
    ))
    .await;
}

async fn owner(db: &TestDb) -> Arc<Actor> {
    proved(db, &db.crowd.a, Role::Owner).await
}

async fn forget(db: &TestDb, client: Uuid) -> Result<(), Error> {
    let owner = owner(db).await;
    db.db.front_door().forget_client(&owner, ClientId(client), "asked by letter").await
}

/// A plain dump, by table: the lines of each that hold the word, as it is or in hexadecimal digits.
fn holding(db: &TestDb, word: &str) -> BTreeSet<String> {
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL").flatten().map(|entry| entry.path()).collect();
    versions.sort();
    let tool = versions.last().expect("a version").join("bin/pg_dump");
    let ran = Command::new(tool).arg(db.url()).output().expect("pg_dump");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    let (mut table, mut found) = (String::new(), BTreeSet::new());
    for line in String::from_utf8_lossy(&ran.stdout).lines() {
        if let Some(rest) = line.strip_prefix("COPY ") {
            table = rest.split(' ').next().unwrap_or_default().to_owned();
        } else if line.contains(word) || line.contains(&hex) {
            found.insert(table.clone());
        }
    }
    found
}

/// Writes a word into every column of text of every row that belongs to a client, where the column takes it.
async fn planted_everywhere(db: &TestDb, client: Uuid, word: &str) -> BTreeSet<String> {
    let mut conn = db.login("postgres").await;
    let columns = sqlx::query(
        "select c.oid::regclass::text as place, a.attname::text as name, format_type(a.atttypid, null) as kind,
           array(select b.attname::text from pg_attribute b where b.attrelid = c.oid and b.attnum > 0 and not b.attisdropped) as all,
           coalesce((select string_agg(format('alter table %s enable always trigger %I', c.oid::regclass, t.tgname), '; ') from pg_trigger t
             where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled = 'A'), 'select') as awake
         from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
         where c.relkind = 'r' and n.nspname in ('app','vault','auth') and a.attnum > 0 and not a.attisdropped and format_type(a.atttypid, null) in ('text','jsonb')
         order by 1, 2",
    )
    .fetch_all(&mut conn)
    .await
    .expect("the catalogue");
    let mut planted = BTreeSet::new();
    for column in columns {
        let (place, name, kind): (String, String, String) =
            (column.get("place"), column.get("name"), column.get("kind"));
        let (all, awake): (Vec<String>, String) = (column.get("all"), column.get("awake"));
        let has = |name: &str| all.iter().any(|one| one == name);
        let hangs_on =
            |column: &str, of: &str| format!("{column} in (select id from {of} where client_id = '{client}')");
        let whose = match () {
            () if place == "app.job_checks" && name == "key" => continue, // of the template, and nobody's
            () if place == "app.clients" => format!("id = '{client}'"),
            () if has("client_id") => format!("client_id = '{client}'"),
            () if has("signature_id") => hangs_on("signature_id", "app.signatures"),
            () if has("record_id") => hangs_on("record_id", "vault.bittings"),
            () if has("attachment_id") => hangs_on("attachment_id", "app.attachments"),
            () if has("job_id") => hangs_on("job_id", "app.jobs"),
            () if has("site_id") => hangs_on("site_id", "app.sites"),
            () => continue,
        };
        let value = if kind == "jsonb" { format!("'{{\"a\": \"{word}\"}}'") } else { format!("'{word}'") };
        let statement = format!(
            "alter table {place} disable trigger user; update {place} set {name} = {value} where {whose}; alter table {place} enable trigger user; {awake}"
        );
        // A column with a list of its own values does not take it.
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut conn).await;
        if done.is_ok() {
            planted.insert(format!("{place}.{name}"));
        }
    }
    planted
}

async fn verdict(db: &TestDb) -> Verdict {
    walk::shop(&mut db.login("postgres").await, db.crowd.a.id.uuid(), &[]).await.expect("walks")
}

#[tokio::test]
async fn row_80_a_forgotten_client_is_nowhere_but_where_the_law_keeps_them() {
    let db = harness::fresh().await;
    let a = db.crowd.a.clone();
    let (client, other) = (a.clients[0]["client"], a.clients[1]["client"]);
    for (whose, word) in [(client, "ZZQ-FORGET-ME"), (other, "ZZQ-KEEP-ME")] {
        let mut tx = write(&db, &a, Permission::EditClients).await;
        tx.fact("name", word);
        tx.commit(Event::ClientChanged { client: ClientId(whose) }).await.expect("written");
    }
    settle(&db, client).await;
    settle(&db, other).await;
    let planted = planted_everywhere(&db, client, "ZZQ-FORGET-ME").await;
    planted_everywhere(&db, other, "ZZQ-KEEP-ME").await;
    for column in [
        "app.clients.name",
        "app.jobs.requested",
        "app.jobs.answers",
        "app.contacts.email",
        "app.sites.address",
        "vault.bittings.label",
    ] {
        assert!(planted.contains(column), "no canary in {column}: {planted:?}");
    }
    db.sudo(&format!("update app.clients set held_reason = '' where id = '{client}'")).await;
    let before = holding(&db, "ZZQ-KEEP-ME");
    forget(&db, client).await.expect("forgotten");
    let left = holding(&db, "ZZQ-FORGET-ME");
    let kept = ["app.invoices", "app.invoice_lines", "app.invoice_taxes", "app.payments", "app.payment_reversals"];
    // The evidence's own hashes and its consent: texts of ours that this test wrote over.
    let ours = ["app.signature_evidence", "app.signatures"];
    for table in &left {
        assert!(kept.contains(&table.as_str()) || ours.contains(&table.as_str()), "still in {table}: {left:?}");
    }
    let columns: i64 = db
        .ask("select count(*) from app.signatures s where (to_jsonb(s) - 'consent_text')::text ~ 'ZZQ-FORGET-ME'")
        .await;
    assert_eq!(columns, 0, "who signed is gone");
    assert_eq!(holding(&db, "ZZQ-KEEP-ME"), before, "another client's is as it was");
    let links: i64 = db
        .ask(&format!("select count(*) from auth.portal_links where client_id = '{client}' and revoked_at is null"))
        .await;
    let keys: i64 = db
        .ask(&format!("select count(*) from audit.subject_keys where subject = '{client}' and key is not null"))
        .await;
    assert_eq!((links, keys), (0, 0));
    let told: i64 =
        db.ask(&format!("select count(*) from audit.entries where action = 210 and entity = '{client}'")).await;
    assert_eq!(told, 1);
    assert!(matches!(verdict(&db).await, Verdict::Holds { .. }), "{:?}", verdict(&db).await);
    let mut worker = db.login("postgres").await;
    let round = store::audit::watch::walk(&mut worker, a.id.uuid(), None, &[]).await.expect("walks");
    assert!(matches!(round.verdict, Verdict::Holds { .. }), "{round:?}");
}

#[tokio::test]
async fn row_80_proofs_hold_when_the_signer_is_forgotten() {
    let db = harness::fresh().await;
    let client = db.crowd.a.clients[0]["client"];
    let paper = prepare(&db).await.expect("prepared");
    let signature = sign(&db, paper.id, &paper.sha256, SignerRole::Client).await.expect("signed");
    checkpoint(&db.db).await;
    let proof = async || {
        let actor = owner(&db).await;
        let mut tx = db.db.read(actor.allow(Permission::SeeSignatures).expect("may")).await.expect("begins");
        proofs::of_signature(&mut tx, signature).await.expect("a proof")
    };
    let (earlier, key): (String, String) = (proof().await, db.ask("select key from audit.checkpoints limit 1").await);
    settle(&db, client).await;
    forget(&db, client).await.expect("forgotten");
    checkpoint(&db.db).await;
    let key = db
        .ask::<String>(&format!("select key from audit.checkpoints where shop_id = '{}' limit 1", db.crowd.a.id))
        .await
        .parse()
        .unwrap_or_else(|_| panic!("{key}"));
    let trusted = Trusted::Key(key);
    let old = verify(earlier.as_bytes(), Some(paper.html.as_bytes()), &trusted);
    assert!(old.is_yes() && old.to_string().contains("Ana <b>Reyes"), "{old}");
    let new = verify(proof().await.as_bytes(), Some(paper.html.as_bytes()), &trusted);
    assert!(new.is_yes(), "{new}");
    for gone in ["Ana <b>Reyes", "192.0.2.7"] {
        assert!(!new.to_string().contains(gone), "{gone}: {new}");
    }
}

#[tokio::test]
async fn row_80_nobody_is_forgotten_while_something_is_open() {
    let db = harness::fresh().await;
    let a = db.crowd.a.clone();
    let client = a.clients[0]["client"];
    let refused = async |words: &str| {
        let answer = forget(&db, client).await;
        let owner = owner(&db).await;
        let mut tx = db.db.read(owner.allow(Permission::ManageShop).expect("may")).await.expect("begins");
        let page = forgetting::client(&mut tx, ClientId(client)).await.expect("page");
        assert!(page.obstacles.iter().any(|line| line.contains(words)), "{words}: {:?}", page.obstacles);
        assert!(
            matches!(&answer, Err(Error::Refusal(Refusal::Conflict(why))) if why.contains(words)),
            "{words}: {answer:?}"
        );
    };
    refused("open").await;
    db.sudo(&format!("alter table app.jobs disable trigger jobs_step; update app.jobs set status = 'closed' where client_id = '{client}'")).await;
    refused("not paid").await;
    settle(&db, client).await;
    let mut tx = write(&db, &a, Permission::ManageShop).await;
    let event = forgetting::hold(&mut tx, ClientId(client), "a claim").await.expect("held");
    tx.commit(event).await.expect("written");
    refused("legal hold").await;
    let mut tx = write(&db, &a, Permission::ManageShop).await;
    let event = forgetting::hold(&mut tx, ClientId(client), "").await.expect("lifted");
    tx.commit(event).await.expect("written");
    forget(&db, client).await.expect("now");
    // For good: nothing new, and no way back.
    for change in [
        format!("update app.clients set archived_at = null where id = '{client}'"),
        format!(
            "insert into app.client_notes (shop_id, id, client_id, body, author_id) values ('{}', gen_random_uuid(), '{client}', 'x', '{}')",
            a.id,
            a.people[&Role::Owner]
        ),
        format!(
            "insert into app.sites (shop_id, id, client_id, address, folded) values ('{}', gen_random_uuid(), '{client}', 'x', 'x')",
            a.id
        ),
    ] {
        let mut conn = db.login("postgres").await;
        let error = sqlx::query(sqlx::AssertSqlSafe(change.clone())).execute(&mut conn).await.expect_err(&change);
        assert!(error.to_string().contains("was forgotten"), "{change}: {error}");
    }
}

#[tokio::test]
async fn row_80_forgetting_is_the_owners_just_proved_and_of_the_own_shop() {
    let db = harness::fresh().await;
    let (a, b) = (db.crowd.a.clone(), db.crowd.b.clone());
    let client = a.clients[0]["client"];
    settle(&db, client).await;
    let stays =
        async || db.ask::<bool>(&format!("select forgotten_at is null from app.clients where id = '{client}'")).await;
    let admin = proved(&db, &a, Role::Admin).await;
    assert!(db.db.front_door().forget_client(&admin, ClientId(client), "x").await.is_err());
    let stale = proved(&db, &a, Role::Owner).await;
    db.sudo(&format!(
        "update auth.capabilities set confirmed_at = app.now() - interval '11 minutes' where id = '{}'",
        stale.session
    ))
    .await;
    assert!(db.db.front_door().forget_client(&stale, ClientId(client), "x").await.is_err());
    let rival = proved(&db, &b, Role::Owner).await;
    let answer = db.db.front_door().forget_client(&rival, ClientId(client), "x").await;
    assert!(matches!(answer, Err(Error::Refusal(Refusal::NotFound))), "{answer:?}");
    assert!(stays().await);
}

#[tokio::test]
async fn row_80_a_contact_is_forgotten_and_the_client_stays() {
    let db = harness::fresh().await;
    let a = db.crowd.a.clone();
    let (client, contact) = (a.clients[0]["client"], a.clients[0]["contact"]);
    let mut tx = write(&db, &a, Permission::EditClients).await;
    tx.fact("name", "ZZQ-CONTACT");
    tx.commit(Event::ContactChanged { client: ClientId(client), contact: ContactId(contact) }).await.expect("written");
    let mut tx = write(&db, &a, Permission::EditClients).await;
    tx.fact("name", "ZZQ-CLIENT");
    tx.commit(Event::ClientChanged { client: ClientId(client) }).await.expect("written");
    db.sudo(&format!(
        "update app.contacts set name = 'ZZQ-CONTACT', email = 'zzq-contact@example.com' where id = '{contact}'"
    ))
    .await;
    settle(&db, client).await;
    let owner = owner(&db).await;
    db.db.front_door().forget_contact(&owner, ClientId(client), ContactId(contact), "asked").await.expect("forgotten");
    for word in ["ZZQ-CONTACT", "zzq-contact"] {
        assert_eq!(holding(&db, word), BTreeSet::new(), "{word}");
    }
    let mut tx = db.db.read(owner.allow(Permission::SeeAudit).expect("may")).await.expect("begins");
    let facts: Vec<_> = store::audit::timeline::of(&mut tx, client)
        .await
        .expect("reads")
        .into_iter()
        .map(|entry| entry.facts)
        .collect();
    assert!(facts.iter().any(|facts| facts.contains("ZZQ-CLIENT")), "the client's own stay");
    assert!(facts.iter().all(|facts| !facts.contains("ZZQ-CONTACT")), "{facts:?}");
    let _ = tx.shop();
    drop(tx);
    assert!(matches!(verdict(&db).await, Verdict::Holds { .. }), "{:?}", verdict(&db).await);
}

#[tokio::test]
async fn row_80_a_former_member_is_forgotten_with_their_account() {
    let db = harness::fresh().await;
    let a = db.crowd.a.clone();
    let member = a.people[&Role::Technician];
    db.sudo(&format!("update auth.people set name = 'ZZQ-MEMBER', email = 'zzq-member@example.com' where id = '{member}'; update auth.invites set email = 'zzq-member@example.com' where shop_id = '{}'", a.id)).await;
    let technician = a.actor(&db.db, Role::Technician).await;
    db.sudo(&format!("update auth.capabilities set user_agent = 'ZZQ-MEMBER' where id = '{}'", technician.session))
        .await;
    let owner = owner(&db).await;
    let still = db.db.front_door().forget_member(&owner, member, "asked").await;
    assert!(matches!(still, Err(Error::Refusal(Refusal::Conflict(_)))), "{still:?}");
    db.sudo(&format!(
        "update auth.memberships set disabled_at = app.now() where shop_id = '{}' and person_id = '{member}'",
        a.id
    ))
    .await;
    db.db.front_door().forget_member(&owner, member, "asked").await.expect("forgotten");
    for word in ["ZZQ-MEMBER", "zzq-member"] {
        assert_eq!(holding(&db, word), BTreeSet::new(), "{word}");
    }
    let back = format!("update auth.memberships set disabled_at = null where person_id = '{member}'");
    assert!(
        sqlx::query(sqlx::AssertSqlSafe(back)).execute(&mut db.login("postgres").await).await.is_err(),
        "no way back"
    );
    assert!(matches!(verdict(&db).await, Verdict::Holds { .. }), "{:?}", verdict(&db).await);
}

#[tokio::test]
async fn row_80_a_hold_keeps_whoever_is_named_beside_the_client() {
    let db = harness::fresh().await;
    let a = db.crowd.a.clone();
    let (client, member) = (a.clients[0]["client"], a.people[&Role::Technician]);
    // What the technician wrote about the client stands under the keys of both.
    let technician = a.actor(&db.db, Role::Technician).await;
    let mut tx = db.db.write(technician.allow(Permission::WorkJobs).expect("may")).await.expect("begins");
    tx.fact("work", "ZZQ-DISPUTED");
    tx.commit(Event::WorkRecorded { job: JobId(a.clients[0]["job"]) }).await.expect("written");
    db.sudo(&format!(
        "update auth.memberships set disabled_at = app.now() where shop_id = '{}' and person_id = '{member}';
         update app.clients set held_reason = 'a claim' where id = '{client}'",
        a.id
    ))
    .await;
    let owner = owner(&db).await;
    let mut tx = db.db.read(owner.allow(Permission::ManageShop).expect("may")).await.expect("begins");
    let page = forgetting::member(&mut tx, member).await.expect("a page");
    drop(tx);
    assert!(page.obstacles.iter().any(|line| line.contains("legal hold on Client 1 Ltd")), "{:?}", page.obstacles);
    let refused = db.db.front_door().forget_member(&owner, member, "asked").await;
    assert!(
        matches!(&refused, Err(Error::Refusal(Refusal::Conflict(why))) if why.contains("legal hold")),
        "{refused:?}"
    );
    let there = "select count(*) from audit.personal p where position('ZZQ-DISPUTED'::bytea in audit.facts(p)) > 0";
    assert_eq!(db.ask::<i64>(there).await, 1, "what is disputed can be read");
    // Nor by anybody who reaches the keys themselves.
    let by_hand =
        format!("update audit.subject_keys set key = null, forgotten_at = app.now() where subject = '{member}'");
    let error = sqlx::query(sqlx::AssertSqlSafe(by_hand)).execute(&mut db.login("postgres").await).await;
    assert!(error.expect_err("held").to_string().contains("legal hold"));
    db.sudo(&format!("update app.clients set held_reason = '' where id = '{client}'")).await;
    db.db.front_door().forget_member(&owner, member, "asked").await.expect("forgotten now");
    assert_eq!(db.ask::<i64>(there).await, 0);
}

#[tokio::test]
async fn row_80_a_hold_is_lifted_by_whoever_just_proved_who_they_are() {
    let db = harness::fresh().await;
    let a = db.crowd.a.clone();
    let client = a.clients[0]["client"];
    db.sudo(&format!("update app.clients set held_reason = 'a claim' where id = '{client}'")).await;
    let lift = async |owner: &Arc<Actor>| {
        let mut tx = db.db.write(owner.allow(Permission::ManageShop).expect("may")).await.expect("begins");
        let event = forgetting::hold(&mut tx, ClientId(client), "").await?;
        tx.commit(event).await
    };
    let owner = owner(&db).await;
    db.sudo(&format!(
        "update auth.capabilities set confirmed_at = app.now() - interval '11 minutes' where id = '{}'",
        owner.session
    ))
    .await;
    assert!(lift(&owner).await.is_err(), "a stale proof lifts nothing");
    db.sudo(&format!("update auth.capabilities set confirmed_at = app.now() where id = '{}'", owner.session)).await;
    lift(&owner).await.expect("lifted");
}

#[tokio::test]
async fn row_80_a_draft_that_was_never_issued_goes_with_its_client() {
    let db = harness::fresh().await;
    let a = db.crowd.a.clone();
    let (client, job, issued) = (a.clients[0]["client"], a.clients[0]["job"], a.clients[0]["invoice"]);
    let draft = Uuid::now_v7();
    settle(&db, client).await;
    db.sudo(&format!(
        "insert into app.invoices (shop_id, id, client_id, job_id, status, terms_days, currency, bill_to, note, void_reason)
           values ('{0}', '{draft}', '{client}', '{job}', 'void', 14, 'CAD', 'ZZQ-DRAFT', 'ZZQ-DRAFT', 'ZZQ-DRAFT');
         insert into app.invoice_lines (shop_id, invoice_id, position, client_id, kind, description, quantity_milli, unit_minor, amount_minor, taxable)
           values ('{0}', '{draft}', 1, '{client}', 'labour', 'ZZQ-DRAFT', 1000, 10000, 10000, true)",
        a.id
    ))
    .await;
    let early = format!("delete from app.invoice_lines where invoice_id = '{draft}'");
    let kept = sqlx::query(sqlx::AssertSqlSafe(early)).execute(&mut db.login("postgres").await).await;
    assert!(kept.is_err(), "lines of nobody forgotten stay");
    forget(&db, client).await.expect("forgotten");
    assert_eq!(holding(&db, "ZZQ-DRAFT"), BTreeSet::new());
    let lines = format!("select count(*) from app.invoice_lines where invoice_id = '{issued}'");
    assert_eq!(db.ask::<i64>(&lines).await, 1, "an issued paper stays");
    let late = format!("delete from app.invoice_lines where invoice_id = '{issued}'");
    assert!(sqlx::query(sqlx::AssertSqlSafe(late)).execute(&mut db.login("postgres").await).await.is_err());
}

#[tokio::test]
async fn row_80_letters_to_whoever_is_forgotten_are_never_sent() {
    let db = harness::fresh().await;
    let a = db.crowd.a.clone();
    let (client, contact) = (a.clients[0]["client"], a.clients[0]["contact"]);
    let member = a.people[&Role::Bookkeeper];
    let letter = async |about: &[Uuid], to: &str| {
        let mut tx = write(&db, &a, Permission::EditClients).await;
        let mail = store::mail::Mail { to: to.into(), subject: "Hello".into(), text: "Hello".into() };
        store::mail::post(&mut tx, about, &mail).await.expect("put down");
        tx.commit(Event::ClientChanged { client: ClientId(a.clients[1]["client"]) }).await.expect("written");
        db.ask::<Uuid>("select id from worker.outbox order by id desc limit 1").await
    };
    db.sudo("delete from worker.outbox").await;
    settle(&db, client).await;
    let waits = letter(&[client], "ana@example.org").await;
    let failed = letter(&[client, contact], "ana@example.org").await;
    let other = letter(&[a.clients[1]["client"]], "ben@example.org").await;
    let was_member = letter(&[], &a.email(Role::Bookkeeper)).await;
    let owners = letter(&[], &a.email(Role::Owner)).await;
    db.sudo(&format!("update worker.outbox set state = 'failed' where id = '{failed}'")).await;
    forget(&db, client).await.expect("forgotten");
    let left = format!("select count(*) from worker.outbox where id in ('{waits}', '{failed}')");
    assert_eq!(db.ask::<i64>(&left).await, 0);
    // To members there is no key to go by: the letter is dropped on its way when they are none any more.
    db.sudo(&format!("update auth.memberships set disabled_at = app.now() where person_id = '{member}'")).await;
    let mut sent = Vec::new();
    while let Some(claimed) = db.db.claim_mail().await.expect("claims") {
        sent.push(claimed.mail.to.clone());
        db.db.mail_sent(&claimed).await.expect("sent");
    }
    sent.sort();
    assert_eq!(sent, ["ben@example.org".to_owned(), a.email(Role::Owner)]);
    let rows: Vec<Uuid> = vec![
        db.ask("select id from worker.outbox order by id limit 1").await,
        db.ask("select id from worker.outbox order by id desc limit 1").await,
    ];
    assert_eq!(rows, [other, owners], "{was_member} is gone");
    // What could not be sent is emptied after thirty days, and no earlier.
    db.sudo(&format!("update worker.outbox set state = 'failed', sealed = '\\x01' where id = '{other}'")).await;
    db.later("29 days").await;
    assert_eq!(db.db.empty_failed_mail().await.expect("emptied"), 0);
    db.later("2 days").await;
    assert_eq!(db.db.empty_failed_mail().await.expect("emptied"), 1);
    let bytes: i64 = db.ask("select sum(length(sealed))::bigint from worker.outbox").await;
    assert_eq!(bytes, 0);
}
