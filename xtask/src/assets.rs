//! Builds everything the browser loads into `target/site`, named by content, with a manifest for the server.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use crate::files::{Pkg, below, sibling, write_if_changed};
use crate::manifest::Manifest;
use crate::places::{Places, run};
use crate::{sizes, style, wasm};

/// How much work goes into the result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Quick to build: unoptimised WASM, nothing compressed.
    Dev,
    /// What people get: optimised, with brotli and gzip siblings.
    Release,
}

/// Builds both browser entries, the style sheets and the static files. Unchanged inputs cost next to nothing.
pub fn build(places: &Places, mode: Mode) -> Result<()> {
    fs::create_dir_all(&places.stage)?;
    // A second build at the same time would sweep away what this one just named.
    let alone = fs::File::create(places.stage.join("lock")).context("lock of the assets")?;
    alone.lock().context("waiting for another build of the assets")?;
    let mut pkg = Pkg::open(&places.site)?;
    let files = static_files(places, &mut pkg)?;
    let manifest = Manifest {
        office: wasm::build(places, mode, "office", &mut pkg)?,
        portal: wasm::build(places, mode, "portal", &mut pkg)?,
        style: style::build(places, "main", &files, &mut pkg)?,
        portal_style: style::build(places, "portal", &files, &mut pkg)?,
        files,
    };
    write_if_changed(&places.site.join("verify.html"), &wasm::page(places, mode, "verify")?)?;
    if mode == Mode::Release {
        compress(places, &pkg)?;
    }
    // Last, so that the manifest never names a file that is not there yet.
    write_if_changed(&places.site.join("assets.json"), manifest.json()?.as_bytes())?;
    pkg.sweep()?;
    sizes::print(places, &manifest)
}

/// Copies `public/` twice: under its own name for fixed addresses such as /robots.txt, and hashed for pages.
fn static_files(places: &Places, pkg: &mut Pkg) -> Result<BTreeMap<String, String>> {
    let public = places.root.join("public");
    let mut urls = BTreeMap::new();
    for file in below(&public)? {
        let bytes = fs::read(public.join(&file)).with_context(|| file.display().to_string())?;
        let plain = places.site.join(&file);
        fs::create_dir_all(plain.parent().unwrap_or(&places.site))?;
        write_if_changed(&plain, &bytes)?;
        let name = file.to_string_lossy().into_owned();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, "bin"));
        let url = pkg.put(&stem.replace('/', "-"), extension, &bytes)?;
        urls.insert(name, url);
    }
    Ok(urls)
}

/// Writes `.br` and `.gz` beside every text-like file that has none yet. Names carry the content, so one that
/// exists is right.
fn compress(places: &Places, pkg: &Pkg) -> Result<()> {
    const WORTH_IT: [&str; 8] = ["js", "wasm", "css", "svg", "json", "webmanifest", "txt", "ico"];
    let mut paths = pkg.paths();
    paths.retain(|path| {
        let kind = path.extension().unwrap_or_default().to_string_lossy();
        WORTH_IT.contains(&&*kind) && !(sibling(path, "br").exists() && sibling(path, "gz").exists())
    });
    if paths.is_empty() {
        return Ok(());
    }
    run(places.node("xtask/node/compress.mjs").args(paths))
}
