//! Plain exports without a binding generator: numbers in, numbers out.

#[cfg(not(feature = "table"))]
mod minimal;
#[cfg(feature = "table")]
mod table;
