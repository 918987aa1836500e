//! Invoices and payments against the database: numbers, sums, locks.

mod dated;
mod invoices;
mod list;
mod mail;
mod payments;
mod proved;
mod shop;

use crate::harness::{Shop, TestDb};
use domain::{
    Event, Permission, Refusal, Role,
    ids::{InvoiceId, JobId},
    invoices::DraftWords,
    money::Money,
};
use store::{Error, WriteTx, invoices::Issued};
use uuid::Uuid;

/// A charge: kind, thousandths, minor units.
type Charge = (&'static str, i64, i64);

/// The job of product.md §d, shop C: 777.00 before tax.
const SHOP_C: [Charge; 4] =
    [("fee", 1_000, 8_500), ("labour", 16_000, 2_400), ("labour", 16_000, 800), ("part", 40_000, 450)];

/// A completed job of the shop's first client.
async fn completed(db: &TestDb, shop: &Shop, number: i64, charges: &[Charge]) -> JobId {
    let things = &shop.clients[0];
    let (job, client, template) = (Uuid::now_v7(), things["client"], things["template"]);
    db.sudo(&format!(
        "insert into app.jobs (shop_id, id, number, client_id, site_id, template_id, template_version, status, requested, po_number, created_by)
         values ('{}', '{job}', {number}, '{client}', '{}', '{template}', 1, 'completed', 'Rekey', 'PO-{number}', '{}')",
        shop.id, things["site"], shop.people[&Role::Owner]
    ))
    .await;
    for (at, (kind, milli, unit)) in charges.iter().enumerate() {
        add_line(db, shop, job.into(), kind, *milli, *unit, at).await;
    }
    job.into()
}

async fn add_line(db: &TestDb, shop: &Shop, job: JobId, kind: &str, milli: i64, unit: i64, at: usize) {
    db.sudo(&format!(
        "insert into app.job_lines (shop_id, id, job_id, client_id, kind, description, quantity_milli, unit_minor)
         values ('{}', '{}', '{job}', '{}', '{kind}', 'Line {at}', {milli}, {unit})",
        shop.id,
        Uuid::now_v7(),
        shop.clients[0]["client"]
    ))
    .await;
}

/// A transaction of the shop's bookkeeper.
async fn write(db: &TestDb, shop: &Shop) -> WriteTx {
    let actor = shop.actor(&db.db, Role::Bookkeeper).await;
    db.db.write(actor.allow(Permission::EditInvoices).unwrap()).await.unwrap()
}

fn words() -> DraftWords {
    DraftWords { bill_to: "Client 1 Ltd\n1 High Street".into(), terms_days: 30, note: "Thank you".into() }
}

async fn draft(db: &TestDb, shop: &Shop, job: JobId) -> Result<InvoiceId, Error> {
    let mut tx = write(db, shop).await;
    let about = store::invoices::draft(&mut tx, job, &words()).await?;
    tx.commit(Event::InvoiceDrafted { invoice: about.invoice, job, client: about.client }).await?;
    Ok(about.invoice)
}

async fn issue(db: &TestDb, shop: &Shop, invoice: InvoiceId, shown: i64) -> Result<Issued, Error> {
    let mut tx = write(db, shop).await;
    let issued = store::invoices::issue(&mut tx, invoice, 1, Money::from_minor(shown)).await?;
    tx.commit(issued.event()).await?;
    Ok(issued)
}

async fn void(db: &TestDb, shop: &Shop, invoice: InvoiceId) -> Result<(), Error> {
    let mut tx = write(db, shop).await;
    let about = store::invoices::void(&mut tx, invoice, "Wrong client").await?;
    tx.commit(Event::InvoiceVoided { invoice, job: about.job, client: about.client }).await
}

/// An issued invoice over 100.00 and the shop's 13 % tax.
async fn issued(db: &TestDb, shop: &Shop, number: i64) -> InvoiceId {
    let job = completed(db, shop, number, &[("labour", 1_000, 10_000)]).await;
    let invoice = draft(db, shop, job).await.unwrap();
    issue(db, shop, invoice, 11_300).await.unwrap();
    invoice
}

/// The words of a conflict; anything else fails the test.
fn conflict<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refusal(Refusal::Conflict(words))) => words,
        other => panic!("not a conflict: {other:?}"),
    }
}
