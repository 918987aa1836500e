//! The desk: home, search, intake, clients, sites, jobs, schedule, signatures.

pub mod clients;
mod history;
pub mod home;
pub mod intake;
pub mod jobs;
pub mod portal_links;
mod saved;
pub mod schedule;
pub mod search;
pub mod signatures;
pub mod sites;
