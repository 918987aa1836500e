//! Slows down guessing: so many attempts a minute for an account from one address, and for an address in all.

use crate::{AppError, Result};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::{
    num::NonZeroU32,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

const ATTEMPTS_A_MINUTE: NonZeroU32 = NonZeroU32::new(10).unwrap();
const FIVE: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// After so many attempts what is a minute old is forgotten: often enough that little lies about, seldom enough to cost nothing.
const BEAT: u32 = 256;

static LIMITS: LazyLock<Limits> = LazyLock::new(|| Limits::new(ATTEMPTS_A_MINUTE));

/// Attempts that still count.
struct Limits {
    /// By account and address: somebody else's guessing locks nobody out.
    accounts: DefaultKeyedRateLimiter<String>,
    /// By address, over all accounts: five times as many.
    addresses: DefaultKeyedRateLimiter<String>,
    attempts: AtomicU32,
}

impl Limits {
    fn new(a_minute: NonZeroU32) -> Self {
        Self {
            accounts: RateLimiter::keyed(Quota::per_minute(a_minute)),
            addresses: RateLimiter::keyed(Quota::per_minute(a_minute.saturating_mul(FIVE))),
            attempts: AtomicU32::new(0),
        }
    }

    /// The address is asked first: one that has used up its attempts cannot fill the memory with accounts it makes up.
    fn allow(&self, account: &str, ip: &str) -> bool {
        if self.attempts.fetch_add(1, Ordering::Relaxed) % BEAT == BEAT - 1 {
            self.forget();
        }
        self.addresses.check_key(&ip.to_owned()).is_ok() && self.accounts.check_key(&format!("{account} {ip}")).is_ok()
    }

    /// Drops those who have all their attempts again.
    fn forget(&self) {
        self.accounts.retain_recent();
        self.addresses.retain_recent();
        self.accounts.shrink_to_fit();
        self.addresses.shrink_to_fit();
    }
}

/// Slows down guessing.
///
/// # Errors
/// [`AppError::TooMany`].
pub fn rate(account: &str) -> Result<()> {
    let ip = crate::request()?.origin.ip;
    if LIMITS.allow(account, &ip) { Ok(()) } else { Err(AppError::TooMany) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{thread, time::Duration};

    #[test]
    fn an_account_has_ten_attempts_and_an_address_fifty() {
        let limits = Limits::new(ATTEMPTS_A_MINUTE);
        assert_eq!((0..20).filter(|_| limits.allow("olivia", "192.0.2.1")).count(), 10);
        assert!(limits.allow("olivia", "192.0.2.2"), "somebody else's guessing locked her out");
        assert_eq!((0..80).filter(|n| limits.allow(&n.to_string(), "192.0.2.3")).count(), 50);
        // What the address may not try is not kept either.
        assert!(limits.accounts.len() <= 10 + 50, "{}", limits.accounts.len());
    }

    #[test]
    fn what_no_longer_counts_is_forgotten() {
        // So many a minute that all of them count for a few milliseconds only.
        let limits = Limits::new(NonZeroU32::new(60_000).unwrap_or(NonZeroU32::MIN));
        for n in 0..BEAT - 1 {
            limits.allow("olivia", &n.to_string());
        }
        assert_eq!(limits.accounts.len(), 255);
        thread::sleep(Duration::from_millis(50));
        limits.allow("olivia", "the one that makes it a beat");
        assert_eq!((limits.accounts.len(), limits.addresses.len()), (1, 1));
    }
}
