//! keyd: the process that alone holds root and shop keys, and the client's end that the web process has.
//!
//! Frames over a Unix socket: `length(4) ‖ version(1) ‖ kind(1) ‖ fields`, one answer to each request. Whoever asks shows the
//! capability of the person for whom it asks; a [`Witness`] says what that capability is worth, so that keyd takes nobody's
//! word. What the table named in the place holds decides how it opens: see [`Class`].

mod answer;
mod books;
mod class;
mod client;
mod log;
mod own;
mod quota;
mod request;
mod server;
mod signing;
mod wire;
mod witness;

pub use answer::{Answer, No, Signed};
pub use books::{Rules, Services};
pub use class::{Class, class_of, sealed_tables};
pub use client::{Client, KeydError};
pub use log::{Head, Log, LogError, Opening, OpeningKind};
pub use request::{Asked, Bearer, Candidate, Record, Request, Sought};
pub use server::Keyd;
pub use signing::public_key;
pub use witness::{Away, Receipt, Standing, Witness};
