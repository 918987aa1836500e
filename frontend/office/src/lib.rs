//! Browser entry of the office: hydrates OfficeApp.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the server's page to life.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::OfficeApp);
}
