//! Photos of jobs and openings: rows here, pictures sealed in files, each picture shown recorded first.

mod files;
mod show;

pub use files::Files;
pub use show::{Part, beside, find, of, open, page, slots, view};

use crate::{
    Error, Result, Scope, WriteTx,
    clients::{facts, fresh},
    error::OnConstraint,
    identity,
    seal::place,
};
use domain::{
    Event, Refusal,
    attachments::{NewPhotos, PhotoChange, Subject},
    ids::{JobId, PhotoId},
};
use sha2::{Digest, Sha256};
use sqlx::query;
use uuid::Uuid;
use vault::FileKey;

/// A clean picture, ready to be kept.
#[derive(Clone)]
pub struct Picture {
    /// The picture, as JPEG.
    pub whole: Vec<u8>,
    /// Its small copy, as JPEG.
    pub small: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// What came beside a form: pictures, or why they are not taken. Stands in the request's extensions.
#[derive(Clone, Default)]
pub struct Received(pub std::sync::Arc<Vec<Result<Picture, String>>>);

impl Received {
    /// Why each file is not taken, if it is not.
    #[must_use]
    pub fn refused(&self) -> Vec<Option<String>> {
        self.0.iter().map(|one| one.as_ref().err().cloned()).collect()
    }
}

/// Whose a subject is.
struct Owner {
    client: Uuid,
    job: Option<Uuid>,
    site: Option<Uuid>,
    opening: Option<Uuid>,
}

/// Keeps photos. Gives the event to commit.
///
/// # Errors
/// Not found; forbidden to a technician who is not sent there; a conflict when the shop keeps as many as it may.
pub async fn add(tx: &mut WriteTx, subject: Subject, new: &NewPhotos, received: &Received) -> Result<Event> {
    let owner = owner(tx, subject).await?;
    let mut photos = Vec::new();
    for picture in received.0.iter().flatten() {
        photos.push(keep(tx, &owner, new, picture).await?);
    }
    if !new.caption.is_empty() {
        tx.fact("caption", new.caption.as_str());
    }
    Ok(Event::PhotosAdded { subject: subject.uuid(), photos })
}

async fn owner(tx: &mut WriteTx, subject: Subject) -> Result<Owner> {
    let shop = tx.shop().uuid();
    Ok(match subject {
        Subject::Job(job) => {
            let row = query!("select client_id from app.jobs where shop_id = $1 and id = $2", shop, job.uuid())
                .fetch_one(tx.conn())
                .await?;
            identity::still_sent(tx, job).await?;
            Owner { client: row.client_id, job: Some(job.uuid()), site: None, opening: None }
        }
        Subject::Opening(opening) => {
            let row = query!(
                "select client_id, site_id from app.openings where shop_id = $1 and id = $2",
                shop,
                opening.uuid()
            )
            .fetch_one(tx.conn())
            .await?;
            Owner { client: row.client_id, job: None, site: Some(row.site_id), opening: Some(opening.uuid()) }
        }
    })
}

async fn keep(tx: &mut WriteTx, owner: &Owner, new: &NewPhotos, picture: &Picture) -> Result<PhotoId> {
    let (shop, actor, id) = (tx.shop().uuid(), tx.actor().person, PhotoId(Uuid::now_v7()));
    let size = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    let bytes = i32::try_from(picture.whole.len()).unwrap_or(i32::MAX);
    let sha256 = Sha256::digest(&picture.whole).to_vec();
    query!(
        "insert into app.attachments (shop_id, id, client_id, job_id, site_id, opening_id, kind, slot, caption, restricted, width, height, bytes, sha256, added_by, device_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        shop, id.uuid(), owner.client, owner.job, owner.site, owner.opening, new.kind.as_str(), new.slot, new.caption, new.restricted,
        size(picture.width), size(picture.height), bytes, sha256, actor.uuid(), new.device_time
    )
    .execute(tx.conn())
    .await
    .on_constraint("photos_most", || {
        Refusal::Conflict("Your shop keeps as many photos as it may. Ask whoever runs this installation for more.".into())
    })?;
    let key = FileKey::fresh()?;
    let sealed = tx.keys()?.seal(&key_place(id), key.bytes()).await?;
    query!("insert into vault.file_keys (shop_id, attachment_id, sealed) values ($1, $2, $3)", shop, id.uuid(), sealed)
        .execute(tx.conn())
        .await?;
    // Before the commit: a row without its files would be a hole in the record, files without a row are bytes nobody opens.
    tx.db().files()?.put(tx.shop(), id, key, picture.clone()).await?;
    Ok(id)
}

/// Where the key of a photo's files is sealed to.
pub(crate) fn key_place(photo: PhotoId) -> vault::Place<'static> {
    place("vault.file_keys", photo.uuid(), "sealed", 1)
}

/// What a change needs to know of a photo.
struct Standing {
    subject: Subject,
    restricted: bool,
    removed: bool,
}

async fn standing(tx: &mut WriteTx, photo: PhotoId) -> Result<Standing> {
    let shop = tx.shop().uuid();
    let row = query!(
        r#"select job_id, opening_id, restricted, removed_at is not null as "removed!" from app.attachments where shop_id = $1 and id = $2"#,
        shop, photo.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let standing =
        Standing { subject: subject(row.job_id, row.opening_id)?, restricted: row.restricted, removed: row.removed };
    if let Subject::Job(job) = standing.subject {
        identity::still_sent(tx, job).await?;
    }
    if standing.restricted && !tx.actor().power.allows(domain::Permission::RevealSecrets) {
        return Err(Refusal::NotFound.into());
    }
    Ok(standing)
}

fn subject(job: Option<Uuid>, opening: Option<Uuid>) -> Result<Subject> {
    let job = job.map(|job| Subject::Job(JobId(job)));
    job.or(opening.map(|opening| Subject::Opening(opening.into())))
        .ok_or_else(|| Error::Vault("a photo belongs to nothing".into()))
}

/// Whether a change shows a restricted photo to everybody who sees its job.
///
/// # Errors
/// Not found; words beside the field for whoever could not look at it now.
pub async fn opens(tx: &mut WriteTx, photo: PhotoId, new: &PhotoChange) -> Result<bool> {
    let opens = standing(tx, photo).await?.restricted && !new.restricted;
    if opens && !identity::standing(tx).await?.second_step {
        return Err(Refusal::field(
            "restricted",
            "Only somebody who signs in with a second step takes this off: it shows the photo to everybody on the job.",
        )
        .into());
    }
    Ok(opens)
}

/// Changes what is said of a photo and who may see it. Gives the event to commit.
///
/// # Errors
/// Not found; a conflict when somebody else changed it.
pub async fn change(tx: &mut WriteTx, photo: PhotoId, new: &PhotoChange) -> Result<Event> {
    let before = standing(tx, photo).await?;
    let shop = tx.shop().uuid();
    let changed = query!(
        "update app.attachments set kind = $4, caption = $5, restricted = $6, version = version + 1 where shop_id = $1 and id = $2 and version = $3",
        shop, photo.uuid(), new.version, new.kind.as_str(), new.caption, new.restricted
    )
    .execute(tx.conn())
    .await?;
    fresh(changed.rows_affected(), "photo")?;
    tx.fact("before", serde_json::json!({ "restricted": before.restricted }));
    tx.fact("after", facts(new));
    let subject = before.subject.uuid();
    if before.restricted && !new.restricted {
        return Ok(Event::PhotoOpened { photo, subject });
    }
    Ok(Event::PhotoChanged { photo, subject, restricted: new.restricted })
}

/// Takes a photo out of its record's photos; it and its file stay. Gives the event to commit.
///
/// # Errors
/// Not found; a conflict when it is out already.
pub async fn remove(tx: &mut WriteTx, photo: PhotoId, reason: &str) -> Result<Event> {
    let Standing { subject, removed, .. } = standing(tx, photo).await?;
    let (shop, actor) = (tx.shop().uuid(), tx.actor().person);
    if removed {
        return Err(Refusal::Conflict("This photo was removed already.".into()).into());
    }
    query!(
        "update app.attachments set removed_at = app.now(), removed_by = $3, removed_reason = $4, version = version + 1 where shop_id = $1 and id = $2",
        shop, photo.uuid(), actor.uuid(), reason
    )
    .execute(tx.conn())
    .await?;
    tx.fact("reason", reason);
    Ok(Event::PhotoRemoved { photo, subject: subject.uuid() })
}

/// Puts a removed photo back. Gives the event to commit.
///
/// # Errors
/// Not found; a conflict when it was not removed.
pub async fn restore(tx: &mut WriteTx, photo: PhotoId) -> Result<Event> {
    let Standing { subject, removed, .. } = standing(tx, photo).await?;
    let shop = tx.shop().uuid();
    if !removed {
        return Err(Refusal::Conflict("This photo is there.".into()).into());
    }
    query!(
        "update app.attachments set removed_at = null, removed_by = null, removed_reason = '', version = version + 1 where shop_id = $1 and id = $2",
        shop, photo.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(Event::PhotoRestored { photo, subject: subject.uuid() })
}
