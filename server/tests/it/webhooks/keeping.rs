//! Receivers as the office keeps them: registered with words beside what is wrong, shown their secret once, on the chain.

use super::{act, cursor, drain, newest, outbound, receiver::Receiver, register, started};
use crate::app::{self, Answer, TestApp, Who, post_fields};
use domain::{Role, ids::ReceiverId, webhooks::Group};

/// Sends one of the forms of a receiver's page.
pub async fn does(app: &TestApp, who: &Who, what: &str, id: ReceiverId, more: &[(&str, &str)]) -> Answer {
    let mut form = post_fields(who, "/shop/webhooks");
    form.push(("receiver".into(), id.to_string()));
    form.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    app.post(who, &format!("/fn/office/{what}"), &form).await
}

async fn add(app: &TestApp, who: &Who, name: &str, url: &str) -> Answer {
    let mut form = post_fields(who, "/shop/webhooks");
    for (field, value) in [("name", name), ("url", url), ("all", "on")] {
        form.push((format!("form[{field}]"), value.to_owned()));
    }
    app.post(who, "/fn/office/add_receiver", &form).await
}

async fn count(app: &TestApp, shop: &str) -> i64 {
    app.on.ask(&format!("select count(*) from worker.receivers where shop_id = '{shop}'")).await
}

/// The last entry on the chain: code and facts.
async fn last(app: &TestApp) -> (i16, String) {
    let shop = app.on.crowd.a.id;
    let newest = "order by seq desc limit 1";
    let code = format!("select action from audit.entries where shop_id = '{shop}' {newest}");
    let facts =
        format!("select convert_from(audit.facts(p), 'UTF8') from audit.personal p where shop_id = '{shop}' {newest}");
    (app.on.ask(&code).await, app.on.ask(&facts).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_62_every_change_of_a_receiver_is_on_the_chain() {
    let (app, owner) = started().await;
    let added = add(&app, &owner, "Our SIEM", "https://siem.example.com/in?token=ZZQ-PATH").await;
    assert_eq!(added.status, 200, "{}", added.body);
    let (code, facts) = last(&app).await;
    assert!(code == 130 && facts.contains("Our SIEM") && facts.contains("https://siem.example.com"), "{code} {facts}");
    assert!(!facts.contains("ZZQ-PATH"), "the path may be a secret of the receiver's: {facts}");
    let id = ReceiverId(app.on.ask("select id from worker.receivers where name = 'Our SIEM'").await);
    let dead = format!(
        "insert into worker.deliveries (shop_id, id, receiver_id, kind, first, last, state) select shop_id, id, id, 'again', 1, 1, 'dead' from worker.receivers where id = '{id}'"
    );
    app.on.sudo(&dead).await;
    for (what, more, code, words) in [
        ("test_receiver", vec![], 131, "tested"),
        ("pause_receiver", vec![], 131, "paused"),
        ("resume_receiver", vec![], 131, "resumed"),
        ("restart_receiver", vec![("form[entry]", "1")], 131, "restarted"),
        ("send_again", vec![("delivery", "")], 131, "sent_again"),
        ("replace_receiver_secret", vec![], 132, "receiver_secret_replaced"),
        ("unregister_receiver", vec![], 133, "receiver_removed"),
    ] {
        let done = does(&app, &owner, what, id, &more).await;
        assert_eq!(done.status, 200, "{what}: {}", done.body);
        let (found, facts) = last(&app).await;
        assert!(found == code && facts.contains("Our SIEM"), "{what}: {found} {facts}");
        let payload: String = app.on.ask(&format!("select convert_from(payload, 'UTF8') from audit.entries where entity = '{id}' order by seq desc limit 1")).await;
        assert!(payload.contains(words), "{what}: {payload}");
    }
    assert_eq!(app.on.ask::<i64>(&format!("select count(*) from worker.receivers where id = '{id}'")).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_62_a_receiver_is_refused_with_words_and_kept_by_owner_and_admin_alone() {
    let (app, owner) = started().await;
    let shop = app.on.crowd.a.id.to_string();
    let before = count(&app, &shop).await;
    for (url, words) in [
        ("https://10.0.0.9/in", "inside"),
        ("https://localhost/in", "inside"),
        ("https://[::1]/in", "inside"),
        ("http://siem.example.com/in", "https://"),
        ("siem.example.com", "https://"),
        ("https://me:word@siem.example.com/", "user name"),
        ("", "Enter"),
    ] {
        let refused = add(&app, &owner, "SIEM", url).await;
        assert!(refused.status == 422 && refused.body.contains(words), "{url}: {} {}", refused.status, refused.body);
    }
    let manager = app.staff(Role::Manager).await;
    assert_eq!(add(&app, &manager, "SIEM", "https://siem.example.com/in").await.status, 403);
    assert_eq!(app.get(&manager, "/shop/webhooks").await.status, 403);
    let mine: ReceiverId = ReceiverId(app::ids(&app.on)["receiver"]);
    for what in ["test_receiver", "pause_receiver", "unregister_receiver", "replace_receiver_secret"] {
        let rival = app.rival().await;
        assert_eq!(does(&app, &rival, what, mine, &[]).await.status, 404, "{what}");
    }
    app.on.later("11 minutes").await;
    assert_eq!(
        add(&app, &owner, "SIEM", "https://siem.example.com/in").await.status,
        401,
        "a fresh proof is asked for"
    );
    for what in [
        "test_receiver",
        "pause_receiver",
        "resume_receiver",
        "restart_receiver",
        "send_again",
        "replace_receiver_secret",
        "unregister_receiver",
    ] {
        assert_eq!(
            does(&app, &owner, what, mine, &[("form[entry]", "1"), ("delivery", "")]).await.status,
            401,
            "{what}"
        );
    }
    assert_eq!(count(&app, &shop).await, before, "nothing was kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_62_a_shop_has_ten_receivers_whoever_comes_at_once() {
    let (app, owner) = started().await;
    let shop = app.on.crowd.a.id.to_string();
    let tries: Vec<_> = (0..13)
        .map(|n| {
            let (app, owner) = (&app, &owner);
            async move { add(app, owner, &format!("Number {n}"), "https://siem.example.com/in").await.status }
        })
        .collect();
    let mut statuses = Vec::new();
    let mut under_way = tries.into_iter().map(Box::pin).collect::<Vec<_>>();
    std::future::poll_fn(|cx| {
        under_way.retain_mut(|one| match one.as_mut().poll(cx) {
            std::task::Poll::Ready(status) => {
                statuses.push(status);
                false
            }
            std::task::Poll::Pending => true,
        });
        if under_way.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    assert_eq!(count(&app, &shop).await, 10, "{statuses:?}");
    assert!(statuses.iter().filter(|status| **status == 409).count() == 4, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_62_a_secret_is_shown_once_and_the_one_before_signs_for_a_day() {
    let (app, owner) = started().await;
    let (on, shop, out) = (&app.on, app.on.crowd.a.clone(), outbound());
    let added = add(&app, &owner, "Shown", "https://siem.example.com/in").await;
    let flash =
        added.headers.iter().find(|(name, value)| name == "set-cookie" && value.starts_with("flash=")).expect("flash");
    let carrying =
        Who { cookie: format!("{}; {}", owner.cookie, flash.1.split(';').next().unwrap_or_default()), ..owner.clone() };
    let shown: uuid::Uuid = on.ask("select id from worker.receivers where name = 'Shown'").await;
    let page = format!("/shop/webhooks/{shown}");
    let first = app.get(&carrying, &page).await.body;
    assert!(first.contains("whsec_") && first.contains("shown only once"), "the secret is shown");
    assert!(!app.get(&carrying, &page).await.body.contains("whsec_"), "once");
    app.on.sudo(&format!("delete from worker.receivers where id = '{shown}'")).await;

    let receiver = Receiver::start().await;
    let id = register(on, &shop, &receiver, &[Group::All]).await;
    assert_eq!(does(&app, &owner, "replace_receiver_secret", id, &[]).await.status, 200);
    act(on, &shop, 1).await;
    drain(on, &out).await;
    assert_eq!(
        (receiver.signatures(), cursor(on, id).await),
        (2, newest(on, &shop).await),
        "the old secret still fits"
    );
    on.later("25 hours").await;
    let entries = receiver.entries().len();
    act(on, &shop, 1).await;
    drain(on, &out).await;
    assert_eq!((receiver.signatures(), receiver.entries().len()), (1, entries), "a day later it fits no more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_arrives_though_the_receiver_is_paused() {
    let (app, owner) = started().await;
    let (on, shop, out) = (&app.on, app.on.crowd.a.clone(), outbound());
    let receiver = Receiver::start().await;
    let id = register(on, &shop, &receiver, &[Group::All]).await;
    assert_eq!(does(&app, &owner, "pause_receiver", id, &[]).await.status, 200);
    assert_eq!(does(&app, &owner, "test_receiver", id, &[]).await.status, 200);
    drain(on, &out).await;
    assert!(receiver.bodies().contains(r#""type":"test""#), "{}", receiver.bodies());
    assert!(receiver.sequence().is_empty(), "and nothing else while it is paused");
    let page = app.get(&owner, &format!("/shop/webhooks/{id}")).await.body;
    assert!(page.contains("Accepted (204)"), "the attempt is shown");
}
