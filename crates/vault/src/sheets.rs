//! Recovery sheets: the root keys split in three by Shamir's scheme, so that any two give them back and one alone tells
//! nothing. On paper: short lines, each with a word that shows a slip of the pen.

use crate::aead;
use crate::error::VaultError;
use blahaj::{Share, Sharks};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Sheets that are made, and those that are needed.
const MADE: usize = 3;
const NEEDED: u8 = 2;
/// Bytes on a line of a sheet.
const LINE: usize = 8;
/// Bytes that show whether what two sheets gave is what was split.
const SUM: usize = 8;
const HEADING: &str = "SHEARLINE RECOVERY SHEET";

/// Why sheets give nothing back.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SheetError {
    /// The text is no sheet.
    #[error("this is no recovery sheet")]
    NoSheet,
    /// A line was copied wrong, or is missing.
    #[error("line {0} is missing, or does not go with its word: compare it with the paper")]
    Line(usize),
    /// Too few, or the same one twice.
    #[error("two different sheets are needed")]
    TooFew,
    /// Sheets of two splittings.
    #[error("these sheets were not made together")]
    Apart,
    /// They do not give back what was split.
    #[error("these sheets do not give a key back")]
    Wrong,
}

/// One of the three.
pub struct Sheet {
    set: [u8; 4],
    number: u8,
    share: Zeroizing<Vec<u8>>,
}

/// Splits a secret, such as the text of a key file, into three sheets.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn split(secret: &[u8]) -> Result<Vec<Sheet>, VaultError> {
    let set = aead::random()?;
    let mut whole = Zeroizing::new(Vec::with_capacity(secret.len() + SUM));
    whole.extend_from_slice(&sum(secret));
    whole.extend_from_slice(secret);
    let shares = Sharks(NEEDED).dealer(&whole).take(MADE);
    Ok(shares
        .enumerate()
        .map(|(n, share)| Sheet { set, number: n as u8 + 1, share: Zeroizing::new(Vec::from(&share)) })
        .collect())
}

/// The secret that two sheets give back.
///
/// # Errors
/// Says what is wrong with them.
pub fn join(sheets: &[Sheet]) -> Result<Zeroizing<Vec<u8>>, SheetError> {
    let first = sheets.first().ok_or(SheetError::TooFew)?;
    if sheets.iter().any(|sheet| sheet.set != first.set) {
        return Err(SheetError::Apart);
    }
    if sheets.iter().all(|sheet| sheet.number == first.number) {
        return Err(SheetError::TooFew);
    }
    let shares: Result<Vec<Share>, _> = sheets.iter().map(|sheet| Share::try_from(sheet.share.as_slice())).collect();
    let whole = Sharks(NEEDED).recover(&shares.map_err(|_| SheetError::Wrong)?).map_err(|_| SheetError::Wrong)?;
    let whole = Zeroizing::new(whole);
    match whole.split_first_chunk::<SUM>() {
        Some((check, secret)) if sum(secret) == *check => Ok(Zeroizing::new(secret.to_vec())),
        _ => Err(SheetError::Wrong),
    }
}

impl Sheet {
    /// As it is printed.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(400 + self.share.len() * 6));
        text.push_str(&format!(
            "{HEADING} {} of {MADE} · set {}\n\nAny two of the three give back the keys of this installation; one alone tells nothing.\nKeep each at another place, with another person. On each line the word shows whether the digits were copied right.\nTo use them: shearline keys join SHEET SHEET\n\n",
            self.number,
            hex(&self.set)
        ));
        for (n, line) in self.share.chunks(LINE).enumerate() {
            let digits = Zeroizing::new(hex(line));
            text.push_str(&format!("{:>3}  ", n + 1));
            for group in digits.as_bytes().chunks(4) {
                text.push_str(&String::from_utf8_lossy(group));
                text.push(' ');
            }
            text.push_str(&" ".repeat((LINE - line.len()) / 2 * 5));
            text.push_str(&format!(" {}\n", self.word(n, line)));
        }
        text.push_str(&format!("\nend {}\n", self.word(usize::MAX, &self.share)));
        text
    }

    /// Reads a sheet as it was typed off the paper: letters in any case, spaces anywhere.
    ///
    /// # Errors
    /// Names the line that does not go with its word.
    pub fn read(text: &str) -> Result<Sheet, SheetError> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let words = |line: &str| line.to_uppercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let heading = lines.by_ref().map(words).find(|words| words.join(" ").starts_with(HEADING));
        let words = heading.ok_or(SheetError::NoSheet)?;
        let number = words.get(3).and_then(|word| word.parse().ok()).ok_or(SheetError::NoSheet)?;
        let set = words.last().and_then(|word| unhex(word)).ok_or(SheetError::NoSheet)?;
        let set = set.as_slice().try_into().map_err(|_| SheetError::NoSheet)?;
        let mut sheet = Sheet { set, number, share: Zeroizing::new(Vec::new()) };
        let mut count = 0;
        for line in lines {
            let lower = Zeroizing::new(line.to_lowercase());
            let parts: Vec<&str> = lower.split_whitespace().collect();
            match parts[..] {
                ["end", word] => {
                    let whole = word == sheet.word(usize::MAX, &sheet.share);
                    return if whole { Ok(sheet) } else { Err(SheetError::Line(count + 1)) };
                }
                [at, ref digits @ .., word] if at.parse() == Ok(count + 1) => {
                    let bytes = unhex(&digits.concat()).ok_or(SheetError::Line(count + 1))?;
                    if sheet.word(count, &bytes) != word {
                        return Err(SheetError::Line(count + 1));
                    }
                    sheet.share.extend_from_slice(&bytes);
                    count += 1;
                }
                [at, ..] if at.bytes().all(|byte| byte.is_ascii_digit()) => return Err(SheetError::Line(count + 1)),
                _ => {}
            }
        }
        Err(SheetError::Line(count + 1))
    }

    /// The word of a line: five letters that can be said aloud, of sixteen bits.
    fn word(&self, line: usize, bytes: &[u8]) -> String {
        let mut hash = Sha256::new_with_prefix(b"shearline-sheet-line");
        hash.update(self.set);
        hash.update([self.number]);
        hash.update((line as u64).to_be_bytes());
        hash.update(bytes);
        let sum: [u8; 32] = hash.finalize().into();
        let bits = u16::from_be_bytes([sum[0], sum[1]]);
        let letter = |set: &[u8], shift: u32, mask: u16| char::from(set[usize::from(bits >> shift & mask)]);
        let (hard, soft) = (b"bdfghjklmnprstvz", b"aiou");
        [letter(hard, 12, 15), letter(soft, 10, 3), letter(hard, 6, 15), letter(soft, 4, 3), letter(hard, 0, 15)]
            .iter()
            .collect()
    }
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("number", &self.number).finish_non_exhaustive()
    }
}

fn sum(secret: &[u8]) -> [u8; SUM] {
    let mut sum = [0; SUM];
    let whole = Sha256::new_with_prefix(b"shearline-sheet").chain_update(secret).finalize();
    sum.copy_from_slice(&whole[..SUM]);
    sum
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok());
    pairs.collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}
