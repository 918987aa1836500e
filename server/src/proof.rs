//! Proof beyond the database: checkpoints and their archive, the verifier's rounds, proof files to take along, and
//! `shearline verify`.

pub mod accept;
mod archive;
mod bucket;
pub mod command;
mod download;
pub mod rounds;

pub use archive::{Folder, WormSink, archived};
pub use bucket::{Bucket, YEARS};
pub use download::routes;

use crate::config::ArchivePlace;
use std::sync::Arc;

/// The archive as the settings name it.
///
/// # Errors
/// Names a setting that does not do.
pub fn open(at: &ArchivePlace) -> anyhow::Result<rounds::Archive> {
    Ok(match at {
        ArchivePlace::Folder(folder) => Arc::new(Folder::new(folder.clone())),
        ArchivePlace::Bucket(bucket) => Arc::new(Bucket::open(bucket)?),
    })
}
