//! Browser entry of the portal's signing page: mounts the signature pad.

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs when the module is loaded, after the page was read (module scripts are deferred).
#[wasm_bindgen(start)]
pub fn start() {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        ink_web::mount_all(&document);
    }
}
