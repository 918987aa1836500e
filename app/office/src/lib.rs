//! The office: who is here, what happened.

pub mod audit;
pub mod identity;
pub mod shop;
