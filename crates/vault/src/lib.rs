//! Envelope encryption for secret columns, with pluggable key providers.
