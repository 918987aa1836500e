//! Taking in, changing, removing; and where the bytes lie.

use super::{JOB, OPENING, Studio, file, jpeg, marked, studio};
use crate::app::{self, Who};
use domain::Role;
use image::ImageFormat;
use std::{fs, path::Path};

/// Every file below a folder.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(fs::read(path).expect("a file")),
        }
    }
    found
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_are_added_without_script_and_stand_on_the_page() {
    let on = studio().await;
    let technician = on.app.staff(Role::Technician).await;
    let fields = on.words(&technician, JOB, &[("kind", "before"), ("caption", "Front door, as found")]);
    let (one, two) = (jpeg(640, 480), file(300, 500, ImageFormat::Png));
    let answer = on.send(&technician, JOB, &fields, &[("a.jpg", &one), ("b.png", &two)], "text/html").await;
    assert_eq!((answer.status, answer.header("location").ends_with("#photos")), (303, true), "{answer:?}");
    assert_eq!(on.kept().await, 2);
    let page = on.app.get(&technician, &format!("/jobs/{}", on.app.on.crowd.a.clients[0]["job"])).await;
    let photo = on.newest().await;
    assert!(page.body.contains(&format!("/photos/{photo}/small")) && page.body.contains("Front door, as found"));
    let small = on.small(&technician, photo).await;
    assert_eq!((small.status, small.header("content-type")), (200, "image/jpeg"));
    let again = on.send(&technician, JOB, &fields, &[("a.jpg", &one), ("b.png", &two)], "text/html").await;
    assert_eq!((again.status, on.kept().await), (303, 2), "the same form sent twice is done once");
    let other = on.send(&technician, JOB, &fields, &[("a.jpg", &two)], "application/json").await;
    assert_eq!((other.status, on.kept().await), (409, 2), "other files are another form: {}", other.body);
    let about: String =
        on.app.on.ask("select convert_from(payload, 'UTF8') from audit.entries where action = 175").await;
    assert!(about.contains(&photo.to_string()) && !about.contains("Front door"), "{about}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_opening_has_photos_of_its_own() {
    let on = studio().await;
    let manager = on.app.staff(Role::Manager).await;
    let fields = on.words(&manager, OPENING, &[("kind", "other")]);
    let answer = on.send(&manager, OPENING, &fields, &[("a.jpg", &jpeg(64, 64))], "application/json").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let photo = on.newest().await;
    let page = on.app.get(&manager, &format!("/openings/{}/edit", on.app.on.crowd.a.clients[0]["opening"])).await;
    assert!(page.body.contains(&format!("/photos/{photo}/small")), "{}", page.body);
    assert_eq!(on.app.get(&manager, &format!("/photos/{photo}")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_61_what_is_no_photo_or_too_much_is_refused_beside_the_field() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    let large = vec![0xff; 26 * 1024 * 1024];
    let cut = jpeg(400, 300)[..200].to_vec();
    for (bytes, words) in [
        (b"GIF89a\x01\0\x01\0".to_vec(), "GIF"),
        (b"<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "SVG"),
        (b"%PDF-1.7".to_vec(), "PDF"),
        ([b"\0\0\0\x18ftypheic".to_vec(), vec![0; 30]].concat(), "HEIC"),
        (b"<!doctype html><script>alert(1)</script>".to_vec(), "not a photo"),
        (cut, "damaged"),
        (large, "25 MB"),
    ] {
        let answer = on.add(&owner, &[("caption", "x")], &bytes).await;
        assert!(answer.status == 422 && answer.body.contains(words), "{words}: {} {}", answer.status, answer.body);
    }
    let none = on.send(&owner, JOB, &on.words(&owner, JOB, &[]), &[], "application/json").await;
    assert!(none.status == 422 && none.body.contains("Choose a photo"), "{}", none.body);
    let good = jpeg(32, 32);
    let many: Vec<(&str, &[u8])> = (0..13).map(|_| ("a.jpg", good.as_slice())).collect();
    let answer = on.send(&owner, JOB, &on.words(&owner, JOB, &[]), &many, "application/json").await;
    assert!(answer.status == 422 && answer.body.contains("at most 12"), "{}", answer.body);
    let one_bad = [("a.jpg", good.as_slice()), ("b.jpg", b"GIF89a".as_slice())];
    let answer = on.send(&owner, JOB, &on.words(&owner, JOB, &[]), &one_bad, "application/json").await;
    assert!(answer.status == 422 && answer.body.contains("Photo 2"), "{}", answer.body);
    assert_eq!((on.kept().await, files(&on.folder).len()), (0, 0), "nothing is kept of what was refused");
    let words = "x".repeat(70_000);
    let answer = on.add(&owner, &[("caption", &words)], &good).await;
    assert_eq!(answer.status, 413, "{}", answer.body);
    let headers = [
        ("cookie", owner.cookie.as_str()),
        ("content-type", "multipart/form-data; boundary=zzq"),
        ("sec-fetch-site", "same-origin"),
    ];
    assert_eq!(on.app.send("POST", JOB, &headers, b"--zzq\r\nnonsense").await.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_beside_a_refused_photo_comes_back_without_script() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    let job = format!("/jobs/{}", on.app.on.crowd.a.clients[0]["job"]);
    let mut fields = on.words(&owner, JOB, &[("kind", "after"), ("caption", "Left hinge, as typed")]);
    fields.iter_mut().filter(|(name, _)| name == "post[form]").for_each(|(_, value)| *value = "photos".into());
    let answer = on.send(&owner, JOB, &fields, &[("a.gif", b"GIF89a")], "text/html").await;
    assert_eq!((answer.status, answer.header("location")), (303, job.as_str()));
    let flash = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let back = Who { cookie: format!("{}; {flash}", owner.cookie), shop: owner.shop.clone() };
    let page = on.app.get(&back, &job).await.body;
    assert!(page.contains("Left hinge, as typed") && page.contains("This is a GIF"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_39_photos_from_another_site_are_not_taken() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    let body = super::multipart(&on.words(&owner, JOB, &[]), &[("a.jpg", &jpeg(32, 32))]);
    for site in ["cross-site", "same-site"] {
        let headers = [
            ("cookie", owner.cookie.as_str()),
            ("content-type", "multipart/form-data; boundary=zzq"),
            ("sec-fetch-site", site),
        ];
        assert_eq!(on.app.send("POST", JOB, &headers, &body).await.status, 403, "{site}");
    }
    assert_eq!(on.kept().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_and_those_who_do_not_work_jobs_add_nothing() {
    let on = studio().await;
    let rival = on.app.rival().await;
    for (who, status) in [
        (Who::default(), 401),
        (on.app.client(0).await, 401),
        (on.app.staff(Role::Bookkeeper).await, 403),
        (on.app.staff(Role::FrontDesk).await, 403),
        (on.app.staff(Role::Auditor).await, 403),
        (rival, 404),
    ] {
        let answer = on.add(&who, &[], &jpeg(32, 32)).await;
        assert_eq!(answer.status, status, "{who:?}: {}", answer.body);
    }
    let anothers = on.app.session(&on.app.on.crowd.a, on.app.on.crowd.a.second_technician).await;
    assert_eq!(on.add(&anothers, &[], &jpeg(32, 32)).await.status, 404, "not sent to this job");
    assert_eq!((on.kept().await, files(&on.folder).len()), (0, 0));
}

const CANARY: &[u8] = b"ZZQ-PLACE-52.5200N-13.4050E";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_41_neither_a_photo_nor_what_its_camera_wrote_lies_anywhere_in_clear() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    let sent = marked(&jpeg(640, 480), CANARY);
    assert!(holds(&sent, CANARY));
    assert_eq!(on.add(&owner, &[("caption", "ZZQ-CAPTION")], &sent).await.status, 200);
    let photo = on.newest().await;
    let shown = on.whole(&owner, photo).await;
    assert_eq!(shown.status, 200);
    let lying = files(&on.folder);
    assert_eq!(lying.len(), 2, "the picture and its small copy");
    for file in &lying {
        assert!(file.starts_with(&[1, 0x31]), "sealed");
        for clear in [CANARY, b"JFIF".as_slice(), b"Exif"] {
            assert!(!holds(file, clear), "{}", String::from_utf8_lossy(clear));
        }
    }
    let everything = on.app.on.everything().await;
    assert!(everything.holds("ZZQ-CAPTION"), "the search finds what is there in clear");
    assert!(!everything.holds("ZZQ-PLACE"), "where it was taken stands in the database");
    assert!(!shown.body.contains("ZZQ-PLACE") && !shown.body.contains("Exif"), "nor is it given out");
    let keys: i64 = on.app.on.ask("select count(distinct sealed) from vault.file_keys").await;
    let rows: i64 = on.app.on.ask("select count(*) from vault.file_keys").await;
    on.add(&owner, &[], &sent).await;
    assert!(
        rows >= keys && on.app.on.ask::<i64>("select count(distinct sealed) from vault.file_keys").await == keys + 1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_41_a_file_that_was_changed_or_put_in_anothers_place_shows_nothing() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[], &jpeg(640, 480)).await;
    let one = on.newest().await;
    on.add(&owner, &[], &jpeg(320, 480)).await;
    let two = on.newest().await;
    let path = |photo, part: &str| on.folder.join(on.app.on.crowd.a.id.to_string()).join(format!("{photo}.{part}"));
    let first = fs::read(path(one, "whole")).unwrap();
    for (what, bytes) in [
        ("another photo's", fs::read(path(two, "whole")).unwrap()),
        ("its own small copy", fs::read(path(one, "small")).unwrap()),
        ("cut short", first[..first.len() - 1].to_vec()),
        ("one bit changed", [&first[..40], &[first[40] ^ 1], &first[41..]].concat()),
    ] {
        fs::write(path(one, "whole"), bytes).unwrap();
        let shown = on.whole(&owner, one).await;
        assert_eq!((shown.status, on.views(one).await), (500, (0, 0)), "{what}");
    }
    fs::write(path(one, "whole"), first).unwrap();
    assert_eq!(on.whole(&owner, one).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_removed_with_a_reason_and_can_be_put_back() {
    let on = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[("caption", "Wrong door")], &jpeg(64, 64)).await;
    let photo = on.newest().await;
    let form = |reason: Option<&str>| {
        let mut form = app::post_fields(&owner, &format!("/photos/{photo}"));
        form.push(("photo".into(), photo.to_string()));
        form.push(("form[reason]".into(), reason.unwrap_or_default().into()));
        form
    };
    assert_eq!(on.app.post(&owner, "/fn/desk/remove_photo", &form(None)).await.status, 422);
    assert_eq!(on.app.post(&owner, "/fn/desk/remove_photo", &form(Some("Of another job"))).await.status, 200);
    let job = on.app.get(&owner, &format!("/jobs/{}", on.app.on.crowd.a.clients[0]["job"])).await.body;
    assert!(job.contains("Of another job") && !job.contains(&format!("/photos/{photo}/small")), "{job}");
    assert_eq!(on.app.post(&owner, "/fn/desk/remove_photo", &form(Some("Twice"))).await.status, 409);
    assert_eq!(on.app.post(&owner, "/fn/desk/restore_photo", &form(None)).await.status, 200);
    let job = on.app.get(&owner, &format!("/jobs/{}", on.app.on.crowd.a.clients[0]["job"])).await.body;
    assert!(job.contains(&format!("/photos/{photo}/small")));
    assert_eq!(files(&on.folder).len(), 2, "the files stay");
    let technician = on.app.session(&on.app.on.crowd.a, on.app.on.crowd.a.second_technician).await;
    let mut theirs = form(Some("Not mine"));
    theirs[1].1 = technician.shop.clone();
    assert_eq!(on.app.post(&technician, "/fn/desk/remove_photo", &theirs).await.status, 404);
}

/// Two changes of one photo: the second is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_of_a_photo_are_changed_once() {
    let on: Studio = studio().await;
    let owner = on.app.staff(Role::Owner).await;
    on.add(&owner, &[("caption", "Left")], &jpeg(64, 64)).await;
    let photo = on.newest().await;
    for (words, status) in [("Right", 200), ("Centre", 409)] {
        let mut form = app::post_fields(&owner, "/");
        form.push(("photo".into(), photo.to_string()));
        for (name, value) in [("version", "1"), ("kind", "after"), ("caption", words)] {
            form.push((format!("form[{name}]"), value.into()));
        }
        assert_eq!(on.app.post(&owner, "/fn/desk/change_photo", &form).await.status, status);
    }
    assert_eq!(
        on.app.on.ask::<String>(&format!("select caption from app.attachments where id = '{photo}'")).await,
        "Right"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_that_is_demanded_holds_the_job_up_until_it_is_there() {
    let on = studio().await;
    let (shop, things) = (on.app.on.crowd.a.id, on.app.on.crowd.a.clients[0].clone());
    let (job, template) = (things["job"], things["template"]);
    on.app
        .on
        .sudo(&format!(
            r#"insert into app.job_template_versions (shop_id, template_id, version, requirements)
                 values ('{shop}', '{template}', 2, '{{"photos":[{{"key":"lock","label":"The lock as found"}}]}}');
               update app.jobs set template_version = 2 where shop_id = '{shop}' and id = '{job}'"#
        ))
        .await;
    let (technician, dispatcher) = (on.app.staff(Role::Technician).await, on.app.staff(Role::Dispatcher).await);
    let complete = || async {
        let mut form = app::post_fields(&technician, "/");
        form.push(("job".into(), job.to_string()));
        on.app.post(&technician, "/fn/desk/complete", &form).await
    };
    let held_up = complete().await;
    assert!(held_up.status == 409 && held_up.body.contains("Photo: The lock as found"), "{}", held_up.body);
    on.add(&technician, &[("kind", "before")], &jpeg(64, 64)).await;
    assert_eq!(complete().await.status, 409, "any photo will not do");
    assert_eq!(on.add(&technician, &[("slot", "lock"), ("restricted", "on")], &jpeg(64, 64)).await.status, 200);
    let photo = on.newest().await;
    let page = on.app.get(&dispatcher, &format!("/jobs/{job}")).await.body;
    assert!(page.contains("Everything this kind of job demands is there."), "though restricted, it is there: {page}");
    let change = |what: &str, reason: &str| {
        let mut form = app::post_fields(&technician, "/");
        form.extend([("photo".into(), photo.to_string()), ("form[reason]".into(), reason.to_owned())]);
        (format!("/fn/desk/{what}_photo"), form)
    };
    let (path, form) = change("remove", "Blurred");
    assert_eq!(on.app.post(&technician, &path, &form).await.status, 200);
    assert_eq!(complete().await.status, 409, "a removed one is not there");
    let (path, form) = change("restore", "");
    assert_eq!(on.app.post(&technician, &path, &form).await.status, 200);
    let done = complete().await;
    assert_eq!(done.status, 200, "{}", done.body);
}
