//! What the way in comes to in a browser: nothing.

/// On the server a page's loading holds on to its request; here there is none.
pub const fn held<F>(loading: F) -> F {
    loading
}
