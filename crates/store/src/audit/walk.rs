//! A walk along a chain: each entry's place, its hash, what stands beside it, and the checkpoints it must lead to.
//!
//! Deliberately in Rust, from the format's description, and not by the SQL that wrote it: the same mistake twice would prove nothing.

use super::verify::Verdict;
use proof::{Checkpoint, Frontier, Hash};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One entry as the walker needs it.
pub(crate) struct Step {
    /// Its position.
    pub seq: i64,
    /// Its bytes, made anew from its columns.
    pub entry: Vec<u8>,
    /// The hash that is stored with it.
    pub hash: Vec<u8>,
    /// Whether its facts, unless erased, are those it was written with.
    pub facts_hold: bool,
    /// Whether it stands on the timelines its payload names.
    pub subjects_hold: bool,
}

/// Where a walk stands.
pub(crate) struct Walk {
    /// The entry that comes next.
    expected: i64,
    last: Hash,
    tree: Option<Frontier>,
    /// Roots that must be met, by size.
    roots: BTreeMap<i64, Vec<Hash>>,
}

impl Walk {
    /// From the beginning, past all these checkpoints.
    pub(crate) fn whole(shop: Uuid, created_us: i64, checkpoints: &[Checkpoint]) -> Self {
        let mut roots: BTreeMap<i64, Vec<Hash>> = BTreeMap::new();
        for checkpoint in checkpoints {
            roots.entry(i64::try_from(checkpoint.size).unwrap_or(i64::MAX)).or_default().push(checkpoint.root);
        }
        Self { expected: 1, last: proof::genesis(shop, created_us), tree: Some(Frontier::default()), roots }
    }

    /// Behind an entry of this hash. The tree cannot be walked from there.
    pub(crate) const fn after(seq: i64, hash: Hash) -> Self {
        Self { expected: seq + 1, last: hash, tree: None, roots: BTreeMap::new() }
    }

    /// The entry that comes next, and the hash of the one before.
    pub(crate) const fn stand(&self) -> (i64, Hash) {
        (self.expected - 1, self.last)
    }

    /// One more entry.
    pub(crate) fn step(&mut self, step: &Step) -> Result<(), Verdict> {
        if step.seq != self.expected {
            return Err(self.broken("the entry is missing"));
        }
        if !step.facts_hold {
            return Err(self.broken("its facts are not those it was written with"));
        }
        if !step.subjects_hold {
            return Err(self.broken("its subjects are not those it was written with"));
        }
        let hash = proof::chain(&self.last, &step.entry);
        if hash.as_slice() != step.hash {
            return Err(self.broken("its hash does not follow from its content and the entry before it"));
        }
        if let Some(tree) = &mut self.tree {
            tree.push(proof::leaf(&step.entry));
            if self.roots.get(&step.seq).is_some_and(|roots| roots.iter().any(|root| *root != tree.root())) {
                return Err(self.broken(&format!(
                    "the first {} entries are not those that the checkpoint over them was made of",
                    step.seq
                )));
            }
        }
        self.last = hash;
        self.expected += 1;
        Ok(())
    }

    /// The end: what the head says, and whether every checkpoint was met.
    pub(crate) fn end(&self, seq: i64, hash: &[u8]) -> Verdict {
        let entries = self.expected - 1;
        if seq != entries || self.last.as_slice() != hash {
            return self.broken("the head does not match the last entry");
        }
        match self.roots.last_key_value() {
            Some((size, _)) if *size > entries && self.tree.is_some() => self.cut(*size),
            _ => Verdict::Holds { entries },
        }
    }

    /// A checkpoint was made of more entries than there are.
    pub(crate) fn cut(&self, size: i64) -> Verdict {
        self.broken(&format!("the end was cut off: there is a checkpoint over {size} entries"))
    }

    /// What is wrong with the entry that comes next.
    pub(crate) fn broken(&self, why: &str) -> Verdict {
        Verdict::Broken { seq: self.expected, why: why.into() }
    }
}
