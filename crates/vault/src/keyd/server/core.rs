//! What keyd does once it knows that it may.

use crate::error::VaultError;
use crate::keyd::answer::{Answer, No};
use crate::keyd::books::{Books, Rules, Services};
use crate::keyd::log::{Head, LogError, Opening, OpeningKind};
use crate::keyd::own::{self, Gates, OwnKey};
use crate::keyd::request::{Asked, Record, Sought};
use crate::keyd::signing;
use crate::keyd::witness::Receipt;
use crate::shop_key::{ShopKey, WrappedShopKey};
use crate::vault::Vault;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;
use zeroize::Zeroizing;

/// What is stored of a shop's keys.
pub(super) struct Held {
    pub(super) keys: Vec<WrappedShopKey>,
    /// Of its own key service, sealed.
    pub(super) own: Option<Vec<u8>>,
}

pub(super) struct Core {
    vault: Arc<Vault>,
    services: Services,
    gates: Gates,
    books: Mutex<Books>,
    fits: fn(&str, &[u8], &[u8]) -> bool,
}

impl Core {
    pub(super) fn new(vault: Arc<Vault>, log: &Path, rules: Rules) -> Result<Core, LogError> {
        let services = Arc::clone(&rules.services);
        Ok(Core {
            vault,
            services,
            gates: Gates::default(),
            fits: rules.fits,
            books: Mutex::new(Books::open(log, rules)?),
        })
    }

    pub(super) fn root(&self) -> u32 {
        self.vault.active_root()
    }

    pub(super) fn usable(&self) -> Result<Answer, No> {
        let root = self.vault.active_root();
        self.vault.derived_key(root, "usable").map(|_| Answer::Ready(root)).map_err(no)
    }

    pub(super) fn new_shop_key(&self, shop: Uuid) -> Result<Answer, No> {
        self.vault.new_shop_key(shop).map(Answer::ShopKey).map_err(no)
    }

    pub(super) fn next_root(&self) -> Result<Answer, No> {
        self.vault.begin_next_root().map(Answer::Ready).map_err(no)
    }

    pub(super) fn renew_roots(&self) -> Result<Answer, No> {
        self.vault.renew_roots().map(Answer::Ready).map_err(no)
    }

    pub(super) fn retire_root(&self, root: u32) -> Result<Answer, No> {
        self.vault.retire_root(root).map_err(no)?;
        Ok(Answer::Ready(self.vault.active_root()))
    }

    pub(super) fn rewrap_shop_key(&self, shop: Uuid, key: &WrappedShopKey) -> Result<Answer, No> {
        self.vault.rewrap_shop_key(shop, key).map(Answer::ShopKey).map_err(no)
    }

    /// A shop with a lock gets its next key under it.
    pub(super) fn next_shop_key(&self, shop: Uuid, newest: i32, held: &Held) -> Result<Answer, No> {
        let locked = held.keys.iter().any(|key| key.kek_id == newest && Vault::is_locked(key));
        let made = match locked {
            true => self.vault.next_locked(shop, newest, &*self.gates.pass(shop, || self.lock(shop, held))?),
            false => self.vault.next_shop_key(shop, newest),
        };
        made.map(Answer::ShopKey).map_err(no)
    }

    pub(super) fn take_own(&self, asked: &Asked, actor: Uuid, held: &Held, settings: &[u8]) -> Result<Answer, No> {
        let keys = self.all(asked.shop, held)?;
        let service = (self.services)(settings).map_err(own::no)?;
        let (own, lock) = OwnKey::begin(&*service, asked.shop, settings).map_err(own::no)?;
        let locked =
            keys.iter().map(|key| self.vault.lock_shop_key(key, &lock)).collect::<Result<_, _>>().map_err(no)?;
        let sealed = own.seal(&self.vault, asked.shop).map_err(no)?;
        self.changed(asked, actor)?;
        Ok(Answer::Own(sealed, locked))
    }

    pub(super) fn leave_own(&self, asked: &Asked, actor: Uuid, held: &Held) -> Result<Answer, No> {
        let keys = self.all(asked.shop, held)?;
        let plain = keys.iter().map(|key| self.vault.unlock_shop_key(key)).collect::<Result<_, _>>().map_err(no)?;
        self.changed(asked, actor)?;
        Ok(Answer::Own(Vec::new(), plain))
    }

    pub(super) fn rewrap_own(&self, shop: Uuid, sealed: &[u8]) -> Result<Answer, No> {
        let own = OwnKey::open(&self.vault, shop, sealed).map_err(no)?;
        own.seal(&self.vault, shop).map(Answer::Sealed).map_err(no)
    }

    /// Written down before what was made of it leaves.
    fn changed(&self, asked: &Asked, actor: Uuid) -> Result<(), No> {
        self.gates.forget(asked.shop);
        let mut books = self.books();
        let opening = opening(&books, OpeningKind::Own, asked.shop, actor, &asked.record, 0, 0);
        books.write(&opening)
    }

    fn all(&self, shop: Uuid, held: &Held) -> Result<Vec<ShopKey>, No> {
        held.keys.iter().map(|key| self.load(shop, key, held)).collect()
    }

    /// A key, from memory or unwrapped; by the shop's own service where it has a lock.
    fn load(&self, shop: Uuid, stored: &WrappedShopKey, held: &Held) -> Result<ShopKey, No> {
        if !Vault::is_locked(stored) {
            return self.vault.load_shop_key(shop, stored).map_err(no);
        }
        if let Some(key) = self.vault.remembered(shop, stored) {
            return Ok(key);
        }
        self.gates.pass(shop, || match self.vault.remembered(shop, stored) {
            // Somebody who came before has asked.
            Some(key) => Ok(key),
            None => self.vault.load_locked(shop, stored, &*self.lock(shop, held)?).map_err(no),
        })
    }

    fn lock(&self, shop: Uuid, held: &Held) -> Result<Zeroizing<[u8; 32]>, No> {
        let own = OwnKey::open(&self.vault, shop, held.own.as_deref().ok_or(No::Refused)?).map_err(no)?;
        let service = (self.services)(&own.settings).map_err(own::no)?;
        own.lock(&*service, shop).map_err(|error| {
            tracing::warn!(%shop, %error, "a shop's own key cannot be used");
            own::no(error)
        })
    }

    pub(super) fn seal(&self, asked: &Asked, held: &Held, clear: &[u8]) -> Result<Answer, No> {
        let key = self.newest(asked.shop, held)?;
        key.seal(&asked.record.place(), clear).map(Answer::Sealed).map_err(no)
    }

    pub(super) fn open(&self, asked: &Asked, actor: Uuid, held: &Held, sealed: &[u8]) -> Result<Answer, No> {
        let (clear, generation) = self.opened(asked.shop, &asked.record, held, sealed)?;
        let mut books = self.books();
        let opening = opening(&books, OpeningKind::Open, asked.shop, actor, &asked.record, generation, 0);
        books.write(&opening)?;
        Ok(Answer::Clear(clear))
    }

    pub(super) fn reveal(&self, receipt: &Receipt, held: &Held, sealed: &[u8]) -> Result<Answer, No> {
        let Receipt { shop, actor, entry, record, .. } = receipt;
        let (clear, generation) = self.opened(*shop, record, held, sealed)?;
        // Asked and written under one lock: two requests with one receipt do not both get through.
        let mut books = self.books();
        books.may_reveal(*shop, *actor, *entry)?;
        let opening = opening(&books, OpeningKind::Reveal, *shop, *actor, record, generation, *entry);
        books.write(&opening)?;
        Ok(Answer::Clear(clear))
    }

    /// Searches. Written down before anything is opened: how many match is an answer, too.
    pub(super) fn find(&self, receipt: &Receipt, held: &Held, sought: &Sought) -> Result<Answer, No> {
        let Receipt { shop, actor, entry, record, .. } = receipt;
        {
            let mut books = self.books();
            books.may_reveal(*shop, *actor, *entry)?;
            let generation = held.keys.iter().map(|key| key.kek_id).max().unwrap_or(0);
            let opening = opening(&books, OpeningKind::Find, *shop, *actor, record, generation, *entry);
            books.write(&opening)?;
        }
        let mut found = Vec::new();
        for (at, one) in sought.candidates.iter().enumerate() {
            let record = Record { row: one.row, version: one.version, ..record.clone() };
            match self.opened(*shop, &record, held, &one.sealed) {
                Ok((clear, _)) if (self.fits)(&record.table, &sought.wanted, &clear) => found.push(at as u32),
                Ok(_) => {}
                // One damaged record must not hide the others; that it is damaged shows when it is revealed.
                Err(No::Refused) => tracing::warn!(row = %one.row, "a record of a search does not open"),
                Err(no) => return Err(no),
            }
        }
        Ok(Answer::Found(found))
    }

    pub(super) fn rewrap(&self, asked: &Asked, actor: Uuid, held: &Held, sealed: &[u8]) -> Result<Answer, No> {
        let old = self.generation(asked.shop, held, sealed)?;
        let new = self.newest(asked.shop, held)?;
        let moved = old.rewrap(&new, &asked.record.place(), sealed).map_err(no)?;
        let mut books = self.books();
        let opening = opening(&books, OpeningKind::Rewrap, asked.shop, actor, &asked.record, new.kek_id(), 0);
        books.write(&opening)?;
        Ok(Answer::Sealed(moved))
    }

    pub(super) fn sign(&self, asked: &Asked, actor: Uuid, message: &[u8]) -> Result<Answer, No> {
        let purpose = &asked.record.table;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if purpose.is_empty() || !purpose.chars().all(plain) {
            return Err(No::Malformed);
        }
        let signed = signing::sign(&self.vault, asked.shop, purpose, message).map_err(no)?;
        let mut books = self.books();
        // Of a checkpoint, over how many entries: so many the chain has had, whoever says otherwise later.
        let size = if purpose == "checkpoint" { signing::size_in(message) } else { 0 };
        let opening = opening(&books, OpeningKind::Sign, asked.shop, actor, &asked.record, 0, size);
        books.write(&opening)?;
        Ok(Answer::Signed(signed))
    }

    fn opened(&self, shop: Uuid, record: &Record, held: &Held, sealed: &[u8]) -> Result<(Zeroizing<Vec<u8>>, i32), No> {
        let key = self.generation(shop, held, sealed)?;
        Ok((key.open(&record.place(), sealed).map_err(no)?, key.kek_id()))
    }

    /// The key that sealed bytes name.
    fn generation(&self, shop: Uuid, held: &Held, sealed: &[u8]) -> Result<ShopKey, No> {
        let needed = ShopKey::generation_of(sealed).map_err(no)?;
        let stored = held.keys.iter().find(|key| key.kek_id == needed).ok_or(No::Refused)?;
        self.load(shop, stored, held)
    }

    fn newest(&self, shop: Uuid, held: &Held) -> Result<ShopKey, No> {
        let stored = held.keys.iter().max_by_key(|key| key.kek_id).ok_or(No::Refused)?;
        self.load(shop, stored, held)
    }

    pub(super) fn head(&self) -> Head {
        self.books().head()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn opening(
    books: &Books,
    kind: OpeningKind,
    shop: Uuid,
    actor: Uuid,
    record: &Record,
    key: i32,
    receipt: i64,
) -> Opening {
    let (table, row) = (record.table.clone(), record.row);
    Opening { at: books.now(), kind, shop, actor, table, row, key, receipt }
}

fn no(error: VaultError) -> No {
    match error {
        VaultError::Malformed | VaultError::Refused | VaultError::OtherGeneration { .. } => No::Refused,
        VaultError::Provider(_) | VaultError::Denied(_) => {
            tracing::error!(%error, "the root keys cannot be used");
            No::Unguarded
        }
        VaultError::UnknownRootKey(_) | VaultError::NoRandomness => {
            tracing::error!(%error, "keys cannot be used");
            No::Unavailable
        }
    }
}
