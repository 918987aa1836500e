//! The document around the portal: one small style sheet, no script. The signing page brings its own.

use crate::{Entries, PortalApp};
use leptos::prelude::*;
use leptos_meta::MetaTags;
use portal::PadEntry;

/// The whole document.
pub fn portal_shell(entries: &Entries) -> impl IntoView + use<> {
    let Entries { portal, portal_style, favicon, .. } = entries.clone();
    provide_context(PadEntry { js: portal.js, wasm: portal.wasm });
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="robots" content="noindex, nofollow"/>
                <meta name="theme-color" content="#272c35"/>
                <link rel="icon" href=favicon/>
                <link rel="stylesheet" href=portal_style/>
                <MetaTags/>
            </head>
            <body>
                <PortalApp/>
            </body>
        </html>
    }
}
