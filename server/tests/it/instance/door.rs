//! Who gets in, by what, and where.

use super::{HERE, asked, call, cookie, enrolled, get, link, make, shown, sign_in, signed_in, start};
use crate::{
    app::{TestApp, Who, ids},
    endpoints, harness,
    passkeys::{Bent, Phone, SEEN, with_passkey},
    second_step::set,
};
use domain::Role;
use server::admin::PATHS;
use store::instance::command_line;

/// The administration's paths with something in the place of what they name.
fn paths(app: &TestApp) -> Vec<String> {
    let shop = app.on.crowd.a.id.to_string();
    PATHS.map(|path| path.replace("{id}", &shop).replace("{token}", &"A".repeat(43))).into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_a_password_alone_opens_no_administration() {
    let app = start().await;
    // Somebody else is in: a stranger is not taken for them.
    signed_in(&app).await;
    let owner = app.staff(Role::Owner).await;
    let session = owner.cookie.replace("session=", "");
    let email = app.on.crowd.a.email(Role::Owner);
    let password = [("email", email.as_str()), ("password", harness::crowd::PASSWORD)];
    let refused = call(&app, "POST", "/installation/sign-in", &owner.cookie, &password).await;
    assert_eq!((refused.status, set(&refused, "admin")), (409, None), "{}", refused.body);
    let inside = ["shops", "shops/new", "health", "log"].map(|page| format!("/installation/{page}"));
    for stranger in ["", &owner.cookie, &format!("admin={session}"), &format!("admin={}", "A".repeat(43))] {
        for path in &inside {
            let answer = get(&app, stranger, path).await;
            let led = (answer.status, answer.header("location"));
            assert_eq!(led, (303, "/installation/sign-in"), "{path} with {stranger:?}: {}", answer.body);
        }
        let shop = format!("/installation/shops/{}/suspend", app.on.crowd.a.id);
        let answer = call(&app, "POST", &shop, stranger, &[("slug", "northgate"), ("reason", "x")]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/installation/sign-in"));
    }
    // A passkey of the office, for the very same name `localhost`.
    let mut office = with_passkey(&app, &owner).await;
    assert_eq!(sign_in(&app, &mut office, HERE).await.status, 409);
    // An administrator's, but nobody's finger; another site's page; another port's.
    let mut phone = enrolled(&app, "Ada").await;
    for bent in [
        Bent { flags: SEEN, ..HERE },
        Bent { origin: "https://evil.example", ..HERE },
        Bent { origin: "http://localhost:8080", ..HERE },
        Bent { site: "evil.example", ..HERE },
    ] {
        let answer = sign_in(&app, &mut phone, bent).await;
        assert_eq!((answer.status, set(&answer, "admin")), (409, None), "{}", answer.body);
    }
    let entered = sign_in(&app, &mut phone, HERE).await;
    assert_eq!(entered.status, 303);
    let flags = entered.header("set-cookie");
    assert!(flags.contains("HttpOnly") && flags.contains("SameSite=Strict") && flags.contains("Path=/"), "{flags}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_the_administration_is_not_on_the_public_listener() {
    let app = start().await;
    let (_, admin) = signed_in(&app).await;
    let owner = app.staff(Role::Owner).await;
    let both = Who { cookie: format!("{admin}; {}", owner.cookie), shop: owner.shop.clone() };
    for path in paths(&app) {
        for (method, who) in [("GET", &both), ("POST", &both), ("GET", &Who::default()), ("POST", &Who::default())] {
            let headers = [("cookie", who.cookie.as_str()), ("accept", "text/html"), ("sec-fetch-site", "same-origin")];
            let answer = app.send(method, &path, &headers, b"").await;
            assert!(matches!(answer.status, 404 | 405), "{method} {path}: {}", answer.status);
            assert!(!answer.body.contains("passkey for"), "{path}");
        }
    }
    // And the other way round: nothing of the office, its functions, the portal or the API answers here.
    let things = ids(&app.on);
    let mut office: Vec<String> = endpoints::pages(&things).into_iter().map(|page| page.path).collect();
    office.extend(endpoints::functions().into_iter().map(|function| function.path));
    office.extend(endpoints::others());
    office.extend(["/api/v1/clients", "/sign-up", "/healthz", "/readyz", "/robots.txt"].map(str::to_owned));
    // Style and fonts are the same files.
    office.retain(|path| path != "/" && !["/pkg/", "/fonts/", "/favicon"].iter().any(|file| path.starts_with(file)));
    assert!(office.len() > 80, "{}", office.len());
    for path in office {
        for method in ["GET", "POST"] {
            let answer = call(&app, method, &path, &both.cookie, &[]).await;
            assert_eq!(answer.status, 404, "{method} {path}");
        }
    }
    // The bare address is nothing but the way to the first page.
    let home = get(&app, &both.cookie, "/").await;
    assert_eq!((home.status, home.header("location"), home.body.as_str()), (303, "/installation", ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_an_enrolment_link_is_used_once_within_half_an_hour() {
    let app = start().await;
    let dead = "This link opens nothing";
    let first = link(&app, "Ada").await;
    assert!(get(&app, "", &first).await.body.contains("makes one passkey for"));
    // Two phones at the same moment: both were asked, one is taken.
    let [one, other] = [asked(&app, &format!("{first}/ask")).await, asked(&app, &format!("{first}/ask")).await];
    let sent = async |(token, options): (String, serde_json::Value)| {
        let credential = Phone::new().make(&options, HERE);
        call(&app, "POST", &first, "", &[("challenge", &token), ("credential", &credential)]).await
    };
    let (a, b) = tokio::join!(sent(one), sent(other));
    let mut both = [a.status, b.status];
    both.sort_unstable();
    assert_eq!(both, [200, 404], "{} {}", a.body, b.body);
    assert!(get(&app, "", &first).await.body.contains(dead));
    assert_eq!(call(&app, "POST", &format!("{first}/ask"), "", &[]).await.status, 404);
    assert_eq!(app.on.ask::<i64>("select count(*) from instance.passkeys").await, 1);
    // Half an hour, to the end.
    let late = link(&app, "Ada").await;
    let (token, options) = asked(&app, &format!("{late}/ask")).await;
    app.on.later("29 minutes").await;
    assert_eq!(get(&app, "", &late).await.status, 200);
    app.on.later("1 minute").await;
    assert_eq!(get(&app, "", &late).await.status, 404);
    let credential = Phone::new().make(&options, HERE);
    let answer = call(&app, "POST", &late, "", &[("challenge", &token), ("credential", &credential)]).await;
    assert_eq!(answer.status, 404);
    // A new link of the same name kills the one before; a challenge of one link is none of another's.
    let (old, new) = (link(&app, "Ada").await, link(&app, "ada").await);
    assert_eq!((get(&app, "", &old).await.status, get(&app, "", &new).await.status), (404, 200));
    let grace = link(&app, "Grace").await;
    let (token, options) = asked(&app, &format!("{grace}/ask")).await;
    let credential = Phone::new().make(&options, HERE);
    let answer = call(&app, "POST", &new, "", &[("challenge", &token), ("credential", &credential)]).await;
    assert_eq!(answer.status, 409, "{}", answer.body);
    // User verification is asked of the new passkey, too.
    let answer = make(&app, &grace, &mut Phone::new(), Bent { flags: SEEN, ..HERE }).await;
    assert_eq!(answer.status, 409, "{}", answer.body);
    // Links never work with a token that was guessed.
    assert_eq!(get(&app, "", &format!("/installation/enrol/{}", "A".repeat(43))).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_who_was_removed_gets_in_no_more() {
    let app = start().await;
    let (mut phone, cookie) = signed_in(&app).await;
    let open = link(&app, "Ada").await;
    let listed = command_line::list(&app.on.url()).await.unwrap();
    assert_eq!((listed.len(), listed[0].name.as_str(), listed[0].passkeys), (1, "Ada", 1));
    command_line::remove(&app.on.url(), "ada").await.unwrap();
    assert_eq!(get(&app, &cookie, "/installation/shops").await.status, 303);
    assert_eq!(get(&app, "", &open).await.status, 404);
    assert_eq!(sign_in(&app, &mut phone, HERE).await.status, 409);
    assert!(command_line::list(&app.on.url()).await.unwrap().is_empty());
    assert!(command_line::remove(&app.on.url(), "ada").await.is_err(), "nobody is left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_a_session_ends_when_it_is_idle_or_old_or_left() {
    let app = start().await;
    let (mut phone, first) = signed_in(&app).await;
    app.on.later("14 minutes").await;
    assert_eq!(get(&app, &first, "/installation/shops").await.status, 200);
    app.on.later("14 minutes").await;
    assert_eq!(get(&app, &first, "/installation/shops").await.status, 200, "touched meanwhile");
    app.on.later("15 minutes").await;
    assert_eq!(get(&app, &first, "/installation/shops").await.status, 303, "idle");
    let second = cookie(&sign_in(&app, &mut phone, HERE).await);
    for _ in 0..23 {
        app.on.later("10 minutes").await;
        assert_eq!(get(&app, &second, "/installation/shops").await.status, 200);
    }
    app.on.later("10 minutes").await;
    assert_eq!(get(&app, &second, "/installation/shops").await.status, 303, "four hours old");
    let third = cookie(&sign_in(&app, &mut phone, HERE).await);
    assert_eq!(call(&app, "POST", "/installation/sign-out", &third, &[]).await.status, 303);
    assert_eq!(get(&app, &third, "/installation/shops").await.status, 303, "left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_other_hosts_names_are_refused() {
    let app = start().await;
    let (_, cookie) = signed_in(&app).await;
    let addr = app.admin.unwrap();
    let headers = [("cookie", cookie.as_str()), ("accept", "text/html"), ("sec-fetch-site", "same-origin")];
    for host in [
        "evil.example",
        "evil.example:8081",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "admin.localhost",
        "",
        "192.0.2.1",
        "[2001:db8::1]:8081",
    ] {
        for method in ["GET", "POST"] {
            let answer = app.send_to(addr, host, (method, "/installation/shops"), &headers, b"").await;
            assert!(matches!(answer.status, 400 | 421), "{method} as {host:?}: {}", answer.status);
            assert!(!answer.body.contains("Northgate") && !answer.body.contains("northgate"));
        }
    }
    for host in ["127.0.0.1:8081", "[::1]:8081"] {
        let answer = app.send_to(addr, host, ("GET", "/installation/shops"), &headers, b"").await;
        assert_eq!((answer.status, answer.header("location")), (303, "http://localhost:8081/installation/shops"));
        assert_eq!(app.send_to(addr, host, ("POST", "/installation/sign-out"), &headers, b"").await.status, 421);
    }
    // Another site's page may send nothing either.
    let foreign = [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
    let answer = app.send_to(addr, "localhost:8081", ("POST", "/installation/sign-out"), &foreign, b"").await;
    assert_eq!(answer.status, 403);
    let page = get(&app, &cookie, "/installation/shops").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'nonce-"), "{policy}");
    assert!(!policy.contains("unsafe") && page.header("x-frame-options") == "DENY", "{policy}");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_a_stale_passkey_cannot_change_anything() {
    let app = start().await;
    let (mut phone, cookie) = signed_in(&app).await;
    let mut other = enrolled(&app, "Grace").await;
    app.on.later("10 minutes").await;
    let shop = format!("/installation/shops/{}", app.on.crowd.a.id);
    let changes: [(&str, &[(&str, &str)]); 4] = [
        ("/suspend", &[("reason", "does not pay"), ("slug", "northgate")]),
        ("/resume", &[]),
        ("/caps", &[("members", "3"), ("api_keys", "")]),
        ("/owner", &[("email", "olive@harbour.example")]),
    ];
    let before = state(&app).await;
    for (path, fields) in changes {
        let answer = call(&app, "POST", &format!("{shop}{path}"), &cookie, fields).await;
        let asked_again = answer.status == 403 && answer.body.contains("Show your passkey again");
        // There is nobody to invite where somebody works, whatever was shown.
        assert!(asked_again || (path == "/owner" && answer.status == 404), "{path}: {} {}", answer.status, answer.body);
    }
    let new = [("name", "Harbour"), ("time_zone", "UTC"), ("currency", "CAD"), ("email", "olive@harbour.example")];
    assert_eq!(call(&app, "POST", "/installation/shops", &cookie, &new).await.status, 403);
    // Somebody else's passkey proves nothing about this session, and neither does one nobody verified.
    let bent = Bent { flags: SEEN, ..HERE };
    for (phone, bent) in [(&mut other, HERE), (&mut phone, bent)] {
        let (challenge, credential) = shown(&app, phone, bent).await;
        let fields = [("members", "3"), ("challenge", &challenge), ("credential", &credential)];
        let answer = call(&app, "POST", &format!("{shop}/caps"), &cookie, &fields).await;
        assert_eq!(answer.status, 409, "{}", answer.body);
    }
    assert_eq!(state(&app).await, before, "nothing changed");
    let (challenge, credential) = shown(&app, &mut phone, HERE).await;
    let fields = [("members", "3"), ("challenge", &challenge), ("credential", &credential)];
    let done = call(&app, "POST", &format!("{shop}/caps"), &cookie, &fields).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let renewed = super::cookie(&done);
    assert_eq!(get(&app, &cookie, "/installation/shops").await.status, 303, "the token before it is worth nothing");
    let answer = call(&app, "POST", &format!("{shop}/caps"), &renewed, &[("members", "4")]).await;
    assert_eq!(answer.status, 303, "within ten minutes once is enough: {}", answer.body);
}

/// Everything that could have been changed.
async fn state(app: &TestApp) -> String {
    app.on
        .ask(
            "select jsonb_build_array((select jsonb_agg(s order by s.id) from auth.shops s), (select jsonb_agg(c) from auth.caps c),
             (select count(*) from auth.invites), (select count(*) from audit.entries where actor_kind = 5))::text",
        )
        .await
}
