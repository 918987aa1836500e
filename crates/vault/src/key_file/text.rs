//! The key file's text, version 1: a heading, the active key's id, and a line for each key with its check.

use super::Keys;
use crate::aead::{CHECK, Key, key_check};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

const HEADING: &str = "shearline-root-keys 1";
const CHECKED_AS: &[u8] = b"root";

/// The text of a file.
pub(crate) fn write(keys: &Keys) -> Zeroizing<String> {
    // Room for all, so that growing leaves no copy behind.
    let mut text = Zeroizing::new(String::with_capacity(400 + keys.keys.len() * 120));
    text.push_str(HEADING);
    text.push_str("\n# Whoever holds this file can open every secret; without it nobody can. Keep a copy apart from the database.\n");
    text.push_str(&format!("active {}\n", keys.active));
    for (id, key) in &keys.keys {
        text.push_str(&format!("key {id} "));
        text.push_str(&hex(key.as_slice()));
        text.push(' ');
        text.push_str(&hex(&key_check(key, CHECKED_AS)));
        text.push('\n');
    }
    text
}

/// Reads the text; errs with the line's number and what is wrong with it.
pub(super) fn read(text: &str) -> Result<Keys, (usize, &'static str)> {
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    if lines.next().map(|(_, line)| line) != Some(HEADING) {
        return Err((1, "it does not begin with the heading of a key file of version 1"));
    }
    let (mut active, mut keys) = (None, BTreeMap::new());
    for (at, line) in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [] => {}
            [first, ..] if first.starts_with('#') => {}
            ["active", id] if active.is_none() => active = Some(number(id).ok_or((at, "the id is not a number"))?),
            ["key", id, secret, check] => {
                let id = number(id).ok_or((at, "the id is not a number"))?;
                let key = checked_key(secret, check).map_err(|problem| (at, problem))?;
                if keys.insert(id, key).is_some() {
                    return Err((at, "this id stands twice"));
                }
            }
            _ => return Err((at, "the line is not understood")),
        }
    }
    match active {
        Some(active) if keys.contains_key(&active) => Ok(Keys { active, keys }),
        Some(_) => Err((0, "the active key is not in it")),
        None => Err((0, "no key is active")),
    }
}

pub(crate) fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|id| *id > 0)
}

fn checked_key(secret: &str, check: &str) -> Result<Key, &'static str> {
    let mut key = Key::default();
    unhex(secret, key.as_mut_slice()).ok_or("the key is not 64 hexadecimal digits")?;
    let mut expected = [0; CHECK];
    unhex(check, &mut expected).ok_or("the check is not 32 hexadecimal digits")?;
    if key_check(&key, CHECKED_AS) == expected { Ok(key) } else { Err("the key does not match its check") }
}

pub(crate) fn hex(bytes: &[u8]) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    // Room for all, so that growing leaves no copy behind.
    let mut out = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)].into());
        out.push(DIGITS[usize::from(byte & 15)].into());
    }
    out
}

pub(crate) fn unhex(text: &str, out: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != out.len() * 2 {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = [pair[0], pair[1]].map(|digit| char::from(digit).to_digit(16));
        *byte = (high? << 4 | low?) as u8;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aead::KEY;

    fn keys(key: &Key) -> Keys {
        Keys { active: 1, keys: BTreeMap::from([(1, key.clone())]) }
    }

    #[test]
    fn written_reads_back() {
        let key = Key::new([7; KEY]);
        let file = read(&write(&keys(&key))).expect("its own text");
        assert_eq!((file.active, file.keys.get(&1)), (1, Some(&key)));
    }

    #[test]
    fn damage_is_named_by_line() {
        let good = write(&keys(&Key::new([7; KEY])));
        let table = [
            (String::new(), 1),
            ("shearline-root-keys 2\n".into(), 1),
            (good.replace("key 1 07", "key 1 08"), 4),
            (good.replace("key 1 07", "key 1 0"), 4),
            (good.replace("key 1 07", "key 1 zz"), 4),
            (good.replace("key 1", "key 0"), 4),
            (good.replace("active 1", "active one"), 3),
            (good.replace("active 1", "active 2"), 0),
            (good.replace("active 1", ""), 0),
            (good.replace("active 1", "active 1\nactive 1"), 4),
            (format!("{}{}", good.as_str(), good.lines().last().unwrap_or_default()), 5),
            (good.replace("active", "inactive"), 3),
        ];
        for (text, line) in table {
            assert_eq!(read(&text).map_err(|(at, _)| at).err(), Some(line), "{line}");
        }
    }
}
