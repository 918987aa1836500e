//! What stands before every route, outermost first: headers, request id and log, cross-site check, request context.

pub mod context;
pub mod cross_site;
pub mod headers;
pub mod log;
