//! The server as a library: what the binary starts, and what the tests start on a port of their own.

pub mod assets;
pub mod config;
pub mod functions;
pub mod layers;
pub mod mailer;
pub mod router;
