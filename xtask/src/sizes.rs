//! The table of what a browser has to fetch.

use std::fs;

use anyhow::Result;

use crate::files::sibling;
use crate::manifest::Manifest;
use crate::places::Places;

/// Prints raw and brotli bytes of each entry's parts; without a compressed file the brotli column stays empty.
pub fn print(places: &Places, manifest: &Manifest) -> Result<()> {
    println!("{:<20} {:>12} {:>12}", "asset (bytes)", "raw", "brotli");
    for (name, urls) in [
        ("office", [&manifest.office.wasm, &manifest.office.js, &manifest.style]),
        ("portal", [&manifest.portal.wasm, &manifest.portal.js, &manifest.portal_style]),
    ] {
        let mut sums = (0, Some(0));
        for (part, url) in ["wasm", "js", "css"].iter().zip(urls) {
            let path = places.site.join(url.trim_start_matches('/'));
            let raw = fs::metadata(&path)?.len();
            let brotli = fs::metadata(sibling(&path, "br")).ok().map(|file| file.len());
            sums = (sums.0 + raw, sums.1.zip(brotli).map(|(sum, more)| sum + more));
            row(&format!("{name} {part}"), raw, brotli);
        }
        row(&format!("{name} in all"), sums.0, sums.1);
    }
    Ok(())
}

fn row(label: &str, raw: u64, brotli: Option<u64>) {
    let brotli = brotli.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
    println!("{label:<20} {raw:>12} {brotli:>12}");
}
