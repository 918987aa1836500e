//! What a signer agrees to besides the document. A change of words is a new version: signatures keep the text they saw.

/// Version of [`CONSENT_TEXT`]; raised with every change of its words.
pub const CONSENT_VERSION: i32 = 2;

/// Consent to sign electronically: that the format can be opened, intent, the paper option and how to get a copy (ESIGN 15 USC 7001(c), UETA §9).
pub const CONSENT_TEXT: &str = "By signing I confirm that I could open and read the document above on this device, that I agree to it, and that I mean my drawn or typed signature to count \
as if I had written it on paper. I may ask the shop for a paper document to sign instead, now or for any later document, at no charge. The shop keeps the \
document, my signature, the time and the device's address as evidence, mails me a copy where it has my address, and gives me one whenever I ask.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_version_never_changes() {
        assert_eq!((CONSENT_VERSION, CONSENT_TEXT.len()), (2, 454), "a change of words is a new version");
        assert!(CONSENT_TEXT.contains("paper"));
    }
}
