//! The rounds: checkpoints as they fall due, into the archive and then into the database; the verifier every quarter of an
//! hour and once a day. Nothing is signed on top of a chain that an archived checkpoint contradicts.

use super::archive::{self, WormSink, archived, keep, logged, newest};
use std::{future::Future, pin::pin, sync::Arc, time::Duration};
use store::{
    Db, Error, Result,
    audit::{
        checkpoints::{Due, Kept},
        verify::Verdict,
    },
};
use uuid::Uuid;

/// How often the database is asked what is due.
const PAUSE: Duration = Duration::from_secs(5);

/// Where checkpoints go.
pub type Archive = Arc<dyn WormSink>;

/// Makes rounds until `shutdown` comes; one under way is finished first.
pub async fn run(db: Db, archive: Archive, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    // After a start everything is read again: somebody may have been at the files meanwhile.
    let mut whole = true;
    loop {
        let pause = match round(&db, &archive, whole).await {
            Ok(well) => {
                whole = false;
                // What failed for one shop fails again at once: a keyd that is away, a chain that was changed.
                if well { PAUSE } else { PAUSE * 12 }
            }
            Err(error) => {
                tracing::warn!(%error, "checkpoints or verification could not be made; trying again");
                PAUSE * 6
            }
        };
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Everything that is due now: verified first, then signed. `whole` reads whole chains where a round is due. False when
/// something could not be done for a shop.
///
/// # Errors
/// A database or an archive that cannot be reached. What is wrong with one shop keeps no other waiting.
pub async fn round(db: &Db, archive: &Archive, whole: bool) -> Result<bool> {
    let mut well = true;
    for mut round in db.rounds_due().await? {
        round.whole |= whole;
        let kept = read(archive, round.shop, round.whole).await?;
        if let Err(error) = db.make_round(&round, &kept).await {
            tracing::error!(shop = %round.shop, %error, "a chain could not be verified");
            well = false;
        } else if round.whole {
            fill(db, archive, round.shop, &kept).await?;
            log(db, archive, round.shop).await?;
        }
    }
    for due in db.checkpoints_due().await? {
        let shop = due.shop();
        if let Err(error) = checkpoint(db, archive, due).await {
            tracing::error!(%shop, %error, "a checkpoint could not be made");
            well = false;
        }
    }
    Ok(well)
}

async fn checkpoint(db: &Db, archive: &Archive, due: Due) -> Result<()> {
    let shop = due.shop();
    let newest = read(archive, shop, false).await?;
    let newest = newest.iter().filter_map(|kept| kept.checkpoint(shop)).map(|it| it.size).max().unwrap_or(0);
    // The archive knows more than the database: a crash between the two, or a database put back.
    if newest > due.size().cast_unsigned()
        && let Verdict::Broken { seq, why } = db.walk_whole(shop, &read(archive, shop, true).await?).await?.verdict
    {
        return Err(Error::Vault(format!("the archive contradicts entry {seq}: {why}")));
    }
    let draft = db.draft_checkpoint(due).await?;
    let (sink, size, made) = (Arc::clone(archive), draft.size, draft.kept.clone());
    if let Err(error) = apart(move || keep(&*sink, shop, size, &made)).await {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            return Err(Error::Vault(format!("the archive holds another checkpoint over {size} entries")));
        }
        // It is put there by the next full round.
        tracing::error!(%shop, %error, "the archive of checkpoints cannot be written");
    }
    db.keep_checkpoint(&draft).await
}

/// Puts into the archive what it missed while it could not be written.
async fn fill(db: &Db, archive: &Archive, shop: Uuid, kept: &[Kept]) -> Result<()> {
    for missing in db.checkpoints(shop).await?.into_iter().filter(|it| !kept.contains(it)) {
        let Some(checkpoint) = missing.checkpoint(shop) else { continue };
        let (sink, size) = (Arc::clone(archive), checkpoint.size.cast_signed());
        if let Err(error) = apart(move || keep(&*sink, shop, size, &missing)).await {
            tracing::error!(%shop, size, %error, "a checkpoint cannot be put into the archive");
        }
    }
    Ok(())
}

/// Puts the log itself into the archive, as far as a checkpoint binds it: whoever has both can verify without the database.
async fn log(db: &Db, archive: &Archive, shop: Uuid) -> Result<()> {
    let sink = Arc::clone(archive);
    let mut at = apart(move || logged(&*sink, shop)).await.map_err(|error| unreadable(&error))?;
    loop {
        let lines = db.log_after(shop, at).await?;
        let Some(last) = lines.last() else { return Ok(()) };
        at = last.seq;
        let sink = Arc::clone(archive);
        if let Err(error) = apart(move || archive::log(&*sink, shop, &lines)).await {
            tracing::error!(%shop, %error, "the log cannot be put into the archive");
            return Ok(());
        }
    }
}

/// What the archive holds of a shop: everything, or the newest checkpoint.
async fn read(archive: &Archive, shop: Uuid, all: bool) -> Result<Vec<Kept>> {
    let sink = Arc::clone(archive);
    let read = move || if all { archived(&*sink, shop) } else { newest(&*sink, shop) };
    apart(read).await.map_err(|error| unreadable(&error))
}

fn unreadable(error: &std::io::Error) -> Error {
    Error::Vault(format!("the archive cannot be read: {error}"))
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}
