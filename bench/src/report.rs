//! The figures as a table for people and as `target/bench.json`.

use crate::{
    goals::{GOALS, Pass},
    sealed::RECORDS,
};
use anyhow::Result;
use serde_json::{Value, json};
use std::{fmt::Write, path::Path};

/// How much was measured on.
pub struct Size {
    /// Jobs of database M; half of them in its large shop.
    pub m: u32,
    /// Jobs of database S.
    pub s: u32,
}

/// Everything as text.
pub fn table(passes: &[Pass], size: &Size) -> String {
    let mut out = String::new();
    let large = [size.m / 2, size.s / 2];
    let _ = writeln!(
        out,
        "Database M: {} jobs, {} in the large shop, 20 smaller shops; S: {} jobs, {}. Figures of the last pass.\n",
        size.m, large[0], size.s, large[1]
    );
    if let Some(pass) = passes.last() {
        figures(&mut out, pass);
        loads(&mut out, pass);
    }
    goals(&mut out, passes);
    let averages: Vec<_> = passes.iter().map(|pass| &*pass.load_average).collect();
    let _ = writeln!(out, "\nLoad average after each pass: {}", averages.join(" | "));
    out += "The floor has no session, permission, frame or script data: it is a bound, not a design.\n";
    out += "Goals on first visits (11, 12, 14) and against Redmine and BottleCRM: peer not in this run.\n";
    out += "PostgreSQL ran without fsync: a commit costs little, so the chain's share of a write (16) shows at its largest.\n";
    out
}

fn figures(out: &mut String, pass: &Pass) {
    let _ = writeln!(
        out,
        "{:<34} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>7}",
        "one client, targets in turn", "p50 ms", "p90 ms", "p99 ms", "app CPU", "DB CPU", "bytes", "gzip"
    );
    for row in &pass.rows {
        let _ = writeln!(
            out,
            "{:<34} {:>8.2} {:>8.2} {:>8.2} {:>8.3} {:>8.3} {:>8} {:>7}",
            row.name, row.p50, row.p90, row.p99, row.app, row.db, row.bytes, row.gzip
        );
    }
}

fn loads(out: &mut String, pass: &Pass) {
    let _ = writeln!(out, "\n{:<34} {:>8} {:>8} {:>8}", "eight connections", "req/s", "p50 ms", "p99 ms");
    for (name, load) in &pass.loads {
        let _ = writeln!(out, "{name:<34} {:>8.0} {:>8.2} {:>8.2}", load.per_second, load.p50, load.p99);
    }
    let (alone, beside) = pass.beside;
    let _ = writeln!(
        out,
        "\njobs list on one connection: p99 {:.1} ms alone, {:.1} ms beside eight sign-ins",
        alone.p99, beside.p99
    );
    let (known, unknown, p) = (pass.guesses.known, pass.guesses.unknown, pass.guesses.p);
    let _ = writeln!(out, "wrong password: median {known:.1} ms for somebody, {unknown:.1} ms for nobody, p {p:.3}");
    let mib = |memory: Option<f64>| memory.map_or_else(|| "not readable".to_owned(), |mib| format!("{mib:.1} MiB"));
    let _ = writeln!(out, "memory (PSS): server {}, floor {}", mib(pass.memory), mib(pass.floor_memory));
    let _ = writeln!(out, "writes without chain, eight writers: {:.0}/s", pass.chain.bare);
    let sealed = pass.sealed;
    let _ = writeln!(
        out,
        "sealed: one record opened in {:.1} ms, a key found among {RECORDS} in {:.0} ms",
        sealed.reveal, sealed.search
    );
    let _ = writeln!(
        out,
        "proved: a proof made in {:.1} ms, {} bytes, checked in {:.0} µs; {:.0} entries of the chain read anew in a second",
        sealed.proof, sealed.bytes, sealed.checked, sealed.verified
    );
}

fn goals(out: &mut String, passes: &[Pass]) {
    let _ = writeln!(
        out,
        "\n{:<4} {:<58} {:>7} {:>15}  {:<14} verdict",
        "goal", "ratio", "median", "of passes", "must (stretch)"
    );
    for goal in GOALS {
        let ratios = sorted(passes.iter().filter_map(goal.ratio));
        let median = ratios.get(ratios.len() / 2).map_or("-".to_owned(), |ratio| format!("{ratio:.2}"));
        let span = match (ratios.first(), ratios.last()) {
            (Some(least), Some(most)) => format!("{least:.2} to {most:.2}"),
            _ => String::new(),
        };
        let _ = writeln!(
            out,
            "{:<4} {:<58} {median:>7} {span:>15}  {:<14} {}",
            goal.number,
            goal.words,
            goal.limit.words(),
            goal.limit.verdict(&ratios)
        );
    }
}

fn sorted(ratios: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut ratios: Vec<_> = ratios.filter(|ratio| ratio.is_finite()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios
}

/// Writes everything, pass by pass.
pub fn write(path: &Path, passes: &[Pass], size: &Size) -> Result<()> {
    let goals: Vec<_> = GOALS
        .iter()
        .map(|goal| {
            let ratios: Vec<_> = passes.iter().filter_map(goal.ratio).collect();
            json!({ "goal": goal.number, "ratio": goal.words, "limit": goal.limit.words(), "passes": ratios,
                "verdict": goal.limit.verdict(&ratios) })
        })
        .collect();
    let passes: Vec<_> = passes.iter().map(as_json).collect();
    let all = json!({ "jobs": { "m": size.m, "s": size.s }, "goals": goals, "passes": passes });
    Ok(std::fs::write(path, serde_json::to_string_pretty(&all)?)?)
}

fn as_json(pass: &Pass) -> Value {
    let rows: Vec<_> = pass
        .rows
        .iter()
        .map(|row| {
            json!({ "target": row.name, "p50_ms": row.p50, "p90_ms": row.p90, "p99_ms": row.p99,
                "app_cpu_ms": row.app, "db_cpu_ms": row.db, "bytes": row.bytes, "gzip": row.gzip })
        })
        .collect();
    let loads: Vec<_> = pass
        .loads
        .iter()
        .map(|(name, load)| {
            json!({ "target": name, "per_second": load.per_second, "p50_ms": load.p50, "p99_ms": load.p99 })
        })
        .collect();
    json!({
        "rows": rows, "eight_connections": loads,
        "list_p99_ms": { "alone": pass.beside.0.p99, "beside_sign_ins": pass.beside.1.p99 },
        "wrong_password": { "known_ms": pass.guesses.known, "unknown_ms": pass.guesses.unknown, "p": pass.guesses.p },
        "writes": { "without_chain_per_second": pass.chain.bare, "chain_spread": pass.chain.spread, "chain_hot": pass.chain.hot },
        "sealed": { "reveal_ms": pass.sealed.reveal, "search_ms": pass.sealed.search, "records": RECORDS },
        "proof": { "made_ms": pass.sealed.proof, "bytes": pass.sealed.bytes, "checked_us": pass.sealed.checked,
            "verified_per_second": pass.sealed.verified },
        "memory_mib": { "server": pass.memory, "floor": pass.floor_memory }, "load_average": pass.load_average,
    })
}
