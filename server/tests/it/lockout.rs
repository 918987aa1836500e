//! Row 23: ten wrong passwords close an account for half an hour, in the database, and nobody can close it to those who work there.

use crate::{
    app::{self, TestApp, Who},
    harness::{self, crowd::PASSWORD},
};
use domain::Role;
use std::collections::BTreeMap;

/// A sign-in from a browser with these cookies: status, session cookie or words beside the password.
pub async fn sign_in(app: &TestApp, cookie: &str, email: &str, password: &str) -> (u16, String) {
    let who = Who { cookie: cookie.into(), shop: String::new() };
    let mut form = app::post_fields(&who, "/sign-in");
    form.extend([("form[email]".into(), email.into()), ("form[password]".into(), password.into())]);
    let answer = app.post(&who, "/fn/office/sign_in", &form).await;
    let given: BTreeMap<_, _> = cookies(&answer);
    let said = given.get("session").map_or(answer.body, |session| format!("session={session}"));
    (answer.status, said)
}

/// Cookies an answer sets.
pub fn cookies(answer: &app::Answer) -> BTreeMap<String, String> {
    let set = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    set.filter_map(|(_, value)| value.split(';').next()?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Ten failures of strangers, with the pauses they must keep, on a server whose own rate limit is not in the way.
async fn ten_failures(app: &TestApp, email: &str) {
    for n in 1..=10 {
        let tried = app.on.db.front_door().try_password(email, "wrong".into(), None, &harness::crowd::origin()).await;
        assert!(matches!(tried, Ok(store::front_door::tries::Tried::Wrong)), "try {n}");
        app.on.later("11 seconds").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_23_ten_failures_lock_for_thirty_minutes() {
    let mut app = app::start().await;
    let email = app.on.crowd.a.email(Role::Dispatcher);
    ten_failures(&app, &email).await;
    let (status, locked) = sign_in(&app, "", &email, PASSWORD).await;
    let (_, wrong) = sign_in(&app, "", &email, "wrong").await;
    let (_, unknown) = sign_in(&app, "", "nobody@nowhere.example", "wrong").await;
    assert_eq!(status, 422, "{locked}");
    assert_eq!(locked, wrong, "the right password is answered like a wrong one");
    assert_eq!(locked, unknown, "and like one for nobody");
    app.on.later("28 minutes").await;
    assert_eq!(sign_in(&app, "", &email, PASSWORD).await.0, 422, "29 minutes after the tenth");
    // A server that starts meanwhile counts on.
    app = app::serve(app.on).await;
    assert_eq!(sign_in(&app, "", &email, PASSWORD).await.0, 422, "after a restart");
    app.on.later("2 minutes").await;
    let (status, entered) = sign_in(&app, "", &email, PASSWORD).await;
    assert_eq!((status, entered.starts_with("session=")), (200, true), "31 minutes after the tenth: {entered}");
    let locked: i64 = app
        .on
        .ask(&format!("select count(*) from audit.entries where action = 90 and shop_id = '{}'", app.on.crowd.a.id))
        .await;
    assert_eq!(locked, 1, "the shop's chain says it once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_23_strangers_cannot_lock_out_a_browser_that_is_known() {
    let app = app::start().await;
    let email = app.on.crowd.a.email(Role::Dispatcher);
    let who = Who::default();
    let mut form = app::post_fields(&who, "/sign-in");
    form.extend([("form[email]".into(), email.clone()), ("form[password]".into(), PASSWORD.into())]);
    let entered = app.post(&who, "/fn/office/sign_in", &form).await;
    let device = format!("device={}", cookies(&entered)["device"]);
    ten_failures(&app, &email).await;
    assert_eq!(sign_in(&app, "", &email, PASSWORD).await.0, 422, "strangers are locked out");
    assert_eq!(sign_in(&app, &device, &email, PASSWORD).await.0, 200, "a known browser is not");
    let other = app.on.crowd.a.email(Role::Technician);
    ten_failures(&app, &other).await;
    assert_eq!(sign_in(&app, &device, &other, PASSWORD).await.0, 422, "it is known for its own person alone");
    // Its own count is as strict.
    let token = device.trim_start_matches("device=");
    let token = store::Token::parse(token).unwrap();
    for _ in 0..10 {
        let door = app.on.db.front_door();
        door.try_password(&email, "wrong".into(), Some(&token), &harness::crowd::origin()).await.unwrap();
        app.on.later("11 seconds").await;
    }
    assert_eq!(sign_in(&app, &device, &email, PASSWORD).await.0, 422, "ten failures lock a known browser, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_23_the_seventh_to_tenth_try_must_wait_longer_and_longer() {
    let on = harness::fresh().await;
    for email in [on.crowd.a.email(Role::Dispatcher), "nobody@nowhere.example".to_owned()] {
        let attempt = async |password: &str| {
            on.db.front_door().try_password(&email, password.into(), None, &harness::crowd::origin()).await.unwrap()
        };
        for n in 1..=6 {
            assert!(matches!(attempt("wrong").await, store::front_door::tries::Tried::Wrong), "{email}: try {n}");
        }
        for (n, pause) in [(7, 1), (8, 3), (9, 5), (10, 10)] {
            let before = on.db.password_hashes();
            on.sudo("update auth.sign_in_tries set last_at = app.now()").await;
            match attempt(PASSWORD).await {
                store::front_door::tries::Tried::Wait(seconds) => assert_eq!(seconds, pause, "{email}: try {n}"),
                _ => panic!("{email}: try {n} was let through at once"),
            }
            assert_eq!(on.db.password_hashes(), before, "nothing was looked at");
            on.later(&format!("{pause} seconds")).await;
            assert!(matches!(attempt("wrong").await, store::front_door::tries::Tried::Wrong), "{email}: try {n}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_23_fifty_tries_at_once_count_like_fifty_in_a_row() {
    let on = harness::fresh().await;
    let email = on.crowd.a.email(Role::Dispatcher);
    let tries = (0..50).map(|n| {
        let (db, email) = (on.db.clone(), email.clone());
        tokio::spawn(async move {
            let tried =
                db.front_door().try_password(&email, format!("wrong {n}"), None, &harness::crowd::origin()).await;
            matches!(tried, Ok(store::front_door::tries::Tried::Wrong))
        })
    });
    let mut looked_at = 0;
    for tried in tries.collect::<Vec<_>>() {
        looked_at += usize::from(tried.await.unwrap());
    }
    assert!((6..=10).contains(&looked_at), "{looked_at} of 50 were looked at");
    let failures: i32 = on.ask("select max(failures) from auth.sign_in_tries").await;
    assert_eq!(usize::try_from(failures), Ok(looked_at));
    let written: i64 = on
        .ask(&format!(
            "select count(*) from audit.entries where action in (3, 90) and seq > 5 and actor = '{}'",
            on.crowd.a.people[&Role::Dispatcher]
        ))
        .await;
    assert_eq!(usize::try_from(written), Ok(looked_at), "each stands on the chain");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_password_gives_the_tries_back() {
    let on = harness::fresh().await;
    let email = on.crowd.a.email(Role::Dispatcher);
    for _ in 0..3 {
        for _ in 0..5 {
            on.db.front_door().try_password(&email, "wrong".into(), None, &harness::crowd::origin()).await.unwrap();
        }
        let right = on.db.front_door().try_password(&email, PASSWORD.into(), None, &harness::crowd::origin()).await;
        assert!(matches!(right, Ok(store::front_door::tries::Tried::Right(_))));
    }
    assert_eq!(on.ask::<i64>("select count(*) from auth.sign_in_tries").await, 0);
    // What is old is swept out by whoever tries next.
    on.db.front_door().try_password("a@b.example", "x".into(), None, &harness::crowd::origin()).await.unwrap();
    on.later("61 minutes").await;
    on.db.front_door().try_password("c@d.example", "x".into(), None, &harness::crowd::origin()).await.unwrap();
    assert_eq!(on.ask::<i64>("select count(*) from auth.sign_in_tries").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_the_same_in_capitals() {
    let app = app::start().await;
    let email = app.on.crowd.a.email(Role::Dispatcher);
    assert_eq!(sign_in(&app, "", &email.to_uppercase(), PASSWORD).await.0, 200);
    let owner = app.staff(Role::Owner).await;
    let mut form = app::post_fields(&owner, "/members");
    form.extend([("form[email]".into(), "Nina@New.example".into()), ("form[role]".into(), "technician".into())]);
    let invited = app.post(&owner, "/fn/office/invite", &form).await;
    assert_eq!(invited.status, 200, "{}", invited.body);
    let open: String = app.on.ask("select email from auth.invites where email like 'nina%'").await;
    assert_eq!(open, "nina@new.example");
}
