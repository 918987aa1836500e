//! A client's link: looked at by anybody's scanner, opened only by the page's own button in the browser that saw it.

use crate::app::{self, TestApp, Who};

/// The browser's cookie and the form's nonce, as the page gives them.
async fn offered(app: &TestApp, link: &str) -> (String, String) {
    let page = app.get(&Who::default(), link).await;
    assert_eq!(page.status, 200);
    let cookie = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let nonce = page.body.split("name=\"nonce\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    (cookie, nonce.expect("the form holds a nonce").to_owned())
}

async fn opened(app: &TestApp, link: &str, cookie: &str, nonce: Option<&str>) -> app::Answer {
    let who = Who { cookie: cookie.to_owned(), shop: String::new() };
    let form: Vec<_> = nonce.map(|nonce| ("nonce".to_owned(), nonce.to_owned())).into_iter().collect();
    app.plain(&who, link, &form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_opens_by_its_own_page_in_the_same_browser_alone() {
    let app = app::start().await;
    let (id, token) = app.on.crowd.a.links[0].clone();
    let link = format!("/p/{token}");
    let used = format!("select last_used_at is not null from auth.portal_links where id = '{id}'");
    let (cookie, nonce) = offered(&app, &link).await;
    let (others_cookie, others_nonce) = offered(&app, &link).await;
    let (_, of_another_link) = offered(&app, &format!("/p/{}", app.on.crowd.a.links[1].1)).await;
    for (what, cookie, nonce) in [
        ("no nonce", &cookie, None),
        ("no cookie", &String::new(), Some(&nonce)),
        ("another browser's nonce", &cookie, Some(&others_nonce)),
        ("another browser's cookie", &others_cookie, Some(&nonce)),
        ("another link's nonce", &cookie, Some(&of_another_link)),
    ] {
        let answer = opened(&app, &link, cookie, nonce.map(String::as_str)).await;
        assert_eq!(answer.status, 200, "{what}: the page is shown again");
        assert!(!answer.headers.iter().any(|(_, value)| value.starts_with("portal=")), "{what} opened the portal");
        assert!(!app.on.ask::<bool>(&used).await, "{what} used the link");
    }
    let answer = opened(&app, &link, &cookie, Some(&nonce)).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/portal"), "{}", answer.body);
    assert!(answer.headers.iter().any(|(_, value)| value.starts_with("portal=")), "a visit begins");
    assert!(app.on.ask::<bool>(&used).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_link_reads_like_one_that_never_was() {
    let app = app::start().await;
    let (id, token) = app.on.crowd.a.links[0].clone();
    let never = app.get(&Who::default(), &format!("/p/{}", "A".repeat(43))).await;
    app.on.sudo(&format!("update auth.portal_links set revoked_at = now() where id = '{id}'")).await;
    let dead = app.get(&Who::default(), &format!("/p/{token}")).await;
    let pressed = opened(&app, &format!("/p/{token}"), "", Some("x")).await;
    for answer in [&dead, &pressed] {
        assert_eq!((answer.status, &answer.body), (404, &never.body));
    }
}
