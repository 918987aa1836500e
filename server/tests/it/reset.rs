//! Row 31: a link to reset a password works once, for half an hour, and only by POST; and nobody learns who has an account.

use crate::{
    app::{self, TestApp, Who},
    harness::{self, crowd::PASSWORD},
    lockout::sign_in,
};
use domain::Role;
use store::{Token, mail::Mail};

const NEW: &str = "copper heron under the stairs";

/// Asks for a link by the front door and keeps its token.
async fn link(app: &TestApp, email: &str) -> Token {
    let mut sent = None;
    let letter = |token: &Token, _: &str| {
        sent = Some(token.clone());
        Mail { to: email.into(), subject: String::new(), text: String::new() }
    };
    app.on.db.front_door().ask_reset(email, &harness::crowd::origin(), letter).await.unwrap();
    sent.unwrap()
}

async fn reset(app: &TestApp, token: &Token, password: &str) -> app::Answer {
    let who = Who::default();
    let mut form = app::post_fields(&who, "/reset");
    form.extend([("token".into(), token.reveal()), ("form[password]".into(), password.into())]);
    app.post(&who, "/fn/office/reset_password", &form).await
}

async fn ask(app: &TestApp, email: &str) -> app::Answer {
    let who = Who::default();
    let mut form = app::post_fields(&who, "/forgot");
    form.push(("form[email]".into(), email.into()));
    app.post(&who, "/fn/office/forgot_password", &form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_31_a_link_is_used_once_by_post_and_ends_every_session() {
    let app = app::start().await;
    let email = app.on.crowd.a.email(Role::Dispatcher);
    let session = app.staff(Role::Dispatcher).await;
    let token = link(&app, &email).await;
    for _ in 0..3 {
        let page = app.get(&Who::default(), &format!("/reset/{}", token.reveal())).await;
        assert!(page.status == 200 && page.body.contains("Set the password"), "a mail scanner looks: {}", page.status);
    }
    let weak = reset(&app, &token, "short").await;
    assert!(weak.status == 422 && weak.body.contains("at least 15"), "{}", weak.body);
    assert_eq!(app.get(&session, "/account").await.status, 200);
    let done = reset(&app, &token, NEW).await;
    assert!(done.status == 200 && done.body.contains("/sign-in?password=reset"), "{}", done.body);
    assert!(done.headers.iter().all(|(name, _)| name != "set-cookie"), "nobody is signed in by it");
    assert_eq!(app.get(&session, "/account").await.status, 401, "every session has ended");
    let again = reset(&app, &token, "another copper heron 9").await;
    assert_eq!(again.status, 404, "{}", again.body);
    let page = app.get(&Who::default(), &format!("/reset/{}", token.reveal())).await;
    assert!(page.body.contains("works no more") && !page.body.contains("Set the password"));
    assert_eq!(sign_in(&app, "", &email, PASSWORD).await.0, 422);
    assert_eq!(sign_in(&app, "", &email, NEW).await.0, 200);
    let noticed: i64 = app
        .on
        .ask(&format!("select count(*) from audit.entries where action = 93 and shop_id = '{}'", app.on.crowd.a.id))
        .await;
    assert_eq!(noticed, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_31_of_two_posts_at_once_one_wins() {
    let app = app::start().await;
    let email = app.on.crowd.a.email(Role::Dispatcher);
    let token = link(&app, &email).await;
    let others = ["first copper heron 11", "second copper heron 22"];
    let (one, two) = tokio::join!(reset(&app, &token, others[0]), reset(&app, &token, others[1]));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404], "{} {}", one.body, two.body);
    let winner = others[usize::from(two.status == 200)];
    assert_eq!(sign_in(&app, "", &email, winner).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_31_a_link_lives_half_an_hour_and_dies_with_the_next() {
    let app = app::start().await;
    let email = app.on.crowd.a.email(Role::Dispatcher);
    let first = link(&app, &email).await;
    let second = link(&app, &email).await;
    assert_eq!(reset(&app, &first, NEW).await.status, 404, "the newer link kills the older");
    app.on.later("29 minutes").await;
    assert!(app.on.db.front_door().reset_lives(&second).await.unwrap());
    app.on.later("2 minutes").await;
    assert_eq!(reset(&app, &second, NEW).await.status, 404, "31 minutes");
    assert_eq!(sign_in(&app, "", &email, PASSWORD).await.0, 200, "the old password stands");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_31_nobody_is_flooded_with_links() {
    let app = app::start().await;
    let email = app.on.crowd.a.email(Role::Dispatcher);
    let waiting = "select count(*) from worker.outbox where state = 'waiting'";
    let before: i64 = app.on.ask(waiting).await;
    for _ in 0..8 {
        link(&app, &email).await;
    }
    assert_eq!(app.on.ask::<i64>(waiting).await - before, 5, "five letters an hour");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_31_everybody_who_asks_gets_the_same_answer() {
    let app = app::start().await;
    let before: i64 = app.on.ask("select count(*) from worker.outbox").await;
    let known = ask(&app, &app.on.crowd.a.email(Role::Dispatcher)).await;
    assert_eq!(app.on.ask::<i64>("select count(*) from worker.outbox").await, before + 1, "a letter for the one");
    let unknown = ask(&app, "nobody@nowhere.example").await;
    assert_eq!(app.on.ask::<i64>("select count(*) from worker.outbox").await, before + 1, "none for the other");
    let telling = |answer: &app::Answer| {
        let headers: Vec<_> =
            answer.headers.iter().filter(|(name, _)| name != "date" && name != "x-request-id").cloned().collect();
        (answer.status, headers, answer.body.clone())
    };
    assert_eq!(telling(&known), telling(&unknown));
    assert_eq!(known.status, 200, "{}", known.body);
}
