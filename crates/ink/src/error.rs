//! Why ink was refused, in words for the person who drew it.

use thiserror::Error;

/// Why ink was refused. The text is meant to stand beside the pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InkError {
    /// More bytes than [`crate::limits::MAX_BYTES`].
    #[error("The signature is too large. Please clear the pad and sign again.")]
    TooLarge,
    /// Not the JSON form, or a number that is not a plain integer; `at` is the byte where reading stopped.
    #[error("The signature could not be read (at character {at}). Please clear the pad and sign again.")]
    Malformed {
        /// Offset in bytes.
        at: usize,
    },
    /// The box or the pixel ratio is impossible.
    #[error("The signature pad had an impossible size. Please reload the page and sign again.")]
    Box,
    /// More strokes than [`crate::limits::MAX_STROKES`].
    #[error("The signature has too many strokes. Please clear the pad and sign again.")]
    TooManyStrokes,
    /// More points than [`crate::limits::MAX_POINTS`].
    #[error("The signature has too many points. Please clear the pad and sign again.")]
    TooManyPoints,
    /// A stroke without a point.
    #[error("The signature has a stroke with nothing in it. Please clear the pad and sign again.")]
    EmptyStroke,
    /// A point further outside the box than [`crate::limits::OVERHANG`].
    #[error("The signature reaches outside the pad. Please clear the pad and sign again.")]
    OutOfBox,
    /// Time does not start at zero, goes back, or runs longer than [`crate::limits::MAX_MS`].
    #[error("The times of the signature do not follow each other. Please clear the pad and sign again.")]
    Time,
    /// Nothing was drawn.
    #[error("Nothing is signed yet. Please draw your signature.")]
    Empty,
    /// Less was drawn than [`crate::Ink::is_trivial`] lets pass.
    #[error("That is too short for a signature. Please write your name across the pad.")]
    TooShort,
}
