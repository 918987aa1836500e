//! Case files: what a complaint is answered with, and what is never in it.

use crate::{
    app::{Answer, TestApp, Who, post_fields},
    exports::{checkpointed, unpacked},
    photos::{jpeg, studio},
    proof::{key, signed},
};
use domain::Role;
use std::collections::BTreeMap;
use uuid::Uuid;

async fn ask(app: &TestApp, who: &Who, of: &str, subject: Uuid, reason: &str) -> Answer {
    let mut form = post_fields(who, "/");
    form.extend([(of.to_owned(), subject.to_string()), ("form[reason]".to_owned(), reason.to_owned())]);
    app.post(who, &format!("/fn/desk/case_of_{of}"), &form).await
}

async fn newest(app: &TestApp) -> i64 {
    let shop = app.on.crowd.a.id;
    let asked = format!("select coalesce(max(seq), 0) from audit.entries where shop_id = '{shop}' and action = 201");
    app.on.ask(&asked).await
}

async fn made(app: &TestApp, who: &Who, of: &str, subject: Uuid) -> Answer {
    let asked = ask(app, who, of, subject, "Complaint of March").await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    app.get(who, &format!("/exports/{}/case-file.zip", newest(app).await)).await
}

fn files(of: &Answer) -> BTreeMap<String, Vec<u8>> {
    unpacked(&of.bytes).into_iter().collect()
}

/// Without what differs between two runs: digits, and the names of months and days.
fn timeless(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            digit if digit.is_ascii_digit() => {
                if !out.ends_with('#') {
                    out.push('#');
                }
            }
            other => out.push(other),
        }
    }
    for month in ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] {
        out = out.replace(&format!("# {month} #"), "# MMM #");
    }
    for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] {
        out = out.replace(&format!("{day} # MMM"), "DDD # MMM");
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_76_a_case_file_holds_times_technician_notes_papers_and_proofs() {
    let studio = studio().await;
    let app = &studio.app;
    let (job, site) = (app.on.crowd.a.clients[0]["job"], app.on.crowd.a.clients[0]["site"]);
    let owner = app.staff(Role::Owner).await;
    assert_eq!(
        studio.add(&owner, &[("caption", "The door before"), ("kind", "before")], &jpeg(40, 30)).await.status,
        200
    );
    let restricted = [("caption", "ZZQ-KEY"), ("kind", "after"), ("restricted", "on")];
    assert_eq!(studio.add(&owner, &restricted, &jpeg(50, 30)).await.status, 200);
    let mut notes = post_fields(&owner, "/");
    for (name, value) in
        [("site", site.to_string()), ("form[access_notes]", "ZZQ-NOTE-4711".into()), ("form[version]", "1".into())]
    {
        notes.push((name.into(), value));
    }
    assert_eq!(app.post(&owner, "/fn/desk/write_access_notes", &notes).await.status, 200);
    signed(&app.on).await;
    checkpointed(&app.on).await;
    let answer = made(app, &owner, "job", job).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/zip"), "{}", answer.body);
    let (files, trusted) = (files(&answer), key(&app.on).await);
    holds(&files, &trusted);
    let timeline = String::from_utf8(files["timeline.html"].clone()).expect("text");
    golden(&timeline, &files);
    for (name, body) in &files {
        let text = String::from_utf8_lossy(body);
        for secret in ["ZZQ-NOTE", "\"strokes\":"] {
            assert!(!text.contains(secret), "{secret} is in {name}");
        }
    }
    assert_eq!(files.keys().filter(|name| name.starts_with("photos/")).count(), 1, "what shows a key stays");
    assert!(timeline.contains("restricted: not in this file"));
    // The same state, the same bytes.
    let again = app.get(&owner, &format!("/exports/{}/case-file.zip", newest(app).await)).await;
    assert!(again.bytes == answer.bytes, "two archives of one state differ");
}

/// Each file is the one the list names, and documents verify with their proofs.
fn holds(files: &BTreeMap<String, Vec<u8>>, trusted: &proof::Trusted) {
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    let list = manifest["files"].as_array().expect("a list");
    assert_eq!(list.len() + 1, files.len(), "a file that the list does not name");
    for line in list {
        let body = &files[line["name"].as_str().expect("a name")];
        assert_eq!(line["sha256"].as_str(), Some(&*proof::hex(&proof::sha256(&[body]))), "{line}");
    }
    assert!(manifest["checkpoint"]["fingerprint"].as_str().is_some_and(|text| text.len() == 39), "{manifest}");
    let mut checked = 0;
    for (name, proof) in files.iter().filter(|(name, _)| name.starts_with("proofs/work-order")) {
        let document = name.trim_start_matches("proofs/").trim_end_matches(".tlog-proof");
        let document = document.rsplit_once('-').expect("a role").0;
        let document = &files[&format!("documents/{document}.html")];
        assert!(proof::verify(proof, Some(document), trusted).is_yes(), "{name}");
        checked += 1;
    }
    assert!(checked > 0, "nothing was proved");
}

fn golden(timeline: &str, files: &BTreeMap<String, Vec<u8>>) {
    let body = timeline.split_once("</style>").expect("a page").1;
    let listing = files.keys().map(|name| timeless(name)).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!("case_file_listing", listing);
    insta::assert_snapshot!("case_file_timeline", timeless(body));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_76_case_files_are_for_those_entitled_and_recorded_first() {
    let studio = studio().await;
    let app = &studio.app;
    let things = app.on.crowd.a.clients[0].clone();
    for (role, status) in [
        (Role::Owner, 200),
        (Role::Manager, 200),
        (Role::Dispatcher, 403),
        (Role::Technician, 403),
        (Role::Auditor, 403),
    ] {
        let who = app.staff(role).await;
        for of in ["job", "client", "site"] {
            let before = newest(app).await;
            assert_eq!(ask(app, &who, of, things[of], "Complaint of March").await.status, status, "{role:?} {of}");
            assert_eq!(newest(app).await > before, status == 200, "{role:?} {of}");
        }
    }
    let manager = app.staff(Role::Manager).await;
    for of in ["client", "site"] {
        let answer = made(app, &manager, of, things[of]).await;
        let files = files(&answer);
        let timeline = String::from_utf8(files["timeline.html"].clone()).expect("text");
        assert!(timeline.contains("Job 1") && timeline.contains("made a case file of"), "{timeline}");
        let other = app.on.crowd.a.clients[1]["client"].to_string();
        assert!(!timeline.contains(&other), "another client's");
    }
    assert_eq!(ask(app, &manager, "job", things["job"], "no").await.status, 422);
    let rival = app.rival().await;
    assert_eq!(ask(app, &rival, "job", things["job"], "Complaint of March").await.status, 404);
    app.on.later("11 minutes").await;
    assert_eq!(ask(app, &manager, "job", things["job"], "Complaint of March").await.status, 401);
    let page = app.get(&app.staff(Role::Dispatcher).await, &format!("/jobs/{}", things["job"])).await;
    assert!(page.status == 200 && !page.body.contains("Make a case file"), "offered to whoever may not");
}
