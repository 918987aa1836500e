//! The second factor: codes of an app, recovery codes, the sign-in that waits for them, and whom a shop asks for one.

use crate::app::{self, Answer, TestApp, Who, post_fields};
use crate::harness::crowd::PASSWORD;
use domain::Role;
use store::front_door::factors::code_at;

/// A form: the hidden fields and these.
pub fn form(who: &Who, back: &str, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut form = post_fields(who, back);
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    form
}

/// A cookie the answer sets.
pub fn set(answer: &Answer, name: &str) -> Option<String> {
    let start = format!("{name}=");
    answer
        .headers
        .iter()
        .filter(|(header, _)| header == "set-cookie")
        .filter_map(|(_, value)| value.strip_prefix(&start)?.split(';').next())
        .find(|value| !value.is_empty())
        .map(str::to_owned)
}

/// Somebody with a code app, and the recovery codes that were shown.
pub struct Enrolled {
    pub who: Who,
    pub email: String,
    pub secret: Vec<u8>,
    pub codes: Vec<String>,
}

impl Enrolled {
    /// The code of the app, so many steps of thirty seconds from now.
    pub async fn code(&self, app: &TestApp, shift: i64) -> String {
        code_at(&self.secret, (now(app).await + 30 * shift).unsigned_abs()).expect("code")
    }
}

async fn now(app: &TestApp) -> i64 {
    app.on.ask("select extract(epoch from app.now())::bigint").await
}

/// Sets up a code app as the pages do.
pub async fn enrol(app: &TestApp, role: Role) -> Enrolled {
    let who = app.staff(role).await;
    let begun = app.post(&who, "/fn/office/begin_app", &form(&who, "/account/second-step", &[])).await;
    assert_eq!(begun.status, 200, "{}", begun.body);
    let page = app.post(&who, "/fn/office/new_app", &[]).await;
    let secret = page.body.split(r#""secret":""#).nth(1).and_then(|rest| rest.split('"').next()).expect("secret");
    let secret = base32(secret);
    assert_eq!(secret.len(), 20);
    let code = code_at(&secret, now(app).await.unsigned_abs() - 30).expect("code");
    let done = app.post(&who, "/fn/office/confirm_app", &form(&who, "/", &[("form[proof]", &code)])).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let flash = set(&done, "flash").expect("recovery codes on their way");
    let with_flash = Who { cookie: format!("{}; flash={flash}", who.cookie), ..who.clone() };
    let shown = app.get(&with_flash, "/account/second-step/codes").await.body;
    let codes: Vec<String> =
        shown.split("<code>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect();
    assert_eq!(codes.len(), 10, "{shown}");
    let again = app.get(&with_flash, "/account/second-step/codes").await.body;
    assert!(codes.iter().all(|code| !again.contains(code)), "codes are shown once");
    Enrolled { who, email: app.on.crowd.a.email(role), secret, codes }
}

fn base32(text: &str) -> Vec<u8> {
    let mut bits = 0_u64;
    let (mut held, mut bytes) = (0, Vec::new());
    for letter in text.bytes().filter(|letter| *letter != b' ') {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|one| *one == letter).expect("base32");
        bits = bits << 5 | value as u64;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

/// The password was right: the cookie of the sign-in that waits.
async fn at_the_door(app: &TestApp, email: &str) -> Who {
    let fields = [("form[email]", email), ("form[password]", PASSWORD), ("form[next]", "/jobs")];
    let answer = app.post(&Who::default(), "/fn/office/sign_in", &form(&Who::default(), "/sign-in", &fields)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("location"), "/sign-in/second-step?next=/jobs");
    assert_eq!(set(&answer, "session"), None, "no session before the second step");
    let pending = set(&answer, "pending").expect("a sign-in that waits");
    Who { cookie: format!("pending={pending}"), shop: String::new() }
}

async fn second_step(app: &TestApp, who: &Who, code: &str) -> Answer {
    app.post(who, "/fn/office/sign_in_code", &form(who, "/sign-in/second-step", &[("form[proof]", code)])).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_password_and_code_open_and_the_password_alone_does_not() {
    let app = app::start().await;
    let olive = enrol(&app, Role::Owner).await;
    let waiting = at_the_door(&app, &olive.email).await;
    let as_session = Who { cookie: waiting.cookie.replace("pending", "session"), shop: String::new() };
    assert_eq!(app.get(&as_session, "/").await.status, 401, "what waits is no session");
    let page = app.get(&waiting, "/sign-in/second-step").await;
    assert!(page.status == 200 && page.body.contains("form[proof]"), "{}", page.body);
    assert_eq!(second_step(&app, &waiting, "000000").await.status, 422);
    let code = olive.code(&app, 0).await;
    let entered = second_step(&app, &waiting, &code).await;
    assert_eq!(entered.status, 200, "{}", entered.body);
    let session = Who { cookie: format!("session={}", set(&entered, "session").unwrap()), shop: String::new() };
    assert_eq!(app.get(&session, "/clients").await.status, 200);
    assert_eq!(second_step(&app, &waiting, &code).await.status, 409, "what waited is over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_no_code_serves_twice_and_skew_is_one_step() {
    let app = app::start().await;
    let olive = enrol(&app, Role::Owner).await;
    for shift in [-2, 2] {
        let waiting = at_the_door(&app, &olive.email).await;
        let code = olive.code(&app, shift).await;
        assert_eq!(second_step(&app, &waiting, &code).await.status, 422, "{shift} steps away");
    }
    app.on.later("5 minutes").await;
    let (before, at) = (olive.code(&app, -1).await, olive.code(&app, 0).await);
    let waiting = at_the_door(&app, &olive.email).await;
    assert_eq!(second_step(&app, &waiting, &before).await.status, 200, "one step before");
    for (code, status) in [(&before, 422), (&at, 200), (&at, 422), (&before, 422)] {
        let waiting = at_the_door(&app, &olive.email).await;
        let answer = second_step(&app, &waiting, code).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    app.on.later("5 minutes").await;
    let code = olive.code(&app, 1).await;
    let (one, other) = (at_the_door(&app, &olive.email).await, at_the_door(&app, &olive.email).await);
    let (one, other) = tokio::join!(second_step(&app, &one, &code), second_step(&app, &other, &code));
    let mut both = [one.status, other.status];
    both.sort_unstable();
    assert_eq!(both, [200, 422], "one step ahead, twice at once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_a_recovery_code_opens_once_even_twice_at_once() {
    let app = app::start().await;
    let olive = enrol(&app, Role::Owner).await;
    for code in &olive.codes[..3] {
        let (one, other) = (at_the_door(&app, &olive.email).await, at_the_door(&app, &olive.email).await);
        let typed = code.to_lowercase().replace('-', " ");
        let (one, other) = tokio::join!(second_step(&app, &one, &typed), second_step(&app, &other, code));
        let mut both = [one.status, other.status];
        both.sort_unstable();
        assert_eq!(both, [200, 422], "{code}");
    }
    let page = app.get(&olive.who, "/account/second-step").await.body;
    assert!(page.contains("7 recovery codes are left"), "{page}");
    let dump: String = app.on.ask("select string_agg(c::text, ' ') from auth.recovery_codes c").await;
    assert!(olive.codes.iter().all(|code| !dump.contains(code) && !dump.contains(&code.replace('-', ""))));
    let renewed = app.post(&olive.who, "/fn/office/renew_codes", &form(&olive.who, "/", &[])).await;
    assert_eq!(renewed.status, 200, "{}", renewed.body);
    let waiting = at_the_door(&app, &olive.email).await;
    assert_eq!(second_step(&app, &waiting, &olive.codes[9]).await.status, 422, "the old ones are worth nothing");
    assert_eq!(app.on.ask::<i64>("select count(*) from auth.recovery_codes where used_at is null").await, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_a_sign_in_waits_ten_minutes_and_five_tries() {
    let app = app::start().await;
    let olive = enrol(&app, Role::Owner).await;
    let waiting = at_the_door(&app, &olive.email).await;
    app.on.later("11 minutes").await;
    assert_eq!(second_step(&app, &waiting, &olive.code(&app, 0).await).await.status, 409, "too late");
    let waiting = at_the_door(&app, &olive.email).await;
    let tries: Vec<u16> = futures(&app, &waiting, 12).await;
    assert_eq!(tries.iter().filter(|status| **status == 422).count(), 5, "{tries:?}");
    assert_eq!(second_step(&app, &waiting, &olive.code(&app, 0).await).await.status, 409, "no sixth try");
}

/// So many wrong codes at once.
async fn futures(app: &TestApp, who: &Who, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count / 4 {
        let (a, b, c, d) = tokio::join!(
            second_step(app, who, "000000"),
            second_step(app, who, "000001"),
            second_step(app, who, "000002"),
            second_step(app, who, "000003")
        );
        statuses.extend([a.status, b.status, c.status, d.status]);
    }
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_ten_wrong_codes_close_the_app_for_half_an_hour_but_not_recovery() {
    let app = app::start().await;
    let olive = enrol(&app, Role::Owner).await;
    for _ in 0..2 {
        let waiting = at_the_door(&app, &olive.email).await;
        for _ in 0..5 {
            assert_eq!(second_step(&app, &waiting, "000000").await.status, 422);
        }
    }
    let waiting = at_the_door(&app, &olive.email).await;
    assert_eq!(second_step(&app, &waiting, &olive.code(&app, 0).await).await.status, 422, "the eleventh, though right");
    app.on.later("31 minutes").await;
    let waiting = at_the_door(&app, &olive.email).await;
    assert_eq!(second_step(&app, &waiting, &olive.code(&app, 0).await).await.status, 200, "after half an hour");
    for _ in 0..2 {
        let waiting = at_the_door(&app, &olive.email).await;
        for _ in 0..5 {
            second_step(&app, &waiting, "000000").await;
        }
    }
    let waiting = at_the_door(&app, &olive.email).await;
    assert_eq!(second_step(&app, &waiting, &olive.codes[0]).await.status, 200, "a recovery code opens all the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_the_secret_is_sealed_for_its_person() {
    let app = app::start().await;
    let olive = enrol(&app, Role::Owner).await;
    let marcus = enrol(&app, Role::Manager).await;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let dump: String = app.on.ask("select string_agg(t::text, ' ') from auth.totp t").await;
    assert!(!dump.contains(&hex(&olive.secret)));
    let a = &app.on.crowd.a;
    app.on
        .sudo(&format!(
            "update auth.totp t set sealed = (select o.sealed from auth.totp o where o.person_id = '{}') where t.person_id = '{}'",
            a.people[&Role::Owner], a.people[&Role::Manager]
        ))
        .await;
    app.on.later("5 minutes").await;
    let waiting = at_the_door(&app, &marcus.email).await;
    let swapped = second_step(&app, &waiting, &olive.code(&app, 0).await).await;
    assert_eq!(swapped.status, 500, "a secret moved to somebody else's row does not open: {}", swapped.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_26_a_changed_second_step_ends_every_other_session() {
    let app = app::start().await;
    let olive = enrol(&app, Role::Owner).await;
    for path in ["/fn/office/remove_app", "/fn/office/begin_app"] {
        let elsewhere = app.staff(Role::Owner).await;
        assert_eq!(app.get(&elsewhere, "/clients").await.status, 200);
        let changed = app.post(&olive.who, path, &form(&olive.who, "/", &[])).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        let ended = if path.ends_with("remove_app") { 401 } else { 200 };
        assert_eq!(app.get(&elsewhere, "/clients").await.status, ended, "{path}: beginning changes nothing yet");
        assert_eq!(app.get(&olive.who, "/clients").await.status, 200);
    }
    let elsewhere = app.staff(Role::Owner).await;
    let ended = app.post(&olive.who, "/fn/office/end_other_sessions", &form(&olive.who, "/", &[])).await;
    assert_eq!(ended.status, 200, "{}", ended.body);
    assert_eq!((app.get(&elsewhere, "/").await.status, app.get(&olive.who, "/").await.status), (401, 200));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_a_role_that_must_have_a_second_step_can_do_nothing_without() {
    let app = app::start().await;
    let (owner, admin) = (app.staff(Role::Owner).await, app.staff(Role::Admin).await);
    let dispatcher = app.staff(Role::Dispatcher).await;
    let ask = [("form[roles][dispatcher]", "on")];
    let path = "/fn/office/require_second_step";
    assert_eq!(app.post(&admin, path, &form(&admin, "/", &ask)).await.status, 403, "an owner's to say");
    assert_eq!(app.get(&dispatcher, "/jobs").await.status, 200);
    let asked = app.post(&owner, path, &form(&owner, "/", &ask)).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    for page in ["/", "/jobs", "/clients", "/jobs/new"] {
        let refused = app.get(&dispatcher, page).await;
        assert!(refused.status == 403 && refused.body.contains("/account/second-step"), "{page}: {}", refused.status);
    }
    let write = app
        .post(
            &dispatcher,
            "/fn/desk/create_client",
            &form(&dispatcher, "/", &[("form[kind]", "person"), ("form[name]", "X")]),
        )
        .await;
    assert_eq!(write.status, 403, "{}", write.body);
    assert_eq!(app.get(&dispatcher, "/account/second-step").await.status, 200);
    assert_eq!(app.get(&admin, "/jobs").await.status, 200, "another role goes on");
    let enrolled = enrol(&app, Role::Dispatcher).await;
    assert_eq!(app.get(&enrolled.who, "/jobs").await.status, 200);
}
