//! The device's way: a code typed elsewhere.
