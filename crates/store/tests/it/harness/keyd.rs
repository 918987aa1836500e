//! The real keyd, on a real socket, beside each test's database: with its log, its quotas, and a clock that tests move.

use super::cluster::scratch;
use std::{
    path::PathBuf,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
};
use store::{Roles, keyd::DbWitness};
use tokio::{net::UnixListener, runtime::Runtime, task::JoinHandle};
use vault::{
    KeyFile, Vault,
    keyd::{Client, Keyd, Log, Opening, Rules, Services},
};

/// Outlives every test's own runtime.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
});
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A running keyd.
pub struct TestKeyd {
    /// The web's end.
    pub client: Client,
    /// Its log.
    pub log: PathBuf,
    /// Its root keys.
    pub root_key: PathBuf,
    /// Seconds its clock is ahead.
    pub shift: Arc<AtomicI64>,
    /// What makes shops' own key services.
    pub services: Option<Services>,
    witness: DbWitness,
    task: JoinHandle<()>,
}

/// keyd's own keys, the same for every database of a run when it begins.
pub fn keys() -> Vault {
    Vault::new(KeyFile::create_or_open(scratch().join("root.key")).expect("key file"))
}

/// A copy of them that one keyd may turn.
fn copied(name: &str) -> PathBuf {
    let path = scratch().join(format!("{name}.key"));
    let _ = std::fs::remove_file(&path);
    let first = KeyFile::create_or_open(scratch().join("root.key")).expect("key file");
    KeyFile::restore(&path, &first.packed()).expect("a copy");
    path
}

impl TestKeyd {
    /// Starts one for a database.
    pub fn start(roles: &Roles) -> Self {
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("shearline-test-{}-{n}", std::process::id());
        let (socket, log) = (std::env::temp_dir().join(format!("{name}.sock")), scratch().join(format!("{name}.log")));
        let _ = (std::fs::remove_file(&socket), std::fs::remove_file(&log));
        let shift = Arc::new(AtomicI64::new(0));
        let user = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").expect("proc"));
        let client = Client::new(socket, vec![user]);
        // A pool belongs to the runtime it was made in.
        let _inside = RUNTIME.enter();
        let witness = DbWitness::open(roles).expect("witness");
        let task = RUNTIME.spawn(async {});
        let mut keyd = Self { client, log, root_key: copied(&name), shift, services: None, witness, task };
        keyd.go_on();
        keyd
    }

    /// Ends it: the socket is gone.
    pub fn stop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(self.client.socket());
    }

    /// Starts it again on the same log.
    pub fn go_on(&mut self) {
        self.go_on_with(Vault::new(KeyFile::open(&self.root_key).expect("key file")));
    }

    /// Starts it again with these keys.
    pub fn go_on_with(&mut self, keys: Vault) {
        self.stop();
        let (witness, shift) = (self.witness.clone(), Arc::clone(&self.shift));
        let usual = Rules::default();
        let clock = Arc::clone(&usual.clock);
        let services = self.services.clone().unwrap_or_else(|| Arc::clone(&usual.services));
        let fits = |table: &str, wanted: &[u8], clear: &[u8]| {
            table == "vault.bittings" && domain::bittings::fits(wanted, clear)
        };
        let rules = Rules { clock: Arc::new(move || clock() + shift.load(Ordering::SeqCst)), fits, services, ..usual };
        let _inside = RUNTIME.enter();
        let listener = UnixListener::bind(self.client.socket()).expect("socket");
        let keyd = Keyd::new(Arc::new(keys), witness, &self.log, rules).expect("keyd");
        let user = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").expect("proc"));
        self.task = RUNTIME.spawn(async move {
            let _ = keyd.serve(listener, vec![user]).await;
        });
    }

    /// What its log holds, in order.
    pub fn openings(&self) -> Vec<Opening> {
        let mut seen = Vec::new();
        Log::review(&self.log, |line| seen.push(line)).expect("a whole log");
        seen
    }

    /// Ends it with its connections to the database.
    pub async fn close(mut self) {
        self.stop();
        self.witness.close().await;
    }
}

impl Drop for TestKeyd {
    fn drop(&mut self) {
        self.stop();
        let _ = (std::fs::remove_file(&self.log), std::fs::remove_file(&self.root_key));
    }
}
