//! keyd's frames: whatever is read as one is written as the same bytes again, so no two readers see different things.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vault::keyd::{Answer, Request};

fuzz_target!(|data: &[u8]| {
    if let Some(request) = Request::from_bytes(data) {
        assert_eq!(request.to_bytes().as_slice(), data);
    }
    if let Some(answer) = Answer::from_bytes(data) {
        assert_eq!(answer.to_bytes().as_slice(), data);
    }
});
