//! Key services over HTTP: where a setting or a shop says that one is, and how it is spoken to.
//!
//! Two kinds: a transit engine as HashiCorp Vault and OpenBao have it, and KMS as AWS has it. Credentials come from files
//! or out of keyd's own seals, and stand in no address, no setting, no message.

mod address;
mod call;
mod credential;
mod kms;
mod transit;

pub use address::Address;
pub use call::{LIMIT, Road};
pub use credential::Credential;

use super::token::{Token, TokenKey};
use anyhow::{Context as _, Result, ensure};
use std::{fmt, path::PathBuf};
use tokio::runtime::Handle;
use vault::{Context, KeyService, VaultError, Zeroizing};

/// A service that can be asked.
pub struct Service {
    address: Address,
    credential: Credential,
    road: Road,
    /// Keys are wrapped on threads of their own; the requests run where the others do.
    runtime: Handle,
}

impl Service {
    /// A service on this road. Must be made where a runtime is.
    #[must_use]
    pub fn new(address: Address, credential: Credential, road: Road) -> Self {
        Self { address, credential, road, runtime: Handle::current() }
    }

    fn ask<T>(&self, asked: impl Future<Output = Result<T, VaultError>>) -> Result<T, VaultError> {
        self.runtime.block_on(asked)
    }
}

impl KeyService for Service {
    fn name(&self) -> String {
        self.address.to_string()
    }

    fn wrap(&self, context: &Context, key: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        let secret = self.credential.read()?;
        self.ask(async {
            match &self.address {
                Address::Transit(at) => transit::encrypt(&self.road, at, &secret, context, key).await,
                Address::Kms(at) => kms::encrypt(&self.road, at, &secret, context, key).await,
            }
        })
    }

    fn unwrap(&self, context: &Context, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        let secret = self.credential.read()?;
        self.ask(async {
            match &self.address {
                Address::Transit(at) => transit::decrypt(&self.road, at, &secret, context, wrapped).await,
                Address::Kms(at) => kms::decrypt(&self.road, at, &secret, context, wrapped).await,
            }
        })
    }

    fn renew(&self, context: &Context, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        let secret = self.credential.read()?;
        self.ask(async {
            match &self.address {
                Address::Transit(at) => transit::renew(&self.road, at, &secret, context, wrapped).await,
                Address::Kms(at) => kms::renew(&self.road, at, &secret, context, wrapped).await,
            }
        })
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Who guards the root keys, as the operator decides.
#[derive(Clone, Debug, Default)]
pub struct RootKey {
    keeper: Option<Keeper>,
    credential: Option<PathBuf>,
    authority: Option<PathBuf>,
}

/// What wraps the root keys, where they do not lie in the file themselves.
#[derive(Clone, Debug)]
pub enum Keeper {
    /// A service over HTTP.
    Service(Address),
    /// A key of a token in this machine, or of a security module behind one.
    Token(TokenKey),
}

impl fmt::Display for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(address) => address.fmt(f),
            Self::Token(key) => key.fmt(f),
        }
    }
}

/// The settings as written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written<'a> {
    /// `file`, `vault:…`, `aws-kms:…` or `pkcs11:…`.
    pub root_key: Option<&'a str>,
    /// Where KMS answers, if not where AWS has it.
    pub endpoint: Option<&'a str>,
    /// The file of the credential.
    pub credential: Option<&'a str>,
    /// The file of the authority that signed the service's certificate.
    pub authority: Option<&'a str>,
}

impl RootKey {
    /// Reads the settings.
    ///
    /// # Errors
    /// What it should look like. A secret among them is refused, and not repeated.
    pub fn read(written: Written<'_>) -> Result<Self> {
        let keeper = match written.root_key {
            None | Some("file") => None,
            Some(text) if TokenKey::is_meant(text) => {
                ensure!(
                    written.endpoint.is_none() && written.authority.is_none(),
                    "SHEARLINE_ROOT_KEY_ENDPOINT and SHEARLINE_ROOT_KEY_CA are for services over HTTP, but SHEARLINE_ROOT_KEY names a token"
                );
                Some(Keeper::Token(TokenKey::read(text)?))
            }
            Some(text) => Some(Keeper::Service(Address::of_operator(text, written.endpoint)?)),
        };
        let file = |name: &str, path: Option<&str>| path.map(|path| credential::path(name, path)).transpose();
        Ok(Self {
            keeper,
            credential: file("SHEARLINE_ROOT_KEY_CREDENTIAL", written.credential)?,
            authority: file("SHEARLINE_ROOT_KEY_CA", written.authority)?,
        })
    }

    /// What wraps the keys; none where they lie in the file.
    #[must_use]
    pub const fn keeper(&self) -> Option<&Keeper> {
        self.keeper.as_ref()
    }

    /// The file of its credential: as set, else in keyd's folder.
    #[must_use]
    pub fn credential(&self, place: &super::Place) -> PathBuf {
        self.credential.clone().unwrap_or_else(|| place.folder.join("root.credential"))
    }

    /// What wraps the keys, ready to be asked; none where they lie in the file.
    ///
    /// # Errors
    /// An authority's file that cannot be used.
    pub fn service(&self, place: &super::Place) -> Result<Option<Box<dyn KeyService>>> {
        let credential = Credential::File(self.credential(place), place.user);
        Ok(match &self.keeper {
            None => None,
            Some(Keeper::Service(address)) => {
                let road = Road::of_operator(self.authority.as_deref()).context("SHEARLINE_ROOT_KEY_CA")?;
                Some(Box::new(Service::new(address.clone(), credential, road)))
            }
            Some(Keeper::Token(key)) => {
                Some(Box::new(Token::new(key.clone(), credential, place.folder.join("root.refused"))))
            }
        })
    }
}
