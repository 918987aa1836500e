//! What machines are told: records with ids, plain dates and money in minor units, by the road everybody takes. Ids rise
//! with time, so a page of any list begins after the id its cursor names.

mod clients;
mod jobs;
mod money;
mod places;
mod trail;

pub use clients::{Channel, Client, Contact, clients, contacts};
pub use jobs::{Job, JobVisit, jobs};
pub use money::{Invoice, InvoiceLine, InvoiceTax, Payment, invoices, payments};
pub use places::{Opening, Site, openings, sites};
pub use trail::{TrailActor, TrailEntry, trail};
pub(crate) use trail::{actor_kind, chained};

use crate::{Result, Scope, looks::Way};
use domain::Refusal;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Which part of a list: from an id on, so many.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    from: Uuid,
    limit: i64,
}

impl Window {
    /// So many after that id.
    #[must_use]
    pub fn after(id: Option<Uuid>, limit: i64) -> Self {
        Self { from: id.map_or(Uuid::nil(), |id| Uuid::from_u128(id.as_u128().saturating_add(1))), limit: limit + 1 }
    }

    /// That one record.
    #[must_use]
    pub const fn one(id: Uuid) -> Self {
        Self { from: id, limit: 1 }
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// Records, the oldest first.
    pub data: Vec<T>,
    /// For the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// A record of a list.
pub trait Record {
    /// What the cursor after this record names.
    fn cursor(&self) -> String;
    /// For the `ETag`; `None` for records that never change.
    fn version(&self) -> Option<i32>;
}

impl<T: Record> Page<T> {
    /// The rows of a window: one more than the page holds means that there is a next page.
    #[must_use]
    pub fn of(mut rows: Vec<T>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        Self { next_cursor: rows.last().filter(|_| more).map(Record::cursor), data: rows }
    }
}

/// The record of [`Window::one`].
///
/// # Errors
/// Not found when another one came.
pub fn only<T: Record>(rows: Vec<T>, id: Uuid) -> Result<T> {
    let id = id.to_string();
    rows.into_iter().next().filter(|row| row.cursor() == id).ok_or_else(|| Refusal::NotFound.into())
}

/// Puts down whose record a program was given: of the one it asked for, or of the client it narrowed a list to.
fn looked_at<T>(tx: &impl Scope, window: Window, narrowed: Option<Uuid>, rows: &[T], client: impl Fn(&T) -> Uuid) {
    let one = rows.first().filter(|_| window.limit == 1).map(client);
    if let Some(client) = narrowed.or(one) {
        tx.looked_at(Way::Asked, &[client]);
    }
}

/// Declares what a record's cursor and version are: fields of it.
macro_rules! record {
    ($name:ident, version) => {
        impl crate::machines::Record for $name {
            fn cursor(&self) -> String {
                self.id.to_string()
            }
            fn version(&self) -> Option<i32> {
                Some(self.version)
            }
        }
    };
    ($name:ident) => {
        impl crate::machines::Record for $name {
            fn cursor(&self) -> String {
                self.id.to_string()
            }
            fn version(&self) -> Option<i32> {
                None
            }
        }
    };
}
use record;
