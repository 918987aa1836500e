//! Texts: names, notes, e-mail addresses, telephone numbers.

use super::{Checker, named};
use crate::money::grouped;
use crate::phone::Phone;

impl Checker {
    /// A required line of text, trimmed, of at most `max` characters.
    pub fn text(&mut self, field: &str, value: &str, max: usize) -> String {
        let read = required(field, value).and_then(|value| line(value, max));
        self.take(field, read, String::new())
    }

    /// A line of text, trimmed; `None` when nothing was typed.
    pub fn optional_text(&mut self, field: &str, value: &str, max: usize) -> Option<String> {
        self.take_optional(field, value, |value| line(value, max))
    }

    /// Required text of several lines, from a text area. Line ends become `\n`.
    pub fn long_text(&mut self, field: &str, value: &str, max: usize) -> String {
        let read = required(field, value).and_then(|value| lines(value, max));
        self.take(field, read, String::new())
    }

    /// Text of several lines; `None` when nothing was typed.
    pub fn optional_long_text(&mut self, field: &str, value: &str, max: usize) -> Option<String> {
        self.take_optional(field, value, |value| lines(value, max))
    }

    /// The e-mail address somebody signs in by, in small letters however it is typed: a telephone begins with a capital.
    pub fn email(&mut self, field: &str, value: &str) -> String {
        let read = required(field, value).and_then(email).map(|address| address.to_ascii_lowercase());
        self.take(field, read, String::new())
    }

    /// An e-mail address to write to; `None` when nothing was typed. The domain comes in small letters, the name as typed.
    pub fn optional_email(&mut self, field: &str, value: &str) -> Option<String> {
        self.take_optional(field, value, email)
    }

    /// A required telephone number.
    pub fn phone(&mut self, field: &str, value: &str) -> Phone {
        let read = required(field, value).and_then(phone);
        self.take(field, read, Phone::default())
    }

    /// A telephone number; `None` when nothing was typed.
    pub fn optional_phone(&mut self, field: &str, value: &str) -> Option<Phone> {
        self.take_optional(field, value, phone)
    }
}

/// Whether a text shows nothing: empty, spaces, or only characters without width.
pub(super) fn is_blank(value: &str) -> bool {
    value.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'))
}

/// The value, or "Enter a name." when nothing was typed.
pub(super) fn required<'v>(field: &str, value: &'v str) -> Result<&'v str, String> {
    if is_blank(value) { Err(format!("Enter {}.", named(field))) } else { Ok(value) }
}

fn line(value: &str, max: usize) -> Result<String, String> {
    let value = value.trim();
    printable(value, |c| c.is_control())?;
    within(value, max)?;
    Ok(value.to_owned())
}

fn lines(value: &str, max: usize) -> Result<String, String> {
    let value = value.replace("\r\n", "\n").replace('\r', "\n");
    let value = value.trim_end().trim_start_matches('\n');
    printable(value, |c| c.is_control() && c != '\n' && c != '\t')?;
    within(value, max)?;
    Ok(value.to_owned())
}

/// PostgreSQL cannot store NUL, and no other control character belongs in a name.
fn printable(value: &str, refused: impl Fn(char) -> bool) -> Result<(), String> {
    match value.chars().find(|&c| refused(c)) {
        None => Ok(()),
        Some('\0') => Err("This contains a NUL character, which cannot be kept. Type it again without it.".into()),
        Some('\n' | '\r') => Err("Keep it to one line.".into()),
        Some(_) => Err("This contains a hidden control character. Type it again without it.".into()),
    }
}

fn within(value: &str, max: usize) -> Result<(), String> {
    let count = value.chars().count();
    if count <= max {
        return Ok(());
    }
    let [max, count] = [max, count].map(|n| grouped(n as u64, Some(' ')));
    Err(format!("Keep it to {max} characters: this has {count}."))
}

fn phone(value: &str) -> Result<Phone, String> {
    Phone::parse(value).map_err(|_| "Enter a phone number like 416 555 0132.".into())
}

/// Addresses that mail can be sent to: `name@example.com`, ASCII, at most 254 characters (RFC 5321 4.5.3.1), the
/// name of at most 64. Quoted names and bare hosts are refused: nobody's client has one.
fn email(value: &str) -> Result<String, String> {
    let wrong = || "Enter an e-mail address like name@example.com.".to_owned();
    let value = value.trim();
    let (name, domain) = value.rsplit_once('@').ok_or_else(wrong)?;
    let name_fits = name.len() <= 64 && name.split('.').all(|part| !part.is_empty() && part.bytes().all(is_name_byte));
    if value.len() > 254 || !name_fits || !is_domain(domain) {
        return Err(wrong());
    }
    Ok(format!("{name}@{}", domain.to_ascii_lowercase()))
}

/// RFC 5322 atext.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.') && domain.split('.').all(is_label) && !top.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use crate::fields::check;

    fn words<T>(read: Result<T, crate::fields::FieldErrors>) -> Option<String> {
        read.err().and_then(|errors| errors.iter().next().map(|(_, words)| words.to_owned()))
    }

    #[test]
    fn lines_of_text() {
        let long = "é".repeat(3_400);
        let table: &[(&str, Result<&str, &str>)] = &[
            ("  Kestrel Property  ", Ok("Kestrel Property")),
            ("<script>alert(1)</script>", Ok("<script>alert(1)</script>")),
            ("=cmd|' /C calc'!A0", Ok("=cmd|' /C calc'!A0")),
            ("鍵屋 🔑 Ключ", Ok("鍵屋 🔑 Ключ")),
            ("", Err("Enter a name.")),
            (" \u{a0}\u{200b}", Err("Enter a name.")),
            (&long, Err("Keep it to 120 characters: this has 3 400.")),
            ("a\0b", Err("This contains a NUL character, which cannot be kept. Type it again without it.")),
            ("a\u{1b}[31m", Err("This contains a hidden control character. Type it again without it.")),
            ("a\u{85}b", Err("This contains a hidden control character. Type it again without it.")),
            ("a\r\nb", Err("Keep it to one line.")),
        ];
        for (value, want) in table {
            let read = check(|c| c.text("name", value, 120));
            match want {
                Ok(text) => assert_eq!(read.as_deref(), Ok(*text)),
                Err(sentence) => assert_eq!(words(read).as_deref(), Some(*sentence)),
            }
        }
        assert!(check(|c| c.text("name", &"é".repeat(120), 120)).is_ok());
        assert_eq!(check(|c| c.optional_text("unit", "  ", 10)), Ok(None));
        assert_eq!(check(|c| c.optional_text("unit", "4B ", 10)), Ok(Some("4B".into())));
        assert!(check(|c| c.optional_text("unit", "4B\0", 10)).is_err());
    }

    #[test]
    fn areas_of_text() {
        let kept = check(|c| c.long_text("notes", "\r\n  Side door\r\n\tbell\rtwice\n\n", 100));
        assert_eq!(kept.as_deref(), Ok("  Side door\n\tbell\ntwice"));
        assert_eq!(words(check(|c| c.long_text("notes", " ", 100))).as_deref(), Some("Enter notes."));
        assert!(check(|c| c.long_text("notes", "a\0", 100)).is_err());
        assert_eq!(check(|c| c.optional_long_text("notes", "\n", 5)), Ok(None));
    }

    #[test]
    fn addresses() {
        for (typed, want) in [
            ("Ann@Example.COM ", "ann@example.com"),
            ("o'brien+keys@mail.example.co.uk", "o'brien+keys@mail.example.co.uk"),
        ] {
            assert_eq!(check(|c| c.email("email", typed)).as_deref(), Ok(want));
        }
        let refused = [
            "ann",
            "ann@",
            "@example.com",
            "ann@localhost",
            "a b@example.com",
            "ann@exa mple.com",
            "ann@example..com",
            ".ann@example.com",
            "ann@-x.com",
            "ann@10.0.0.1",
            "ann@example.com\0",
            "ann@example.com\nBcc: x@y.zz",
            "<ann@example.com>",
            "änn@example.com",
        ];
        for typed in refused {
            let sentence = words(check(|c| c.email("email", typed)));
            assert_eq!(sentence.as_deref(), Some("Enter an e-mail address like name@example.com."), "{typed:?}");
        }
        assert!(check(|c| c.email("email", &format!("{}@example.com", "a".repeat(65)))).is_err());
        assert_eq!(words(check(|c| c.email("email", ""))).as_deref(), Some("Enter an e-mail address."));
        assert_eq!(check(|c| c.optional_email("email", "")), Ok(None));
        assert_eq!(check(|c| c.optional_email("email", "Ann@Example.COM")), Ok(Some("Ann@example.com".into())));
    }

    #[test]
    fn telephone_numbers() {
        assert_eq!(check(|c| c.phone("phone", "416 555 0132")).map(|p| p.digits()), Ok("4165550132".into()));
        assert_eq!(
            words(check(|c| c.phone("phone", "call me"))).as_deref(),
            Some("Enter a phone number like 416 555 0132.")
        );
        assert_eq!(check(|c| c.optional_phone("phone", " ")), Ok(None));
    }
}
