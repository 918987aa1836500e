//! Checkpoints on their way into the archive, what the archive knows when the database was changed, and who may take a proof
//! along.

use crate::{
    app::{self, TestApp, Who},
    harness::{self, TestDb, cluster::scratch},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{
    Event, Permission, Role,
    ids::{ClientId, JobId, SignatureId},
    jobs::SignerRole,
    signatures::SignForm,
};
use proof::{Checkpoint, Entry, Frontier, Key, Trusted, leaf, sha256, verify};
use server::proof::{Folder, archived, rounds};
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};
use store::audit::checkpoints::Kept;
use uuid::Uuid;

/// An archive in a folder of its own.
fn archive(on: &TestDb) -> (PathBuf, rounds::Archive) {
    let folder = scratch().join(format!("archive-{}", on.name));
    (folder.clone(), Arc::new(Folder::new(folder)))
}

async fn act(on: &TestDb) {
    let owner = on.crowd.a.actor(&on.db, Role::Owner).await;
    let tx = on.db.write(owner.allow(Permission::EditClients).expect("owner")).await.expect("write");
    tx.commit(Event::ClientChanged { client: ClientId(Uuid::now_v7()) }).await.expect("commit");
}

/// A signed work order of shop A's first client.
pub async fn signed(on: &TestDb) -> SignatureId {
    let job = JobId(on.crowd.a.clients[0]["job"]);
    let owner = on.crowd.a.actor(&on.db, Role::Owner).await;
    let grant = || owner.allow(Permission::Sign).expect("owner");
    let mut tx = on.db.write(grant()).await.expect("write");
    let prepared = store::signatures::prepare(&mut tx, job).await.expect("prepared").expect("new");
    tx.commit(prepared).await.expect("commit");
    let mut tx = on.db.write(grant()).await.expect("write");
    let paper = store::signatures::newest(&mut tx, job).await.expect("newest").expect("a paper");
    let form = SignForm {
        name: "Ana Reyes".into(),
        role: SignerRole::Client.as_str().into(),
        opened: "on".into(),
        consent: "on".into(),
        typed: "on".into(),
        ..SignForm::default()
    };
    let new = form.read().expect("reads");
    let event = store::signatures::sign(&mut tx, job, paper.id, &paper.sha256, &new).await.expect("signed");
    let Event::DocumentSigned { signature, .. } = event else { panic!("{event:?}") };
    tx.commit(event).await.expect("commit");
    signature
}

pub async fn key(on: &TestDb) -> Trusted {
    let shop = on.crowd.a.id;
    let key: String = on.ask(&format!("select key from audit.checkpoints where shop_id = '{shop}' limit 1")).await;
    Trusted::Key(key.parse::<Key>().expect("a key"))
}

/// As a superuser may: all entries behind this one go, the head is put back, and the checkpoints are forgotten.
pub async fn cut_off(on: &TestDb, shop: Uuid, last: i64) {
    for table in ["entries", "personal", "subjects", "heads", "checkpoints"] {
        on.sudo(&format!("alter table audit.{table} disable trigger all")).await;
    }
    on.sudo(&format!(
        "delete from audit.checkpoints where shop_id = '{shop}'; delete from audit.subjects where shop_id = '{shop}' and seq > {last};
         delete from audit.personal where shop_id = '{shop}' and seq > {last}; delete from audit.entries where shop_id = '{shop}' and seq > {last};
         update audit.heads set seq = {last}, hash = (select hash from audit.entries where shop_id = '{shop}' and seq = {last}) where shop_id = '{shop}'"
    ))
    .await;
}

#[tokio::test]
async fn row_66_the_archive_knows_what_the_database_was_made_to_forget() {
    let on = harness::fresh().await;
    let (shop, (folder, sink)) = (on.crowd.a.id, archive(&on));
    act(&on).await;
    on.later("61 minutes").await;
    rounds::round(&on.db, &sink, &mut rounds::Memory::default()).await.expect("round");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder.join(shop.to_string())).expect("made").map(|it| it.expect("file").path()).collect();
    files.retain(|file| file.is_file());
    assert!(files.len() >= 2, "what was made before there was an archive is put there too: {files:?}");
    for file in &files {
        assert_eq!(fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o400);
    }
    let alone = archived(&*sink, shop.uuid()).expect("reads");
    assert!(alone.iter().all(|kept| kept.checkpoint(shop.uuid()).is_some()), "each holds by itself");
    let size: i64 = on.ask(&format!("select max(size) from audit.checkpoints where shop_id = '{shop}'")).await;
    on.later("24 hours").await;
    rounds::round(&on.db, &sink, &mut rounds::Memory::default()).await.expect("round");
    // The sink alone: every entry up to the last checkpoint of the day before, and the roots they come to.
    let bound: i64 = alone_holds(&folder.join(shop.to_string()), &alone);
    assert_eq!(bound, size, "yesterday's log is there, and the checkpoints bind it");
    cut_off(&on, shop.uuid(), size - 2).await;
    on.later("16 minutes").await;
    rounds::round(&on.db, &sink, &mut rounds::Memory::default()).await.expect("round");
    let told: i64 =
        on.ask(&format!("select count(*) from audit.entries where shop_id = '{shop}' and action = 165")).await;
    assert_eq!(told, 1, "the break is on the chain, what is left of it");
    let made: i64 = on.ask(&format!("select count(*) from audit.checkpoints where shop_id = '{shop}'")).await;
    assert_eq!(made, 0, "and nothing is signed on top of it");
}

/// Reads the log in an archive without any database, and compares it with the checkpoints there; how many entries hold.
fn alone_holds(folder: &Path, checkpoints: &[Kept]) -> i64 {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder.join("log")).expect("a log").map(|it| it.expect("file").path()).collect();
    names.sort();
    let mut tree = Frontier::default();
    let mut roots = BTreeMap::from([(0, tree.root())]);
    for line in names
        .iter()
        .flat_map(|name| fs::read_to_string(name).expect("text").lines().map(str::to_owned).collect::<Vec<_>>())
    {
        let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let bytes = BASE64_STANDARD.decode(line["entry"].as_str().expect("entry")).expect("base 64");
        let entry = Entry::read(&bytes).expect("an entry");
        assert_eq!(
            (entry.seq, entry.payload),
            (tree.size() + 1, sha256(&[line["payload"].as_str().expect("payload").as_bytes()]))
        );
        tree.push(leaf(&bytes));
        roots.insert(tree.size(), tree.root());
    }
    for checkpoint in checkpoints.iter().map(|kept| Checkpoint::read(&kept.note).expect("a checkpoint")) {
        assert_eq!(roots.get(&checkpoint.size), Some(&checkpoint.root), "{}", checkpoint.size);
    }
    tree.size().cast_signed()
}

/// A crash between archive and database leaves the archive ahead: no break, and it goes on.
#[tokio::test]
async fn an_archive_ahead_of_an_honest_database_is_no_break() {
    let on = harness::fresh().await;
    let (shop, (_, sink)) = (on.crowd.a.id, archive(&on));
    act(&on).await;
    on.later("61 minutes").await;
    rounds::round(&on.db, &sink, &mut rounds::Memory::default()).await.expect("round");
    on.sudo(&format!(
        "alter table audit.checkpoints disable trigger all; delete from audit.checkpoints where shop_id = '{shop}' and size = (select max(size) from audit.checkpoints where shop_id = '{shop}')"
    ))
    .await;
    act(&on).await;
    on.later("61 minutes").await;
    rounds::round(&on.db, &sink, &mut rounds::Memory::default()).await.expect("round");
    let (size, head): (i64, i64) = (
        on.ask(&format!("select max(size) from audit.checkpoints where shop_id = '{shop}'")).await,
        on.ask(&format!("select seq from audit.heads where shop_id = '{shop}'")).await,
    );
    assert_eq!(size, head);
    let told: i64 =
        on.ask(&format!("select count(*) from audit.entries where shop_id = '{shop}' and action = 165")).await;
    assert_eq!(told, 0);
}

async fn statuses(app: &TestApp, path: &str, roles: &[Role]) -> Vec<u16> {
    let mut all = Vec::new();
    for role in roles {
        let who = app.staff(*role).await;
        all.push(app.get(&who, path).await.status);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_73_a_proof_is_taken_by_whoever_may_see_the_signature_and_holds() {
    let on = harness::fresh().await;
    let signature = signed(&on).await;
    let (_, sink) = archive(&on);
    let app = app::serve(on).await;
    let path = format!("/proof/signatures/{signature}");
    let owner = app.staff(Role::Owner).await;
    assert_eq!(app.get(&owner, &path).await.status, 409, "it is not under a checkpoint yet");
    rounds::round(&app.on.db, &sink, &mut rounds::Memory::default()).await.expect("round");
    let (proof, document) = (app.get(&owner, &path).await, app.get(&owner, &format!("{path}/document")).await);
    assert_eq!((proof.status, document.status), (200, 200), "{}", proof.body);
    for answer in [&proof, &document] {
        assert!(answer.header("content-disposition").starts_with("attachment; filename=\"work-order-"));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.header("content-security-policy").contains("sandbox"));
    }
    let trusted = key(&app.on).await;
    assert!(verify(proof.body.as_bytes(), Some(document.body.as_bytes()), &trusted).is_yes());
    let other = document.body.replacen("Locked out", "Locked in", 1);
    assert!(!verify(proof.body.as_bytes(), Some(other.as_bytes()), &trusted).is_yes() && other != document.body);
    assert_eq!(statuses(&app, &path, &[Role::Technician, Role::Auditor, Role::Dispatcher]).await, [200, 200, 200]);
    for (who, status) in [(Who::default(), 401), (app.client(0).await, 401), (app.rival().await, 404)] {
        for path in [path.clone(), format!("{path}/document"), "/proof/entries/3".to_owned()] {
            let found = app.get(&who, &path).await.status;
            // Every shop has an entry of that number: the rival gets the own one.
            assert_eq!(found, if path.contains("entries") && status == 404 { 200 } else { status }, "{path}");
        }
    }
    assert_eq!(
        statuses(&app, "/proof/entries/3", &[Role::Owner, Role::Dispatcher, Role::Technician]).await,
        [200, 403, 403]
    );
    let client = app.client(0).await;
    let taken = app.get(&client, &format!("/portal{path}")).await;
    let paper = app.get(&client, &format!("/portal{path}/document")).await;
    assert_eq!((taken.status, paper.status), (200, 200), "{}", taken.body);
    assert!(verify(taken.body.as_bytes(), Some(paper.body.as_bytes()), &trusted).is_yes());
    for who in [app.client(1).await, owner] {
        let refused = app.get(&who, &format!("/portal{path}")).await.status;
        assert!(matches!(refused, 401 | 404), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_offline_page_is_a_file_to_keep_and_weakens_nothing() {
    let app = app::start().await;
    let page = app.get(&Who::default(), "/verify.html").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-disposition").starts_with("attachment"), "{page:?}");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
}
