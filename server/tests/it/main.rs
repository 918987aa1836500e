//! The whole road over HTTP: the real router on a real socket with a real database, a rival shop always present.
#![allow(missing_docs)]

mod access;
mod alerts;
mod app;
mod bucket;
mod canaries;
mod cookies;
mod decoys;
mod devices;
mod endpoints;
mod events;
mod faults;
mod forgetting;
mod forms;
mod ground;
mod guards;
#[path = "../../../crates/store/tests/it/harness/mod.rs"]
mod harness;
mod input;
mod instance;
mod invitations;
mod key_services;
mod keyd;
mod link;
mod lockout;
mod logs;
mod machines;
mod mail;
mod matrix;
mod once;
mod outside;
mod own_key;
mod passkeys;
mod passwords;
mod photos;
mod plans;
mod programs;
mod proof;
mod ranges;
mod reset;
mod second_step;
mod signing;
mod step_up;
mod strangers;
mod turn;
mod webhooks;
