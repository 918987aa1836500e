//! Clients: the record, how to reach them, who may speak for them, what was noted.

mod lookup;

pub use lookup::lookup;
