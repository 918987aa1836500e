//! Sites, openings, how to get in, and what the search box finds.

use crate::{
    clients::{read, write},
    harness::{self, TestDb},
    reveal::proved,
};
use domain::{
    Event, Permission, Refusal, Role,
    ids::{ClientId, OpeningId, SiteId},
    reveal::Reason,
    sites::{AccessNotes, SiteForm, opening::OpeningForm},
};
use std::sync::Arc;
use store::{Actor, Error, overview, reveal, sites};

async fn opened(db: &TestDb, actor: &Arc<Actor>, site: SiteId) -> Result<String, Error> {
    let reason = Reason { job: None, words: "the tenant is out".into() };
    let grant = actor.allow(Permission::SeeAccessNotes).unwrap();
    Ok(reveal::access_notes(&db.db, grant, site, &reason).await?.parts[0].1.clone())
}

#[tokio::test]
async fn access_notes_open_only_for_those_entitled() {
    let db = harness::fresh().await;
    let [site, other] = [0, 1].map(|n| SiteId(db.crowd.a.clients[n]["site"]));
    let text = "Key safe 4711 behind the meter\nAlarm 🔑 <b>";
    for site in [site, other] {
        db.sudo(&format!("delete from vault.access_notes where site_id = '{site}'")).await;
        let mut tx = write(&db, &db.crowd.a, Permission::EditAccessNotes).await;
        sites::access_notes::write(&mut tx, site, &AccessNotes { text: text.into(), version: 0 }).await.unwrap();
        tx.commit(Event::AccessNotesChanged { site }).await.unwrap();
    }
    for (role, want) in [
        (Role::Owner, Some(1)),
        (Role::Dispatcher, Some(1)),
        (Role::Technician, Some(1)),
        (Role::FrontDesk, None),
        (Role::Auditor, None),
    ] {
        let mut tx = read(&db, &db.crowd.a, role, Permission::SeeClients).await;
        let notes = overview::site(&mut tx, site).await.unwrap().notes;
        assert_eq!(notes.map(|notes| notes.version), want, "{role}");
        if want.is_some() {
            let actor = proved(&db, &db.crowd.a, role).await;
            assert_eq!(opened(&db, &actor, site).await.unwrap(), text, "{role}");
        }
    }
    // The technician's job there is over: the site stays visible, how to get in does not.
    db.sudo(&format!("update app.jobs set status = 'completed' where id = '{}'", db.crowd.a.clients[0]["job"])).await;
    let mut tx = read(&db, &db.crowd.a, Role::Technician, Permission::SeeClients).await;
    assert_eq!(overview::site(&mut tx, site).await.unwrap().notes, None);
    let technician = proved(&db, &db.crowd.a, Role::Technician).await;
    assert!(matches!(opened(&db, &technician, site).await, Err(Error::Refusal(Refusal::NotFound))));
    assert!(matches!(overview::site(&mut tx, other).await, Err(Error::Refusal(Refusal::NotFound))));
    // Nothing of it in the clear: not in the row, not on the chain, not beside it.
    let leaks: i64 = db
        .ask(
            "select (select count(*) from vault.access_notes where position('4711'::bytea in sealed) > 0)
                  + (select count(*) from audit.entries where position('4711'::bytea in payload) > 0)
                  + (select count(*) from audit.personal p where position('4711'::bytea in audit.facts(p)) > 0)",
        )
        .await;
    assert_eq!(leaks, 0);
}

#[tokio::test]
async fn access_notes_moved_to_another_site_do_not_open() {
    let db = harness::fresh().await;
    let [from, to] = [0, 1].map(|n| SiteId(db.crowd.a.clients[n]["site"]));
    db.sudo("delete from vault.access_notes").await;
    let mut tx = write(&db, &db.crowd.a, Permission::EditAccessNotes).await;
    sites::access_notes::write(&mut tx, from, &AccessNotes { text: "Key safe".into(), version: 0 }).await.unwrap();
    tx.commit(Event::AccessNotesChanged { site: from }).await.unwrap();
    db.sudo(&format!("update vault.access_notes set site_id = '{to}'")).await;
    let owner = proved(&db, &db.crowd.a, Role::Owner).await;
    assert!(matches!(opened(&db, &owner, to).await, Err(Error::Vault(_))));
}

#[tokio::test]
async fn late_access_notes_are_refused() {
    let db = harness::fresh().await;
    let site = SiteId(db.crowd.a.clients[0]["site"]);
    let notes = |version| AccessNotes { text: "New code".into(), version };
    for late in [0, 7] {
        let mut tx = write(&db, &db.crowd.a, Permission::EditAccessNotes).await;
        let refused = sites::access_notes::write(&mut tx, site, &notes(late)).await;
        assert!(matches!(refused, Err(Error::Refusal(Refusal::Conflict(_)))), "{late}");
    }
    let mut tx = write(&db, &db.crowd.a, Permission::EditAccessNotes).await;
    sites::access_notes::write(&mut tx, site, &notes(1)).await.unwrap();
}

#[tokio::test]
async fn a_site_and_its_openings_read_back_and_are_found() {
    let db = harness::fresh().await;
    let client = ClientId(db.crowd.a.clients[0]["client"]);
    let typed = SiteForm {
        name: "Tour Nord".into(),
        address: "77 rue Café\nMontréal".into(),
        hours: "8–17".into(),
        hazards: "Dog\n<script>".into(),
        ..SiteForm::default()
    };
    let mut tx = write(&db, &db.crowd.a, Permission::EditClients).await;
    let site = sites::create(&mut tx, client, &typed.read().unwrap()).await.unwrap();
    tx.commit(Event::SiteAdded { client, site }).await.unwrap();
    let door = OpeningForm {
        number: "12B".into(),
        location: "2nd floor".into(),
        hand: "LHR".into(),
        function: "F86 storeroom".into(),
        hardware: "=cmd".into(),
        ..OpeningForm::default()
    };
    let mut tx = write(&db, &db.crowd.a, Permission::EditClients).await;
    let opening = sites::openings::create(&mut tx, site, &door.read().unwrap()).await.unwrap();
    tx.commit(Event::OpeningAdded { site, opening }).await.unwrap();

    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeClients).await;
    assert_eq!(sites::form(&mut tx, site).await.unwrap().form, SiteForm { version: "1".into(), ..typed.clone() });
    assert_eq!(
        sites::openings::form(&mut tx, opening).await.unwrap().form,
        OpeningForm { version: "1".into(), ..door.clone() }
    );
    let page = overview::site(&mut tx, site).await.unwrap();
    assert_eq!((page.openings.len(), page.jobs.len(), page.site.client_name.as_str()), (1, 0, "Client 1 Ltd"));
    for q in ["tour nord", "RUE CAFE", "77 rue"] {
        assert_eq!(overview::search(&mut tx, q).await.unwrap().sites[0].id, site.uuid(), "{q}");
    }
    assert_eq!(overview::search(&mut tx, "12b").await.unwrap().openings[0].id, site.uuid());
    drop(tx);

    // Stale changes of both are refused; the rival finds neither.
    let mut tx = write(&db, &db.crowd.a, Permission::EditClients).await;
    let stale = |version: &str| SiteForm { version: version.into(), ..typed.clone() }.read().unwrap();
    assert!(matches!(sites::update(&mut tx, site, &stale("2")).await, Err(Error::Refusal(Refusal::Conflict(_)))));
    assert_eq!(sites::update(&mut tx, site, &stale("1")).await.unwrap(), client);
    let late = OpeningForm { version: "9".into(), ..door }.read().unwrap();
    assert!(matches!(
        sites::openings::update(&mut tx, opening, &late).await,
        Err(Error::Refusal(Refusal::Conflict(_)))
    ));
    let mut rival = write(&db, &db.crowd.b, Permission::EditClients).await;
    assert!(matches!(sites::update(&mut rival, site, &stale("1")).await, Err(Error::Refusal(Refusal::NotFound))));
    assert!(matches!(sites::openings::create(&mut rival, site, &late).await, Err(Error::Refusal(Refusal::NotFound))));
    assert!(matches!(
        sites::openings::form(&mut rival, OpeningId(opening.uuid())).await,
        Err(Error::Refusal(Refusal::NotFound))
    ));
    assert!(matches!(sites::create(&mut rival, client, &stale("0")).await, Err(Error::Refusal(Refusal::NotFound))));
}

#[tokio::test]
async fn search_finds_each_kind_and_hides_what_is_hidden() {
    let db = harness::fresh().await;
    let things = &db.crowd.a.clients[0];
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeClients).await;
    let found = overview::search(&mut tx, "1001").await.unwrap();
    assert_eq!(
        (found.jobs[0].id, found.jobs[0].number.as_str(), found.jobs[0].client.as_str()),
        (things["job"], "1001", "Client 1 Ltd")
    );
    assert_eq!(found.invoices[0].id, things["invoice"]);
    assert_eq!(overview::search(&mut tx, "j-1001").await.unwrap().jobs.len(), 1);
    assert_eq!(overview::search(&mut tx, "inv-1001").await.unwrap().invoices.len(), 1);
    assert_eq!(overview::search(&mut tx, "client").await.unwrap().clients.len(), 2);
    assert_eq!(overview::search(&mut tx, "416 555 0001").await.unwrap().clients[0].id, things["client"]);
    for nothing in ["", "x", "\0", "zz%", "🔑🔑"] {
        assert_eq!(overview::search(&mut tx, nothing).await.unwrap().count(), 0, "{nothing:?}");
    }
    assert_eq!(overview::search(&mut tx, &"a".repeat(100_000)).await.unwrap().count(), 0);
    // A dispatcher sees no invoices; a technician only what own visits show.
    let mut tx = read(&db, &db.crowd.a, Role::Dispatcher, Permission::SeeClients).await;
    assert!(overview::search(&mut tx, "1001").await.unwrap().invoices.is_empty());
    let mut tx = read(&db, &db.crowd.a, Role::Technician, Permission::SeeClients).await;
    let found = overview::search(&mut tx, "100").await.unwrap();
    assert_eq!(found.jobs.iter().map(|job| job.id).collect::<Vec<_>>(), [things["job"]]);
    assert_eq!(overview::search(&mut tx, "low street").await.unwrap().sites.len(), 1);
    assert_eq!(overview::search(&mut tx, "client").await.unwrap().clients.len(), 1);
}
