//! Shops opened, capped, suspended and resumed.

use super::{call, get, signed_in, start};
use crate::{
    app::{Answer, TestApp, Who},
    harness::crowd::PASSWORD,
    machines,
    second_step::{form, set},
};
use domain::Role;
use store::{Token, audit::installation};

async fn act(app: &TestApp, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    call(app, "POST", &format!("/installation/shops/{}/{path}", app.on.crowd.a.id), cookie, fields).await
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let nobody = Who::default();
    let fields = [("form[email]", email), ("form[password]", password)];
    app.post(&nobody, "/fn/office/sign_in", &form(&nobody, "/", &fields)).await
}

/// Every way into shop A: what each answers to.
struct Ways {
    owner: Who,
    client: Who,
    key: String,
    link: String,
    invite: String,
}

impl Ways {
    async fn gather(app: &TestApp) -> Self {
        let shop = &app.on.crowd.a;
        let boss = shop.actor(&app.on.db, Role::Owner).await;
        let mut sent = None;
        let letter = |token: &Token| {
            sent = Some(token.reveal());
            store::mail::Mail { to: "new@northgate.example".into(), subject: "Join us".into(), text: "…".into() }
        };
        app.on.db.front_door().invite(&boss, "new@northgate.example", Role::Auditor, letter).await.unwrap();
        Self {
            owner: app.staff(Role::Owner).await,
            client: app.client(0).await,
            key: machines::all(app, shop).await,
            link: format!("/p/{}", shop.links[0].1),
            invite: sent.unwrap(),
        }
    }

    /// Statuses: the office, its functions, the portal, the API, a portal link, an invitation.
    async fn tried(&self, app: &TestApp) -> [u16; 6] {
        let form = form(&self.owner, "/", &[("token", &self.invite)]);
        [
            app.get(&self.owner, "/clients").await.status,
            app.post(&self.owner, "/fn/office/whoami", &[]).await.status,
            app.get(&self.client, "/portal").await.status,
            machines::call(app, &self.key, "GET", "/api/v1/clients", "").await.status,
            app.get(&Who::default(), &self.link).await.status,
            app.post(&Who::default(), "/fn/office/find_invitation", &form).await.status,
        ]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_a_suspended_shop_is_shut_and_comes_back_whole() {
    let app = start().await;
    let (_, cookie) = signed_in(&app).await;
    let ways = Ways::gather(&app).await;
    let open = ways.tried(&app).await;
    assert_eq!(open, [200; 6]);
    let (owner, rival) = (app.on.crowd.a.email(Role::Owner), app.on.crowd.b.email(Role::Owner));
    let mistyped = act(&app, &cookie, "suspend", &[("reason", "does not pay"), ("slug", "southgate")]).await;
    assert_eq!(mistyped.status, 422, "{}", mistyped.body);
    assert_eq!(ways.tried(&app).await, open);
    let done = act(&app, &cookie, "suspend", &[("reason", "does not pay"), ("slug", "northgate")]).await;
    assert_eq!(done.status, 303, "{}", done.body);

    let shut = ways.tried(&app).await;
    for (was, is) in open.iter().zip(&shut) {
        assert!(is != was && matches!(is, 303 | 401 | 403 | 404), "{shut:?}");
    }
    let words = "This shop is suspended. Ask whoever runs this installation.";
    let right = sign_in(&app, &owner, PASSWORD).await;
    assert!(right.status == 409 && right.body.contains(words), "{} {}", right.status, right.body);
    assert_eq!(set(&right, "session"), None);
    let (wrong, unknown) =
        (sign_in(&app, &owner, "not the password").await, sign_in(&app, "no@one.example", "not the password").await);
    assert_eq!((wrong.status, wrong.body), (unknown.status, unknown.body), "a stranger is told nothing");
    assert_eq!(sign_in(&app, &rival, PASSWORD).await.status, 200, "the other shop goes on");
    let again = act(&app, &cookie, "suspend", &[("reason", "x"), ("slug", "northgate")]).await;
    assert_eq!(again.status, 404, "once is enough");
    let page = get(&app, &cookie, &format!("/installation/shops/{}", app.on.crowd.a.id)).await.body;
    assert!(page.contains("does not pay") && page.contains("Resume the shop") && !page.contains("Suspend the shop"));

    assert_eq!(act(&app, &cookie, "resume", &[]).await.status, 303);
    assert_eq!(ways.tried(&app).await, open, "everything is as it was");
    assert_eq!(sign_in(&app, &owner, PASSWORD).await.status, 200);
    let acts: Vec<i16> = app
        .on
        .ask(&format!(
            "select array_agg(action order by seq) from audit.entries where shop_id = '{}' and actor_kind = 5",
            app.on.crowd.a.id
        ))
        .await;
    assert_eq!(acts, [142, 143]);
    let verdicts = installation::verify(&app.on.url(), None, |_| Ok(Vec::new())).await.unwrap();
    assert!(verdicts.iter().all(|(_, held)| format!("{held:?}").starts_with("Holds")), "{verdicts:?}");
    let log = get(&app, &cookie, "/installation/log").await.body;
    assert!(log.contains("shop suspended") && log.contains("does not pay") && log.contains("shop resumed"));
    let trail = app.get(&ways.owner, "/audit").await.body;
    assert!(trail.contains("Whoever runs this installation") && trail.contains("suspended the shop"), "{trail}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_somebody_of_two_shops_enters_the_one_that_is_open() {
    let app = start().await;
    let (_, cookie) = signed_in(&app).await;
    let (a, b) = (&app.on.crowd.a, &app.on.crowd.b);
    let owner = a.people[&Role::Owner];
    app.on
        .sudo(&format!("insert into auth.memberships (shop_id, person_id, role, created_at) values ('{}', '{owner}', 'auditor', app.now())", b.id))
        .await;
    assert_eq!(act(&app, &cookie, "suspend", &[("reason", "x"), ("slug", "northgate")]).await.status, 303);
    let entered = sign_in(&app, &a.email(Role::Owner), PASSWORD).await;
    assert_eq!(entered.status, 200, "{}", entered.body);
    let who = Who { cookie: format!("session={}", set(&entered, "session").unwrap()), shop: b.id.to_string() };
    let me = app.post(&who, "/fn/office/whoami", &[]).await.body;
    assert!(me.contains("southgate"), "{me}");
    let over = app.post(&who, "/fn/office/switch_shop", &form(&who, "/", &[("shop", &a.id.to_string())])).await;
    assert!(over.status >= 400, "nobody goes over to a suspended shop: {}", over.status);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_29_a_shop_is_opened_and_its_owner_invited() {
    let app = start().await;
    let (_, cookie) = signed_in(&app).await;
    while app.on.db.claim_mail().await.unwrap().is_some() {}
    let form = |slug: &'static str, zone: &'static str| {
        [
            ("name", "Harbour <Locks>"),
            ("slug", slug),
            ("time_zone", zone),
            ("currency", "CAD"),
            ("email", "Olive@Harbour.example"),
        ]
    };
    for (slug, zone, words) in
        [("northgate", "UTC", "This short name is taken."), ("harbour", "Mars/Olympus", "Pick a time zone")]
    {
        let refused = call(&app, "POST", "/installation/shops", &cookie, &form(slug, zone)).await;
        assert!(refused.status == 422 && refused.body.contains(words), "{} {}", refused.status, refused.body);
        assert!(refused.body.contains("Harbour &lt;Locks&gt;"), "what was typed is kept, as text");
    }
    let opened = call(&app, "POST", "/installation/shops", &cookie, &form("", "America/Toronto")).await;
    assert_eq!(opened.status, 303, "{}", opened.body);
    let place = opened.header("location").to_owned();
    assert!(get(&app, &cookie, &place).await.body.contains("Owner invited"));
    let letter = app.on.db.claim_mail().await.unwrap().expect("a letter to the owner");
    assert_eq!(letter.mail.to, "olive@harbour.example");
    let first = invitation(&letter.mail.text);
    // The letter was lost: another, and the first is dead.
    let again = call(&app, "POST", &format!("{place}/owner"), &cookie, &[("email", "olive@harbour.example")]).await;
    assert_eq!(again.status, 303, "{}", again.body);
    let letter = app.on.db.claim_mail().await.unwrap().expect("a second letter");
    assert_eq!(accept(&app, &first).await.status, 404);
    let accepted = accept(&app, &invitation(&letter.mail.text)).await;
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    let who = Who { cookie: format!("session={}", set(&accepted, "session").unwrap()), shop: String::new() };
    let me = app.post(&who, "/fn/office/whoami", &[]).await.body;
    assert!(me.contains("Harbour") && me.contains("owner"), "{me}");
    // Somebody works there now: nobody is made an owner from outside any more.
    let late = call(&app, "POST", &format!("{place}/owner"), &cookie, &[("email", "eve@evil.example")]).await;
    assert_eq!(late.status, 404);
    let verdicts = installation::verify(&app.on.url(), Some("harbour-locks"), |_| Ok(Vec::new())).await.unwrap();
    assert!(format!("{verdicts:?}").contains("Holds"), "{verdicts:?}");
}

fn invitation(letter: &str) -> String {
    letter.split("/invite/").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a link").to_owned()
}

async fn accept(app: &TestApp, token: &str) -> Answer {
    let nobody = Who::default();
    let fields = [("token", token), ("form[name]", "Olive"), ("form[password]", "seven brass pins in a row")];
    app.post(&nobody, "/fn/office/accept_invite", &form(&nobody, "/", &fields)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_12_a_cap_that_is_reached_is_said_in_words() {
    let app = start().await;
    let (_, cookie) = signed_in(&app).await;
    let bad = act(&app, &cookie, "caps", &[("members", "none"), ("api_keys", "")]).await;
    assert!(bad.status == 422 && bad.body.contains("Type a whole number"), "{}", bad.body);
    assert_eq!(act(&app, &cookie, "caps", &[("members", "2"), ("api_keys", "1")]).await.status, 303);
    let owner = app.staff(Role::Owner).await;
    let invite = [("form[email]", "new@northgate.example"), ("form[role]", "technician")];
    let full = app.post(&owner, "/fn/office/invite", &form(&owner, "/members", &invite)).await;
    assert!(full.status == 409 && full.body.contains("as many members"), "{} {}", full.status, full.body);
    assert_eq!(act(&app, &cookie, "caps", &[("members", ""), ("api_keys", "")]).await.status, 303);
    let owner = app.staff(Role::Owner).await;
    let made = app.post(&owner, "/fn/office/invite", &form(&owner, "/members", &invite)).await;
    assert_eq!(made.status, 200, "{}", made.body);
}
