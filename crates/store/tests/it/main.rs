//! The store against a real PostgreSQL, with a rival shop always present. `scripts/test-postgres.sh cargo test -p store`.
#![allow(clippy::unwrap_used, missing_docs)]

mod borders;
mod caps;
mod chain;
mod clients;
mod definers;
mod harness;
mod instance;
mod jobs;
mod keyd;
mod money;
mod mutations;
mod passwords;
mod people;
mod photos;
mod portal;
mod proofs;
mod reveal;
mod sessions;
mod setup;
mod signatures;
mod site_codes;
mod sites;
mod steps;
mod walker;
mod walls;
