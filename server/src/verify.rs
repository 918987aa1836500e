//! `audit verify`: a line for each shop, and whether all chains hold, also against the archive of checkpoints.

use crate::{config::Config, ground::Ground, proof};
use anyhow::{Result, bail};
use std::sync::Arc;
use store::{
    Error,
    audit::{installation, verify::Verdict},
};

/// Verifies and prints; false when a chain is broken.
///
/// # Errors
/// A shop that does not exist, a database that cannot be reached.
pub async fn run(config: Arc<Config>, slug: Option<&str>) -> Result<bool> {
    let ground = Ground::visit(config).await?;
    let archive = proof::open(&ground.config.archive)?;
    let checkpoints = |shop| proof::archived(&*archive, shop);
    let verdicts = match installation::verify(&ground.url(), slug, checkpoints).await {
        Err(Error::Refusal(_)) => bail!("there is no shop `{}`", slug.unwrap_or_default()),
        other => other?,
    };
    ground.leave(None).await?;
    for (shop, verdict) in &verdicts {
        println!("{}", line(shop, verdict));
    }
    if verdicts.is_empty() {
        println!("no shop yet");
    }
    Ok(verdicts.iter().all(|(_, verdict)| matches!(verdict, Verdict::Holds { .. })))
}

fn line(shop: &str, verdict: &Verdict) -> String {
    match verdict {
        Verdict::Holds { entries } => format!("{shop}: holds, {entries} entries"),
        Verdict::Broken { seq, why } => format!("{shop}: BROKEN at entry {seq}: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_chain_names_its_entry() {
        assert_eq!(line("a", &Verdict::Holds { entries: 3 }), "a: holds, 3 entries");
        assert_eq!(
            line("a", &Verdict::Broken { seq: 2, why: "the entry is missing".into() }),
            "a: BROKEN at entry 2: the entry is missing"
        );
    }
}
