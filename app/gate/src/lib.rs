//! The way in: read and write transactions for server functions, errors, flash.
