//! C2SP signed notes: a text, an empty line, and signatures by name.

use crate::{
    hash::{base64, unbase64},
    key::Key,
};

/// What a signature line begins with: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// The text with a signature of it underneath. The text ends with a newline.
pub fn signed(text: &str, key: &Key, signature: &[u8; 64]) -> String {
    let signature = [key.id().as_slice(), signature].concat();
    format!("{text}\n{DASH}{} {}\n", key.origin(), base64(&signature))
}

/// The text of a note and its signature lines; none when it is no note.
pub fn split(note: &str) -> Option<(&str, &str)> {
    let cut = note.rfind("\n\n")?;
    let (text, lines) = (&note[..=cut], &note[cut + 2..]);
    let signed = lines.ends_with('\n') && lines.lines().all(|line| signature(line).is_some());
    (signed && !lines.is_empty() && !lines.contains('\r')).then_some((text, lines))
}

/// Whether one of the lines is this key's signature of the text. Lines of others, such as witnesses, are passed over; a
/// wrong line in this key's name is refused, as the format demands.
pub fn signed_by(text: &str, lines: &str, key: &Key) -> bool {
    let (name, mut found) = (key.origin().to_string(), false);
    for (by, bytes) in lines.lines().filter_map(signature) {
        if by == name
            && let Some(rest) = bytes.strip_prefix(&key.id())
        {
            if !key.signed(text.as_bytes(), rest) {
                return false;
            }
            found = true;
        }
    }
    found
}

fn signature(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, encoded) = line.strip_prefix(DASH)?.split_once(' ')?;
    let bytes = unbase64(encoded)?;
    (!name.is_empty() && bytes.len() > 4).then_some((name, bytes))
}
