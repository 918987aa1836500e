//! Who sees a photo, what its answer may do in a browser, and the record of each look.

use super::{Studio, jpeg, studio};
use crate::app::Who;
use domain::Role;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_74_each_look_is_a_row_and_an_entry_and_parts_of_one_are_one() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[], &jpeg(640, 480)).await;
    let photo = on.newest().await;
    assert_eq!(on.small(&owner, photo).await.status, 200);
    assert_eq!(on.views(photo).await, (0, 0), "a small copy in a list is no look");
    for looks in 1..=3 {
        assert_eq!(on.whole(&owner, photo).await.status, 200);
        assert_eq!(on.views(photo).await, (looks, looks));
    }
    let path = format!("/photos/{photo}/whole");
    let part = |who: &Who, range: &str| {
        let headers = [("cookie".to_owned(), who.cookie.clone()), ("range".into(), range.to_owned())];
        let path = path.clone();
        let app = &on.app;
        async move {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            app.send("GET", &path, &headers, b"").await.status
        }
    };
    for range in ["bytes=0-99", "bytes=100-", "bytes=0-"] {
        assert_eq!(part(&owner, range).await, 200);
    }
    assert_eq!(on.views(photo).await, (3, 3), "parts belong to the look before them");
    let manager = on.app.staff(Role::Manager).await;
    for _ in 0..4 {
        part(&manager, "bytes=0-").await;
    }
    assert_eq!(on.views(photo).await, (4, 4), "parts without a look before them are one");
    on.app.on.later("2 minutes").await;
    part(&owner, "bytes=0-").await;
    assert_eq!(on.views(photo).await, (5, 5), "a part long after is a look of its own");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_74_a_look_that_cannot_be_recorded_shows_nothing() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[], &jpeg(64, 48)).await;
    let photo = on.newest().await;
    on.app.on.sudo("revoke execute on function app.look_at(uuid, uuid) from shearline_app").await;
    let answer = on.whole(&owner, photo).await;
    assert!(answer.status == 500 && !answer.body.contains("JFIF"), "{}", answer.status);
}

async fn with_second_step(on: &Studio, role: Role) {
    let person = on.app.on.crowd.a.people[&role];
    let step = format!(
        "insert into auth.totp (id, person_id, sealed, confirmed_at) values (gen_random_uuid(), '{person}', '\\x00', app.now())"
    );
    on.app.on.sudo(&step).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_10_a_restricted_photo_is_there_for_those_who_may_open_secrets_alone() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[("caption", "ZZQ-OPEN")], &jpeg(64, 48)).await;
    let open = on.newest().await;
    on.add(&owner, &[("restricted", "on"), ("caption", "ZZQ-BLADE")], &jpeg(64, 48)).await;
    let blade = on.newest().await;
    let job = format!("/jobs/{}", on.app.on.crowd.a.clients[0]["job"]);
    for (role, may) in [
        (Role::Owner, true),
        (Role::Admin, true),
        (Role::Manager, true),
        (Role::Dispatcher, false),
        (Role::Bookkeeper, false),
        (Role::FrontDesk, false),
        (Role::Technician, true),
        (Role::Auditor, false),
    ] {
        let who = on.app.staff(role).await;
        if may {
            assert_eq!(on.whole(&who, blade).await.status, 403, "{role}: not without a second step");
        }
        with_second_step(&on, role).await;
        let seen = if may { 200 } else { 404 };
        let found = [on.whole(&who, open).await.status, on.small(&who, open).await.status];
        assert_eq!(found, [200, 200], "{role}");
        assert_eq!(on.whole(&who, blade).await.status, seen, "{role}");
        assert_eq!(on.small(&who, blade).await.status, 404, "{role}: a restricted photo has no small copy to give");
        assert_eq!(on.app.get(&who, &format!("/photos/{blade}")).await.status, seen, "{role}");
        let page = on.app.get(&who, &job).await.body;
        assert!(page.contains("ZZQ-OPEN") && page.contains("ZZQ-BLADE") == may, "{role}");
        assert!(!page.contains(&format!("/photos/{blade}/small")), "{role}");
    }
    let kept: i64 =
        on.app.on.ask(&format!("select count(*) from app.attachment_views where attachment_id = '{blade}'")).await;
    assert_eq!(kept, 4, "each look of the four");
    let report = on.app.get(&owner, "/audit/openings").await.body;
    let looks = report.matches("looked at a restricted photo").count();
    assert!(looks >= 4 && report.contains("ZZQ-BLADE") && !report.contains("ZZQ-OPEN"), "{looks} in the report");
    on.app.on.later("11 minutes").await;
    assert_eq!(on.whole(&owner, blade).await.status, 401, "it asks for a fresh proof");
    assert_eq!(on.whole(&owner, open).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_10_the_database_keeps_the_key_of_a_restricted_photo_by_itself() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[("restricted", "on")], &jpeg(64, 48)).await;
    let blade = on.newest().await;
    let mut roles = Vec::new();
    for role in Role::ALL {
        let cap = on.cap(role).await;
        let keys = format!("select count(*) from vault.file_keys where attachment_id = '{blade}'");
        if on.as_app(&cap, &keys).await == 1 {
            roles.push(role);
        }
    }
    assert_eq!(roles, [Role::Owner, Role::Admin, Role::Manager, Role::Technician]);
    let job = on.app.on.crowd.a.clients[0]["job"];
    on.app.on.sudo(&format!("update app.jobs set status = 'completed' where id = '{job}'")).await;
    let technician = on.app.staff(Role::Technician).await;
    with_second_step(&on, Role::Technician).await;
    assert_eq!(on.whole(&technician, blade).await.status, 404, "to a technician only while the job is open");
}

/// Saves the photo's form with the tick taken off.
async fn untick(on: &Studio, who: &Who, photo: uuid::Uuid) -> crate::app::Answer {
    let mut form = crate::app::post_fields(who, &format!("/photos/{photo}"));
    form.push(("photo".into(), photo.to_string()));
    for (name, value) in [("version", "1"), ("kind", "before"), ("caption", "ZZQ-BLADE")] {
        form.push((format!("form[{name}]"), value.into()));
    }
    on.app.post(who, "/fn/desk/change_photo", &form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_10_a_restricted_photo_is_opened_to_everybody_only_by_whoever_could_look_at_it() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[("restricted", "on"), ("caption", "ZZQ-BLADE")], &jpeg(64, 48)).await;
    let blade = on.newest().await;
    let manager = on.app.staff(Role::Manager).await;
    let refused = untick(&on, &manager, blade).await;
    assert!(refused.status == 422 && refused.body.contains("second step"), "{} {}", refused.status, refused.body);
    with_second_step(&on, Role::Manager).await;
    on.app.on.later("11 minutes").await;
    assert_eq!(untick(&on, &manager, blade).await.status, 401, "a stale proof");
    assert_eq!(untick(&on, &on.app.staff(Role::Dispatcher).await, blade).await.status, 404);
    let still = format!("select restricted from app.attachments where id = '{blade}'");
    assert!(on.app.on.ask::<bool>(&still).await);
    // Whoever writes SQL in a manager's name without a proof gets no further.
    let cap = on.cap(Role::Manager).await;
    let mut login = on.app.on.login("shearline_app").await;
    let by_hand = format!(
        "begin; set local app.cap = '{cap}'; update app.attachments set restricted = false where id = '{blade}'; commit"
    );
    let tried = sqlx::raw_sql(sqlx::AssertSqlSafe(by_hand)).execute(&mut login).await;
    assert!(tried.expect_err("refused").to_string().contains("fresh proof"));
    let page = on.app.get(&manager, &format!("/photos/{blade}")).await.body;
    assert!(page.contains("shows it to everybody on the job"), "{page}");
    on.app.on.sudo("update auth.capabilities set confirmed_at = app.now()").await;
    assert_eq!(untick(&on, &manager, blade).await.status, 200);
    assert!(!on.app.on.ask::<bool>(&still).await);
    let told: i64 =
        on.app.on.ask(&format!("select count(*) from audit.entries where action = 217 and entity = '{blade}'")).await;
    let report = on.app.get(&owner, "/audit/openings").await.body;
    assert!(told == 1 && report.contains("opened a restricted photo to everybody"), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_77_many_looks_at_restricted_photos_are_told() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    with_second_step(&on, Role::Owner).await;
    on.add(&owner, &[], &jpeg(64, 48)).await;
    let open = on.newest().await;
    on.add(&owner, &[("restricted", "on")], &jpeg(64, 48)).await;
    let blade = on.newest().await;
    let watched = async |photo| {
        on.app
            .on
            .sudo(
                "update worker.watches w set seq = h.seq, hash = h.hash from audit.heads h where h.shop_id = w.shop_id",
            )
            .await;
        for _ in 0..11 {
            assert_eq!(on.whole(&owner, photo).await.status, 200);
        }
        on.app.on.db.watch().await.expect("watch");
        on.app.on.ask::<i64>("select count(*) from app.alerts where rule = 'many_reveals'").await
    };
    assert_eq!((watched(open).await, watched(blade).await), (0, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hidden_photos_are_not_found_wherever_one_asks() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[], &jpeg(64, 48)).await;
    let photo = on.newest().await;
    let anothers = on.app.session(&on.app.on.crowd.a, on.app.on.crowd.a.second_technician).await;
    for (who, status) in
        [(Who::default(), 401), (on.app.client(0).await, 401), (on.app.rival().await, 404), (anothers, 404)]
    {
        for path in [format!("/photos/{photo}"), format!("/photos/{photo}/whole"), format!("/photos/{photo}/small")] {
            assert_eq!(on.app.get(&who, &path).await.status, status, "{path} {who:?}");
        }
    }
    for nothing in [uuid::Uuid::now_v7().to_string(), "x".into()] {
        assert_eq!(on.app.get(&owner, &format!("/photos/{nothing}/whole")).await.status, 404);
    }
    assert_eq!(on.views(photo).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_61_a_picture_is_a_file_that_runs_nothing_and_is_kept_by_no_cache() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[], &jpeg(64, 48)).await;
    let photo = on.newest().await;
    for answer in [on.whole(&owner, photo).await, on.small(&owner, photo).await] {
        assert_eq!(answer.header("content-type"), "image/jpeg");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-disposition").starts_with("attachment; filename=\"photo-"));
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    }
}
