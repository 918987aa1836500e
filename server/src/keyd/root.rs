//! The root keys, as the settings say who guards them: a file, or a key service that wraps what is in the file.

use super::{Place, service::RootKey};
use anyhow::{Result, anyhow, bail};
use std::{path::Path, sync::Arc};
use vault::{Guarded, KeyFile, KeyProvider, KeyService, ServiceKeys, Zeroizing};

/// The root keys, whoever guards them.
pub enum Roots {
    /// Themselves in the file.
    File(KeyFile),
    /// Wrapped by a service.
    Service(ServiceKeys),
}

impl Roots {
    /// Opens what is there, if it is what the settings say.
    ///
    /// # Errors
    /// Says in words which of the two has to change.
    pub fn open(place: &Place, root_key: &RootKey) -> Result<Self> {
        let path = place.root_key();
        let at = path.display();
        let guarded = Guarded::read(&path).map_err(|error| anyhow!("{error}"))?;
        match (guarded, root_key.service(place)?) {
            (Guarded::ByFile, None) => KeyFile::open(&path).map(Self::File).map_err(|error| anyhow!("{error}")),
            (Guarded::ByService(_), Some(service)) => {
                ServiceKeys::open(&path, service).map(Self::Service).map_err(|error| anyhow!("{error}"))
            }
            (Guarded::ByFile, Some(_)) => bail!(
                "SHEARLINE_ROOT_KEY names a key service, but the root keys lie in {at} themselves. Stop the server and run `shearline keys move`, which has the service wrap them; or take the setting back"
            ),
            (Guarded::ByService(name), None) => bail!(
                "the root keys in {at} are wrapped by {name}, but SHEARLINE_ROOT_KEY names no key service. Set it again; to keep the keys in the file itself from now on, run `shearline keys move --back` with it"
            ),
        }
    }

    /// Makes the first root key, where there is no file.
    ///
    /// # Errors
    /// A service that does not answer, or does not bind what it wraps; a folder that cannot be written.
    pub fn create(path: &Path, service: Option<Box<dyn KeyService>>) -> Result<Self> {
        match service {
            None => KeyFile::create_or_open(path).map(Self::File),
            Some(service) => ServiceKeys::create(path, service).map(Self::Service),
        }
        .map_err(|error| anyhow!("{error}"))
    }

    /// Makes the file of what recovery sheets hold.
    ///
    /// # Errors
    /// As [`Roots::create`]; a file that is there already.
    pub fn restore(path: &Path, service: Option<Box<dyn KeyService>>, packed: &[u8]) -> Result<Self> {
        match service {
            None => KeyFile::restore(path, packed).map(Self::File),
            Some(service) => ServiceKeys::restore(path, service, packed).map(Self::Service),
        }
        .map_err(|error| anyhow!("{error}"))
    }

    /// The keys in few bytes, for recovery sheets.
    ///
    /// # Errors
    /// A service that is away or says no.
    pub fn packed(&self) -> Result<Zeroizing<Vec<u8>>> {
        Ok(match self {
            Self::File(keys) => keys.packed(),
            Self::Service(keys) => keys.packed()?,
        })
    }

    /// The ids of the keys.
    #[must_use]
    pub fn ids(&self) -> Vec<u32> {
        match self {
            Self::File(keys) => keys.ids(),
            Self::Service(keys) => keys.ids(),
        }
    }

    /// The id of the active one.
    #[must_use]
    pub fn active(&self) -> u32 {
        match self {
            Self::File(keys) => keys.active(),
            Self::Service(keys) => keys.active(),
        }
    }

    /// For a vault.
    #[must_use]
    pub fn provider(self) -> Arc<dyn KeyProvider> {
        match self {
            Self::File(keys) => Arc::new(keys),
            Self::Service(keys) => Arc::new(keys),
        }
    }
}
