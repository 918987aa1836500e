//! What a client sees and does by link: his own, recorded, and nothing once the link is dead.

use crate::{
    harness::{self, TestDb, crowd::origin},
    signatures::{drawn, prepare},
};
use domain::{
    Refusal, Role,
    ids::{ClientId, ContactId, InvoiceId, JobId},
    jobs::SignerRole,
    portal::PortalJobPage,
};
use std::sync::Arc;
use store::{
    Error, Token, invoices,
    mail::Mail,
    portal::{self, Viewed},
    scope::Visitor,
};

async fn visitor(db: &TestDb, n: usize) -> Arc<Visitor> {
    db.crowd.a.visitor(&db.db, n).await.1
}

fn thing(db: &TestDb, n: usize, name: &str) -> uuid::Uuid {
    db.crowd.a.clients[n][name]
}

fn nothing<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Refusal(Refusal::NotFound)))
}

#[tokio::test]
async fn a_client_sees_own_papers_and_never_the_neighbours() {
    let db = harness::fresh().await;
    let me = visitor(&db, 0).await;
    let (mine, other) = (JobId(thing(&db, 0, "job")), JobId(thing(&db, 1, "job")));
    let mut tx = db.db.visit(Arc::clone(&me)).await.unwrap();
    let home = portal::home(&mut tx).await.unwrap();
    assert_eq!(home.jobs.iter().map(|job| job.id).collect::<Vec<_>>(), [mine]);
    assert_eq!(
        home.invoices.iter().map(|one| (one.number.as_str(), one.owed.minor())).collect::<Vec<_>>(),
        [("INV-1001", 6_300)]
    );
    assert_eq!(portal::invoices(&mut tx, None).await.unwrap().rows.len(), 1);
    assert_eq!(portal::invoices(&mut tx, Some(1001)).await.unwrap().rows.len(), 0, "before the first");
    let PortalJobPage { visits, signed, has_paper, invoices, .. } = portal::job(&mut tx, mine).await.unwrap();
    assert_eq!(
        (visits.len(), signed.map(|by| by.name).as_deref(), has_paper, invoices.len()),
        (1, Some("Signer 1"), true, 1)
    );
    let sites = portal::sites(&mut tx).await.unwrap();
    assert_eq!(
        sites.iter().map(|site| (site.name.as_str(), site.openings[0].0.as_str())).collect::<Vec<_>>(),
        [("Site 1", "D-101")]
    );
    assert!(nothing(&portal::job(&mut tx, other).await));
    for what in [
        Viewed::Invoice(InvoiceId(thing(&db, 1, "invoice"))),
        Viewed::WorkOrder(other),
        Viewed::Invoice(InvoiceId(uuid::Uuid::now_v7())),
    ] {
        assert!(nothing(&db.db.view(Arc::clone(&me), what).await), "{what:?}");
    }
}

#[tokio::test]
async fn no_paper_is_read_before_its_showing_is_on_the_chain() {
    let db = harness::fresh().await;
    let (me, invoice) = (visitor(&db, 0).await, InvoiceId(thing(&db, 0, "invoice")));
    let seen = "select count(*) from audit.entries where action = 83";
    let before: i64 = db.ask(seen).await;
    let mut tx = db.db.view(Arc::clone(&me), Viewed::Invoice(invoice)).await.unwrap();
    assert_eq!(db.ask::<i64>(seen).await, before + 1, "committed before the page reads");
    assert_eq!(invoices::sheet(&mut tx, invoice).await.unwrap().number.as_deref(), Some("INV-1001"));
    drop(tx);
    db.sudo("revoke insert on app.document_views from shearline_owner").await;
    assert!(db.db.view(me, Viewed::Invoice(invoice)).await.is_err(), "recording fails, no paper");
}

#[tokio::test]
async fn a_client_signs_the_newest_work_order_once() {
    let db = harness::fresh().await;
    let (me, neighbour) = (visitor(&db, 0).await, visitor(&db, 1).await);
    let (job, paper, new) = (JobId(thing(&db, 0, "job")), prepare(&db).await.unwrap(), drawn(SignerRole::Client));
    let mut tx = db.db.view(Arc::clone(&me), Viewed::WorkOrder(job)).await.unwrap();
    let page = portal::sign_page(&mut tx, job).await.unwrap();
    assert!(page.paper == paper && page.signed.is_none() && page.signable);
    drop(tx);
    assert!(nothing(&db.db.sign_by_link(&neighbour, job, paper.id, &paper.sha256, &new).await), "the neighbour's link");
    for (document, sha256) in [
        (paper.id, "0".repeat(64)),
        (paper.id, "nonsense".into()),
        (thing(&db, 0, "document").into(), paper.sha256.clone()),
    ] {
        let refused = db.db.sign_by_link(&me, job, document, &sha256, &new).await;
        assert!(matches!(refused, Err(Error::Refusal(Refusal::Conflict(_)))), "{document} {sha256}: {refused:?}");
    }
    db.db.sign_by_link(&me, job, paper.id, &paper.sha256, &new).await.unwrap();
    let again = db.db.sign_by_link(&me, job, paper.id, &paper.sha256, &new).await;
    assert!(matches!(again, Err(Error::Refusal(Refusal::Conflict(_)))), "{again:?}");
    assert!(db.db.decline_by_link(&me, job, paper.id).await.is_err(), "signed is signed");
    let by: (i64, i64) = (
        db.ask(&format!("select count(*) from app.signatures where document_id = '{}' and link_id is not null and witness_id is null", paper.id)).await,
        db.ask(&format!("select count(*) from audit.entries e join audit.subjects s using (shop_id, seq) where e.action = 61 and s.subject = '{}'", paper.id)).await,
    );
    assert_eq!(by, (1, 1));
    let (client, shop) = (ClientId(thing(&db, 0, "client")), &db.crowd.a);
    let mut tx = crate::clients::read(&db, shop, domain::Role::Owner, domain::Permission::SeeSignatures).await;
    let signature = store::signatures::of_job(&mut tx, job).await.unwrap().remove(0).id;
    let evidence = store::signatures::find(&mut tx, signature).await.unwrap();
    assert!(evidence.strokes_hold == Some(true) && evidence.bytes_hold && evidence.witness.is_none(), "{client}");
}

#[tokio::test]
async fn declining_leaves_a_trace_and_leaving_ends_the_visit() {
    let db = harness::fresh().await;
    let me = visitor(&db, 0).await;
    let (job, paper) = (JobId(thing(&db, 0, "job")), prepare(&db).await.unwrap());
    db.db.decline_by_link(&me, job, paper.id).await.unwrap();
    assert_eq!(db.ask::<i64>("select count(*) from audit.entries where action = 62").await, 1);
    db.db.leave_portal(&me).await.unwrap();
    let mut tx = db.db.visit(Arc::clone(&me)).await.unwrap();
    assert!(portal::home(&mut tx).await.unwrap().jobs.is_empty(), "nothing is left to see");
    assert!(db.db.view(me, Viewed::WorkOrder(job)).await.is_err());
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_link_and_one_letter() {
    let db = harness::fresh().await;
    let (client, contact) = (ClientId(thing(&db, 0, "client")), ContactId(thing(&db, 0, "contact")));
    let boss = db.crowd.a.actor(&db.db, Role::Owner).await;
    let door = db.db.front_door();
    let links = "select count(*) from auth.portal_links";
    let letters = "select count(*) from worker.outbox";
    let before: (i64, i64) = (db.ask(links).await, db.ask(letters).await);
    let first = door.show_portal_link(&boss, "ticket.portal-link", client, contact).await.unwrap();
    let shown = door.show_portal_link(&boss, "ticket.portal-link", client, contact).await.unwrap();
    assert!(
        door.peek_portal_link(&first, &crate::harness::crowd::origin()).await.unwrap().is_none(),
        "only the last answer was shown"
    );
    let peek =
        door.peek_portal_link(&shown, &crate::harness::crowd::origin()).await.unwrap().expect("the link shown lives");
    door.redeem_portal_link(&shown, &peek, &origin()).await.unwrap();
    let used = door.show_portal_link(&boss, "ticket.portal-link", client, contact).await;
    assert!(matches!(used, Err(Error::Refusal(Refusal::Conflict(_)))), "a link in use is not taken away");
    let letter = |_: &Token| Mail { to: "ann@example.com".into(), subject: "Link".into(), text: "…".into() };
    for _ in 0..2 {
        door.mail_portal_link(&boss, "other.portal-link", client, contact, letter).await.unwrap();
    }
    assert_eq!((db.ask::<i64>(links).await, db.ask::<i64>(letters).await), (before.0 + 2, before.1 + 1));
}

#[tokio::test]
async fn what_is_no_longer_in_use_is_left_out() {
    let db = harness::fresh().await;
    let me = visitor(&db, 0).await;
    let (site, opening) = (thing(&db, 0, "site"), thing(&db, 0, "opening"));
    db.sudo(&format!("update app.openings set archived_at = now() where id = '{opening}'")).await;
    let doors = portal::sites(&mut db.db.visit(Arc::clone(&me)).await.unwrap()).await.unwrap();
    assert!(doors.len() == 1 && doors[0].openings.is_empty());
    db.sudo(&format!("update app.sites set archived_at = now() where id = '{site}'")).await;
    assert!(portal::sites(&mut db.db.visit(me).await.unwrap()).await.unwrap().is_empty());
}
