//! Taking a call: client, site, job, lines and visit in one transaction, under one event.

mod brought_over;

pub use brought_over::{Finished, bring_over};

use crate::{
    ReadTx, Result, Scope, WriteTx, clients,
    error::OnConstraint,
    identity,
    jobs::{self, Locked, templates},
    overview, schedule, sites,
};
use domain::{
    Event, FieldErrors, Permission, Refusal,
    clients::{
        ClientKind,
        form::{Channel, NewClient},
        one_line,
    },
    fold::fold,
    ids::{ClientId, JobId},
    jobs::{CallFor, Intake, JobStatus, NewJob, Place},
    phone::digits,
    sites::NewSite,
};
use serde_json::json;
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// What the intake page shows: kinds of job, technicians, and who was searched for (`q`) or chosen (`client`, an id).
///
/// # Errors
/// Only faults: an id that is no client's chooses nobody.
pub async fn page(tx: &mut ReadTx, client: &str, q: &str) -> Result<Intake> {
    let zone = tx.zone();
    let soon = query_scalar!(
        r#"select to_char(date_bin('30 minutes', (app.now() at time zone $1) + interval '30 minutes', timestamp '2000-01-01'), 'HH24:MI') as "soon!""#,
        zone
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Intake {
        templates: templates::choices(tx).await?,
        technicians: identity::technicians(tx).await?,
        today: identity::today(tx).await?,
        soon,
        matches: overview::callers(tx, q).await?,
        chosen: match client.parse() {
            Ok(id) => overview::caller(tx, id).await?,
            Err(_) => None,
        },
        may_schedule: tx.actor().power.allows(Permission::Schedule),
        currency: tx.currency(),
    })
}

/// Takes the call.
///
/// # Errors
/// Words beside fields; once, when the same place has an open job of the last day: then `another` must be ticked, and
/// the field `another_job` names the job there is.
pub async fn create(tx: &mut WriteTx, new: &NewJob) -> Result<(JobId, Event)> {
    let template = templates::current(tx, &new.template).await?;
    let answers = template.requirements.fitting(&new.answers)?;
    if let Some(visit) = &new.visit {
        if !tx.actor().power.allows(Permission::Schedule) {
            return Err(Refusal::field("technician", "Leave this empty: a dispatcher sends somebody.").into());
        }
        schedule::sendable(tx, visit.technician).await?;
    }
    if !new.another {
        not_taken_yet(tx, new).await?;
    }
    let client = client(tx, new).await?;
    let site = site(tx, client, &new.place).await?;
    let job = Locked {
        id: JobId(Uuid::now_v7()),
        status: JobStatus::New,
        version: 1,
        client,
        site,
        number: number(tx).await?,
        template: template.id,
        template_version: template.version,
    };
    insert(tx, &job, new, &jobs::to_json(&answers)?).await?;
    jobs::copy_defaults(tx, job.id, client, &template.lines).await?;
    if let Some(visit) = &new.visit {
        schedule::insert(tx, &job, visit).await?;
    }
    let visit = new.visit.as_ref().map(|visit| json!({ "technician": visit.technician, "date": visit.date.to_string(), "time": visit.time.to_string(), "minutes": visit.minutes }));
    tx.fact("after", json!({
        "kind": template.name, "requested": new.requested, "answers": answers, "caller": new.caller, "caller_phone": new.caller_phone.as_ref().map(|phone| phone.as_str()),
        "ceiling": new.ceiling, "po_number": new.po_number, "urgent": new.urgent, "site": site, "visit": visit,
    }));
    Ok((job.id, Event::JobCreated { job: job.id, client, number: job.number }))
}

/// Two people may hear the same call, and a caller may call twice.
async fn not_taken_yet(tx: &mut WriteTx, new: &NewJob) -> Result<()> {
    let shop = tx.shop().uuid();
    let (client, name) = match &new.client {
        CallFor::Known(client) => (Some(client.uuid()), String::new()),
        CallFor::New { name, .. } => (None, fold(name)),
    };
    let (site, address) = match &new.place {
        Place::Known(site) => (Some(site.uuid()), String::new()),
        Place::New(address) => (None, fold(&one_line("", address))),
        Place::None => (None, String::new()),
    };
    let phone = new.caller_phone.as_ref().map(|phone| digits(phone.as_str())).unwrap_or_default();
    let found = query!(
        "select j.id, j.number from app.jobs j
         join app.clients c on c.shop_id = j.shop_id and c.id = j.client_id
         left join app.sites s on s.shop_id = j.shop_id and s.id = j.site_id
         where j.shop_id = $1 and j.status in ('new','scheduled','en_route','on_site') and j.created_at > app.now() - interval '1 day'
           and case when $2::uuid is not null then j.client_id = $2 and (j.site_id is not distinct from $3 and $5 = '' or s.folded = $5)
               else c.folded = $4 or $6 <> '' and regexp_replace(j.caller_phone, '[^0-9]', '', 'g') = $6 end
         order by j.number desc limit 1",
        shop, client, site, name, address, phone
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(found) = found else { return Ok(()) };
    let words = format!(
        "Job {} was taken for the same caller and place within the last day. Tick this if you mean another job.",
        found.number
    );
    Err(FieldErrors::from([("another".to_owned(), words), ("another_job".to_owned(), found.id.to_string())]).into())
}

async fn client(tx: &mut WriteTx, new: &NewJob) -> Result<ClientId> {
    let shop = tx.shop().uuid();
    match &new.client {
        CallFor::Known(client) => {
            let known = query_scalar!(
                "select id from app.clients where shop_id = $1 and id = $2 and archived_at is null",
                shop,
                client.uuid()
            )
            .fetch_optional(tx.conn())
            .await?;
            known.map(ClientId).ok_or_else(|| {
                Refusal::field("client", "Choose the client again: this one is not in the list any more.").into()
            })
        }
        CallFor::New { name, kind } => {
            if !tx.actor().power.allows(Permission::EditClients) {
                return Err(Refusal::Forbidden(
                    "Your role here does not add clients. Choose one from the list.".into(),
                )
                .into());
            }
            clients::create(tx, &caller(name, *kind, new)).await
        }
    }
}

/// What an intake knows of a new client: the rest is filled in on the client's page.
fn caller(name: &str, kind: ClientKind, new: &NewJob) -> NewClient {
    NewClient {
        kind,
        name: name.to_owned(),
        folded: fold(name),
        phones: new
            .caller_phone
            .iter()
            .map(|phone| Channel { label: String::new(), value: phone.as_str().to_owned() })
            .collect(),
        emails: Vec::new(),
        billing_address: String::new(),
        tags: String::new(),
        alert: String::new(),
        terms_days: None,
        tax_exempt: false,
        another: new.another,
        version: 0,
    }
}

fn at(address: &str) -> NewSite {
    NewSite {
        name: String::new(),
        folded: fold(&one_line("", address)),
        address: address.to_owned(),
        hours: String::new(),
        hazards: String::new(),
        archived: false,
        version: 0,
    }
}

async fn site(tx: &mut WriteTx, client: ClientId, place: &Place) -> Result<Option<Uuid>> {
    let shop = tx.shop().uuid();
    match place {
        Place::None => Ok(None),
        Place::New(address) => Ok(Some(sites::create(tx, client, &at(address)).await?.uuid())),
        Place::Known(site) => {
            let known = query_scalar!(
                "select id from app.sites where shop_id = $1 and client_id = $2 and id = $3 and archived_at is null",
                shop,
                client.uuid(),
                site.uuid()
            )
            .fetch_optional(tx.conn())
            .await?;
            known.map(Some).ok_or_else(|| Refusal::field("site", "Choose a site of this client.").into())
        }
    }
}

/// The next number. The row stays locked until the end, so that numbers have no gaps.
async fn number(tx: &mut WriteTx) -> Result<i64> {
    let shop = tx.shop().uuid();
    Ok(query_scalar!(r#"update app.number_series set next = next + 1 where shop_id = $1 and kind = 'job' returning next - 1 as "number!""#, shop).fetch_one(tx.conn()).await?)
}

async fn insert(tx: &mut WriteTx, job: &Locked, new: &NewJob, answers: &serde_json::Value) -> Result<()> {
    let (shop, person) = (tx.shop().uuid(), tx.actor().person.uuid());
    let status = if new.visit.is_some() { JobStatus::Scheduled } else { JobStatus::New };
    query!(
        "insert into app.jobs (shop_id, id, number, client_id, site_id, template_id, template_version, status, requested, answers, caller, caller_phone, po_number,
           ceiling_minor, urgent, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        shop, job.id.uuid(), job.number, job.client.uuid(), job.site, job.template, job.template_version, status.as_str(), new.requested, answers, new.caller,
        new.caller_phone.as_ref().map_or("", |phone| phone.as_str()), new.po_number, new.ceiling.map(|ceiling| ceiling.minor()), new.urgent, person
    )
    .execute(tx.conn())
    .await
    .on_constraint("jobs_number_key", || Refusal::Conflict("Two calls were taken at the same moment. Send the form again.".into()))?;
    Ok(())
}
