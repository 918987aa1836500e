//! Names of the built assets, as the shell prints them.

/// A browser entry: its module and its WASM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Path of the JavaScript module.
    pub js: String,
    /// What the module's bytes must come to, as browsers check it.
    pub integrity: Option<String>,
    /// Path of the WASM it loads.
    pub wasm: String,
}

/// All assets a page may name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// Hydrates the office.
    pub office: Entry,
    /// Mounts the signature pad.
    pub portal: Entry,
    /// The office's style sheet.
    pub style: String,
    /// The portal's style sheet.
    pub portal_style: String,
    /// The favicon.
    pub favicon: String,
    /// The web manifest.
    pub manifest: String,
}
