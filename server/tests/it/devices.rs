//! A browser never seen before is told of by mail; a known one, and the first, are not.

use crate::{
    app::{self, TestApp, Who},
    harness::crowd::PASSWORD,
    second_step::{form, set},
};
use domain::Role;

async fn sign_in(app: &TestApp, cookie: &str) -> String {
    let who = Who { cookie: cookie.into(), shop: String::new() };
    let email = app.on.crowd.a.email(Role::Owner);
    let fields = [("form[email]", email.as_str()), ("form[password]", PASSWORD)];
    let answer = app.post(&who, "/fn/office/sign_in", &form(&who, "/", &fields)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    format!("device={}", set(&answer, "device").expect("the browser is known from now on"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_never_seen_is_told_of_by_mail() {
    let app = app::start().await;
    while let Some(earlier) = app.on.db.claim_mail().await.unwrap() {
        app.on.db.mail_sent(&earlier).await.unwrap();
    }
    let first = sign_in(&app, "").await;
    let again = sign_in(&app, &first).await;
    assert!(app.on.db.claim_mail().await.unwrap().is_none(), "neither the first browser nor a known one");
    assert_eq!(first, again);
    sign_in(&app, "").await;
    let letter = app.on.db.claim_mail().await.unwrap().expect("a letter").mail;
    assert_eq!(letter.to, app.on.crowd.a.email(Role::Owner));
    assert!(letter.text.contains("/account") && letter.text.contains("127.0."), "{}", letter.text);
}
