//! Proof beyond the database: checkpoints and their archive, the verifier's rounds, proof files to take along, and
//! `shearline verify`.

mod archive;
pub mod command;
mod download;
pub mod rounds;

pub use archive::{Folder, WormSink, archived};
pub use download::routes;
