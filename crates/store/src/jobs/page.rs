//! A job's page: a fixed handful of statements, whatever hangs on the job.

use super::{authority::tail_place, from_json, stored};
use crate::{
    ReadTx, Result, Scope, attachments,
    audit::timeline,
    clients::shown,
    identity,
    seal::unless_away,
    signatures,
    sites::{access_notes, codes},
};
use domain::{
    Permission, Role,
    attachments::Subject,
    clients::SiteOption,
    ids::{ClientId, JobId, SiteId},
    jobs::{AuthorityRecord, Job, JobInvoice, JobLine, JobOpening, JobPage, JobRights, Tick},
    lines::Line,
    money::{Money, Percent, Quantity},
    schedule::Visit,
    tax::TaxRate,
};
use sqlx::{query, query_as};
use uuid::Uuid;

/// All a job's page shows to whoever reads.
///
/// # Errors
/// Not found.
pub async fn find(tx: &mut ReadTx, id: JobId) -> Result<JobPage> {
    let (mut page, sealed) = body(tx, id).await?;
    let power = tx.actor().power;
    page.may = JobRights {
        edit: power.allows(Permission::EditJobs),
        schedule: power.allows(Permission::Schedule),
        work: power.allows(Permission::WorkJobs) && (power.role != Role::Technician || page.visit().is_some()),
        override_evidence: power.allows(Permission::OverrideEvidence),
        sign: power.allows(Permission::Sign),
        see_signatures: power.allows(Permission::SeeSignatures),
        invoice: power.allows(Permission::EditInvoices),
        office: power.allows(Permission::SeeOffice),
        case_file: power.allows(Permission::MakeCaseFiles),
    };
    page.photos = attachments::of(tx, Subject::Job(id), power.allows(Permission::RevealSecrets)).await?;
    if page.may.work
        && let (Some(check), Some(sealed)) = (&mut page.authority, sealed)
    {
        let opened = match tx.keys() {
            Ok(keys) => keys.open(&tail_place(check.id.uuid()), &sealed).await,
            Err(away) => Err(away),
        };
        let clear = unless_away(opened)?;
        let words = || "cannot be opened at the moment".to_owned();
        check.tail = Some(clear.map_or_else(words, |clear| String::from_utf8_lossy(&clear).into_owned()));
    }
    if page.may.edit {
        page.doors = doors(tx, page.job.site).await?;
        page.sites = sites(tx, page.job.client).await?;
    }
    if page.may.schedule {
        page.technicians = identity::technicians(tx).await?;
    }
    if let Some(site) = page.job.site {
        page.access_notes = access_notes::state(tx, site).await?.filter(|notes| notes.version > 0);
        page.codes = codes::of(tx, site).await?.unwrap_or_default();
        page.codes.retain(|code| !code.archived);
    }
    if page.may.office {
        page.timeline = timeline::history(tx, power, id.uuid()).await?;
    }
    Ok(page)
}

/// A job as it stands, for files that are taken along: nothing sealed is opened.
///
/// # Errors
/// Not found.
pub(crate) async fn record(tx: &mut impl Scope, id: JobId) -> Result<JobPage> {
    Ok(body(tx, id).await?.0)
}

/// The page without what depends on who reads, and the sealed characters of the latest authority check.
pub(super) async fn body(tx: &mut impl Scope, id: JobId) -> Result<(JobPage, Option<Vec<u8>>)> {
    let job = job(tx, id).await?;
    let (authority, sealed) = authority(tx, id).await?.unzip();
    let page = JobPage {
        currency: tx.currency(),
        openings: openings(tx, id).await?,
        doors: Vec::new(),
        sites: Vec::new(),
        visits: visits(tx, id).await?,
        authority,
        ticks: ticks(tx, id).await?,
        lines: lines(tx, id).await?,
        rates: rates(tx).await?,
        signatures: signatures::of_job(tx, id).await?,
        signed: signatures::signed_roles(tx, id).await?,
        photos: Vec::new(),
        photos_there: attachments::slots(tx, id).await?,
        invoice: invoice(tx, id).await?,
        access_notes: None,
        codes: Vec::new(),
        timeline: Vec::new(),
        technicians: Vec::new(),
        today: identity::today(tx).await?,
        may: JobRights::default(),
        job,
    };
    Ok((page, sealed.flatten()))
}

async fn job(tx: &mut impl Scope, id: JobId) -> Result<Job> {
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    let row = query!(
        r#"select j.number, t.name as kind, j.status, j.version, v.requirements, j.client_id, c.name as client_name, c.alert, c.tax_exempt,
             coalesce((select h.value from app.client_channels h where h.shop_id = j.shop_id and h.client_id = j.client_id and h.kind = 'phone'
               order by h.position limit 1), '') as "client_phone!",
             j.site_id, coalesce(s.name, '') as "site_name!", coalesce(s.address, '') as "address!", coalesce(s.hours, '') as "hours!", coalesce(s.hazards, '') as "hazards!",
             j.caller, j.caller_phone, j.requested, j.performed, j.answers, j.po_number, j.ceiling_minor, j.urgent, j.ended_reason, j.override_reason,
             app.local_time(j.created_at, $3) as "taken!", coalesce(m.name, '') as "taken_by!", coalesce(app.local_time(j.completed_at, $3), '') as "completed!"
           from app.jobs j
           join app.job_templates t on t.shop_id = j.shop_id and t.id = j.template_id
           join app.job_template_versions v on v.shop_id = j.shop_id and v.template_id = j.template_id and v.version = j.template_version
           join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
           left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
           left join app.members() m on m.person_id = j.created_by
           where j.shop_id = $1 and j.id = $2"#,
        shop, id.uuid(), zone
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Job {
        id,
        number: row.number,
        kind: row.kind,
        status: stored(&row.status)?,
        version: row.version,
        requirements: from_json(row.requirements)?,
        client: row.client_id.into(),
        client_name: row.client_name,
        client_alert: row.alert,
        client_phone: shown(&row.client_phone),
        tax_exempt: row.tax_exempt,
        site: row.site_id.map(SiteId),
        site_name: row.site_name,
        address: row.address,
        hours: row.hours,
        hazards: row.hazards,
        caller: row.caller,
        caller_phone: shown(&row.caller_phone),
        requested: row.requested,
        performed: row.performed,
        answers: from_json(row.answers)?,
        po_number: row.po_number,
        ceiling: row.ceiling_minor.map(Money::from_minor),
        urgent: row.urgent,
        ended_reason: row.ended_reason,
        override_reason: row.override_reason,
        taken: row.taken,
        taken_by: row.taken_by,
        completed: row.completed,
    })
}

async fn openings(tx: &mut impl Scope, id: JobId) -> Result<Vec<JobOpening>> {
    let shop = tx.shop().uuid();
    Ok(query_as!(
        JobOpening,
        "select o.id, o.number, o.location, o.hardware from app.job_openings j join app.openings o on o.shop_id = j.shop_id and o.id = j.opening_id
         where j.shop_id = $1 and j.job_id = $2 order by o.folded, o.id",
        shop, id.uuid()
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The first hundred openings of a site.
async fn doors(tx: &mut impl Scope, site: Option<SiteId>) -> Result<Vec<JobOpening>> {
    let (shop, site) = (tx.shop().uuid(), site.map(|site| site.uuid()));
    Ok(query_as!(
        JobOpening,
        "select id, number, location, hardware from app.openings where shop_id = $1 and site_id = $2 and archived_at is null order by folded, id limit 100",
        shop, site
    )
    .fetch_all(tx.conn())
    .await?)
}

async fn sites(tx: &mut impl Scope, client: ClientId) -> Result<Vec<SiteOption>> {
    let shop = tx.shop().uuid();
    let rows = query!("select id, name, address from app.sites where shop_id = $1 and client_id = $2 and archived_at is null order by folded, id", shop, client.uuid()).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| SiteOption::new(row.id, &row.name, &row.address)).collect())
}

async fn visits(tx: &mut impl Scope, id: JobId) -> Result<Vec<Visit>> {
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    Ok(query_as!(
        Visit,
        r#"select v.id, v.technician_id as technician, coalesce(m.name, '') as "technician_name!", app.local_time(v.starts_at, $3) as "starts!",
             to_char(v.ends_at at time zone $3, 'HH24:MI') as "ends!", to_char(v.starts_at at time zone $3, 'YYYY-MM-DD') as "date!",
             to_char(v.starts_at at time zone $3, 'HH24:MI') as "time!", (extract(epoch from v.ends_at - v.starts_at) / 60)::int8 as "minutes!",
             app.local_time(v.en_route_at, $3) as en_route, app.local_time(v.on_site_at, $3) as on_site, app.local_time(v.left_at, $3) as "left",
             v.cancelled_at is not null as "cancelled!"
           from app.visits v left join app.members() m on m.person_id = v.technician_id where v.shop_id = $1 and v.job_id = $2 order by v.id desc"#,
        shop, id.uuid(), zone
    )
    .fetch_all(tx.conn())
    .await?)
}

async fn authority(tx: &mut impl Scope, id: JobId) -> Result<Option<(AuthorityRecord, Option<Vec<u8>>)>> {
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    let row = query!(
        r#"select a.id, a.person_name, a.relation, a.document, a.sealed_characters, a.outcome, a.reason, coalesce(m.name, '') as "by!", app.local_time(a.checked_at, $3) as "at!"
           from app.authority_checks a left join app.members() m on m.person_id = a.checked_by where a.shop_id = $1 and a.job_id = $2 order by a.id desc limit 1"#,
        shop, id.uuid(), zone
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        let record = AuthorityRecord {
            id: row.id.into(),
            person_name: row.person_name,
            relation: stored(&row.relation)?,
            document: stored(&row.document)?,
            tail: None,
            outcome: stored(&row.outcome)?,
            reason: row.reason,
            by: row.by,
            at: row.at,
        };
        Ok((record, row.sealed_characters))
    })
    .transpose()
}

async fn ticks(tx: &mut impl Scope, id: JobId) -> Result<Vec<Tick>> {
    let (zone, shop) = (tx.zone(), tx.shop().uuid());
    Ok(query_as!(
        Tick,
        r#"select c.key as "key!", coalesce(m.name, '') as "by!", app.local_time(c.done_at, $3) as "at!"
           from app.job_checks c left join app.members() m on m.person_id = c.done_by where c.shop_id = $1 and c.job_id = $2"#,
        shop, id.uuid(), zone
    )
    .fetch_all(tx.conn())
    .await?)
}

async fn lines(tx: &mut impl Scope, id: JobId) -> Result<Vec<JobLine>> {
    let shop = tx.shop().uuid();
    let rows = query!("select id, kind, description, quantity_milli, unit_minor, taxable from app.job_lines where shop_id = $1 and job_id = $2 order by id", shop, id.uuid())
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter()
        .map(|row| {
            let line = Line {
                kind: stored(&row.kind)?,
                quantity: Quantity::from_thousandths(row.quantity_milli),
                unit_price: Money::from_minor(row.unit_minor),
                taxable: row.taxable,
            };
            Ok(JobLine { id: row.id.into(), line, description: row.description })
        })
        .collect()
}

async fn rates(tx: &mut impl Scope) -> Result<Vec<TaxRate>> {
    let shop = tx.shop().uuid();
    let rows = query!("select name, rate_micro, compound, kinds from app.tax_rates where shop_id = $1 and archived_at is null order by position, id", shop).fetch_all(tx.conn()).await?;
    rows.into_iter()
        .map(|row| {
            let rate = Percent::from_millionths(row.rate_micro)
                .map_err(|error| crate::Error::Database(sqlx::Error::Decode(error.into())))?;
            Ok(TaxRate {
                name: row.name,
                rate,
                compound: row.compound,
                kinds: row.kinds.iter().map(|kind| stored(kind)).collect::<Result<_>>()?,
            })
        })
        .collect()
}

async fn invoice(tx: &mut impl Scope, id: JobId) -> Result<Option<JobInvoice>> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select id as "id: Uuid", coalesce(number, '') as "number!", status, total_minor from app.invoices where shop_id = $1 and job_id = $2 and status <> 'void'"#,
        shop, id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| JobInvoice {
        id: row.id.into(),
        number: row.number,
        status: row.status,
        total: Money::from_minor(row.total_minor),
    }))
}
