//! Finished jobs from earlier files: entered whole, with their own times, and open about it.

use super::*;
use domain::{
    calendar::Time,
    jobs::{NewLine, Work},
    lines::{Line, LineKind},
    money::{Money, Quantity},
};
use intake::Finished;

fn file(form: &IntakeForm) -> Finished {
    let line =
        Line { kind: LineKind::Part, quantity: Quantity::whole(3), unit_price: Money::from_minor(450), taxable: true };
    Finished {
        order: form.read(Currency::Cad).unwrap(),
        called_at: Time::parse("11:20").unwrap(),
        performed: "Rekeyed two cylinders.".into(),
        lines: vec![NewLine { line, description: "Cut key".into() }],
        evidence: "Folder 12 in the shop".into(),
    }
}

fn past(technician: PersonId) -> IntakeForm {
    IntakeForm { date: "2025-03-04".into(), ..sent(call("Ana Ruiz"), technician) }
}

async fn bring_over(db: &TestDb, shop: &Shop, file: &Finished) -> Result<JobId> {
    let mut tx = write(db, shop, shop.people[&Role::Dispatcher]).await;
    let (job, event) = intake::bring_over(&mut tx, file).await?;
    tx.commit(event).await?;
    Ok(job)
}

#[tokio::test]
async fn a_finished_job_keeps_its_own_times_and_says_where_its_evidence_lies() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let job = bring_over(&db, &shop, &file(&past(shop.people[&Role::Technician]))).await.unwrap();
    let page = page(&db, &shop, shop.people[&Role::Owner], job).await.unwrap();
    assert_eq!((page.job.number, page.job.status, page.lines.len()), (2001, JobStatus::Completed, 4));
    assert!(page.timeline[0].sentence.contains("brought job 2001 over"), "{:?}", page.timeline[0]);
    // Called 11:20, worked from 14:00 for 90 minutes, in Toronto's winter.
    let stored: String = db
        .ask(&format!(
            "select concat_ws('|', j.created_at at time zone 'UTC', j.completed_at at time zone 'UTC', v.on_site_at = v.starts_at, v.left_at at time zone 'UTC', j.override_reason, j.performed)
             from app.jobs j join app.visits v on v.job_id = j.id where j.id = '{job}'"
        ))
        .await;
    assert_eq!(
        stored,
        "2025-03-04 16:20:00|2025-03-04 20:30:00|t|2025-03-04 20:30:00|Folder 12 in the shop|Rekeyed two cylinders."
    );
    // It is over like any other job.
    let mut tx = write(&db, &shop, shop.people[&Role::Owner]).await;
    let work = Work { version: 1, performed: "Something else".into(), answers: [].into() };
    assert!(conflict(jobs::record_work(&mut tx, job, &work).await).contains("nothing on it changes"));
}

#[tokio::test]
async fn a_job_that_is_not_over_is_not_brought_over() {
    let db = fresh().await;
    let shop = db.crowd.a.clone();
    let technician = shop.people[&Role::Technician];
    let to_come = file(&IntakeForm { date: "2999-03-04".into(), ..past(technician) });
    assert_eq!(fields(bring_over(&db, &shop, &to_come).await), ["date"]);
    assert_eq!(fields(bring_over(&db, &shop, &file(&call("Ana Ruiz"))).await), ["technician"]);
    assert_eq!(fields(bring_over(&db, &shop, &file(&past(shop.people[&Role::Bookkeeper]))).await), ["technician"]);
    let nowhere = Finished { evidence: " ".into(), ..file(&past(technician)) };
    assert_eq!(fields(bring_over(&db, &shop, &nowhere).await), ["evidence"]);
}
