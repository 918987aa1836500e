//! The rules themselves: each a small memory that sees acts in order and says when one is unusual.

use super::{Act, Found, OpeningHours, Rule};
use std::collections::{BTreeMap, VecDeque};
use uuid::Uuid;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Openings within an hour that are never unusual.
const FLOOR: usize = 10;
/// How many times the usual is unusual.
const TIMES_USUAL: usize = 5;
/// Openings within an hour that are never usual: keyd stops at thirty, and an alert must come before.
const CEILING: usize = 25;
/// Weeks of which the usual is made.
const WEEKS: i64 = 8;
/// Hours with openings before a person has a usual of their own, or the shop one.
const ENOUGH_HOURS: usize = 10;
/// Prints within an hour that are unusual.
const PRINTS: usize = 10;
/// Hours after which an opening after hours is another.
const ANOTHER_NIGHT: i64 = 8 * HOUR;
/// Exports and case files within a day that are not yet unusual.
const TAKEN_A_DAY: usize = 3;
/// Refusals within a minute that are unusual.
pub const REFUSALS: usize = 20;
/// Refused sign-ins within half an hour before one that was not.
const GUESSES: usize = 5;
/// How long networks are remembered.
const REMEMBERED: i64 = 90 * DAY;
/// Sign-ins before a person's networks are known.
const KNOWN: usize = 3;

/// What is opened, by whom and when: rate, hour, prints.
#[derive(Debug, Default)]
pub struct Openings {
    /// Of each person: when and which entry.
    lately: BTreeMap<Uuid, VecDeque<(i64, i64)>>,
    prints: BTreeMap<Uuid, VecDeque<(i64, i64)>>,
    over: BTreeMap<(Uuid, Rule), bool>,
    outside: BTreeMap<Uuid, i64>,
}

impl Openings {
    /// Sees 147, 148, 151 and 217, and of 176 looks at restricted photos.
    pub fn see(&mut self, act: &Act, hours: &OpeningHours, found: &mut Vec<Found>) {
        let (who, now) = (act.actor.0, act.second());
        let all = self.lately.entry(who).or_default();
        forget(all, now - WEEKS * 7 * DAY);
        all.push_back((now, act.seq));
        let (window, first) = within(all, now);
        // What is usual is asked for only where it matters: it is made of weeks.
        let usual = if window > FLOOR { self.usual(who, now) } else { 0 };
        if self.crossed(who, Rule::ManyReveals, window > FLOOR.max((TIMES_USUAL * usual).min(CEILING))) {
            found.push(act.found(Rule::ManyReveals, first, window, i32::try_from(usual).unwrap_or_default()));
        }
        if act.code == 151 {
            let prints = self.prints.entry(who).or_default();
            forget(prints, now - HOUR);
            prints.push_back((now, act.seq));
            let (count, first) = within(prints, now);
            if self.crossed(who, Rule::MassPrint, count >= PRINTS) {
                found.push(act.found(Rule::MassPrint, first, count, 0));
            }
        }
        if hours.closed_at(act.minute) {
            let before = self.outside.insert(who, now);
            if before.is_none_or(|before| now - before > ANOTHER_NIGHT) {
                found.push(act.found(Rule::AfterHours, act.seq, 1, 0));
            }
        }
    }

    /// The median of openings in hours that had any, of the person, or of everybody where that is too few; without the hour
    /// under way.
    fn usual(&self, who: Uuid, now: i64) -> usize {
        let own = self.lately.get(&who).map(|all| by_hour(all, now)).unwrap_or_default();
        if own.len() >= ENOUGH_HOURS {
            return median(own);
        }
        let everybody: Vec<usize> = self.lately.values().flat_map(|all| by_hour(all, now)).collect();
        if everybody.len() >= ENOUGH_HOURS { median(everybody) } else { 0 }
    }

    /// Whether this is the moment it became too many.
    fn crossed(&mut self, who: Uuid, rule: Rule, over: bool) -> bool {
        let was = self.over.insert((who, rule), over).unwrap_or(false);
        over && !was
    }
}

/// Drops what is older than that.
fn forget(all: &mut VecDeque<(i64, i64)>, before: i64) {
    while all.front().is_some_and(|(at, _)| *at <= before) {
        all.pop_front();
    }
}

/// How many lie within the last hour, and the entry of the first of them.
fn within(all: &VecDeque<(i64, i64)>, now: i64) -> (usize, i64) {
    let window = || all.iter().rev().take_while(|(at, _)| *at > now - HOUR);
    (window().count(), window().last().map_or(0, |(_, seq)| *seq))
}

/// Openings of each hour that had any, but of the last sixty minutes.
fn by_hour(all: &VecDeque<(i64, i64)>, now: i64) -> Vec<usize> {
    let mut hours: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, _) in all.iter().filter(|(at, _)| *at <= now - HOUR) {
        *hours.entry(at.div_euclid(HOUR)).or_default() += 1;
    }
    hours.into_values().collect()
}

fn median(mut all: Vec<usize>) -> usize {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// Who comes in, from where, after how many tries.
#[derive(Debug, Default)]
pub struct Doors {
    networks: BTreeMap<Uuid, Vec<(i64, String)>>,
    refused: BTreeMap<Uuid, Vec<(i64, i64)>>,
}

impl Doors {
    /// Sees 2, and 3, 90 and 106 as refusals.
    pub fn see(&mut self, act: &Act, found: &mut Vec<Found>) {
        let (who, now) = (act.entity, act.second());
        let refused = self.refused.entry(who).or_default();
        refused.retain(|(at, _)| *at > now - 30 * MINUTE);
        if act.code != 2 {
            refused.push((now, act.seq));
            return;
        }
        if refused.len() >= GUESSES {
            let first = refused.first().map_or(act.seq, |(_, seq)| *seq);
            found.push(act.found(Rule::GuessedIn, first, refused.len(), 0));
        }
        refused.clear();
        let network = act.network();
        if network.is_empty() {
            return;
        }
        let known = self.networks.entry(who).or_default();
        known.retain(|(at, _)| *at > now - REMEMBERED);
        if known.len() >= KNOWN && !known.iter().any(|(_, one)| *one == network) {
            found.push(act.found(Rule::NewNetwork, act.seq, 1, 0));
        }
        known.push((now, network));
    }
}

/// Who is refused, and finds nothing.
#[derive(Debug, Default)]
pub struct Refusals {
    /// Of each: when, which entry, for how many it stands.
    lately: BTreeMap<Uuid, Vec<(i64, i64, usize)>>,
}

impl Refusals {
    /// Sees 9 and 191.
    pub fn see(&mut self, act: &Act, found: &mut Vec<Found>) {
        let (who, now) = (act.actor.0, act.second());
        let all = self.lately.entry(who).or_default();
        all.retain(|(at, _, _)| *at > now - MINUTE);
        let more = usize::try_from(act.more).unwrap_or_default();
        // What the server counted holds the refusals that stand on the chain by themselves.
        if act.code == 191 {
            all.clear();
        }
        all.push((now, act.seq, if act.code == 191 { more } else { more + 1 }));
        let sum: usize = all.iter().map(|(_, _, count)| count).sum();
        if sum >= REFUSALS {
            let first = all.first().map_or(act.seq, |(_, seq, _)| *seq);
            found.push(act.found(Rule::Probing, first, sum, 0));
            all.clear();
        }
    }
}

/// What is taken along in bulk, and by whom.
#[derive(Debug, Default)]
pub struct Exports {
    /// Of each person: when and which entry.
    lately: BTreeMap<Uuid, VecDeque<(i64, i64)>>,
    many: BTreeMap<Uuid, bool>,
}

impl Exports {
    /// Sees 200 and 201; `more` marks an export of all the shop's data.
    pub fn see(&mut self, act: &Act, found: &mut Vec<Found>) {
        let (who, now) = (act.actor.0, act.second());
        let all = self.lately.entry(who).or_default();
        forget(all, now - REMEMBERED);
        let first_ever = all.is_empty();
        all.push_back((now, act.seq));
        let today = || all.iter().filter(|(at, _)| *at > now - DAY);
        let (count, first) = (today().count(), today().next().map_or(act.seq, |(_, seq)| *seq));
        let many = count > TAKEN_A_DAY;
        let was = self.many.insert(who, many).unwrap_or(false);
        if many && !was || act.more > 0 && first_ever {
            found.push(act.found(Rule::MassExport, first, count, 0));
        }
    }
}
