//! Where the sealed files lie: a folder for each shop, two files for each photo.

use super::{Part, Picture};
use crate::{Db, Error, Result};
use domain::ids::{PhotoId, ShopId};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};
use vault::{FileKey, FilePlace, Zeroizing};

/// A folder of sealed files.
#[derive(Clone, Debug)]
pub struct Files(Arc<Path>);

impl Files {
    /// Files in this folder; it is made when the first comes.
    pub fn within(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into().into())
    }

    /// Seals and writes both copies of a photo, on a thread that may block.
    pub(super) async fn put(&self, shop: ShopId, photo: PhotoId, key: FileKey, picture: Picture) -> Result<()> {
        let files = self.clone();
        tokio::task::spawn_blocking(move || {
            for (part, content) in [(Part::Whole, &picture.whole), (Part::Small, &picture.small)] {
                let sealed = key.seal(&place(shop, photo, part), content)?;
                files.write(shop, photo, part, &sealed).map_err(|error| fault("written", &error))?;
            }
            Ok(())
        })
        .await
        .map_err(|error| Error::Setup(error.to_string()))?
    }

    /// Reads and opens one copy of a photo, on a thread that may block.
    pub(super) async fn get(
        &self,
        shop: ShopId,
        photo: PhotoId,
        part: Part,
        key: FileKey,
    ) -> Result<Zeroizing<Vec<u8>>> {
        let path = self.path(shop, photo, part);
        tokio::task::spawn_blocking(move || {
            let sealed = fs::read(path).map_err(|error| fault("read", &error))?;
            Ok(key.open(&place(shop, photo, part), &sealed)?)
        })
        .await
        .map_err(|error| Error::Setup(error.to_string()))?
    }

    fn path(&self, shop: ShopId, photo: PhotoId, part: Part) -> PathBuf {
        self.0.join(shop.to_string()).join(format!("{photo}.{}", part.as_str()))
    }

    /// Whole or not at all, for its owner's eyes, and on the disk before the row is.
    fn write(&self, shop: ShopId, photo: PhotoId, part: Part, sealed: &[u8]) -> io::Result<()> {
        let path = self.path(shop, photo, part);
        let folder = self.0.join(shop.to_string());
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let beside = path.with_extension(format!("{}.new", part.as_str()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(sealed)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        File::open(&folder)?.sync_all()
    }
}

fn place(shop: ShopId, photo: PhotoId, part: Part) -> FilePlace<'static> {
    FilePlace { shop: shop.uuid(), file: photo.uuid(), part: part.as_str() }
}

fn fault(what: &str, error: &io::Error) -> Error {
    Error::Vault(format!("a photo's file cannot be {what}: {error}"))
}

impl Db {
    /// From now on photos are kept in this folder.
    #[must_use]
    pub fn keeping(self, files: Files) -> Self {
        Self { files: Some(files), ..self }
    }

    pub(crate) fn files(&self) -> Result<Files> {
        self.files.clone().ok_or_else(|| Error::Setup("there is no folder for photos".into()))
    }
}
