//! The shop's own page: details with a version, rates that never change.

use super::*;
use crate::harness::fresh;
use domain::{lines::LineKind, shop::NewTaxRate};
use store::identity::shop;

#[tokio::test]
async fn the_later_of_two_edits_is_refused() {
    let db = fresh().await;
    let own = db.crowd.a.clone();
    let owner = own.actor(&db.db, Role::Owner).await;
    let grant = || owner.allow(Permission::ManageShop).unwrap();
    let mut tx = db.db.write(grant()).await.unwrap();
    let page = shop::find(&mut tx).await.unwrap();
    let mut details = page.details.clone();
    details.address = "2 Gate Street\nToronto".into();
    shop::change(&mut tx, page.version, &details).await.unwrap();
    tx.commit(Event::ShopChanged { shop: own.id }).await.unwrap();
    let mut tx = db.db.write(grant()).await.unwrap();
    assert!(conflict(shop::change(&mut tx, page.version, &page.details).await).contains("changed by somebody else"));
    assert_eq!(shop::find(&mut tx).await.unwrap().details, details);
    let rival: String = db.ask(&format!("select address from app.shops where shop_id = '{}'", db.crowd.b.id)).await;
    assert_eq!(rival, "1 Gate Street");
}

#[tokio::test]
async fn drafts_follow_the_rates_and_a_rate_is_archived_once() {
    let db = fresh().await;
    let own = db.crowd.a.clone();
    let owner = own.actor(&db.db, Role::Owner).await;
    let job = completed(&db, &own, 2_001, &SHOP_C).await;
    let invoice = draft(&db, &own, job).await.unwrap();
    let mut tx = db.db.write(owner.allow(Permission::ManageShop).unwrap()).await.unwrap();
    let hst = shop::find(&mut tx).await.unwrap().rates[0].id;
    shop::archive_rate(&mut tx, hst).await.unwrap();
    let parts = NewTaxRate { name: "PST".into(), rate_micro: 8_250_000, compound: false, kinds: vec![LineKind::Part] };
    shop::add_rate(&mut tx, &parts).await.unwrap();
    // 8.25 % of the 180.00 of parts is 14.85.
    let sheet = store::invoices::sheet(&mut tx, invoice).await.unwrap();
    assert_eq!((sheet.taxes.len(), sheet.taxes[0].base.minor(), sheet.total.minor()), (1, 18_000, 79_185));
    assert!(conflict(shop::archive_rate(&mut tx, hst).await).contains("no longer charged"));
}
