//! AES-256-GCM and HMAC-SHA-256 as RustCrypto has them; with the feature `fips` as AWS-LC's validated module has them. Both
//! make the same bytes: what one sealed the other opens.

#[cfg(feature = "fips")]
mod aws_lc;
#[cfg(not(feature = "fips"))]
mod rust_crypto;

#[cfg(feature = "fips")]
pub(crate) use aws_lc::{Cipher, mac};
#[cfg(not(feature = "fips"))]
pub(crate) use rust_crypto::{Cipher, mac};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aead::Key;

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("digits")).collect()
    }

    /// Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B; NIST took it over.
    #[test]
    fn row_45_aes_gcm_makes_the_bytes_of_the_standard() {
        let mut key = Key::default();
        key.copy_from_slice(&unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
        let nonce: [u8; 12] = unhex("cafebabefacedbaddecaf888").try_into().expect("twelve");
        let bound = unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let clear = unhex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        );
        let sealed = unhex(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
        );
        let cipher = Cipher::new(&key).expect("a key");
        assert_eq!(cipher.seal(nonce, &bound, &clear).expect("seals"), sealed);
        assert_eq!(cipher.open(nonce, &bound, &sealed).expect("opens").as_slice(), clear);
        assert!(cipher.open(nonce, &bound[1..], &sealed).is_err(), "bound to nothing");
    }

    /// Test case 2 of RFC 4231, its key filled up with zeros as HMAC does it.
    #[test]
    fn row_45_hmac_makes_the_bytes_of_the_standard() {
        let mut key = Key::default();
        key[..4].copy_from_slice(b"Jefe");
        let made = mac(&key, b"what do ya want ", b"for nothing?");
        assert_eq!(made.as_slice(), unhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    }
}
