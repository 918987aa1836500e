//! Photos from strangers: no panic, no more memory than allowed (the runner's limit), and only plain pixels come out.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(picture) = pictures::take(data) else { return };
    assert!(picture.width.max(picture.height) <= pictures::KEPT_SIDE);
    assert!(picture.whole.starts_with(&[0xff, 0xd8]) && picture.small.starts_with(&[0xff, 0xd8]));
    // What was kept is a photo itself.
    assert!(pictures::take(&picture.whole).is_ok());
});
