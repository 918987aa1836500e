//! Alerts over HTTP: raised once for each cause, within five seconds, told to those who watch over the shop, and closed.

use crate::{
    app::{self, TestApp, Who, post_fields},
    decoys::{post, proved},
    harness::{Shop, crowd::origin},
    machines,
};
use domain::{
    Permission, Role,
    alerts::{AlertFilter, AlertRow, Rule},
    machines::{NewApiKey, Reach, Scope},
};
use std::time::{Duration, Instant};
use store::front_door::api_keys;
use uuid::Uuid;

/// The watch as the server runs it.
fn watch(app: &TestApp) {
    tokio::spawn(server::alerts::run(app.on.db.clone(), std::future::pending()));
}

/// Nothing that happened before the test is new to the watch.
async fn from_now(app: &TestApp) {
    // The crowd's own wrong passwords are too long ago to matter.
    app.on.later("31 minutes").await;
    app.on
        .sudo("update worker.watches w set seq = h.seq, hash = h.hash from audit.heads h where h.shop_id = w.shop_id")
        .await;
    no_alerts(app).await;
}

/// As in a shop where none was ever raised; the database itself keeps each for good.
pub async fn no_alerts(app: &TestApp) {
    app.on
        .sudo("alter table app.alerts disable trigger keeps; delete from app.alerts; alter table app.alerts enable always trigger keeps")
        .await;
}

async fn seen_by(app: &TestApp, shop: &Shop, role: Role) -> Vec<AlertRow> {
    let actor = shop.actor(&app.on.db, role).await;
    let mut tx = app.on.db.read(actor.allow(Permission::SeeAlerts).expect("may see them")).await.expect("read");
    let all = AlertFilter { show: "all".into(), ..AlertFilter::default() };
    store::alerts::list(&mut tx, &all).await.expect("list").0
}

/// Waits for so many alerts of that rule; more than five seconds are too long.
async fn raised(app: &TestApp, rule: Rule, count: i64) -> Duration {
    let began = Instant::now();
    let asked = format!("select count(*) from app.alerts where rule = '{}'", rule.as_str());
    while app.on.ask::<i64>(&asked).await < count {
        assert!(began.elapsed() < Duration::from_secs(5), "no alert of {rule:?} within five seconds");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    began.elapsed()
}

async fn letters(app: &TestApp) -> i64 {
    app.on.ask("select count(*) from worker.outbox").await
}

async fn close(app: &TestApp, who: &Who, alert: Uuid, note: &str) -> u16 {
    let mut form = post_fields(who, "/alerts");
    form.extend([("alert".to_owned(), alert.to_string()), ("form[note]".to_owned(), note.to_owned())]);
    app.post(who, "/fn/office/close_alert", &form).await.status
}

async fn trap(app: &TestApp) -> String {
    let owner = app.on.crowd.a.actor(&app.on.db, Role::Owner).await;
    let reach = Reach { scope: Scope::Read, namespaces: Vec::new() };
    let new = NewApiKey { name: "Old backup script".into(), reach, days: 365, trap: true };
    api_keys::text(&app.on.db.front_door().make_api_key(&owner, "trap", &new).await.expect("trap"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_36_a_used_honeypot_is_one_alert_until_it_is_closed() {
    let app = app::start().await;
    let shop = &app.on.crowd.a;
    let trap = trap(&app).await;
    from_now(&app).await;
    watch(&app);
    let before = letters(&app).await;
    machines::call(&app, &trap, "GET", "/api/v1/clients", "").await;
    raised(&app, Rule::Honeypot, 1).await;
    let alerts = seen_by(&app, shop, Role::Manager).await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    let alert = &alerts[0];
    assert!(alert.sentence().contains("“Old backup script”") && alert.place == app.from.to_string(), "{alert:?}");
    let owners = 2;
    assert_eq!(
        letters(&app).await - before,
        owners,
        "the key itself wrote to owner and admin; the alert does not again"
    );
    // Seen by those who watch, with a number at the rail, and by nobody else.
    let owner = app.staff(Role::Owner).await;
    let page = app.get(&owner, "/alerts").await.body;
    assert!(page.contains("Old backup script") && page.contains(">1 open<"), "{page}");
    assert!(!app.get(&app.staff(Role::Dispatcher).await, "/").await.body.contains("1 open"));
    let row = alert.entries.expect("entries");
    assert!(app.get(&owner, &format!("/audit?before={}", row.1 + 1)).await.body.contains("used a honeypot key"));
    let rivals = seen_by(&app, &app.on.crowd.b, Role::Owner).await;
    assert!(rivals.is_empty(), "{rivals:?}");
    // While it is open, further uses are counted there.
    app.on.later("2 minutes").await;
    machines::call(&app, &trap, "GET", "/api/v1/clients", "").await;
    let began = Instant::now();
    while seen_by(&app, shop, Role::Auditor).await[0].times < 2 {
        assert!(began.elapsed() < Duration::from_secs(5), "not counted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(seen_by(&app, shop, Role::Owner).await.len(), 1);
    // Closed once, with a note, by those who may; and nothing of the past opens it again.
    assert_eq!(close(&app, &app.staff(Role::Auditor).await, alert.id, "Mine").await, 403);
    assert_eq!(close(&app, &app.rival().await, alert.id, "Mine").await, 404);
    assert_eq!(close(&app, &owner, alert.id, "").await, 422, "what came of it must be said");
    assert_eq!(close(&app, &owner, alert.id, "The old server was stolen; keys replaced.").await, 200);
    assert_eq!(close(&app, &owner, alert.id, "Again").await, 409);
    // As after a database was put back: what was seen is seen again.
    let stood = alert.entries.expect("entries").0 - 1;
    app.on
        .sudo(&format!(
            "update worker.watches w set seq = e.seq, hash = e.hash from audit.entries e where w.shop_id = '{0}' and e.shop_id = '{0}' and e.seq = {stood}",
            shop.id
        ))
        .await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    let closed = seen_by(&app, shop, Role::Manager).await;
    assert_eq!(closed.len(), 1, "a closed alert was raised again: {closed:?}");
    assert!(closed[0].closed.as_ref().is_some_and(|(_, by, note)| by == "Olive Owner" && note.contains("stolen")));
    assert!(app.get(&owner, "/alerts").await.body.contains("All quiet"));
    // Another use is another cause.
    app.on.later("2 minutes").await;
    machines::call(&app, &trap, "GET", "/api/v1/clients", "").await;
    raised(&app, Rule::Honeypot, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_77_a_broken_chain_is_an_alert_even_when_its_end_was_cut_off() {
    let app = app::start().await;
    let shop = app.on.crowd.a.id;
    from_now(&app).await;
    // Somebody cuts the tail off and rewinds the head: the entry that tells of it takes a number that was watched before.
    for table in ["entries", "personal", "subjects", "heads", "checkpoints"] {
        app.on.sudo(&format!("alter table audit.{table} disable trigger all")).await;
    }
    app.on
        .sudo(&format!(
            "delete from audit.subjects s using audit.heads h where s.shop_id = '{shop}' and h.shop_id = s.shop_id and s.seq > h.seq - 1;
             delete from audit.personal s using audit.heads h where s.shop_id = '{shop}' and h.shop_id = s.shop_id and s.seq > h.seq - 1;
             delete from audit.entries s using audit.heads h where s.shop_id = '{shop}' and h.shop_id = s.shop_id and s.seq > h.seq - 1;
             update audit.heads h set seq = h.seq - 1, hash = (select hash from audit.entries e where e.shop_id = h.shop_id and e.seq = h.seq - 1) where shop_id = '{shop}'"
        ))
        .await;
    for table in ["entries", "personal", "subjects", "heads", "checkpoints"] {
        app.on.sudo(&format!("alter table audit.{table} enable trigger all")).await;
    }
    // A day, and not so late that the round itself is told of.
    app.on.later("24 hours 10 minutes").await;
    for round in app.on.db.rounds_due().await.expect("rounds") {
        app.on.db.make_round(&round, &[]).await.expect("a round");
    }
    watch(&app);
    raised(&app, Rule::ChainBroken, 1).await;
    app.on.later("30 hours").await;
    for round in app.on.db.rounds_due().await.expect("rounds") {
        app.on.db.make_round(&round, &[]).await.expect("a round");
    }
    // Both shops' rounds came late.
    raised(&app, Rule::VerificationMissed, 2).await;
    let own = seen_by(&app, &app.on.crowd.a, Role::Auditor).await;
    let rules: Vec<_> = own.iter().map(|row| row.rule).collect();
    assert_eq!(rules.iter().filter(|rule| **rule == Rule::ChainBroken).count(), 1, "{rules:?}");
    assert_eq!(rules.iter().filter(|rule| **rule == Rule::VerificationMissed).count(), 1, "{rules:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_77_whoever_tries_doors_at_the_real_server_is_told_within_five_seconds() {
    let app = app::start().await;
    from_now(&app).await;
    watch(&app);
    let before = letters(&app).await;
    let technician = app.staff(Role::Technician).await;
    for n in 0..19 {
        let path = if n % 2 == 0 { format!("/clients/{}", Uuid::now_v7()) } else { "/audit".to_owned() };
        let status = app.get(&technician, &path).await.status;
        assert_eq!(status, if n % 2 == 0 { 404 } else { 403 });
    }
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(app.on.ask::<i64>("select count(*) from app.alerts").await, 0, "nineteen are a clumsy day");
    app.get(&technician, "/nowhere/at/all").await;
    raised(&app, Rule::Probing, 1).await;
    let alert = seen_by(&app, &app.on.crowd.a, Role::Owner).await.remove(0);
    assert!(alert.who == "Technician" && alert.times == 20 && alert.place == app.from.to_string(), "{alert:?}");
    assert_eq!(letters(&app).await - before, 2, "a letter to owner and admin");
    let mut told = 0;
    while let Some(letter) = app.on.db.claim_mail().await.expect("claim") {
        if letter.mail.subject.starts_with("An alert at northgate Lock & Key") {
            told += 1;
            assert!(!letter.mail.text.contains("Technician") && !letter.mail.text.contains(&app.from.to_string()));
        }
        app.on.db.mail_sent(&letter).await.expect("sent");
    }
    assert_eq!(told, 2);
    // A program and a client's link, too.
    let key = machines::all(&app, &app.on.crowd.a).await;
    let client = app.client(0).await;
    for _ in 0..20 {
        machines::call(&app, &key, "GET", &format!("/api/v1/clients/{}", Uuid::now_v7()), "").await;
        app.get(&client, &format!("/portal/invoices/{}", Uuid::now_v7())).await;
    }
    raised(&app, Rule::Probing, 3).await;
    let names: Vec<_> = seen_by(&app, &app.on.crowd.a, Role::Owner).await.into_iter().map(|row| row.who).collect();
    assert!(names.contains(&"Contact 1".to_owned()) && names.contains(&"The key “Test”".to_owned()), "{names:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_77_wrong_passwords_and_a_strange_network_are_told_once_though_many_watch() {
    let app = app::start().await;
    let (shop, person) = (&app.on.crowd.a, app.on.crowd.a.people[&Role::Bookkeeper]);
    from_now(&app).await;
    for _ in 0..3 {
        shop.session(&app.on.db, person).await;
    }
    for _ in 0..5 {
        app.on
            .db
            .front_door()
            .record_failure(&shop.email(Role::Bookkeeper), Some(person), &origin())
            .await
            .expect("failure");
    }
    let far = store::Origin { ip: "203.0.113.9".into(), user_agent: "test".into() };
    app.on.db.front_door().open_session(shop.id, person, &far).await.expect("session");
    let looks: Vec<_> = (0..6)
        .map(|_| {
            let db = app.on.db.clone();
            tokio::spawn(async move { db.watch().await.expect("watch") })
        })
        .collect();
    let mut sum = 0;
    for look in looks {
        sum += look.await.expect("look");
    }
    let mut rules: Vec<_> = seen_by(&app, shop, Role::Owner).await.into_iter().map(|row| row.rule).collect();
    rules.sort();
    assert_eq!((sum, rules), (2, vec![Rule::NewNetwork, Rule::GuessedIn]));
    assert_eq!(app.on.db.watch().await.expect("watch"), 0, "nothing is seen twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_77_what_is_opened_outside_the_hours_of_the_shop_is_told() {
    let app = app::start().await;
    from_now(&app).await;
    let (owner, manager) = (proved(&app, Role::Owner).await, proved(&app, Role::Manager).await);
    let find = [("form[bitting]", "33333"), ("form[reason]", "a call at night")];
    post(&app, &owner, "/fn/keys/search_bittings", &find).await;
    assert_eq!(app.on.db.watch().await.expect("watch"), 0, "no hours were said, and no hour is unusual");
    let page = app.get(&owner, "/alerts").await.body;
    assert!(page.contains("After hours nothing is watched") && page.contains("/shop#hours"), "{page}");
    // Open for a minute a week, twelve hours from now.
    let day: i32 = app
        .on
        .ask("select extract(isodow from (app.now() + interval '12 hours') at time zone 'America/Toronto')::int")
        .await;
    let day = domain::alerts::DAYS[usize::try_from(day - 1).expect("a day")];
    let clock = |minutes: i32| {
        format!(
            "select to_char((app.now() + interval '12 hours {minutes} minutes') at time zone 'America/Toronto', 'HH24:MI')"
        )
    };
    let (from, until): (String, String) = (app.on.ask(&clock(0)).await, app.on.ask(&clock(1)).await);
    let (from_name, until_name) = (format!("form[{day}_from]"), format!("form[{day}_until]"));
    let half = post(&app, &owner, "/fn/office/change_hours", &[(&from_name, &from)]).await;
    assert_eq!(half.status, 422, "{}", half.body);
    let said = post(&app, &owner, "/fn/office/change_hours", &[(&from_name, &from), (&until_name, &until)]).await;
    assert_eq!(said.status, 200, "{}", said.body);
    assert!(app.get(&owner, "/shop").await.body.contains(&format!("value=\"{until}\"")));
    assert!(!app.get(&owner, "/alerts").await.body.contains("After hours nothing is watched"));
    for _ in 0..2 {
        post(&app, &manager, "/fn/keys/search_bittings", &find).await;
    }
    assert_eq!(app.on.db.watch().await.expect("watch"), 1, "once a night");
    let alert = seen_by(&app, &app.on.crowd.a, Role::Auditor).await.remove(0);
    assert!(alert.rule == Rule::AfterHours && alert.who == "Manager", "{alert:?}");
    let stale = app.session(&app.on.crowd.a, app.on.crowd.a.people[&Role::Owner]).await;
    app.on.sudo("update auth.capabilities set confirmed_at = null").await;
    let unproved = post(&app, &stale, "/fn/office/change_hours", &[(&from_name, &from), (&until_name, &until)]).await;
    assert_ne!(unproved.status, 200, "the hours are changed by whoever has just confirmed who they are");
}
