//! Row 27: every cookie there is, under an address of https.

use crate::{
    app::{self, Answer, Who},
    harness::{self, crowd::PASSWORD},
};
use domain::Role;

const HTTPS: [(&str, &str); 1] = [("SHEARLINE_PUBLIC_URL", "https://shop.example")];

/// What each cookie of an answer is called, once its attributes are found right.
fn kept_close(answer: &Answer, lax: &[&str]) -> Vec<String> {
    let set = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    set.map(|(_, cookie)| {
        let name = cookie.split('=').next().unwrap_or_default().to_owned();
        let parts: Vec<_> = cookie.split("; ").skip(1).collect();
        let site = if lax.contains(&name.as_str()) { "SameSite=Lax" } else { "SameSite=Strict" };
        for part in ["Secure", "HttpOnly", "Path=/", site] {
            assert!(parts.contains(&part), "{cookie}: no {part}");
        }
        assert!(name.starts_with("__Host-"), "{cookie}");
        assert!(!parts.iter().any(|part| part.to_lowercase().starts_with("domain")), "{cookie}");
        name
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_27_no_script_and_no_other_site_gets_at_a_cookie() {
    let app = app::serve_with(harness::fresh().await, &HTTPS).await;
    let stranger = Who::default();
    let form = |email: &str, password: &str| {
        let mut form = app::post_fields(&stranger, "/sign-in");
        form.extend([("form[email]".into(), email.into()), ("form[password]".into(), password.into())]);
        form
    };
    let email = app.on.crowd.a.email(Role::Dispatcher);
    // The page that follows comes by a redirection, which Strict would not let the words of the last one pass.
    let refused = app.plain(&stranger, "/fn/office/sign_in", &form(&email, "wrong")).await;
    assert_eq!(kept_close(&refused, &["__Host-flash"]), ["__Host-flash"]);
    let entered = app.plain(&stranger, "/fn/office/sign_in", &form(&email, PASSWORD)).await;
    let mut names = kept_close(&entered, &[]);
    names.sort();
    assert_eq!(names, ["__Host-device", "__Host-session"]);
    let session = app.session(&app.on.crowd.a, app.on.crowd.a.people[&Role::Dispatcher]).await;
    let session = Who { cookie: session.cookie.replace("session=", "__Host-session="), ..session };
    let left = app.plain(&session, "/fn/office/sign_out", &app::post_fields(&session, "/")).await;
    assert!(kept_close(&left, &[]).contains(&"__Host-session".to_owned()), "{left:?}");
    let link = format!("/p/{}", app.on.crowd.a.links[0].1);
    let seen = app.get(&stranger, &link).await;
    let offered = kept_close(&seen, &["__Host-open"]);
    assert_eq!(offered.len(), 1, "{offered:?}");
    let cookie = seen.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let nonce = seen.body.split("name=\"nonce\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let visitor = Who { cookie, shop: String::new() };
    let opened = app.plain(&visitor, &link, &[("nonce".into(), nonce.unwrap_or_default().into())]).await;
    assert!(kept_close(&opened, &["__Host-portal", "__Host-open"]).contains(&"__Host-portal".to_owned()), "{opened:?}");
}
