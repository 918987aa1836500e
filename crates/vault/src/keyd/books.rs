//! What keyd keeps count of: its log, the quotas, and which recorded reveals were used. All of it comes back after a start.

use super::answer::No;
use super::log::{Head, Log, LogError, Opening};
use super::quota::Quotas;
use crate::error::VaultError;
use crate::service::KeyService;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// How long a used receipt is remembered: longer than it could be used.
const REMEMBERED: i64 = 600;

/// How much may be opened, and whose clock says so.
#[derive(Clone)]
pub struct Rules {
    /// Reveals in an hour for each person.
    pub per_person: usize,
    /// Reveals in an hour for each shop.
    pub per_shop: usize,
    /// Seconds since 1970.
    pub clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Whether a record of that table, opened, is what is sought: what was sent, then the record.
    pub fits: fn(&str, &[u8], &[u8]) -> bool,
    /// Makes the key service that a shop wrote down, of its settings.
    pub services: Services,
    /// Where the log stood when that was last written down elsewhere.
    pub stood: Option<Head>,
}

/// Makes a key service of what a shop wrote down; errs where that is none.
pub type Services = Arc<dyn Fn(&[u8]) -> Result<Box<dyn KeyService>, VaultError> + Send + Sync>;

impl Default for Rules {
    /// Thirty for a person, three hundred for a shop, by this machine's clock; a search finds nothing.
    fn default() -> Self {
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
        Rules {
            per_person: 30,
            per_shop: 300,
            clock: Arc::new(clock),
            fits: |_, _, _| false,
            services: Arc::new(|_| Err(VaultError::Denied("there are no key services".into()))),
            stood: None,
        }
    }
}

pub(super) struct Books {
    rules: Rules,
    log: Log,
    quotas: Quotas,
    used: HashMap<(Uuid, i64), i64>,
}

impl Books {
    pub(super) fn open(log: &Path, rules: Rules) -> Result<Books, LogError> {
        let (mut quotas, mut used) = (Quotas::default(), HashMap::new());
        let since = (rules.clock)() - 3_600;
        let log = Log::open_past(log, rules.stood, |line| {
            if line.kind.is_reveal() && line.at > since {
                quotas.count(line.shop, line.actor, line.at);
                used.insert((line.shop, line.receipt), line.at);
            }
        })?;
        Ok(Books { rules, log, quotas, used })
    }

    pub(super) const fn head(&self) -> Head {
        self.log.head()
    }

    pub(super) fn now(&self) -> i64 {
        (self.rules.clock)()
    }

    /// Whether this reveal may be done now: its receipt not yet used, and within the quotas.
    pub(super) fn may_reveal(&mut self, shop: Uuid, person: Uuid, receipt: i64) -> Result<(), No> {
        let now = self.now();
        self.used.retain(|_, at| *at > now - REMEMBERED);
        if self.used.contains_key(&(shop, receipt)) {
            return Err(No::Forbidden);
        }
        self.quotas.ask(shop, person, now, (self.rules.per_person, self.rules.per_shop))
    }

    /// Writes down what was opened. Nothing may leave before.
    pub(super) fn write(&mut self, opening: &Opening) -> Result<(), No> {
        self.log.append(opening).map_err(|error| {
            tracing::error!(%error, "the log of openings cannot be written, so nothing is opened");
            No::Unavailable
        })?;
        if opening.kind.is_reveal() {
            self.quotas.count(opening.shop, opening.actor, opening.at);
            self.used.insert((opening.shop, opening.receipt), opening.at);
        }
        Ok(())
    }
}
