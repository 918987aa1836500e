//! What stands before every route, outermost first: headers, log, requests by address, cross-site check, sizes and times,
//! request context.

pub mod bounds;
pub mod context;
pub mod cross_site;
pub mod headers;
pub mod log;
pub mod notice;
pub mod rate;
pub mod tries;
