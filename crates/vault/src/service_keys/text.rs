//! The text of a file of wrapped root keys, version 2: a heading, the installation, its service, the active key's id, and a
//! line for each key with its check.

use super::{Held, Wrapped};
use crate::aead::CHECK;
use crate::key_file::text::{hex, number, unhex};
use std::collections::BTreeMap;
use uuid::Uuid;
use zeroize::Zeroizing;

const HEADING: &str = "shearline-root-keys 2";

/// Whether a file is of this version.
pub(super) fn is_ours(text: &str) -> bool {
    text.lines().next().map(str::trim) == Some(HEADING)
}

/// The text of a file.
pub(super) fn write(held: &Held) -> Zeroizing<String> {
    let mut text = format!(
        "{HEADING}\n# These keys are wrapped by the key service named here: without it they open nothing. Keep a copy apart from the database.\n"
    );
    text.push_str(&format!("service {}\ninstallation {}\nactive {}\n", held.service, held.installation, held.active));
    for (id, Wrapped { bytes, check }) in &held.keys {
        text.push_str(&format!("wrapped {id} {} {}\n", hex(bytes).as_str(), hex(check).as_str()));
    }
    Zeroizing::new(text)
}

/// Reads the text; errs with the line's number and what is wrong with it.
pub(super) fn read(text: &str) -> Result<Held, (usize, &'static str)> {
    if !is_ours(text) {
        return Err((1, "it does not begin with the heading of a file of wrapped keys"));
    }
    let (mut service, mut installation, mut active, mut keys) = (None, None, None, BTreeMap::new());
    for (at, line) in text.lines().enumerate().skip(1).map(|(at, line)| (at + 1, line.trim())) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [] => {}
            [first, ..] if first.starts_with('#') => {}
            ["service", ref name @ ..] if service.is_none() => service = Some(name.join(" ")),
            ["installation", id] if installation.is_none() => {
                installation = Some(Uuid::parse_str(id).map_err(|_| (at, "the installation is not an id"))?);
            }
            ["active", id] if active.is_none() => active = Some(number(id).ok_or((at, "the id is not a number"))?),
            ["wrapped", id, bytes, check] => {
                let id = number(id).ok_or((at, "the id is not a number"))?;
                if keys.insert(id, wrapped(bytes, check).map_err(|problem| (at, problem))?).is_some() {
                    return Err((at, "this id stands twice"));
                }
            }
            _ => return Err((at, "the line is not understood")),
        }
    }
    let active = active.ok_or((0, "no key is active"))?;
    if !keys.contains_key(&active) {
        return Err((0, "the active key is not in it"));
    }
    let installation = installation.ok_or((0, "it names no installation"))?;
    Ok(Held { installation, service: service.unwrap_or_default(), active, keys })
}

fn wrapped(digits: &str, check: &str) -> Result<Wrapped, &'static str> {
    let mut bytes = vec![0; digits.len() / 2];
    unhex(digits, &mut bytes).ok_or("the wrapped key is not in hexadecimal digits")?;
    let mut expected = [0; CHECK];
    unhex(check, &mut expected).ok_or("the check is not 32 hexadecimal digits")?;
    Ok(Wrapped { bytes, check: expected })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_reads_back_and_damage_is_named_by_line() {
        let keys = BTreeMap::from([(3, Wrapped { bytes: vec![1, 2, 255], check: [9; CHECK] })]);
        let held = Held { installation: Uuid::from_u128(7), service: "Vault transit".into(), active: 3, keys };
        let good = write(&held);
        let again = read(&good).unwrap_or_else(|_| panic!("its own text"));
        assert_eq!((again.installation, again.active, again.service.as_str()), (held.installation, 3, "Vault transit"));
        assert_eq!((again.keys[&3].bytes.as_slice(), again.keys[&3].check), (&[1, 2, 255][..], [9; CHECK]));
        let table = [
            (String::new(), 1),
            (good.replace("keys 2", "keys 1"), 1),
            (good.replace("wrapped 3 0102ff", "wrapped 3 0102f"), 6),
            (good.replace("wrapped 3 ", "wrapped 0 "), 6),
            (good.replace(" 0909", " 09zz"), 6),
            (good.replace("active 3", "active 2"), 0),
            (good.replace("active 3", ""), 0),
            (good.replace("installation 0", "installation x"), 4),
            (good.replace("installation", "# installation"), 0),
            (good.replace("service", "serves"), 3),
            (format!("{}{}", good.as_str(), good.lines().last().unwrap_or_default()), 7),
        ];
        for (text, line) in table {
            assert_eq!(read(&text).map_err(|(at, _)| at).err(), Some(line), "{text}");
        }
    }
}
