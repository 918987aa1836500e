//! The document around the office: head, style, entry script under its nonce.

use crate::{Entries, OfficeApp, entry::Entry};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

/// The whole document.
pub fn shell(entries: &Entries) -> impl IntoView + use<> {
    let Entries { office, style, favicon, manifest, .. } = entries.clone();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="theme-color" content="#272c35"/>
                <link rel="icon" href=favicon/>
                <link rel="manifest" href=manifest/>
                <link rel="stylesheet" href=style/>
                <EntryScript entry=office/>
                <MetaTags/>
            </head>
            <body>
                <OfficeApp/>
            </body>
        </html>
    }
}

/// Loads the WASM of an entry. Takes the place of Leptos's own scripts, whose preload tag carries the nonce readably.
#[component]
fn EntryScript(entry: Entry) -> impl IntoView {
    let script = format!(
        "import('{js}').then(entry => entry.default({{module_or_path: '{wasm}'}}).then(() => entry.hydrate()));",
        js = entry.js,
        wasm = entry.wasm
    );
    let nonce = use_nonce().map(|nonce| nonce.to_string());
    // The module by itself does nothing; the second script finds it there, checked.
    view! {
        <script type="module" src=entry.js integrity=entry.integrity nonce=nonce.clone()></script>
        <link rel="preload" href=entry.wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce>{script}</script>
    }
}
