//! The office: identity, members, audit.
