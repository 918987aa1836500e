//! The desk: home, search, intake, clients, sites, jobs, schedule, signatures, photos.
// The bodies of server functions are cut off for a browser, and with them what only they name.
#![cfg_attr(target_arch = "wasm32", allow(unused_imports))]

pub mod attachments;
pub mod case_file;
pub mod clients;
pub mod home;
pub mod intake;
pub mod jobs;
pub mod portal_links;
pub mod schedule;
pub mod search;
pub mod signatures;
pub mod sites;
