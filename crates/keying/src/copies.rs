//! Copies of a key: from planned to destroyed, and whether all of them are accounted for.

use serde::{Deserialize, Serialize};

/// Where a copy of a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyState {
    /// Ordered, not cut yet.
    Planned,
    /// Cut, not in stock yet.
    Cut,
    /// In the key cabinet.
    InStock,
    /// With its holder.
    Issued,
    /// Back from its holder, not inspected yet.
    Returned,
    /// Reported lost.
    Lost,
    /// Reported stolen.
    Stolen,
    /// Found again, not inspected yet.
    Found,
    /// Worn or broken.
    Damaged,
    /// Destroyed for good.
    Destroyed,
}

/// What happens to a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyEvent {
    /// It is cut.
    Cut,
    /// It is inspected and put into stock.
    Stock,
    /// It is handed to a holder.
    Issue,
    /// The holder brings it back.
    Return,
    /// It is reported lost.
    ReportLost,
    /// It is reported stolen.
    ReportStolen,
    /// It is reported damaged.
    ReportDamaged,
    /// It turns up again.
    Find,
    /// It is destroyed before so many witnesses who sign for it.
    Destroy {
        /// Signatures under the record.
        signatures: u8,
    },
}

/// Why an event cannot happen to a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The event does not follow from the state.
    #[error("a copy that is {state:?} cannot be the subject of {event:?}")]
    OutOfOrder {
        /// Where the copy is.
        state: CopyState,
        /// What was to happen.
        event: CopyEvent,
    },
    /// A master is destroyed before two witnesses, any other key before one.
    #[error("destroying this key needs {needed} signatures, {given} given")]
    Signatures {
        /// Signatures needed.
        needed: u8,
        /// Signatures given.
        given: u8,
    },
}

impl CopyState {
    /// The state after an event. `master` is true for every key above a change key.
    ///
    /// A lost copy that turns up is `Found`, and reaches the stock only through an inspection.
    ///
    /// ```
    /// use keying::{CopyEvent, CopyState};
    /// let found = CopyState::Lost.after(CopyEvent::Find, false)?;
    /// assert_eq!(found.after(CopyEvent::Stock, false)?, CopyState::InStock);
    /// assert!(CopyState::Damaged.after(CopyEvent::Destroy { signatures: 1 }, true).is_err());
    /// # Ok::<(), keying::CopyError>(())
    /// ```
    pub fn after(self, event: CopyEvent, master: bool) -> Result<Self, CopyError> {
        use CopyState::{Cut, Damaged, Destroyed, Found, InStock, Issued, Lost, Planned, Returned, Stolen};
        let next = match (self, event) {
            (Planned, CopyEvent::Cut) => Cut,
            (Cut | Returned | Found, CopyEvent::Stock) => InStock,
            (InStock, CopyEvent::Issue) => Issued,
            (Issued, CopyEvent::Return) => Returned,
            (Cut | InStock | Issued | Returned, CopyEvent::ReportLost) => Lost,
            (Cut | InStock | Issued | Returned, CopyEvent::ReportStolen) => Stolen,
            (Cut | InStock | Issued | Returned | Found, CopyEvent::ReportDamaged) => Damaged,
            (Lost | Stolen, CopyEvent::Find) => Found,
            (Cut | InStock | Returned | Found | Damaged, CopyEvent::Destroy { signatures }) => {
                let needed = if master { 2 } else { 1 };
                if signatures < needed {
                    return Err(CopyError::Signatures { needed, given: signatures });
                }
                Destroyed
            }
            (state, event) => return Err(CopyError::OutOfOrder { state, event }),
        };
        Ok(next)
    }
}

/// The copies of one key set, reconciled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CopyCount {
    /// Copies that were ever cut.
    pub cut: usize,
    /// Here: cut, in stock, returned, found or damaged.
    pub at_hand: usize,
    /// With holders.
    pub issued: usize,
    /// Lost or stolen.
    pub missing: usize,
    /// Destroyed.
    pub destroyed: usize,
}

impl CopyCount {
    /// Counts the states of all copies of a key set.
    pub fn of(copies: &[CopyState]) -> Self {
        let mut count = Self::default();
        for state in copies {
            let place = match state {
                CopyState::Planned => continue,
                CopyState::Issued => &mut count.issued,
                CopyState::Lost | CopyState::Stolen => &mut count.missing,
                CopyState::Destroyed => &mut count.destroyed,
                _ => &mut count.at_hand,
            };
            *place += 1;
            count.cut += 1;
        }
        count
    }

    /// Copies that a stock-taking did not find where the records say: what must be explained.
    pub fn unexplained(&self, counted_in_stock: usize) -> usize {
        self.at_hand.abs_diff(counted_in_stock)
    }

    /// True when so many copies are missing that the key set should be re-pinned.
    ///
    /// Policy hint, not a standard: 5 percent of the copies for change keys, none for masters.
    pub fn calls_for_rekeying(&self, master: bool, percent_allowed: usize) -> bool {
        if master { self.missing > 0 } else { self.missing * 100 > self.cut * percent_allowed }
    }
}
