//! Drafting, issuing, voiding.

use super::*;
use crate::harness::fresh;
use domain::{ids::LineId, jobs::LineForm, money::Currency};
use std::{collections::BTreeSet, sync::Arc};
use tokio::task::JoinSet;

#[tokio::test]
async fn the_invoice_of_shop_c_is_stored_as_it_is_shown() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    db.sudo(&format!(
        "update app.tax_rates set archived_at = app.now() where shop_id = '{0}';
         insert into app.tax_rates (shop_id, id, position, name, rate_micro, kinds) values
           ('{0}', '{1}', 2, 'GST', 5000000, '{{labour,part,fee,travel}}'), ('{0}', '{2}', 3, 'QST', 9975000, '{{labour,part,fee,travel}}')",
        shop.id, Uuid::now_v7(), Uuid::now_v7()
    ))
    .await;
    let job = completed(&db, &shop, 2_001, &SHOP_C).await;
    let invoice = draft(&db, &shop, job).await.unwrap();
    let mut tx = write(&db, &shop).await;
    let shown = store::invoices::sheet(&mut tx, invoice).await.unwrap();
    drop(tx);
    assert_eq!(shown.total.format(Currency::Cad), "$893.36");
    let done = issue(&db, &shop, invoice, shown.total.minor()).await.unwrap();
    let stored: String = db
        .ask(&format!(
            "select concat_ws(' ', status, number, subtotal_minor, tax_minor, total_minor, licence_text, due_on - issued_on, issued_on = app.today('America/Toronto'),
               (select string_agg(concat_ws(' ', name, base_minor, amount_minor), ' ' order by position) from app.invoice_taxes t where t.invoice_id = i.id))
             from app.invoices i where id = '{invoice}'"
        ))
        .await;
    assert_eq!(
        stored,
        format!("sent {} 77700 11636 89336 Licence L-1042 30 t GST 77700 3885 QST 77700 7751", done.number)
    );
    // What is issued no longer follows the job or the rates.
    add_line(&db, &shop, job, "part", 1_000, 99_900, 9).await;
    db.sudo(&format!("update app.tax_rates set archived_at = app.now() where shop_id = '{}'", shop.id)).await;
    let mut tx = write(&db, &shop).await;
    let office = store::invoices::sheet(&mut tx, invoice).await.unwrap();
    assert_eq!((&office.lines, &office.taxes, office.total), (&shown.lines, &shown.taxes, shown.total));
    let (_, visitor) = shop.visitor(&db.db, 0).await;
    let mut visit = db.db.visit(visitor).await.unwrap();
    assert_eq!(store::invoices::sheet(&mut visit, invoice).await.unwrap(), office);
}

#[tokio::test]
async fn a_client_sees_neither_drafts_nor_anothers_invoices() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let job = completed(&db, &shop, 2_001, &SHOP_C).await;
    let draft = draft(&db, &shop, job).await.unwrap();
    let foreign = InvoiceId(shop.clients[1]["invoice"]);
    let (_, visitor) = shop.visitor(&db.db, 0).await;
    let mut visit = db.db.visit(visitor).await.unwrap();
    for hidden in [draft, foreign] {
        assert!(matches!(store::invoices::sheet(&mut visit, hidden).await, Err(Error::Refusal(Refusal::NotFound))));
    }
}

#[tokio::test]
async fn a_job_has_one_live_invoice_even_when_two_draft_at_once() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let job = completed(&db, &shop, 2_001, &SHOP_C).await;
    let (one, two) = tokio::join!(draft(&db, &shop, job), draft(&db, &shop, job));
    let (invoice, refused) = match (one, two) {
        (Ok(invoice), refused) | (refused, Ok(invoice)) => (invoice, refused),
        neither => panic!("{neither:?}"),
    };
    assert!(conflict(refused).contains("invoice already"));
    void(&db, &shop, invoice).await.unwrap();
    assert_ne!(draft(&db, &shop, job).await.unwrap(), invoice);
    let states: String =
        db.ask(&format!("select string_agg(status, ' ' order by id) from app.invoices where job_id = '{job}'")).await;
    assert_eq!(states, "void draft");
}

#[tokio::test]
async fn only_a_completed_job_is_invoiced() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let on_site = JobId(shop.clients[0]["job"]);
    db.sudo(&format!("alter table app.invoices disable trigger all; update app.invoices set status = 'void' where job_id = '{on_site}'")).await;
    assert!(conflict(draft(&db, &shop, on_site).await).contains("Complete it first"));
}

#[tokio::test]
async fn numbers_have_no_gap_when_many_issue_and_some_give_up() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let mut invoices = Vec::new();
    for n in 0..6 {
        let job = completed(&db, &shop, 2_001 + n, &[("labour", 1_000, 10_000)]).await;
        invoices.push(draft(&db, &shop, job).await.unwrap());
    }
    let db = Arc::new(db);
    let mut all = JoinSet::new();
    for (at, invoice) in invoices.iter().copied().enumerate() {
        let (db, shop) = (Arc::clone(&db), shop.clone());
        all.spawn(async move {
            if at % 2 == 0 {
                issue(&db, &shop, invoice, 11_300).await.unwrap();
            } else {
                // Takes a number; then the transaction is dropped.
                let mut tx = write(&db, &shop).await;
                store::invoices::issue(&mut tx, invoice, 1, Money::from_minor(11_300)).await.unwrap();
            }
        });
    }
    while let Some(done) = all.join_next().await {
        done.unwrap();
    }
    for invoice in invoices.iter().skip(1).step_by(2) {
        issue(&db, &shop, *invoice, 11_300).await.unwrap();
    }
    let numbers: Vec<i64> = {
        let text: String = db
            .ask(&format!(
                "select string_agg(serial::text, ' ') from app.invoices where shop_id = '{}' and serial > 1002",
                shop.id
            ))
            .await;
        text.split(' ').map(|n| n.parse().unwrap()).collect()
    };
    assert_eq!(numbers.into_iter().collect::<BTreeSet<_>>(), (1_003..=1_008).collect());
}

#[tokio::test]
async fn what_changed_since_it_was_shown_is_not_issued() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let job = completed(&db, &shop, 2_001, &[("labour", 1_000, 10_000)]).await;
    let invoice = draft(&db, &shop, job).await.unwrap();
    add_line(&db, &shop, job, "part", 1_000, 450, 9).await;
    assert!(conflict(issue(&db, &shop, invoice, 11_300).await).contains("$118.09"));
    let mut tx = write(&db, &shop).await;
    let client = store::invoices::change(&mut tx, invoice, 1, &words()).await.unwrap();
    tx.commit(Event::InvoiceDraftChanged { invoice, client }).await.unwrap();
    assert!(conflict(issue(&db, &shop, invoice, 11_809).await).contains("changed by somebody else"));
}

#[tokio::test]
async fn nothing_and_less_than_nothing_are_not_issued() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    for (number, charges, shown, words) in [
        (2_001, [("fee", 1_000, -500)].as_slice(), -565, "less than zero"),
        (2_002, [].as_slice(), 0, "nothing on this invoice"),
        (
            2_003,
            [("fee", 1_000_000_000, 9_000_000_000_000), ("fee", 1_000_000_000, 9_000_000_000_000)].as_slice(),
            0,
            "too large",
        ),
    ] {
        if number == 2_003 {
            db.sudo("alter table app.job_lines drop constraint job_lines_unit_minor_check").await;
        }
        let job = completed(&db, &shop, number, charges).await;
        let invoice = draft(&db, &shop, job).await.unwrap();
        assert!(conflict(issue(&db, &shop, invoice, shown).await).contains(words), "{words}");
    }
}

#[tokio::test]
async fn an_exempt_client_is_charged_no_tax() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    db.sudo(&format!("update app.clients set tax_exempt = true where id = '{}'", shop.clients[0]["client"])).await;
    let job = completed(&db, &shop, 2_001, &[("labour", 1_000, 10_000)]).await;
    let invoice = draft(&db, &shop, job).await.unwrap();
    assert_eq!(issue(&db, &shop, invoice, 10_000).await.unwrap().total.minor(), 10_000);
}

#[tokio::test]
async fn another_shop_finds_no_invoice_to_act_on() {
    let db = fresh().await;
    let (shop, rival) = (db.crowd.a.clone(), db.crowd.b.clone());
    let job = completed(&db, &shop, 2_001, &SHOP_C).await;
    let invoice = draft(&db, &shop, job).await.unwrap();
    let missing =
        |result: Result<(), Error>| assert!(matches!(result, Err(Error::Refusal(Refusal::NotFound))), "{result:?}");
    missing(draft(&db, &rival, job).await.map(drop));
    missing(issue(&db, &rival, invoice, 87_801).await.map(drop));
    missing(void(&db, &rival, invoice).await);
}

#[tokio::test]
async fn lines_are_corrected_until_the_invoice_is_issued() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let job = completed(&db, &shop, 2_001, &[("labour", 1_000, 10_000)]).await;
    let invoice = draft(&db, &shop, job).await.unwrap();
    let form = LineForm {
        kind: "fee".into(),
        description: "Regular client".into(),
        quantity: "1".into(),
        unit_price: "-10".into(),
        taxable: "on".into(),
    };
    let discount = form.read(Currency::Cad).unwrap();
    let mut tx = write(&db, &shop).await;
    let (_, line) = store::invoices::add_line(&mut tx, invoice, &discount).await.unwrap();
    tx.commit(Event::LineAdded { job, line }).await.unwrap();
    assert_eq!(issue(&db, &shop, invoice, 10_170).await.unwrap().total.minor(), 10_170);
    let mut tx = write(&db, &shop).await;
    assert!(conflict(store::invoices::add_line(&mut tx, invoice, &discount).await).contains("issued already"));
    assert!(conflict(store::invoices::remove_line(&mut tx, invoice, line).await).contains("issued already"));
}

#[tokio::test]
async fn a_line_of_another_job_is_not_taken_off() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let job = completed(&db, &shop, 2_001, &[("labour", 1_000, 10_000)]).await;
    let invoice = draft(&db, &shop, job).await.unwrap();
    let mut tx = write(&db, &shop).await;
    let foreign = LineId(shop.clients[0]["line"]);
    assert!(matches!(
        store::invoices::remove_line(&mut tx, invoice, foreign).await,
        Err(Error::Refusal(Refusal::NotFound))
    ));
}
