//! What a server function answers when it did not do what was asked.

use domain::{FieldErrors, Refusal};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why not, for the page.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// An expected "no", in words.
    #[error(transparent)]
    Refusal(Refusal),
    /// Nobody is signed in, or no longer.
    #[error("You are signed out. Sign in and try again.")]
    SignedOut,
    /// An act that asks for a fresh proof of who is there.
    #[error("Confirm that it is you, then send this again. What you typed is kept.")]
    Confirm,
    /// The shop asks for a second step that this person does not have yet.
    #[error(
        "Your shop asks for a second step when you sign in. Set one up on your account page; everything else opens after that."
    )]
    SecondStep,
    /// This form was sent before; its result is there.
    #[error("This was already done.")]
    Replayed(String),
    /// The page was opened in one shop and sent in another.
    #[error(
        "This page was opened for another shop than the one you are in now. Switch back, or open the page again; what you typed is still here."
    )]
    OtherShop,
    /// The database cannot be reached now.
    #[error("Shearline cannot reach its database at the moment. Nothing was lost; try again in a minute.")]
    Unavailable,
    /// Tried too often.
    #[error("Too many attempts. Wait a minute and try again.")]
    TooMany,
    /// A fault of ours; the log knows more under this reference.
    #[error("Something went wrong on our side. Reference: {0}")]
    Unexpected(String),
    /// The request did not get through, or could not be read.
    #[error("That did not get through. Check the connection and try again.")]
    Call,
}

impl AppError {
    /// The HTTP status this comes to.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Refusal(Refusal::Invalid(_)) => 422,
            Self::Refusal(Refusal::Conflict(_)) | Self::OtherShop => 409,
            Self::Refusal(Refusal::NotFound) => 404,
            Self::Refusal(Refusal::Forbidden(_)) | Self::SecondStep => 403,
            Self::SignedOut | Self::Confirm => 401,
            Self::Replayed(_) => 200,
            Self::TooMany | Self::Refusal(Refusal::TooMany(_)) => 429,
            Self::Unavailable | Self::Refusal(Refusal::Away(_)) => 503,
            Self::Unexpected(_) => 500,
            Self::Call => 400,
        }
    }
}

impl ui::Refused for AppError {
    fn problem(&self) -> String {
        self.to_string()
    }

    fn errors(&self) -> FieldErrors {
        match self {
            Self::Refusal(Refusal::Invalid(errors)) => errors.clone(),
            _ => FieldErrors::new(),
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<FieldErrors> for AppError {
    fn from(errors: FieldErrors) -> Self {
        Self::Refusal(Refusal::Invalid(errors))
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// What the framework itself has to say names functions and types; people get one sentence.
    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Call
    }
}
