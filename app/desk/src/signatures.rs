//! Signatures: preparing a work order, having it signed in person, and the evidence of it.

pub mod evidence;
pub mod server_fns;
pub mod sign;
