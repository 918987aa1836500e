//! Steps cargo does not know: `assets build [--dev|--release]`, `dev`, and `faults`.

mod assets;
mod dev;
mod faults;
mod files;
mod manifest;
mod places;
mod sizes;
mod style;
mod wasm;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask assets build [--dev|--release] | dev | faults [--together] [WORD…]";

fn main() -> ExitCode {
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn work() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let places = places::Places::find()?;
    match words[..] {
        ["assets", "build"] | ["assets", "build", "--release"] => assets::build(&places, assets::Mode::Release),
        ["assets", "build", "--dev"] => assets::build(&places, assets::Mode::Dev),
        ["dev"] => dev::watch(&places),
        ["faults", "--together", ref words @ ..] => faults::run(&places, words, true),
        ["faults", ref words @ ..] => faults::run(&places, words, false),
        _ => bail!(USAGE),
    }
}
