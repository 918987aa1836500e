//! Signing by the pages: nobody signs what could not be opened, and whoever signed is mailed what was signed.

use crate::app::{self, Answer, TestApp, Who, post_fields};
use domain::Role;
use proof::sha256;
use std::path::PathBuf;
use store::mail::Attached;
use uuid::Uuid;

async fn send(app: &TestApp, who: &Who, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = post_fields(who, "/");
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    app.post(who, path, &form).await
}

/// A work order of the first client, prepared by the page: the job, the document, its hash.
async fn prepared(app: &TestApp) -> (String, String, String) {
    let owner = app.staff(Role::Owner).await;
    let job = app.on.crowd.a.clients[0]["job"].to_string();
    let done = send(app, &owner, "/fn/desk/prepare_document", &[("job", &job)]).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let newest = format!("from app.documents where job_id = '{job}' order by version desc limit 1");
    let document: Uuid = app.on.ask(&format!("select id {newest}")).await;
    let hash: String = app.on.ask(&format!("select encode(sha256, 'hex') {newest}")).await;
    (job, document.to_string(), hash)
}

fn form<'a>(
    (job, document, hash): &'a (String, String, String),
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let base = [
        ("job", &**job),
        ("document", &**document),
        ("sha256", &**hash),
        ("form[name]", "Ana Reyes"),
        ("form[consent]", "on"),
        ("form[typed]", "on"),
    ];
    [&base[..], more].concat()
}

async fn signatures(app: &TestApp, document: &str) -> i64 {
    app.on.ask(&format!("select count(*) from app.signatures where document_id = '{document}'")).await
}

/// Letters that wait with a document in them: to whom, and the document.
async fn copies(app: &TestApp) -> Vec<(String, String, Attached)> {
    let mut found = Vec::new();
    while let Some(claimed) = app.on.db.claim_mail().await.expect("claims") {
        app.on.db.mail_sent(&claimed).await.expect("sent");
        found.extend(claimed.attached.map(|file| (claimed.mail.to, claimed.mail.text, file)));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_73_nobody_signs_what_could_not_be_opened() {
    let app = app::start().await;
    let paper = prepared(&app).await;
    let (owner, client) = (app.staff(Role::Owner).await, app.client(0).await);
    for (who, path, role) in
        [(&client, "/fn/portal/sign_document", "client"), (&owner, "/fn/desk/sign_in_person", "technician")]
    {
        let refused = send(&app, who, path, &form(&paper, &[("form[role]", role)])).await;
        assert!(
            refused.status == 422 && refused.body.contains("opened") && refused.body.contains("ask the shop for paper"),
            "{path}: {}",
            refused.body
        );
    }
    assert_eq!(signatures(&app, &paper.1).await, 0);
    for (who, path, role) in
        [(&client, "/fn/portal/sign_document", "client"), (&owner, "/fn/desk/sign_in_person", "technician")]
    {
        let signed = send(&app, who, path, &form(&paper, &[("form[role]", role), ("form[opened]", "on")])).await;
        assert_eq!(signed.status, 200, "{path}: {}", signed.body);
    }
    let sealed: i64 = app
        .on
        .ask(&format!(
            "select count(*) from app.signature_evidence v join app.signatures s on s.id = v.signature_id where s.document_id = '{}' and v.body ~ '\"could_read\":true'",
            paper.1
        ))
        .await;
    assert_eq!((signatures(&app, &paper.1).await, sealed), (2, 2), "it is part of what is sealed");
    let signature: Uuid =
        app.on.ask(&format!("select id from app.signatures where document_id = '{}' limit 1", paper.1)).await;
    let page = app.get(&owner, &format!("/signatures/{signature}")).await;
    assert!(page.body.contains("Affirmed: the document could be opened and read"), "{}", page.body);
    for (who, path) in
        [(&client, format!("/portal/jobs/{}/sign", paper.0)), (&owner, format!("/jobs/{}/sign", paper.0))]
    {
        let page = app.get(who, &path).await;
        assert_eq!(page.status, 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_73_whoever_signed_is_mailed_what_was_signed() {
    let app = app::start().await;
    let paper = prepared(&app).await;
    let (owner, client) = (app.staff(Role::Owner).await, app.client(0).await);
    copies(&app).await;
    let by_link = form(&paper, &[("form[opened]", "on"), ("form[email]", "elsewhere@example.com")]);
    assert_eq!(send(&app, &client, "/fn/portal/sign_document", &by_link).await.status, 200);
    let by_hand = |role: &'static str, email: &'static str| {
        form(&paper, &[("form[opened]", "on"), ("form[role]", role), ("form[email]", email)])
    };
    for (role, email) in [("technician", "copy@example.com"), ("witness", "")] {
        let signed = send(&app, &owner, "/fn/desk/sign_in_person", &by_hand(role, email)).await;
        assert_eq!(signed.status, 200, "{}", signed.body);
    }
    let letters = copies(&app).await;
    let mut to: Vec<_> = letters.iter().map(|(to, _, _)| to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(
        to,
        ["contact1@example.com", "copy@example.com"],
        "by link to the address the shop has, and to nobody else"
    );
    for (_, text, file) in &letters {
        let hash: String = sha256(&[file.html.as_bytes()]).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, paper.2, "byte for byte");
        assert!(file.name.ends_with(".html") && text.contains(&paper.2), "{} {text}", file.name);
        assert!(!text.contains("/p/") && !text.contains("http"), "no link, no secret: {text}");
    }
    let (told, behind): (i64, bool) = (
        app.on.ask("select count(*) from audit.entries where action = 213").await,
        app.on.ask("select bool_and(exists (select from audit.entries s where s.shop_id = e.shop_id and s.entity = e.entity and s.action = 61 and s.seq < e.seq)) from audit.entries e where e.action = 213").await,
    );
    assert_eq!((told, behind), (2, true));
    let signature: Uuid = app
        .on
        .ask(&format!("select id from app.signatures where document_id = '{}' and signer_role = 'client'", paper.1))
        .await;
    let page = app.get(&owner, &format!("/signatures/{signature}")).await;
    assert!(page.body.contains("Mailed to contact1@example.com"), "{}", page.body);
    let technician = app.staff(Role::Technician).await;
    let page = app.get(&technician, &format!("/signatures/{signature}")).await;
    assert!(
        page.status == 200 && !page.body.contains("contact1@example.com") && page.body.contains("Mailed, "),
        "{}",
        page.body
    );
    let wrong = send(&app, &owner, "/fn/desk/sign_in_person", &by_hand("technician", "nowhere")).await;
    assert!(wrong.status == 422 && wrong.body.contains("email"), "{}", wrong.body);
}

/// The file in the letter, as a mail program reads it, is what was signed.
#[tokio::test]
async fn row_73_the_file_in_the_letter_is_what_was_signed() {
    let folder: PathBuf = crate::harness::cluster::scratch().join(format!("copies-{}", Uuid::now_v7()));
    let config = server::config::Config::from_sources(&folder, |_| None).expect("config");
    let door = server::mailer::Door::open(&config);
    let html = "<p>é\r\nline\n\n</p>\n".repeat(40);
    let mail = store::mail::Mail { to: "ana@example.com".into(), subject: "Signed".into(), text: "Attached.\n".into() };
    let file = Attached { name: "work-order-1042-v1.html".into(), html: html.clone() };
    door.send_with(&mail, Some(&file)).await.expect("laid down");
    let laid = std::fs::read_dir(&config.outbox).expect("outbox").flatten().next().expect("a letter").path();
    let text = std::fs::read_to_string(laid).expect("reads");
    let (_, part) = text.split_once("work-order-1042-v1.html").expect("the file");
    assert!(part.contains("base64"), "{part}");
    let body: String = part
        .split("\r\n\r\n")
        .nth(1)
        .expect("a body")
        .split("--")
        .next()
        .expect("its end")
        .split_whitespace()
        .collect();
    use base64::{Engine, engine::general_purpose::STANDARD};
    assert_eq!(STANDARD.decode(body).expect("base64"), html.as_bytes());
}
