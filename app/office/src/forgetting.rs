//! Forgetting a client, a contact or somebody who was a member.

pub mod page;
pub mod server_fns;
