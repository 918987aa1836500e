//! The browser's way: the link, the question, the code.

use super::*;
use crate::app;
use domain::Role;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_a_program_is_let_in_by_a_code_and_a_verifier() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let page = app.get(&owner, &format!("/authorize?{}", link(&[]))).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{}", page.body);
    for words in ["Shearline command line", "Let it in", "Refuse", "form[clients]", "form[jobs]"] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert!(!page.body.contains("form[payments]"), "nothing is offered that was not asked for");
    let to = answered(&app, &owner, "/fn/office/let_program_in", &link(&[]), &BOTH).await;
    assert!(
        to.starts_with("http://127.0.0.1:49152/callback?code=") && to.contains("&state=a%20b%2525&iss=http%3A%2F%2F"),
        "{to}"
    );
    let code = code_in(&to);
    assert_eq!(code.len(), 43);
    let given = redeem(&app, &code).await;
    assert_eq!((given.status, given.header("cache-control")), (200, "no-store"), "{}", given.body);
    let told = read(&given);
    assert_eq!(
        (told["token_type"].as_str(), told["expires_in"].as_u64(), told["scope"].as_str()),
        (Some("Bearer"), Some(600), Some("clients jobs write"))
    );
    let got = tokens(&given);
    assert!(
        got.access.starts_with("shla_")
            && got.access.len() == 48
            && got.refresh.starts_with("shlr_")
            && got.refresh.len() == 48
    );
    assert_eq!(reads(&app, &got.access).await, 200);
    let made = call(&app, &got.access, "POST", "/api/v1/clients", r#"{"name":"By a program","kind":"company"}"#).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(call(&app, &got.access, "GET", "/api/v1/invoices", "").await.status, 403, "a room it was not let into");
    assert_eq!(reads(&app, &got.refresh).await, 401, "a refresh token opens nothing itself");
    let trail = app.get(&owner, "/audit").await.body;
    for words in ["let a program sign in as them", "Shearline command line, for"] {
        assert!(trail.contains(words), "{words} is not on the trail");
    }
    // Neither token stands in any row, nor the code.
    let all: String = app.on.ask("select string_agg(t::text, ' ') from (select c::text from auth.capabilities c union all select r::text from auth.refresh_tokens r union all select a::text from auth.program_asks a) t").await;
    for secret in [&got.access[5..], &got.refresh[5..], &code] {
        assert!(!all.contains(secret));
    }
}

/// The error a program is told in its browser's address, or nothing when the browser stays here.
fn told(answer: &Answer) -> Option<String> {
    let to = answer.header("location");
    let error = to.strip_prefix("http://127.0.0.1:49152/callback?error=")?;
    assert!(to.contains("&state=a%20b%2525") && to.contains("&iss="), "{to}");
    error.split('&').next().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_plain_and_missing_pkce_are_refused() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let ask = async |otherwise: &[(&str, &str)]| app.get(&owner, &format!("/authorize?{}", link(otherwise))).await;
    let short = "A".repeat(42);
    for (otherwise, error) in [
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("code_challenge_method", "")], "invalid_request"),
        (vec![("code_challenge", "")], "invalid_request"),
        (vec![("code_challenge", short.as_str())], "invalid_request"),
        (vec![("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (vec![("response_type", "token")], "unsupported_response_type"),
        (vec![("scope", "clients all")], "invalid_scope"),
    ] {
        let answer = ask(&otherwise).await;
        assert_eq!(told(&answer).as_deref(), Some(error), "{otherwise:?}: {} {:?}", answer.status, answer.headers);
        // Nor is a code given to whoever sends the form without looking at the page.
        let sent = form(&owner, "/", &[("link", &link(&otherwise)), ("form[clients]", "on")]);
        let answer = app.post(&owner, "/fn/office/let_program_in", &sent).await;
        assert_eq!(answer.status, 409, "{otherwise:?}: {}", answer.body);
    }
    let code = code(&app, &owner).await;
    let with = async |fields: &[(&str, &str)]| {
        let mut all = vec![("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", REDIRECT)];
        all.extend_from_slice(fields);
        let answer = token(&app, &all).await;
        (answer.status, error(&answer))
    };
    let refused = |error: &str| (400, error.to_owned());
    assert_eq!(with(&[]).await, refused("invalid_request"));
    assert_eq!(with(&[("code_verifier", "")]).await, refused("invalid_request"));
    // What `plain` would have taken.
    assert_eq!(with(&[("code_verifier", CHALLENGE)]).await, refused("invalid_grant"));
    assert_eq!(with(&[("code_verifier", &"x".repeat(43))]).await, refused("invalid_grant"));
    assert_eq!(with(&[("code_verifier", VERIFIER)]).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_redirects_only_to_the_loopback_and_exact_path() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    for elsewhere in [
        "https://evil.example/callback",
        "http://127.0.0.1:49152/callback/",
        "http://127.0.0.1:49152/callback?x=1",
        "http://127.0.0.1:49152/",
        "http://127.0.0.1:49152@evil.example/callback",
        "http://127.0.0.1.evil.example:49152/callback",
        "http://localhost:49152/callback",
        "//127.0.0.1:49152/callback",
        "",
    ] {
        // Even with an error to tell: it is told to the person, here.
        for otherwise in [vec![("redirect_uri", elsewhere)], vec![("redirect_uri", elsewhere), ("response_type", "x")]]
        {
            let answer = app.get(&owner, &format!("/authorize?{}", link(&otherwise))).await;
            assert_eq!((answer.status, answer.header("location")), (400, ""), "{elsewhere}");
            assert!(answer.body.contains("cannot be let in"), "{}", answer.body);
            let sent = form(&owner, "/", &[("link", &link(&otherwise)), ("form[clients]", "on")]);
            assert_eq!(app.post(&owner, "/fn/office/let_program_in", &sent).await.status, 409, "{elsewhere}");
        }
    }
    let stranger = app.get(&owner, &format!("/authorize?{}", link(&[("client_id", "else")]))).await;
    assert_eq!((stranger.status, stranger.header("location")), (400, ""));
    let twice = app.get(&owner, &format!("/authorize?{}&redirect_uri=https://evil.example", link(&[]))).await;
    assert_eq!((twice.status, twice.header("location")), (400, ""));
    let other_port = "http://[::1]:8080/callback";
    let asked = link(&[("redirect_uri", other_port)]);
    assert_eq!(app.get(&owner, &format!("/authorize?{asked}")).await.status, 200);
    // The code goes with the very address it was asked for.
    let code = code(&app, &owner).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", other_port),
        ("code_verifier", VERIFIER),
    ];
    assert_eq!(error(&token(&app, &fields).await), "invalid_grant");
    assert_eq!(redeem(&app, &code).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_a_code_used_twice_ends_what_it_gave() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let used = code(&app, &owner).await;
    let got = tokens(&redeem(&app, &used).await);
    assert_eq!(reads(&app, &got.access).await, 200);
    assert_eq!(error(&redeem(&app, &used).await), "invalid_grant");
    assert_eq!(reads(&app, &got.access).await, 401);
    assert_eq!(error(&refresh(&app, &got.refresh).await), "invalid_grant");
    assert!(app.get(&owner, "/audit").await.body.contains("code a second time"));
    // A minute, and no longer; and not when whoever let it in signed out meanwhile.
    let late = code(&app, &owner).await;
    app.on.later("61 seconds").await;
    assert_eq!(error(&redeem(&app, &late).await), "invalid_grant");
    let left = code(&app, &owner).await;
    assert_eq!(app.post(&owner, "/fn/office/sign_out", &form(&owner, "/", &[])).await.status, 200);
    assert_eq!(error(&redeem(&app, &left).await), "invalid_grant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_a_person_answers_confirmed_and_gives_no_more_than_their_own() {
    let app = app::start().await;
    let here = format!("/authorize?{}", link(&[]));
    let anonymous = app.get(&Who::default(), &here).await;
    let back = anonymous.header("location").to_owned();
    assert!(
        anonymous.status == 303 && back.starts_with("/sign-in?next=/authorize%3Fresponse_type%3Dcode%26"),
        "{back}"
    );
    let cross = app.send("GET", &here, &[("accept", "text/html"), ("sec-fetch-site", "cross-site")], b"").await;
    assert!(
        cross.status == 200
            && cross.body.contains("http-equiv=\"refresh\"")
            && cross.body.contains("/authorize?response_type=code"),
        "{}",
        cross.body
    );
    // Ten minutes later the person is asked to confirm, and led back to the question.
    let technician = app.staff(Role::Technician).await;
    app.on.later("11 minutes").await;
    let sent = form(&technician, &here, &[("link", &link(&[])), ("form[clients]", "on")]);
    let asked = app.plain(&technician, "/fn/office/let_program_in", &sent).await;
    assert!(asked.header("location").starts_with("/confirm?next=/authorize%3F"), "{:?}", asked.headers);
    // A technician's program sees a technician's jobs, and what was not asked for is not given.
    let technician = app.staff(Role::Technician).await;
    let wide = link(&[("scope", "jobs audit invoices")]);
    let page = app.get(&technician, &format!("/authorize?{wide}")).await.body;
    assert!(
        page.contains("form[jobs]")
            && !page.contains("form[audit]")
            && !page.contains("form[invoices]")
            && !page.contains("form[scope]")
    );
    let ticked = [("form[jobs]", "on"), ("form[audit]", "on"), ("form[clients]", "on"), ("form[scope]", "write")];
    let given =
        redeem(&app, &code_in(&answered(&app, &technician, "/fn/office/let_program_in", &wide, &ticked).await)).await;
    assert_eq!(read(&given)["scope"].as_str(), Some("jobs"));
    let got = tokens(&given);
    let seen = |answer: Answer| (answer.status, read(&answer)["data"].as_array().map(Vec::len));
    let own = seen(call(&app, &got.access, "GET", "/api/v1/jobs", "").await);
    let owner = app.staff(Role::Owner).await;
    let all = seen(call(&app, &signed_in(&app, &owner).await.access, "GET", "/api/v1/jobs", "").await);
    assert!(own.0 == 200 && all.0 == 200 && own.1 < all.1, "{own:?} {all:?}");
    for path in ["/api/v1/audit", "/api/v1/clients", "/api/v1/invoices"] {
        assert_eq!(call(&app, &got.access, "GET", path, "").await.status, 403, "{path}");
    }
    // Tokens of programs open no page, and let nobody in.
    let cookie = Who { cookie: format!("session={}", &got.access[5..]), shop: owner.shop.clone() };
    assert_eq!(app.get(&cookie, "/account").await.status, 401);
    let refused = answered(&app, &owner, "/fn/office/refuse_program", &link(&[]), &[]).await;
    assert!(refused.starts_with("http://127.0.0.1:49152/callback?error=access_denied&state="), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_38_the_token_door_takes_one_plain_form_in_a_known_name() {
    let app = app::start().await;
    let told = async |fields: &[(&str, &str)]| {
        let answer = send(&app, "/oauth/token", fields).await;
        assert_eq!((answer.header("cache-control"), answer.header("content-type")), ("no-store", "application/json"));
        (answer.status, error(&answer))
    };
    let told_so = |status, error: &str| (status, error.to_owned());
    assert_eq!(told(&[("grant_type", "refresh_token")]).await, told_so(401, "invalid_client"));
    assert_eq!(told(&[("client_id", "else"), ("grant_type", "refresh_token")]).await, told_so(401, "invalid_client"));
    assert_eq!(told(&[("client_id", CLIENT)]).await, told_so(400, "invalid_request"));
    assert_eq!(
        told(&[("client_id", CLIENT), ("grant_type", "password")]).await,
        told_so(400, "unsupported_grant_type")
    );
    assert_eq!(told(&[("client_id", CLIENT), ("client_id", CLIENT)]).await, told_so(400, "invalid_request"));
    let json = app.send("POST", "/oauth/token", &[("content-type", "application/json")], b"{}").await;
    assert_eq!((json.status, error(&json)), told_so(400, "invalid_request"));
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", "Basic eDp5")];
    let secret = app.send("POST", "/oauth/token", &headers, b"client_id=shearline-cli").await;
    assert_eq!((secret.status, error(&secret)), told_so(401, "invalid_client"));
    let said = read(&app.get(&Who::default(), "/.well-known/oauth-authorization-server").await);
    assert_eq!(said["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(
        said["token_endpoint"].as_str(),
        Some(format!("{}/oauth/token", said["issuer"].as_str().unwrap()).as_str())
    );
}
