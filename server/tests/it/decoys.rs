//! Decoys over HTTP: whoever looks is told of within five seconds, by whatever road; and nothing anybody but an owner sees
//! tells one from another record.

use crate::{
    app::{self, Answer, TestApp, Who, post_fields, settled},
    machines,
};
use domain::{
    Permission, Role,
    alerts::{AlertFilter, AlertRow, DecoyKind, DecoyRow},
};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// What a decoy and its honest twin say.
const CLIENT: [(&str, &str); 3] =
    [("name", "Kessler Auto Glass"), ("phone", "+1 416 555 0177"), ("address", "12 Grove Lane")];

/// A person of that role, with a second step and just confirmed.
pub async fn proved(app: &TestApp, role: Role) -> Who {
    let person = app.on.crowd.a.people[&role];
    let who = app.staff(role).await;
    app.on
        .sudo(&format!(
            "insert into auth.totp (id, person_id, sealed, confirmed_at) values (gen_random_uuid(), '{person}', '\\x00', app.now()) on conflict do nothing;
             update auth.capabilities set confirmed_at = app.now() where person_id = '{person}'"
        ))
        .await;
    who
}

pub async fn post(app: &TestApp, who: &Who, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = post_fields(who, "/");
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    app.post(who, path, &form).await
}

async fn done(app: &TestApp, who: &Who, path: &str, fields: &[(&str, &str)]) {
    let answer = post(app, who, path, fields).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
}

/// Laid out by the owner.
struct Laid {
    client: Uuid,
    key: Uuid,
    link: String,
}

async fn rows(app: &TestApp) -> Vec<DecoyRow> {
    let owner = app.on.crowd.a.actor(&app.on.db, Role::Owner).await;
    let mut tx = app.on.db.read(owner.allow(Permission::ManageDecoys).expect("owner")).await.expect("read");
    store::alerts::decoys(&mut tx).await.expect("decoys")
}

const KEY: [(&str, &str); 4] = [
    ("form[label]", "Key cabinet"),
    ("form[item]", "Grand master"),
    ("form[make]", "kwikset_kw1"),
    ("form[cuts]", "33333"),
];

async fn lay_out(app: &TestApp) -> Laid {
    let owner = proved(app, Role::Owner).await;
    let [name, phone, address] = CLIENT.map(|(_, value)| value);
    let form =
        [("form[name]", name), ("form[phone]", phone), ("form[address]", address), ("form[contact]", "Petra Novak")];
    done(app, &owner, "/fn/office/plant_client", &form).await;
    let client = rows(app).await[0].id;
    let at = client.to_string();
    done(app, &owner, "/fn/office/plant_key", &[&KEY[..], &[("client", &at)]].concat()).await;
    let mut fields = post_fields(&owner, "/alerts/decoys");
    fields.push(("client".into(), at));
    let made = app.plain(&owner, "/fn/office/plant_link", &fields).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let flash =
        made.headers.iter().find(|(name, value)| name == "set-cookie" && value.starts_with("flash=")).expect("flash");
    let carrying = Who { cookie: format!("{}; {}", owner.cookie, flash.1.split(';').next().unwrap()), ..owner };
    let page = app.get(&carrying, "/alerts/decoys").await.body;
    let at = page.find("/p/").expect("the link is shown once");
    let all = rows(app).await;
    assert_eq!(
        all.iter().map(|row| row.kind).collect::<Vec<_>>(),
        [DecoyKind::Client, DecoyKind::Bitting, DecoyKind::PortalLink]
    );
    Laid { client, key: all[1].id, link: page[at..at + 46].to_owned() }
}

/// The same by the pages everybody uses.
async fn twin(app: &TestApp) -> (Uuid, Uuid) {
    let owner = app.staff(Role::Owner).await;
    let [name, phone, address] = CLIENT.map(|(_, value)| value);
    let form = [
        ("form[kind]", "company"),
        ("form[name]", name),
        ("form[phone_1]", phone),
        ("form[billing_address]", address),
        ("form[another]", "on"),
    ];
    done(app, &owner, "/fn/desk/create_client", &form).await;
    let client: Uuid = app.on.ask("select id from app.clients order by id desc limit 1").await;
    let at = client.to_string();
    let contact = [("client", &*at), ("form[name]", "Petra Novak"), ("form[requester]", "on")];
    done(app, &owner, "/fn/desk/add_contact", &contact).await;
    let key = [
        ("client", &*at),
        KEY[0],
        KEY[1],
        KEY[2],
        ("form[bitting]", "33333"),
        ("form[reading]", "bow_to_tip"),
        ("form[source]", "decoded"),
        ("form[confidence]", "sure"),
        ("form[as_found]", "on"),
    ];
    done(app, &owner, "/fn/keys/record_bitting", &key).await;
    let contact: Uuid = app.on.ask("select id from app.contacts order by id desc limit 1").await;
    let link = [("client", &*at), ("contact", &contact.to_string()), ("how", "show")];
    done(app, &owner, "/fn/desk/make_portal_link", &link).await;
    (client, app.on.ask("select id from vault.bittings order by id desc limit 1").await)
}

async fn alerts(app: &TestApp) -> Vec<AlertRow> {
    let owner = app.on.crowd.a.actor(&app.on.db, Role::Owner).await;
    let mut tx = app.on.db.read(owner.allow(Permission::SeeAlerts).expect("owner")).await.expect("read");
    let all = AlertFilter { show: "all".into(), ..AlertFilter::default() };
    store::alerts::list(&mut tx, &all).await.expect("list").0.into_iter().filter(|row| !row.way.is_empty()).collect()
}

/// Waits until somebody was told of one more look by that way at that record; more than five seconds are too long.
async fn told(app: &TestApp, way: &str, record: Option<Uuid>) {
    let began = Instant::now();
    let which = record.map(|record| format!("and decoy_id = '{record}'")).unwrap_or_default();
    let asked = format!("select count(*) from auth.touches where way like '{way}%' and told_at is not null {which}");
    while app.on.ask::<i64>(&asked).await == 0 {
        assert!(began.elapsed() < Duration::from_secs(5), "nobody was told of {way}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let sum = "select coalesce(sum(times), 0)::bigint from app.alerts where rule = 'decoy'";
    let touches = "select count(*) from auth.touches where told_at is not null";
    assert_eq!(app.on.ask::<i64>(sum).await, app.on.ask::<i64>(touches).await, "each look stands in an alert");
}

async fn looks_taken_along(app: &TestApp) {
    app.on.db.watch().await.expect("watch");
    crate::alerts::no_alerts(app).await;
    app.on.sudo("update auth.touches set told_at = app.now() where told_at is null").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_36_a_look_at_a_decoy_is_told_within_five_seconds_by_every_road() {
    let app = app::start().await;
    let Laid { client, key, link } = lay_out(&app).await;
    looks_taken_along(&app).await;
    assert_eq!(app.on.ask::<i64>("select count(*) from auth.touches").await, 0, "laying one out is no look");
    tokio::spawn(server::alerts::run(app.on.db.clone(), std::future::pending()));
    let (dispatcher, manager) = (app.staff(Role::Dispatcher).await, proved(&app, Role::Manager).await);
    let api = machines::all(&app, &app.on.crowd.a).await;
    assert_eq!(app.get(&dispatcher, &format!("/clients/{client}")).await.status, 200);
    told(&app, "opened", Some(client)).await;
    assert_eq!(machines::call(&app, &api, "GET", &format!("/api/v1/clients/{client}"), "").await.status, 200);
    told(&app, "read, by a program", Some(client)).await;
    // Even what is refused, and rolled back, was a look.
    let stale =
        [("client", &*client.to_string()), ("form[kind]", "person"), ("form[name]", "Mine"), ("form[version]", "99")];
    assert_eq!(post(&app, &dispatcher, "/fn/desk/update_client", &stale).await.status, 409);
    told(&app, "worked on", Some(client)).await;
    assert_eq!(app.get(&manager, &format!("/bittings/{key}")).await.status, 200);
    told(&app, "opened", Some(key)).await;
    let record = key.to_string();
    let reason = ("form[reason]", "stock-taking");
    done(&app, &manager, "/fn/keys/search_bittings", &[("form[bitting]", "33333"), reason]).await;
    told(&app, "found", Some(key)).await;
    for (path, way) in [("/fn/keys/reveal_bitting", "revealed"), ("/fn/keys/print_bitting", "printed")] {
        let answer = post(&app, &manager, path, &[("record", &record), reason]).await;
        assert!(answer.status == 200 && answer.body.contains("33333"), "{}", answer.body);
        told(&app, way, Some(key)).await;
    }
    let stranger = Who::default();
    assert_eq!(app.get(&stranger, &link).await.status, 200);
    told(&app, "followed", None).await;
    // One alert for each person and decoy, with a letter to the owner alone, and what it says.
    let said: Vec<_> = alerts(&app).await.iter().map(AlertRow::sentence).collect();
    let has = |words: &str| said.iter().filter(|one| one.starts_with(words)).count();
    assert_eq!(has("Dispatcher opened the client “Kessler Auto Glass”, a decoy"), 1, "{said:?}");
    assert_eq!(has("Manager opened the key “Key cabinet”, a decoy, "), 1, "{said:?}");
    assert_eq!(has("Somebody followed the portal link of “Kessler Auto Glass”, a decoy."), 1, "{said:?}");
    assert_eq!(said.len(), 4, "{said:?}");
    let mut letters = Vec::new();
    while let Some(letter) = app.on.db.claim_mail().await.expect("claim") {
        if letter.mail.subject.contains("a decoy was touched") {
            assert!(
                !letter.mail.text.contains("Kessler") && !letter.mail.text.contains("Manager"),
                "{}",
                letter.mail.text
            );
            letters.push(letter.mail.to.clone());
        }
        app.on.db.mail_sent(&letter).await.expect("sent");
    }
    assert_eq!(letters, vec![app.on.crowd.a.email(Role::Owner); 4]);
    // The owner's page says how often; a decoy taken away means nothing any more.
    assert!(rows(&app).await.iter().all(|row| row.touches > 0));
    let owner = proved(&app, Role::Owner).await;
    assert_eq!(post(&app, &owner, "/fn/office/remove_decoy", &[("decoy", &client.to_string())]).await.status, 409);
    let before: i64 = app.on.ask("select count(*) from auth.touches").await;
    for row in rows(&app).await.into_iter().rev() {
        done(&app, &owner, "/fn/office/remove_decoy", &[("decoy", &row.id.to_string())]).await;
    }
    assert!(rows(&app).await.is_empty());
    app.get(&dispatcher, &format!("/clients/{client}")).await;
    assert_eq!(app.get(&stranger, &link).await.status, 404);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(app.on.ask::<i64>("select count(*) from auth.touches").await, before);
}

/// A page without ids and digits: of whom it speaks, and when that was made.
fn nameless(page: &str, of: &Uuid) -> String {
    let (mut out, mut rest) = (String::new(), page);
    while let Some(next) = rest.chars().next() {
        let id = rest.get(..36).and_then(|text| Uuid::parse_str(text).ok());
        let (text, taken) = match id {
            Some(id) => (if id == *of { "THIS" } else { "ANOTHER" }.to_owned(), 36),
            None if next.is_ascii_digit() => ("0".to_owned(), 1),
            None => (next.to_string(), next.len_utf8()),
        };
        out += &text;
        rest = &rest[taken..];
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_36_nothing_tells_a_decoy_from_another_record() {
    let app = app::start().await;
    let (home, figures) =
        (app.staff(Role::Manager).await, "select count(*) || ' ' || coalesce(sum(total_minor), 0) from app.invoices");
    let before: String = app.on.ask(figures).await;
    let shown = settled(&app.get(&home, "/").await.body, "-");
    let laid = lay_out(&app).await;
    let (twin, twins_key) = twin(&app).await;
    assert_eq!(app.on.ask::<String>(figures).await, before);
    assert_eq!(settled(&app.get(&home, "/").await.body, "-"), shown, "the figures do not change");
    looks_taken_along(&app).await;
    // To the byte, for everybody: ids and moments of making apart.
    let pages = [
        (format!("/clients/{}", laid.client), format!("/clients/{twin}"), laid.client, twin),
        (format!("/clients/{}/edit", laid.client), format!("/clients/{twin}/edit"), laid.client, twin),
        (format!("/bittings/{}", laid.key), format!("/bittings/{twins_key}"), laid.key, twins_key),
        (format!("/bittings?client={}", laid.client), format!("/bittings?client={twin}"), laid.client, twin),
        (format!("/audit?subject={}", laid.client), format!("/audit?subject={twin}"), laid.client, twin),
    ];
    for role in Role::ALL {
        let who = app.staff(role).await;
        for (decoy, other, id, twin_id) in &pages {
            let (one, two) = (app.get(&who, decoy).await, app.get(&who, other).await);
            assert_eq!(one.status, two.status, "{role} {decoy}");
            let plain = |answer: &Answer, id: &Uuid| settled(&nameless(&answer.body, id), "-");
            let (one_body, two_body) = (plain(&one, id), plain(&two, twin_id));
            let apart = one_body.bytes().zip(two_body.bytes()).position(|(one, two)| one != two);
            let around = apart.map(|at| {
                String::from_utf8_lossy(&one_body.as_bytes()[at.saturating_sub(80)..(at + 80).min(one_body.len())])
                    .into_owned()
            });
            assert_eq!((one_body.len(), around), (two_body.len(), None), "{role} {decoy}");
            let names: fn(&Answer) -> Vec<&String> = |answer| answer.headers.iter().map(|(name, _)| name).collect();
            assert_eq!(names(&one), names(&two));
        }
    }
    // As a program reads it, alone, in a list and on the trail.
    let key = machines::all(&app, &app.on.crowd.a).await;
    let read = async |path: String| machines::call(&app, &key, "GET", &path, "").await;
    let plain = |answer: &Answer, id: Uuid| {
        let mut value: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        value["created_at"] = "".into();
        value.to_string().replace(&id.to_string(), "ID")
    };
    let (one, two) =
        (read(format!("/api/v1/clients/{}", laid.client)).await, read(format!("/api/v1/clients/{twin}")).await);
    assert_eq!(plain(&one, laid.client), plain(&two, twin));
    let trail = read("/api/v1/audit?limit=200".to_owned()).await.body;
    assert!(trail.contains(&laid.client.to_string()) && !trail.to_lowercase().contains("decoy"), "{trail}");
    // Touched and told: nobody but the owner sees that either, on no page there is. Nor that one of these alerts was closed.
    assert!(app.on.db.watch().await.expect("watch") > 0);
    let told: String = app.on.ask("select id::text from app.alerts where rule = 'decoy' order by id limit 1").await;
    let keeper = proved(&app, Role::Owner).await;
    let since: i64 = app.on.ask("select count(*) from audit.entries").await;
    let words = [("alert", &*told), ("form[note]", "Looked like a slip of the mouse")];
    done(&app, &keeper, "/fn/office/close_alert", &words).await;
    let closed: i64 = app.on.ask("select count(*) from app.alerts where closed_at is not null").await;
    let after: i64 = app.on.ask("select count(*) from audit.entries").await;
    assert_eq!((closed, after), (1, since), "an entry tells that there was something to close");
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Owner) {
        let who = app.staff(role).await;
        for page in [
            "/",
            "/clients",
            "/search?q=kessler",
            "/bittings",
            "/alerts",
            "/alerts?show=all",
            "/audit",
            "/audit/openings",
        ] {
            let answer = app.get(&who, page).await;
            let body = answer.body.to_lowercase();
            assert!(!body.contains("decoy"), "{role} reads of decoys on {page}");
        }
    }
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Owner) {
        assert_eq!(app.get(&app.staff(role).await, "/alerts/decoys").await.status, 403, "{role}");
    }
    let chain: i64 = app
        .on
        .ask("select count(*) from audit.entries e left join audit.personal p using (shop_id, seq)
              where lower(convert_from(e.payload, 'UTF8') || convert_from(coalesce(audit.facts(p), ''), 'UTF8')) like '%decoy%'")
        .await;
    let refused: i64 = app.on.ask("select count(*) from audit.entries where action = 9 and convert_from(payload, 'UTF8') like '%ManageDecoys%'").await;
    assert_eq!(chain, refused, "but that somebody was refused the owner's page");
    let owner = app.get(&app.staff(Role::Owner).await, "/alerts").await.body;
    assert!(owner.contains("a decoy"), "{owner}");
    // In the same time.
    let who = app.staff(Role::Dispatcher).await;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..60 {
        let began = Instant::now();
        app.get(&who, &pages[0].0.replace(&laid.client.to_string(), &[laid.client, twin][round % 2].to_string())).await;
        times[round % 2].push(began.elapsed());
    }
    let [decoy, other] = times.map(|mut all| {
        all.sort();
        all[all.len() / 2]
    });
    assert!(decoy < other * 3 && other < decoy * 3, "{decoy:?} against {other:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_36_the_rival_learns_nothing_of_decoys_and_touches_none() {
    let app = app::start().await;
    let laid = lay_out(&app).await;
    looks_taken_along(&app).await;
    let rival = app.rival().await;
    app.on
        .sudo(&format!(
            "insert into auth.totp (id, person_id, sealed, confirmed_at) values (gen_random_uuid(), '{0}', '\\x00', app.now());
             update auth.capabilities set confirmed_at = app.now() where person_id = '{0}'",
            app.on.crowd.b.people[&Role::Owner]
        ))
        .await;
    for (path, id) in [("clients", laid.client), ("bittings", laid.key)] {
        let (theirs, nowhere) = (
            app.get(&rival, &format!("/{path}/{id}")).await,
            app.get(&rival, &format!("/{path}/{}", Uuid::now_v7())).await,
        );
        assert_eq!((theirs.status, nowhere.status), (404, 404));
    }
    let client = laid.client.to_string();
    let list = post(&app, &rival, "/fn/office/list_decoys", &[]).await;
    assert!(
        list.status == 200 && !list.body.contains(&client) && !list.body.contains("Kessler Auto Glass"),
        "{}",
        list.body
    );
    for (path, name) in [
        ("/fn/office/plant_link", "client"),
        ("/fn/office/remove_decoy", "decoy"),
        ("/fn/office/change_decoy", "decoy"),
    ] {
        let tried = post(&app, &rival, path, &[(name, &client), ("form[name]", "Mine"), ("form[detail]", "")]).await;
        assert_eq!(tried.status, 404, "{path}: {}", tried.body);
    }
    let key = [&KEY[..], &[("client", &client)]].concat();
    assert_eq!(post(&app, &rival, "/fn/office/plant_key", &key).await.status, 404);
    app.on.db.watch().await.expect("watch");
    assert_eq!(
        app.on.ask::<i64>("select count(*) from auth.touches").await,
        0,
        "what is not there for them is no look"
    );
    // And admins of the shop itself are no owners.
    let admin = proved(&app, Role::Admin).await;
    assert_eq!(post(&app, &admin, "/fn/office/list_decoys", &[]).await.status, 403);
    // Changing one from the owner's page is no look, and looks like any change.
    let owner = proved(&app, Role::Owner).await;
    let change = [
        ("decoy", &*client),
        ("form[name]", "Kessler Glass"),
        ("form[detail]", "+1 416 555 0178"),
        ("form[more]", "14 Grove Lane"),
    ];
    done(&app, &owner, "/fn/office/change_decoy", &change).await;
    let key = laid.key.to_string();
    done(
        &app,
        &owner,
        "/fn/office/change_decoy",
        &[("decoy", &key), ("form[name]", "Cabinet"), ("form[detail]", "Master")],
    )
    .await;
    app.on.db.watch().await.expect("watch");
    assert_eq!(app.on.ask::<i64>("select count(*) from auth.touches").await, 0);
    let names: Vec<_> = rows(&app).await.into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["Kessler Glass", "Cabinet", "Kessler Glass"]);
}
