//! Row 50: a shop puts what it has sealed under a key of its own, at its own key service, and takes it back: then its own
//! secrets are closed, and no other shop notices.

use crate::{
    app::{self, Answer, TestApp, Who, post_fields},
    harness,
    key_services::stub::{self, Stub},
};
use domain::Role;
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use store::keyd::rotation;
use vault::{
    KeyFile, Vault,
    keyd::{Asked, Bearer, KeydError, No, Record},
};

const PAGE: &str = "/shop/own-key";

/// How long keyd uses a shop's key in these tests, and a moment longer: in life it is a minute.
const KEEPS: Duration = Duration::from_millis(400);
const RESTS: Duration = Duration::from_millis(3_100);

/// A server whose keyd reaches services of shops on this machine.
async fn started() -> TestApp {
    let mut on = harness::fresh().await;
    let network: ipnet::IpNet = "127.0.0.0/8".parse().unwrap();
    on.keyd.services = Some(server::keyd::own::services(&[network]).unwrap());
    keeping(&mut on, KEEPS);
    // What stands for a shop's own key in the fixtures is none.
    on.sudo("delete from vault.own_keys").await;
    let settings = [("SHEARLINE_REQUESTS_A_MINUTE", "1000000"), ("SHEARLINE_WEBHOOK_NETWORKS", "127.0.0.0/8")];
    app::serve_with(on, &settings).await
}

fn keeping(on: &mut harness::TestDb, keeps: Duration) {
    let keys = KeyFile::open(&on.keyd.root_key).unwrap();
    on.keyd.go_on_with(Vault::new(keys).keeping(keeps));
}

/// The owner of shop A, who has just proved to be there.
async fn owner(app: &TestApp) -> Who {
    let who = app.staff(Role::Owner).await;
    app.on.sudo("update auth.capabilities set confirmed_at = app.now() where kind = 'session'").await;
    who
}

async fn send(app: &TestApp, who: &Who, what: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = post_fields(who, PAGE);
    form.extend(fields.iter().map(|(name, value)| (format!("form[{name}]"), (*value).to_owned())));
    app.post(who, &format!("/fn/office/{what}"), &form).await
}

async fn take(app: &TestApp, who: &Who, stub: &Stub) -> Answer {
    let address = format!("http://{}/team/transit/keys/shearline", stub.at);
    send(app, who, "take_vault_key", &[("address", &address), ("credential", stub::TOKEN)]).await
}

/// Seals something in a shop, and gives what opens it.
async fn sealed(app: &TestApp, shop: &harness::Shop) -> (Asked, Vec<u8>) {
    let record = Record {
        table: "vault.signature_strokes".into(),
        row: uuid::Uuid::now_v7(),
        column: "sealed".into(),
        version: 1,
    };
    // 64 hexadecimal digits that stand for the owner.
    let digits = format!("{}{}", uuid::Uuid::now_v7().simple(), uuid::Uuid::now_v7().simple());
    app.on
        .sudo(&format!(
            "insert into auth.capabilities (hash, id, kind, idle, expires_at, person_id, role, shop_id)
             values (sha256(convert_to('{digits}', 'UTF8')), gen_random_uuid(), 'session', '30 minutes', app.now() + interval '12 hours', '{}', 'owner', '{}')",
            shop.people[&Role::Owner], shop.id
        ))
        .await;
    let asked = Asked { bearer: Bearer::Capability(vault::Zeroizing::new(digits)), shop: shop.id.uuid(), record };
    let bytes = app.on.keyd.client.seal(asked.clone(), b"strokes").await.unwrap();
    (asked, bytes)
}

async fn opens(app: &TestApp, held: &(Asked, Vec<u8>)) -> Result<(), KeydError> {
    app.on.keyd.client.open(held.0.clone(), &held.1).await.map(drop)
}

/// Whether all keys of a shop are under a lock of its own.
async fn locked(app: &TestApp, shop: uuid::Uuid) -> bool {
    app.on
        .ask(&format!(
            "select bool_and(substr(wrapped, 1, 2) = '\\x0112') from vault.shop_keys where shop_id = '{shop}'"
        ))
        .await
}

async fn code(app: &TestApp, shop: uuid::Uuid) -> i16 {
    app.on.ask(&format!("select action from audit.entries where shop_id = '{shop}' order by seq desc limit 1")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_50_a_shop_that_takes_its_key_back_closes_its_secrets_and_no_other_shops() {
    let stub = Stub::transit().await;
    let app = started().await;
    let (a, b) = (app.on.crowd.a.id.uuid(), app.on.crowd.b.id.uuid());
    let (ours, theirs) = (sealed(&app, &app.on.crowd.a).await, sealed(&app, &app.on.crowd.b).await);
    let who = owner(&app).await;
    let taken = take(&app, &who, &stub).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert!(locked(&app, a).await && !locked(&app, b).await);
    assert_eq!(code(&app, a).await, 185);
    // Tried out: wrapped, given back, and not for another context; the shop's key itself is never sent.
    let asked = stub.asked();
    let acts: Vec<_> = asked.iter().map(|one| one.path.split('/').nth(4).unwrap().to_owned()).collect();
    assert_eq!(acts, ["encrypt", "decrypt", "decrypt"]);
    assert_ne!(asked[1].body["context"], asked[2].body["context"]);
    let page = app.get(&who, PAGE).await.body;
    assert!(page.contains("team/transit/keys/shearline") && !page.contains("hvs.ZZQ"), "{page}");
    opens(&app, &ours).await.unwrap();
    opens(&app, &theirs).await.unwrap();
    // Taken back at the service: what keyd remembers is soon forgotten.
    for (mood, denied) in [(403, true), (503, false)] {
        tokio::time::sleep(RESTS).await;
        stub.mood(0);
        opens(&app, &ours).await.unwrap();
        let begun = Instant::now();
        stub.mood(mood);
        let mut last = opens(&app, &ours).await;
        while last.is_ok() && begun.elapsed() < Duration::from_secs(5) {
            tokio::time::sleep(Duration::from_millis(20)).await;
            last = opens(&app, &ours).await;
        }
        assert!(matches!(&last, Err(KeydError::No(No::OwnKey { denied: is, .. })) if *is == denied), "{last:?}");
        assert!(begun.elapsed() < KEEPS + Duration::from_millis(300), "{:?}", begun.elapsed());
        let site = app.on.crowd.a.clients[0]["site"];
        let mut form = post_fields(&who, &format!("/sites/{site}"));
        for (name, value) in
            [("site", site.to_string()), ("form[access_notes]", "ZZQ-NOTE-4711".into()), ("form[version]", "1".into())]
        {
            form.push((name.into(), value));
        }
        let refused = app.post(&who, "/fn/desk/write_access_notes", &form).await;
        assert_eq!(refused.status, 503, "{}", refused.body);
        assert!(
            refused.body.contains("your own key service") && refused.body.contains("Everything else works"),
            "{}",
            refused.body
        );
        let words = if denied { "says no" } else { "does not answer" };
        assert!(refused.body.contains(words) && !refused.body.contains("ZZQ-NOTE"), "{}", refused.body);
        for page in ["/", "/jobs", "/clients", PAGE, &format!("/sites/{site}")] {
            assert_eq!(app.get(&who, page).await.status, 200, "{page}");
        }
        opens(&app, &theirs).await.unwrap();
        let rival = app.rival().await;
        assert_eq!(app.get(&rival, "/jobs").await.status, 200);
    }
    // Going without needs the lock once more.
    let refused = send(&app, &who, "leave_own_key", &[]).await;
    assert!(refused.status == 409 && refused.body.contains("once more"), "{}", refused.body);
    assert!(locked(&app, a).await);
    stub.mood(0);
    tokio::time::sleep(RESTS).await;
    opens(&app, &ours).await.unwrap();
    let left = send(&app, &who, "leave_own_key", &[]).await;
    assert_eq!(left.status, 200, "{}", left.body);
    assert!(!locked(&app, a).await && code(&app, a).await == 186);
    stub.mood(403);
    tokio::time::sleep(KEEPS).await;
    opens(&app, &ours).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_50_the_webhooks_of_a_closed_shop_wait_and_keep_no_others_waiting() {
    let stub = Stub::transit().await;
    let mut app = started().await;
    for shop in [&app.on.crowd.a, &app.on.crowd.b] {
        let (mut asked, _) = sealed(&app, shop).await;
        asked.record.table = "worker.receivers".into();
        let bytes = app.on.keyd.client.seal(asked.clone(), &[7; 32]).await.unwrap();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        app.on
            .sudo(&format!(
                "insert into worker.receivers (shop_id, id, name, url, groups, sealed, cursor)
                 select '{0}', '{1}', 'SIEM', 'https://{0}.example.com/in', '{{all}}', '\\x{hex}', h.seq - 1 from audit.heads h where h.shop_id = '{0}'",
                shop.id, asked.record.row
            ))
            .await;
    }
    let who = owner(&app).await;
    assert_eq!(take(&app, &who, &stub).await.status, 200);
    keeping(&mut app.on, Duration::ZERO);
    stub.mood(403);
    let mut sent = Vec::new();
    for _ in 0..4 {
        sent.extend(app.on.db.claim_delivery().await.unwrap().map(|delivery| delivery.url));
    }
    assert_eq!(sent, [format!("https://{}.example.com/in", app.on.crowd.b.id)]);
    let of = |what: &str| {
        format!("select {what} from worker.deliveries where kind = 'stream' and shop_id = '{}'", app.on.crowd.a.id)
    };
    let (state, problem): (String, String) = (app.on.ask(&of("state")).await, app.on.ask(&of("problem")).await);
    assert!(state == "waiting" && problem.contains("own key is closed"), "{state} {problem}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_50_keys_turn_around_a_shop_that_has_taken_its_key_back() {
    let stub = Stub::transit().await;
    let mut app = started().await;
    let ours = sealed(&app, &app.on.crowd.a).await;
    let theirs = sealed(&app, &app.on.crowd.b).await;
    let who = owner(&app).await;
    assert_eq!(take(&app, &who, &stub).await.status, 200);
    keeping(&mut app.on, Duration::ZERO);
    stub.mood(403);
    let (url, keyd) = (app.on.url(), app.on.keyd.client.clone());
    assert_eq!(keyd.next_root().await.unwrap(), 2);
    assert_eq!(rotation::begin_generation(&url, &keyd).await.unwrap(), 1, "the other shop alone");
    let turned = rotation::catch_up(&url, &keyd).await.unwrap();
    assert!(turned.shop_keys >= 2, "{turned:?}");
    let under: Vec<(u32, i64)> = rotation::under(&url).await.unwrap();
    assert!(under.iter().all(|(root, _)| *root == 2), "{under:?}");
    opens(&app, &theirs).await.unwrap();
    assert!(opens(&app, &ours).await.is_err());
    // The older root key goes, and the shop's lock opens under the newer one once the shop lets it.
    keyd.retire_root(1).await.unwrap();
    stub.mood(0);
    tokio::time::sleep(RESTS).await;
    opens(&app, &ours).await.unwrap();
    assert_eq!(rotation::begin_generation(&url, &keyd).await.unwrap(), 2);
    assert!(locked(&app, app.on.crowd.a.id.uuid()).await, "the next key is under the lock, too");
    rotation::catch_up(&url, &keyd).await.unwrap();
    opens(&app, &sealed(&app, &app.on.crowd.a).await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_50_a_key_that_does_not_work_or_leads_inside_is_not_stored() {
    let stub = Stub::transit().await;
    let app = started().await;
    let a = app.on.crowd.a.id.uuid();
    let who = owner(&app).await;
    let at = format!("http://{}/team/transit/keys/shearline", stub.at);
    let before = code(&app, a).await;
    for (address, token, words) in [
        (at.as_str(), "hvs.ZZQ-WRONG", "says no: permission denied"),
        (at.as_str(), "", "Enter the credential"),
        ("https://169.254.169.254/transit/keys/k", stub::TOKEN, "inside the server"),
        ("https://metadata.google.internal./transit/keys/k", stub::TOKEN, "does not answer"),
        ("http://127.0.0.1:1/transit/keys/k", stub::TOKEN, "No connection"),
    ] {
        let refused = send(&app, &who, "take_vault_key", &[("address", address), ("credential", token)]).await;
        assert!(
            refused.status == 422 && refused.body.contains(words),
            "{address}: {} {}",
            refused.status,
            refused.body
        );
        assert!(!refused.body.contains("hvs.ZZQ"), "{}", refused.body);
    }
    stub.inner.loose.store(true, Ordering::SeqCst);
    let refused = take(&app, &who, &stub).await;
    assert!(refused.status == 422 && refused.body.contains("another context"), "{}", refused.body);
    stub.inner.loose.store(false, Ordering::SeqCst);
    // Not for others, and not without a fresh proof.
    stub.asked();
    for role in [Role::Admin, Role::Manager, Role::Technician, Role::Auditor] {
        let other = app.staff(role).await;
        app.on.sudo("update auth.capabilities set confirmed_at = app.now() where kind = 'session'").await;
        assert_eq!(take(&app, &other, &stub).await.status, 403, "{role}");
        assert_eq!(app.get(&other, PAGE).await.status, 403, "{role}");
    }
    app.on.sudo("update auth.capabilities set confirmed_at = null").await;
    let unproved = take(&app, &who, &stub).await;
    assert_ne!(unproved.status, 200, "{}", unproved.body);
    assert!(stub.asked().is_empty() && !locked(&app, a).await);
    let kept: i64 = app.on.ask("select count(*) from vault.own_keys").await;
    assert_eq!((kept, before == 185), (0, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_50_keyd_itself_reaches_no_service_inside() {
    let stub = Stub::transit().await;
    let mut on = harness::fresh().await;
    // As the operator has it who opened no network.
    on.keyd.services = Some(server::keyd::own::services(&[]).unwrap());
    keeping(&mut on, KEEPS);
    let app = app::serve(on).await;
    let shop = &app.on.crowd.a;
    let (mut asked, _) = sealed(&app, shop).await;
    asked.record.table = "vault.own_keys".into();
    for scheme in ["http", "https"] {
        for host in [
            stub.at.to_string(),
            format!("localhost:{}", stub.at.port()),
            format!("[::ffff:127.0.0.1]:{}", stub.at.port()),
        ] {
            let settings = serde_json::json!({ "kind": "vault", "address": format!("{scheme}://{host}/team/transit/keys/shearline"), "credential": stub::TOKEN });
            let refused = app.on.keyd.client.take_own(asked.clone(), settings.to_string().as_bytes()).await;
            assert!(
                matches!(&refused, Err(KeydError::No(No::OwnKey { words, .. })) if words.contains("inside") || words.contains("https")),
                "{host}: {refused:?}"
            );
        }
    }
    assert!(stub.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_50_kms_keeps_the_lock_as_well_and_the_credential_is_nowhere() {
    let stub = Stub::kms().await;
    let app = started().await;
    let a = app.on.crowd.a.id.uuid();
    let ours = sealed(&app, &app.on.crowd.a).await;
    let who = owner(&app).await;
    let endpoint = format!("http://{}", stub.at);
    let fields = [
        ("region", "eu-central-1"),
        ("key", "alias/shearline"),
        ("access_key_id", stub::KEY_ID),
        ("credential", stub::SECRET),
        ("endpoint", endpoint.as_str()),
    ];
    let taken = send(&app, &who, "take_kms_key", &fields).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert!(locked(&app, a).await);
    opens(&app, &ours).await.unwrap();
    let shop = a.to_string();
    assert!(stub.asked().iter().all(|one| one.body["EncryptionContext"]["shearline-shop"] == shop.as_str()));
    let everything = app.on.everything().await;
    assert!(everything.holds("alias/shearline"));
    for secret in [stub::SECRET, stub::KEY_ID] {
        assert!(!everything.holds(secret), "{secret} lies in the database");
    }
    let log = std::fs::read_to_string(&app.on.keyd.log).unwrap();
    assert!(log.contains(" own ") && !log.contains(stub::SECRET), "{log}");
}
