//! Proof files of signatures and invoices: the office's, the client's, and what they say of a changed byte.

use super::trusted;
use crate::{
    clients::read,
    harness::{self, TestDb, crowd::checkpoint},
    signatures::{drawn, prepare, sign},
};
use domain::{Permission, Refusal, Role, ids::SignatureId, jobs::SignerRole};
use proof::{Field, Verdict, verify};
use std::sync::Arc;
use store::{
    Error,
    proofs::{self, PaperKind},
};

async fn office(db: &TestDb, signature: SignatureId) -> Result<String, Error> {
    let mut tx = read(db, &db.crowd.a, Role::Owner, Permission::SeeSignatures).await;
    proofs::of_signature(&mut tx, signature).await
}

async fn signed(db: &TestDb) -> (SignatureId, String) {
    let paper = prepare(db).await.unwrap();
    let signature = sign(db, paper.id, &paper.sha256, SignerRole::Client).await.unwrap();
    (signature, paper.html)
}

#[tokio::test]
async fn row_73_a_signature_is_proved_offline_with_address_time_and_name() {
    let db = harness::fresh().await;
    let (signature, html) = signed(&db).await;
    assert!(matches!(office(&db, signature).await, Err(Error::Refusal(Refusal::Conflict(_)))), "no checkpoint yet");
    checkpoint(&db.db).await;
    let (text, trusted) = (office(&db, signature).await.unwrap(), trusted(&db).await);
    let verdict = verify(text.as_bytes(), Some(html.as_bytes()), &trusted);
    assert!(verdict.is_yes(), "{verdict}");
    let words = verdict.to_string();
    for fact in ["Ana <b>Reyes", "192.0.2.7", "2026-01-05T10:00:00Z", "Olive Owner", "client, drawn"] {
        assert!(words.contains(fact), "{fact} is missing in {words}");
    }
    let changed = html.replacen("113.00", "131.00", 1);
    assert_ne!(changed, html);
    let verdict = verify(text.as_bytes(), Some(changed.as_bytes()), &trusted);
    assert!(matches!(verdict, Verdict::No { field: Field::Document, .. }), "{verdict}");
}

/// What stands in the database is changed by a superuser: the proof made from it does not leave the house.
#[tokio::test]
async fn row_73_evidence_that_was_changed_in_the_database_proves_nothing() {
    let db = harness::fresh().await;
    let (signature, _) = signed(&db).await;
    checkpoint(&db.db).await;
    office(&db, signature).await.unwrap();
    for table in ["app.signatures", "app.signature_evidence", "audit.entries"] {
        db.sudo(&format!("alter table {table} disable trigger all")).await;
    }
    for (change, back, field) in [
        ("signer_name = 'Somebody else'", "signer_name = 'Ana <b>Reyes'", "the signer's name"),
        ("ip = '192.0.2.8'", "ip = '192.0.2.7'", "the network address"),
        ("device_time = ''", "device_time = '2026-01-05T10:00:00Z'", "the time on the signer's device"),
        ("consent_text = consent_text || '!'", "consent_text = left(consent_text, -1)", "consented"),
    ] {
        db.sudo(&format!("update app.signatures set {change} where id = '{signature}'")).await;
        let refused = office(&db, signature).await;
        assert!(matches!(&refused, Err(Error::Vault(why)) if why.contains(field)), "{change}: {refused:?}");
        db.sudo(&format!("update app.signatures set {back} where id = '{signature}'")).await;
    }
    office(&db, signature).await.expect("all is as it was");
    for (change, field) in [
        ("update app.signature_evidence set body = replace(body, 'drawn', 'typed')", "evidence"),
        ("update audit.entries set time_us = time_us + 1", "entry"),
    ] {
        db.sudo(&format!(
            "{change} where {} = '{signature}'",
            if field == "entry" { "entity" } else { "signature_id" }
        ))
        .await;
        let refused = office(&db, signature).await;
        assert!(matches!(&refused, Err(Error::Vault(why)) if why.contains(field)), "{change}: {refused:?}");
        if field == "entry" {
            continue;
        }
        db.sudo(&format!("update app.signature_evidence set body = replace(body, 'typed', 'drawn') where signature_id = '{signature}'")).await;
    }
}

/// A technician takes the proofs of the own visits' jobs, and learns of no other.
#[tokio::test]
async fn a_technician_who_was_not_there_takes_no_proof() {
    let db = harness::fresh().await;
    let (signature, _) = signed(&db).await;
    checkpoint(&db.db).await;
    let mut shop = db.crowd.a.clone();
    let mut tx = read(&db, &shop, Role::Technician, Permission::SeeSignatures).await;
    proofs::of_signature(&mut tx, signature).await.expect("the one who was there");
    drop(tx);
    shop.people.insert(Role::Technician, shop.second_technician);
    let mut tx = read(&db, &shop, Role::Technician, Permission::SeeSignatures).await;
    assert_ne!(tx.actor().person, db.crowd.a.people[&Role::Technician]);
    assert!(matches!(proofs::of_signature(&mut tx, signature).await, Err(Error::Refusal(Refusal::NotFound))));
    let paper = proofs::paper(&mut tx, PaperKind::Signed(signature)).await;
    assert!(matches!(paper, Err(Error::Refusal(Refusal::NotFound))));
}

/// What is personal is forgotten: the proof still holds and opens nothing.
#[tokio::test]
async fn a_forgotten_salt_leaves_a_proof_that_holds() {
    let db = harness::fresh().await;
    let (signature, html) = signed(&db).await;
    checkpoint(&db.db).await;
    db.sudo(&format!(
        "set role shearline_owner; update app.signature_evidence set salt = null where signature_id = '{signature}'"
    ))
    .await;
    let text = office(&db, signature).await.unwrap();
    let verdict = verify(text.as_bytes(), Some(html.as_bytes()), &trusted(&db).await);
    assert!(verdict.is_yes() && !verdict.to_string().contains("192.0.2.7"), "{verdict}");
    for change in ["salt = sha256('x')", "body = '{}'", "seal = sha512('x')"] {
        let mut conn = db.login("postgres").await;
        let statement = format!("update app.signature_evidence set {change} where signature_id = '{signature}'");
        let refused = sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut conn).await;
        assert!(refused.is_err_and(|error| error.to_string().contains("does not change")), "{change}");
    }
}

#[tokio::test]
async fn a_client_takes_the_own_proof_with_the_own_name_and_no_other() {
    let db = harness::fresh().await;
    let paper = prepare(&db).await.unwrap();
    let (_, visitor) = db.crowd.a.visitor(&db.db, 0).await;
    let job = db.crowd.a.clients[0]["job"].into();
    db.db.sign_by_link(&visitor, job, paper.id, &paper.sha256, &drawn(SignerRole::Client)).await.unwrap();
    checkpoint(&db.db).await;
    let signature: uuid::Uuid =
        db.ask(&format!("select id from app.signatures where document_id = '{}'", paper.id)).await;
    let kind = PaperKind::Signed(signature.into());
    let mut tx = db.db.visit(Arc::clone(&visitor)).await.unwrap();
    let text = proofs::of_client(&mut tx, signature).await.unwrap();
    drop(tx);
    let document = db.db.paper_for_client(visitor, kind).await.unwrap();
    let verdict = verify(text.as_bytes(), Some(&document.body), &trusted(&db).await);
    assert!(verdict.is_yes(), "{verdict}");
    let words = verdict.to_string();
    assert!(words.contains("Ana <b>Reyes") && !words.contains("192.0.2.7"), "{words}");
    let views: i64 =
        db.ask(&format!("select count(*) from app.document_views where subject_id = '{}'", paper.id)).await;
    assert_eq!(views, 1, "taking the document is looking at it");
    for shop in [&db.crowd.a, &db.crowd.b] {
        let (_, other) = shop.visitor(&db.db, 1).await;
        let mut tx = db.db.visit(Arc::clone(&other)).await.unwrap();
        assert!(matches!(proofs::of_client(&mut tx, signature).await, Err(Error::Refusal(Refusal::NotFound))));
        drop(tx);
        assert!(matches!(db.db.paper_for_client(other, kind).await, Err(Error::Refusal(Refusal::NotFound))));
    }
}
