//! The list: filters, order, pages, sums.

use super::*;
use crate::harness::fresh;
use domain::invoices::{InvoiceList, InvoiceQuery, Standing};

async fn asked(db: &TestDb, shop: &Shop, query: InvoiceQuery) -> InvoiceList {
    let actor = shop.actor(&db.db, Role::Auditor).await;
    let mut tx = db.db.read(actor.allow(Permission::SeeInvoices).unwrap()).await.unwrap();
    store::invoices::list(&mut tx, &query).await.unwrap()
}

fn numbers(list: &InvoiceList) -> Vec<String> {
    list.rows.iter().map(|row| row.number.clone().unwrap_or_else(|| "draft".into())).collect()
}

/// The two clients' invoices of the harness (113.00, 50.00 paid, due 19 Jan), one new, one void, one draft.
async fn five(db: &TestDb, shop: &Shop) {
    issued(db, shop, 2_001).await;
    let wrong = issued(db, shop, 2_002).await;
    void(db, shop, wrong).await.unwrap();
    let job = completed(db, shop, 2_003, &SHOP_C).await;
    draft(db, shop, job).await.unwrap();
}

#[tokio::test]
async fn filters_show_what_they_say() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    five(&db, &shop).await;
    let table: [(&str, &str, &str, &[&str]); 11] = [
        ("", "", "", &["draft", "INV-1004", "INV-1003", "INV-1002", "INV-1001"]),
        ("draft", "", "", &["draft"]),
        ("unpaid", "", "", &["INV-1003", "INV-1002", "INV-1001"]),
        ("overdue", "", "", &["INV-1002", "INV-1001"]),
        ("paid", "", "", &[]),
        ("void", "", "", &["INV-1004"]),
        ("", "inv-1003", "", &["INV-1003"]),
        ("", "1002", "", &["INV-1002"]),
        ("", "CLIENT 2", "", &["INV-1002"]),
        ("", "%", "", &[]),
        ("unpaid", "", "due", &["INV-1001", "INV-1002", "INV-1003"]),
    ];
    for (status, q, sort, want) in table {
        let list = asked(
            &db,
            &shop,
            InvoiceQuery { status: status.into(), q: q.into(), sort: sort.into(), after: String::new() },
        )
        .await;
        assert_eq!(numbers(&list), want, "{status} {q} {sort}");
    }
}

#[tokio::test]
async fn sums_and_standings_are_worked_out() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    five(&db, &shop).await;
    let list = asked(&db, &shop, InvoiceQuery::default()).await;
    let sums = list.outstanding;
    assert_eq!((sums.owed.minor(), sums.unpaid, sums.overdue.minor(), sums.late), (23_900, 3, 12_600, 2));
    let standings: Vec<_> = list.rows.iter().map(|row| (row.standing, row.owed.minor())).collect();
    use Standing::{Draft, Overdue, Sent, Void};
    assert_eq!(standings, [(Draft, 0), (Void, 0), (Sent, 11_300), (Overdue, 6_300), (Overdue, 6_300)]);
    let mut tx = write(&db, &shop).await;
    let client = shop.clients[0]["client"].into();
    assert_eq!(store::invoices::open_balance(&mut tx, client).await.unwrap().minor(), 17_600);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let things = &shop.clients[0];
    // 60 drafts and 60 issued, several due on one day.
    db.sudo(&format!(
        "alter table app.invoices disable trigger all; drop index app.invoices_one_live;
         insert into app.invoices (shop_id, id, client_id, job_id, status, serial, number, issued_on, due_on, terms_days, currency)
         select '{0}', gen_random_uuid(), '{1}', '{2}', case when n > 60 then 'sent' else 'draft' end, case when n > 60 then 5000 + n end,
           case when n > 60 then 'INV-' || 5000 + n end, case when n > 60 then date '2026-02-01' end, case when n > 60 then date '2026-02-01' + n / 10 end, 14, 'CAD'
         from generate_series(1, 120) n",
        shop.id, things["client"], things["job"]
    ))
    .await;
    for sort in ["", "due"] {
        let (mut seen, mut after, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let list = asked(&db, &shop, InvoiceQuery { sort: sort.into(), after, ..InvoiceQuery::default() }).await;
            seen.extend(list.rows.iter().map(|row| row.invoice));
            pages += 1;
            after = list.rows.last().unwrap().invoice.to_string();
            if !list.more {
                break;
            }
        }
        let mut once = seen.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!((pages, seen.len(), once.len()), (3, 122, 122), "sort {sort:?}");
    }
}
