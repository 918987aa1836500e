//! The frames around pages: office, portal, sign-in.

mod office;
mod portal;
mod sign_in;

pub use office::{NavItem, OfficeFrame, Person};
pub use portal::PortalFrame;
pub use sign_in::SignInFrame;
