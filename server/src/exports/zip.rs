//! A ZIP archive, written as it comes: no file is held whole, and the same files give the same bytes (all of them dated the
//! first of January 1980, in the order they were put in).

use flate2::{Compression, write::DeflateEncoder};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// UTF-8 names; sizes follow the file.
const FLAGS: u16 = 0x0808;
const DEFLATED: u16 = 8;
/// 1980-01-01.
const DATE: u16 = 0x0021;
/// Version 2.0, made on Unix.
const NEEDED: u16 = 20;
const MADE_BY: u16 = 0x0314;
/// An ordinary file that everybody may read.
const MODE: u32 = 0o100_644 << 16;

/// A file that was put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

struct Central {
    name: String,
    crc: u32,
    packed: u32,
    size: u32,
    at: u32,
}

struct Open {
    name: String,
    at: u64,
    packed: u64,
    size: u64,
    crc: crc32fast::Hasher,
    hash: Sha256,
    encoder: DeflateEncoder<Vec<u8>>,
}

/// An archive that is being written. Each call gives the bytes that are next.
#[derive(Default)]
pub struct Zip {
    at: u64,
    files: Vec<Central>,
    open: Option<Open>,
}

fn small(number: u64) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| io::Error::other("more than four gigabytes do not fit into one archive"))
}

fn put(out: &mut Vec<u8>, shorts: &[u16], longs: &[u32]) {
    shorts.iter().for_each(|short| out.extend_from_slice(&short.to_le_bytes()));
    longs.iter().for_each(|long| out.extend_from_slice(&long.to_le_bytes()));
}

fn length(name: &str) -> u16 {
    u16::try_from(name.len()).unwrap_or(u16::MAX)
}

impl Zip {
    /// Begins a file. The one before must have ended.
    pub fn begin(&mut self, name: &str) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, &[], &[0x0403_4b50]);
        put(&mut out, &[NEEDED, FLAGS, DEFLATED, 0, DATE], &[0, 0, 0]);
        put(&mut out, &[length(name), 0], &[]);
        out.extend_from_slice(name.as_bytes());
        let encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        let (crc, hash) = (crc32fast::Hasher::new(), Sha256::new());
        self.open = Some(Open { name: name.to_owned(), at: self.at, packed: 0, size: 0, crc, hash, encoder });
        self.at += out.len() as u64;
        out
    }

    /// More of the file.
    ///
    /// # Errors
    /// Only what the packer says.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let open = self.open.as_mut().ok_or_else(|| io::Error::other("no file was begun"))?;
        open.crc.update(bytes);
        open.hash.update(bytes);
        open.size += bytes.len() as u64;
        open.encoder.write_all(bytes)?;
        let out = std::mem::take(open.encoder.get_mut());
        open.packed += out.len() as u64;
        self.at += out.len() as u64;
        Ok(out)
    }

    /// The end of the file, and what it was.
    ///
    /// # Errors
    /// A file of more than four gigabytes.
    pub fn end(&mut self) -> io::Result<(Vec<u8>, Packed)> {
        let open = self.open.take().ok_or_else(|| io::Error::other("no file was begun"))?;
        let mut out = open.encoder.finish()?;
        let packed = small(open.packed + out.len() as u64)?;
        let (crc, size) = (open.crc.finalize(), small(open.size)?);
        put(&mut out, &[], &[0x0807_4b50, crc, packed, size]);
        self.at += out.len() as u64;
        let sha256 = proof::hex(&open.hash.finalize());
        self.files.push(Central { name: open.name.clone(), crc, packed, size, at: small(open.at)? });
        Ok((out, Packed { name: open.name, bytes: open.size, sha256 }))
    }

    /// A whole file at once.
    ///
    /// # Errors
    /// As for the others.
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<(Vec<u8>, Packed)> {
        let mut out = self.begin(name);
        out.extend(self.write(bytes)?);
        let (end, packed) = self.end()?;
        out.extend(end);
        Ok((out, packed))
    }

    /// The archive's own list, at its end.
    ///
    /// # Errors
    /// An archive of more than four gigabytes.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        for file in &self.files {
            put(&mut out, &[], &[0x0201_4b50]);
            put(&mut out, &[MADE_BY, NEEDED, FLAGS, DEFLATED, 0, DATE], &[file.crc, file.packed, file.size]);
            put(&mut out, &[length(&file.name), 0, 0, 0, 0], &[MODE, file.at]);
            out.extend_from_slice(file.name.as_bytes());
        }
        let (size, at) = (small(out.len() as u64)?, small(self.at)?);
        let count = u16::try_from(self.files.len()).map_err(|_| io::Error::other("too many files for one archive"))?;
        put(&mut out, &[], &[0x0605_4b50]);
        put(&mut out, &[0, 0, count, count], &[size, at]);
        put(&mut out, &[0], &[]);
        Ok(out)
    }
}
