//! Leaked passwords as a compact filter: two and a quarter bytes for each, never wrong about one it holds, and once in
//! 65 536 about one it does not. Built from an operator's corpus, read whole, asked without any network.
//!
//! File: magic(8) | listed(be64) | seed(be64) | segment_length, mask, count_length(be32 each) | prints(be64) | fingerprints
//! (be16 each) | sha256 of all before.

use crate::{Error, Result};
use sha2::{Digest, Sha256};
use std::{
    fmt::Display,
    fs,
    io::{BufRead, Write},
    path::Path,
};
use xorf::{BinaryFuse16, Descriptor, Filter};

const MAGIC: &[u8; 8] = b"shlbrch1";
const HEAD: usize = 8 + 8 + 8 + 12 + 8;
const SUM: usize = 32;

/// A filter of leaked passwords.
pub struct Breached {
    filter: BinaryFuse16,
    listed: u64,
}

impl Breached {
    /// Reads a corpus: a SHA-1 in hexadecimal a line, with or without `:count`, or a password a line.
    ///
    /// # Errors
    /// A corpus that cannot be read, or holds nothing.
    pub fn gather(corpus: impl BufRead) -> Result<Self> {
        let mut keys = Vec::new();
        for line in corpus.split(b'\n') {
            let line = line.map_err(|error| setup("the corpus cannot be read", error))?;
            let line = line.strip_suffix(b"\r").unwrap_or(&line);
            if !line.is_empty() {
                keys.push(hashed(line).unwrap_or_else(|| key(line)));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Err(Error::Setup("the corpus holds no password".into()));
        }
        let filter = BinaryFuse16::try_from(&keys).map_err(|error| setup("no filter could be made", error))?;
        Ok(Self { filter, listed: keys.len() as u64 })
    }

    /// How many different passwords went into it.
    #[must_use]
    pub const fn listed(&self) -> u64 {
        self.listed
    }

    /// Whether the password is on the list.
    #[must_use]
    pub fn holds(&self, password: &str) -> bool {
        self.filter.contains(&key(password.as_bytes()))
    }

    /// Writes the filter, whole or not at all.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let beside = path.with_extension("new");
        let written = fs::File::create(&beside).and_then(|mut file| {
            file.write_all(&self.bytes())?;
            file.sync_all()
        });
        written
            .and_then(|()| fs::rename(&beside, path))
            .map_err(|error| setup(&format!("{} cannot be written", path.display()), error))
    }

    /// Reads a filter.
    ///
    /// # Errors
    /// A file that is missing, cannot be read, or is not whole.
    pub fn load(path: &Path) -> Result<Self> {
        let name = format!("the list of leaked passwords, {},", path.display());
        let bytes = fs::read(path).map_err(|error| setup(&format!("{name} cannot be read"), error))?;
        Self::parse(&bytes)
            .ok_or_else(|| Error::Setup(format!("{name} is not whole: make it anew by `shearline breach build`")))
    }

    fn bytes(&self) -> Vec<u8> {
        let Descriptor { seed, segment_length, segment_length_mask, segment_count_length } = self.filter.descriptor;
        let mut out = Vec::with_capacity(HEAD + SUM + 2 * self.filter.fingerprints.len());
        out.extend_from_slice(MAGIC);
        out.extend(self.listed.to_be_bytes());
        out.extend(seed.to_be_bytes());
        for part in [segment_length, segment_length_mask, segment_count_length] {
            out.extend(part.to_be_bytes());
        }
        out.extend((self.filter.fingerprints.len() as u64).to_be_bytes());
        out.extend(self.filter.fingerprints.iter().flat_map(|print| print.to_be_bytes()));
        let sum = Sha256::digest(&out);
        out.extend_from_slice(&sum);
        out
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (content, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
        let head = content.strip_prefix(MAGIC).filter(|_| Sha256::digest(content).as_slice() == sum)?;
        let (listed, head) = wide(head)?;
        let (seed, head) = wide(head)?;
        let (segment_length, head) = narrow(head)?;
        let (segment_length_mask, head) = narrow(head)?;
        let (segment_count_length, head) = narrow(head)?;
        let (prints, rest) = wide(head)?;
        // Where the filter looks must be inside.
        let reach = u64::from(segment_count_length) + 2 * u64::from(segment_length);
        let whole = rest.len() as u64 == 2 * prints && reach <= prints && segment_length_mask < segment_length;
        let fingerprints = rest.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
        let descriptor = Descriptor { seed, segment_length, segment_length_mask, segment_count_length };
        whole.then_some(Self { filter: BinaryFuse16 { descriptor, fingerprints }, listed })
    }
}

fn wide(bytes: &[u8]) -> Option<(u64, &[u8])> {
    bytes.split_first_chunk().map(|(head, rest)| (u64::from_be_bytes(*head), rest))
}

fn narrow(bytes: &[u8]) -> Option<(u32, &[u8])> {
    bytes.split_first_chunk().map(|(head, rest)| (u32::from_be_bytes(*head), rest))
}

/// A password's place in the filter: the first eight bytes of its SHA-1, which is what corpora hold.
fn key(password: &[u8]) -> u64 {
    let digest = sha1::Sha1::digest(password);
    digest.first_chunk().map_or(0, |head| u64::from_be_bytes(*head))
}

/// The same, of a line that is such a hash already.
fn hashed(line: &[u8]) -> Option<u64> {
    let (hash, count) = line.split_at_checked(40)?;
    let counted = count.is_empty() || count.strip_prefix(b":").is_some_and(|n| n.iter().all(u8::is_ascii_digit));
    let hexadecimal = counted && hash.iter().all(u8::is_ascii_hexdigit);
    u64::from_str_radix(std::str::from_utf8(&hash[..16]).ok()?, 16).ok().filter(|_| hexadecimal)
}

fn setup(what: &str, error: impl Display) -> Error {
    Error::Setup(format!("{what}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(n: u32) -> String {
        format!("leaked password {n}")
    }

    #[test]
    fn row_22_every_listed_password_is_refused_and_hardly_any_other() {
        let corpus: String = (0..20_000).map(|n| format!("{}\r\n", listed(n))).collect();
        let made = Breached::gather(corpus.as_bytes()).unwrap();
        assert_eq!(made.listed(), 20_000);
        let read = Breached::parse(&made.bytes()).unwrap();
        assert!((0..20_000).all(|n| read.holds(&listed(n))));
        let wrong = (20_000..220_000).filter(|n| read.holds(&listed(*n))).count();
        assert!(wrong < 20, "{wrong} of 200000");
    }

    #[test]
    fn a_corpus_may_hold_hashes_with_counts() {
        // SHA-1 of "password", as corpora print it.
        let corpus = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004\n5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8\n\nanother:1\n";
        let made = Breached::gather(corpus.as_bytes()).unwrap();
        assert_eq!(made.listed(), 2);
        assert!(made.holds("password") && made.holds("another:1") && !made.holds("another"));
        assert!(Breached::gather("\n\r\n".as_bytes()).is_err());
    }

    #[test]
    fn a_damaged_file_is_no_filter() {
        let made = Breached::gather("one\ntwo\nthree\n".as_bytes()).unwrap().bytes();
        assert!(Breached::parse(&made).is_some());
        for at in 0..made.len() {
            let mut damaged = made.clone();
            damaged[at] ^= 1;
            assert!(Breached::parse(&damaged).is_none(), "byte {at}");
            assert!(Breached::parse(&made[..at]).is_none(), "cut at {at}");
        }
    }
}
