//! Photos as pages show them, and the record of who looked.

use super::{key_place, subject};
use crate::{Error, ReadTx, Result, Scope, WriteTx, identity};
use domain::{
    Event, Permission, Refusal,
    attachments::{Photo, PhotoKind, PhotoPage, Removed, Subject},
    ids::{JobId, OpeningId, PhotoId},
    reveal::Standing,
    sites::opening::OpeningEdit,
};
use sqlx::{query, query_as, query_scalar};
use std::collections::BTreeSet;
use uuid::Uuid;
use vault::{FileKey, Zeroizing};

/// One of the copies of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The picture.
    Whole,
    /// Its small copy, for lists.
    Small,
}

impl Part {
    /// As its file's name ends.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Small => "small",
        }
    }
}

/// A row as it is stored.
struct Row {
    id: Uuid,
    job_id: Option<Uuid>,
    opening_id: Option<Uuid>,
    kind: String,
    slot: String,
    caption: String,
    restricted: bool,
    width: i32,
    height: i32,
    by: String,
    at: String,
    device_time: String,
    version: i32,
    removed_by: String,
    removed_at: Option<String>,
    removed_reason: String,
}

impl Row {
    fn photo(self) -> Result<Photo> {
        let kind = PhotoKind::parse(&self.kind);
        let (by, reason) = (self.removed_by, self.removed_reason);
        Ok(Photo {
            id: self.id.into(),
            kind: kind.ok_or_else(|| Error::Vault("a stored kind of photo cannot be read".into()))?,
            slot: self.slot,
            caption: self.caption,
            restricted: self.restricted,
            width: self.width,
            height: self.height,
            by: self.by,
            at: self.at,
            device_time: self.device_time,
            version: self.version,
            removed: self.removed_at.map(|at| Removed { by, at, reason }),
        })
    }
}

/// Photos of a job or an opening in the order they came, removed ones among them; at most two hundred. Restricted ones are
/// left out for whoever may not open secrets.
///
/// # Errors
/// Only faults.
pub async fn of(tx: &mut impl Scope, subject: Subject, secrets: bool) -> Result<Vec<Photo>> {
    let rows = match subject {
        Subject::Job(job) => rows(tx, None, Some(job.uuid()), None).await?,
        Subject::Opening(opening) => rows(tx, None, None, Some(opening.uuid())).await?,
    };
    rows.into_iter().filter(|row| secrets || !row.restricted).map(Row::photo).collect()
}

/// Which of the photos a job's kind demands are there.
///
/// # Errors
/// Only faults.
pub async fn slots(tx: &mut impl Scope, job: JobId) -> Result<BTreeSet<String>> {
    let shop = tx.shop().uuid();
    let there = query_scalar!(
        "select slot from app.attachments where shop_id = $1 and job_id = $2 and slot <> '' and removed_at is null",
        shop,
        job.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(there.into_iter().collect())
}

/// An opening's form with its photos beside.
///
/// # Errors
/// Only faults.
pub async fn beside(tx: &mut ReadTx, opening: OpeningId, edit: OpeningEdit) -> Result<OpeningEdit> {
    let power = tx.actor().power;
    let photos = of(tx, Subject::Opening(opening), power.allows(Permission::RevealSecrets)).await?;
    Ok(OpeningEdit { photos, may_add_photos: power.allows(Permission::WorkJobs), ..edit })
}

async fn rows(tx: &mut impl Scope, photo: Option<Uuid>, job: Option<Uuid>, opening: Option<Uuid>) -> Result<Vec<Row>> {
    let (shop, zone) = (tx.shop().uuid(), tx.zone());
    Ok(query_as!(
        Row,
        r#"select a.id, a.job_id, a.opening_id, a.kind, a.slot, a.caption, a.restricted, a.width, a.height, coalesce(m.name, '') as "by!",
             app.local_time(a.added_at, $5) as "at!", a.device_time, a.version, coalesce(r.name, '') as "removed_by!",
             app.local_time(a.removed_at, $5) as removed_at, a.removed_reason
           from app.attachments a left join app.members() m on m.person_id = a.added_by left join app.members() r on r.person_id = a.removed_by
           where a.shop_id = $1 and (a.id = $2 or a.job_id = $3 or a.opening_id = $4) order by a.id limit 200"#,
        shop, photo, job, opening, zone
    )
    .fetch_all(tx.conn())
    .await?)
}

/// A photo, if whoever looks may know of it.
///
/// # Errors
/// Not found.
pub async fn find(tx: &mut ReadTx, photo: PhotoId) -> Result<(Photo, Subject)> {
    let row = rows(tx, Some(photo.uuid()), None, None).await?.pop().ok_or(Refusal::NotFound)?;
    let subject = subject(row.job_id, row.opening_id)?;
    let photo = row.photo()?;
    if photo.restricted && !tx.actor().power.allows(Permission::RevealSecrets) {
        return Err(Refusal::NotFound.into());
    }
    Ok((photo, subject))
}

/// A photo's page.
///
/// # Errors
/// Not found.
pub async fn page(tx: &mut ReadTx, photo: PhotoId) -> Result<PhotoPage> {
    let (photo, subject) = find(tx, photo).await?;
    let shop = tx.shop().uuid();
    let (of, site) = match subject {
        Subject::Job(job) => {
            let number = query_scalar!("select number from app.jobs where shop_id = $1 and id = $2", shop, job.uuid())
                .fetch_one(tx.conn())
                .await?;
            (format!("Job {number}"), None)
        }
        Subject::Opening(opening) => {
            let row =
                query!("select number, site_id from app.openings where shop_id = $1 and id = $2", shop, opening.uuid())
                    .fetch_one(tx.conn())
                    .await?;
            (format!("Opening {}", row.number), Some(row.site_id.into()))
        }
    };
    let actor = tx.actor();
    let may = |permission| actor.power.allows(permission);
    let (office, may_change) = (may(Permission::SeeOffice), may(Permission::WorkJobs));
    let standing = if photo.restricted { identity::standing(tx).await? } else { Standing::default() };
    Ok(PhotoPage { photo, subject, site, of, office, may_change, standing })
}

/// Records that a picture is about to be shown to the actor; gives the event to commit. `again` says that the request asks
/// for a part of it: such a one belongs to a look of the last minute, if there was one, and then there is nothing to commit.
///
/// # Errors
/// Not found.
pub async fn view(tx: &mut WriteTx, photo: PhotoId, again: bool) -> Result<Option<Event>> {
    let (shop, actor) = (tx.shop().uuid(), tx.actor().person.uuid());
    let row = query!(
        "select job_id, opening_id, restricted from app.attachments where shop_id = $1 and id = $2",
        shop,
        photo.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let looked = again
        && query_scalar!(
            r#"select exists (select from app.attachment_views where shop_id = $1 and attachment_id = $2 and person_id = $3 and at > app.now() - interval '1 minute') as "looked!""#,
            shop, photo.uuid(), actor
        )
        .fetch_one(tx.conn())
        .await?;
    if looked {
        return Ok(None);
    }
    let noted = query_scalar!(r#"select app.look_at($1, $2) as "noted!""#, photo.uuid(), Uuid::now_v7());
    if !noted.fetch_one(tx.conn()).await? {
        return Err(Refusal::NotFound.into());
    }
    let subject = subject(row.job_id, row.opening_id)?.uuid();
    Ok(Some(Event::PhotoViewed { photo, subject, restricted: row.restricted }))
}

/// Opens one copy of a photo. Row and key are asked of the database in the actor's name; where either is hidden there is
/// nothing.
///
/// # Errors
/// Not found; a fault when the file is gone or was changed.
pub async fn open(tx: &mut ReadTx, photo: PhotoId, part: Part) -> Result<Zeroizing<Vec<u8>>> {
    let shop = tx.shop();
    let sealed = query_scalar!(
        "select sealed from vault.file_keys where shop_id = $1 and attachment_id = $2",
        shop.uuid(),
        photo.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let key = FileKey::of(&tx.keys()?.open(&key_place(photo), &sealed).await?)?;
    tx.db().files()?.get(shop, photo, part, key).await
}
