//! Jobs: taken, sent out, worked, stopped, listed; each rule held by the store, whoever asks.

mod brought_over;
mod evidence;
mod lists;

use crate::harness::{self, Shop, TestDb};
use domain::{
    Permission, Refusal, Role,
    ids::{JobId, PersonId},
    jobs::{IntakeForm, JobPage, JobStatus, Step},
    money::Currency,
    schedule::VisitForm,
};
use store::{Error, ReadTx, Result, WriteTx, intake, jobs, schedule};

pub async fn read(db: &TestDb, shop: &Shop, person: PersonId) -> ReadTx {
    let (_, actor) = shop.session(&db.db, person).await;
    db.db.read(actor.allow(Permission::SeeJobs).unwrap()).await.unwrap()
}

pub async fn write(db: &TestDb, shop: &Shop, person: PersonId) -> WriteTx {
    let (_, actor) = shop.session(&db.db, person).await;
    db.db.write(actor.allow(Permission::OwnAccount).unwrap()).await.unwrap()
}

/// A database in which numbers go on after those the harness gave out.
pub async fn fresh() -> TestDb {
    let db = harness::fresh().await;
    db.sudo("update app.number_series set next = 2001 where kind = 'job'").await;
    db
}

pub fn call(caller: &str) -> IntakeForm {
    IntakeForm {
        caller: caller.into(),
        caller_phone: "416 555 7700".into(),
        address: "12 Elm Street, Toronto".into(),
        template: "rekey".into(),
        requested: "Rekey the front door".into(),
        answers: [("cylinders".to_owned(), "2".to_owned())].into(),
        ..IntakeForm::default()
    }
}

pub fn sent(form: IntakeForm, technician: PersonId) -> IntakeForm {
    IntakeForm {
        technician: technician.to_string(),
        date: "2026-03-02".into(),
        time: "14:00".into(),
        minutes: "90".into(),
        ..form
    }
}

pub async fn take(db: &TestDb, shop: &Shop, form: &IntakeForm) -> Result<JobId> {
    let mut tx = write(db, shop, shop.people[&Role::Owner]).await;
    let (job, event) = intake::create(&mut tx, &form.read(Currency::Cad).unwrap()).await?;
    tx.commit(event).await?;
    Ok(job)
}

pub async fn page(db: &TestDb, shop: &Shop, person: PersonId, job: JobId) -> Result<JobPage> {
    jobs::find(&mut read(db, shop, person).await, job).await
}

/// Takes a step, by the name of its store function.
pub async fn step(db: &TestDb, shop: &Shop, person: PersonId, job: JobId, step: Step) -> Result<()> {
    let mut tx = write(db, shop, person).await;
    let event = match step {
        Step::SetOff => jobs::set_off(&mut tx, job).await?,
        Step::Arrive => jobs::arrive(&mut tx, job).await?,
        Step::Complete => jobs::complete(&mut tx, job).await?,
        Step::Close => jobs::close(&mut tx, job).await?,
        Step::Unschedule => schedule::take_off(&mut tx, job).await?,
        Step::Cancel | Step::Refuse => jobs::stop(&mut tx, job, step, "because").await?,
        Step::Schedule | Step::Invoice | Step::VoidInvoice => unreachable!("not by one button"),
    };
    tx.commit(event).await
}

pub fn conflict<T>(result: Result<T>) -> String {
    match result {
        Err(Error::Refusal(Refusal::Conflict(words))) => words,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("was done"),
    }
}

fn fields<T>(result: Result<T>) -> Vec<String> {
    match result {
        Err(Error::Refusal(Refusal::Invalid(errors))) => errors.into_keys().collect(),
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("was done"),
    }
}

#[tokio::test]
async fn one_call_makes_client_site_job_lines_and_visit() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (owner, technician) = (shop.people[&Role::Owner], shop.people[&Role::Technician]);
    let job = take(&db, &shop, &sent(call("Ana Ruiz"), technician)).await.unwrap();
    let page = page(&db, &shop, owner, job).await.unwrap();
    assert_eq!(
        (page.job.number, page.job.status, page.job.client_name.as_str()),
        (2001, JobStatus::Scheduled, "Ana Ruiz")
    );
    assert_eq!(
        (page.job.address.as_str(), page.job.client_phone.as_str()),
        ("12 Elm Street, Toronto", "(416) 555-7700")
    );
    assert_eq!(page.lines.len(), 3);
    let visit = page.visit().unwrap();
    assert_eq!(
        (visit.technician, visit.date.as_str(), visit.time.as_str(), visit.minutes),
        (technician, "2026-03-02", "14:00", 90)
    );
    assert_eq!(visit.starts, "Mon 2 Mar 2026, 14:00");
    assert!(page.timeline[0].sentence.contains("job 2001"), "{:?}", page.timeline[0]);
    // The rival sees nothing of it.
    let rival = db.crowd.b.clone();
    assert!(matches!(
        self::page(&db, &rival, rival.people[&Role::Owner], job).await,
        Err(Error::Refusal(Refusal::NotFound))
    ));
}

#[tokio::test]
async fn the_same_call_twice_is_asked_about_once() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let first = take(&db, &shop, &call("Ana Ruiz")).await.unwrap();
    assert_eq!(fields(take(&db, &shop, &call("Somebody else, same number")).await), ["another", "another_job"]);
    let known = page(&db, &shop, shop.people[&Role::Owner], first).await.unwrap().job;
    let again = IntakeForm {
        client: known.client.to_string(),
        site: known.site.unwrap().to_string(),
        address: String::new(),
        ..call("Ana")
    };
    assert_eq!(fields(take(&db, &shop, &again).await), ["another", "another_job"]);
    let meant = IntakeForm { another: "on".into(), ..again };
    let second = take(&db, &shop, &meant).await.unwrap();
    // A refused call takes no number.
    assert_eq!(page(&db, &shop, shop.people[&Role::Owner], second).await.unwrap().job.number, known.number + 1);
    db.later("25 hours").await;
    let tomorrow = IntakeForm { another: String::new(), ..meant };
    assert!(take(&db, &shop, &tomorrow).await.is_ok());
}

#[tokio::test]
async fn what_belongs_to_the_rival_cannot_be_chosen() {
    let db = fresh().await;
    let (shop, rival) = (db.crowd.a.clone(), db.crowd.b.clone());
    let theirs = &rival.clients[0];
    let form = IntakeForm { client: theirs["client"].to_string(), ..call("Ana") };
    assert_eq!(fields(take(&db, &shop, &form).await), ["client"]);
    let form = IntakeForm {
        client: shop.clients[0]["client"].to_string(),
        address: String::new(),
        site: shop.clients[1]["site"].to_string(),
        ..call("Ana")
    };
    assert_eq!(fields(take(&db, &shop, &form).await), ["site"]);
    let form = sent(call("Ana"), rival.people[&Role::Technician]);
    assert_eq!(fields(take(&db, &shop, &form).await), ["technician"]);
    assert_eq!(fields(take(&db, &shop, &IntakeForm { template: "no_such".into(), ..call("Ana") }).await), ["template"]);
}

#[tokio::test]
async fn steps_come_in_order_and_stop_when_the_job_does() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (owner, technician) = (shop.people[&Role::Owner], shop.people[&Role::Technician]);
    let job = take(&db, &shop, &sent(call("Ana"), technician)).await.unwrap();
    conflict(step(&db, &shop, technician, job, Step::Complete).await);
    step(&db, &shop, technician, job, Step::SetOff).await.unwrap();
    assert!(conflict(step(&db, &shop, technician, job, Step::SetOff).await).contains("On the way"));
    step(&db, &shop, technician, job, Step::Arrive).await.unwrap();
    conflict(step(&db, &shop, owner, job, Step::Unschedule).await);
    step(&db, &shop, owner, job, Step::Cancel).await.unwrap();
    let page = page(&db, &shop, owner, job).await.unwrap();
    assert_eq!((page.job.status, page.job.ended_reason.as_str()), (JobStatus::Cancelled, "because"));
    assert!(page.visits[0].left.is_some() && !page.visits[0].cancelled, "{:?}", page.visits);
    conflict(step(&db, &shop, owner, job, Step::Close).await);
}

#[tokio::test]
async fn a_technician_sees_and_works_what_he_is_sent_to() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (owner, first, second) = (shop.people[&Role::Owner], shop.people[&Role::Technician], shop.second_technician);
    let job = take(&db, &shop, &sent(call("Ana"), first)).await.unwrap();
    assert!(page(&db, &shop, first, job).await.is_ok());
    assert!(matches!(page(&db, &shop, second, job).await, Err(Error::Refusal(Refusal::NotFound))));
    assert!(matches!(step(&db, &shop, second, job, Step::SetOff).await, Err(Error::Refusal(Refusal::NotFound))));
    // Taken off the schedule he goes on seeing what he was sent to, and works it no more.
    step(&db, &shop, owner, job, Step::Unschedule).await.unwrap();
    assert_eq!(page(&db, &shop, first, job).await.unwrap().job.status, JobStatus::New);
    assert!(matches!(step(&db, &shop, first, job, Step::Arrive).await, Err(Error::Refusal(Refusal::Forbidden(_)))));
    let mut tx = write(&db, &shop, first).await;
    let prepared = store::signatures::prepare(&mut tx, job).await;
    assert!(matches!(prepared, Err(Error::Refusal(Refusal::Forbidden(_)))), "nor does he have it signed: {prepared:?}");
}

async fn send(db: &TestDb, shop: &Shop, job: JobId, technician: PersonId) -> Result<()> {
    let mut tx = write(db, shop, shop.people[&Role::Owner]).await;
    let form = VisitForm {
        technician: technician.to_string(),
        date: "2026-03-03".into(),
        time: "09:00".into(),
        minutes: "60".into(),
    };
    let event = schedule::send(&mut tx, job, &form.read().unwrap()).await?;
    tx.commit(event).await
}

#[tokio::test]
async fn another_takes_over_even_from_one_on_the_way_who_goes_on_seeing_the_job() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (owner, first, second) = (shop.people[&Role::Owner], shop.people[&Role::Technician], shop.second_technician);
    let job = take(&db, &shop, &sent(call("Ana"), first)).await.unwrap();
    step(&db, &shop, first, job, Step::SetOff).await.unwrap();
    send(&db, &shop, job, second).await.unwrap();
    let office = page(&db, &shop, owner, job).await.unwrap();
    let visit = office.visit().unwrap();
    assert_eq!((office.job.status, visit.technician, visit.time.as_str()), (JobStatus::Scheduled, second, "09:00"));
    assert!(visit.en_route.is_none() && office.visits.len() == 2, "{:?}", office.visits);
    let seen = page(&db, &shop, first, job).await.expect("a job once visited stays in sight");
    assert!(!seen.may.work && page(&db, &shop, second, job).await.unwrap().may.work);
    assert!(matches!(step(&db, &shop, first, job, Step::SetOff).await, Err(Error::Refusal(Refusal::Forbidden(_)))));
    // The same person at another time keeps the one visit, and sets off anew.
    step(&db, &shop, second, job, Step::SetOff).await.unwrap();
    send(&db, &shop, job, second).await.unwrap();
    let office = page(&db, &shop, owner, job).await.unwrap();
    assert_eq!((office.visits.len(), office.visit().unwrap().en_route.as_ref()), (2, None));
}

async fn stands(db: &TestDb, job: JobId, action: i16) -> bool {
    db.ask(&format!("select exists (select from audit.entries where entity = '{job}' and action = {action})")).await
}

#[tokio::test]
async fn row_67_sending_refusing_unticking_and_closing_stand_on_the_chain() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let (owner, technician) = (shop.people[&Role::Owner], shop.people[&Role::Technician]);
    let job = take(&db, &shop, &call("Ana Ruiz")).await.unwrap();
    send(&db, &shop, job, technician).await.unwrap();
    assert!(stands(&db, job, 42).await, "sent out");
    step(&db, &shop, owner, job, Step::Refuse).await.unwrap();
    assert!(stands(&db, job, 49).await, "refused");
    let there = JobId(shop.clients[0]["job"]);
    let mut tx = write(&db, &shop, technician).await;
    let event = jobs::untick(&mut tx, there, "photo").await.unwrap();
    tx.commit(event).await.unwrap();
    assert!(stands(&db, there, 53).await, "the tick was taken back");
    let mut tx = write(&db, &shop, owner).await;
    let event = jobs::complete_without(&mut tx, there, "the client had left").await.unwrap();
    tx.commit(event).await.unwrap();
    db.sudo(&format!("update app.invoices set status = 'void', void_reason = 'x' where job_id = '{there}'")).await;
    step(&db, &shop, owner, there, Step::Close).await.unwrap();
    assert!(stands(&db, there, 50).await, "closed");
}
