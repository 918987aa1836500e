//! How much may be opened in an hour, counted over the last sixty minutes, not from the full hour.

use super::answer::No;
use std::collections::{HashMap, VecDeque};
use uuid::Uuid;

/// Seconds in which reveals are counted.
const WINDOW: i64 = 3_600;

#[derive(Default)]
pub(super) struct Quotas {
    people: HashMap<(Uuid, Uuid), VecDeque<i64>>,
    shops: HashMap<Uuid, VecDeque<i64>>,
}

impl Quotas {
    /// Whether one more may be opened now.
    pub(super) fn ask(&mut self, shop: Uuid, person: Uuid, now: i64, most: (usize, usize)) -> Result<(), No> {
        if let Some(wait) = wait(self.people.entry((shop, person)).or_default(), now, most.0) {
            return Err(No::PersonQuota { wait });
        }
        match wait(self.shops.entry(shop).or_default(), now, most.1) {
            Some(wait) => Err(No::ShopQuota { wait }),
            None => Ok(()),
        }
    }

    /// Counts one that was opened at that time.
    pub(super) fn count(&mut self, shop: Uuid, person: Uuid, at: i64) {
        self.people.entry((shop, person)).or_default().push_back(at);
        self.shops.entry(shop).or_default().push_back(at);
    }
}

/// Seconds until one more may be opened; none when it may now. Forgets what is older than an hour.
fn wait(times: &mut VecDeque<i64>, now: i64, most: usize) -> Option<u32> {
    // A clock that was set back must not free anybody: what lies ahead counts as well.
    while times.front().is_some_and(|at| *at <= now - WINDOW) {
        times.pop_front();
    }
    let at = times.len().checked_sub(most).and_then(|over| times.get(over))?;
    Some(u32::try_from(at + WINDOW - now).unwrap_or(WINDOW as u32).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: Uuid = Uuid::from_u128(1);

    #[test]
    fn the_thirty_first_waits_for_the_first_to_be_an_hour_old() {
        let (mut quotas, person) = (Quotas::default(), Uuid::from_u128(2));
        for at in 0..30 {
            assert_eq!(quotas.ask(SHOP, person, at, (30, 300)), Ok(()));
            quotas.count(SHOP, person, at);
        }
        assert_eq!(quotas.ask(SHOP, person, 100, (30, 300)), Err(No::PersonQuota { wait: 3_500 }));
        assert_eq!(quotas.ask(SHOP, person, 3_599, (30, 300)), Err(No::PersonQuota { wait: 1 }));
        assert_eq!(quotas.ask(SHOP, person, 3_600, (30, 300)), Ok(()));
        quotas.count(SHOP, person, 3_600);
        assert_eq!(quotas.ask(SHOP, person, 3_600, (30, 300)), Err(No::PersonQuota { wait: 1 }));
    }

    #[test]
    fn a_shop_has_three_hundred_and_its_neighbour_its_own() {
        let mut quotas = Quotas::default();
        for n in 0..300 {
            let person = Uuid::from_u128(10 + n % 10);
            assert_eq!(quotas.ask(SHOP, person, 0, (30, 300)), Ok(()));
            quotas.count(SHOP, person, 0);
        }
        assert_eq!(quotas.ask(SHOP, Uuid::from_u128(99), 60, (30, 300)), Err(No::ShopQuota { wait: 3_540 }));
        assert_eq!(quotas.ask(Uuid::from_u128(2), Uuid::from_u128(99), 60, (30, 300)), Ok(()));
    }
}
