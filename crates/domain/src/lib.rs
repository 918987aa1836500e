//! The shop's rules: ids, money, permissions, events, states and forms. No I/O, no clock.

pub mod audit;
pub mod calendar;
pub mod choice;
pub mod clients;
pub mod event;
pub mod fields;
pub mod fold;
pub mod forms;
pub mod home;
pub mod ids;
pub mod instance;
pub mod invoices;
pub mod jobs;
pub mod lines;
pub mod machines;
pub mod money;
pub mod passwords;
pub mod payments;
pub mod people;
pub mod permission;
pub mod phone;
pub mod portal;
pub mod programs;
pub mod refusal;
pub mod schedule;
pub mod search;
pub mod second_step;
pub mod shop;
pub mod signatures;
pub mod sites;
pub mod tax;
pub mod webhooks;

pub use event::Event;
pub use permission::{Permission, Power, Role};
pub use refusal::{FieldErrors, Refusal};
