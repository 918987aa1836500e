//! A working day at Northgate: finished work with all its evidence, work under way, calls that wait.

use super::Staff;
use crate::seed::{
    clients::{self, Entered},
    live,
    road::Hand,
};
use anyhow::Result;
use domain::{Permission, calendar::Date, invoices::PaymentMethod, jobs::JobKind};

/// Worked through from the call to the invoice.
const THROUGH: &[(JobKind, usize)] = &[
    (JobKind::CommercialService, 8),
    (JobKind::LockoutHouse, 6),
    (JobKind::Rekey, 4),
    (JobKind::LockChange, 3),
    (JobKind::AutoKey, 2),
    (JobKind::KeyOrder, 1),
];
/// So many of them are invoiced …
const INVOICED: usize = 20;
/// … and so many paid at once.
const PAID: usize = 4;

/// Jobs of the day: worked through, ended early, under way, waiting.
pub const JOBS: usize = 24 + 9 + 8 + 3;

/// Lives the day; gives how many jobs were worked through.
///
/// # Errors
/// Only faults.
pub async fn live(staff: &Staff, today: Date, all: &[Entered]) -> Result<usize> {
    let (households, firms): (Vec<_>, Vec<_>) = all.iter().cloned().partition(|client| client.person);
    let through = through(staff, today, &households, &firms).await?;
    ended(staff, today, &households).await?;
    open(staff, today, &households, &firms).await?;
    Ok(through)
}

/// Two technicians at a time, each with half of the list.
async fn through(staff: &Staff, today: Date, households: &[Entered], firms: &[Entered]) -> Result<usize> {
    let kinds: Vec<JobKind> = THROUGH.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count)).collect();
    let plan: Vec<_> = kinds
        .iter()
        .enumerate()
        .map(|(at, kind)| {
            let home = matches!(kind, JobKind::LockoutHouse | JobKind::LockChange);
            let pool = if home { households } else { firms };
            (at, *kind, &pool[at % pool.len()])
        })
        .collect();
    let halves: (Vec<_>, Vec<_>) = plan.into_iter().partition(|(at, ..)| at % 2 == 0);
    tokio::try_join!(
        half(staff, &staff.theo, &staff.bea, today, halves.0),
        half(staff, &staff.tess, &staff.olivia, today, halves.1)
    )?;
    Ok(kinds.len())
}

async fn half(
    staff: &Staff,
    technician: &Hand,
    books: &Hand,
    today: Date,
    plan: Vec<(usize, JobKind, &Entered)>,
) -> Result<()> {
    for (at, kind, client) in plan {
        let technician = if kind == JobKind::AutoKey { &staff.toby } else { technician };
        let date = if at < 20 { today.plus_days(-1)? } else { today };
        let visit = live::visit(technician, date, &format!("{:02}:{:02}", 8 + at / 2 % 9, at % 2 * 30), 60)?;
        let job = live::take(&staff.dana, &live::call(client, at, kind, at, Some(visit))).await?;
        live::work(technician, job, kind, at, client).await?;
        if at < INVOICED {
            let (invoice, total) = live::invoice(books, job, today).await?;
            if at < PAID {
                live::pay(books, invoice, total, PaymentMethod::Card, today).await?;
            }
        }
    }
    Ok(())
}

/// Jobs that ended before they were done: six called off on site, three without authority. Every fourth was taken at the
/// front desk, which sends nobody: the dispatcher does.
async fn ended(staff: &Staff, today: Date, households: &[Entered]) -> Result<()> {
    for at in 0..9usize {
        let client = &households[(at * 2 + 1) % households.len()];
        let technician = if at % 2 == 0 { &staff.theo } else { &staff.tess };
        let visit = live::visit(technician, today.plus_days(-1)?, &format!("{:02}:15", 9 + at), 45)?;
        let job = if at % 4 == 0 {
            let job = live::take(&staff.frank, &live::call(client, 0, JobKind::LockoutHouse, at, None)).await?;
            live::send(&staff.dana, job, &visit).await?;
            job
        } else {
            live::take(&staff.dana, &live::call(client, 0, JobKind::LockoutHouse, at, Some(visit))).await?
        };
        live::arrive(technician, job).await?;
        if at < 6 {
            live::cancel(
                &staff.dana,
                job,
                "The caller found the key, or a relative came with one, while we were there.",
            )
            .await?;
        } else {
            live::authority(technician, job, "Somebody at the door", false).await?;
        }
    }
    Ok(())
}

/// Work of today in every state, and calls nobody is sent to yet.
async fn open(staff: &Staff, today: Date, households: &[Entered], firms: &[Entered]) -> Result<()> {
    let now = hour_now(&staff.dana).await?;
    let at = |offset: i64| format!("{:02}:00", (now + offset).clamp(6, 22));
    let technicians = [&staff.theo, &staff.tess, &staff.toby];
    let plan: [(usize, JobKind, &Entered, i64); 8] = [
        (0, JobKind::LockoutHouse, &households[4], -1),
        (1, JobKind::CommercialService, &firms[0], -1),
        (2, JobKind::AutoKey, &firms[firms.len() - 1], 0),
        (0, JobKind::Rekey, &households[7], 1),
        (1, JobKind::LockChange, &households[9], 1),
        (2, JobKind::AutoKey, &households[12], 2),
        (0, JobKind::CommercialService, &firms[1], 2),
        (1, JobKind::KeyOrder, &firms[3 % firms.len()], 3),
    ];
    for (nth, (who, kind, client, offset)) in plan.into_iter().enumerate() {
        let technician = technicians[who];
        let mut order = live::call(client, nth, kind, nth, Some(live::visit(technician, today, &at(offset), 60)?));
        order.urgent = nth == 0;
        if nth == 0 {
            order.requested =
                "Locked out, the stove is on and the dog is inside. Caller waits in front of the door.".into();
            order.answers.insert("inside".into(), "yes".into());
            order.answers.remove("entry");
        }
        let job = live::take(&staff.dana, &order).await?;
        if nth < 3 {
            live::set_off(technician, job).await?;
        }
        if nth < 2 {
            // The lockout stays here: its evidence is still missing.
            live::arrive(technician, job).await?;
        }
    }
    for (nth, kind) in [JobKind::Rekey, JobKind::Safe, JobKind::CommercialService].into_iter().enumerate() {
        let client = if kind == JobKind::CommercialService { &firms[2] } else { &households[nth] };
        live::take(&staff.frank, &live::call(client, 0, kind, nth, None)).await?;
    }
    clients::note(
        &staff.frank,
        households[0].id,
        "Prefers calls after five. Moves in December: ask for the new address.",
    )
    .await
}

/// The hour it is in the shop's zone, by the half hour the intake would offer next.
async fn hour_now(desk: &Hand) -> Result<i64> {
    let mut tx = desk.look(Permission::CreateJobs).await?;
    let soon = store::intake::page(&mut tx, "", "").await?.soon;
    Ok(soon.split(':').next().and_then(|hour| hour.parse().ok()).unwrap_or(12))
}
