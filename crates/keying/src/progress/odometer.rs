//! Counting through the columns of an array.

use super::Progression;
use crate::bitting::Bitting;
use crate::depth::{Chamber, Depth, DepthSet, MAX_CHAMBERS};
use crate::macs::Macs;

/// Appends every choice of `size` chambers to `sets`, in lexicographic order.
pub(super) fn choose(from: &[Chamber], size: usize, chosen: &mut Vec<Chamber>, sets: &mut Vec<Vec<Chamber>>) {
    if size == 0 {
        sets.push(chosen.clone());
        return;
    }
    for (i, chamber) in from.iter().enumerate() {
        if from.len() - i < size {
            return;
        }
        chosen.push(*chamber);
        choose(&from[i + 1..], size - 1, chosen, sets);
        chosen.pop();
    }
}

/// Counts through the columns of the moving chambers, the last of them the fastest. Under MACS a wheel stops only
/// where some whole key goes on from it, so that the time to the next key does not depend on the keys left out.
pub(super) struct Odometer<'a> {
    progression: &'a Progression,
    /// Slowest first.
    moving: Vec<Chamber>,
    wheels: Vec<usize>,
    /// What each chamber can still take: one depth where its wheel stands, the column where it has not been set.
    open: Vec<DepthSet>,
    neighbours: Vec<[DepthSet; 32]>,
    fresh: bool,
}

impl<'a> Odometer<'a> {
    /// `moving` are the chambers that progress, fastest first.
    pub(super) fn new(progression: &'a Progression, mut moving: Vec<Chamber>, macs: &Macs) -> Self {
        moving.reverse();
        let mut open: Vec<DepthSet> = progression.held.iter().map(|cut| DepthSet::EMPTY.with(*cut)).collect();
        for chamber in &moving {
            open[chamber.index()] = column_set(progression, *chamber);
        }
        let neighbours = if *macs == Macs::Unlimited { Vec::new() } else { macs.table(open.len()) };
        Self { progression, wheels: vec![0; moving.len()], moving, open, neighbours, fresh: true }
    }

    /// True when some key fits what is still open.
    fn leads_on(&self) -> bool {
        let mut reached = self.open[0];
        for (next, row) in self.open[1..].iter().zip(&self.neighbours) {
            reached = reached.iter().fold(DepthSet::EMPTY, |set, cut| set.or(row[cut.index()])).and(*next);
        }
        !reached.is_empty()
    }

    /// Turns the wheel of one level on to the next depth that leads on; false at the end of the column.
    fn turn(&mut self, level: usize) -> bool {
        let chamber = self.moving[level];
        let column = self.progression.array.column(chamber);
        while let Some(cut) = column.get(self.wheels[level]) {
            self.open[chamber.index()] = DepthSet::EMPTY.with(*cut);
            if self.neighbours.is_empty() || self.leads_on() {
                return true;
            }
            self.wheels[level] += 1;
        }
        self.open[chamber.index()] = column_set(self.progression, chamber);
        false
    }

    fn key(&self) -> Bitting {
        let mut cuts = [Depth::default(); MAX_CHAMBERS];
        for (cut, set) in cuts.iter_mut().zip(&self.open) {
            *cut = set.shallowest().unwrap_or_default();
        }
        Bitting::raw(&cuts[..self.open.len()])
    }
}

fn column_set(progression: &Progression, chamber: Chamber) -> DepthSet {
    progression.array.column(chamber).iter().copied().collect()
}

impl Iterator for Odometer<'_> {
    type Item = Bitting;

    fn next(&mut self) -> Option<Bitting> {
        let levels = self.moving.len();
        let mut level = if std::mem::take(&mut self.fresh) {
            if !self.leads_on() {
                return None;
            }
            0
        } else {
            let fastest = levels.checked_sub(1)?;
            self.wheels[fastest] += 1;
            fastest
        };
        while level < levels {
            if self.turn(level) {
                level += 1;
                self.wheels[level..].iter_mut().take(1).for_each(|wheel| *wheel = 0);
            } else {
                level = level.checked_sub(1)?;
                self.wheels[level] += 1;
            }
        }
        Some(self.key())
    }
}
