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
