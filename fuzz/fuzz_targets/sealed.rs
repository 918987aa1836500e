//! Sealed secrets and files: no bytes make the parsers panic, and none that were not sealed here open.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shearline_fuzz::{SHOP, shop_key};
use std::sync::LazyLock;
use uuid::Uuid;
use vault::{FileKey, FilePlace, Place, ShopKey, Sheet};

const PLACE: Place<'static> =
    Place { table: "vault.bittings", row: Uuid::from_u128(2), column: "cuts", version: 1 };
const FILE: FilePlace<'static> = FilePlace { shop: SHOP, file: Uuid::from_u128(3), part: "whole" };

static KEY: LazyLock<ShopKey> = LazyLock::new(shop_key);
static SEALED: LazyLock<Vec<u8>> = LazyLock::new(|| KEY.seal(&PLACE, b"41836").expect("sealed"));
static FILE_KEY: LazyLock<FileKey> = LazyLock::new(|| FileKey::fresh().expect("a key"));
static SEALED_FILE: LazyLock<Vec<u8>> = LazyLock::new(|| FILE_KEY.seal(&FILE, b"a photo").expect("sealed"));

/// Only what was sealed opens. The fuzzer sees what is compared, so in time it says the sealed bytes themselves.
fn only_the_sealed(bytes: &[u8]) {
    assert_eq!(KEY.open(&PLACE, bytes).is_ok(), bytes == *SEALED);
    assert_eq!(FILE_KEY.open(&FILE, bytes).is_ok(), bytes == *SEALED_FILE);
}

/// The good bytes with those of the fuzzer laid over them, so that they get past the head.
fn changed(good: &[u8], change: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for (byte, change) in bytes.iter_mut().zip(change) {
        *byte ^= change;
    }
    bytes.extend(change.iter().skip(good.len()));
    bytes
}

fuzz_target!(|data: &[u8]| {
    let _ = ShopKey::generation_of(data);
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(sheet) = Sheet::read(text)
    {
        assert!(Sheet::read(&sheet.text()).is_ok());
    }
    only_the_sealed(data);
    only_the_sealed(&changed(&SEALED, data));
    only_the_sealed(&changed(&SEALED_FILE, data));
});
