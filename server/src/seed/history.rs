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
/// The last so many days hold the work that is not paid for yet.
const RECENT_DAYS: i32 = 12;

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

/// Lays out the past: which job at whose place, when, and what became of its money.
pub fn plan(kinds: &[JobKind], fates: &mut Vec<Fate>, clients: &[Entered], dice: &mut Dice) -> Vec<Past> {
    let (households, firms): (Vec<_>, Vec<_>) = clients.iter().cloned().partition(|client| client.person);
    let recent = kinds.len().min(45);
    let early = kinds.len() - recent;
    let span = |at: usize, of: usize, days: i32| days * i32::try_from(at).unwrap_or_default() / i32::try_from(of.max(1)).unwrap_or(1);
    kinds
        .iter()
        .enumerate()
        .map(|(at, kind)| {
            let at_home = matches!(kind, JobKind::LockoutHouse | JobKind::LockChange) || matches!(kind, JobKind::Rekey | JobKind::AutoKey | JobKind::Safe) && dice.below(2) == 0;
            let pool = if at_home || firms.is_empty() { &households } else { &firms };
            let days_ago = if at < early { DAYS - span(at, early, DAYS - RECENT_DAYS - 1) } else { RECENT_DAYS - span(at - early, recent, RECENT_DAYS - 1) };
            Past { kind: *kind, client: dice.pick(pool).clone(), site: dice.below(14), days_ago, fate: take(fates, days_ago, dice), cylinders: 1 + i32::try_from(dice.below(5)).unwrap_or_default(), says: dice.below(20) }
        })
        .collect()
}

/// The next fate that fits the age: overdue is old, sent and not invoiced are young.
fn take(fates: &mut Vec<Fate>, days_ago: i32, dice: &mut Dice) -> Fate {
    let young = days_ago <= RECENT_DAYS;
    let fits = |fate: &Fate, slack: bool| match fate {
        Fate::NotInvoiced => young,
        Fate::Unpaid => young || (33..100).contains(&days_ago),
        Fate::PartPaid => (15..150).contains(&days_ago),
        Fate::Paid(_) | Fate::Callback | Fate::Void => slack || !young,
    };
    let start = dice.below(fates.len());
    let order = (0..fates.len()).map(|at| (start + at) % fates.len());
    // What fits only here goes first.
    let choose = |wanted: &dyn Fn(&Fate) -> bool| order.clone().find(|at| wanted(&fates[*at]));
    let found = choose(&|fate| young && matches!(fate, Fate::NotInvoiced))
        .or_else(|| choose(&|fate| matches!(fate, Fate::Unpaid | Fate::PartPaid) && fits(fate, false)))
        .or_else(|| choose(&|fate| fits(fate, true)));
    found.map_or(Fate::Paid(0), |at| fates.swap_remove(at))
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
        let technician = if one.kind == JobKind::AutoKey || others.is_empty() { last } else { &others[at % others.len()] };
        let date = today.plus_days(-one.days_ago)?;
        let start = 8 + at % 9;
        let visit = live::visit(technician, date, &format!("{start:02}:{:02}", (at % 4) * 15), 45 + 15 * i64::from(one.cylinders))?;
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
        JobKind::LockoutHouse if one.says % 3 == 0 => vec![line(LineKind::Fee, "After seven in the evening", 1, 6_000)],
        JobKind::LockoutHouse => Vec::new(),
        JobKind::Rekey => vec![line(LineKind::Labour, "Rekey, per further cylinder", one.cylinders, 2_400), line(LineKind::Part, "Cut key", one.cylinders + 1, 450)],
        JobKind::LockChange => vec![line(LineKind::Part, "Deadbolt, grade 2", 1, 8_900)],
        JobKind::AutoKey => vec![line(LineKind::Part, "Transponder key", 1, 6_500)],
        JobKind::CommercialService => vec![line(LineKind::Part, "Small parts", 1, 1_200 + i64::from(one.cylinders) * 350)],
        JobKind::MasterSystem => vec![line(LineKind::Labour, "Rekey and master, per further cylinder", 11, 3_200), line(LineKind::Part, "Cut key", 24, 450)],
        JobKind::Safe => vec![line(LineKind::Labour, "Safe work, further hours", one.cylinders.min(3), 9_000)],
        JobKind::KeyOrder => vec![line(LineKind::Part, "Restricted key", one.cylinders, 2_200)],
    }
}

async fn bill(books: &Hand, today: Date, past: &[Past], mut jobs: Receiver<(usize, JobId)>, invoices: Sender<(usize, JobId, Option<(InvoiceId, Money)>)>) -> Result<()> {
    while let Some((at, job)) = jobs.recv().await {
        let one = &past[at];
        let on = today.plus_days(-one.days_ago)?;
        let billed = match one.fate {
            Fate::NotInvoiced => continue,
            Fate::Callback => None,
            Fate::Paid(_) | Fate::PartPaid | Fate::Unpaid => Some(live::invoice(books, job, on).await?),
            Fate::Void => {
                let (invoice, _) = live::invoice(books, job, on).await?;
                live::void(books, invoice, "Charged twice: the work stands on the invoice of the visit before.").await?;
                None
            }
        };
        invoices.send((at, job, billed)).await?;
    }
    Ok(())
}

async fn collect(till: &Hand, today: Date, past: &[Past], mut invoices: Receiver<(usize, JobId, Option<(InvoiceId, Money)>)>, paid: Sender<JobId>) -> Result<()> {
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
