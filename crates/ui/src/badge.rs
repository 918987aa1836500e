//! Badges: one word about a state, coloured the same wherever it stands.

use crate::Tone;
use leptos::prelude::*;

/// A word in a tone. The words come from the caller; the mark before them is drawn by the style sheet.
#[component]
pub fn Badge(#[prop(optional)] tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=format!("badge badge--{}", tone.class())>{text}</span> }
}

/// The state of a job: its code picks the tone, `text` is what people read.
#[component]
pub fn JobBadge(#[prop(into)] code: String, #[prop(into)] text: String) -> impl IntoView {
    view! { <Badge tone=Tone::of_job(&code) text=text/> }
}

/// The state of an invoice, stored or derived: its code picks the tone, `text` is what people read.
#[component]
pub fn InvoiceBadge(#[prop(into)] code: String, #[prop(into)] text: String) -> impl IntoView {
    view! { <Badge tone=Tone::of_invoice(&code) text=text/> }
}
