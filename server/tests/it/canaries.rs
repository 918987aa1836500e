//! Rows 41, 44 and 69: secrets go in by the pages of the real binary and are opened there; afterwards they are looked for,
//! byte for byte, wherever something is left lying: the cluster's files with its journal, a dump, the server's folder with
//! keyd's, archive and letters, the log at its finest, the temporary folder, and every page.

use crate::{
    app::{TestApp, Who, ids, post_fields},
    endpoints,
    harness::{self, cluster::scratch},
    logs, second_step,
};
use domain::{
    Event, Permission, Role,
    machines::{Namespace, NewApiKey, Reach, Scope},
    webhooks::{Group, NewReceiver},
};
use memchr::memmem;
use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};
use store::front_door::api_keys;
use uuid::Uuid;

/// What was planted. `clear` is no secret: whoever does not find it did not look.
struct Planted {
    clear: String,
    secrets: Vec<(&'static str, Vec<u8>)>,
}

/// Somebody's form, with what every form has.
async fn post(app: &TestApp, who: &Who, path: &str, fields: &[(&str, &str)]) -> String {
    let mut form = post_fields(who, "/");
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let answer = app.post(who, path, &form).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

/// By the pages, and opened again by them.
async fn plant(app: &TestApp, who: &Who) -> Planted {
    let mark = Uuid::now_v7().simple().to_string();
    let secret = |kind: &str| format!("ZZQ-{kind}-{mark}");
    let (clear, code, safe, notes) = (secret("CLEAR"), secret("K"), secret("SAFE"), secret("NOTES"));
    let place = secret("PLACE");
    let client = &app.on.crowd.a.clients[0];
    let [client_id, site] = ["client", "site"].map(|thing| client[thing].to_string());
    let key = [("form[reading]", "bow_to_tip"), ("form[source]", "code"), ("form[confidence]", "sure")];
    let key = [&key[..], &[("client", &client_id), ("form[label]", &clear), ("form[key_code]", &code)]].concat();
    post(app, who, "/fn/keys/record_bitting", &key).await;
    let safe_form = [("site", &*site), ("form[kind]", "safe"), ("form[label]", "Office"), ("form[site_code]", &safe)];
    post(app, who, "/fn/desk/record_site_code", &safe_form).await;
    let notes_form = [("site", &*site), ("form[access_notes]", &notes), ("form[version]", "1")];
    post(app, who, "/fn/desk/write_access_notes", &notes_form).await;
    logs::photo(app, who, &place).await;
    let newest = |table: &str| format!("select id::text from vault.{table} order by id desc limit 1");
    let record: String = app.on.ask(&newest("bittings")).await;
    let site_code: String = app.on.ask(&newest("site_codes")).await;
    for (path, name, id, secret) in [
        ("/fn/keys/reveal_bitting", "record", &record, &code),
        ("/fn/desk/reveal_site_code", "code", &site_code, &safe),
        ("/fn/desk/reveal_access_notes", "site", &site, &notes),
    ] {
        let shown = post(app, who, path, &[(name, id), ("form[reason]", "the canaries")]).await;
        assert!(shown.contains(secret.as_str()), "{path} opens it: {shown}");
    }
    Planted {
        clear,
        secrets: [("key code", code), ("safe", safe), ("access notes", notes), ("place of a photo", place)]
            .map(|(kind, text)| (kind, text.into_bytes()))
            .into(),
    }
}

/// What opens doors of ours: code app and recovery codes, tokens of a session and of a portal link, a program's key, a
/// webhook's secret.
async fn keys(app: &TestApp, owner: &Who) -> Vec<(&'static str, Vec<u8>)> {
    let manager = second_step::enrol(app, Role::Manager).await;
    let actor = app.on.crowd.a.actor(&app.on.db, Role::Owner).await;
    let (door, client) = (app.on.db.front_door(), &app.on.crowd.a.clients[0]);
    let reach = Reach { scope: Scope::Read, namespaces: vec![Namespace::Jobs] };
    let new = NewApiKey { name: "Books".into(), reach, days: 90, trap: false };
    let key = api_keys::text(&door.make_api_key(&actor, "Books", &new).await.expect("key"));
    let (_, link) =
        door.mint_portal_link(&actor, client["client"].into(), client["contact"].into()).await.expect("link");
    let mut tx = app.on.db.write(actor.allow(Permission::ManageApiKeys).expect("owner")).await.expect("write");
    let new =
        NewReceiver { name: "SIEM".into(), url: "https://siem.example.com/".into(), groups: vec![Group::Security] };
    let (receiver, secret) = store::webhooks::add(&mut tx, &new).await.expect("add");
    tx.commit(Event::ReceiverAdded { receiver }).await.expect("commit");
    let session = owner.cookie.split_once("session=").expect("a session").1.split(';').next().unwrap_or_default();
    let mut keys = vec![
        ("code app", manager.secret.clone()),
        ("session", session.into()),
        ("program's key", key.into_bytes()),
        ("portal link", link.reveal().into()),
        ("webhook", secret.reveal().trim_start_matches("whsec_").into()),
    ];
    keys.extend(manager.codes.iter().map(|code| ("recovery code", code.clone().into_bytes())));
    keys
}

/// The owner, with a second step and just confirmed.
async fn proved(app: &TestApp) -> Who {
    let owner = app.on.crowd.a.people[&Role::Owner];
    let who = app.staff(Role::Owner).await;
    app.on
        .sudo(&format!(
            "insert into auth.totp (id, person_id, sealed, confirmed_at) values (gen_random_uuid(), '{owner}', '\\x00', app.now());
             update auth.capabilities set confirmed_at = app.now() where person_id = '{owner}'"
        ))
        .await;
    who
}

/// Files below, with what is in them; those that go meanwhile are passed over.
fn files(folder: &Path, since: Option<SystemTime>, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(about) = entry.metadata() else { continue };
        if about.is_dir() && since.is_none() {
            files(&entry.path(), None, found);
        } else if about.is_file() && since.is_none_or(|since| about.modified().is_ok_and(|at| at >= since)) {
            let Ok(content) = fs::read(entry.path()) else { continue };
            found.push((entry.path().display().to_string(), content));
        }
    }
}

/// The database's own files and the journal, after all of it was written out.
async fn cluster(app: &TestApp, found: &mut Vec<(String, Vec<u8>)>) {
    app.on.sudo("checkpoint").await;
    let data: String = app.on.ask("select current_setting('data_directory')").await;
    let base: String = app.on.ask("select pg_relation_filepath('vault.bittings')").await;
    let base = Path::new(&data).join(base).parent().expect("a folder").to_owned();
    files(&base, None, found);
    files(&Path::new(&data).join("pg_wal"), None, found);
}

pub fn dump(app: &TestApp) -> (String, Vec<u8>) {
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL").flatten().map(|entry| entry.path()).collect();
    versions.sort();
    let tool = versions.last().expect("a version").join("bin/pg_dump");
    let ran = Command::new(tool).arg(app.on.url()).output().expect("pg_dump");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    ("the dump".into(), ran.stdout)
}

async fn pages(app: &TestApp, owner: &Who, found: &mut Vec<(String, Vec<u8>)>) {
    let client = app.client(0).await;
    for page in endpoints::pages(&ids(&app.on)) {
        let who = if page.path.starts_with("/portal") { &client } else { owner };
        found.push((page.path.clone(), app.get(who, &page.path).await.body.into_bytes()));
    }
}

/// As it is, or in the hexadecimal digits of a dump.
fn holds(content: &[u8], sought: &[u8]) -> bool {
    assert!(sought.len() >= 8, "found by chance");
    let hex = sought.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    [sought, hex.as_bytes()].iter().any(|word| memmem::find(content, word).is_some())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_41_what_is_secret_lies_nowhere_in_the_clear() {
    let began = SystemTime::now();
    let on = harness::fresh().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
    let app = TestApp { on, addr: free, from: Ipv4Addr::new(127, 0, 7, 253), admin: None };
    let log = scratch().join(format!("canaries-{}", app.on.name));
    let binary = logs::served(&app, &log).await;
    let owner = proved(&app).await;
    let mut planted = plant(&app, &owner).await;
    planted.secrets.extend(keys(&app, &owner).await);

    let mut found = Vec::new();
    pages(&app, &owner, &mut found).await;
    let shown = found.len();
    drop(binary);
    cluster(&app, &mut found).await;
    let stored = found.len();
    found.push(dump(&app));
    files(&logs::folder(&app), None, &mut found);
    files(&std::env::temp_dir(), Some(began), &mut found);
    found.push(("the log".into(), fs::read(&log).unwrap()));

    let seen = |part: &[(String, Vec<u8>)]| part.iter().any(|(_, content)| holds(content, planted.clear.as_bytes()));
    assert!(seen(&found[..shown]), "the pages show what is no secret");
    assert!(seen(&found[shown..stored]), "the cluster's files hold it");
    assert!(seen(&found[stored..=stored]), "the dump holds it");
    for (kind, secret) in &planted.secrets {
        for (place, content) in &found {
            assert!(!holds(content, secret), "{kind}: in the clear in {place}");
        }
    }
}
