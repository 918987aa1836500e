//! A shop's key under a lock of its own: it opens with both, with neither alone, and nowhere else.

use uuid::Uuid;
use vault::{KeyFile, Place, Vault, VaultError, WrappedShopKey};

const SHOP: Uuid = Uuid::from_u128(1);
const LOCK: [u8; 32] = [7; 32];

fn vault() -> Vault {
    let path = std::env::temp_dir().join(format!("vault-own-{}.key", Uuid::now_v7()));
    Vault::new(KeyFile::create_or_open(path).expect("a key file")).keeping(std::time::Duration::ZERO)
}

fn place() -> Place<'static> {
    Place { table: "vault.access_notes", row: Uuid::from_u128(2), column: "sealed", version: 1 }
}

#[test]
fn row_50_neither_lock_nor_root_key_opens_it_alone() {
    let vault = vault();
    let key = vault.load_shop_key(SHOP, &vault.new_shop_key(SHOP).expect("a key")).expect("loaded");
    let sealed = key.seal(&place(), b"box 4417").expect("sealed");
    let locked = vault.lock_shop_key(&key, &LOCK).expect("locked");
    assert!(Vault::is_locked(&locked) && Vault::root_of(&locked).is_ok());
    assert!(matches!(vault.load_shop_key(SHOP, &locked), Err(VaultError::Malformed)), "the root key alone");
    for wrong in [[8; 32], [0; 32]] {
        assert!(matches!(vault.load_locked(SHOP, &locked, &wrong), Err(VaultError::Refused)));
    }
    let opened = vault.load_locked(SHOP, &locked, &LOCK).expect("both");
    assert_eq!(opened.open(&place(), &sealed).expect("opened").as_slice(), b"box 4417");
    assert!(self::vault().load_locked(SHOP, &locked, &LOCK).is_err(), "the lock and another root key");
}

#[test]
fn it_is_bound_to_its_shop_and_generation_and_to_every_byte() {
    let vault = vault();
    let key = vault.load_shop_key(SHOP, &vault.new_shop_key(SHOP).expect("a key")).expect("loaded");
    let locked = vault.lock_shop_key(&key, &LOCK).expect("locked");
    assert!(vault.load_locked(Uuid::from_u128(9), &locked, &LOCK).is_err());
    assert!(vault.load_locked(SHOP, &WrappedShopKey { kek_id: 2, ..locked.clone() }, &LOCK).is_err());
    for at in 0..locked.wrapped.len() {
        let mut changed = locked.clone();
        changed.wrapped[at] ^= 1;
        assert!(vault.load_locked(SHOP, &changed, &LOCK).is_err(), "byte {at}");
        changed.wrapped.truncate(at);
        assert!(vault.load_locked(SHOP, &changed, &LOCK).is_err(), "cut at {at}");
    }
}

#[test]
fn the_root_key_turns_without_the_lock_and_the_next_key_comes_under_it() {
    let vault = vault();
    let key = vault.load_shop_key(SHOP, &vault.new_shop_key(SHOP).expect("a key")).expect("loaded");
    let sealed = key.seal(&place(), b"box 4417").expect("sealed");
    let locked = vault.lock_shop_key(&key, &LOCK).expect("locked");
    vault.begin_next_root().expect("turned");
    let moved = vault.rewrap_shop_key(SHOP, &locked).expect("without the lock");
    assert_eq!((Vault::root_of(&moved).expect("ours"), Vault::is_locked(&moved)), (2, true));
    vault.retire_root(1).expect("nothing is under it");
    let opened = vault.load_locked(SHOP, &moved, &LOCK).expect("both");
    assert_eq!(opened.open(&place(), &sealed).expect("opened").as_slice(), b"box 4417");
    let next = vault.next_locked(SHOP, 1, &LOCK).expect("the next");
    assert!(Vault::is_locked(&next) && next.kek_id == 2 && vault.load_locked(SHOP, &next, &LOCK).is_ok());
    let plain = vault.unlock_shop_key(&opened).expect("out from under it");
    assert!(vault.load_shop_key(SHOP, &plain).is_ok());
}
