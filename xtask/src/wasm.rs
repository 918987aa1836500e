//! One browser entry: cargo for wasm32, wasm-bindgen as a library, wasm-opt from the npm package `binaryen`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use wasm_bindgen_cli_support::Bindgen;

use crate::assets::Mode;
use crate::files::{Pkg, below, digest};
use crate::manifest::Entry;
use crate::places::{Places, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// What rustc switches on by default for this target; wasm-opt refuses features it was not told of.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds `frontend/NAME` and puts its script and WASM into `pkg/`.
pub fn build(places: &Places, mode: Mode, name: &str, pkg: &mut Pkg) -> Result<Entry> {
    let raw = compile(places, mode, name)?;
    let ready = refine(places, mode, name, &raw, Bound::Module)?;
    for file in below(&ready.join("snippets"))? {
        let bytes = fs::read(ready.join("snippets").join(&file))?;
        // The script imports these as ./snippets/CRATE-HASH/…: the name already tells versions apart.
        pkg.put_named(&format!("snippets/{}", file.display()), &bytes)?;
    }
    Ok(Entry {
        js: pkg.put(name, "js", &fs::read(ready.join(format!("{name}.js")))?)?,
        wasm: pkg.put(name, "wasm", &fs::read(ready.join(format!("{name}_bg.wasm")))?)?,
    })
}

/// Builds the offline page: one file that holds script and WASM, so that it opens from a disk, without a server.
pub fn page(places: &Places, mode: Mode, name: &str) -> Result<Vec<u8>> {
    let raw = compile(places, mode, name)?;
    let ready = refine(places, mode, name, &raw, Bound::Page)?;
    let script = fs::read_to_string(ready.join(format!("{name}.js")))?;
    let code = BASE64_STANDARD.encode(fs::read(ready.join(format!("{name}_bg.wasm")))?);
    let template = places.root.join("frontend").join(name).join("page.html");
    let page = fs::read_to_string(&template).with_context(|| template.display().to_string())?;
    // An end of script inside the script would end it there.
    anyhow::ensure!(!script.contains("</script"), "the script of {name} cannot stand inside a page");
    Ok(page.replacen("/*SCRIPT*/", &script, 1).replacen("/*WASM*/", &code, 1).into_bytes())
}

/// How the script that connects the WASM is loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// As a module with an address.
    Module,
    /// As part of a page: modules have no address on a disk.
    Page,
}

/// Compiles the entry alone: beside the server, cargo would unify features of the two worlds.
fn compile(places: &Places, mode: Mode, name: &str) -> Result<PathBuf> {
    // cargo keeps the `dev` profile in a folder named `debug`.
    let (profile, folder) = match mode {
        Mode::Dev => ("dev", "debug"),
        Mode::Release => ("wasm-release", "wasm-release"),
    };
    let package = format!("frontend-{name}");
    run(places.cargo().args(["build", "--lib", "-p", &package, "--profile", profile, "--target", TARGET]))?;
    Ok(places.target.join(TARGET).join(folder).join(format!("frontend_{name}.wasm")))
}

/// wasm-bindgen and wasm-opt, skipped when the compiler's output and the tools' versions are those of last time.
fn refine(places: &Places, mode: Mode, name: &str, raw: &Path, bound: Bound) -> Result<PathBuf> {
    let kind = if mode == Mode::Dev { "dev" } else { "release" };
    let out = places.stage.join(format!("{name}-{kind}"));
    let stamp = places.stage.join(format!("{name}-{kind}.stamp"));
    let code = fs::read(raw).with_context(|| raw.display().to_string())?;
    let tools = [fs::read(places.root.join("package-lock.json"))?, fs::read(places.root.join("xtask/Cargo.lock"))?];
    let key = digest(&[&code, &tools[0], &tools[1]]);
    if fs::read_to_string(&stamp).is_ok_and(|old| old == key) {
        return Ok(out);
    }
    let _ = fs::remove_dir_all(&out);
    bind(mode, name, raw, &out, bound)?;
    if mode == Mode::Release {
        optimise(places, &out.join(format!("{name}_bg.wasm")))?;
    }
    fs::write(stamp, key)?;
    Ok(out)
}

/// Makes the script that connects the WASM to the browser's interfaces.
fn bind(mode: Mode, name: &str, raw: &Path, out: &Path, bound: Bound) -> Result<()> {
    let release = mode == Mode::Release;
    let mut bindgen = Bindgen::new();
    match bound {
        Bound::Module => bindgen.web(true)?,
        Bound::Page => bindgen.no_modules(true)?,
    };
    bindgen
        .input_path(raw)
        .out_name(name)
        .typescript(false)
        // We hand the hashed address to the script ourselves, so it needs no default.
        .omit_default_module_path(true)
        .keep_debug(!release)
        .remove_name_section(release)
        .remove_producers_section(release);
    bindgen.generate(out).with_context(|| format!("wasm-bindgen on {}", raw.display()))
}

/// Shrinks the WASM in place.
fn optimise(places: &Places, wasm: &Path) -> Result<()> {
    let smaller = wasm.with_extension("opt");
    run(places.node("node_modules/binaryen/bin/wasm-opt").arg("-Oz").args(FEATURES).arg(wasm).arg("-o").arg(&smaller))?;
    fs::rename(&smaller, wasm)?;
    Ok(())
}
