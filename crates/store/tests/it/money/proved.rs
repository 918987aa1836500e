//! An issued invoice can be proved by its bytes: number, total and every line as they were when it was issued.

use super::*;
use crate::{
    clients::read,
    harness::{crowd::checkpoint, fresh},
};
use domain::Role;
use proof::{Field, Key, Trusted, Verdict, verify};
use std::sync::Arc;
use store::proofs::{self, PaperKind};

#[tokio::test]
async fn an_issued_invoice_is_proved_by_the_bytes_it_was_issued_with() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let job = completed(&db, &shop, 2_001, &[("labour", 1_000, 10_000)]).await;
    let invoice = draft(&db, &shop, job).await.unwrap();
    let kind = PaperKind::Invoice(invoice);
    let office = async || read(&db, &shop, Role::Bookkeeper, Permission::SeeInvoices).await;
    assert!(
        matches!(proofs::of_invoice(&mut office().await, invoice).await, Err(Error::Refusal(Refusal::NotFound))),
        "a draft"
    );
    issue(&db, &shop, invoice, 11_300).await.unwrap();
    checkpoint(&db.db).await;
    let text = proofs::of_invoice(&mut office().await, invoice).await.unwrap();
    let paper = proofs::paper(&mut office().await, kind).await.unwrap();
    let key: String = db.ask(&format!("select key from audit.checkpoints where shop_id = '{}' limit 1", shop.id)).await;
    let trusted = Trusted::Key(key.parse::<Key>().unwrap());
    let verdict = verify(text.as_bytes(), Some(&paper.body), &trusted);
    assert!(verdict.is_yes() && verdict.to_string().contains("Total: 113.00"), "{verdict}");
    let html = String::from_utf8(paper.body.clone()).unwrap();
    assert!(html.contains("Client 1 Ltd") && html.contains("$113.00") && !html.contains("<script"), "{html}");
    let cheaper = html.replace("113.00", "13.00").into_bytes();
    let verdict = verify(text.as_bytes(), Some(&cheaper), &trusted);
    assert!(matches!(verdict, Verdict::No { field: Field::Document, .. }), "{verdict}");
    let (_, visitor) = shop.visitor(&db.db, 0).await;
    let mut tx = db.db.visit(Arc::clone(&visitor)).await.unwrap();
    let theirs = proofs::of_client(&mut tx, invoice.uuid()).await.unwrap();
    drop(tx);
    let taken = db.db.paper_for_client(visitor, kind).await.unwrap();
    assert!(taken == paper && verify(theirs.as_bytes(), Some(&taken.body), &trusted).is_yes());
    let (_, other) = shop.visitor(&db.db, 1).await;
    assert!(matches!(db.db.paper_for_client(other, kind).await, Err(Error::Refusal(Refusal::NotFound))));
}
