//! One style sheet: its imports bundled into their layers, minified, addresses of static files replaced by hashed ones.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use crate::files::{Pkg, below, digest};
use crate::places::{Places, run};

/// Bundles `style/NAME.css` and puts it into `pkg/`.
///
/// Lightning CSS comes from npm: its crate would add minutes of compiling to the first build for the same result.
pub fn build(places: &Places, name: &str, files: &BTreeMap<String, String>, pkg: &mut Pkg) -> Result<String> {
    let out = places.stage.join(format!("{name}.css"));
    let map = places.stage.join("files.json");
    let stamp = places.stage.join(format!("{name}.css.stamp"));
    let known = serde_json::to_vec(files)?;
    let key = inputs(places, &known)?;
    if !fs::read_to_string(&stamp).is_ok_and(|old| old == key) || !out.exists() {
        fs::write(&map, &known)?;
        let source = places.root.join(format!("style/{name}.css"));
        run(places.node("xtask/node/style.mjs").args([&source, &out, &map]))?;
        fs::write(stamp, key)?;
    }
    pkg.put(name, "css", &fs::read(&out)?)
}

/// One hash over all style sources: a sheet may import any of them.
fn inputs(places: &Places, known: &[u8]) -> Result<String> {
    let folder = places.root.join("style");
    let mut parts = vec![known.to_vec(), fs::read(places.root.join("package-lock.json"))?];
    parts.push(fs::read(places.root.join("xtask/node/style.mjs"))?);
    for file in below(&folder)? {
        parts.push(file.to_string_lossy().as_bytes().to_vec());
        parts.push(fs::read(folder.join(&file)).with_context(|| file.display().to_string())?);
    }
    Ok(digest(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}
