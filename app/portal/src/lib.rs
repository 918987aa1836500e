//! What a client sees by link.
