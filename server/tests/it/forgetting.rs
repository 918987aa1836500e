//! Somebody is forgotten by the pages: who may, what is asked first, and that nothing they typed is left behind.

use crate::{
    app::{self, Answer, TestApp, Who, post_fields},
    canaries,
};
use domain::Role;

/// The whole database as text.
fn dump(app: &TestApp) -> String {
    String::from_utf8_lossy(&canaries::dump(app).1).into_owned()
}

async fn send(app: &TestApp, who: &Who, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = post_fields(who, "/");
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    app.post(who, path, &form).await
}

/// A client with a canary wherever a page asks for something about one.
async fn canary(app: &TestApp, who: &Who, word: &str) -> String {
    let mail = format!("{}@example.com", word.to_lowercase());
    let made = send(
        app,
        who,
        "/fn/desk/create_client",
        &[
            ("form[kind]", "person"),
            ("form[name]", word),
            ("form[billing_address]", &format!("1 {word} Street")),
            ("form[alert]", word),
            ("form[tags]", word),
            ("form[emails]", &mail),
        ],
    )
    .await;
    assert_eq!(made.status, 200, "{}", made.body);
    let client: String = app.on.ask(&format!("select id::text from app.clients where name = '{word}'")).await;
    for (path, fields) in [
        ("/fn/desk/add_client_note", vec![("client", &*client), ("form[note]", word)]),
        (
            "/fn/desk/create_site",
            vec![
                ("client", &*client),
                ("form[name]", word),
                ("form[address]", word),
                ("form[hours]", word),
                ("form[hazards]", word),
            ],
        ),
        (
            "/fn/desk/add_contact",
            vec![("client", &*client), ("form[name]", word), ("form[email]", &mail), ("form[title]", word)],
        ),
    ] {
        let answer = send(app, who, path, &fields).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    client
}

fn forget<'a>(client: &'a str, typed: &'a str, reason: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("client", client), ("form[typed]", typed), ("form[reason]", reason)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_80_what_was_typed_about_a_client_is_gone_from_the_dump() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let client = canary(&app, &owner, "ZZQFORGET").await;
    let other = canary(&app, &owner, "ZZQKEEP").await;
    let before = dump(&app);
    assert!(before.contains("ZZQFORGET"), "planted");
    let page = app.get(&owner, &format!("/clients/{client}/forget")).await;
    for words in ["What goes", "What stays", "Type the name", "One contact", "Legal hold"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let wrong = send(&app, &owner, "/fn/office/forget_client", &forget(&client, "Somebody", "")).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("Type the name") && wrong.body.contains("reason"),
        "{}",
        wrong.body
    );
    let done = send(&app, &owner, "/fn/office/forget_client", &forget(&client, "zzqforget", "Asked by letter")).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let after = dump(&app);
    for word in ["ZZQFORGET", "zzqforget"] {
        let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
        let left: Vec<_> = after.lines().filter(|line| line.contains(word) || line.contains(&hex)).collect();
        assert!(left.is_empty(), "{left:?}");
    }
    assert!(after.contains("ZZQKEEP"), "another client's is there");
    let page = app.get(&owner, &format!("/clients/{client}")).await;
    assert!(page.status == 200 && page.body.contains("What named this client is gone"), "{}", page.body);
    assert_eq!(app.get(&owner, &format!("/clients/{other}")).await.status, 200);
    let audit = app.get(&owner, "/audit").await;
    assert!(audit.body.contains("forgot the client") && audit.body.contains("Erased with somebody"), "{}", audit.body);
    assert!(audit.body.contains("Asked by letter"), "the reason stays: {}", audit.body);
    let again = send(&app, &owner, "/fn/office/forget_client", &forget(&client, "x", "y")).await;
    assert_eq!(again.status, 200, "it is done: {}", again.body);
    let note = send(&app, &owner, "/fn/desk/add_client_note", &[("client", &client), ("form[note]", "late")]).await;
    assert!(note.status == 409 && note.body.contains("forgotten"), "{} {}", note.status, note.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_80_only_the_owner_forgets_and_proves_it_first() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let client = canary(&app, &owner, "ZZQFORGET").await;
    for role in [Role::Admin, Role::Manager, Role::FrontDesk] {
        let who = app.staff(role).await;
        let page = app.get(&who, &format!("/clients/{client}/forget")).await;
        let act = send(&app, &who, "/fn/office/forget_client", &forget(&client, "ZZQFORGET", "x")).await;
        assert_eq!((page.status, act.status), (403, 403), "{role}");
        assert!(!app.get(&who, &format!("/clients/{client}")).await.body.contains("Forget this client"), "{role}");
    }
    app.on.later("11 minutes").await;
    let stale = send(&app, &owner, "/fn/office/forget_client", &forget(&client, "ZZQFORGET", "x")).await;
    assert!(stale.status == 401 && stale.body.contains("Confirm"), "{} {}", stale.status, stale.body);
    let there: i64 = app.on.ask("select count(*) from app.clients where name = 'ZZQFORGET'").await;
    assert_eq!(there, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_80_an_open_job_stands_in_the_way_in_words() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let client = app.on.crowd.a.clients[0]["client"].to_string();
    let page = app.get(&owner, &format!("/clients/{client}/forget")).await;
    assert!(
        page.body.contains("One job is open. Close or cancel it first.") && !page.body.contains("Forget for good"),
        "{}",
        page.body
    );
    let name: String = app.on.ask(&format!("select name from app.clients where id = '{client}'")).await;
    let act = send(&app, &owner, "/fn/office/forget_client", &forget(&client, &name, "x")).await;
    assert!(act.status == 409 && act.body.contains("open"), "{} {}", act.status, act.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_80_lifting_a_hold_asks_for_a_fresh_proof_and_laying_one_does_not() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let client = app.on.crowd.a.clients[0]["client"].to_string();
    app.on.later("11 minutes").await;
    let hold = async |reason: &str| {
        let fields = [("client", client.as_str()), ("form[reason]", reason)];
        send(&app, &owner, "/fn/office/hold_client", &fields).await
    };
    assert_eq!(hold("a claim").await.status, 200);
    assert_eq!(hold("a claim, and an inquiry").await.status, 200);
    let stale = hold("").await;
    assert!(stale.status == 401 && stale.body.contains("Confirm"), "{} {}", stale.status, stale.body);
    let held: String = app.on.ask(&format!("select held_reason from app.clients where id = '{client}'")).await;
    assert_eq!(held, "a claim, and an inquiry");
    app.on.sudo("update auth.capabilities set confirmed_at = app.now()").await;
    assert_eq!(hold("").await.status, 200);
}
