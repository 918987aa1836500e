//! What the cuts of decoded change keys show, chamber by chamber.

use super::{Contradiction, Percent};
use crate::bitting::Bitting;
use crate::depth::{Chamber, Depth, DepthSet};
use crate::symbol::KeySymbol;

pub(super) struct Columns {
    top: Bitting,
    pub(super) seen: Vec<DepthSet>,
}

impl Columns {
    pub(super) fn of(top: &Bitting, changes: &[(KeySymbol, String, Bitting)]) -> Self {
        let mut seen = vec![DepthSet::EMPTY; top.chambers()];
        for (_, _, key) in changes {
            seen.iter_mut().zip(key.reveal()).for_each(|(set, cut)| *set = set.with(*cut));
        }
        Self { top: *top, seen }
    }

    fn with_top(&self) -> impl Iterator<Item = (Chamber, DepthSet, Depth)> {
        let rows = self.seen.iter().zip(self.top.reveal()).enumerate();
        rows.map(|(i, (set, top))| (Chamber::at(i), *set, *top))
    }

    pub(super) fn unprogressed(&self) -> Vec<Chamber> {
        self.with_top().filter(|(_, set, top)| *set == DepthSet::EMPTY.with(*top)).map(|(c, _, _)| c).collect()
    }

    /// One cut other than the TMK's, seen in every key: held, as far as the evidence goes.
    pub(super) fn held(&self) -> Vec<(Chamber, Depth)> {
        let lone = self.with_top().filter(|(_, set, top)| set.len() == 1 && !set.contains(*top));
        lone.filter_map(|(chamber, set, _)| Some((chamber, set.shallowest()?))).collect()
    }

    /// Chambers of a key that hold the TMK cut although other keys progress them.
    fn held_top(&self, key: &Bitting) -> Vec<Chamber> {
        let rows = self.with_top().zip(key.reveal());
        rows.filter(|((_, set, top), cut)| set.len() > 1 && *cut == top).map(|((c, _, _), _)| c).collect()
    }

    /// The number of rotating constants most keys agree on.
    pub(super) fn constants(&self, changes: &[(KeySymbol, String, Bitting)]) -> (usize, Percent) {
        let counts: Vec<usize> = changes.iter().map(|(_, _, key)| self.held_top(key).len()).collect();
        let agree = |k: usize| counts.iter().filter(|n| **n == k).count();
        let most = counts.iter().copied().max_by_key(|k| (agree(*k), std::cmp::Reverse(*k))).unwrap_or(0);
        (most, share(agree(most), counts.len(), 4))
    }

    pub(super) fn step(&self, changes: &[(KeySymbol, String, Bitting)]) -> (u8, Percent) {
        let cuts = changes.iter().flat_map(|(_, _, key)| key.reveal().iter().zip(self.top.reveal()));
        let moved: Vec<bool> =
            cuts.filter(|(cut, top)| cut != top).map(|(cut, top)| cut.apart(*top) % 2 == 0).collect();
        let even = moved.iter().filter(|even| **even).count();
        // A one-step system shows odd distances about half the time; a few stray cuts do not make it one.
        if even * 10 >= moved.len() * 9 {
            (2, share(even, moved.len(), 6))
        } else {
            (1, share(moved.len() - even, moved.len(), 6))
        }
    }

    /// The chamber that changes most often between neighbouring keys is the fastest.
    pub(super) fn sequence(&self, changes: &[(KeySymbol, String, Bitting)]) -> (Vec<Chamber>, Percent) {
        let chambers = self.top.chambers();
        let mut turns = vec![0usize; chambers];
        let neighbours = changes.windows(2).filter(|w| w[0].0.parent() == w[1].0.parent());
        let mut seen = 0;
        for pair in neighbours {
            seen += 1;
            let (a, b) = (pair[0].2, pair[1].2);
            (0..chambers).filter(|i| a.reveal()[*i] != b.reveal()[*i]).for_each(|i| turns[i] += 1);
        }
        let mut order: Vec<usize> = (0..chambers).filter(|i| turns[*i] > 0).collect();
        order.sort_by_key(|i| (std::cmp::Reverse(turns[*i]), std::cmp::Reverse(*i)));
        let clear = order.windows(2).filter(|w| turns[w[0]] > turns[w[1]]).count();
        let confidence = share(clear, order.len().saturating_sub(1), 1).0.min(share(seen, seen, 8).0);
        (order.into_iter().map(Chamber::at).collect(), Percent(confidence))
    }

    pub(super) fn misfits(
        &self,
        changes: &[(KeySymbol, String, Bitting)],
        constants: usize,
        step: u8,
    ) -> Vec<Contradiction> {
        let mut found = Vec::new();
        for (_, symbol, key) in changes {
            let held = self.held_top(key);
            if held.len() > constants {
                let holds = |chamber: &Chamber| Contradiction::HoldsTop { key: symbol.clone(), chamber: *chamber };
                found.extend(held.iter().skip(constants).map(holds));
            }
            let cuts = key.reveal().iter().zip(self.top.reveal()).enumerate();
            let off = cuts.filter(|(_, (cut, top))| step == 2 && cut.apart(**top) % 2 == 1);
            found.extend(off.map(|(i, _)| Contradiction::OffStep { key: symbol.clone(), chamber: Chamber::at(i) }));
        }
        found
    }
}

/// Share of agreeing evidence, discounted while there are fewer than `enough` pieces of it.
pub(super) fn share(agreeing: usize, all: usize, enough: usize) -> Percent {
    if all == 0 {
        return Percent(0);
    }
    let whole = 100 * agreeing / all;
    Percent((whole * all.min(enough) / enough.max(1)).min(100) as u8)
}
