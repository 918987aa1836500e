//! Webhooks, from the act to a receiver that checks for itself: in order, signed, none lost, none twice after deduplication;
//! and never anywhere inside.

mod inside;
mod keeping;
mod receiver;

use crate::{
    app::{self, TestApp},
    harness::{self, Shop, TestDb, crowd::origin},
};
use domain::{
    Event, Permission, Role,
    ids::ReceiverId,
    webhooks::{Group, NewReceiver},
};
use receiver::{Manner, Receiver};
use server::{
    outbound::{Outbound, system_lookup},
    webhooks,
};
use std::{collections::BTreeSet, time::Duration};
use uuid::Uuid;

/// A client that may reach the receivers of these tests.
fn outbound() -> Outbound {
    Outbound::new(&["127.0.0.0/8".parse().expect("network")], system_lookup()).expect("client")
}

/// Registers a receiver; gives its id. It knows its secret from then on.
async fn register(on: &TestDb, shop: &Shop, receiver: &Receiver, groups: &[Group]) -> ReceiverId {
    let owner = shop.actor(&on.db, Role::Owner).await;
    let mut tx = on.db.write(owner.allow(Permission::ManageApiKeys).expect("owner")).await.expect("write");
    let new = NewReceiver { name: "SIEM".into(), url: receiver.url(), groups: groups.to_vec() };
    let (id, secret) = store::webhooks::add(&mut tx, &new).await.expect("add");
    tx.commit(Event::ReceiverAdded { receiver: id }).await.expect("commit");
    receiver.knows(&secret.reveal());
    id
}

/// Something that stands on the shop's chain.
async fn act(on: &TestDb, shop: &Shop, times: usize) {
    for _ in 0..times {
        on.db
            .front_door()
            .record_failure(&shop.email(Role::Owner), Some(shop.people[&Role::Owner]), &origin())
            .await
            .expect("an entry");
    }
}

/// Delivers until nothing is due.
async fn drain(on: &TestDb, outbound: &Outbound) {
    for _ in 0..500 {
        if !webhooks::next(&on.db, outbound).await.expect("next") {
            return;
        }
    }
    panic!("deliveries without end");
}

async fn newest(on: &TestDb, shop: &Shop) -> i64 {
    on.ask(&format!("select seq from audit.heads where shop_id = '{}'", shop.id)).await
}

async fn cursor(on: &TestDb, id: ReceiverId) -> i64 {
    on.ask(&format!("select cursor from worker.receivers where id = '{id}'")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_70_a_receiver_down_for_ten_minutes_misses_nothing() {
    let on = harness::fresh().await;
    let (shop, out) = (on.crowd.a.clone(), outbound());
    let mut receiver = Receiver::start().await;
    let id = register(&on, &shop, &receiver, &[Group::All]).await;
    let first = cursor(&on, id).await + 1;
    act(&on, &shop, 3).await;
    drain(&on, &out).await;
    assert_eq!(cursor(&on, id).await, newest(&on, &shop).await);
    receiver.down();
    for _ in 0..20 {
        on.later("30 seconds").await;
        act(&on, &shop, 1).await;
        drain(&on, &out).await;
    }
    assert!(cursor(&on, id).await < newest(&on, &shop).await - 15, "it was down");
    // Back, but at first it takes a delivery in and dies before it has said so.
    receiver.up(Manner::Swallow).await;
    on.later("20 minutes").await;
    drain(&on, &out).await;
    receiver.does(Manner::Accept);
    on.later("2 hours").await;
    drain(&on, &out).await;
    let (all, head) = (receiver.sequence(), newest(&on, &shop).await);
    let once: BTreeSet<i64> = all.iter().copied().collect();
    assert!(all.len() > once.len(), "what was swallowed came again: {all:?}");
    assert_eq!(receiver.deduplicated(), (first..=head).collect::<Vec<_>>(), "no gap, no duplicate, in order");
    let tries: i64 =
        on.ask(&format!("select count(*) from worker.attempts where receiver_id = '{id}' and status is null")).await;
    assert!(tries >= 5, "it was tried meanwhile, with growing pauses: {tries}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_70_two_workers_send_each_batch_once_when_nothing_fails() {
    let on = harness::fresh().await;
    let (a, b) = (on.crowd.a.clone(), on.crowd.b.clone());
    let (first, second, rival) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    let mut from = Vec::new();
    for (shop, receiver) in [(&a, &first), (&a, &second), (&b, &rival)] {
        let id = register(&on, shop, receiver, &[Group::All]).await;
        from.push((shop, receiver, id, cursor(&on, id).await + 1));
    }
    act(&on, &a, 150).await;
    let (stop, _) = tokio::sync::broadcast::channel::<()>(1);
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let mut stopped = stop.subscribe();
            tokio::spawn(webhooks::deliver(on.db.clone(), outbound(), async move {
                let _ = stopped.recv().await;
            }))
        })
        .collect();
    act(&on, &b, 20).await;
    act(&on, &a, 30).await;
    for (shop, _, id, _) in &from {
        let head = newest(&on, shop).await;
        for _ in 0..400 {
            if cursor(&on, *id).await == head {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let _ = stop.send(());
    for worker in workers {
        worker.await.expect("the worker ends when told");
    }
    for (shop, receiver, _, first) in from {
        let head = newest(&on, shop).await;
        assert_eq!(receiver.sequence(), (first..=head).collect::<Vec<_>>(), "once, and in order");
    }
}

/// Twelve tries and half as many days.
async fn wear_out(on: &TestDb, out: &Outbound) {
    for _ in 0..12 {
        drain(on, out).await;
        on.later("10 hours").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_70_a_dead_letter_is_shown_and_sent_again() {
    let app = app::start().await;
    let (on, shop, out) = (&app.on, app.on.crowd.a.clone(), outbound());
    let receiver = Receiver::start().await;
    let id = register(on, &shop, &receiver, &[Group::All]).await;
    on.sudo("delete from worker.outbox").await;
    receiver.does(Manner::Answer(500));
    let first = cursor(on, id).await + 1;
    act(on, &shop, 2).await;
    drain(on, &out).await;
    act(on, &shop, 1).await;
    wear_out(on, &out).await;
    let dead: String = on
        .ask(&format!("select string_agg(first || '-' || last || ' ' || status, ',') from worker.deliveries where receiver_id = '{id}' and state = 'dead'"))
        .await;
    // The registration, and the two acts that had happened when it was first tried.
    assert_eq!(dead, format!("{first}-{} 500", first + 2));
    let letters: i64 = on.ask("select count(*) from worker.outbox").await;
    assert_eq!(letters, 2, "owner and admin are told");
    let told: i64 = on
        .ask(&format!("select count(*) from audit.entries where entity = '{id}' and action = 134 and actor_kind = 3"))
        .await;
    assert_eq!(told, 1, "and the chain is");
    receiver.does(Manner::Accept);
    receiver.forget();
    on.later("1 day").await;
    drain(on, &out).await;
    assert_eq!(cursor(on, id).await, newest(on, &shop).await, "the stream goes on behind it");
    assert!(!receiver.sequence().contains(&first), "without what was given up");
    let boss = app.staff(Role::Owner).await;
    let page = app.get(&boss, &format!("/shop/webhooks/{id}")).await.body;
    for words in [
        format!("Entries {first} to {}", first + 2),
        "Refused (500)".into(),
        "Send again".into(),
        "Send all again".into(),
    ] {
        assert!(page.contains(&words), "{words}");
    }
    let dead: Uuid = on.ask(&format!("select id from worker.deliveries where receiver_id = '{id}'")).await;
    let sent = keeping::does(&app, &boss, "send_again", id, &[("delivery", &dead.to_string())]).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    receiver.forget();
    drain(on, &out).await;
    assert_eq!(receiver.sequence()[..3], [first, first + 1, first + 2]);
    assert_eq!(receiver.messages()[0], format!("msg_{}", dead.simple()), "as the delivery it was");
    let left: i64 = on.ask(&format!("select count(*) from worker.deliveries where receiver_id = '{id}'")).await;
    assert_eq!(left, 0, "nothing is given up any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_70_a_receiver_that_is_gone_is_paused_and_keeps_its_place() {
    let app = app::start().await;
    let (on, shop, out) = (&app.on, app.on.crowd.a.clone(), outbound());
    let receiver = Receiver::start().await;
    let id = register(on, &shop, &receiver, &[Group::All]).await;
    let first = cursor(on, id).await + 1;
    on.sudo("delete from worker.outbox").await;
    receiver.does(Manner::Answer(410));
    drain(on, &out).await;
    act(on, &shop, 2).await;
    on.later("2 days").await;
    drain(on, &out).await;
    let state: String = on.ask(&format!("select state from worker.receivers where id = '{id}'")).await;
    assert_eq!((state.as_str(), on.ask::<i64>("select count(*) from worker.outbox").await), ("gone", 2));
    receiver.does(Manner::Accept);
    receiver.forget();
    let owner = app.staff(Role::Owner).await;
    assert_eq!(keeping::does(&app, &owner, "resume_receiver", id, &[]).await.status, 200);
    drain(on, &out).await;
    assert_eq!(receiver.sequence(), (first..=newest(on, &shop).await).collect::<Vec<_>>(), "nothing was lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_70_the_stream_goes_on_from_a_sequence() {
    let app = app::start().await;
    let (on, shop, out) = (&app.on, app.on.crowd.a.clone(), outbound());
    let receiver = Receiver::start().await;
    let id = register(on, &shop, &receiver, &[Group::All]).await;
    act(on, &shop, 130).await;
    drain(on, &out).await;
    receiver.forget();
    let owner = app.staff(Role::Owner).await;
    let too_far = keeping::does(&app, &owner, "restart_receiver", id, &[("form[entry]", "99999")]).await;
    assert!(too_far.status == 422 && too_far.body.contains("The newest entry is"), "{}", too_far.body);
    let restarted = keeping::does(&app, &owner, "restart_receiver", id, &[("form[entry]", "5")]).await;
    assert_eq!(restarted.status, 200, "{}", restarted.body);
    drain(on, &out).await;
    assert_eq!(receiver.sequence(), (5..=newest(on, &shop).await).collect::<Vec<_>>(), "from that entry on, all of it");
    // A receiver of some kinds is told those alone, and its place moves on all the same.
    let some = Receiver::start().await;
    let only = register(on, &shop, &some, &[Group::Clients]).await;
    on.sudo(&format!("update worker.receivers set cursor = 0 where id = '{only}'")).await;
    drain(on, &out).await;
    let wanted: Vec<i64> = on
        .ask(&format!("select coalesce(array_agg(seq order by seq), '{{}}') from audit.entries where shop_id = '{}' and action between 20 and 39", shop.id))
        .await;
    assert_eq!((some.sequence(), cursor(on, only).await), (wanted, newest(on, &shop).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_70_nothing_secret_is_sent() {
    let on = harness::fresh().await;
    let (shop, out) = (on.crowd.a.clone(), outbound());
    let receiver = Receiver::start().await;
    let id = register(&on, &shop, &receiver, &[Group::All]).await;
    act(&on, &shop, 2).await;
    on.sudo(&format!("update worker.receivers set cursor = 0 where id = '{id}'")).await;
    drain(&on, &out).await;
    assert_eq!(receiver.sequence().len(), usize::try_from(newest(&on, &shop).await).expect("few"), "the whole chain");
    let sent = receiver.bodies();
    for entry in receiver.entries() {
        assert!(entry["facts"].is_null(), "{entry}");
        for name in ["seq", "at", "action", "actor", "entity", "refused", "payload", "hash"] {
            assert!(!entry[name].is_null(), "{name}: {entry}");
        }
    }
    // What stands beside these very entries, and must not come along: addresses, browsers, names, mail, the secret itself.
    let facts: String = on
        .ask(&format!(
            "select string_agg(convert_from(audit.facts(p), 'UTF8'), '') from audit.personal p where shop_id = '{}'",
            shop.id
        ))
        .await;
    for canary in ["192.0.2.7", "\"test\"", "southgate", "@northgate.example", "whsec_"] {
        assert!(
            facts.contains(canary) || matches!(canary, "whsec_" | "southgate" | "@northgate.example"),
            "no canary: {canary}"
        );
        assert!(!sent.contains(canary), "{canary} was sent");
    }
    for rival in on.crowd.b.people.values() {
        assert!(!sent.contains(&rival.to_string()), "a rival's person");
    }
    assert!(!sent.contains(&on.crowd.b.id.to_string()), "the rival");
    let kept: String = on.ask("select string_agg(r::text, '') from worker.receivers r").await;
    assert!(!kept.contains(receiver.secret().trim_start_matches("whsec_")), "the secret is kept sealed");
}

/// The server under test, with its one shop.
async fn started() -> (TestApp, app::Who) {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    (app, owner)
}
