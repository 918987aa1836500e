//! Looks: who had a client, a bitting record or a link before them. Each look of each record is put down here, in memory and
//! without asking anything, so that the one at a decoy takes no longer than any other; the watch takes them along within a
//! second and the database keeps those at decoys. A transaction that only reads, or that is rolled back, loses none.

use crate::{Actor, Db, Origin, Result, scope::Visitor};
use domain::ids::ShopId;
use serde_json::{Value, json};
use sqlx::query;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// How somebody came to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// Its page, or another that shows it.
    Opened,
    /// A form that changes it, or hangs something on it.
    Changed,
    /// By a program.
    Asked,
    /// By looking for a key.
    Found,
    /// What is sealed of it.
    Revealed,
    /// The same on paper.
    Printed,
    /// The link itself.
    Followed,
}

impl Way {
    /// As it stands in a sentence, after a name.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Changed => "worked on",
            Self::Asked => "read, by a program,",
            Self::Found => "found, looking for a key,",
            Self::Revealed => "revealed",
            Self::Printed => "printed",
            Self::Followed => "followed",
        }
    }
}

/// One look.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Look {
    shop: Uuid,
    records: Vec<Uuid>,
    who: Uuid,
    kind: i16,
    way: Way,
    place: String,
}

/// Looks that wait to be taken along. The same look within that second is one.
#[derive(Clone, Debug, Default)]
pub struct Looks(Arc<Mutex<HashSet<Look>>>);

/// As many as one statement takes.
const MOST: usize = 500;

impl Looks {
    /// Somebody of the shop had these before them; the most particular record first.
    pub(crate) fn by(&self, actor: &Actor, way: Way, records: &[Uuid]) {
        let machine = actor.key.as_ref();
        let (kind, who) = machine.map_or((1, actor.person.uuid()), |key| (4, key.id.uuid()));
        let way = if machine.is_some() && way == Way::Opened { Way::Asked } else { way };
        self.put(actor.shop, (kind, who), way, records, &actor.origin);
    }

    /// A client who came by a link.
    pub(crate) fn by_visitor(&self, visitor: &Visitor, way: Way) {
        let records = [visitor.link.uuid(), visitor.client.uuid()];
        self.put(visitor.shop, (2, visitor.contact.uuid()), way, &records, &visitor.origin);
    }

    /// Whoever holds a link, made for that contact.
    pub(crate) fn put(&self, shop: ShopId, (kind, who): (i16, Uuid), way: Way, records: &[Uuid], origin: &Origin) {
        let look = Look { shop: shop.uuid(), records: records.to_vec(), who, kind, way, place: origin.ip.clone() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(look);
    }

    fn take(&self) -> Vec<Look> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *all).into_iter().collect()
    }

    fn put_back(&self, looks: &[Look]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(looks.iter().cloned());
    }
}

impl Db {
    /// Hands the looks of this process to the database. Those it could not take wait for the next time.
    ///
    /// # Errors
    /// Only faults.
    pub async fn note_looks(&self) -> Result<()> {
        let looks = self.looks.take();
        for (n, part) in looks.chunks(MOST).enumerate() {
            let written: Vec<Value> = part.iter().map(written).collect();
            let noted = query!("select worker.note_looks($1)", Value::Array(written)).execute(&self.worker).await;
            if let Err(error) = noted {
                self.looks.put_back(&looks[n * MOST..]);
                return Err(error.into());
            }
        }
        Ok(())
    }
}

fn written(look: &Look) -> Value {
    let Look { shop, records, who, kind, way, place } = look;
    json!({ "shop": shop, "id": Uuid::now_v7(), "records": records, "who": who, "kind": kind, "way": way.words(), "place": place })
}
