//! What a signer agrees to besides the document. A change of words is a new version: signatures keep the text they saw.

/// Version of [`CONSENT_TEXT`]; raised with every change of its words.
pub const CONSENT_VERSION: i32 = 1;

/// Consent to sign electronically: intent, the paper option and how to get a copy (ESIGN 15 USC 7001(c), UETA §9).
pub const CONSENT_TEXT: &str = "By signing I confirm that I have read the document above and agree to it, and that I mean my drawn or typed signature to count \
as if I had written it on paper. I may ask the shop for a paper document to sign instead, now or for any later document, at no charge. The shop keeps the \
document, my signature, the time and the device's address as evidence, and will give me a copy when I ask for one.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_version_1_never_changes() {
        assert_eq!((CONSENT_VERSION, CONSENT_TEXT.len()), (1, 395), "a change of words is a new version");
        assert!(CONSENT_TEXT.contains("paper"));
    }
}
