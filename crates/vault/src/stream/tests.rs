//! Sealed files against an independent implementation, and what becomes of them in clumsy or evil hands.

use super::*;
use proptest::prelude::*;

const PLACE: FilePlace<'static> = FilePlace {
    shop: Uuid::from_u128(0x0198c1a2_0000_7000_8000_000000000001),
    file: Uuid::from_u128(0x0198c1a2_0000_7000_8000_0000000000f1),
    part: "whole",
};

fn key() -> FileKey {
    FileKey(Zeroizing::new(std::array::from_fn(|at| at as u8)))
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn sealed(length: usize) -> Vec<u8> {
    key().seal(&PLACE, &content(length)).expect("sealed")
}

fn refused(sealed: &[u8]) -> bool {
    key().open(&PLACE, sealed).is_err()
}

/// Made with Python's `cryptography` 48 (OpenSSL) from the format as documented, by `tests/known_answer_stream.py`.
const KNOWN: &str = "0131090807060504036dfef47a5a44b4096cf465d242db118313d27113db865400fd83079b297bcf894a2e";
/// SHA-256 of the sealed bytes of [`content`] of two chunks and one byte more.
const KNOWN_LONG: &str = "bf7cb20954bf46874a8d1abbd3a532e4f3592750b4394ac0eabe59795b0c4b16";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn known_answer() {
    use sha2::{Digest, Sha256};
    let prefix = [9, 8, 7, 6, 5, 4, 3];
    let short = key().seal_with(prefix, &PLACE, b"A photo of nothing").expect("sealed");
    assert_eq!(hex(&short), KNOWN);
    let long = key().seal_with(prefix, &PLACE, &content(2 * CHUNK + 1)).expect("sealed");
    assert_eq!(hex(&Sha256::digest(&long)), KNOWN_LONG);
}

#[test]
fn every_length_around_a_chunk_comes_back() {
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17] {
        let sealed = sealed(length);
        assert_eq!(key().open(&PLACE, &sealed).expect("opened").as_slice(), content(length), "{length}");
        assert_eq!(sealed.len(), HEAD + length + length.div_ceil(CHUNK).max(1) * TAG);
    }
}

#[test]
fn cutting_swapping_and_repeating_chunks_is_noticed() {
    let whole = sealed(3 * CHUNK + 5);
    let (head, body) = whole.split_at(HEAD);
    let chunks: Vec<&[u8]> = body.chunks(CHUNK + TAG).collect();
    let put =
        |order: &[usize]| [head.to_vec(), order.iter().map(|at| chunks[*at]).collect::<Vec<_>>().concat()].concat();
    assert!(!refused(&put(&[0, 1, 2, 3])));
    for order in
        [[].as_slice(), &[0], &[0, 1, 2], &[1, 2, 3], &[0, 2, 1, 3], &[0, 1, 1, 2, 3], &[0, 1, 2, 3, 3], &[3], &[0, 3]]
    {
        assert!(refused(&put(order)), "{order:?}");
    }
    assert!(refused(&[]) && refused(head) && refused(&whole[..HEAD - 1]));
    // A full last chunk is no middle one either: nothing can be put behind it.
    let full = sealed(2 * CHUNK);
    assert!(refused(&full[..HEAD + CHUNK + TAG]));
}

#[test]
fn a_file_opens_at_its_own_place_alone() {
    let sealed = sealed(100);
    for other in [
        FilePlace { shop: Uuid::from_u128(2), ..PLACE },
        FilePlace { file: Uuid::from_u128(2), ..PLACE },
        FilePlace { part: "small", ..PLACE },
    ] {
        assert!(matches!(key().open(&other, &sealed), Err(VaultError::Refused)), "{other:?}");
    }
    let fresh = FileKey::fresh().expect("random");
    assert!(matches!(fresh.open(&PLACE, &sealed), Err(VaultError::Refused)));
    assert!(FileKey::of(&[1; 31]).is_err() && FileKey::of(fresh.bytes()).is_ok());
    assert_eq!(format!("{fresh:?}"), "FileKey { .. }");
}

#[test]
fn a_thousand_files_share_no_key_and_no_prefix() {
    let keys: std::collections::HashSet<_> = (0..1_000).map(|_| *FileKey::fresh().expect("random").bytes()).collect();
    let prefixes: std::collections::HashSet<_> = (0..1_000).map(|_| sealed(1)[..HEAD].to_vec()).collect();
    assert_eq!((keys.len(), prefixes.len()), (1_000, 1_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_goes_in_comes_out(bytes in proptest::collection::vec(any::<u8>(), 0..3 * CHUNK)) {
        let sealed = key().seal(&PLACE, &bytes).expect("sealed");
        let opened = key().open(&PLACE, &sealed).expect("opened");
        prop_assert_eq!(opened.as_slice(), bytes.as_slice());
    }

    #[test]
    fn any_changed_byte_is_noticed(length in 0..2 * CHUNK + 9, at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut sealed = sealed(length);
        let at = at.index(sealed.len());
        sealed[at] ^= flip;
        prop_assert!(refused(&sealed));
    }

    #[test]
    fn any_cut_is_noticed(length in 0..2 * CHUNK + 9, at in any::<prop::sample::Index>()) {
        let sealed = sealed(length);
        prop_assert!(refused(&sealed[..at.index(sealed.len())]));
    }

    #[test]
    fn random_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(refused(&bytes));
    }
}
