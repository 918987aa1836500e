//! Programs that sign in as a person, over HTTP: by a browser, from a device, with tokens that turn over.

mod device;
mod ends;
mod link;

use crate::{
    app::{Answer, TestApp, Who},
    second_step::{form, set},
};
use serde_json::Value;

pub const CLIENT: &str = "shearline-cli";
pub const REDIRECT: &str = "http://127.0.0.1:49152/callback";
/// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What a program shows for its calls, and for the next pair.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

/// A program's link, with some of it said otherwise.
pub fn link(otherwise: &[(&str, &str)]) -> String {
    let mut all = vec![
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("scope", "clients jobs write"),
        ("state", "a b%25"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in &mut all {
        if let Some((_, other)) = otherwise.iter().find(|(said, _)| said == name) {
            *value = other;
        }
    }
    all.retain(|(_, value)| !value.is_empty());
    serde_urlencoded::to_string(all).expect("link")
}

/// A form as programs send it.
pub async fn send(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = serde_urlencoded::to_string(fields).expect("form");
    app.send("POST", path, &[("content-type", "application/x-www-form-urlencoded")], body.as_bytes()).await
}

/// A form to the token endpoint, in our program's name.
pub async fn token(app: &TestApp, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("client_id", CLIENT)];
    all.extend_from_slice(fields);
    send(app, "/oauth/token", &all).await
}

pub async fn redeem(app: &TestApp, code: &str) -> Answer {
    let fields =
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
    token(app, &fields).await
}

pub async fn refresh(app: &TestApp, refresh: &str) -> Answer {
    token(app, &[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await
}

/// The error a program was told, or nothing.
pub fn error(answer: &Answer) -> String {
    read(answer)["error"].as_str().unwrap_or_default().to_owned()
}

pub fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

pub fn tokens(answer: &Answer) -> Tokens {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = read(answer);
    let text = |name: &str| told[name].as_str().unwrap_or_else(|| panic!("{told}")).to_owned();
    Tokens { access: text("access_token"), refresh: text("refresh_token") }
}

/// Where the browser goes after the answer to a link.
pub async fn answered(app: &TestApp, who: &Who, function: &str, link: &str, ticked: &[(&str, &str)]) -> String {
    let here = format!("/authorize?{link}");
    let mut fields = vec![("link", link)];
    fields.extend_from_slice(ticked);
    let done = app.plain(who, function, &form(who, &here, &fields)).await;
    assert_eq!((done.status, done.header("location")), (303, "/authorize/back"), "{}", done.body);
    let flash = set(&done, "flash").expect("where to");
    let carrying = Who { cookie: format!("{}; flash={flash}", who.cookie), ..who.clone() };
    let page = app.get(&carrying, "/authorize/back").await;
    assert_eq!(
        (page.status, page.header("referrer-policy"), page.header("cache-control")),
        (200, "no-referrer", "no-store")
    );
    let to = page.body.split("content=\"0; url=").nth(1).and_then(|rest| rest.split('"').next()).expect("goes on");
    assert!(page.body.contains(&format!("href=\"{to}\"")), "a link for browsers that do not: {}", page.body);
    assert!(!page.body.contains("<script"), "{}", page.body);
    assert_eq!(app.get(&carrying, "/authorize/back").await.status, 410, "shown once");
    to.replace("&amp;", "&")
}

/// The code in an address.
pub fn code_in(to: &str) -> String {
    to.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_else(|| panic!("{to}")).to_owned()
}

const BOTH: [(&str, &str); 3] = [("form[clients]", "on"), ("form[jobs]", "on"), ("form[scope]", "write")];

/// A code for our program: clients and jobs, to read and write.
pub async fn code(app: &TestApp, who: &Who) -> String {
    code_in(&answered(app, who, "/fn/office/let_program_in", &link(&[]), &BOTH).await)
}

/// Signs our program in.
pub async fn signed_in(app: &TestApp, who: &Who) -> Tokens {
    tokens(&redeem(app, &code(app, who).await).await)
}

/// A call of the API.
pub async fn call(app: &TestApp, access: &str, method: &str, path: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {access}");
    app.send(method, path, &[("authorization", &bearer), ("content-type", "application/json")], body.as_bytes()).await
}

/// The status of a call of the API.
pub async fn reads(app: &TestApp, access: &str) -> u16 {
    call(app, access, "GET", "/api/v1/clients", "").await.status
}
