//! The one script of the portal: the signature pad's.

use leptos::{nonce::use_nonce, prelude::*};

/// Paths of the pad's module and its WASM, put into the context by the shell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PadEntry {
    /// The JavaScript module.
    pub js: String,
    /// What it loads.
    pub wasm: String,
}

/// Loads the pad. Without it the pad is dead, and the typed name beside it still signs.
#[component]
pub fn PadScript() -> impl IntoView {
    use_context::<PadEntry>().filter(|entry| !entry.js.is_empty()).map(|PadEntry { js, wasm }| {
        let script = format!("import('{js}').then(entry => entry.default({{module_or_path: '{wasm}'}}));");
        view! { <script type="module" nonce=use_nonce().map(|nonce| nonce.to_string())>{script}</script> }
    })
}
