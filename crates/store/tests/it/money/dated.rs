//! Invoices dated before today: what was delivered on paper keeps its day.

use super::*;
use crate::harness::fresh;
use domain::calendar::Date;

async fn issue_on(db: &TestDb, shop: &Shop, invoice: InvoiceId, day: Date) -> Result<Issued, Error> {
    let mut tx = write(db, shop).await;
    let issued = store::invoices::issue_on(&mut tx, invoice, 1, Money::from_minor(11_300), day).await?;
    tx.commit(issued.event()).await?;
    Ok(issued)
}

#[tokio::test]
async fn an_earlier_day_counts_for_the_days_to_pay() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let job = completed(&db, &shop, 2_001, &[("labour", 1_000, 10_000)]).await;
    let invoice = draft(&db, &shop, job).await.unwrap();
    issue_on(&db, &shop, invoice, Date::parse("2025-03-04").unwrap()).await.unwrap();
    let stored: String = db
        .ask(&format!("select concat_ws(' ', status, issued_on, due_on) from app.invoices where id = '{invoice}'"))
        .await;
    assert_eq!(stored, "sent 2025-03-04 2025-04-03");
}

#[tokio::test]
async fn a_day_still_to_come_is_refused() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let job = completed(&db, &shop, 2_001, &[("labour", 1_000, 10_000)]).await;
    let invoice = draft(&db, &shop, job).await.unwrap();
    match issue_on(&db, &shop, invoice, Date::parse("2999-03-04").unwrap()).await {
        Err(Error::Refusal(Refusal::Invalid(errors))) => assert_eq!(errors.keys().collect::<Vec<_>>(), ["issued_on"]),
        other => panic!("not refused: {other:?}"),
    }
}
