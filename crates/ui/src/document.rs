//! A document as it was frozen: the bytes that were, or will be, signed.

use leptos::prelude::*;

/// Prints the document exactly as stored. This is the one `inner_html` of the product.
///
/// It is safe because these bytes are not what anyone typed: the server rendered them once, from a snapshot,
/// with every value escaped and no script, style or link in them, and stored them beside their SHA-256; the
/// page prints what was stored. Never hand it anything else.
#[component]
pub fn Document(html: String, #[prop(into)] label: String) -> impl IntoView {
    view! { <article class="document" aria-label=label inner_html=html></article> }
}
