//! How tokens turn over, and how they end.

use super::*;
use crate::{app, harness::crowd::PASSWORD, second_step::enrol};
use domain::Role;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_25_an_old_refresh_token_ends_the_family() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let first = signed_in(&app, &owner).await;
    let bystander = signed_in(&app, &owner).await;
    let second = tokens(&refresh(&app, &first.refresh).await);
    assert_eq!((reads(&app, &first.access).await, reads(&app, &second.access).await), (401, 200));
    let third = tokens(&refresh(&app, &second.refresh).await);
    let letters = "select count(*) from worker.outbox";
    let before: i64 = app.on.ask(letters).await;
    assert_eq!(error(&refresh(&app, &first.refresh).await), "invalid_grant");
    assert_eq!(reads(&app, &third.access).await, 401, "the access token ends with the family");
    assert_eq!(error(&refresh(&app, &third.refresh).await), "invalid_grant");
    assert_eq!(app.on.ask::<i64>(letters).await, before + 1, "its person is told, once");
    assert!(app.get(&owner, "/audit").await.body.contains("old token again"));
    assert_eq!(reads(&app, &bystander.access).await, 200, "another program of the same person goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_25_an_access_token_lives_ten_minutes() {
    let app = app::start().await;
    let got = signed_in(&app, &app.staff(Role::Owner).await).await;
    app.on.later("9 minutes 50 seconds").await;
    assert_eq!(reads(&app, &got.access).await, 200);
    app.on.later("11 seconds").await;
    assert_eq!(reads(&app, &got.access).await, 401);
    app.on.later("29 days 23 hours").await;
    let next = tokens(&refresh(&app, &got.refresh).await);
    assert_eq!(reads(&app, &next.access).await, 200, "no session is needed any more");
    app.on.later("30 days 1 second").await;
    assert_eq!(error(&refresh(&app, &next.refresh).await), "invalid_grant", "thirty days unused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_38_two_refreshes_at_once_do_not_give_two_live_families() {
    let app = Arc::new(app::start().await);
    let owner = app.staff(Role::Owner).await;
    for round in 0..5 {
        let got = signed_in(&app, &owner).await;
        let both: Vec<_> = (0..4)
            .map(|_| {
                let (app, token) = (app.clone(), got.refresh.clone());
                tokio::spawn(async move { refresh(&app, &token).await })
            })
            .collect();
        let mut given = Vec::new();
        for one in both {
            let answer = one.await.expect("answer");
            if answer.status == 200 {
                given.push(tokens(&answer).access);
            }
        }
        let mut live = 0;
        for access in &given {
            live += u32::from(reads(&app, access).await == 200);
        }
        let given = given.len();
        assert!(given <= 1 && live == 0, "round {round}: {given} given, {live} live");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_25_signed_out_means_401_at_once() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let (by_person, by_itself) = (signed_in(&app, &owner).await, signed_in(&app, &owner).await);
    let revoked = send(&app, "/oauth/revoke", &[("client_id", CLIENT), ("token", &by_itself.access)]).await;
    assert_eq!((revoked.status, reads(&app, &by_itself.access).await), (200, 401));
    assert_eq!(error(&refresh(&app, &by_itself.refresh).await), "invalid_grant");
    let unknown = send(&app, "/oauth/revoke", &[("client_id", CLIENT), ("token", "shlr_x")]).await;
    assert_eq!((unknown.status, unknown.body.as_str()), (200, ""));
    let page = app.get(&owner, "/account").await.body;
    assert!(
        page.contains("Programs signed in as you")
            && page.contains("Clients, sites and openings; Jobs. Read and write")
    );
    let program: uuid::Uuid =
        app.on.ask("select id from auth.capabilities where kind = 'program' and revoked_at is null").await;
    let sent = |who: &Who| form(who, "/account", &[("program", &program.to_string())]);
    let (admin, rival) = (app.staff(Role::Admin).await, app.rival().await);
    for other in [&admin, &rival] {
        assert_eq!(app.post(other, "/fn/office/sign_program_out", &sent(other)).await.status, 404);
    }
    assert_eq!(reads(&app, &by_person.access).await, 200);
    assert_eq!(app.post(&owner, "/fn/office/sign_program_out", &sent(&owner)).await.status, 200);
    assert_eq!(reads(&app, &by_person.access).await, 401);
    assert_eq!(error(&refresh(&app, &by_person.refresh).await), "invalid_grant");
    assert!(app.get(&owner, "/account").await.body.contains("No program is signed in as you"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_25_password_change_ends_it() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let (got, waiting) = (signed_in(&app, &owner).await, code(&app, &app.staff(Role::Owner).await).await);
    let new = "a door without a handle 7";
    let fields = [("form[password_now]", PASSWORD), ("form[password]", new)];
    let changed = app.post(&owner, "/fn/office/change_password", &form(&owner, "/account", &fields)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(reads(&app, &got.access).await, 401);
    assert_eq!(error(&refresh(&app, &got.refresh).await), "invalid_grant");
    assert_eq!(error(&redeem(&app, &waiting).await), "invalid_grant", "and what waited in another browser");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_25_a_second_step_a_lower_role_and_leaving_end_it() {
    let app = app::start().await;
    let (admin, owner) = (app.staff(Role::Admin).await, app.staff(Role::Owner).await);
    let got = signed_in(&app, &admin).await;
    enrol(&app, Role::Admin).await;
    assert_eq!(
        (reads(&app, &got.access).await, error(&refresh(&app, &got.refresh).await).as_str()),
        (401, "invalid_grant")
    );
    let member = app.on.crowd.a.people[&Role::Manager].to_string();
    let set = async |role: &str, enabled: &str| {
        let fields = [("member", member.as_str()), ("role", role), ("enabled", enabled)];
        assert_eq!(app.post(&owner, "/fn/office/set_member", &form(&owner, "/members", &fields)).await.status, 200);
    };
    for (role, enabled) in [("front_desk", "on"), ("front_desk", "")] {
        let got = signed_in(&app, &app.staff(Role::Manager).await).await;
        assert_eq!(reads(&app, &got.access).await, 200);
        set(role, enabled).await;
        assert_eq!(reads(&app, &got.access).await, 401, "{role} {enabled}");
        assert_eq!(error(&refresh(&app, &got.refresh).await), "invalid_grant", "{role} {enabled}");
    }
    // A shop that is suspended.
    let got = signed_in(&app, &owner).await;
    app.on.sudo("update auth.shops set suspended_at = app.now()").await;
    assert_eq!(
        (reads(&app, &got.access).await, error(&refresh(&app, &got.refresh).await).as_str()),
        (401, "invalid_grant")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_25_one_that_reads_only_writes_nothing() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let asked = link(&[("scope", "clients")]);
    let ticked = [("form[clients]", "on"), ("form[scope]", "write")];
    let got = tokens(
        &redeem(&app, &code_in(&answered(&app, &owner, "/fn/office/let_program_in", &asked, &ticked).await)).await,
    );
    assert_eq!(reads(&app, &got.access).await, 200);
    let body = r#"{"name":"By a program","kind":"company"}"#;
    assert_eq!(call(&app, &got.access, "POST", "/api/v1/clients", body).await.status, 403);
    // The database says so by itself: in a transaction that can write, its capability is nobody's.
    let token = store::front_door::programs::read_access(&got.access).expect("token");
    let mut app_login = app.on.login("shearline_app").await;
    for (begin, sees) in [("begin read only", true), ("begin", false)] {
        crate::harness::cluster::run(&mut app_login, &format!("{begin}; set local app.cap = '{}'", token.proof("db")))
            .await;
        let seen: bool =
            sqlx::query_scalar("select app.ctx_shop() is not null").fetch_one(&mut app_login).await.expect("ctx");
        crate::harness::cluster::run(&mut app_login, "rollback").await;
        assert_eq!(seen, sees, "{begin}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_25_its_last_use_is_noted_with_its_place() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let got = signed_in(&app, &owner).await;
    app.on.later("2 minutes").await;
    let bearer = format!("Bearer {}", got.access);
    app.send("GET", "/api/v1/clients", &[("authorization", &bearer), ("user-agent", "shearline/1 on bench")], b"")
        .await;
    let page = app.get(&owner, "/account").await.body;
    assert!(page.contains("shearline/1 on bench") && page.contains(&app.from.to_string()), "{page}");
}
