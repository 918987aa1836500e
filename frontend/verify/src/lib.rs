//! The offline page: checks a proof file and its document in any browser, without server and network.
//!
//! The page (page.html) reads the files and prints; every judgement is made here, by the code that servers run.

use proof::{Trusted, Verdict, verify};
use wasm_bindgen::prelude::wasm_bindgen;

/// What the page prints.
#[wasm_bindgen]
pub struct Answer {
    kind: &'static str,
    headline: String,
    lines: Vec<String>,
}

#[wasm_bindgen]
impl Answer {
    /// `yes`, `no`, or `open` where something is missing.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn kind(&self) -> String {
        self.kind.to_owned()
    }

    /// The answer in one sentence.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn headline(&self) -> String {
        self.headline.clone()
    }

    /// What it rests on: label and value in turn; for a no, why, alone.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.clone()
    }
}

/// Checks a proof, the document if there is one, and the key or fingerprint as it was typed, if it was.
#[wasm_bindgen]
#[must_use]
pub fn check(file: &[u8], document: Option<Vec<u8>>, key: &str) -> Answer {
    let Ok(trusted) = Trusted::read(key) else {
        let why = "A fingerprint has 32 letters and digits, in groups of four.".to_owned();
        return Answer { kind: "no", headline: "This is not the key of a shop.".into(), lines: vec![why] };
    };
    let verdict = verify(file, document.as_deref(), &trusted);
    let headline = verdict.headline();
    let (kind, lines) = match verdict {
        Verdict::Yes(facts) => ("yes", facts.lines),
        Verdict::Unsigned(facts, _) | Verdict::DocumentMissing(facts) | Verdict::KeyUnknown(facts, _) => {
            ("open", facts.lines)
        }
        Verdict::No { why, .. } => return Answer { kind: "no", headline, lines: vec![why] },
    };
    Answer { kind, headline, lines: lines.into_iter().flat_map(|(label, value)| [label, value]).collect() }
}
