//! What is printed as it was stored: frozen documents and drawn ink.

use leptos::prelude::*;

/// Prints the document exactly as stored: an `<article class="document">`. With [`InkDrawing`] and the text area, the only
/// `inner_html` of the product.
///
/// It is safe because these bytes are not what anyone typed: the server rendered them once, from a snapshot,
/// with every value escaped and no script, style or link in them, and stored them beside their SHA-256; the
/// page prints what was stored. Never hand it anything else.
#[component]
pub fn Document(html: String, #[prop(into)] label: String) -> impl IntoView {
    view! { <section class="document-frame" aria-label=label inner_html=html></section> }
}

/// Prints a drawn signature.
///
/// It is safe because the picture is made by `ink` from checked numbers on each showing, never stored and never taken
/// from anyone: paths whose every coordinate is a formatted number, and one title, escaped. Hand it only
/// `ink::Ink::to_svg_titled`.
#[component]
pub fn InkDrawing(svg: String) -> impl IntoView {
    view! { <div class="evidence__ink" inner_html=svg></div> }
}
