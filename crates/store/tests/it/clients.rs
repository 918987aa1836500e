//! Clients, contacts and notes: kept, listed, found, and only in their own shop.

use crate::harness::{self, Shop, TestDb};
use domain::{
    Event, Permission, Refusal, Role,
    clients::{
        contact::{ContactForm, Standing},
        form::ClientForm,
        list::ClientFilter,
    },
    ids::ClientId,
};
use store::{Error, ReadTx, WriteTx, clients, overview};

pub async fn read(db: &TestDb, shop: &Shop, role: Role, permission: Permission) -> ReadTx {
    let actor = shop.actor(&db.db, role).await;
    db.db.read(actor.allow(permission).unwrap()).await.unwrap()
}

pub async fn write(db: &TestDb, shop: &Shop, permission: Permission) -> WriteTx {
    let actor = shop.actor(&db.db, Role::Owner).await;
    db.db.write(actor.allow(permission).unwrap()).await.unwrap()
}

fn form(name: &str) -> ClientForm {
    ClientForm { kind: "company".into(), name: name.into(), ..ClientForm::default() }
}

async fn add(db: &TestDb, shop: &Shop, form: &ClientForm) -> Result<ClientId, Error> {
    let mut tx = write(db, shop, Permission::EditClients).await;
    let client = clients::create(&mut tx, &form.read().unwrap()).await?;
    tx.commit(Event::ClientCreated { client }).await?;
    Ok(client)
}

async fn names(db: &TestDb, filter: &ClientFilter) -> Vec<String> {
    let mut tx = read(db, &db.crowd.a, Role::Owner, Permission::SeeClients).await;
    overview::clients(&mut tx, filter).await.unwrap().rows.into_iter().map(|row| row.name).collect()
}

#[tokio::test]
async fn a_client_reads_back_as_it_was_typed() {
    let db = harness::fresh().await;
    let typed = ClientForm {
        phone_1: "(416) 555-0199 x4".into(),
        phone_1_label: "Office".into(),
        phone_3: "555 0198".into(),
        email_2: "billing@kestrel.example".into(),
        billing_address: "1 <b>Bay</b>\nToronto".into(),
        tags: "VIP, =cmd".into(),
        alert: "Dog 🐕".into(),
        terms_days: "30".into(),
        tax_exempt: "on".into(),
        ..form("Kestrel & Söhne")
    };
    let id = add(&db, &db.crowd.a, &typed).await.unwrap();
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::EditClients).await;
    let back = clients::form(&mut tx, id).await.unwrap();
    // Blank rows close up; everything else is as typed.
    let want = ClientForm {
        phone_2: "555 0198".into(),
        phone_3: String::new(),
        email_1: "billing@kestrel.example".into(),
        email_2: String::new(),
        version: "1".into(),
        ..typed
    };
    assert_eq!(back, want);
    let mut rival = read(&db, &db.crowd.b, Role::Owner, Permission::EditClients).await;
    assert!(matches!(clients::form(&mut rival, id).await, Err(Error::Refusal(Refusal::NotFound))));
}

#[tokio::test]
async fn a_change_to_an_old_version_is_refused_and_changes_nothing() {
    let db = harness::fresh().await;
    let id = add(&db, &db.crowd.a, &form("Kestrel")).await.unwrap();
    let change =
        |name: &str, version: &str| ClientForm { version: version.into(), phone_1: "555 0100".into(), ..form(name) };
    let mut tx = write(&db, &db.crowd.a, Permission::EditClients).await;
    clients::update(&mut tx, id, &change("Kestrel Two", "1").read().unwrap()).await.unwrap();
    tx.commit(Event::ClientChanged { client: id }).await.unwrap();
    let mut tx = write(&db, &db.crowd.a, Permission::EditClients).await;
    let late = clients::update(&mut tx, id, &change("Kestrel Three", "1").read().unwrap()).await;
    assert!(matches!(late, Err(Error::Refusal(Refusal::Conflict(_)))), "{late:?}");
    drop(tx);
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::EditClients).await;
    assert_eq!(
        clients::form(&mut tx, id).await.unwrap(),
        ClientForm { version: "2".into(), ..change("Kestrel Two", "2") }
    );
}

#[tokio::test]
async fn a_double_is_refused_until_it_is_said_to_be_another() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    add(&db, shop, &ClientForm { phone_1: "416 555 0177".into(), ..form("Café Nord") }).await.unwrap();
    let same_name = form("CAFE  nord");
    let same_number = ClientForm { phone_2: "+1 (416) 555-0177".into(), ..form("Somebody else") };
    for double in [&same_name, &same_number] {
        let refused = add(&db, shop, double).await;
        let Err(Error::Refusal(Refusal::Invalid(errors))) = refused else { panic!("{refused:?}") };
        assert!(errors["another"].contains("Café Nord (company)"), "{errors:?}");
        add(&db, shop, &ClientForm { another: "on".into(), ..double.clone() }).await.unwrap();
    }
    // The rival shop's clients are no doubles of ours.
    add(&db, &db.crowd.b, &same_number).await.unwrap();
}

#[tokio::test]
async fn the_list_pages_both_ways_without_loss() {
    let db = harness::fresh().await;
    let shop = db.crowd.a.id;
    db.sudo(&format!(
        "insert into app.clients (shop_id, id, kind, name, folded) select '{shop}', gen_random_uuid(), 'person', 'Page ' || lpad(n::text, 3, '0'), 'page ' || lpad(n::text, 3, '0') from generate_series(1, 120) n"
    ))
    .await;
    let want: Vec<_> = (1..=120).map(|n| format!("Page {n:03}")).collect();
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeClients).await;
    for sort in ["", "newest"] {
        let mut filter = ClientFilter { q: "page".into(), sort: sort.into(), ..ClientFilter::default() };
        let (mut forth, mut pages) = (Vec::new(), Vec::new());
        loop {
            let page = clients::list(&mut tx, &filter).await.unwrap();
            let shown: Vec<_> = page.rows.iter().map(|row| row.name.clone()).collect();
            forth.extend(shown.clone());
            pages.push(shown);
            let Some(after) = page.after else { break };
            filter.after = after.to_string();
        }
        let mut sorted = forth.clone();
        sorted.sort();
        assert_eq!(sorted, want, "sort {sort:?}");
        if sort.is_empty() {
            assert_eq!(forth, want);
        }
        // And back again: the same pages.
        let last = clients::list(&mut tx, &filter).await.unwrap();
        let back = ClientFilter { after: String::new(), before: last.before.unwrap().to_string(), ..filter.clone() };
        let page = clients::list(&mut tx, &back).await.unwrap();
        assert_eq!(page.rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>(), pages[1]);
        let back = ClientFilter { before: page.before.unwrap().to_string(), ..back };
        let page = clients::list(&mut tx, &back).await.unwrap();
        assert_eq!(
            (page.rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>(), page.before),
            (pages[0].clone(), None)
        );
    }
}

#[tokio::test]
async fn the_list_is_narrowed_by_name_number_kind_and_state() {
    let db = harness::fresh().await;
    let shop = &db.crowd.a;
    let fleet = add(
        &db,
        shop,
        &ClientForm {
            kind: "fleet".into(),
            phone_1: "905 555 7788".into(),
            email_1: "dispatch@zephyr.example".into(),
            ..form("Zephyr Vans")
        },
    )
    .await
    .unwrap();
    let asked = |q: &str| ClientFilter { q: q.into(), ..ClientFilter::default() };
    for q in ["zeph", "ZÉPHYR", "vans", "5557788", "(905) 555-77", "dispatch@zep"] {
        assert_eq!(names(&db, &asked(q)).await, ["Zephyr Vans"], "{q}");
    }
    for q in ["nobody", "zeph\0x", "%", "' or 1=1 --", "=cmd", "鍵"] {
        assert!(names(&db, &asked(q)).await.is_empty(), "{q}");
    }
    assert_eq!(names(&db, &ClientFilter { kind: "fleet".into(), ..asked("") }).await, ["Zephyr Vans"]);
    assert!(names(&db, &ClientFilter { kind: "no such".into(), ..asked("") }).await.is_empty());
    let mut tx = write(&db, shop, Permission::EditClients).await;
    clients::set_archived(&mut tx, fleet, true).await.unwrap();
    tx.commit(Event::ClientArchived { client: fleet }).await.unwrap();
    for q in ["zeph", "5557788"] {
        assert!(names(&db, &asked(q)).await.is_empty(), "{q}");
        let mut tx = read(&db, shop, Role::Owner, Permission::SeeClients).await;
        assert!(clients::lookup(&mut tx, q).await.unwrap().is_empty(), "{q}");
    }
    assert_eq!(names(&db, &ClientFilter { state: "archived".into(), ..asked("zeph") }).await, ["Zephyr Vans"]);
}

#[tokio::test]
async fn a_balance_is_for_those_who_see_invoices() {
    let db = harness::fresh().await;
    let client = ClientId(db.crowd.a.clients[0]["client"]);
    let mut tx = read(&db, &db.crowd.a, Role::Bookkeeper, Permission::SeeClients).await;
    assert_eq!(overview::client(&mut tx, client).await.unwrap().owed_minor, Some(6_300));
    assert_eq!(overview::callers(&mut tx, "client 1").await.unwrap()[0].open_balance_minor, Some(6_300));
    let mut tx = read(&db, &db.crowd.a, Role::FrontDesk, Permission::SeeClients).await;
    assert_eq!(overview::client(&mut tx, client).await.unwrap().owed_minor, None);
    let list = overview::clients(&mut tx, &ClientFilter::default()).await.unwrap();
    assert!(!list.sees_money && list.rows.iter().all(|row| row.owed_minor == 0));
    assert_eq!(overview::callers(&mut tx, "client 1").await.unwrap()[0].open_balance_minor, None);
}

#[tokio::test]
async fn a_caller_is_known_by_the_number_however_it_is_written() {
    let db = harness::fresh().await;
    let things = &db.crowd.a.clients[0];
    let mut tx = read(&db, &db.crowd.a, Role::Dispatcher, Permission::SeeClients).await;
    for q in ["4165550001", "+1 416 555 0001", "550001", "Client 1"] {
        let found = clients::lookup(&mut tx, q).await.unwrap();
        assert_eq!(found.len(), 1, "{q}");
        assert_eq!(
            (found[0].id, found[0].sites[0].id, found[0].contacts[0].0),
            (things["client"], things["site"], things["contact"]),
            "{q}"
        );
    }
    assert_eq!(clients::lookup(&mut tx, "1").await.unwrap(), []);
    // The superintendent calls from a telephone of her own.
    db.sudo(&format!("update app.contacts set phone = '(647) 555-2020' where id = '{}'", things["contact"])).await;
    for q in ["+1 647 555 2020", "contact 1", "contact1@"] {
        assert_eq!(
            clients::lookup(&mut tx, q).await.unwrap().first().map(|client| client.id),
            Some(things["client"]),
            "{q}"
        );
    }
}

#[tokio::test]
async fn a_technician_sees_only_the_clients_of_own_visits() {
    let db = harness::fresh().await;
    let [first, second] = [0, 1].map(|n| ClientId(db.crowd.a.clients[n]["client"]));
    let mut tx = read(&db, &db.crowd.a, Role::Technician, Permission::SeeClients).await;
    let page = overview::client(&mut tx, first).await.unwrap();
    assert_eq!((page.client.name.as_str(), page.history, page.owed_minor), ("Client 1 Ltd", None, None));
    assert!(matches!(overview::client(&mut tx, second).await, Err(Error::Refusal(Refusal::NotFound))));
    assert_eq!(clients::lookup(&mut tx, "client").await.unwrap().len(), 1);
    let list = overview::clients(&mut tx, &ClientFilter::default()).await.unwrap();
    assert_eq!(list.rows.len(), 1);
}

#[tokio::test]
async fn a_page_is_the_same_statements_whatever_its_rows() {
    let db = harness::fresh().await;
    let client = ClientId(db.crowd.a.clients[0]["client"]);
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeClients).await;
    let before = db.db.statements();
    overview::client(&mut tx, client).await.unwrap();
    let few = db.db.statements() - before;
    drop(tx);
    for n in 0..3 {
        let mut tx = write(&db, &db.crowd.a, Permission::EditClients).await;
        let contact =
            ContactForm { name: format!("Person {n}"), ..ContactForm::default() }.read(tx.actor().currency).unwrap();
        let contact = clients::contacts::add(&mut tx, client, &contact).await.unwrap();
        tx.commit(Event::ContactAdded { client, contact }).await.unwrap();
        let mut tx = write(&db, &db.crowd.a, Permission::EditClients).await;
        let note = clients::notes::add(&mut tx, client, &format!("Note {n}")).await.unwrap();
        tx.commit(Event::ClientNoteAdded { client, note }).await.unwrap();
    }
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeClients).await;
    let before = db.db.statements();
    let page = overview::client(&mut tx, client).await.unwrap();
    assert_eq!(db.db.statements() - before, few);
    assert_eq!((page.contacts.len(), page.notes.len()), (4, 4));
    assert_eq!((page.notes[0].body.as_str(), page.history.unwrap()[0].sentence.as_str()), ("Note 2", "added a note"));
}

#[tokio::test]
async fn the_right_to_sign_ends_with_its_last_day() {
    let db = harness::fresh().await;
    let client = ClientId(db.crowd.a.clients[0]["client"]);
    let today: String =
        db.ask(&format!("select app.today(time_zone)::text from app.shops where shop_id = '{}'", db.crowd.a.id)).await;
    let typed = ContactForm {
        name: "Ana".into(),
        signatory: "on".into(),
        valid_until: today,
        limit: "500".into(),
        ..ContactForm::default()
    };
    let mut tx = write(&db, &db.crowd.a, Permission::EditClients).await;
    let new = typed.read(tx.actor().currency).unwrap();
    let contact = clients::contacts::add(&mut tx, client, &new).await.unwrap();
    tx.commit(Event::ContactAdded { client, contact }).await.unwrap();
    let mut tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeClients).await;
    assert_eq!(
        clients::contacts::form(&mut tx, contact).await.unwrap().form,
        ContactForm { version: "1".into(), limit: "500.00".into(), ..typed }
    );
    for (shift, want) in [("0", Standing::Valid), ("1 day", Standing::Expired)] {
        drop(tx);
        db.sudo(&format!("update auth.clock set shift = '{shift}'")).await;
        tx = read(&db, &db.crowd.a, Role::Owner, Permission::SeeClients).await;
        let all = clients::contacts::of(&mut tx, client).await.unwrap();
        let ana = all.iter().find(|person| person.name == "Ana").unwrap();
        assert_eq!((ana.standing, ana.limit_minor), (Some(want), Some(50_000)), "{shift}");
    }
}
