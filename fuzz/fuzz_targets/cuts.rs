//! Bittings as they are typed: no panic, and whatever is read in a make's symbols is written as the same key.
#![no_main]

use keying::KeySpec;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static MAKES: LazyLock<Vec<KeySpec>> = LazyLock::new(keying::catalogue);

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for make in MAKES.iter() {
        if let Ok(bitting) = make.read(text) {
            let written = make.write(&bitting).expect("cuts of this make");
            assert!(make.read(&written).is_ok_and(|again| again == bitting));
        }
    }
});
