//! People come and go: working in several shops, leaving one, and the quarterly look at everybody's access.

pub mod leave;
pub mod review;
pub mod roles;
pub mod server_fns;
pub mod shops;
