//! Visits: who goes where, and when.

use crate::{
    Result, Scope, WriteTx,
    error::OnConstraint,
    identity,
    jobs::{locked, move_to, stored},
};
use domain::{
    Event, Refusal,
    ids::{JobId, PersonId, VisitId},
    jobs::Step,
    schedule::{NewVisit, VisitRow},
};
use serde_json::json;
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// Rows of a day, or of what runs late, at most.
const MOST: i64 = 100;

/// Sends somebody to a job, or moves the visit there is.
///
/// # Errors
/// Refuses where the job's state does not allow it, and somebody who does not work jobs here.
pub async fn send(tx: &mut WriteTx, job: JobId, new: &NewVisit) -> Result<Event> {
    let found = locked(tx, job).await?;
    let to = found.take(Step::Schedule)?;
    sendable(tx, new.technician).await?;
    let (date, time) = (new.date.to_string(), new.time.to_string());
    tx.fact("visit", json!({ "technician": new.technician, "date": date, "time": time, "minutes": new.minutes }));
    let there_was = call_off_others(tx, job, new.technician).await?;
    if let Some(visit) = moved(tx, job, new).await? {
        move_to(tx, &found, to).await?;
        return Ok(Event::VisitMoved { job, visit, technician: new.technician });
    }
    let visit = insert(tx, &found, new).await?;
    move_to(tx, &found, to).await?;
    Ok(match there_was {
        true => Event::VisitMoved { job, visit, technician: new.technician },
        false => Event::JobScheduled { job, visit, technician: new.technician },
    })
}

/// Cancels the visit of anybody else: its row stays, and with it his sight of the job. Tells whether there was one.
async fn call_off_others(tx: &mut WriteTx, job: JobId, technician: PersonId) -> Result<bool> {
    let shop = tx.shop().uuid();
    let ended = query!(
        "update app.visits set cancelled_at = app.now(), version = version + 1
         where shop_id = $1 and job_id = $2 and technician_id <> $3 and cancelled_at is null",
        shop,
        job.uuid(),
        technician.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(ended.rows_affected() > 0)
}

/// Gives the technician's own visit another window, where he has one.
async fn moved(tx: &mut WriteTx, job: JobId, new: &NewVisit) -> Result<Option<VisitId>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let visit = query_scalar!(
        "update app.visits set starts_at = ($4 || ' ' || $5)::timestamp at time zone $6,
           ends_at = (($4 || ' ' || $5)::timestamp at time zone $6) + make_interval(mins => $7), en_route_at = null, version = version + 1
         where shop_id = $1 and job_id = $2 and technician_id = $3 and cancelled_at is null returning id",
        shop,
        job.uuid(),
        new.technician.uuid(),
        new.date.to_string(),
        new.time.to_string(),
        zone,
        minutes(new)
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(visit.map(VisitId))
}

/// Inserts a visit of a job that has none. Whoever calls has asked whether the technician may be sent.
pub(crate) async fn insert(tx: &mut WriteTx, job: &crate::jobs::Locked, new: &NewVisit) -> Result<VisitId> {
    let (shop, zone, visit) = (tx.shop().uuid(), tx.zone(), Uuid::now_v7());
    query!(
        "insert into app.visits (shop_id, id, job_id, client_id, site_id, technician_id, starts_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, ($7 || ' ' || $8)::timestamp at time zone $9, (($7 || ' ' || $8)::timestamp at time zone $9) + make_interval(mins => $10))",
        shop, visit, job.id.uuid(), job.client.uuid(), job.site, new.technician.uuid(), new.date.to_string(), new.time.to_string(), zone, minutes(new)
    )
    .execute(tx.conn())
    .await
    .on_constraint("visits_window", || Refusal::field("minutes", "Give the visit a length between 5 minutes and 12 hours."))?;
    Ok(visit.into())
}

/// A visit's length as SQL takes it.
pub(crate) fn minutes(new: &NewVisit) -> i32 {
    i32::try_from(new.minutes).unwrap_or_default()
}

/// Refuses the field `technician` for somebody who does not work jobs here.
pub(crate) async fn sendable(tx: &mut WriteTx, technician: PersonId) -> Result<()> {
    if identity::technicians(tx).await?.iter().any(|one| one.id == technician) {
        return Ok(());
    }
    Err(Refusal::field("technician", "Choose a technician from the list.").into())
}

/// Takes a job off the schedule.
///
/// # Errors
/// Refuses where the job's state does not allow it.
pub async fn take_off(tx: &mut WriteTx, job: JobId) -> Result<Event> {
    let found = locked(tx, job).await?;
    move_to(tx, &found, found.take(Step::Unschedule)?).await?;
    let shop = tx.shop().uuid();
    let visit = query!("update app.visits set cancelled_at = app.now(), version = version + 1 where shop_id = $1 and job_id = $2 and cancelled_at is null returning id, technician_id", shop, job.uuid())
        .fetch_one(tx.conn())
        .await?;
    Ok(Event::JobUnscheduled { job, visit: visit.id.into(), technician: visit.technician_id.into() })
}

/// Which visits a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those of today.
    Today,
    /// Those whose window is over while the job is not done.
    Late,
    /// A technician's own: of today, and earlier ones whose job is not done.
    DayOf(PersonId),
}

/// Visits in order of time, a hundred at most.
///
/// # Errors
/// Only faults.
pub async fn visits(tx: &mut impl Scope, which: Which) -> Result<Vec<VisitRow>> {
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    let (today, late, own) = match which {
        Which::Today => (true, false, None),
        Which::Late => (false, true, None),
        Which::DayOf(person) => (true, true, Some(person.uuid())),
    };
    let rows = query!(
        r#"with day as (select app.today($2)::timestamp at time zone $2 as begins, (app.today($2) + 1)::timestamp at time zone $2 as ends)
           select j.id, j.number, t.name as kind, j.status, j.urgent, c.name as client, coalesce(s.address, '') as "address!", coalesce(m.name, '') as "technician!",
             case when v.starts_at >= day.begins and v.starts_at < day.ends then '' else app.local_date(v.starts_at, $2) end as "day!",
             to_char(v.starts_at at time zone $2, 'HH24:MI') || '–' || to_char(v.ends_at at time zone $2, 'HH24:MI') as "window!",
             (v.ends_at < app.now() and j.status in ('scheduled','en_route','on_site')) as "late!"
           from day, app.visits v
           join app.jobs j on j.shop_id = v.shop_id and j.id = v.job_id
           join app.job_templates t on t.shop_id = j.shop_id and t.id = j.template_id
           join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
           left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
           left join app.members() m on m.person_id = v.technician_id
           where v.shop_id = $1 and v.cancelled_at is null and ($5::uuid is null or v.technician_id = $5)
             and ($3 and v.starts_at >= day.begins and v.starts_at < day.ends
               or $4 and j.status in ('scheduled','en_route','on_site') and (v.ends_at < app.now() or $5::uuid is not null and v.starts_at < day.ends))
           order by v.starts_at, j.number limit $6"#,
        shop, zone, today, late, own, MOST
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(VisitRow {
                job: row.id.into(),
                number: row.number,
                kind: row.kind,
                status: stored(&row.status)?,
                client: row.client,
                address: row.address,
                technician: row.technician,
                day: row.day,
                window: row.window,
                late: row.late,
                urgent: row.urgent,
            })
        })
        .collect()
}
