//! keyd's end: who may ask, what is asked of whom, and in which order. Nothing leaves before it is written down.

mod core;

use super::answer::{Answer, No};
use super::books::Rules;
use super::class::{Class, class_of};
use super::log::{Head, LogError};
use super::request::{Asked, Bearer, Request, Sought};
use super::wire;
use super::witness::{Away, Receipt, Standing, Witness};
use crate::vault::Vault;
use core::{Core, Held};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Connections at a time; the others wait.
const MOST: usize = 128;
/// How long a connection may be silent.
const SILENCE: Duration = Duration::from_secs(30);

/// The process that holds the keys, with its witness.
pub struct Keyd<W> {
    witness: W,
    core: Arc<Core>,
}

impl<W: Witness> Keyd<W> {
    /// Opens the log and counts what it says.
    ///
    /// # Errors
    /// A log that was changed or cannot be used.
    pub fn new(vault: Arc<Vault>, witness: W, log: &Path, rules: Rules) -> Result<Arc<Self>, LogError> {
        Ok(Arc::new(Keyd { witness, core: Arc::new(Core::new(vault, log, rules)?) }))
    }

    /// Where the log stands.
    #[must_use]
    pub fn head(&self) -> Head {
        self.core.head()
    }

    /// Writes down outside the log where it stands.
    ///
    /// # Errors
    /// A witness that cannot be reached.
    pub async fn keep_head(&self) -> Result<(), Away> {
        self.witness.keep_head(self.core.head()).await
    }

    /// Nothing revealed leaves before its line is on record outside the log, too.
    async fn kept(&self, answer: Answer) -> Result<Answer, No> {
        self.keep_head().await.map_err(away)?;
        Ok(answer)
    }

    /// Answers on a socket, for these users alone, until dropped.
    ///
    /// # Errors
    /// A socket that cannot be listened on any more.
    pub async fn serve(self: Arc<Self>, listener: UnixListener, users: Vec<u32>) -> io::Result<()> {
        let places = Arc::new(Semaphore::new(MOST));
        loop {
            let (stream, _) = listener.accept().await?;
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return Ok(()) };
            let user = stream.peer_cred().map(|peer| peer.uid());
            if !user.as_ref().is_ok_and(|user| users.contains(user)) {
                tracing::warn!(?user, "a user who may not ask was turned away");
                continue;
            }
            let keyd = Arc::clone(&self);
            tokio::spawn(async move {
                if let Err(error) = keyd.attend(stream).await {
                    tracing::debug!(%error, "a connection ended");
                }
                drop(place);
            });
        }
    }

    async fn attend(&self, mut stream: UnixStream) -> io::Result<()> {
        while let Ok(frame) = tokio::time::timeout(SILENCE, wire::receive(&mut stream)).await {
            let Some(frame) = frame? else { return Ok(()) };
            let answer = match Request::from_bytes(&frame) {
                Some(request) => self.answer(request).await.unwrap_or_else(Answer::No),
                None => Answer::No(No::Malformed),
            };
            wire::send(&mut stream, &answer.to_bytes()).await?;
        }
        Ok(())
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request) -> Result<Answer, No> {
        match request {
            Request::Ready => Ok(Answer::Ready(self.core.root())),
            Request::Usable => self.apart(Core::usable).await,
            Request::NewShopKey(shop) => self.apart(move |core| core.new_shop_key(shop)).await,
            Request::NextRoot => self.apart(Core::next_root).await,
            Request::RenewRoots => self.apart(Core::renew_roots).await,
            Request::RetireRoot(root) => {
                // Asked of the database itself, not of whoever wants it gone.
                if self.witness.roots().await.map_err(away)?.contains(&root) {
                    return Err(No::Forbidden);
                }
                self.apart(move |core| core.retire_root(root)).await
            }
            Request::RewrapShopKey(shop, key) => self.apart(move |core| core.rewrap_shop_key(shop, &key)).await,
            Request::NextShopKey(shop, newest) => {
                let held = self.held(shop).await?;
                self.apart(move |core| core.next_shop_key(shop, newest, &held)).await
            }
            Request::TakeOwn(asked, settings) => {
                let standing = self.standing(&asked).await?.filter(|standing| standing.person).ok_or(No::Forbidden)?;
                let held = self.keys(asked.shop).await?;
                self.apart(move |core| core.take_own(&asked, standing.actor, &held, &settings)).await
            }
            Request::LeaveOwn(asked) => {
                let standing = self.standing(&asked).await?.filter(|standing| standing.person).ok_or(No::Forbidden)?;
                let held = self.keys(asked.shop).await?;
                self.apart(move |core| core.leave_own(&asked, standing.actor, &held)).await
            }
            Request::RewrapOwn(shop, sealed) => self.apart(move |core| core.rewrap_own(shop, &sealed)).await,
            Request::Seal(asked, clear) => {
                class_of(&asked.record.table).ok_or(No::Forbidden)?;
                self.standing(&asked).await?;
                let keys = self.keys(asked.shop).await?;
                self.apart(move |core| core.seal(&asked, &keys, &clear)).await
            }
            Request::Open(asked, sealed) => {
                let actor = self.may_open(&asked).await?;
                let keys = self.keys(asked.shop).await?;
                self.apart(move |core| core.open(&asked, actor, &keys, &sealed)).await
            }
            Request::Reveal(asked, entry, sealed) => {
                let receipt = self.receipt(&asked, entry, false).await?;
                let keys = self.keys(asked.shop).await?;
                self.kept(self.apart(move |core| core.reveal(&receipt, &keys, &sealed)).await?).await
            }
            Request::Find(sought) => self.find(sought).await,
            Request::Rewrap(asked, sealed) => {
                class_of(&asked.record.table).ok_or(No::Forbidden)?;
                let standing = self.standing(&asked).await?;
                let keys = self.keys(asked.shop).await?;
                let actor = standing.map_or(Uuid::nil(), |standing| standing.actor);
                self.apart(move |core| core.rewrap(&asked, actor, &keys, &sealed)).await
            }
            Request::Sign(asked, message) => {
                let standing = self.standing(&asked).await?;
                let actor = standing.map_or(Uuid::nil(), |standing| standing.actor);
                self.apart(move |core| core.sign(&asked, actor, &message)).await
            }
        }
    }

    async fn find(&self, sought: Sought) -> Result<Answer, No> {
        let receipt = self.receipt(&sought.asked, sought.receipt, true).await?;
        let keys = self.keys(receipt.shop).await?;
        self.kept(self.apart(move |core| core.find(&receipt, &keys, &sought)).await?).await
    }

    /// Whom the bearer stands for in the shop; none for the house, which needs nobody to seal or sign.
    async fn standing(&self, asked: &Asked) -> Result<Option<Standing>, No> {
        match &asked.bearer {
            Bearer::Capability(digits) => {
                let standing = self.witness.bearer(digits).await.map_err(away)?.ok_or(No::Forbidden)?;
                if standing.shop == asked.shop { Ok(Some(standing)) } else { Err(No::Forbidden) }
            }
            Bearer::House => Ok(None),
            Bearer::Claim(_) => Err(No::Forbidden),
        }
    }

    /// For whom this opens without a record of its own.
    async fn may_open(&self, asked: &Asked) -> Result<Uuid, No> {
        match (class_of(&asked.record.table), &asked.bearer) {
            (Some(Class::Working), Bearer::Capability(_)) => match self.standing(asked).await? {
                Some(standing) if standing.works => Ok(standing.actor),
                _ => Err(No::Forbidden),
            },
            (Some(Class::Claimed), Bearer::Claim(claim)) => {
                let stands = self.witness.claimed(asked.shop, &asked.record, *claim).await.map_err(away)?;
                if stands { Ok(*claim) } else { Err(No::Forbidden) }
            }
            _ => Err(No::Forbidden),
        }
    }

    /// The committed entry that lets this person open that record.
    async fn receipt(&self, asked: &Asked, entry: i64, search: bool) -> Result<Receipt, No> {
        let standing = self.standing(asked).await?.filter(|standing| standing.person).ok_or(No::Forbidden)?;
        if class_of(&asked.record.table) != Some(Class::Revealed) {
            return Err(No::Forbidden);
        }
        let receipt = Receipt { shop: asked.shop, actor: standing.actor, entry, search, record: asked.record.clone() };
        match self.witness.committed(&receipt).await.map_err(away)? {
            true => Ok(receipt),
            false => Err(No::Forbidden),
        }
    }

    async fn keys(&self, shop: Uuid) -> Result<Held, No> {
        let held = self.held(shop).await?;
        if held.keys.is_empty() { Err(No::Refused) } else { Ok(held) }
    }

    /// What is stored of a shop's keys, and of its own service where one of them needs it.
    async fn held(&self, shop: Uuid) -> Result<Held, No> {
        let keys = self.witness.keys(shop).await.map_err(away)?;
        let own = match keys.iter().any(Vault::is_locked) {
            true => self.witness.own_key(shop).await.map_err(away)?,
            false => None,
        };
        Ok(Held { keys, own })
    }

    /// Ciphers, the disk and a key service may take their time: not on the threads that answer.
    async fn apart(&self, work: impl FnOnce(&Core) -> Result<Answer, No> + Send + 'static) -> Result<Answer, No> {
        let core = Arc::clone(&self.core);
        tokio::task::spawn_blocking(move || work(&core)).await.unwrap_or(Err(No::Unavailable))
    }
}

fn away(error: Away) -> No {
    tracing::warn!(%error, "keyd cannot ask whether a request is good");
    No::Unavailable
}
