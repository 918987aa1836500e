//! Files: sealed in chunks of 64 KiB, each under the file's own key, so that a cut, a swap or a change of order is noticed.
//!
//! A sealed file: `0x01 ‖ 0x31 ‖ prefix(7) ‖ chunk …`. A chunk is AES-256-GCM of at most 65 536 bytes with its tag; its nonce is
//! `prefix ‖ index(4) ‖ last(1)`, the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár. Additional data of each
//! are format, shop, file and part, so that one part of a file does not open as another. All but the last are full.
//!
//! The key is fresh for each file and is kept sealed like any secret, in the file's row: see [`FileKey`].

use crate::aead::{self, KEY, Key, TAG};
use crate::bound::FORMAT;
use crate::cipher::Cipher;
use crate::error::VaultError;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Second byte of a sealed file.
const FILE: u8 = 0x31;
/// Random bytes in the front of each nonce.
const PREFIX: usize = 7;
/// Format, kind and prefix.
const HEAD: usize = 2 + PREFIX;
/// Bytes of a chunk before it is sealed.
pub const CHUNK: usize = 64 * 1024;

/// A file of a shop, or one of its parts: the picture, its small copy. Bytes sealed for one do not open as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilePlace<'a> {
    /// The shop.
    pub shop: Uuid,
    /// The file's id.
    pub file: Uuid,
    /// Which part of it.
    pub part: &'a str,
}

impl FilePlace<'_> {
    /// Each of fixed length but the last, so that no two places read the same.
    fn bound(&self) -> Vec<u8> {
        [b"file".as_slice(), &[FORMAT], self.shop.as_bytes(), self.file.as_bytes(), self.part.as_bytes()].concat()
    }
}

/// The key of one file and its parts, wiped when dropped. Keep [`FileKey::bytes`] sealed; nothing else opens the file.
pub struct FileKey(Key);

impl FileKey {
    /// A fresh one. Errs when the operating system gives no randomness.
    pub fn fresh() -> Result<FileKey, VaultError> {
        aead::random_key().map(FileKey)
    }

    /// As it was kept. Errs when these are not the bytes of a key.
    pub fn of(bytes: &[u8]) -> Result<FileKey, VaultError> {
        let bytes: &[u8; KEY] = bytes.try_into().map_err(|_| VaultError::Malformed)?;
        Ok(FileKey(Zeroizing::new(*bytes)))
    }

    /// What is to be sealed and kept.
    pub fn bytes(&self) -> &[u8; KEY] {
        &self.0
    }

    /// Seals a part of the file. Errs when the operating system gives no randomness, or for more than 2⁴⁸ bytes.
    pub fn seal(&self, place: &FilePlace<'_>, content: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.seal_with(aead::random()?, place, content)
    }

    fn seal_with(&self, prefix: [u8; PREFIX], place: &FilePlace<'_>, content: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (cipher, bound) = (self.cipher(place)?, place.bound());
        let chunks = content.len().div_ceil(CHUNK).max(1);
        let mut out = Vec::with_capacity(HEAD + content.len() + chunks * TAG);
        out.extend_from_slice(&[FORMAT, FILE]);
        out.extend_from_slice(&prefix);
        for index in 0..chunks {
            let chunk = &content[index * CHUNK..content.len().min((index + 1) * CHUNK)];
            let nonce = nonce(prefix, index, index + 1 == chunks)?;
            out.extend(cipher.seal(nonce, &bound, chunk)?);
        }
        Ok(out)
    }

    /// Opens a whole part. Errs when a byte, the order or the number of chunks, or the place differs: there is no half.
    pub fn open(&self, place: &FilePlace<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (head, body) = sealed.split_first_chunk::<HEAD>().ok_or(VaultError::Malformed)?;
        let [FORMAT, FILE, prefix @ ..] = *head else { return Err(VaultError::Malformed) };
        let (cipher, bound) = (self.cipher(place)?, place.bound());
        let chunks = body.len().div_ceil(CHUNK + TAG);
        let mut out = Zeroizing::new(Vec::with_capacity(body.len()));
        for (index, chunk) in body.chunks(CHUNK + TAG).enumerate() {
            let nonce = nonce(prefix, index, index + 1 == chunks)?;
            out.extend_from_slice(&cipher.open(nonce, &bound, chunk)?);
        }
        if chunks == 0 { Err(VaultError::Malformed) } else { Ok(out) }
    }

    /// Each part has a key of its own, so that two parts may have the same prefix.
    fn cipher(&self, place: &FilePlace<'_>) -> Result<Cipher, VaultError> {
        Cipher::new(&aead::derived(&self.0, &place.bound()))
    }
}

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileKey").finish_non_exhaustive()
    }
}

fn nonce(prefix: [u8; PREFIX], index: usize, last: bool) -> Result<[u8; PREFIX + 5], VaultError> {
    let mut nonce = [0; PREFIX + 5];
    nonce[..PREFIX].copy_from_slice(&prefix);
    let index = u32::try_from(index).map_err(|_| VaultError::Malformed)?;
    nonce[PREFIX..PREFIX + 4].copy_from_slice(&index.to_be_bytes());
    nonce[PREFIX + 4] = u8::from(last);
    Ok(nonce)
}

#[cfg(test)]
mod tests;
