//! The rounds: checkpoints as they fall due, into the archive and then into the database; the verifier every quarter of an
//! hour and once a day. Nothing is signed on top of a chain that an archived checkpoint contradicts.

use super::archive::{self, WormSink, archived, keep, logged, newest};
use std::{
    collections::HashMap,
    future::Future,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{
    Db, Error, Result,
    audit::{
        checkpoints::{Due, Kept},
        installation::{newest as size_of, shrunk},
        outside::Away,
        verify::Verdict,
        watch::Round,
    },
};
use uuid::Uuid;

/// How often the database is asked what is due.
const PAUSE: Duration = Duration::from_secs(5);

/// How often it is asked whether a daily run was missed.
const CLOCK: Duration = Duration::from_secs(300);

/// How long after the last full round of a chain it is read whole again, whatever the database says.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Where checkpoints go.
pub type Archive = Arc<dyn WormSink>;

/// What is remembered outside the database: when each chain was last read whole, by this process's own clock.
pub struct Memory {
    whole: HashMap<Uuid, Duration>,
    clock: Box<dyn Fn() -> Duration + Send + Sync>,
}

impl Memory {
    /// Remembers nothing yet. The clock tells how long it runs.
    #[must_use]
    pub fn new(clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { whole: HashMap::new(), clock: Box::new(clock) }
    }

    /// Whether a whole round is due: none was made here, or a day ago. What the database says of it, whoever can change the
    /// chain can change, too.
    fn is_due(&self, shop: Uuid) -> bool {
        self.whole.get(&shop).is_none_or(|at| (self.clock)().saturating_sub(*at) >= DAY)
    }

    fn made(&mut self, shop: Uuid) {
        self.whole.insert(shop, (self.clock)());
    }
}

impl Default for Memory {
    fn default() -> Self {
        let began = Instant::now();
        Self::new(move || began.elapsed())
    }
}

/// Makes rounds until `shutdown` comes; one under way is finished first.
pub async fn run(db: Db, archive: Archive, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    // After a start everything is read again: somebody may have been at the files meanwhile.
    let mut memory = Memory::default();
    loop {
        let pause = match round(&db, &archive, &mut memory).await {
            // What failed for one shop fails again at once: a keyd that is away, a chain that was changed.
            Ok(well) if well => PAUSE,
            Ok(_) => PAUSE * 12,
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

/// Tells of daily runs that were missed, until `shutdown` comes: apart from the rounds, which may be what fails.
pub async fn clock(db: Db, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    loop {
        if let Err(error) = db.tell_missed_runs().await {
            tracing::warn!(%error, "it cannot be asked whether a verification was missed; trying again");
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(CLOCK) => {}
        }
    }
}

/// Everything that is due now: verified first, then signed. False when something could not be done for a shop, which keeps
/// no other waiting.
///
/// # Errors
/// A database that cannot be reached.
pub async fn round(db: &Db, archive: &Archive, memory: &mut Memory) -> Result<bool> {
    let mut well = true;
    for mut round in db.rounds_due().await? {
        round.whole |= memory.is_due(round.shop);
        match of_shop(db, archive, &round).await {
            Ok(()) if round.whole => memory.made(round.shop),
            Ok(()) => {}
            Err(error) => {
                tracing::error!(shop = %round.shop, %error, "a round could not be made whole");
                well = false;
            }
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

/// One shop's round. Where the archive is away, the chain is held against what the database itself knows.
async fn of_shop(db: &Db, archive: &Archive, round: &Round) -> Result<()> {
    let shop = round.shop;
    let reached = db.archive_reached(shop).await?;
    let seen = look(archive, shop, round.whole, reached).await;
    let finding = db.make_round(round, seen.as_deref().unwrap_or_default()).await;
    let told = db.tell_openings(round).await;
    let kept = match seen {
        Ok(kept) => kept,
        Err(away) => {
            db.tell_archive_away(round, reached, &away).await?;
            Vec::new()
        }
    };
    let holds = matches!(finding?.verdict, Verdict::Holds { .. });
    told?;
    let held = size_of(shop, &kept);
    if held < reached {
        return Ok(());
    }
    let held = if round.whole && holds { held.max(fill(db, archive, shop, &kept).await?) } else { held };
    if held > 0 {
        db.archive_holds(shop, held).await?;
    }
    if round.whole && holds { log(db, archive, shop).await } else { Ok(()) }
}

/// What the archive holds of a shop: everything, or the newest checkpoint. An archive that ends before what it reached, or that
/// cannot be read, is away.
async fn look(archive: &Archive, shop: Uuid, all: bool, reached: i64) -> std::result::Result<Vec<Kept>, Away> {
    let sink = Arc::clone(archive);
    let read = move || if all { archived(&*sink, shop) } else { newest(&*sink, shop) };
    match apart(read).await {
        Ok(kept) => match size_of(shop, &kept) {
            held if held < reached => Err(Away { why: shrunk(held, reached), at_once: true }),
            _ => Ok(kept),
        },
        Err(error) => Err(Away { why: format!("the archive of checkpoints cannot be read: {error}"), at_once: false }),
    }
}

async fn checkpoint(db: &Db, archive: &Archive, due: Due) -> Result<()> {
    let shop = due.shop();
    let seen = look(archive, shop, false, db.archive_reached(shop).await?).await;
    let held = size_of(shop, seen.as_deref().unwrap_or_default());
    // The archive knows more than the database: a crash between the two, or a database put back.
    if held > due.size() {
        let all = look(archive, shop, true, held).await.map_err(|away| Error::Vault(away.why))?;
        if let Verdict::Broken { seq, why } = db.walk_whole(shop, &all).await?.verdict {
            return Err(Error::Vault(format!("the archive contradicts entry {seq}: {why}")));
        }
    }
    let draft = db.draft_checkpoint(due).await?;
    // Into an archive that is away nothing is put: it would look whole again. The next full round fills it.
    if seen.is_ok() {
        let (sink, size, made) = (Arc::clone(archive), draft.size, draft.kept.clone());
        match apart(move || keep(&*sink, shop, size, &made)).await {
            Ok(()) => db.archive_holds(shop, draft.size).await?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(Error::Vault(format!("the archive holds another checkpoint over {} entries", draft.size)));
            }
            Err(error) => tracing::error!(%shop, %error, "the archive of checkpoints cannot be written"),
        }
    }
    db.keep_checkpoint(&draft).await
}

/// Puts into the archive what it missed while it could not be written; the size of the newest it took.
async fn fill(db: &Db, archive: &Archive, shop: Uuid, kept: &[Kept]) -> Result<i64> {
    let mut held = 0;
    for missing in db.checkpoints(shop).await?.into_iter().filter(|it| !kept.contains(it)) {
        let Some(checkpoint) = missing.checkpoint(shop) else { continue };
        let (sink, size) = (Arc::clone(archive), checkpoint.size.cast_signed());
        match apart(move || keep(&*sink, shop, size, &missing)).await {
            Ok(()) => held = held.max(size),
            Err(error) => tracing::error!(%shop, size, %error, "a checkpoint cannot be put into the archive"),
        }
    }
    Ok(held)
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

fn unreadable(error: &std::io::Error) -> Error {
    Error::Vault(format!("the archive cannot be read: {error}"))
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}
