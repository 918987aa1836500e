//! The end that the web process has: a connection for each request, so that a keyd that was started anew is simply there.

use super::answer::{Answer, No, Signed};
use super::request::{Asked, Record, Request, Sought};
use super::wire;
use crate::shop_key::WrappedShopKey;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::UnixStream;
use zeroize::Zeroizing;

/// Longest time an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a keyd that is just starting is tried again, and after how long.
const TRIES: (u32, Duration) = (4, Duration::from_millis(100));

/// Why keyd did not do it.
#[derive(Debug, thiserror::Error)]
pub enum KeydError {
    /// It does not run, or does not answer.
    #[error("keyd does not answer: {0}")]
    Away(#[from] io::Error),
    /// It said no.
    #[error(transparent)]
    No(#[from] No),
}

/// Speaks to keyd. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    socket: PathBuf,
    users: Vec<u32>,
}

impl Client {
    /// A client of the keyd behind this socket, if it belongs to one of these users: whoever could put a socket of their own
    /// there would otherwise be told secrets to seal.
    #[must_use]
    pub fn new(socket: PathBuf, users: Vec<u32>) -> Client {
        Client { socket, users }
    }

    /// Where keyd listens.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Asks, and takes the answer as it comes.
    ///
    /// # Errors
    /// [`KeydError::Away`].
    pub async fn ask(&self, request: &Request) -> Result<Answer, KeydError> {
        let late = |_| io::Error::from(io::ErrorKind::TimedOut);
        tokio::time::timeout(PATIENCE, self.exchange(&request.to_bytes())).await.map_err(late)?
    }

    async fn exchange(&self, frame: &[u8]) -> Result<Answer, KeydError> {
        let mut stream = self.connect().await?;
        wire::send(&mut stream, frame).await?;
        let answer = wire::receive(&mut stream).await?.ok_or(io::ErrorKind::UnexpectedEof).map_err(io::Error::from)?;
        match Answer::from_bytes(&answer) {
            Some(Answer::No(no)) => Err(no.into()),
            Some(answer) => Ok(answer),
            None => Err(strange()),
        }
    }

    async fn connect(&self) -> Result<UnixStream, KeydError> {
        let mut tries = 0;
        let stream = loop {
            tries += 1;
            match UnixStream::connect(&self.socket).await {
                Ok(stream) => break stream,
                Err(error) if tries == TRIES.0 => return Err(error.into()),
                Err(_) => tokio::time::sleep(TRIES.1).await,
            }
        };
        if self.users.contains(&stream.peer_cred()?.uid()) {
            Ok(stream)
        } else {
            Err(io::Error::new(io::ErrorKind::PermissionDenied, "somebody else's process listens in keyd's place")
                .into())
        }
    }

    /// Whether the root keys open now; the active one's id.
    ///
    /// # Errors
    /// Away, or a no where what guards them is away or says no.
    pub async fn usable(&self) -> Result<u32, KeydError> {
        self.root(&Request::Usable).await
    }

    /// Whether somebody is there; the active root key's id.
    ///
    /// # Errors
    /// As for all below: away, or a no.
    pub async fn ready(&self) -> Result<u32, KeydError> {
        match self.ask(&Request::Ready).await? {
            Answer::Ready(root) => Ok(root),
            _ => Err(strange()),
        }
    }

    /// A fresh first key for a new shop, wrapped for storage.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn new_shop_key(&self, shop: uuid::Uuid) -> Result<WrappedShopKey, KeydError> {
        match self.ask(&Request::NewShopKey(shop)).await? {
            Answer::ShopKey(key) => Ok(key),
            _ => Err(strange()),
        }
    }

    /// A fresh key for a shop that has one.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn next_shop_key(&self, shop: uuid::Uuid, newest: i32) -> Result<WrappedShopKey, KeydError> {
        match self.ask(&Request::NextShopKey(shop, newest)).await? {
            Answer::ShopKey(key) => Ok(key),
            _ => Err(strange()),
        }
    }

    /// The same shop key under the active root key.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn rewrap_shop_key(&self, shop: uuid::Uuid, key: WrappedShopKey) -> Result<WrappedShopKey, KeydError> {
        match self.ask(&Request::RewrapShopKey(shop, key)).await? {
            Answer::ShopKey(key) => Ok(key),
            _ => Err(strange()),
        }
    }

    /// Puts the shop's keys under a lock that the key service of these settings keeps: what is to be stored of the service,
    /// and of the keys.
    ///
    /// # Errors
    /// Away, or a no: where the service is away, says no, or is not one to be used.
    pub async fn take_own(&self, asked: Asked, settings: &[u8]) -> Result<(Vec<u8>, Vec<WrappedShopKey>), KeydError> {
        match self.ask(&Request::TakeOwn(asked, Zeroizing::new(settings.to_vec()))).await? {
            Answer::Own(sealed, keys) => Ok((sealed, keys)),
            _ => Err(strange()),
        }
    }

    /// Takes the shop's keys out from under its lock, which has to open for that.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn leave_own(&self, asked: Asked) -> Result<Vec<WrappedShopKey>, KeydError> {
        match self.ask(&Request::LeaveOwn(asked)).await? {
            Answer::Own(_, keys) => Ok(keys),
            _ => Err(strange()),
        }
    }

    /// What is sealed of a shop's own key service, under the active root key.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn rewrap_own(&self, shop: uuid::Uuid, sealed: &[u8]) -> Result<Vec<u8>, KeydError> {
        self.sealed(&Request::RewrapOwn(shop, sealed.to_vec())).await
    }

    /// Makes a fresh root key the active one, and tells its id.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn next_root(&self) -> Result<u32, KeydError> {
        self.root(&Request::NextRoot).await
    }

    /// Has the key service wrap the root keys under its newest key; does nothing where a file holds them.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn renew_roots(&self) -> Result<u32, KeydError> {
        self.root(&Request::RenewRoots).await
    }

    /// Gives up a root key that nothing is under any more.
    ///
    /// # Errors
    /// Away, or a no: forbidden while a shop's key is under it.
    pub async fn retire_root(&self, root: u32) -> Result<u32, KeydError> {
        self.root(&Request::RetireRoot(root)).await
    }

    async fn root(&self, request: &Request) -> Result<u32, KeydError> {
        match self.ask(request).await? {
            Answer::Ready(root) => Ok(root),
            _ => Err(strange()),
        }
    }

    /// Seals a secret for a record.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn seal(&self, asked: Asked, clear: &[u8]) -> Result<Vec<u8>, KeydError> {
        self.sealed(&Request::Seal(asked, Zeroizing::new(clear.to_vec()))).await
    }

    /// The same secret under the newest key of its shop.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn rewrap(&self, asked: Asked, sealed: &[u8]) -> Result<Vec<u8>, KeydError> {
        self.sealed(&Request::Rewrap(asked, sealed.to_vec())).await
    }

    async fn sealed(&self, request: &Request) -> Result<Vec<u8>, KeydError> {
        match self.ask(request).await? {
            Answer::Sealed(sealed) => Ok(sealed),
            _ => Err(strange()),
        }
    }

    /// Opens what a shop works with.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn open(&self, asked: Asked, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeydError> {
        self.clear(&Request::Open(asked, sealed.to_vec())).await
    }

    /// Opens against the number of the committed entry that records it.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn reveal(&self, asked: Asked, receipt: i64, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeydError> {
        self.clear(&Request::Reveal(asked, receipt, sealed.to_vec())).await
    }

    async fn clear(&self, request: &Request) -> Result<Zeroizing<Vec<u8>>, KeydError> {
        match self.ask(request).await? {
            Answer::Clear(clear) => Ok(clear),
            _ => Err(strange()),
        }
    }

    /// The places of the candidates that hold what is sought.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn find(&self, sought: Sought) -> Result<Vec<usize>, KeydError> {
        match self.ask(&Request::Find(sought)).await? {
            Answer::Found(places) => Ok(places.into_iter().map(|place| place as usize).collect()),
            _ => Err(strange()),
        }
    }

    /// Signs with the shop's key for a purpose.
    ///
    /// # Errors
    /// Away, or a no.
    pub async fn sign(&self, asked: Asked, purpose: &str, message: &[u8]) -> Result<Signed, KeydError> {
        let asked = Asked { record: Record { table: purpose.to_owned(), ..asked.record }, ..asked };
        match self.ask(&Request::Sign(asked, message.to_vec())).await? {
            Answer::Signed(signed) => Ok(signed),
            _ => Err(strange()),
        }
    }
}

fn strange() -> KeydError {
    io::Error::new(io::ErrorKind::InvalidData, "the answer was not understood").into()
}
