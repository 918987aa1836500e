//! Sealed bytes against an independent implementation, and what only the inside can show.

use super::*;
use std::collections::HashSet;

const SHOP: Uuid = Uuid::from_u128(0x0198c1a2_0000_7000_8000_000000000001);
const PLACE: Place<'static> = Place {
    table: "vault.access_notes",
    row: Uuid::from_u128(0x0198c1a2_0000_7000_8000_0000000000a1),
    column: "note",
    version: 3,
};

fn counting<const N: usize>(from: u8) -> [u8; N] {
    std::array::from_fn(|at| from + at as u8)
}

/// Made with Python's `cryptography` 48 (OpenSSL) from the format as documented, by `tests/known_answer.py`.
const KNOWN: &str = "01010000000732333435363738393a3b3c3da23e89a7ad55eb88016a84e92b9c8d8b12c66df6f134dd90ad6775e737b219f12dc35e2a7edec7cfabc22fc2f1c9663d505152535455565758595a5ba013dd32b3a0acc95abf6cc74d282b0b0a22b8ccfcddff2d765d365f54ead2f9c0b02e";

#[test]
fn known_answer() {
    let key = ShopKey::new(SHOP, 7, Zeroizing::new(counting(0)));
    let fresh = Fresh { data_key: Zeroizing::new(counting(100)), wrap_nonce: counting(50), nonce: counting(80) };
    let sealed = key.seal_with(fresh, &PLACE, b"Side door, box 4417").expect("sealed");
    let hex: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, KNOWN);
    assert_eq!(key.open(&PLACE, &sealed).expect("opened").as_slice(), b"Side door, box 4417");
}

#[test]
fn the_same_key_bytes_do_not_open_for_another_shop() {
    let sealed = ShopKey::new(SHOP, 1, Zeroizing::new(counting(0))).seal(&PLACE, b"box 4417").expect("sealed");
    let rival = ShopKey::new(Uuid::from_u128(2), 1, Zeroizing::new(counting(0)));
    assert!(matches!(rival.open(&PLACE, &sealed), Err(VaultError::Refused)));
}

#[test]
fn ten_thousand_writes_share_no_nonce_and_no_data_key() {
    let key = ShopKey::new(SHOP, 1, Zeroizing::new(counting(0)));
    let (mut wrap_nonces, mut nonces, mut data_keys) = (HashSet::new(), HashSet::new(), HashSet::new());
    for _ in 0..10_000 {
        let sealed = key.seal(&PLACE, b"box 4417").expect("sealed");
        wrap_nonces.insert(sealed[HEAD..HEAD + NONCE].to_vec());
        nonces.insert(sealed[HEAD + BOXED_KEY..HEAD + BOXED_KEY + NONCE].to_vec());
        data_keys.insert(key.data_key_of(&PLACE, &sealed).to_vec());
    }
    assert_eq!([wrap_nonces.len(), nonces.len(), data_keys.len()], [10_000; 3]);
}

#[test]
fn length_is_as_documented() {
    let key = ShopKey::new(SHOP, 1, Zeroizing::new(counting(0)));
    for length in [0, 1, 16, 1_000] {
        assert_eq!(key.seal(&PLACE, &vec![0; length]).expect("sealed").len(), length + 94);
    }
}

/// As many writes as a large installation makes in years, of which each takes three fresh values.
#[test]
fn row_43_a_million_writes_share_nothing() {
    const WRITES: usize = 1_000_000;
    let (mut keys, mut nonces) = (Vec::with_capacity(WRITES), Vec::with_capacity(WRITES * 2));
    for _ in 0..WRITES {
        let fresh = Fresh::new().expect("randomness");
        // Half a key is enough to tell keys apart: two that share sixteen bytes would be a find of their own.
        keys.push(u128::from_be_bytes(*fresh.data_key.first_chunk().expect("sixteen bytes")));
        nonces.extend([fresh.wrap_nonce, fresh.nonce]);
    }
    keys.sort_unstable();
    nonces.sort_unstable();
    assert!(keys.windows(2).all(|pair| pair[0] != pair[1]) && nonces.windows(2).all(|pair| pair[0] != pair[1]));
}
