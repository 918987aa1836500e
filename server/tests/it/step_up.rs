//! "Confirm it is you": ten minutes, this session, for acts that a browser left open must not be enough for.

use crate::{
    app::{self, TestApp, Who},
    harness::crowd::PASSWORD,
    second_step::{enrol, form, set},
};
use domain::Role;

const INVITE: &str = "/fn/office/invite";

fn invitation(who: &Who, email: &str) -> Vec<(String, String)> {
    form(who, "/members", &[("form[email]", email), ("form[role]", "technician")])
}

async fn invited(app: &TestApp, email: &str) -> i64 {
    app.on.ask(&format!("select count(*) from auth.invites where email = '{email}'")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_30_a_proof_counts_for_ten_minutes() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    app.on.later("9 minutes").await;
    assert_eq!(app.post(&owner, INVITE, &invitation(&owner, "nine@example.com")).await.status, 200);
    app.on.later("2 minutes").await;
    let refused = app.post(&owner, INVITE, &invitation(&owner, "eleven@example.com")).await;
    assert_eq!((refused.status, invited(&app, "eleven@example.com").await), (401, 0), "{}", refused.body);
    assert_eq!(app.get(&owner, "/clients").await.status, 200, "the session itself goes on");
    for (path, fields) in [
        ("/fn/office/begin_app", vec![]),
        ("/fn/office/remove_app", vec![]),
        ("/fn/office/renew_codes", vec![]),
        ("/fn/office/ask_new_passkey", vec![]),
        ("/fn/office/new_app", vec![]),
        ("/fn/office/add_passkey", vec![("form[name]", "Mine")]),
        ("/fn/office/confirm_app", vec![("form[proof]", "123456")]),
        ("/fn/office/require_second_step", vec![]),
    ] {
        let answer = app.post(&owner, path, &form(&owner, "/", &fields)).await;
        assert_eq!(answer.status, 401, "{path}: {}", answer.body);
        assert!(answer.body.contains("Confirm"), "{path}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_30_confirming_gives_this_session_a_new_token_and_no_other() {
    let app = app::start().await;
    let (owner, elsewhere) = (app.staff(Role::Owner).await, app.staff(Role::Owner).await);
    app.on.later("11 minutes").await;
    let wrong = app.post(&owner, "/fn/office/confirm", &form(&owner, "/confirm", &[("form[password]", "wrong")])).await;
    assert_eq!((wrong.status, set(&wrong, "session")), (422, None), "{}", wrong.body);
    let right =
        app.post(&owner, "/fn/office/confirm", &form(&owner, "/confirm", &[("form[password]", PASSWORD)])).await;
    assert_eq!(right.status, 200, "{}", right.body);
    let confirmed = Who { cookie: format!("session={}", set(&right, "session").unwrap()), shop: owner.shop.clone() };
    assert_eq!(app.get(&owner, "/clients").await.status, 401, "the old token is worth nothing");
    assert_eq!(app.post(&confirmed, INVITE, &invitation(&confirmed, "a@example.com")).await.status, 200);
    assert_eq!(
        app.post(&elsewhere, INVITE, &invitation(&elsewhere, "b@example.com")).await.status,
        401,
        "another browser"
    );
    app.on.later("11 minutes").await;
    assert_eq!(app.post(&confirmed, INVITE, &invitation(&confirmed, "c@example.com")).await.status, 401, "over again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_30_with_a_second_step_the_password_is_not_enough() {
    let app = app::start().await;
    let olive = enrol(&app, Role::Owner).await;
    app.on.later("11 minutes").await;
    let confirm = async |proof: &str| {
        let fields = [("form[password]", PASSWORD), ("form[proof]", proof)];
        app.post(&olive.who, "/fn/office/confirm", &form(&olive.who, "/confirm", &fields)).await.status
    };
    assert_eq!(confirm("").await, 422);
    assert_eq!(confirm("000000").await, 422);
    let code = olive.code(&app, 0).await;
    assert_eq!(confirm(&code).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_30_passwords_cannot_be_tried_in_a_browser_left_open() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    for _ in 0..10 {
        app.post(&owner, "/fn/office/confirm", &form(&owner, "/confirm", &[("form[password]", "wrong")])).await;
    }
    let right =
        app.post(&owner, "/fn/office/confirm", &form(&owner, "/confirm", &[("form[password]", PASSWORD)])).await;
    assert_eq!(right.status, 422, "{}", right.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_30_without_script_the_way_leads_to_the_question_and_back_with_what_was_typed() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    app.on.later("11 minutes").await;
    let mut typed = invitation(&owner, "kept@example.com");
    typed.iter_mut().filter(|(name, _)| name == "post[form]").for_each(|(_, value)| *value = "invite".into());
    let asked = app.plain(&owner, INVITE, &typed).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/confirm?next=/members"), "{}", asked.body);
    let kept = set(&asked, "kept").expect("what was typed is kept");
    let with_kept = Who { cookie: format!("{}; kept={kept}", owner.cookie), ..owner.clone() };
    let page = app.get(&with_kept, "/confirm?next=/members").await;
    assert!(page.status == 200 && page.body.contains("form[password]"), "{}", page.body);
    let fields = [("form[password]", PASSWORD), ("form[next]", "/members")];
    let right = app.plain(&with_kept, "/fn/office/confirm", &form(&owner, "/confirm", &fields)).await;
    assert_eq!((right.status, right.header("location")), (303, "/members"), "{}", right.body);
    let (session, flash) = (set(&right, "session").unwrap(), set(&right, "flash").expect("comes back"));
    let back = Who { cookie: format!("session={session}; flash={flash}"), shop: owner.shop.clone() };
    let members = app.get(&back, "/members").await.body;
    assert!(members.contains("kept@example.com") && members.contains("You have confirmed"), "{members}");
    let script = app.post(&back, INVITE, &typed).await;
    assert_eq!(script.status, 200, "confirmed: {}", script.body);
    app.on.later("11 minutes").await;
    let script = app.post(&back, INVITE, &typed).await;
    assert!(script.status == 401 && set(&script, "kept").is_some(), "a script's form is kept as well: {}", script.body);
}
