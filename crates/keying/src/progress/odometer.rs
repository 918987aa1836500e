//! Counting through the columns of an array.

use super::Progression;
use crate::bitting::Bitting;
use crate::depth::Chamber;

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

/// Counts through the columns of the moving chambers, the first the fastest.
pub(super) struct Odometer<'a> {
    progression: &'a Progression,
    moving: Vec<Chamber>,
    wheels: Vec<usize>,
    next: Option<Bitting>,
}

impl<'a> Odometer<'a> {
    pub(super) fn new(progression: &'a Progression, moving: Vec<Chamber>) -> Self {
        let mut start = Some(Bitting::raw(&progression.held));
        for chamber in &moving {
            let first = progression.array.column(*chamber).first();
            start = start.zip(first).map(|(key, cut)| key.with_cut(*chamber, *cut));
        }
        Self { progression, wheels: vec![0; moving.len()], moving, next: start }
    }
}

impl Iterator for Odometer<'_> {
    type Item = Bitting;

    fn next(&mut self) -> Option<Bitting> {
        let current = self.next?;
        let mut following = current;
        for (wheel, chamber) in self.wheels.iter_mut().zip(&self.moving) {
            let column = self.progression.array.column(*chamber);
            *wheel += 1;
            if *wheel < column.len() {
                self.next = Some(following.with_cut(*chamber, column[*wheel]));
                return Some(current);
            }
            *wheel = 0;
            following = following.with_cut(*chamber, column[0]);
        }
        self.next = None;
        Some(current)
    }
}
