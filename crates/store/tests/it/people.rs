//! People who go over to another shop, who leave, and whose access is looked at.

use crate::harness::{self, TestDb, crowd::Shop};
use domain::{Event, Permission, Refusal, Role, ids::*};
use std::sync::Arc;
use store::{Actor, Error, Token, audit::verify};

/// The technician of A works in B too, as a dispatcher.
async fn of_both(db: &TestDb) -> (Token, Arc<Actor>) {
    let (a, b) = (&db.crowd.a, &db.crowd.b);
    let person = a.people[&Role::Technician];
    db.sudo(&format!(
        "insert into auth.memberships (shop_id, person_id, role) values ('{}', '{person}', 'dispatcher')",
        b.id
    ))
    .await;
    a.session(&db.db, person).await
}

async fn lives(db: &TestDb, token: &Token) -> bool {
    db.db.front_door().resolve_session(token, harness::crowd::origin()).await.unwrap().is_some()
}

async fn holds(db: &TestDb, shop: &Shop) -> bool {
    let mut root = db.login("postgres").await;
    matches!(verify::shop(&mut root, shop.id.uuid(), &[]).await.unwrap(), verify::Verdict::Holds { .. })
}

#[tokio::test]
async fn a_person_of_two_shops_is_in_one_at_a_time() {
    let db = harness::fresh().await;
    let (a, b, door) = (&db.crowd.a, &db.crowd.b, db.db.front_door());
    let (token, actor) = of_both(&db).await;
    let places: Vec<_> =
        door.workplaces(&actor).await.unwrap().into_iter().map(|one| (one.shop, one.role, one.current)).collect();
    assert_eq!(places.len(), 2);
    assert!(places.contains(&(a.id, Role::Technician, true)) && places.contains(&(b.id, Role::Dispatcher, false)));
    let there = door.switch_shop(&actor, b.id).await.unwrap();
    assert!(!lives(&db, &token).await, "the session in the first shop has ended");
    let now = door.resolve_session(&there, harness::crowd::origin()).await.unwrap().unwrap();
    assert_eq!((now.shop, now.role, now.person), (b.id, Role::Dispatcher, actor.person));
    let mut tx = db.db.read(Arc::new(now).allow(Permission::SeeClients).unwrap()).await.unwrap();
    let of_a: i64 = sqlx::query_scalar("select count(*) from app.clients where shop_id = $1")
        .bind(a.id.uuid())
        .fetch_one(store::Scope::conn(&mut tx))
        .await
        .unwrap();
    assert_eq!(of_a, 0, "nothing of the first shop came along");
    assert!(holds(&db, a).await && holds(&db, b).await);
}

#[tokio::test]
async fn nobody_goes_over_to_a_shop_that_does_not_know_them() {
    let db = harness::fresh().await;
    let (token, actor) = db.crowd.a.session(&db.db, db.crowd.a.people[&Role::Owner]).await;
    let refused = db.db.front_door().switch_shop(&actor, db.crowd.b.id).await;
    assert!(matches!(refused, Err(Error::Refusal(Refusal::NotFound))));
    assert!(lives(&db, &token).await, "and stays signed in where they were");
    let (_, two) = of_both(&db).await;
    db.sudo(&format!(
        "update auth.memberships set disabled_at = app.now() where shop_id = '{}' and person_id = '{}'",
        db.crowd.b.id, two.person
    ))
    .await;
    assert!(db.db.front_door().switch_shop(&two, db.crowd.b.id).await.is_err(), "nor to one they have left");
}

#[tokio::test]
async fn a_session_gets_no_older_by_going_over() {
    let db = harness::fresh().await;
    let (_, actor) = of_both(&db).await;
    for _ in 0..30 {
        db.later("20 minutes").await;
        assert!(db.db.front_door().own_sessions(&actor).await.is_ok());
        db.sudo("update auth.capabilities set last_seen_at = app.now()").await;
    }
    let there = db.db.front_door().switch_shop(&actor, db.crowd.b.id).await.unwrap();
    db.later("29 minutes").await;
    assert!(lives(&db, &there).await);
    db.sudo("update auth.capabilities set last_seen_at = app.now()").await;
    db.later("100 minutes").await;
    db.sudo("update auth.capabilities set last_seen_at = app.now()").await;
    assert!(!lives(&db, &there).await, "twelve hours after signing in it is over, in whichever shop");
}

#[tokio::test]
async fn row_40_a_member_who_leaves_has_nothing_left() {
    let db = harness::fresh().await;
    let (a, door) = (&db.crowd.a, db.db.front_door());
    let owner = a.actor(&db.db, Role::Owner).await;
    let (member, successor) = (a.people[&Role::Technician], a.second_technician);
    db.sudo("update app.visits set left_at = null; update app.jobs set status = status").await;
    db.sudo(&format!(
        "alter table app.jobs disable trigger user; update app.jobs j set status = 'scheduled' from app.visits v where v.job_id = j.id and v.technician_id = '{member}'; alter table app.jobs enable trigger user; update auth.portal_links set created_by = '{member}' where id = '{}'", a.links[0].0
    ))
    .await;
    let (token, _) = a.session(&db.db, member).await;
    let (client, _) = a.visitor(&db.db, 0).await;
    let leaving = door.leaving(&owner, member).await.unwrap();
    assert!(!leaving.visits.is_empty() && leaving.sessions >= 1 && leaving.links == 1, "{leaving:?}");
    let nobody = door.let_go(&owner, member, None, true).await;
    assert!(matches!(nobody, Err(Error::Refusal(Refusal::Invalid(_)))), "visits need somebody to take them");
    let auditor = door.let_go(&owner, member, Some(a.people[&Role::Auditor]), true).await;
    assert!(matches!(auditor, Err(Error::Refusal(Refusal::Invalid(_)))), "who can be sent");
    assert!(lives(&db, &token).await, "a refusal ends nothing");
    door.let_go(&owner, member, Some(successor), true).await.unwrap();
    assert!(!lives(&db, &token).await);
    assert!(door.open_session(a.id, member, &harness::crowd::origin()).await.is_err(), "no way back in");
    assert!(door.resolve_portal(&client, harness::crowd::origin()).await.unwrap().is_none(), "nor by their links");
    let left: i64 = db.ask(&format!("select count(*) from auth.capabilities where person_id = '{member}' and shop_id = '{}' and revoked_at is null", a.id)).await;
    assert_eq!(left, 0, "no living capability");
    let visit = leaving.visits[0].visit;
    let now: uuid::Uuid = db.ask(&format!("select technician_id from app.visits where id = '{visit}'")).await;
    assert_eq!(PersonId(now), successor);
    let told: i64 = db.ask(&format!("select count(*) from audit.subjects s join audit.entries e using (shop_id, seq) where s.subject = '{}' and e.action = 43", leaving.visits[0].job)).await;
    assert_eq!(told, 1, "the job's timeline says who goes now");
    assert!(holds(&db, a).await);
    assert!(
        matches!(door.let_go(&owner, member, None, true).await, Err(Error::Refusal(Refusal::NotFound))),
        "once is enough"
    );
}

#[tokio::test]
async fn nobody_lets_the_last_owner_go_or_themselves_or_a_rivals_member() {
    let db = harness::fresh().await;
    let (a, b, door) = (&db.crowd.a, &db.crowd.b, db.db.front_door());
    let owner = a.actor(&db.db, Role::Owner).await;
    for somebody in [owner.person, b.people[&Role::Technician], PersonId(uuid::Uuid::now_v7())] {
        assert!(matches!(door.leaving(&owner, somebody).await, Err(Error::Refusal(Refusal::NotFound))));
        assert!(matches!(door.let_go(&owner, somebody, None, true).await, Err(Error::Refusal(Refusal::NotFound))));
    }
    let admin = a.actor(&db.db, Role::Admin).await;
    assert!(door.let_go(&admin, owner.person, None, false).await.is_err(), "an owner is an owner's to let go");
    let dispatcher = a.actor(&db.db, Role::Dispatcher).await;
    assert!(door.let_go(&dispatcher, a.people[&Role::Auditor], None, false).await.is_err());
    assert!(door.access_review(&dispatcher).await.is_err() && door.record_review(&dispatcher).await.is_err());
}

#[tokio::test]
async fn row_18_the_access_review_names_the_dormant_and_the_unused() {
    let db = harness::fresh().await;
    let (a, door) = (&db.crowd.a, db.db.front_door());
    let owner = a.actor(&db.db, Role::Owner).await;
    let fresh = door.access_review(&owner).await.unwrap();
    assert!(!fresh.overdue && fresh.last.is_none() && fresh.members.iter().all(|member| !member.dormant));
    assert!(fresh.members.iter().all(|member| !db.crowd.b.people.values().any(|other| *other == member.person)));
    db.later("92 days").await;
    let owner = a.actor(&db.db, Role::Owner).await;
    let mut tx = db.db.write(owner.allow(Permission::EditClients).unwrap()).await.unwrap();
    tx.once("review-test.client", b"x").await.unwrap();
    tx.commit(Event::ClientChanged { client: ClientId(a.clients[0]["client"]) }).await.unwrap();
    let late = door.access_review(&owner).await.unwrap();
    assert!(late.overdue, "a quarter has gone by");
    let of = |person| late.members.iter().find(|member| member.person == person).unwrap();
    assert!(!of(owner.person).dormant && of(a.people[&Role::Technician]).dormant);
    assert!(!of(owner.person).unused.contains(&"clients and sites".to_owned()), "used today");
    assert!(of(owner.person).unused.contains(&"payments".to_owned()), "not used in ninety days");
    door.record_review(&owner).await.unwrap();
    let done = door.access_review(&owner).await.unwrap();
    assert!(!done.overdue && done.last.is_some());
    assert!(holds(&db, a).await);
}

#[tokio::test]
async fn a_role_of_the_shops_own_holds_back_at_once_and_adds_nothing() {
    let db = harness::fresh().await;
    let (a, door) = (&db.crowd.a, db.db.front_door());
    let (owner, member) = (a.actor(&db.db, Role::Owner).await, a.people[&Role::Bookkeeper]);
    let id = CustomRoleId(uuid::Uuid::now_v7());
    door.save_role(&owner, id, "Invoices only", Role::Bookkeeper, &[Permission::TakePayments]).await.unwrap();
    let taken = door
        .save_role(&owner, CustomRoleId(uuid::Uuid::now_v7()), "INVOICES ONLY", Role::Manager, &[Permission::Sign])
        .await;
    assert!(matches!(taken, Err(Error::Refusal(Refusal::Invalid(_)))), "one name, one role");
    let (old, before) = a.session(&db.db, member).await;
    assert!(before.allow(Permission::TakePayments).is_ok());
    door.give_role(&owner, member, Some(id)).await.unwrap();
    assert!(!lives(&db, &old).await, "a change of role ends the sessions");
    let (token, now) = a.session(&db.db, member).await;
    assert!(now.allow(Permission::TakePayments).is_err() && now.allow(Permission::EditInvoices).is_ok());
    door.save_role(
        &owner,
        id,
        "Invoices only",
        Role::Bookkeeper,
        &[Permission::TakePayments, Permission::EditInvoices],
    )
    .await
    .unwrap();
    let again = Arc::new(door.resolve_session(&token, harness::crowd::origin()).await.unwrap().unwrap());
    assert!(again.allow(Permission::EditInvoices).is_err(), "what is held back later is held back in open sessions");
    assert!(matches!(door.drop_role(&owner, id).await, Err(Error::Refusal(Refusal::Conflict(_)))), "somebody holds it");
    let elsewhere = door.give_role(&owner, a.people[&Role::Technician], Some(id)).await;
    assert!(matches!(elsewhere, Err(Error::Refusal(Refusal::NotFound))), "a role is of one base");
    door.give_role(&owner, member, None).await.unwrap();
    let (_, whole) = a.session(&db.db, member).await;
    assert!(whole.allow(Permission::TakePayments).is_ok());
    door.drop_role(&owner, id).await.unwrap();
    assert!(door.custom_roles(&owner).await.unwrap().is_empty() && holds(&db, a).await);
}

#[tokio::test]
async fn roles_are_made_by_owners_and_given_in_their_own_shop() {
    let db = harness::fresh().await;
    let (a, b, door) = (&db.crowd.a, &db.crowd.b, db.db.front_door());
    let (owner, rival) = (a.actor(&db.db, Role::Owner).await, b.actor(&db.db, Role::Owner).await);
    let id = CustomRoleId(uuid::Uuid::now_v7());
    let admin = a.actor(&db.db, Role::Admin).await;
    assert!(door.save_role(&admin, id, "Mine", Role::Manager, &[Permission::Sign]).await.is_err());
    assert!(door.save_role(&owner, id, "Boss", Role::Owner, &[Permission::Sign]).await.is_err(), "an owner is whole");
    door.save_role(&owner, id, "No signing", Role::Manager, &[Permission::Sign]).await.unwrap();
    assert!(door.custom_roles(&rival).await.unwrap().is_empty());
    assert!(matches!(
        door.give_role(&rival, b.people[&Role::Manager], Some(id)).await,
        Err(Error::Refusal(Refusal::NotFound))
    ));
    assert!(matches!(door.drop_role(&rival, id).await, Err(Error::Refusal(Refusal::NotFound))));
    door.give_role(&admin, a.people[&Role::Manager], Some(id)).await.unwrap();
    door.set_member(
        &owner,
        a.people[&Role::Manager],
        Role::Dispatcher,
        true,
        &Event::MemberChanged { person: a.people[&Role::Manager], role: Role::Dispatcher },
    )
    .await
    .unwrap();
    assert!(door.custom_roles(&owner).await.unwrap()[0].holders.is_empty(), "another role, another power");
}
