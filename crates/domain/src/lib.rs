//! The shop's rules: ids, money, permissions, events, states and forms. No I/O, no clock.

pub mod calendar;
pub mod choice;
pub mod fields;
pub mod fold;
pub mod money;
pub mod phone;
