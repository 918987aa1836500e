//! The administration of the installation: who gets in, where it answers, what it changes, and what a suspended shop is.

mod door;
mod shops;

use crate::{
    app::{self, Answer, TestApp},
    harness,
    passkeys::{Bent, Phone, STRAIGHT},
    second_step::set,
};
use serde_json::Value;
use store::instance::command_line;

/// The address its passkeys are bound to.
const SITE: &str = "http://localhost:8081";
/// A phone that answers it.
const HERE: Bent = Bent { origin: SITE, ..STRAIGHT };

/// A server with an administration.
async fn start() -> TestApp {
    let settings = [
        ("SHEARLINE_ADMIN_ADDR", "127.0.0.1:8081"),
        ("SHEARLINE_PUBLIC_URL", "http://localhost:8080"),
        ("SHEARLINE_REQUESTS_A_MINUTE", "1000000"),
    ];
    app::serve_with(harness::fresh().await, &settings).await
}

/// One request to the administration, as a browser at `localhost` sends it.
async fn call(app: &TestApp, method: &str, path: &str, cookie: &str, form: &[(&str, &str)]) -> Answer {
    let body = serde_urlencoded::to_string(form).expect("form");
    let headers = [
        ("cookie", cookie),
        ("accept", "text/html"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    app.send_to(app.admin.expect("an administration"), "localhost:8081", (method, path), &headers, body.as_bytes())
        .await
}

async fn get(app: &TestApp, cookie: &str, path: &str) -> Answer {
    call(app, "GET", path, cookie, &[]).await
}

/// A challenge: its token and its options.
async fn asked(app: &TestApp, path: &str) -> (String, Value) {
    let answer = call(app, "POST", path, "", &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let challenge: Value = serde_json::from_str(&answer.body).expect("challenge");
    let options = serde_json::from_str(challenge["options"].as_str().expect("options")).expect("options");
    (challenge["token"].as_str().expect("token").to_owned(), options)
}

/// Where a fresh link of the command line leads.
async fn link(app: &TestApp, name: &str) -> String {
    let token = command_line::enrol(&app.on.url(), name).await.expect("link");
    format!("/installation/enrol/{}", token.reveal())
}

/// Makes the passkey of a link.
async fn make(app: &TestApp, link: &str, phone: &mut Phone, bent: Bent) -> Answer {
    let (token, options) = asked(app, &format!("{link}/ask")).await;
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["rp"]["id"], "localhost");
    let credential = phone.make(&options, bent);
    call(app, "POST", link, "", &[("challenge", &token), ("credential", &credential)]).await
}

/// An administrator's phone.
async fn enrolled(app: &TestApp, name: &str) -> Phone {
    let (link, mut phone) = (link(app, name).await, Phone::new());
    let made = make(app, &link, &mut phone, HERE).await;
    assert_eq!(made.status, 200, "{}", made.body);
    phone
}

/// What a phone shows when asked: fields of a form.
async fn shown(app: &TestApp, phone: &mut Phone, bent: Bent) -> (String, String) {
    let (token, options) = asked(app, "/installation/sign-in/ask").await;
    assert_eq!(options["userVerification"], "required");
    (token, phone.show(&options, bent))
}

async fn sign_in(app: &TestApp, phone: &mut Phone, bent: Bent) -> Answer {
    let (challenge, credential) = shown(app, phone, bent).await;
    let fields = [("challenge", challenge.as_str()), ("credential", credential.as_str())];
    call(app, "POST", "/installation/sign-in", "", &fields).await
}

/// The cookie header an answer leads to; empty when it sets none.
fn cookie(answer: &Answer) -> String {
    set(answer, "admin").map(|value| format!("admin={value}")).unwrap_or_default()
}

/// Somebody who has just signed in: phone and cookie.
async fn signed_in(app: &TestApp) -> (Phone, String) {
    let mut phone = enrolled(app, "Ada").await;
    let entered = sign_in(app, &mut phone, HERE).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/installation"), "{}", entered.body);
    let cookie = cookie(&entered);
    assert_eq!(get(app, &cookie, "/installation/shops").await.status, 200);
    (phone, cookie)
}
