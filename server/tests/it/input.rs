//! Bad input, in every field of every form of every page: a clear word, or stored and shown escaped; never a fault.

use crate::{
    app::{self, Who, ids},
    endpoints,
    forms::{self, Form},
};
use domain::Role;

/// Ends a textarea, a title, an attribute and a script, in one go.
const MARKUP: &str = "</textarea></title>\"'><script>alert(1)</script>=cmd|'/c calc'!A0 \u{202e}𝓊";

/// Every posted form of the office, with the page it stands on.
async fn all_forms(app: &app::TestApp, who: &Who) -> Vec<(String, Form)> {
    let mut found: Vec<(String, Form)> = Vec::new();
    for page in endpoints::pages(&ids(&app.on)) {
        let answer = app.get(who, &page.path).await;
        for form in forms::of(&answer.body) {
            let known =
                |(_, other): &(String, Form)| other.action == form.action && other.fields.len() == form.fields.len();
            if !found.iter().any(known) {
                found.push((page.path.clone(), form));
            }
        }
    }
    found
}

async fn try_all(typed: &str) {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let forms = all_forms(&app, &owner).await;
    assert!(forms.len() > 15, "only {} forms were found", forms.len());
    for (page, form) in &forms {
        // A session of its own: one of the forms signs out.
        let who = app.staff(Role::Owner).await;
        let answer = app.plain(&who, &form.action, &form.filled(typed)).await;
        assert!(answer.status < 500, "{} on {page}: {} {}", form.action, answer.status, answer.body);
        let flash = answer
            .headers
            .iter()
            .find(|(name, value)| name == "set-cookie" && value.starts_with("flash="))
            .map_or("", |(_, value)| value.split(';').next().unwrap_or_default());
        let back = answer.header("location").to_owned();
        if back.starts_with('/') {
            let again = Who { cookie: format!("{}; {flash}", who.cookie), shop: who.shop.clone() };
            let shown = app.get(&again, &back).await;
            assert!(shown.status < 500, "{back} after {}", form.action);
            assert!(
                raw(&shown.body).is_none(),
                "{back} after {} prints what was typed as markup: {:?}",
                form.action,
                raw(&shown.body)
            );
        }
    }
    let who = app.staff(Role::Owner).await;
    for page in endpoints::pages(&ids(&app.on)) {
        let shown = app.get(&who, &page.path).await;
        assert!(
            shown.status < 500 && raw(&shown.body).is_none(),
            "{}: {} {:?}",
            page.path,
            shown.status,
            raw(&shown.body)
        );
    }
}

/// Where a page prints what was typed as markup, with what stands around it.
fn raw(page: &str) -> Option<String> {
    let at = page.find("<script>alert(1)")?;
    let from = page[..at].char_indices().rev().nth(200).map_or(0, |(index, _)| index);
    Some(page[from..].chars().take(300).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn markup_is_shown_as_text() {
    try_all(MARKUP).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nul_bytes_and_control_characters_are_no_fault() {
    try_all("a\0b\u{7}\u{feff}\r\n").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn far_too_long_is_no_fault() {
    try_all(&"9".repeat(20_000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn negative_and_huge_numbers_are_no_fault() {
    try_all("-9223372036854775809").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hidden_field_may_be_tampered_with() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    for (page, form) in all_forms(&app, &owner).await {
        for (target, _, person) in &form.fields {
            if *person {
                continue;
            }
            for evil in ["", "\0", "-1", "00000000-0000-0000-0000-000000000000", "//evil.example", &"x".repeat(5000)] {
                let who = app.staff(Role::Owner).await;
                let fields: Vec<_> = form
                    .fields
                    .iter()
                    .map(|(name, value, _)| {
                        (name.clone(), if name == target { evil.to_owned() } else { value.clone() })
                    })
                    .collect();
                let answer = app.plain(&who, &form.action, &fields).await;
                assert!(answer.status < 500, "{} on {page} with {target} = {evil:?}: {}", form.action, answer.status);
                assert!(!answer.header("location").starts_with("//"), "{} leads away from here", form.action);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_nobody_meant_are_no_fault() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    for path in [
        "/%00",
        "/clients/%00",
        "/clients?q=%00",
        "/clients?q=%ff%fe",
        "/clients?after=%00",
        "/jobs?status=%27%3B--",
        "/jobs?before=-99999999999999999999",
        "/search?q=%00",
        "/search?q=%25_%5C",
        "/audit?before=x",
        "/audit?before=-1",
        "/audit?actor=x&action=99999999",
        "/sites/%2e%2e%2fetc",
        "/clients/../../etc/passwd",
        "/invoices?status=",
        "/?from=%00",
    ] {
        let answer = app.get(&owner, path).await;
        assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.body.chars().take(300).collect::<String>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_forms_id_and_no_path_is_a_fault() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    for id in ["", &"x".repeat(121), "new-client\0"] {
        let mut form = app::post_fields(&owner, "/clients/new");
        form.retain(|(name, _)| name != "post[id]");
        form.extend(
            [("post[id]", id), ("form[kind]", "person"), ("form[name]", "Odd")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        assert_eq!(app.post(&owner, "/fn/desk/create_client", &form).await.status, 409, "{id:?}");
    }
    for path in ["/templates/%00", "/clients/%00", "/%00", "/p/%00", "/pkg/%00", "/search?q=%00", "/jobs?after=%00"] {
        let status = app.get(&owner, path).await.status;
        assert!(status < 500, "{path}: {status}");
    }
    assert_eq!(app.get(&owner, "/templates/%00").await.status, 404);
}
