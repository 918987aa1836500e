//! Checkpoints and keys as text: no panic, and whatever is read is kept as it came.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proof::{Bundle, Checkpoint, Entry, Evidence, Frontier, Key, Trusted};

fuzz_target!(|data: &[u8]| {
    if let Some(entry) = Entry::read(data) {
        assert_eq!(entry.to_bytes(), data);
    }
    if let Some(bundle) = Bundle::read(data) {
        assert_eq!(bundle.to_bytes().expect("what was read can be written"), data);
    }
    if let Some(frontier) = Frontier::from_bytes(data.len() as u64, data) {
        assert_eq!(frontier.to_bytes(), data);
        let _ = frontier.root();
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(checkpoint) = Checkpoint::read(text) {
        assert_eq!(checkpoint.note(), text);
    }
    if let Ok(key) = text.parse::<Key>() {
        assert_eq!(key.to_string().parse::<Key>().map(|again| again.fingerprint()), Ok(key.fingerprint()));
    }
    if let Some(evidence) = Evidence::read(text) {
        assert_eq!(evidence.to_text().expect("what was read can be written"), text);
    }
    let _ = Trusted::read(text);
});
