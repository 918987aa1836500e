//! What a template demands, what was recorded, and what is sealed.

use super::{call, conflict, fresh, page, sent, step, take, write};
use domain::{
    Role,
    ids::JobId,
    jobs::{AuthorityForm, JobStatus, LineForm, Missing, OrderForm, Step, TemplateForm, WorkForm},
    money::Currency,
};
use store::jobs;

fn shown() -> AuthorityForm {
    AuthorityForm {
        person_name: "Ana Ruiz".into(),
        relation: "tenant".into(),
        document: "passport".into(),
        tail: "4F7K".into(),
        outcome: "allowed".into(),
        reason: String::new(),
    }
}

#[tokio::test]
async fn a_job_is_completed_when_nothing_is_missing() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (owner, technician) = (shop.people[&Role::Owner], shop.people[&Role::Technician]);
    let job = take(&db, &shop, &sent(call("Ana"), technician)).await.unwrap();
    step(&db, &shop, technician, job, Step::Arrive).await.unwrap();
    let words = conflict(step(&db, &shop, technician, job, Step::Complete).await);
    assert!(
        words.contains("Keyed alike or different?")
            && words.contains("Every new key tried")
            && words.contains("Signature: Client"),
        "{words}"
    );

    let mut tx = write(&db, &shop, technician).await;
    let event = jobs::check_authority(&mut tx, job, &shown().read().unwrap()).await.unwrap();
    tx.commit(event).await.unwrap();
    for key in ["keys_tried", "old_keys_fail"] {
        let mut tx = write(&db, &shop, technician).await;
        let event = jobs::tick(&mut tx, job, key).await.unwrap();
        tx.commit(event).await.unwrap();
    }
    let work = WorkForm {
        version: "1".into(),
        performed: "Two cylinders rekeyed".into(),
        answers: [("cylinders".to_owned(), "2".to_owned()), ("keyed".into(), "Alike".into())].into(),
    };
    let mut tx = write(&db, &shop, technician).await;
    let event = jobs::record_work(&mut tx, job, &work.read().unwrap()).await.unwrap();
    tx.commit(event).await.unwrap();
    let left = page(&db, &shop, technician, job).await.unwrap().missing();
    assert_eq!(left.iter().map(Missing::anchor).collect::<Vec<_>>(), ["signature-client"]);
    conflict(step(&db, &shop, technician, job, Step::Complete).await);

    // The office may complete without, and the reason stays.
    let mut tx = write(&db, &shop, owner).await;
    let event = jobs::complete_without(&mut tx, job, "Client had left").await.unwrap();
    tx.commit(event).await.unwrap();
    let page = page(&db, &shop, owner, job).await.unwrap();
    assert_eq!((page.job.status, page.job.override_reason.as_str()), (JobStatus::Completed, "Client had left"));
    assert!(page.visits[0].left.is_some() && !page.job.completed.is_empty());
    let mut tx = write(&db, &shop, owner).await;
    conflict(jobs::untick(&mut tx, job, "keys_tried").await);
}

#[tokio::test]
async fn the_characters_of_a_document_are_sealed_and_shown_to_those_who_work() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let technician = shop.people[&Role::Technician];
    let job = take(&db, &shop, &sent(call("Ana"), technician)).await.unwrap();
    let mut tx = write(&db, &shop, technician).await;
    let event = jobs::check_authority(&mut tx, job, &shown().read().unwrap()).await.unwrap();
    tx.commit(event).await.unwrap();
    for (role, want) in [
        (Role::Technician, Some("4F7K")),
        (Role::Dispatcher, Some("4F7K")),
        (Role::FrontDesk, None),
        (Role::Auditor, None),
    ] {
        let page = page(&db, &shop, shop.people[&role], job).await.unwrap();
        assert_eq!(page.authority.unwrap().tail.as_deref(), want, "{role:?}");
    }
    let plain: bool = db
        .ask("select exists (select from app.authority_checks where position('4F7K'::bytea in sealed_characters) > 0)")
        .await;
    let told: bool = db
        .ask("select exists (select from audit.personal p where position('4F7K'::bytea in audit.facts(p)) > 0)")
        .await;
    assert_eq!((plain, told), (false, false));
}

#[tokio::test]
async fn a_refused_authority_check_stops_the_job() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (owner, technician) = (shop.people[&Role::Owner], shop.people[&Role::Technician]);
    let job = take(&db, &shop, &sent(call("Ana"), technician)).await.unwrap();
    let mut tx = write(&db, &shop, technician).await;
    let refused = AuthorityForm {
        outcome: "refused".into(),
        document: "none".into(),
        tail: String::new(),
        reason: "No right to the flat".into(),
        ..shown()
    };
    let event = jobs::check_authority(&mut tx, job, &refused.read().unwrap()).await.unwrap();
    tx.commit(event).await.unwrap();
    let page = page(&db, &shop, technician, job).await.unwrap();
    assert_eq!((page.job.status, page.job.ended_reason.as_str()), (JobStatus::Refused, "No right to the flat"));
    conflict(step(&db, &shop, owner, job, Step::SetOff).await);
}

#[tokio::test]
async fn the_second_of_two_edits_is_told_so() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let owner = shop.people[&Role::Owner];
    let job = take(&db, &shop, &call("Ana")).await.unwrap();
    let opened = page(&db, &shop, owner, job).await.unwrap().order();
    let change = async |form: &OrderForm| {
        let mut tx = write(&db, &shop, owner).await;
        let event = jobs::change_order(&mut tx, job, &form.read(Currency::Cad).unwrap()).await?;
        tx.commit(event).await
    };
    change(&OrderForm { requested: "First".into(), ceiling: "200".into(), ..opened.clone() }).await.unwrap();
    assert!(
        conflict(change(&OrderForm { requested: "Second".into(), ..opened }).await)
            .contains("changed by somebody else")
    );
    let saved = page(&db, &shop, owner, job).await.unwrap().order();
    assert_eq!((saved.requested.as_str(), saved.ceiling.as_str(), saved.version.as_str()), ("First", "200.00", "2"));
}

#[tokio::test]
async fn a_job_keeps_the_demands_it_was_taken_with() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let owner = shop.people[&Role::Owner];
    let before = take(&db, &shop, &call("Ana")).await.unwrap();
    let template = jobs::templates::find(&mut super::read(&db, &shop, owner).await, "rekey").await.unwrap();
    let form =
        TemplateForm { questions: "Which doors? *".into(), checks: String::new(), ..TemplateForm::of(&template) };
    let change = async || {
        let mut tx = write(&db, &shop, owner).await;
        let event = jobs::templates::change(&mut tx, "rekey", &form).await?;
        tx.commit(event).await
    };
    change().await.unwrap();
    conflict(change().await);
    let after = take(&db, &shop, &super::IntakeForm { answers: Default::default(), ..sent_elsewhere() }).await.unwrap();
    let asked = async |job: JobId| page(&db, &shop, owner, job).await.unwrap().job.requirements.questions.len();
    assert_eq!((asked(before).await, asked(after).await), (2, 1));
}

fn sent_elsewhere() -> super::IntakeForm {
    super::IntakeForm { caller_phone: "416 555 9900".into(), ..call("Berta") }
}

#[tokio::test]
async fn lines_come_and_go_while_the_job_is_open() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (owner, technician) = (shop.people[&Role::Owner], shop.people[&Role::Technician]);
    let job = take(&db, &shop, &sent(call("Ana"), technician)).await.unwrap();
    let typed = LineForm {
        kind: "part".into(),
        description: "<b>Deadbolt</b>".into(),
        quantity: "2".into(),
        unit_price: "40".into(),
        taxable: "on".into(),
    };
    let mut tx = write(&db, &shop, technician).await;
    let event = jobs::add_line(&mut tx, job, &typed.read(Currency::Cad).unwrap()).await.unwrap();
    tx.commit(event).await.unwrap();
    let page_now = page(&db, &shop, technician, job).await.unwrap();
    // Call 85, rekey 24, key 4.50, bolts 80, HST 13 %.
    assert_eq!(page_now.totals().map(|totals| totals.total.minor()), Ok(21_866));
    let line = page_now.lines.last().unwrap().id;
    let mut tx = write(&db, &shop, technician).await;
    let event = jobs::remove_line(&mut tx, job, line).await.unwrap();
    tx.commit(event).await.unwrap();
    step(&db, &shop, owner, job, Step::Cancel).await.unwrap();
    let mut tx = write(&db, &shop, owner).await;
    conflict(jobs::add_line(&mut tx, job, &typed.read(Currency::Cad).unwrap()).await);
}
