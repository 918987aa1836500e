//! Row 32: an invitation is for one address, whoever has the link.

use crate::{
    app::{self, TestApp, Who},
    harness::crowd::PASSWORD,
};
use domain::Role;
use store::Token;

/// The token of an invitation of shop A to an address.
async fn invited(app: &TestApp, email: &str) -> String {
    let owner = app.on.crowd.a.actor(&app.on.db, Role::Owner).await;
    let mut sent = None;
    let letter = |token: &Token| {
        sent = Some(token.reveal());
        store::mail::Mail { to: email.into(), subject: String::new(), text: String::new() }
    };
    app.on.db.front_door().invite(&owner, email, Role::Technician, letter).await.expect("invite");
    sent.expect("a letter was written")
}

async fn accept(app: &TestApp, who: &Who, token: &str, password: &str) -> app::Answer {
    let mut form = app::post_fields(who, &format!("/invite/{token}"));
    form.push(("token".into(), token.into()));
    form.extend([("form[name]".into(), "Nina New".into()), ("form[password]".into(), password.into())]);
    app.post(who, "/fn/office/accept_invite", &form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_32_another_account_with_the_link_gets_nothing() {
    let app = app::start().await;
    let invitee = app.on.crowd.b.email(Role::Owner);
    let token = invited(&app, &invitee).await;
    // Somebody signed in as another, who knows a password of their own.
    let other = app.staff(Role::Dispatcher).await;
    app.on.sudo("update auth.people set password_hash = password_hash || 'x' where email like 'owner@%'").await;
    let refused = accept(&app, &other, &token, PASSWORD).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("not the password of your account"), "{}", refused.body);
    let members = format!(
        "select count(*) from auth.memberships m join auth.people p on p.id = m.person_id where m.shop_id = '{}' and p.email = '{invitee}'",
        app.on.crowd.a.id
    );
    assert_eq!(app.on.ask::<i64>(&members).await, 0);
    let open = format!(
        "select count(*) from auth.invites where email = '{invitee}' and accepted_at is null and revoked_at is null"
    );
    assert_eq!(app.on.ask::<i64>(&open).await, 1, "it waits for whom it is for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_32_an_invitation_taken_once_reads_like_none() {
    let app = app::start().await;
    let token = invited(&app, "nina@new.example").await;
    let nobody = Who::default();
    let never = app.get(&nobody, &format!("/invite/{}", "A".repeat(43))).await;
    assert_eq!(accept(&app, &nobody, &token, "four unrelated brass words").await.status, 200);
    let again = accept(&app, &nobody, &token, "four unrelated brass words").await;
    assert_eq!(again.status, 404, "{}", again.body);
    let page = app.get(&nobody, &format!("/invite/{token}")).await;
    assert_eq!(
        (page.status, app::settled(&page.body, &token)),
        (never.status, app::settled(&never.body, &"A".repeat(43)))
    );
}
