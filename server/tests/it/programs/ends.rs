//! How tokens turn over, and how they end.
