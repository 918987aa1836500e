//! A case file's ground: what is known of one job, client or site, and which papers and photos belong to it.

use super::Payload;
use crate::{Error, ReadTx, Result, Scope, WriteTx, attachments, clients, jobs, sites};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Event, Refusal,
    attachments::{Photo, Subject},
    audit::changes::told,
    exports::{
        CaseOf,
        case_file::{CaseAuthority, CaseFile, CaseJob, Happened},
    },
    ids::{ClientId, InvoiceId, JobId, OpeningId, PhotoId, SignatureId, SiteId},
    jobs::{AuthorityOutcome, DocumentSeen, Relation},
};
use proof::hex;
use sqlx::{query, query_scalar};
use uuid::Uuid;

/// What is enclosed beside the timeline.
#[derive(Default)]
pub struct Enclosed {
    /// Signatures, with the number of their job and the role.
    pub signatures: Vec<(SignatureId, String)>,
    /// Issued invoices.
    pub invoices: Vec<InvoiceId>,
    /// Photos that may be handed out, with a name for the file.
    pub photos: Vec<(PhotoId, String)>,
}

/// Evidence of a signature as it was sealed, and its seal.
pub struct Sealed {
    /// The file: what was sealed, the key, the seal.
    pub text: String,
}

/// Commits that somebody is about to take a case file along. Gives the entry's number.
///
/// # Errors
/// Not found; whatever the database says: then nothing leaves.
pub async fn record(mut tx: WriteTx, of: CaseOf, subject: Uuid, reason: &str) -> Result<i64> {
    let (shop, person) = (tx.shop().uuid(), tx.actor().person);
    let client = match of {
        CaseOf::Job => {
            query_scalar!("select client_id from app.jobs where shop_id = $1 and id = $2", shop, subject)
                .fetch_one(tx.conn())
                .await?
        }
        CaseOf::Site => {
            query_scalar!("select client_id from app.sites where shop_id = $1 and id = $2", shop, subject)
                .fetch_one(tx.conn())
                .await?
        }
        CaseOf::Client => {
            query_scalar!("select id from app.clients where shop_id = $1 and id = $2", shop, subject)
                .fetch_one(tx.conn())
                .await?
        }
    };
    tx.fact("reason", reason);
    tx.commit_entry(Event::CaseFileMade { of, subject, client: client.into(), person }, "").await
}

/// The timeline up to that entry, and what belongs to it.
///
/// # Errors
/// Not found.
pub async fn read(tx: &mut ReadTx, of: CaseOf, subject: Uuid, before: i64) -> Result<(CaseFile, Enclosed)> {
    let (shop, zone, shop_name) = (tx.shop().uuid(), tx.zone(), tx.actor().shop_name.clone());
    let (title, facts) = about(tx, of, subject).await?;
    let ids = query_scalar!(
        "select id from app.jobs where shop_id = $1 and (id = $2 or client_id = $2 or site_id = $2) order by number",
        shop,
        subject
    );
    let ids = ids.fetch_all(tx.conn()).await?;
    let mut enclosed = Enclosed::default();
    let mut file = CaseFile { shop: shop_name, zone, title, facts, ..CaseFile::default() };
    for id in &ids {
        let mut page = jobs::record(tx, JobId(*id)).await?;
        page.photos = attachments::of(tx, Subject::Job(JobId(*id)), true).await?;
        page.photos.sort_by_key(|photo| photo.id.uuid());
        enclosed.signatures.extend(page.signatures.iter().rev().map(|one| (one.id, one.role.as_str().to_owned())));
        enclosed.photos.extend(named(&page.photos, &format!("job-{}", page.job.number)));
        let authority = authority(tx, *id).await?;
        file.jobs.push(CaseJob { page, authority });
    }
    if of != CaseOf::Job {
        openings(tx, subject, &mut enclosed).await?;
    }
    enclosed.invoices = query_scalar!(
        "select id from app.invoices where shop_id = $1 and job_id = any($2) and number is not null order by serial, id",
        shop,
        &ids
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(InvoiceId)
    .collect();
    file.chronicle = chronicle(tx, subject, &ids, before).await?;
    Ok((file, enclosed))
}

/// What may be handed out of some photos: not what was taken out, and nothing that shows a key or a code.
fn named(photos: &[Photo], of: &str) -> Vec<(PhotoId, String)> {
    let shown = photos.iter().enumerate().filter(|(_, photo)| photo.removed.is_none() && !photo.restricted);
    shown.map(|(at, photo)| (photo.id, format!("{of}-{}-{}", at + 1, photo.kind.as_str()))).collect()
}

async fn openings(tx: &mut ReadTx, subject: Uuid, enclosed: &mut Enclosed) -> Result<()> {
    let shop = tx.shop().uuid();
    let rows = query!(
        "select id, number from app.openings where shop_id = $1 and (client_id = $2 or site_id = $2) order by folded, id",
        shop,
        subject
    );
    for row in rows.fetch_all(tx.conn()).await? {
        let mut photos = attachments::of(tx, Subject::Opening(OpeningId(row.id)), true).await?;
        photos.sort_by_key(|photo| photo.id.uuid());
        // Two openings of a client may bear one number.
        let short = &row.id.simple().to_string()[24..];
        enclosed.photos.extend(named(&photos, &format!("opening-{}-{short}", row.number)));
    }
    Ok(())
}

type About = (String, Vec<(String, String)>);

async fn about(tx: &mut ReadTx, of: CaseOf, subject: Uuid) -> Result<About> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    Ok(match of {
        CaseOf::Job => {
            let page = jobs::record(tx, JobId(subject)).await?;
            (format!("Job {}", page.job.number), vec![fact("Client", page.job.client_name)])
        }
        CaseOf::Client => {
            let client = clients::find(tx, ClientId(subject)).await?;
            let channels = client.phones.iter().chain(&client.emails).map(|channel| channel.value.clone());
            let reached = channels.collect::<Vec<_>>().join("\n");
            let facts = vec![
                fact("Kind", client.kind),
                fact("Reached at", reached),
                fact("Billing address", client.billing_address),
                fact("Known since", client.since),
            ];
            (client.name, facts)
        }
        CaseOf::Site => {
            let site = sites::find(tx, SiteId(subject)).await?;
            let facts = vec![
                fact("Client", site.client_name),
                fact("Name", site.name),
                fact("Hours", site.hours),
                fact("Hazards", site.hazards),
            ];
            (site.address.replace('\n', ", "), facts)
        }
    })
}

async fn authority(tx: &mut ReadTx, job: Uuid) -> Result<Vec<CaseAuthority>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"select a.person_name, a.relation, a.document, a.outcome, a.reason, coalesce(m.name, '') as "by!", app.local_time(a.checked_at, $3) as "at!"
           from app.authority_checks a left join app.members() m on m.person_id = a.checked_by where a.shop_id = $1 and a.job_id = $2 order by a.id"#,
        shop, job, zone
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| CaseAuthority {
            at: row.at,
            by: row.by,
            person: row.person_name,
            relation: Relation::parse(&row.relation).map_or(row.relation, |it| it.words().to_owned()),
            document: DocumentSeen::parse(&row.document).map_or(row.document, |it| it.words().to_owned()),
            outcome: AuthorityOutcome::parse(&row.outcome).map_or(row.outcome, |it| it.words().to_owned()),
            reason: row.reason,
        })
        .collect())
}

/// Every entry about it, its jobs, sites, openings, contacts, signatures and invoices, before that entry.
async fn chronicle(tx: &mut ReadTx, subject: Uuid, jobs: &[Uuid], before: i64) -> Result<Vec<Happened>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    let rows = query!(
        r#"with things as (
             select $2::uuid as id union select unnest($3::uuid[])
             union select id from app.invoices where shop_id = $1 and job_id = any($3) union select id from app.signatures where shop_id = $1 and job_id = any($3)
             union select id from app.sites where shop_id = $1 and client_id = $2 union select id from app.contacts where shop_id = $1 and client_id = $2
             union select id from app.openings where shop_id = $1 and (client_id = $2 or site_id = $2)),
           seqs as (select distinct u.seq from audit.subjects u join things t on t.id = u.subject where u.shop_id = $1 and u.seq < $4)
           select e.seq, app.local_time(to_timestamp(e.time_us / 1e6), $5) as "at!", app.iso(to_timestamp(e.time_us / 1e6)) as "utc!", e.actor_kind, e.result, e.payload,
             convert_from(p.facts, 'UTF8') as facts, coalesce(m.name, c.name, k.name, '') as "who!"
           from seqs s join audit.entries e on e.shop_id = $1 and e.seq = s.seq
           left join audit.facts_of((select array_agg(seqs.seq) from seqs)) p on p.seq = e.seq
           left join app.members() m on m.person_id = e.actor
           left join app.contacts c on c.shop_id = e.shop_id and c.id = e.actor and e.actor_kind = 2
           left join app.key_names() k on k.id = e.actor and e.actor_kind = 4
           order by e.seq"#,
        shop, subject, jobs, before, zone
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Happened {
            entry: row.seq,
            utc: row.utc,
            at: row.at,
            who: match row.actor_kind {
                3 => "Shearline".into(),
                5 => "Whoever runs this installation".into(),
                2 => format!("{} (client)", row.who),
                _ if row.who.is_empty() => "Somebody no longer here".into(),
                _ => row.who,
            },
            sentence: serde_json::from_slice::<Payload>(&row.payload)
                .map_or_else(|_| "did something this version does not know".into(), |p| p.event.sentence()),
            refused: row.result == 1,
            told: row.facts.map(|facts| told(&facts)).unwrap_or_default(),
        })
        .collect())
}

/// The sealed evidence of a signature; none of those from before evidence was sealed. The strokes are in it as a hash.
///
/// # Errors
/// Only faults.
pub async fn evidence(tx: &mut ReadTx, signature: SignatureId) -> Result<Option<Sealed>> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select v.body, v.key, v.seal, s.document_sha256 from app.signature_evidence v
           join app.signatures s on s.shop_id = v.shop_id and s.id = v.signature_id where v.shop_id = $1 and v.signature_id = $2"#,
        shop,
        signature.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed = serde_json::json!({
        "document_sha256": hex(&row.document_sha256), "evidence": row.body, "key": row.key, "seal": STANDARD.encode(row.seal),
    });
    let text = serde_json::to_string_pretty(&sealed).map_err(|error| Error::Vault(error.to_string()))? + "\n";
    Ok(Some(Sealed { text }))
}

/// What keeps one paper out of a case file, in words; a fault keeps the whole from being made.
///
/// # Errors
/// Faults.
pub fn left_out(error: Error) -> Result<String> {
    match error {
        Error::Refusal(Refusal::NotFound) => Ok("It was issued before papers and proofs were kept.".into()),
        Error::Refusal(refusal) => Ok(refusal.to_string()),
        Error::Vault(cause) => {
            tracing::error!(cause, "left out of a case file");
            Ok("It cannot be opened: it is gone or was changed. Whoever runs this installation finds the cause in the log.".into())
        }
        fault => Err(fault),
    }
}
