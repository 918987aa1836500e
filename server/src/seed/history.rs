//! Fourteen months of work brought over, with their invoices and payments: four people at once, in the order of time.

use super::{clients::Entered, dice::Dice, live, road::Hand, words};
use anyhow::{Context, Result};
use domain::{
    Permission,
    calendar::{Date, Time},
    ids::{InvoiceId, JobId},
    invoices::PaymentMethod,
    jobs::{JobKind, NewLine},
    lines::{Line, LineKind},
    money::{Money, Quantity},
};
use store::intake::Finished;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Days the brought-over work goes back: fourteen months.
pub const DAYS: i32 = 425;
/// The last so many days hold …
const RECENT_DAYS: i32 = 12;
/// … so many jobs: their invoices are not due yet.
const RECENT: usize = 45;

/// What became of a job's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Invoiced and paid after so many days.
    Paid(i32),
    /// Half of it paid.
    PartPaid,
    /// Invoiced, nothing paid.
    Unpaid,
    /// Invoiced by mistake, called off.
    Void,
    /// Nothing to charge.
    Callback,
    /// Waits for its invoice.
    NotInvoiced,
}

/// One job of the past.
#[derive(Clone)]
pub struct Past {
    kind: JobKind,
    client: Entered,
    site: usize,
    days_ago: i32,
    fate: Fate,
    cylinders: i32,
    says: usize,
}

/// Who does what.
pub struct Crew<'a> {
    /// Brings over and closes.
    pub desk: &'a Hand,
    /// Send the invoices.
    pub books: &'a Hand,
    /// Takes the money.
    pub till: &'a Hand,
    /// Did the work; the last one works on cars.
    pub technicians: &'a [&'a Hand],
}

/// Lays out the past: which job at whose place, when, and what became of its money. The first job is the oldest.
pub fn plan(kinds: &[JobKind], clients: &[Entered], dice: &mut Dice) -> Vec<Past> {
    let (households, firms): (Vec<_>, Vec<_>) = clients.iter().cloned().partition(|client| client.person);
    let ages = ages(kinds.len());
    let fates = fates(&ages, dice);
    let mut past = Vec::new();
    for ((kind, days_ago), fate) in kinds.iter().zip(ages).zip(fates) {
        let at_home = match kind {
            JobKind::LockoutHouse | JobKind::LockChange => true,
            JobKind::Rekey | JobKind::AutoKey | JobKind::Safe => dice.below(2) == 0,
            _ => false,
        };
        let pool = if at_home { &households } else { &firms };
        let cylinders = 1 + i32::try_from(dice.below(5)).unwrap_or_default();
        past.push(Past {
            kind: *kind,
            client: dice.pick(pool).clone(),
            site: dice.below(14),
            days_ago,
            fate,
            cylinders,
            says: dice.below(20),
        });
    }
    past
}

/// Days ago, from the oldest job to yesterday's; the last ones come closer together.
fn ages(jobs: usize) -> Vec<i32> {
    let recent = jobs.min(RECENT);
    let spread = |count: usize, from: i32, to: i32| {
        let last = i32::try_from(count.saturating_sub(1).max(1)).unwrap_or(1);
        (0..count).map(move |at| from - (from - to) * i32::try_from(at).unwrap_or_default() / last)
    };
    spread(jobs - recent, DAYS, RECENT_DAYS + 1).chain(spread(recent, RECENT_DAYS, 1)).collect()
}

/// What becomes of the money of jobs of these ages: the newest wait for their invoice, new invoices are not due yet, some
/// old ones are overdue, nearly all the others are paid.
fn fates(ages: &[i32], dice: &mut Dice) -> Vec<Fate> {
    let mut fates: Vec<Option<Fate>> = vec![None; ages.len()];
    let mut spread = |fate: Fate, count: usize, from: i32, to: i32| {
        let free: Vec<usize> =
            (0..ages.len()).filter(|at| fates[*at].is_none() && (from..=to).contains(&ages[*at])).collect();
        let taken = count.min(free.len());
        (0..taken).for_each(|nth| fates[free[nth * free.len() / taken]] = Some(fate));
    };
    spread(Fate::NotInvoiced, 15, 1, 5);
    spread(Fate::Unpaid, 25, 1, RECENT_DAYS);
    spread(Fate::Unpaid, 37, 50, 120);
    spread(Fate::PartPaid, 22, 18, 150);
    spread(Fate::Void, 10, 20, DAYS);
    spread(Fate::Callback, 11, 20, DAYS);
    fates.into_iter().map(|fate| fate.unwrap_or_else(|| Fate::Paid(*dice.pick(&[0, 0, 0, 2, 9, 14, 21, 28])))).collect()
}

/// Brings it all over: one enters jobs, one invoices them, one takes payments, one closes.
///
/// # Errors
/// Only faults.
pub async fn bring_over(crew: &Crew<'_>, today: Date, past: &[Past]) -> Result<()> {
    let (jobs, to_invoice) = channel(64);
    let (invoices, to_pay) = channel(64);
    let (paid, to_close) = channel(64);
    tokio::try_join!(
        enter(crew, today, past, jobs),
        bill(crew.books, today, past, to_invoice, invoices),
        collect(crew.till, today, past, to_pay, paid),
        close(crew.desk, to_close),
    )?;
    Ok(())
}

async fn enter(crew: &Crew<'_>, today: Date, past: &[Past], jobs: Sender<(usize, JobId)>) -> Result<()> {
    for (at, one) in past.iter().enumerate() {
        let (last, others) = crew.technicians.split_last().context("nobody to do the work")?;
        let technician =
            if one.kind == JobKind::AutoKey || others.is_empty() { last } else { &others[at % others.len()] };
        let date = today.plus_days(-one.days_ago)?;
        let start = 8 + at % 9;
        let visit = live::visit(
            technician,
            date,
            &format!("{start:02}:{:02}", (at % 4) * 15),
            45 + 15 * i64::from(one.cylinders),
        )?;
        let script = words::script(one.kind);
        let callback = one.fate == Fate::Callback;
        let mut order = live::call(&one.client, one.site, one.kind, one.says, Some(visit));
        if callback {
            order.requested = format!("Callback, nothing to charge: {}", order.requested);
        }
        let file = Finished {
            order,
            called_at: Time::parse(&format!("{:02}:40", start - 1))?,
            performed: script.performed[one.says % script.performed.len()].to_owned(),
            lines: if callback { Vec::new() } else { lines(one) },
            evidence: "Brought over from the paper files: the signed work order lies in the shop.".to_owned(),
        };
        let mut tx = crew.desk.begin(Permission::CreateJobs).await?;
        let (job, event) = store::intake::bring_over(&mut tx, &file).await?;
        tx.commit(event).await?;
        jobs.send((at, job)).await?;
    }
    Ok(())
}

/// What a kind costs beside its usual lines.
fn lines(one: &Past) -> Vec<NewLine> {
    let line = |kind, description: &str, count, cents| NewLine {
        line: Line { kind, quantity: Quantity::whole(count), unit_price: Money::from_minor(cents), taxable: true },
        description: description.to_owned(),
    };
    match one.kind {
        JobKind::LockoutHouse if one.says.is_multiple_of(3) => {
            vec![line(LineKind::Fee, "After seven in the evening", 1, 6_000)]
        }
        JobKind::LockoutHouse => Vec::new(),
        JobKind::Rekey => vec![
            line(LineKind::Labour, "Rekey, per further cylinder", one.cylinders, 2_400),
            line(LineKind::Part, "Cut key", one.cylinders + 1, 450),
        ],
        JobKind::LockChange => vec![line(LineKind::Part, "Deadbolt, grade 2", 1, 8_900)],
        JobKind::AutoKey => vec![line(LineKind::Part, "Transponder key", 1, 6_500)],
        JobKind::CommercialService => {
            vec![line(LineKind::Part, "Small parts", 1, 1_200 + i64::from(one.cylinders) * 350)]
        }
        JobKind::MasterSystem => vec![
            line(LineKind::Labour, "Rekey and master, per further cylinder", 11, 3_200),
            line(LineKind::Part, "Cut key", 24, 450),
        ],
        JobKind::Safe => vec![line(LineKind::Labour, "Safe work, further hours", one.cylinders.min(3), 9_000)],
        JobKind::KeyOrder => vec![line(LineKind::Part, "Restricted key", one.cylinders, 2_200)],
    }
}

/// A past job by its place in the list, and what it was invoiced at, if it was.
type Billed = (usize, JobId, Option<(InvoiceId, Money)>);

async fn bill(
    books: &Hand,
    today: Date,
    past: &[Past],
    mut jobs: Receiver<(usize, JobId)>,
    invoices: Sender<Billed>,
) -> Result<()> {
    while let Some((at, job)) = jobs.recv().await {
        let one = &past[at];
        let on = today.plus_days(-one.days_ago)?;
        let billed = match one.fate {
            Fate::NotInvoiced => continue,
            Fate::Callback => None,
            Fate::Paid(_) | Fate::PartPaid | Fate::Unpaid => Some(live::invoice(books, job, on).await?),
            Fate::Void => {
                let (invoice, _) = live::invoice(books, job, on).await?;
                live::void(books, invoice, "Charged twice: the work stands on the invoice of the visit before.")
                    .await?;
                None
            }
        };
        invoices.send((at, job, billed)).await?;
    }
    Ok(())
}

async fn collect(
    till: &Hand,
    today: Date,
    past: &[Past],
    mut invoices: Receiver<Billed>,
    paid: Sender<JobId>,
) -> Result<()> {
    while let Some((at, job, billed)) = invoices.recv().await {
        let one = &past[at];
        let method = if one.client.person { PaymentMethod::Card } else { PaymentMethod::Transfer };
        let later = |days: i32| today.plus_days(-one.days_ago.saturating_sub(days).max(0));
        match (one.fate, billed) {
            (Fate::Paid(days), Some((invoice, total))) => live::pay(till, invoice, total, method, later(days)?).await?,
            (Fate::PartPaid, Some((invoice, total))) => {
                live::pay(till, invoice, Money::from_minor(total.minor() / 2), method, later(10)?).await?;
                continue;
            }
            (Fate::Unpaid, _) => continue,
            _ => {}
        }
        paid.send(job).await?;
    }
    Ok(())
}

async fn close(desk: &Hand, mut paid: Receiver<JobId>) -> Result<()> {
    while let Some(job) = paid.recv().await {
        live::close(desk, job).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_of_the_past_ends_as_the_story_says() {
        let ages = ages(596);
        assert!(ages.is_sorted_by(|older, newer| older >= newer));
        assert_eq!((ages[0], ages[595]), (DAYS, 1));
        let fates = fates(&ages, &mut Dice::new(1));
        let count = |wanted: fn(&Fate) -> bool| fates.iter().filter(|fate| wanted(fate)).count();
        assert_eq!(count(|fate| matches!(fate, Fate::Paid(_))), 476);
        assert_eq!(count(|fate| *fate == Fate::Unpaid), 25 + 37);
        assert_eq!(
            [Fate::PartPaid, Fate::Void, Fate::Callback, Fate::NotInvoiced]
                .map(|wanted| fates.iter().filter(|fate| **fate == wanted).count()),
            [22, 10, 11, 15]
        );
    }
}
