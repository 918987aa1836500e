//! The desk: home, search, intake, clients, sites, jobs, schedule, signatures.

pub mod clients;
mod history;
pub mod home;
pub mod intake;
pub mod jobs;
mod saved;
pub mod schedule;
pub mod search;
pub mod portal_links;
pub mod signatures;
pub mod sites;
