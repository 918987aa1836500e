//! What a table holds decides how what is sealed in it opens.

/// How the secrets of a table open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// For whoever may act in the shop: pages and papers need it at every turn.
    Working,
    /// For the worker that holds the claim on it, and nobody else.
    Claimed,
    /// Once for each recorded reveal, within a minute of it, and so many times an hour.
    Revealed,
}

const TABLES: [(&str, Class); 8] = [
    ("vault.access_notes", Class::Revealed),
    ("vault.site_codes", Class::Revealed),
    ("vault.signature_strokes", Class::Working),
    ("vault.file_keys", Class::Working),
    ("app.authority_checks", Class::Working),
    ("worker.receivers", Class::Claimed),
    ("worker.outbox", Class::Claimed),
    ("vault.bittings", Class::Revealed),
];

/// Every table that holds something sealed, with how it opens: what this installation says of itself is read from here.
#[must_use]
pub const fn sealed_tables() -> &'static [(&'static str, Class)] {
    &TABLES
}

/// The class of a table; none for one that holds nothing sealed.
#[must_use]
pub fn class_of(table: &str) -> Option<Class> {
    TABLES.iter().find(|(name, _)| *name == table).map(|(_, class)| *class)
}
