//! The desk: home, search, intake, clients, sites, jobs, schedule, signatures.

pub mod clients;
mod history;
pub mod home;
mod saved;
pub mod search;
pub mod signatures;
pub mod sites;
