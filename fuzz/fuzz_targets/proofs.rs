//! Proof files, as a stranger hands them in: no panic, and a yes only for the document and the entry that were proved.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proof::{Origin, ProofFile, Signer, Trusted, verify};
use uuid::Uuid;

/// The sample that every later version must read (crates/proof/tests).
const KEPT: &[u8] = include_bytes!("../../crates/proof/tests/sample/signed.tlog-proof");
const DOCUMENT: &[u8] = b"<h1>Work order 1042</h1><p>Two cylinders replaced.</p>";
const SHOP: Uuid = Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001);

fuzz_target!(|data: &[u8]| {
    if let Ok(file) = ProofFile::read(data) {
        let text = file.to_text().expect("what was read can be written");
        assert_eq!(ProofFile::read(text.as_bytes()).expect("and read again"), file);
    }
    let trusted = Trusted::Key(Signer::new(Origin(SHOP), &[7; 32]).key());
    if verify(data, Some(DOCUMENT), &trusted).is_yes() {
        let file = ProofFile::read(data).expect("a yes is of a proof");
        let kept = ProofFile::read(KEPT).expect("the sample");
        assert_eq!(file.bundle.entry, kept.bundle.entry);
        assert_eq!(file.bundle.payload, kept.bundle.payload);
    }
});
