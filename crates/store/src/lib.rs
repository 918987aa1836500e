//! Every SQL statement, and the only place that opens a transaction.
//!
//! A module may use only modules to its left: audit → identity → clients → sites → attachments → signatures → bittings → jobs →
//! schedule → reveal → invoices → payments → portal → proofs → forgetting → exports → overview → machines → webhooks → own_keys → alerts. The plumbing (`db`, `scope`, `error`, `token`, `seal`) stands before all.

pub mod alerts;
pub mod attachments;
pub mod audit;
pub mod bittings;
pub mod bootstrap;
pub mod clients;
pub mod db;
pub mod error;
pub mod exports;
pub mod forgetting;
pub mod front_door;
pub mod home;
pub mod identity;
pub mod instance;
pub mod intake;
pub mod invoices;
pub mod jobs;
pub mod keyd;
pub mod looks;
pub mod machines;
pub mod mail;
pub mod overview;
pub mod own_keys;
pub mod payments;
pub mod portal;
pub mod proofs;
pub mod reveal;
pub mod schedule;
pub mod scope;
pub mod seal;
pub mod signatures;
pub mod sites;
pub mod synthetic;
pub mod token;
pub mod webhooks;

pub use bootstrap::Roles;
pub use db::Db;
pub use error::{Error, Result};
pub use scope::{Actor, Grant, Origin, ReadTx, Scope, WriteTx};
pub use token::{Cap, Token};
