//! The desk: home, search, intake, clients, sites, jobs, schedule, signatures.

pub mod home;
pub mod signatures;
