//! What can come of a statement: a refusal a person can act on, or a fault.

use domain::{FieldErrors, Refusal};
use thiserror::Error;

/// Shorthand of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a store function did not do what was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// An expected "no".
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// This very form was sent before; here is where its first result lies.
    #[error("done before: {0}")]
    Replayed(String),
    /// The database cannot be reached now.
    #[error("database unreachable")]
    Unavailable,
    /// A sealed value could not be opened or made.
    #[error("vault: {0}")]
    Vault(String),
    /// Roles or schema are not as they must be; the words are for whoever runs the server.
    #[error("{0}")]
    Setup(String),
    /// Anything else: a fault of ours.
    #[error("database: {0}")]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Refusal::NotFound.into(),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::Unavailable,
            // 57P: the server is going down or coming up.
            sqlx::Error::Database(db) if db.code().is_some_and(|code| code.starts_with("57P")) => Self::Unavailable,
            // The triggers of 0043.
            sqlx::Error::Database(db) if db.constraint() == Some("put_back") => Refusal::Conflict(
                "What is sealed here is older than what the audit trail says was sealed last: somebody put it back. Nothing was opened. Tell whoever runs this installation.".into(),
            )
            .into(),
            // The triggers of 0039.
            sqlx::Error::Database(db) if db.constraint() == Some("forgotten") => {
                Refusal::Conflict("They were forgotten, and nothing about them can be put on record any more.".into())
                    .into()
            }
            other => Self::Database(other),
        }
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Refusal::Invalid(errors).into()
    }
}

impl Error {
    /// Whether the database named this constraint in its refusal.
    #[must_use]
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(db)) if db.constraint() == Some(name))
    }
}

/// Turns the violation of a named constraint into words, where the statement stands.
pub trait OnConstraint<T> {
    /// When the database refused by `name`, answers `refusal` instead.
    ///
    /// # Errors
    /// The refusal, or whatever error there was.
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T>;
}

impl<T> OnConstraint<T> for Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T> {
        self.map_err(|error| {
            let error = Error::from(error);
            if error.is_constraint(name) { refusal().into() } else { error }
        })
    }
}
