//! Work orders: frozen byte for byte, signed once in each role, and never changed afterwards.

use crate::{
    clients::{read, write},
    harness::{self, TestDb},
};
use domain::{
    Event, Permission, Refusal, Role,
    ids::{DocumentId, JobId, SignatureId},
    jobs::SignerRole,
    signatures::{NewSignature, Paper, SignForm},
};
use store::{Error, signatures};

/// A drawn line of 400 pixels.
pub const INK: &str = r#"{"v":1,"w":600,"h":200,"r":100,"s":[{"k":"pen","d":[1000,1000,0,128,40000,100,50,0]}]}"#;

pub fn drawn(role: SignerRole) -> NewSignature {
    let form = SignForm {
        name: "Ana <b>Reyes".into(),
        role: role.as_str().into(),
        opened: "on".into(),
        consent: "on".into(),
        ink: INK.into(),
        device_time: "2026-01-05T10:00:00Z".into(),
        ..SignForm::default()
    };
    form.read().unwrap()
}

fn job(db: &TestDb) -> JobId {
    JobId(db.crowd.a.clients[0]["job"])
}

/// Prepares the first client's work order; gives its document when there was something new.
pub async fn prepare(db: &TestDb) -> Option<Paper> {
    let mut tx = write(db, &db.crowd.a, Permission::Sign).await;
    let event = signatures::prepare(&mut tx, job(db)).await.unwrap()?;
    tx.commit(event).await.unwrap();
    let mut tx = read(db, &db.crowd.a, Role::Owner, Permission::Sign).await;
    signatures::newest(&mut tx, job(db)).await.unwrap()
}

pub async fn sign(db: &TestDb, document: DocumentId, sha256: &str, role: SignerRole) -> Result<SignatureId, Error> {
    let mut tx = write(db, &db.crowd.a, Permission::Sign).await;
    let event = signatures::sign(&mut tx, job(db), document, sha256, &drawn(role)).await?;
    let Event::DocumentSigned { signature, .. } = event else { panic!("{event:?}") };
    tx.commit(event).await?;
    Ok(signature)
}

fn conflict(result: &Result<SignatureId, Error>) -> bool {
    matches!(result, Err(Error::Refusal(Refusal::Conflict(_))))
}

#[tokio::test]
async fn a_work_order_is_frozen_again_only_when_the_job_says_something_else() {
    let db = harness::fresh().await;
    let second = prepare(&db).await.expect("the job says more than what stood there");
    assert_eq!(second.version, 2);
    for words in
        ["Locked out, client 1", "1 Low Street", "D-101", "Asker 1", "Passport", "Labour: Opening", "$113.00", "L-1042"]
    {
        assert!(second.html.contains(words), "{words} is missing in {}", second.html);
    }
    assert_eq!(prepare(&db).await, None);
    db.sudo(&format!("update app.jobs set performed = 'Opened <i>without</i> damage' where id = '{}'", job(&db))).await;
    let third = prepare(&db).await.expect("the job was changed");
    assert!(third.version == 3 && third.html.contains("Opened &lt;i&gt;without&lt;/i&gt; damage"), "{third:?}");
    db.sudo(&format!("update app.jobs set status = 'cancelled' where id = '{}'", job(&db))).await;
    let mut tx = write(&db, &db.crowd.a, Permission::Sign).await;
    assert!(matches!(signatures::prepare(&mut tx, job(&db)).await, Err(Error::Refusal(Refusal::Conflict(_)))));
}

#[tokio::test]
async fn only_the_newest_bytes_of_an_unchanged_job_are_signed_and_once_in_each_role() {
    let db = harness::fresh().await;
    let old = DocumentId(db.crowd.a.clients[0]["document"]);
    let paper = prepare(&db).await.unwrap();
    assert!(conflict(&sign(&db, paper.id, &"0".repeat(64), SignerRole::Client).await), "other bytes");
    assert!(conflict(&sign(&db, old, &paper.sha256, SignerRole::Client).await), "an older version");
    sign(&db, paper.id, &paper.sha256, SignerRole::Client).await.unwrap();
    assert!(conflict(&sign(&db, paper.id, &paper.sha256, SignerRole::Client).await), "twice as the client");
    sign(&db, paper.id, &paper.sha256, SignerRole::Technician).await.unwrap();
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::Sign).await;
    assert_eq!(
        signatures::signed_roles(&mut tx, job(&db)).await.unwrap(),
        [SignerRole::Client, SignerRole::Technician].into()
    );
    drop(tx);
    db.sudo(&format!("update app.jobs set performed = 'More' where id = '{}'", job(&db))).await;
    assert!(conflict(&sign(&db, paper.id, &paper.sha256, SignerRole::Witness).await), "the job was changed since");
    prepare(&db).await.unwrap();
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::Sign).await;
    assert!(signatures::signed_roles(&mut tx, job(&db)).await.unwrap().is_empty(), "a new version is unsigned");
    let kept: String =
        db.ask(&format!("select encode(sha256(body), 'hex') from app.documents where id = '{}'", paper.id)).await;
    assert_eq!(kept, paper.sha256, "the signed version stays");
    assert!(
        matches!(
            signatures::page(&mut tx, JobId(db.crowd.b.clients[0]["job"])).await,
            Err(Error::Refusal(Refusal::NotFound))
        ),
        "the rival's job"
    );
}

#[tokio::test]
async fn the_evidence_is_whole_and_notices_any_changed_byte() {
    let db = harness::fresh().await;
    let paper = prepare(&db).await.unwrap();
    let signature = sign(&db, paper.id, &paper.sha256, SignerRole::Client).await.unwrap();
    let mut tx = read(&db, &db.crowd.a, Role::Technician, Permission::SeeSignatures).await;
    let evidence = signatures::find(&mut tx, signature).await.unwrap();
    drop(tx);
    assert!(evidence.bytes_hold && evidence.strokes_hold == Some(true) && evidence.signed_sha256 == paper.sha256);
    assert_eq!(
        (evidence.witness.as_deref(), evidence.ip.as_str(), evidence.device_time.as_str()),
        (Some("Olive Owner"), "192.0.2.7", "2026-01-05T10:00:00Z")
    );
    let svg = evidence.drawing.unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("Ana &lt;b&gt;Reyes") && !svg.contains("<b>"), "{svg}");
    let entry: String = db
        .ask(&format!(
            "select encode(hash, 'hex') from audit.entries where seq = {} and entity = '{signature}'",
            evidence.seq.unwrap()
        ))
        .await;
    assert_eq!(evidence.entry_hash, entry);
    let clear: i64 =
        db.ask("select count(*) from vault.signature_strokes where position('pen'::bytea in sealed) > 0").await;
    assert_eq!(clear, 0, "strokes are sealed");
    db.sudo(&format!(
        "alter table app.documents disable trigger all; alter table app.documents drop constraint documents_check;
         update app.documents set body = replace(convert_from(body, 'UTF8'), '$113.00', '$913.00')::bytea where id = '{}'",
        paper.id
    ))
    .await;
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeSignatures).await;
    assert!(!signatures::find(&mut tx, signature).await.unwrap().bytes_hold);
}

#[tokio::test]
async fn a_technician_signs_only_for_jobs_of_own_visits() {
    let db = harness::fresh().await;
    let other = JobId(db.crowd.a.clients[1]["job"]);
    let technician = db.crowd.a.actor(&db.db, Role::Technician).await;
    let mut tx = db.db.write(technician.allow(Permission::Sign).unwrap()).await.unwrap();
    assert!(matches!(signatures::prepare(&mut tx, other).await, Err(Error::Refusal(Refusal::NotFound))));
    assert!(signatures::prepare(&mut tx, job(&db)).await.unwrap().is_some());
}
