//! The job at this moment, as its work order says it.

use crate::{Error, Result, Scope};
use domain::{
    choice::Choice,
    ids::JobId,
    jobs::{Answer, AuthorityOutcome, DocumentSeen, Question, Relation, Requirements},
    lines::{Line, LineKind},
    money::{Money, MoneyError, Percent, Quantity},
    signatures::{Authority, Charge, WorkOrder},
    tax::{self, TaxRate},
};
use serde_json::{Map, Value};
use sqlx::{query, query_scalar, types::Json};
use std::collections::BTreeSet;

/// The snapshot of a job, with what its template demands.
pub(super) struct Snapshot {
    pub order: WorkOrder,
    pub requirements: Requirements,
    pub contact: String,
    pub email: String,
    pub client: domain::ids::ClientId,
    pub status: String,
}

/// Takes the snapshot: six statements, whatever the job holds.
pub(super) async fn of(tx: &mut impl Scope, job: JobId) -> Result<Snapshot> {
    let (shop, zone, currency) = (tx.shop().uuid(), tx.zone(), tx.currency());
    let row = query!(
        r#"select j.number, j.client_id, j.status, j.requested, j.performed, j.po_number, j.ceiling_minor, j.answers as "answers: Json<Map<String, Value>>",
             app.local_date(j.created_at, $3) as "taken!", c.name as client, c.tax_exempt, coalesce(k.name, '') as "contact!", coalesce(k.email, '') as "email!",
             coalesce(nullif(concat_ws(', ', nullif(s.name, ''), s.address), ''), '') as "site!",
             h.name as shop, h.licence_number, h.address, h.phone, v.requirements as "requirements: Json<Requirements>"
           from app.jobs j
           join app.shops h on h.shop_id = j.shop_id
           join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
           join app.job_template_versions v on v.shop_id = j.shop_id and v.template_id = j.template_id and v.version = j.template_version
           left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
           left join app.contacts k on k.shop_id = j.shop_id and k.id = j.contact_id
           where j.shop_id = $1 and j.id = $2"#,
        shop, job.uuid(), zone
    )
    .fetch_one(tx.conn())
    .await?;
    let requirements = row.requirements.0;
    let ticked = ticked(tx, job).await?;
    let charges = charges(tx, job).await?;
    let rates = if row.tax_exempt { Vec::new() } else { rates(tx).await? };
    let sums = sums(&charges, &rates).map_err(|error| Error::Vault(format!("a job's sums: {error}")))?;
    let order = WorkOrder {
        shop: row.shop,
        licence: row.licence_number,
        shop_lines: [row.address, row.phone].into_iter().filter(|line| !line.is_empty()).collect(),
        number: row.number,
        taken: row.taken,
        client: row.client,
        po_number: row.po_number,
        site: row.site,
        openings: openings(tx, job).await?,
        requested: row.requested,
        performed: row.performed,
        answers: answers(&requirements.questions, &row.answers.0),
        checks: requirements.checks.iter().map(|check| (check.label.clone(), ticked.contains(&check.key))).collect(),
        authority: authority(tx, job).await?,
        charges: charges.into_iter().map(|(charge, _)| charge).collect(),
        subtotal: sums.0,
        taxes: sums.1,
        total: sums.2,
        ceiling: row.ceiling_minor.map(Money::from_minor),
        currency: Some(currency),
    };
    Ok(Snapshot {
        order,
        requirements,
        contact: row.contact,
        email: row.email,
        client: row.client_id.into(),
        status: row.status,
    })
}

/// The answers that were given, in the order of the questions.
fn answers(questions: &[Question], given: &Map<String, Value>) -> Vec<(String, String)> {
    let words = |question: &Question| {
        let text = given.get(&question.key)?.as_str()?.trim().to_owned();
        Some(match (&question.answer, text.as_str()) {
            (Answer::YesNo, "yes" | "on" | "true") => "Yes".to_owned(),
            (Answer::YesNo, "no" | "off" | "false") => "No".to_owned(),
            _ => text,
        })
    };
    questions
        .iter()
        .filter_map(|question| Some((question.label.clone(), words(question).filter(|text| !text.is_empty())?)))
        .collect()
}

async fn ticked(tx: &mut impl Scope, job: JobId) -> Result<BTreeSet<String>> {
    let shop = tx.shop().uuid();
    let keys = query_scalar!("select key from app.job_checks where shop_id = $1 and job_id = $2", shop, job.uuid())
        .fetch_all(tx.conn())
        .await?;
    Ok(keys.into_iter().collect())
}

async fn openings(tx: &mut impl Scope, job: JobId) -> Result<Vec<String>> {
    let shop = tx.shop().uuid();
    Ok(query_scalar!(
        r#"select concat_ws(', ', o.number, nullif(o.location, '')) as "opening!" from app.job_openings p
           join app.openings o on o.shop_id = p.shop_id and o.id = p.opening_id where p.shop_id = $1 and p.job_id = $2 order by o.folded, o.id"#,
        shop, job.uuid()
    )
    .fetch_all(tx.conn())
    .await?)
}

async fn charges(tx: &mut impl Scope, job: JobId) -> Result<Vec<(Charge, Line)>> {
    let shop = tx.shop().uuid();
    let rows = query!("select kind, description, quantity_milli, unit_minor, taxable from app.job_lines where shop_id = $1 and job_id = $2 order by id", shop, job.uuid())
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter()
        .map(|row| {
            let kind = LineKind::parse(&row.kind)
                .ok_or_else(|| Error::Vault("a stored kind of line cannot be read".into()))?;
            let (quantity, unit) = (Quantity::from_thousandths(row.quantity_milli), Money::from_minor(row.unit_minor));
            let line = Line { kind, quantity, unit_price: unit, taxable: row.taxable };
            let amount = line.amount().map_err(|error| Error::Vault(format!("a line's amount: {error}")))?;
            Ok((Charge { kind, description: row.description, quantity, unit, amount }, line))
        })
        .collect()
}

async fn rates(tx: &mut impl Scope) -> Result<Vec<TaxRate>> {
    let shop = tx.shop().uuid();
    let rows = query!("select name, rate_micro, compound, kinds from app.tax_rates where shop_id = $1 and archived_at is null order by position", shop)
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter()
        .map(|row| {
            let rate = Percent::from_millionths(row.rate_micro)
                .map_err(|error| Error::Vault(format!("a stored tax rate: {error}")))?;
            Ok(TaxRate {
                name: row.name,
                rate,
                compound: row.compound,
                kinds: row.kinds.iter().filter_map(|kind| LineKind::parse(kind)).collect(),
            })
        })
        .collect()
}

/// Subtotal, taxes, total.
fn sums(charges: &[(Charge, Line)], rates: &[TaxRate]) -> Result<(Money, Vec<tax::Tax>, Money), MoneyError> {
    let lines: Vec<Line> = charges.iter().map(|(_, line)| *line).collect();
    let subtotal = Money::sum(charges.iter().map(|(charge, _)| charge.amount))?;
    let taxes = tax::taxes(&lines, rates)?;
    let total = subtotal.plus(Money::sum(taxes.iter().map(|tax| tax.amount))?)?;
    Ok((subtotal, taxes, total))
}

async fn authority(tx: &mut impl Scope, job: JobId) -> Result<Option<Authority>> {
    let shop = tx.shop().uuid();
    let row = query!(
        "select person_name, relation, document, outcome from app.authority_checks where shop_id = $1 and job_id = $2 order by id desc limit 1",
        shop, job.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Authority {
        person: row.person_name,
        relation: Relation::parse(&row.relation).map_or("", Choice::words).to_owned(),
        document: DocumentSeen::parse(&row.document).map_or("", Choice::words).to_owned(),
        outcome: AuthorityOutcome::parse(&row.outcome).map_or("", Choice::words).to_owned(),
    }))
}
