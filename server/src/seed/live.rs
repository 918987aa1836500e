//! Jobs as they happen: taken, worked, signed, completed, invoiced; each step an act of the person who takes it.

use super::{clients::Entered, road::Hand, words};
use anyhow::{Context, Result};
use domain::{
    Event, Permission,
    calendar::{Date, Time},
    ids::{InvoiceId, JobId},
    invoices::PaymentMethod,
    jobs::{
        AuthorityOutcome, CallFor, DocumentSeen, JobKind, NewAuthorityCheck, NewJob, Place, Relation, SignerRole, Step,
        Work,
    },
    money::Money,
    payments::NewPayment,
    phone::Phone,
    schedule::NewVisit,
    signatures::{Mark, NewSignature},
};
use ink::{Ink, Point, PointerKind, Stroke};

/// A call for a client's place.
pub fn call(client: &Entered, site: usize, kind: JobKind, says: usize, visit: Option<NewVisit>) -> NewJob {
    let script = words::script(kind);
    NewJob {
        client: CallFor::Known(client.id),
        place: client
            .sites
            .get(site.checked_rem(client.sites.len()).unwrap_or_default())
            .map_or(Place::None, |site| Place::Known(*site)),
        caller: client.caller.clone(),
        caller_phone: Phone::parse(&client.phone).ok(),
        template: kind.as_str().to_owned(),
        requested: script.requested[says % script.requested.len()].to_owned(),
        answers: words::answers(kind),
        ceiling: (kind == JobKind::LockoutHouse).then(|| Money::from_minor(45_000)),
        po_number: String::new(),
        urgent: false,
        visit,
        another: true,
    }
}

/// Somebody's visit.
///
/// # Errors
/// A time that is none.
pub fn visit(who: &Hand, date: Date, time: &str, minutes: i64) -> Result<NewVisit> {
    Ok(NewVisit { technician: who.person(), date, time: Time::parse(time)?, minutes })
}

/// Takes a call.
///
/// # Errors
/// Only faults.
pub async fn take(desk: &Hand, order: &NewJob) -> Result<JobId> {
    let mut tx = desk.begin(Permission::CreateJobs).await?;
    let (job, event) = store::intake::create(&mut tx, order).await?;
    tx.commit(event).await?;
    Ok(job)
}

/// Sends somebody.
///
/// # Errors
/// Only faults.
pub async fn send(desk: &Hand, job: JobId, visit: &NewVisit) -> Result<()> {
    let mut tx = desk.begin(Permission::Schedule).await?;
    let event = store::schedule::send(&mut tx, job, visit).await?;
    Ok(tx.commit(event).await?)
}

/// The technician starts driving.
///
/// # Errors
/// Only faults.
pub async fn set_off(technician: &Hand, job: JobId) -> Result<()> {
    let mut tx = technician.begin(Permission::WorkJobs).await?;
    let event = store::jobs::set_off(&mut tx, job).await?;
    Ok(tx.commit(event).await?)
}

/// The technician arrives.
///
/// # Errors
/// Only faults.
pub async fn arrive(technician: &Hand, job: JobId) -> Result<()> {
    let mut tx = technician.begin(Permission::WorkJobs).await?;
    let event = store::jobs::arrive(&mut tx, job).await?;
    Ok(tx.commit(event).await?)
}

/// Checks the caller's authority; without, the job ends here.
///
/// # Errors
/// Only faults.
pub async fn authority(technician: &Hand, job: JobId, person: &str, allowed: bool) -> Result<()> {
    let mut tx = technician.begin(Permission::WorkJobs).await?;
    let check = NewAuthorityCheck {
        person_name: person.to_owned(),
        relation: Relation::Tenant,
        document: if allowed { DocumentSeen::DrivingLicence } else { DocumentSeen::Nothing },
        tail: allowed.then(|| "7K42".to_owned()),
        outcome: if allowed { AuthorityOutcome::Allowed } else { AuthorityOutcome::Refused },
        reason: if allowed {
            String::new()
        } else {
            "Nothing shown that ties the caller to this door; neighbours do not know the name.".to_owned()
        },
    };
    let event = store::jobs::check_authority(&mut tx, job, &check).await?;
    Ok(tx.commit(event).await?)
}

/// Calls a job off.
///
/// # Errors
/// Only faults.
pub async fn cancel(desk: &Hand, job: JobId, reason: &str) -> Result<()> {
    let mut tx = desk.begin(Permission::EditJobs).await?;
    let event = store::jobs::stop(&mut tx, job, Step::Cancel, reason).await?;
    Ok(tx.commit(event).await?)
}

/// Works a job from arrival to its completion, with all its kind demands.
///
/// # Errors
/// Only faults.
pub async fn work(technician: &Hand, job: JobId, kind: JobKind, says: usize, client: &Entered) -> Result<()> {
    arrive(technician, job).await?;
    let (script, demands) = (words::script(kind), kind.starter().requirements);
    if demands.authority {
        authority(technician, job, &client.caller, true).await?;
    }
    let mut tx = technician.begin(Permission::WorkJobs).await?;
    let done = Work {
        version: 1,
        performed: script.performed[says % script.performed.len()].to_owned(),
        answers: words::answers(kind),
    };
    let event = store::jobs::record_work(&mut tx, job, &done).await?;
    tx.commit(event).await?;
    for check in &demands.checks {
        let mut tx = technician.begin(Permission::WorkJobs).await?;
        let event = store::jobs::tick(&mut tx, job, &check.key).await?;
        tx.commit(event).await?;
    }
    for role in &demands.signatures {
        let name = if *role == SignerRole::Client { &client.caller } else { "The technician" };
        sign(technician, job, *role, name, says).await?;
    }
    let mut tx = technician.begin(Permission::WorkJobs).await?;
    let event = store::jobs::complete(&mut tx, job).await?;
    Ok(tx.commit(event).await?)
}

async fn sign(technician: &Hand, job: JobId, role: SignerRole, name: &str, hand: usize) -> Result<()> {
    let mut tx = technician.begin(Permission::Sign).await?;
    if let Some(event) = store::signatures::prepare(&mut tx, job).await? {
        tx.commit(event).await?;
    }
    let mut tx = technician.begin(Permission::Sign).await?;
    let paper = store::signatures::newest(&mut tx, job).await?.context("a work order that was not prepared")?;
    let signature = NewSignature {
        name: name.to_owned(),
        role,
        mark: Mark::Drawn(scrawl(hand)?),
        opened: true,
        copy_to: String::new(),
        device_time: String::new(),
    };
    let event = store::signatures::sign(&mut tx, job, paper.id, &paper.sha256, &signature).await?;
    Ok(tx.commit(event).await?)
}

/// A line with loops across the box, a little other for each hand.
fn scrawl(hand: usize) -> Result<Ink> {
    const UP: [i32; 8] = [0, -2600, -4200, -1800, 600, 2900, 3400, 1200];
    const ASIDE: [i32; 8] = [0, 450, 700, 250, -350, -800, -500, -100];
    let points = (0..72usize).map(|at| Point {
        x: 4_000 + i32::try_from(at).unwrap_or_default() * 650 + ASIDE[at % 8],
        y: 10_000 + UP[at * (1 + hand % 4) % 8] * i32::try_from(80 - at).unwrap_or_default() / 70,
        t: u32::try_from(at).unwrap_or_default() * 13,
        p: 90,
    });
    Ok(Ink::new(600, 200, 200, vec![Stroke { pointer: PointerKind::Pen, points: points.collect() }])?)
}

/// Drafts and issues the invoice of a completed job, dated `on`; gives it and what it asks.
///
/// # Errors
/// Only faults.
pub async fn invoice(books: &Hand, job: JobId, on: Date) -> Result<(InvoiceId, Money)> {
    let mut tx = books.begin(Permission::EditInvoices).await?;
    let proposal = store::invoices::proposal(&mut tx, job).await?;
    let about = store::invoices::draft(&mut tx, job, &proposal.words).await?;
    tx.commit(Event::InvoiceDrafted { invoice: about.invoice, job, client: about.client }).await?;
    let mut tx = books.begin(Permission::EditInvoices).await?;
    let issued = store::invoices::issue_on(&mut tx, about.invoice, 1, proposal.sheet.total, on).await?;
    tx.commit(issued.event()).await?;
    Ok((about.invoice, issued.total))
}

/// Records a payment.
///
/// # Errors
/// Only faults.
pub async fn pay(
    books: &Hand,
    invoice: InvoiceId,
    amount: Money,
    method: PaymentMethod,
    received_on: Date,
) -> Result<()> {
    let mut tx = books.begin(Permission::TakePayments).await?;
    let new = NewPayment { amount, method, reference: String::new(), received_on };
    let (payment, client) = store::payments::record(&mut tx, invoice, &new).await?;
    Ok(tx.commit(Event::PaymentRecorded { payment, invoice, client, amount_minor: amount.minor() }).await?)
}

/// Voids an invoice.
///
/// # Errors
/// Only faults.
pub async fn void(books: &Hand, invoice: InvoiceId, reason: &str) -> Result<()> {
    let mut tx = books.begin(Permission::EditInvoices).await?;
    let about = store::invoices::void(&mut tx, invoice, reason).await?;
    Ok(tx.commit(Event::InvoiceVoided { invoice, job: about.job, client: about.client }).await?)
}

/// Closes a job.
///
/// # Errors
/// Only faults.
pub async fn close(desk: &Hand, job: JobId) -> Result<()> {
    let mut tx = desk.begin(Permission::EditJobs).await?;
    let event = store::jobs::close(&mut tx, job).await?;
    Ok(tx.commit(event).await?)
}
