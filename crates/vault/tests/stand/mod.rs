//! A keyd on a socket of its own, with a witness, a clock and shop keys that the test moves.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use uuid::Uuid;
use vault::keyd::{
    Asked, Away, Bearer, Client, Head, Keyd, Log, LogError, OpeningKind, Receipt, Record, Rules, Standing, Witness,
};
use vault::{KeyFile, Place, Vault, WrappedShopKey, Zeroizing};

/// The capability of somebody.
pub fn digits(who: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("cap-of-{who}"))
}

pub fn place(table: &str, row: u128) -> Place<'_> {
    Place { table, row: Uuid::from_u128(row), column: "sealed", version: 1 }
}

pub fn asked(who: &str, shop: u128, table: &str, row: u128) -> Asked {
    let bearer = Bearer::Capability(digits(who));
    Asked { bearer, shop: Uuid::from_u128(shop), record: Record::from(&place(table, row)) }
}

fn actor(who: &str) -> Uuid {
    Uuid::from_u128(who.bytes().fold(0, |sum, byte| sum * 256 + u128::from(byte)))
}

/// Shop, actor, number, whether a search, table, row.
type Entry = (Uuid, Uuid, i64, bool, String, Uuid);

#[derive(Default)]
struct Word {
    away: AtomicBool,
    keys: Mutex<HashMap<Uuid, Vec<WrappedShopKey>>>,
    own: Mutex<HashMap<Uuid, Vec<u8>>>,
    committed: Mutex<HashSet<Entry>>,
    head: Mutex<Option<Head>>,
}

struct Heard(Arc<Word>);

impl Heard {
    fn there(&self) -> Result<(), Away> {
        if self.0.away.load(Ordering::SeqCst) { Err(Away("the test says so".into())) } else { Ok(()) }
    }
}

impl Witness for Heard {
    async fn bearer(&self, capability: &str) -> Result<Option<Standing>, Away> {
        self.there()?;
        let who = capability.strip_prefix("cap-of-").unwrap_or_default();
        let (shop, person, works) = match who {
            "dana" | "theo" => (1, true, true),
            "rival" => (2, true, true),
            "program" => (1, false, true),
            "client" => (1, false, false),
            _ => return Ok(None),
        };
        Ok(Some(Standing { shop: Uuid::from_u128(shop), actor: actor(who), person, works }))
    }

    async fn claimed(&self, shop: Uuid, record: &Record, claim: Uuid) -> Result<bool, Away> {
        self.there()?;
        Ok((shop.as_u128(), record.row.as_u128(), claim.as_u128()) == (1, 10, 77))
    }

    async fn keys(&self, shop: Uuid) -> Result<Vec<WrappedShopKey>, Away> {
        self.there()?;
        Ok(self.0.keys.lock().expect("keys").get(&shop).cloned().unwrap_or_default())
    }

    async fn own_key(&self, shop: Uuid) -> Result<Option<Vec<u8>>, Away> {
        self.there()?;
        Ok(self.0.own.lock().expect("own").get(&shop).cloned())
    }

    async fn roots(&self) -> Result<Vec<u32>, Away> {
        self.there()?;
        let keys = self.0.keys.lock().expect("keys");
        Ok(keys.values().flatten().map(|key| Vault::root_of(key).expect("ours")).collect())
    }

    async fn committed(&self, receipt: &Receipt) -> Result<bool, Away> {
        self.there()?;
        let Receipt { shop, actor, entry, search, record } = receipt;
        let key = (*shop, *actor, *entry, *search, record.table.clone(), record.row);
        Ok(self.0.committed.lock().expect("entries").contains(&key))
    }

    async fn keep_head(&self, head: Head) -> Result<(), Away> {
        self.there()?;
        *self.0.head.lock().expect("head") = Some(head);
        Ok(())
    }
}

pub struct Stand {
    pub client: Client,
    folder: PathBuf,
    vault: Arc<Vault>,
    word: Arc<Word>,
    now: Arc<AtomicI64>,
    task: tokio::task::JoinHandle<()>,
}

impl Stand {
    pub async fn start() -> Stand {
        Stand::start_for(vec![own_user()]).await
    }

    pub async fn start_for(users: Vec<u32>) -> Stand {
        let folder = std::env::temp_dir().join(format!("keyd-test-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder).expect("a folder");
        let vault = Arc::new(Vault::new(KeyFile::create_or_open(folder.join("root.key")).expect("a key file")));
        let word = Arc::new(Word::default());
        for shop in [1, 2].map(Uuid::from_u128) {
            let key = vault.new_shop_key(shop).expect("a key");
            word.keys.lock().expect("keys").insert(shop, vec![key]);
        }
        let now = Arc::new(AtomicI64::new(1_800_000_000));
        let client = Client::new(folder.join("keyd.sock"), vec![own_user()]);
        let task = tokio::spawn(async {});
        let stand = Stand { client, folder, vault, word, now, task };
        stand.started(users)
    }

    fn started(mut self, users: Vec<u32>) -> Stand {
        let keyd = self.try_again().expect("keyd");
        let _ = std::fs::remove_file(self.client.socket());
        let listener = tokio::net::UnixListener::bind(self.client.socket()).expect("socket");
        self.task = tokio::spawn(async move {
            let _ = keyd.serve(listener, users).await;
        });
        self
    }

    /// Another keyd on the same files.
    pub fn try_again(&self) -> Result<Arc<Keyd<impl Witness + use<>>>, LogError> {
        let now = Arc::clone(&self.now);
        let fits = |table: &str, wanted: &[u8], clear: &[u8]| table == "vault.bittings" && wanted == clear;
        let stood = *self.word.head.lock().expect("head");
        let rules = Rules { fits, stood, clock: Arc::new(move || now.load(Ordering::SeqCst)), ..Rules::default() };
        Keyd::new(Arc::clone(&self.vault), Heard(Arc::clone(&self.word)), &self.log(), rules)
    }

    pub async fn stop(&self) {
        self.task.abort();
        let _ = std::fs::remove_file(self.client.socket());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }

    /// Ends it and starts it anew.
    pub async fn again(self) -> Stand {
        self.stop().await;
        self.started(vec![own_user()])
    }

    pub fn log(&self) -> PathBuf {
        self.folder.join("openings.log")
    }

    /// What the log holds, in order.
    pub fn opened(&self) -> Vec<OpeningKind> {
        let mut seen = Vec::new();
        Log::review(&self.log(), |line| seen.push(line.kind)).expect("a whole log");
        seen
    }

    pub fn commit(&self, shop: u128, who: &str, entry: i64, table: &str, row: u128) {
        self.entry(shop, who, entry, false, table, row);
    }

    pub fn commit_search(&self, shop: u128, who: &str, entry: i64, table: &str, row: u128) {
        self.entry(shop, who, entry, true, table, row);
    }

    fn entry(&self, shop: u128, who: &str, entry: i64, search: bool, table: &str, row: u128) {
        let key = (Uuid::from_u128(shop), actor(who), entry, search, table.to_owned(), Uuid::from_u128(row));
        self.word.committed.lock().expect("entries").insert(key);
    }

    pub fn witness_away(&self, away: bool) {
        self.word.away.store(away, Ordering::SeqCst);
    }

    pub fn later(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    /// The shop's key as it is stored.
    pub fn stored(&self, shop: u128) -> WrappedShopKey {
        self.word.keys.lock().expect("keys")[&Uuid::from_u128(shop)][0].clone()
    }

    /// Stores another in its place.
    pub fn store(&self, shop: u128, key: WrappedShopKey) {
        self.word.keys.lock().expect("keys").insert(Uuid::from_u128(shop), vec![key]);
    }

    /// Gives a shop a newer key.
    pub fn second_generation(&self, shop: u128) {
        let shop = Uuid::from_u128(shop);
        let key = self.vault.next_shop_key(shop, 1).expect("a key");
        self.word.keys.lock().expect("keys").entry(shop).or_default().push(key);
    }
}

pub fn own_user() -> u32 {
    std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").expect("proc"))
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
