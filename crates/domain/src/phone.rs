//! Telephone numbers and the folded texts that search works on.

use serde::{Deserialize, Serialize};

/// A telephone number as typed, with at least 5 and at most 15 digits (E.164 allows 15).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a text is not a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a telephone number")]
pub struct NotAPhone;

impl Phone {
    /// Reads a number with its spaces, brackets, dots, dashes, leading plus and an optional extension ("x12").
    pub fn parse(text: &str) -> Result<Phone, NotAPhone> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (number, extension) = split_extension(&text);
        let written = number.trim_start_matches('+').chars().all(|c| c.is_ascii_digit() || " ().-/".contains(c));
        let count = digits(number).len();
        if !written || number.matches('+').count() > 1 || !(5..=15).contains(&count) || extension.len() > 8 {
            return Err(NotAPhone);
        }
        Ok(Phone(text))
    }

    /// Digits alone, for search: "+1 (416) 555-0132" is "14165550132". An extension is not part of it.
    pub fn digits(&self) -> String {
        digits(split_extension(&self.0).0)
    }

    /// As a person reads it: "(416) 555-0132", "+1 (416) 555-0132"; numbers of other countries stay as typed.
    pub fn shown(&self) -> String {
        let (number, extension) = split_extension(&self.0);
        let all = digits(number);
        let plus = number.starts_with('+');
        let (prefix, local) = match all.len() {
            10 if !plus && !all.starts_with('0') => ("", all.as_str()),
            11 if all.starts_with('1') => ("+1 ", &all[1..]),
            _ => return self.0.clone(),
        };
        let tail = if extension.is_empty() { String::new() } else { format!(" x{extension}") };
        format!("{prefix}({}) {}-{}{tail}", &local[..3], &local[3..6], &local[6..])
    }

    /// The target of a `tel:` link: digits with the leading plus, where one was typed.
    pub fn dial(&self) -> String {
        let plus = if self.0.starts_with('+') { "+" } else { "" };
        format!("{plus}{}", self.digits())
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Phone {
    type Error = NotAPhone;
    fn try_from(text: String) -> Result<Phone, NotAPhone> {
        Phone::parse(&text)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0
    }
}

impl std::fmt::Display for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

/// The ASCII digits of a text, for searching numbers.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The part of folded digits that two writings of one number share: the last ten ("14165550132" and
/// "4165550132" both give "4165550132"), or all of a shorter number.
pub fn lookup_key(digits: &str) -> &str {
    digits.get(digits.len().saturating_sub(10)..).unwrap_or(digits)
}

fn split_extension(text: &str) -> (&str, &str) {
    for mark in ["extension", "Ext.", "ext.", "Ext", "ext", "x", "X", "#"] {
        if let Some((number, tail)) = text.split_once(mark)
            && !tail.trim().is_empty()
            && tail.trim().bytes().all(|b| b.is_ascii_digit())
        {
            return (number.trim(), tail.trim());
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers() {
        // typed, digits, shown
        let table = [
            ("+1 (416) 555-0132", "14165550132", "+1 (416) 555-0132"),
            ("416.555.0132", "4165550132", "(416) 555-0132"),
            ("4165550132 ext 12", "4165550132", "(416) 555-0132 x12"),
            ("1-416-555-0132x7", "14165550132", "+1 (416) 555-0132 x7"),
            ("+44 20 7946 0958", "442079460958", "+44 20 7946 0958"),
            ("020 7946 0958", "02079460958", "020 7946 0958"),
            ("0791234567", "0791234567", "0791234567"),
            ("  55501  ", "55501", "55501"),
        ];
        for (typed, digits, shown) in table {
            let phone = Phone::parse(typed).unwrap_or_else(|_| panic!("{typed}"));
            assert_eq!((phone.digits().as_str(), phone.shown().as_str()), (digits, shown));
        }
        assert_eq!(Phone::parse("+1 416 555 0132 x9").map(|p| p.dial()), Ok("+14165550132".into()));
    }

    #[test]
    fn not_numbers() {
        for text in [
            "",
            "1234",
            "1234567890123456",
            "call me",
            "416-555-O132",
            "++4165550132",
            "416+5550132",
            "55555\0",
            "=cmd|12345",
            "555550132x123456789",
        ] {
            assert_eq!(Phone::parse(text), Err(NotAPhone), "{text:?}");
        }
    }

    #[test]
    fn one_number_written_twice_meets() {
        assert_eq!(lookup_key("14165550132"), lookup_key("4165550132"));
        assert_eq!(lookup_key("55501"), "55501");
    }

    proptest! {
        #[test]
        fn shown_keeps_the_digits(text in "[+]?[0-9 ()./-]{5,25}(x[0-9]{1,4})?") {
            if let Ok(phone) = Phone::parse(&text) {
                let again = Phone::parse(&phone.shown());
                prop_assert_eq!(again.map(|p| p.digits()), Ok(phone.digits()));
            }
        }
    }
}
