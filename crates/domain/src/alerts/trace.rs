//! What the rules see of a chain, and what they find there.

use super::Rule;
use uuid::Uuid;

/// An entry of the chain, as far as a rule needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its position.
    pub seq: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// When: microseconds since 1970.
    pub at: i64,
    /// When in the shop's week: minutes since Monday 00:00 there.
    pub minute: i32,
    /// The event's code.
    pub code: i16,
    /// Who, and of what kind; see `migrations/0002_audit.sql`.
    pub actor: (Uuid, i16),
    /// The record it is about.
    pub entity: Uuid,
    /// The network address it came from; empty where it is unknown or erased.
    pub place: String,
    /// How many more it stands for.
    pub more: i32,
}

impl Act {
    /// When, in seconds.
    pub(super) const fn second(&self) -> i64 {
        self.at / 1_000_000
    }

    /// The network it came from: 16 bits of an IPv4 address, 32 of an IPv6 one; empty where there is none.
    pub(super) fn network(&self) -> String {
        match self.place.parse() {
            Ok(std::net::IpAddr::V4(v4)) => format!("{}.{}", v4.octets()[0], v4.octets()[1]),
            Ok(std::net::IpAddr::V6(v6)) => format!("{:x}:{:x}", v6.segments()[0], v6.segments()[1]),
            Err(_) => String::new(),
        }
    }

    /// That this very act is reason for an alert.
    pub(super) fn found(&self, rule: Rule, first: i64, times: usize, usual: i32) -> Found {
        let times = i32::try_from(times).unwrap_or(i32::MAX).max(1);
        let cause = format!("{} {}", rule.as_str(), self.hash);
        Found {
            rule,
            cause,
            at: self.at,
            actor: self.actor,
            subject: self.entity,
            first,
            last: self.seq,
            times,
            usual,
            place: self.place.clone(),
        }
    }
}

/// A reason for an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// By which rule.
    pub rule: Rule,
    /// What raised it, so that nothing raises two.
    pub cause: String,
    /// When: microseconds since 1970.
    pub at: i64,
    /// Who, and of what kind.
    pub actor: (Uuid, i16),
    /// The record it is about.
    pub subject: Uuid,
    /// The first entry that tells of it.
    pub first: i64,
    /// The last one.
    pub last: i64,
    /// How often.
    pub times: i32,
    /// How often is usual.
    pub usual: i32,
    /// The network address it came from.
    pub place: String,
}
