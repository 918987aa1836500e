//! What can go wrong. No message holds a key, a plaintext or a ciphertext.

/// Why something was not sealed or not opened. Reads fail closed: there is never a partial plaintext.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The bytes are not of a known format, or cut short.
    #[error("the sealed bytes are not in a known format")]
    Malformed,
    /// The bytes were changed, or sealed for another shop, place or version, or under another key.
    #[error("the sealed bytes do not open here")]
    Refused,
    /// Sealed under another generation of the shop's key: load that one.
    #[error("sealed under generation {needed} of the shop's key, not {loaded}")]
    OtherGeneration {
        /// The generation named in the sealed bytes.
        needed: i32,
        /// The generation that was used.
        loaded: i32,
    },
    /// Wrapped by a root key that this provider does not hold.
    #[error("root key {0} is not available")]
    UnknownRootKey(u32),
    /// The key provider cannot be reached: nothing can be sealed or opened now.
    #[error("the key provider does not answer: {0}")]
    Provider(String),
    /// The key service answers, and says no: the key was taken back, or the credential is not good for it.
    #[error("the key service says no: {0}")]
    Denied(String),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
}
