//! All rules over one chain. It keeps nothing between two looks: whoever watches gives it first what the rules look back
//! on, so that the same chain comes to the same alerts, whenever and by whomever it is watched.

use super::{
    Act, Found, OpeningHours, Rule,
    rules::{Doors, Exports, Openings, Refusals},
};

/// The kinds of entries that open something sealed; a look at a photo (176) only when it is a restricted one.
const OPENINGS: &[i16] = &[147, 148, 151, 176, 217];
/// The kinds that tell of somebody at the door.
const DOORS: &[i16] = &[2, 3, 90, 106];
/// The kinds that tell of refusals.
const REFUSED: &[i16] = &[9, 191];
/// The kinds that take something along in bulk.
const TAKEN: &[i16] = &[200, 201];

/// A look at a chain.
#[derive(Debug, Default)]
pub struct Watch {
    hours: OpeningHours,
    openings: Openings,
    doors: Doors,
    refusals: Refusals,
    exports: Exports,
}

impl Watch {
    /// The kinds of entries any rule looks at; as in `migrations/0042_outside.sql`.
    pub const CODES: &'static [i16] =
        &[2, 3, 9, 90, 106, 119, 147, 148, 151, 165, 166, 176, 191, 200, 201, 217, 220, 222];

    /// A look at the chain of a shop with these hours.
    #[must_use]
    pub fn of(hours: OpeningHours) -> Self {
        Self { hours, ..Self::default() }
    }

    /// The next act; what it is a reason for.
    pub fn see(&mut self, act: &Act) -> Vec<Found> {
        let mut found = Vec::new();
        match act.code {
            119 => found.push(act.found(Rule::Honeypot, act.seq, 1 + usize::try_from(act.more).unwrap_or_default(), 0)),
            165 => found.push(act.found(Rule::ChainBroken, act.seq, 1, 0)),
            166 => found.push(act.found(Rule::VerificationMissed, act.seq, 1, 0)),
            220 | 222 => found.push(act.found(Rule::OutsideChanged, act.seq, 1, 0)),
            code if OPENINGS.contains(&code) => self.openings.see(act, &self.hours, &mut found),
            code if DOORS.contains(&code) => self.doors.see(act, &mut found),
            code if REFUSED.contains(&code) => self.refusals.see(act, &mut found),
            code if TAKEN.contains(&code) => self.exports.see(act, &mut found),
            _ => {}
        }
        found
    }
}

/// What must be seen before these acts: kinds of entries, and for how many days back.
#[must_use]
pub fn look_back(acts: &[Act]) -> Vec<(&'static [i16], i32)> {
    [(OPENINGS, 56), (DOORS, 90), (REFUSED, 1), (TAKEN, 90)]
        .into_iter()
        .filter(|(kinds, _)| acts.iter().any(|act| kinds.contains(&act.code)))
        .collect()
}
