//! Jobs: the list, the page of one, and the forms of its order, evidence and lines.

pub mod authority;
pub mod edit;
pub mod evidence;
pub mod lines;
pub mod list;
pub mod page;
pub mod panels;
pub mod server_fns;
pub mod steps;
pub mod templates;
