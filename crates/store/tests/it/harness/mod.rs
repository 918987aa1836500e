//! A real PostgreSQL with two rival shops in it, a fresh copy for each test. Shared with the server's tests.

#![allow(dead_code)] // two test binaries share it, and neither needs all of it

pub mod cluster;
pub mod crowd;
pub mod everything;
pub mod keyd;
pub mod rows;
pub mod spare;

pub use cluster::{TestDb, fresh};
pub use crowd::Shop;
pub use spare::Spare;
