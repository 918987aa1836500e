//! Sealing from outside: what opens, and everything that must not.

use proptest::prelude::*;
use std::sync::{Arc, LazyLock};
use uuid::Uuid;
use vault::{KeyFile, KeyProvider, Place, ShopKey, Vault, VaultError, Zeroizing};

struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Folder {
        let path = std::env::temp_dir().join(format!("vault-test-{}", Uuid::now_v7()));
        std::fs::create_dir(&path).expect("a folder");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn vault() -> Vault {
    let folder = Folder::new();
    Vault::new(KeyFile::create_or_open(folder.0.join("root.key")).expect("a key file"))
}

const SHOP: Uuid = Uuid::from_u128(1);
const PLACE: Place<'static> =
    Place { table: "vault.access_notes", row: Uuid::from_u128(10), column: "note", version: 1 };

static KEY: LazyLock<ShopKey> = LazyLock::new(|| {
    let vault = vault();
    let stored = vault.new_shop_key(SHOP).expect("a key");
    vault.load_shop_key(SHOP, &stored).expect("its own key")
});

#[test]
fn moved_anywhere_it_does_not_open() {
    let sealed = KEY.seal(&PLACE, b"box 4417").expect("sealed");
    assert_eq!(KEY.open(&PLACE, &sealed).expect("opened").as_slice(), b"box 4417");
    let elsewhere = [
        Place { table: "vault.signature_strokes", ..PLACE },
        Place { row: Uuid::from_u128(11), ..PLACE },
        Place { column: "alarm_code", ..PLACE },
        Place { version: 2, ..PLACE },
        Place { table: "vault.access_notesn", column: "ote", ..PLACE },
    ];
    for place in elsewhere {
        assert!(matches!(KEY.open(&place, &sealed), Err(VaultError::Refused)), "{place:?}");
    }
}

#[test]
fn a_data_key_moved_to_another_write_does_not_open() {
    let one = KEY.seal(&PLACE, b"one").expect("sealed");
    let other = KEY.seal(&Place { version: 2, ..PLACE }, b"two").expect("sealed");
    let mixed = [&other[..66], &one[66..]].concat();
    assert!(matches!(KEY.open(&PLACE, &mixed), Err(VaultError::Refused)));
}

#[test]
fn a_shop_key_opens_only_for_its_shop_and_generation() {
    let vault = vault();
    let mut stored = vault.new_shop_key(SHOP).expect("a key");
    assert!(matches!(vault.load_shop_key(Uuid::from_u128(2), &stored), Err(VaultError::Refused)));
    let sealed = vault.load_shop_key(SHOP, &stored).expect("loaded").seal(&PLACE, b"x").expect("sealed");
    let rival = vault.new_shop_key(Uuid::from_u128(2)).expect("a key");
    let rival = vault.load_shop_key(Uuid::from_u128(2), &rival).expect("loaded");
    assert!(matches!(rival.open(&PLACE, &sealed), Err(VaultError::Refused)));
    stored.kek_id = 2;
    assert!(matches!(vault.load_shop_key(SHOP, &stored), Err(VaultError::Refused)));
    stored.kek_id = 1;
    let other_root = crate::vault();
    assert!(matches!(other_root.load_shop_key(SHOP, &stored), Err(VaultError::Refused)));
}

#[test]
fn another_generation_is_named() {
    let mut sealed = KEY.seal(&PLACE, b"x").expect("sealed");
    sealed[5] = 9;
    assert!(matches!(KEY.open(&PLACE, &sealed), Err(VaultError::OtherGeneration { needed: 9, loaded: 1 })));
}

#[test]
fn wrapped_again_it_is_the_same_key() {
    let vault = vault();
    let stored = vault.new_shop_key(SHOP).expect("a key");
    let sealed = vault.load_shop_key(SHOP, &stored).expect("loaded").seal(&PLACE, b"box").expect("sealed");
    let again = vault.rewrap_shop_key(SHOP, &stored).expect("wrapped");
    assert_ne!(again, stored);
    vault.forget_shop(SHOP);
    let key = vault.load_shop_key(SHOP, &again).expect("loaded");
    assert_eq!(key.open(&PLACE, &sealed).expect("opened").as_slice(), b"box");
}

#[test]
fn without_a_shop() {
    let vault = vault();
    let sealed = vault.instance_seal("flash", b"session", b"typed").expect("sealed");
    assert_eq!(vault.instance_open("flash", b"session", &sealed).expect("opened").as_slice(), b"typed");
    for (purpose, about) in [("mail", &b"session"[..]), ("flash", b"other"), ("flashs", b"ession")] {
        assert!(matches!(vault.instance_open(purpose, about, &sealed), Err(VaultError::Refused)), "{purpose}");
    }
    for at in 0..sealed.len() {
        let mut flipped = sealed.clone();
        flipped[at] ^= 1;
        assert!(vault.instance_open("flash", b"session", &flipped).is_err(), "byte {at}");
        assert!(vault.instance_open("flash", b"session", &sealed[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn nothing_secret_is_printed() {
    let vault = vault();
    let stored = vault.new_shop_key(SHOP).expect("a key");
    let key = vault.load_shop_key(SHOP, &stored).expect("loaded");
    let printed = format!("{vault:?} {stored:?} {key:?}");
    assert_eq!(
        printed,
        "Vault { active: 1, .. } WrappedShopKey { kek_id: 1, .. } ShopKey { shop: 00000000-0000-0000-0000-000000000001, kek_id: 1, .. }"
    );
}

/// A provider whose service does not answer.
struct Down;

impl KeyProvider for Down {
    fn active(&self) -> u32 {
        1
    }
    fn wrap(&self, _: u32, _: &[u8], _: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        Err(VaultError::Provider("timed out".into()))
    }
    fn unwrap(&self, _: u32, _: &[u8], _: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        Err(VaultError::Provider("timed out".into()))
    }
    fn derive(&self, _: u32, _: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        Err(VaultError::Provider("timed out".into()))
    }
}

#[test]
fn a_provider_that_is_down_fails_closed() {
    let stored = vault().new_shop_key(SHOP).expect("a key");
    let down = Vault::new(Arc::new(Down));
    assert!(matches!(down.new_shop_key(SHOP), Err(VaultError::Provider(_))));
    assert!(matches!(down.load_shop_key(SHOP, &stored), Err(VaultError::Provider(_))));
    assert!(matches!(down.instance_seal("flash", b"", b"typed"), Err(VaultError::Provider(_))));
    assert!(matches!(down.derived_key(1, "pepper"), Err(VaultError::Provider(_))));
}

#[test]
fn a_derived_key_is_the_same_each_time_and_another_for_another_purpose() {
    let (one, other) = (vault(), vault());
    let key = |vault: &Vault, purpose: &str| vault.derived_key(vault.active_root(), purpose).expect("a key");
    assert_eq!(key(&one, "pepper"), key(&one, "pepper"));
    assert_ne!(key(&one, "pepper"), key(&one, "other"));
    assert_ne!(key(&one, "pepper"), key(&other, "pepper"), "another root key");
    assert!(matches!(one.derived_key(99, "pepper"), Err(VaultError::UnknownRootKey(99))));
}

proptest! {
    #[test]
    fn any_plaintext_comes_back(plaintext in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let sealed = KEY.seal(&PLACE, &plaintext).expect("sealed");
        let opened = KEY.open(&PLACE, &sealed).expect("opened");
        prop_assert_eq!(opened.as_slice(), plaintext.as_slice());
    }

    #[test]
    fn any_flipped_bit_any_cut_and_any_addition_fails(plaintext in prop::collection::vec(any::<u8>(), 0..100), at in any::<prop::sample::Index>(), bit in 0u8..8, extra in any::<u8>()) {
        let sealed = KEY.seal(&PLACE, &plaintext).expect("sealed");
        let at = at.index(sealed.len());
        let mut flipped = sealed.clone();
        flipped[at] ^= 1 << bit;
        prop_assert!(KEY.open(&PLACE, &flipped).is_err());
        prop_assert!(KEY.open(&PLACE, &sealed[..at]).is_err());
        prop_assert!(KEY.open(&PLACE, &[&sealed[..], &[extra]].concat()).is_err());
    }

    #[test]
    fn any_flipped_bit_of_the_place_fails(table in "[a-z.]{1,20}", column in "[a-z_]{1,20}", row in any::<u128>(), version in any::<i64>(), bit in 0usize..192) {
        let place = Place { table: &table, row: Uuid::from_u128(row), column: &column, version };
        let sealed = KEY.seal(&place, b"secret").expect("sealed");
        let other = if bit < 128 {
            Place { row: Uuid::from_u128(row ^ 1 << bit), ..place }
        } else {
            Place { version: version ^ 1 << (bit - 128), ..place }
        };
        prop_assert!(KEY.open(&other, &sealed).is_err());
        let swapped = Place { table: &column, column: &table, ..place };
        prop_assert!(KEY.open(&swapped, &sealed).is_err() || table == column);
    }

    #[test]
    fn any_flipped_bit_of_a_wrapped_key_fails(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let vault = vault();
        let mut stored = vault.new_shop_key(SHOP).expect("a key");
        let at = at.index(stored.wrapped.len());
        stored.wrapped[at] ^= 1 << bit;
        prop_assert!(vault.load_shop_key(SHOP, &stored).is_err());
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(KEY.open(&PLACE, &bytes).is_err());
        prop_assert!(ShopKey::generation_of(&bytes).is_err() || bytes[..2] == [1, 1]);
    }
}
