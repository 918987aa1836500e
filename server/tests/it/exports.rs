//! Exports: who may, what stands on the chain first, and that what was taken along holds without us.

use crate::{
    app::{self, Answer, TestApp, Who, post_fields},
    harness::{TestDb, cluster::scratch},
};
use domain::{Event, Permission, Role, ids::ClientId};
use proof::{Key, LogCheck, Trusted, Verdict};
use server::proof::{Folder, command, rounds};
use std::{fs, io::Read, sync::Arc};
use uuid::Uuid;

/// One round of checkpoints.
pub async fn checkpointed(on: &TestDb) {
    let folder: rounds::Archive = Arc::new(Folder::new(scratch().join(format!("exports-{}", on.name))));
    rounds::round(&on.db, &folder, &mut rounds::Memory::default()).await.expect("round");
}

async fn ask(app: &TestApp, who: &Who, kind: &str, reason: &str) -> Answer {
    let mut form = post_fields(who, "/exports");
    form.extend([("form[kind]".to_owned(), kind.to_owned()), ("form[reason]".to_owned(), reason.to_owned())]);
    app.post(who, "/fn/office/run_export", &form).await
}

async fn newest(app: &TestApp) -> i64 {
    let shop = app.on.crowd.a.id;
    app.on
        .ask(&format!("select coalesce(max(seq), 0) from audit.entries where shop_id = '{shop}' and action = 200"))
        .await
}

/// Records an export and gives its entry.
async fn exported(app: &TestApp, who: &Who, kind: &str) -> i64 {
    let answer = ask(app, who, kind, "Yearly audit").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    newest(app).await
}

async fn shops_key(on: &TestDb) -> Trusted {
    let shop = on.crowd.a.id;
    let key: String = on.ask(&format!("select key from audit.checkpoints where shop_id = '{shop}' limit 1")).await;
    Trusted::Key(key.parse::<Key>().expect("a key"))
}

fn check(log: &str, trusted: &Trusted) -> Verdict {
    let mut lines = log.split_terminator('\n');
    LogCheck::begin(lines.next().expect("a line"))
        .and_then(|mut check| lines.try_for_each(|line| check.line(line)).map(|()| check.end(trusted)))
        .unwrap_or_else(|no| no)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_71_the_whole_chain_is_exported_and_verifies_without_us() {
    let app = app::start().await;
    let shop = app.on.crowd.a.id;
    let owner = app.staff(Role::Owner).await;
    let entry = exported(&app, &owner, "audit_log").await;
    checkpointed(&app.on).await;
    let file = app.get(&owner, &format!("/exports/{entry}/audit-trail.ndjson")).await;
    assert_eq!(file.status, 200, "{}", file.body);
    assert!(file.header("content-disposition").starts_with("attachment"), "{file:?}");
    assert_eq!(file.header("cache-control"), "no-store");
    let head: i64 = app.on.ask(&format!("select seq from audit.heads where shop_id = '{shop}'")).await;
    assert_eq!(file.body.lines().count() as i64, head + 1, "an entry a line, and the checkpoint");
    let trusted = shops_key(&app.on).await;
    let verdict = check(&file.body, &trusted);
    assert!(verdict.is_yes() && !verdict.to_string().contains("Signed by nobody"), "{verdict}");
    for at in (0..file.body.len() - 1).step_by(97) {
        let mut other = file.body.clone().into_bytes();
        other[at] ^= 1;
        assert!(!check(&String::from_utf8_lossy(&other), &trusted).is_yes(), "byte {at} may be anything");
    }
    by_hand(&file.body, &trusted);
    let entry = exported(&app, &owner, "audit_table").await;
    let table = app.get(&owner, &format!("/exports/{entry}/audit-trail.csv")).await;
    let rows = table.body.split("\r\n").filter(|line| !line.is_empty()).count() as i64;
    assert_eq!((table.status, rows), (200, entry + 1), "{}", table.body);
    assert!(table.body.contains("Yearly audit"));
}

/// The command line says the same.
fn by_hand(log: &str, trusted: &Trusted) {
    let path = scratch().join(format!("{}.ndjson", Uuid::now_v7()));
    let Trusted::Key(key) = trusted else { panic!("a key") };
    let asked = |path: &std::path::Path| command::Verify {
        file: path.to_owned(),
        document: None,
        key: Some(key.fingerprint()),
    };
    fs::write(&path, log).expect("written");
    assert!(command::run(&asked(&path)).expect("runs"));
    fs::write(&path, log.replacen("\"payload\":\"{", "\"payload\":\"{ ", 1)).expect("written");
    assert!(!command::run(&asked(&path)).expect("runs"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_71_who_may_export_is_defined_and_proved_and_recorded_first() {
    let app = app::start().await;
    for (role, audit, data) in [
        (Role::Owner, 200, 200),
        (Role::Admin, 200, 200),
        (Role::Auditor, 200, 403),
        (Role::Manager, 403, 403),
        (Role::Bookkeeper, 403, 403),
        (Role::Technician, 403, 403),
    ] {
        let who = app.staff(role).await;
        assert_eq!(ask(&app, &who, "audit_log", "Yearly audit").await.status, audit, "{role:?}");
        assert_eq!(ask(&app, &who, "data", "Yearly audit").await.status, data, "{role:?}");
    }
    let owner = app.staff(Role::Owner).await;
    assert_eq!(ask(&app, &owner, "data", "why").await.status, 422, "a reason is words");
    let before = newest(&app).await;
    app.on.later("11 minutes").await;
    assert_eq!(ask(&app, &owner, "data", "Yearly audit").await.status, 401, "the proof is too old");
    assert_eq!(newest(&app).await, before, "and nothing is recorded");
    let refused = app
        .on
        .db
        .write(app.on.crowd.a.actor(&app.on.db, Role::Owner).await.allow(Permission::RunExports).expect("owner"))
        .await
        .expect("write");
    app.on.later("11 minutes").await;
    let (kind, person) = (domain::exports::ExportKind::Data, app.on.crowd.a.people[&Role::Owner]);
    assert!(refused.commit(Event::ExportMade { kind, person }).await.is_err(), "the database asks for the proof, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_71_only_whoever_recorded_it_fetches_it_and_for_ten_minutes() {
    let app = app::start().await;
    let (owner, admin, rival) = (app.staff(Role::Owner).await, app.staff(Role::Admin).await, app.rival().await);
    let entry = exported(&app, &owner, "data").await;
    let path = format!("/exports/{entry}/shop-data.zip");
    for (who, status) in [(&admin, 404), (&rival, 404), (&Who::default(), 401), (&owner, 200)] {
        assert_eq!(app.get(who, &path).await.status, status);
    }
    for other in ["audit-trail.ndjson", "case-file.zip", "x"] {
        assert_eq!(app.get(&owner, &format!("/exports/{entry}/{other}")).await.status, 404, "{other}");
    }
    let signed_in: i64 = app.on.ask("select min(seq) from audit.entries").await;
    assert_eq!(app.get(&owner, &format!("/exports/{signed_in}/shop-data.zip")).await.status, 404);
    // The session is proved anew, the entry is as old as it is.
    app.on.later("11 minutes").await;
    let again = app.staff(Role::Owner).await;
    assert_eq!(app.get(&again, &path).await.status, 404);
    let left: i64 =
        app.on.ask(&format!("select count(*) from audit.entries where seq = {entry} and action = 200")).await;
    assert!(left >= 1, "whether or not it was fetched, it stands there");
}

/// The files of an archive: name and text.
pub fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let long = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four")) as usize;
    let short = |at: usize| usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().expect("two")));
    let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06").expect("an archive");
    let (count, mut at, mut files) = (short(end + 10), long(end + 16), Vec::new());
    for _ in 0..count {
        assert_eq!(&bytes[at..at + 4], b"PK\x01\x02");
        let (packed, size, name, local) = (long(at + 20), long(at + 24), short(at + 28), long(at + 42));
        let text = String::from_utf8(bytes[at + 46..at + 46 + name].to_vec()).expect("a name");
        let from = local + 30 + short(local + 26) + short(local + 28);
        let mut file = Vec::new();
        flate2::read::DeflateDecoder::new(&bytes[from..from + packed]).read_to_end(&mut file).expect("unpacks");
        assert_eq!((file.len(), crc32fast::hash(&file)), (size, long(at + 16) as u32), "{text}");
        files.push((text, file));
        at += 46 + name + short(at + 30) + short(at + 32);
    }
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_71_the_data_is_whole_harmless_and_holds_nothing_of_the_rival_or_the_vault() {
    let app = app::start().await;
    let (a, b) = (&app.on.crowd.a, &app.on.crowd.b);
    let client = ClientId(a.clients[0]["client"]);
    app.on
        .sudo(&format!(
            "update app.clients set name = '=cmd|calc' where id = '{client}'; update app.clients set name = 'ZZQ-RIVAL' where shop_id = '{}'",
            b.id
        ))
        .await;
    let owner = app.staff(Role::Owner).await;
    let entry = exported(&app, &owner, "data").await;
    let answer = app.get(&owner, &format!("/exports/{entry}/shop-data.zip")).await;
    assert_eq!(answer.status, 200);
    let files = unpacked(&answer.bytes);
    let manifest: serde_json::Value = serde_json::from_slice(&files.last().expect("files").1).expect("JSON");
    let listed = manifest["files"].as_array().expect("a list");
    assert_eq!(listed.len() + 1, files.len());
    for (line, (name, body)) in listed.iter().zip(&files) {
        let sha = proof::hex(&proof::sha256(&[body]));
        assert_eq!((line["name"].as_str(), line["sha256"].as_str()), (Some(&**name), Some(&*sha)));
        let text = String::from_utf8(body.clone()).expect("text");
        assert!(!text.contains("ZZQ-RIVAL") && !text.contains(&b.id.to_string()), "{name} holds the rival's");
    }
    for (file, table) in [
        ("clients.csv", "clients"),
        ("contacts.csv", "contacts"),
        ("notes.csv", "client_notes"),
        ("sites.csv", "sites"),
        ("openings.csv", "openings"),
        ("jobs.csv", "jobs"),
        ("authority-checks.csv", "authority_checks"),
        ("visits.csv", "visits"),
        ("lines.csv", "job_lines"),
        ("invoices.csv", "invoices"),
        ("invoice-lines.csv", "invoice_lines"),
        ("payments.csv", "payments"),
    ] {
        let line = listed.iter().find(|line| line["name"] == file).unwrap_or_else(|| panic!("{file} is missing"));
        let there: i64 = app.on.ask(&format!("select count(*) from app.{table} where shop_id = '{}'", a.id)).await;
        assert_eq!(line["rows"].as_i64(), Some(there), "{file}");
        assert!(there > 0, "nothing in {table} to be tested with");
    }
    let clients = String::from_utf8(files[0].1.clone()).expect("text");
    assert!(clients.contains("'=cmd|calc") && !clients.contains(",=cmd"), "{clients}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_71_an_export_cut_off_half_way_leaves_its_entry_and_no_whole_file() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let entry = exported(&app, &owner, "audit_log").await;
    checkpointed(&app.on).await;
    // Cut short while it is written: entries that were there are not.
    for table in ["entries", "personal", "subjects"] {
        app.on.sudo(&format!("alter table audit.{table} disable trigger all")).await;
    }
    let shop = app.on.crowd.a.id;
    for table in ["personal", "subjects", "entries"] {
        app.on.sudo(&format!("delete from audit.{table} where shop_id = '{shop}' and seq = {entry} - 1")).await;
    }
    let file = app.get(&owner, &format!("/exports/{entry}/audit-trail.ndjson")).await;
    assert!(!check(&file.body, &shops_key(&app.on).await).is_yes(), "a log with a hole in it verifies");
    let page = app.get(&owner, "/exports").await;
    assert!(page.body.contains("exported the audit trail, to be verified"), "{}", page.body);
    assert!(page.body.contains("Yearly audit"));
}
