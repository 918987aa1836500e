//! Exports on their way out: the entry stands on the chain already; here the bytes follow, in constant memory.

mod case;
pub mod download;
mod stream;
pub mod zip;

pub use download::routes;
