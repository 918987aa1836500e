//! Payments: never more than is owed, never lost.

use super::*;
use crate::harness::fresh;
use domain::{calendar::Date, ids::PaymentId, invoices::PaymentMethod, payments::NewPayment};

fn cash(minor: i64) -> NewPayment {
    NewPayment {
        amount: Money::from_minor(minor),
        method: PaymentMethod::Cash,
        reference: "R-1".into(),
        received_on: Date::new(2026, 1, 10).unwrap(),
    }
}

async fn pay(db: &TestDb, shop: &Shop, invoice: InvoiceId, new: NewPayment) -> Result<PaymentId, Error> {
    let mut tx = write(db, shop).await;
    let (payment, client) = store::payments::record(&mut tx, invoice, &new).await?;
    tx.commit(Event::PaymentRecorded { payment, invoice, client, amount_minor: new.amount.minor() }).await?;
    Ok(payment)
}

async fn reverse(db: &TestDb, shop: &Shop, payment: PaymentId) -> Result<(), Error> {
    let mut tx = write(db, shop).await;
    let (invoice, client) = store::payments::reverse(&mut tx, payment, "Bounced").await?;
    tx.commit(Event::PaymentReversed { payment, invoice, client }).await
}

async fn standing(db: &TestDb, invoice: InvoiceId) -> String {
    db.ask(&format!("select concat_ws(' ', status, paid_minor) from app.invoices where id = '{invoice}'")).await
}

#[tokio::test]
async fn two_payments_at_once_cannot_exceed_what_is_owed() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let invoice = issued(&db, &shop, 2_001).await;
    let (one, two) = tokio::join!(pay(&db, &shop, invoice, cash(8_000)), pay(&db, &shop, invoice, cash(8_000)));
    let refused = match (one, two) {
        (Ok(_), refused) | (refused, Ok(_)) => refused,
        neither => panic!("{neither:?}"),
    };
    match refused {
        Err(Error::Refusal(Refusal::Invalid(fields))) => {
            assert_eq!(fields["amount"], "Only $33.00 is owed on this invoice.")
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(standing(&db, invoice).await, "part_paid 8000");
    pay(&db, &shop, invoice, cash(3_300)).await.unwrap();
    assert_eq!(standing(&db, invoice).await, "paid 11300");
    assert!(conflict(void(&db, &shop, invoice).await).contains("Reverse its payments"));
}

#[tokio::test]
async fn a_reversed_payment_no_longer_counts_and_is_reversed_once() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let invoice = issued(&db, &shop, 2_001).await;
    let whole = pay(&db, &shop, invoice, cash(11_300)).await.unwrap();
    let (one, two) = tokio::join!(reverse(&db, &shop, whole), reverse(&db, &shop, whole));
    assert!(conflict(if one.is_err() { one } else { two }).contains("reversed already"));
    assert_eq!(standing(&db, invoice).await, "sent 0");
    pay(&db, &shop, invoice, cash(1)).await.unwrap();
    assert_eq!(standing(&db, invoice).await, "part_paid 1");
    let mut tx = write(&db, &shop).await;
    let rows = store::payments::of(&mut tx, invoice).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.amount.minor(), row.reversed.as_deref())).collect();
    assert_eq!(seen, [(1, None), (11_300, Some("Bounced"))]);
}

#[tokio::test]
async fn drafts_void_invoices_and_days_to_come_take_no_payment() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let invoice = issued(&db, &shop, 2_001).await;
    let tomorrow: String = db.ask("select (app.today('America/Toronto') + 1)::text").await;
    let early = NewPayment { received_on: Date::parse(&tomorrow).unwrap(), ..cash(100) };
    match pay(&db, &shop, invoice, early).await {
        Err(Error::Refusal(Refusal::Invalid(fields))) => assert!(fields["received_on"].contains("still to come")),
        other => panic!("{other:?}"),
    }
    void(&db, &shop, invoice).await.unwrap();
    assert!(conflict(pay(&db, &shop, invoice, cash(100)).await).contains("takes no payments"));
    let job = completed(&db, &shop, 2_002, &SHOP_C).await;
    let draft = draft(&db, &shop, job).await.unwrap();
    assert!(conflict(pay(&db, &shop, draft, cash(100)).await).contains("takes no payments"));
}
