//! The mailed invoice: its link opens the client's door.

use super::*;
use crate::harness::{crowd::origin, fresh};
use domain::ids::ContactId;
use store::Token;

async fn mail(db: &TestDb, shop: &Shop, invoice: InvoiceId, contact: Uuid) -> Result<(), Error> {
    let mut tx = write(db, shop).await;
    let about = store::invoices::mail_to(&mut tx, invoice, ContactId(contact), "https://shop.example").await?;
    tx.commit(Event::InvoiceMailed { invoice, client: about.client }).await
}

#[tokio::test]
async fn a_mailed_invoice_brings_its_contact_to_it() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let invoice = issued(&db, &shop, 2_001).await;
    mail(&db, &shop, invoice, shop.clients[0]["contact"]).await.unwrap();
    let letters = async { db.db.claim_mail().await.unwrap() };
    let mut letter = letters.await.expect("a letter waits").mail;
    while !letter.subject.starts_with("Invoice") {
        letter = db.db.claim_mail().await.unwrap().expect("the invoice's letter waits").mail;
    }
    assert_eq!(letter.to, "contact1@example.com");
    let link = letter.text.lines().find_map(|line| line.strip_prefix("https://shop.example/p/")).expect("a link");
    let token = Token::parse(link).expect("a token");
    let door = db.db.front_door();
    let peek = door.peek_portal_link(&token, &crate::harness::crowd::origin()).await.unwrap().expect("the link lives");
    let visit = door.redeem_portal_link(&token, &peek, &origin()).await.unwrap();
    let visitor = door.resolve_portal(&visit, origin()).await.unwrap().expect("the visit lives");
    let mut tx = db.db.visit(visitor.into()).await.unwrap();
    assert_eq!(store::invoices::sheet(&mut tx, invoice).await.unwrap().total.minor(), 11_300);
}

#[tokio::test]
async fn drafts_void_invoices_and_strangers_get_no_mail() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (own, other) = (shop.clients[0]["contact"], shop.clients[1]["contact"]);
    let job = completed(&db, &shop, 2_001, &SHOP_C).await;
    let draft = draft(&db, &shop, job).await.unwrap();
    assert!(conflict(mail(&db, &shop, draft, own).await).contains("Issue the invoice first"));
    let invoice = issued(&db, &shop, 2_002).await;
    assert!(matches!(mail(&db, &shop, invoice, other).await, Err(Error::Refusal(Refusal::NotFound))));
    void(&db, &shop, invoice).await.unwrap();
    assert!(conflict(mail(&db, &shop, invoice, own).await).contains("void"));
    let links: i64 = db.ask(&format!("select count(*) from auth.portal_links where shop_id = '{}'", shop.id)).await;
    assert_eq!(links, 2, "a refused mail makes no link");
}
