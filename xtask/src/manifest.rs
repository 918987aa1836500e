//! `assets.json`: what the server reads to know the hashed names.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::json;

/// The two files of one browser entry, as paths in URLs.
pub struct Entry {
    /// The module script; its default export takes the address of the WASM.
    pub js: String,
    /// The WASM the module script is to be given.
    pub wasm: String,
}

/// Everything a page may refer to.
pub struct Manifest {
    /// The office, which hydrates its pages.
    pub office: Entry,
    /// The portal's signing page.
    pub portal: Entry,
    /// Style sheet of the office.
    pub style: String,
    /// Style sheet of the portal.
    pub portal_style: String,
    /// Name in `public/` → hashed path.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// The file's content, stable in order.
    pub fn json(&self) -> Result<String> {
        let entry = |entry: &Entry| json!({ "js": entry.js, "wasm": entry.wasm });
        let whole = json!({
            "office": entry(&self.office),
            "portal": entry(&self.portal),
            "style": self.style,
            "portal_style": self.portal_style,
            "files": self.files,
        });
        Ok(serde_json::to_string_pretty(&whole)? + "\n")
    }
}
