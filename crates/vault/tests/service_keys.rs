//! Root keys that a key service guards: what it is told, what a file without it is worth, and what happens while it is away.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;
use vault::{Context, Guarded, KeyFile, KeyProvider, KeyService, ServiceKeys, Vault, VaultError, Zeroizing};

/// A service in memory. Mood 1: away; 2: says no; 3: keeps nothing to its context.
#[derive(Clone, Default)]
struct Service(Arc<Inner>);

#[derive(Default)]
struct Inner {
    mood: AtomicU8,
    asked: AtomicU32,
    version: AtomicU32,
    kept: Mutex<Vec<(Vec<u8>, [u8; 32])>>,
}

impl Service {
    fn mood(&self, mood: u8) {
        self.0.mood.store(mood, Ordering::SeqCst);
    }

    fn asked(&self) -> u32 {
        self.0.asked.swap(0, Ordering::SeqCst)
    }

    fn answers(&self) -> Result<(), VaultError> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        match self.0.mood.load(Ordering::SeqCst) {
            1 => Err(VaultError::Provider("away".into())),
            2 => Err(VaultError::Denied("taken back".into())),
            _ => Ok(()),
        }
    }
}

impl KeyService for Service {
    fn name(&self) -> String {
        "a service in memory".into()
    }

    fn wrap(&self, context: &Context, key: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        self.answers()?;
        let mut kept = self.0.kept.lock().expect("kept");
        kept.push((context.bytes(), *key));
        let version = self.0.version.load(Ordering::SeqCst) as u8;
        Ok(vec![version, u8::try_from(kept.len() - 1).expect("few")])
    }

    fn unwrap(&self, context: &Context, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        self.answers()?;
        let kept = self.0.kept.lock().expect("kept");
        let (bound, key) = wrapped.get(1).and_then(|at| kept.get(usize::from(*at))).ok_or(VaultError::Refused)?;
        let loose = self.0.mood.load(Ordering::SeqCst) == 3;
        if loose || *bound == context.bytes() { Ok(Zeroizing::new(*key)) } else { Err(VaultError::Refused) }
    }

    fn renew(&self, context: &Context, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = self.unwrap(context, wrapped)?;
        self.wrap(context, &key)
    }
}

fn path(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("vault-service-{name}-{}.key", Uuid::now_v7()));
    let _ = std::fs::remove_file(&path);
    path
}

#[test]
fn row_42_the_file_alone_opens_nothing_and_the_service_is_asked_once_in_a_while() {
    let (service, path) = (Service::default(), path("once"));
    let keys = ServiceKeys::create(&path, service.clone()).expect("made").keeping(Duration::from_millis(60));
    service.asked();
    let wrapped = keys.wrap(1, b"here", &[7; 32]).expect("wrapped");
    assert_eq!(*keys.unwrap(1, b"here", &wrapped).expect("again"), [7; 32]);
    assert!(keys.unwrap(1, b"there", &wrapped).is_err());
    assert_eq!(service.asked(), 1, "asked for each");
    std::thread::sleep(Duration::from_millis(70));
    keys.unwrap(1, b"here", &wrapped).expect("asked again");
    assert_eq!(service.asked(), 1);
    let text = std::fs::read_to_string(&path).expect("read");
    let key = service.0.kept.lock().expect("kept")[0].1;
    assert!(!text.contains(&key.iter().map(|byte| format!("{byte:02x}")).collect::<String>()), "the key stands in it");
    assert_eq!(Guarded::read(&path).expect("kind"), Guarded::ByService("a service in memory".into()));
    // Another service, with keys of its own, opens none of it.
    let other = ServiceKeys::open(&path, Service::default()).expect("the file reads");
    assert!(matches!(other.unwrap(1, b"here", &wrapped), Err(VaultError::Refused)));
    assert!(!format!("{keys:?}").contains("key:"), "{keys:?}");
}

#[test]
fn away_or_denied_it_fails_closed_and_comes_back() {
    let (service, path) = (Service::default(), path("away"));
    let keys = ServiceKeys::create(&path, service.clone()).expect("made").keeping(Duration::ZERO);
    let vault = Vault::new(keys).keeping(Duration::ZERO);
    let shop = Uuid::from_u128(1);
    let stored = vault.new_shop_key(shop).expect("a key");
    for (mood, words) in [(1, "does not answer"), (2, "says no")] {
        service.mood(mood);
        service.asked();
        let error = vault.load_shop_key(shop, &stored).expect_err("closed");
        assert!(error.to_string().contains(words), "{error}");
        assert!(vault.new_shop_key(shop).is_err() && vault.load_shop_key(shop, &stored).is_err());
        assert_eq!(service.asked(), 1, "whoever waits does not ask again at once");
        service.mood(0);
        assert!(vault.load_shop_key(shop, &stored).is_err(), "it rests");
        std::thread::sleep(Duration::from_millis(2_050));
        vault.load_shop_key(shop, &stored).expect("back");
    }
}

#[test]
fn a_service_that_binds_nothing_is_not_used() {
    let (service, path) = (Service::default(), path("loose"));
    service.mood(3);
    let error = ServiceKeys::create(&path, service).expect_err("it binds nothing");
    assert!(error.to_string().contains("another context"), "{error}");
    assert!(!path.exists());
}

#[test]
fn the_keys_of_one_installation_or_number_do_not_open_as_anothers() {
    let (service, one, two) = (Service::default(), path("one"), path("two"));
    let keys = ServiceKeys::create(&one, service.clone()).expect("made");
    let wrapped = keys.wrap(1, b"here", &[7; 32]).expect("wrapped");
    ServiceKeys::create(&two, service.clone()).expect("another");
    let text = std::fs::read_to_string(&one).expect("read");
    let of = |text: &str| text.lines().find(|line| line.starts_with("installation")).expect("one").to_owned();
    let moved = text.replace(&of(&text), &of(&std::fs::read_to_string(&two).expect("read")));
    for changed in [moved, text.replace("wrapped 1", "wrapped 2").replace("active 1", "active 2")] {
        std::fs::write(&one, changed).expect("written");
        let keys = ServiceKeys::open(&one, service.clone()).expect("it reads");
        assert!(matches!(keys.unwrap(keys.active(), b"here", &wrapped), Err(VaultError::Refused)));
    }
}

#[test]
fn row_47_root_keys_turn_are_renewed_and_retired_under_a_service() {
    let (service, path) = (Service::default(), path("turn"));
    let keys = ServiceKeys::create(&path, service.clone()).expect("made");
    let wrapped = keys.wrap(1, b"here", &[7; 32]).expect("wrapped");
    assert_eq!((keys.begin_next().expect("next"), keys.active()), (2, 2));
    service.0.version.store(5, Ordering::SeqCst);
    keys.renew().expect("renewed");
    let text = std::fs::read_to_string(&path).expect("read");
    assert_eq!(text.lines().filter(|line| line.starts_with("wrapped") && line.contains(" 05")).count(), 2, "{text}");
    let again = ServiceKeys::open(&path, service.clone()).expect("opens");
    assert_eq!(*again.unwrap(1, b"here", &wrapped).expect("the older one"), [7; 32]);
    assert!(again.retire(2).is_err(), "the active one");
    again.retire(1).expect("retired");
    assert!(matches!(again.unwrap(1, b"here", &wrapped), Err(VaultError::UnknownRootKey(1))));
    service.mood(1);
    assert!(keys.begin_next().is_err() && keys.renew().is_err());
    assert_eq!(
        std::fs::read_to_string(&path).expect("read").matches("\nwrapped ").count(),
        1,
        "half a turn was written"
    );
}

#[test]
fn keys_move_from_a_file_to_a_service_and_back_and_onto_paper() {
    let (service, path) = (Service::default(), path("move"));
    let plain = KeyFile::create_or_open(&path).expect("made");
    let wrapped = plain.wrap(1, b"here", &[7; 32]).expect("wrapped");
    assert_eq!(Guarded::read(&path).expect("kind"), Guarded::ByFile);
    service.mood(1);
    assert!(ServiceKeys::adopt(&path, service.clone()).is_err());
    assert_eq!(Guarded::read(&path).expect("kind"), Guarded::ByFile, "given up though nobody took it");
    service.mood(0);
    let keys = ServiceKeys::adopt(&path, service.clone()).expect("adopted");
    assert_eq!(*keys.unwrap(1, b"here", &wrapped).expect("the same keys"), [7; 32]);
    assert_eq!(keys.packed().expect("packed"), plain.packed());
    let beside = path.with_extension("beside");
    let joined = ServiceKeys::restore(&beside, service.clone(), &plain.packed()).expect("restored");
    assert_eq!(*joined.unwrap(1, b"here", &wrapped).expect("the same keys"), [7; 32]);
    assert!(ServiceKeys::restore(&beside, service, &plain.packed()).is_err(), "over another");
    let back = keys.release().expect("released");
    assert_eq!(*back.unwrap(1, b"here", &wrapped).expect("the same keys"), [7; 32]);
}
