//! Rows 19–22, 26 and §5.3: what passwords must be, what is kept of them, and what a stranger learns.

use crate::{
    app::{self, TestApp, Who},
    harness::{self, crowd::PASSWORD},
    lockout::sign_in,
};
use domain::Role;
use store::front_door::{breach::Breached, tries::Tried};

async fn change(app: &TestApp, who: &Who, now: &str, new: &str) -> app::Answer {
    let mut form = app::post_fields(who, "/account");
    form.extend([("form[password_now]".into(), now.into()), ("form[password]".into(), new.into())]);
    app.post(who, "/fn/office/change_password", &form).await
}

/// Statements of the front door, as PostgreSQL itself counts the functions the login called.
async fn calls_of(email: &str, acts: impl AsyncFn(&TestApp, &str)) -> (Vec<(String, i64)>, u64) {
    let on = harness::fresh().await;
    on.sudo(&format!("alter database {} set track_functions = 'all'", on.name)).await;
    let app = app::serve(on).await;
    let before = app.on.db.password_hashes();
    acts(&app, email).await;
    let hashes = app.on.db.password_hashes() - before;
    // A connection tells what it counted when it ends.
    app.on.db.close().await;
    let mut calls = Vec::new();
    for _ in 0..100 {
        let list: String = app
            .on
            .ask("select coalesce(string_agg(funcname || ' ' || calls, ',' order by funcname), '') from pg_stat_user_functions
                  where schemaname = 'auth' and funcname not in ('password_of', 'append_everywhere', 'post_letter', 'resolve_session', 'resolve_portal', 'take_flash')")
            .await;
        calls = list
            .split(',')
            .filter_map(|one| one.split_once(' '))
            .map(|(name, calls)| (name.to_owned(), calls.parse().unwrap_or_default()))
            .collect();
        if !calls.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    (calls, hashes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_and_unknown_addresses_cost_the_same_work_and_get_the_same_bytes() {
    let act = async |app: &TestApp, email: &str| {
        let mut said = Vec::new();
        // Wrong, too fast, closed: every answer there is.
        for n in 0..13 {
            let (status, words) = sign_in(app, "", email, "wrong").await;
            said.push((status, words));
            if n != 6 {
                app.on.later("11 seconds").await;
            }
            if n == 8 {
                // The rate limit of the door itself would answer from here on, alike for everybody.
                break;
            }
        }
        for _ in 0..4 {
            app.on.later("11 seconds").await;
            let tried =
                app.on.db.front_door().try_password(email, "wrong".into(), None, &harness::crowd::origin()).await;
            said.push((0, format!("{:?}", tried.unwrap().right("password", "no").err())));
        }
        let who = Who::default();
        let mut form = app::post_fields(&who, "/forgot");
        form.push(("form[email]".into(), email.into()));
        let answer = app.post(&who, "/fn/office/forgot_password", &form).await;
        said.push((answer.status, answer.body));
        let told = serde_json::to_string(&said).unwrap();
        std::fs::write(harness::cluster::scratch().join(format!("told-{email}")), told).unwrap();
    };
    let known = "dispatcher@northgate.example";
    let unknown = "dispatcher@nowhere88.example";
    let of_known = calls_of(known, act).await;
    let of_unknown = calls_of(unknown, act).await;
    assert_eq!(of_known, of_unknown);
    assert!(of_known.1 >= 12, "{of_known:?}");
    assert!(of_known.0.iter().any(|(name, calls)| name == "begin_sign_in" && *calls > 10), "{of_known:?}");
    let told =
        |email: &str| std::fs::read_to_string(harness::cluster::scratch().join(format!("told-{email}"))).unwrap();
    assert_eq!(told(known), told(unknown));
    assert!(told(known).contains("Wait"), "{}", told(known));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_19_what_is_kept_is_a_peppered_salted_hash() {
    let app = app::start().await;
    let email = app.on.crowd.a.email(Role::Dispatcher);
    let hash = format!("select password_hash from auth.people where email = '{email}'");
    let plain: String = app.on.ask(&hash).await;
    assert!(plain.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{plain}");
    let who = app.staff(Role::Dispatcher).await;
    let planted = "zzq planted heron 4711";
    assert_eq!(change(&app, &who, PASSWORD, planted).await.status, 200);
    let kept: String = app.on.ask(&hash).await;
    assert!(kept.starts_with("$argon2id$v=19$m=47104,t=1,p=1,keyid="), "{kept}");
    let database = app.on.everything().await;
    assert!(database.holds(&email) && !database.holds(planted), "the password itself is kept");
    // Without the front key the hash is worth nothing, even to who guesses the password.
    let stolen = store::Db::open(&app.on.roles, other_vault()).unwrap();
    assert!(!stolen.front_door().verify_password(planted.into(), Some(kept.clone())).await.unwrap());
    assert!(app.on.db.front_door().verify_password(planted.into(), Some(kept)).await.unwrap());
}

/// A vault with another front key.
fn other_vault() -> vault::Vault {
    let folder = harness::cluster::scratch().join("other-key");
    std::fs::create_dir_all(&folder).unwrap();
    vault::Vault::new(vault::KeyFile::create_or_open(folder.join("front.key")).unwrap())
}

#[tokio::test]
async fn row_22_a_list_that_is_missing_or_not_whole_keeps_the_server_from_starting() {
    let on = harness::fresh().await;
    let data = harness::cluster::scratch().join(format!("leaked-{}", on.name));
    std::fs::create_dir_all(&data).unwrap();
    std::fs::copy(harness::cluster::scratch().join("front.key"), data.join("front.key")).unwrap();
    let list = data.join("leaked.filter");
    Breached::gather(&b"one heron\ntwo herons\n"[..]).unwrap().write(&list).unwrap();
    let whole = std::fs::read(&list).unwrap();
    let opened = || {
        let config = server::config::Config::from_sources(&data, |name| {
            (name == "SHEARLINE_BREACH_FILTER").then(|| list.display().to_string())
        });
        server::ground::open_db(&config.unwrap(), &on.roles)
    };
    assert!(opened().is_ok());
    let mut bent = whole.clone();
    bent[60] ^= 1;
    for (what, bytes) in [
        ("bent", &bent[..]),
        ("cut", &whole[..whole.len() - 1]),
        ("empty", &[]),
        ("longer", &[&whole[..], b"x"].concat()),
    ] {
        std::fs::write(&list, bytes).unwrap();
        assert!(opened().is_err(), "a list that is {what} was taken");
    }
    std::fs::remove_file(&list).unwrap();
    let said = format!("{:#}", opened().err().expect("a list that is missing was not missed"));
    assert!(said.contains("SHEARLINE_BREACH_FILTER"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_20_a_shop_may_ask_for_three_kinds_of_characters() {
    let app = app::start().await;
    let (owner, who) = (app.staff(Role::Owner).await, app.staff(Role::Dispatcher).await);
    for weak in ["aaaaaaaaaaaa", "eleven chrs", "northgate heron 7", "qwertyuiopasdf"] {
        let refused = change(&app, &who, PASSWORD, weak).await;
        assert!(refused.status == 422 && refused.body.contains("\"password\":"), "{weak}: {}", refused.body);
    }
    let mut form = app::post_fields(&owner, "/shop");
    form.push(("form[cmmc]".into(), "on".into()));
    assert_eq!(app.post(&who, "/fn/office/ask_of_passwords", &app::post_fields(&who, "/shop")).await.status, 403);
    assert_eq!(app.post(&owner, "/fn/office/ask_of_passwords", &form).await.status, 200);
    let refused = change(&app, &who, PASSWORD, "copper heron under the stairs").await;
    assert!(refused.status == 422 && refused.body.contains("three of these four"), "{}", refused.body);
    assert_eq!(change(&app, &who, PASSWORD, "Copper heron under the stairs").await.status, 200);
    let off = app.post(&owner, "/fn/office/ask_of_passwords", &app::post_fields(&owner, "/shop")).await;
    assert_eq!(off.status, 200, "an unticked box sends nothing: {}", off.body);
    assert_eq!(change(&app, &who, "Copper heron under the stairs", "copper heron under the bridge").await.status, 200);
    let rival = app.rival().await;
    assert_eq!(
        change(&app, &rival, PASSWORD, "copper heron under the stairs").await.status,
        200,
        "another shop's rule is its own"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_22_a_leaked_password_is_refused_wherever_one_is_chosen() {
    let mut on = harness::fresh().await;
    let leaked = "copper heron under the stairs";
    on.db = on.db.clone().without_leaked(Breached::gather(format!("{leaked}\n").as_bytes()).unwrap());
    let app = app::serve(on).await;
    let who = app.staff(Role::Dispatcher).await;
    let refused = change(&app, &who, PASSWORD, leaked).await;
    assert!(refused.status == 422 && refused.body.contains("leaked"), "{}", refused.body);
    let mut form = app::post_fields(&Who::default(), "/sign-up");
    for (name, value) in [
        ("shop_name", "Locks of Leeds"),
        ("time_zone", "Europe/London"),
        ("currency", "GBP"),
        ("units", "mm"),
        ("name", "Lee Dale"),
        ("email", "lee@leeds.example"),
        ("password", leaked),
    ] {
        form.push((format!("form[{name}]"), value.into()));
    }
    let refused = app.post(&Who::default(), "/fn/office/sign_up", &form).await;
    assert!(refused.status == 422 && refused.body.contains("leaked"), "{}", refused.body);
    assert_eq!(change(&app, &who, PASSWORD, "brass heron under the stairs").await.status, 200, "another is accepted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_26_a_new_password_ends_every_other_session_in_every_shop() {
    let app = app::start().await;
    let (a, b) = (&app.on.crowd.a, &app.on.crowd.b);
    let person = a.people[&Role::Dispatcher];
    app.on
        .sudo(&format!(
            "insert into auth.memberships (shop_id, person_id, role) values ('{}', '{person}', 'auditor')",
            b.id
        ))
        .await;
    let (here, there, rival) =
        (app.session(a, person).await, app.session(a, person).await, app.session(b, person).await);
    let other = app.staff(Role::Manager).await;
    // Somebody who knew the old password stands before the second step.
    let waiting = format!(
        "insert into auth.pending (hash, shop_id, person_id, expires_at) values (sha256('w'), '{}', '{person}', app.now() + interval '10 minutes')",
        a.id
    );
    app.on.sudo(&waiting).await;
    let wrong = change(&app, &here, "not the password", "copper heron under the stairs").await;
    assert!(wrong.status == 422 && wrong.body.contains("password_now"), "{}", wrong.body);
    assert_eq!(app.get(&there, "/account").await.status, 200);
    let done = change(&app, &here, PASSWORD, "copper heron under the stairs").await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(app.get(&here, "/account").await.status, 200, "this browser stays");
    let still: i64 = app.on.ask(&format!("select count(*) from auth.pending where person_id = '{person}'")).await;
    assert_eq!(still, 0, "a sign-in that waits for its second step began with the old password");
    for (name, who) in [("another browser", &there), ("another shop", &rival)] {
        assert_eq!(app.get(who, "/account").await.status, 401, "{name}");
    }
    assert_eq!(app.get(&other, "/account").await.status, 200, "other people stay");
    for shop in [a, b] {
        let told: i64 = app
            .on
            .ask(&format!("select count(*) from audit.entries where action = 91 and shop_id = '{}'", shop.id))
            .await;
        assert_eq!(told, 1, "both chains say so");
    }
    let tried = app
        .on
        .db
        .front_door()
        .try_password(&a.email(Role::Dispatcher), PASSWORD.into(), None, &harness::crowd::origin())
        .await;
    assert!(matches!(tried, Ok(Tried::Wrong)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_20_a_password_that_stands_alone_has_fifteen_characters() {
    let app = app::start().await;
    let (who, short) = (app.staff(Role::Dispatcher).await, "vuzxklqpwmfh7");
    let refused = change(&app, &who, PASSWORD, short).await;
    assert!(refused.status == 422 && refused.body.contains("at least 15"), "{}", refused.body);
    let person = app.on.crowd.a.people[&Role::Dispatcher];
    let app_of = format!(
        "insert into auth.totp (id, person_id, sealed, confirmed_at) values (gen_random_uuid(), '{person}', '\\x00', app.now())"
    );
    app.on.sudo(&app_of).await;
    assert_eq!(change(&app, &who, PASSWORD, short).await.status, 200, "twelve are enough beside a second step");
}
