//! Paths from tiles: the hashes of 256 leaves each, and of each whole tile its root. The tree over the roots of tiles is the
//! top of the tree over the leaves, so a path needs one tile, the roots, and the leaves behind the last whole tile.

use crate::{
    hash::Hash,
    path::{inclusion, root},
};

/// Leaves to a tile.
pub const TILE: usize = 256;

/// What a path is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// Roots of the whole tiles.
    pub roots: Vec<Hash>,
    /// Leaves of the whole tile in which the entry stands; empty when it stands behind them.
    pub near: Vec<Hash>,
    /// Leaves behind the last whole tile.
    pub tail: Vec<Hash>,
}

impl Ground {
    /// From the three as they are stored, hash after hash; none when one of them is no number of hashes.
    #[must_use]
    pub fn read(roots: &[u8], near: &[u8], tail: &[u8]) -> Option<Self> {
        Some(Self { roots: hashes(roots)?, near: hashes(near)?, tail: hashes(tail)? })
    }

    /// The path of the leaf at `index`; none when the parts do not hold it.
    #[must_use]
    pub fn path(&self, index: usize) -> Option<Vec<Hash>> {
        let (tile, within) = (index / TILE, index % TILE);
        let mut tops = self.roots.clone();
        if !self.tail.is_empty() {
            tops.push(root(&self.tail));
        }
        let mut path = inclusion(within, if tile < self.roots.len() { &self.near } else { &self.tail })?;
        path.extend(inclusion(tile, &tops)?);
        Some(path)
    }
}

fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.to_vec())
}
