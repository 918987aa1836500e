//! Figures and codes: money that lines up, numbers nobody should translate.

use leptos::prelude::*;

/// An amount, already formatted in the shop's currency.
#[component]
pub fn Money(#[prop(into)] amount: String) -> impl IntoView {
    view! { <span class="money">{amount}</span> }
}

/// A number people read out: job and invoice numbers, door numbers, hashes.
#[component]
pub fn Code(#[prop(into)] text: String) -> impl IntoView {
    view! { <code class="code" translate="no">{text}</code> }
}
