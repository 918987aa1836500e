//! Forms: every value arrives as text, and leaves as a checked value or as words beside its field.
//!
//! ```
//! use domain::{fields, money::{Currency, Money}};
//! # struct NewLine { name: String, amount: Money }
//! let line = fields::check(|c| NewLine {
//!     name: c.text("name", "Rekey", 120),
//!     amount: c.money("amount", "24.00", Currency::Cad),
//! });
//! assert_eq!(line.map(|line| line.amount.minor()), Ok(2_400));
//! # assert!(fields::check(|c| c.text("name", "", 120)).is_err());
//! ```

mod numbers;
mod picks;
mod texts;

pub use crate::refusal::FieldErrors;

/// Reads a whole form at once: what `build` returns leaves only when no field was refused.
pub fn check<T>(build: impl FnOnce(&mut Checker) -> T) -> Result<T, FieldErrors> {
    let mut checker = Checker::new();
    let value = build(&mut checker);
    checker.finish()?;
    Ok(value)
}

/// Collects what is wrong with a form, field by field. For a refused field a getter returns a stand-in (empty,
/// zero, the first choice), which [`Checker::finish`] keeps anyone from using.
#[derive(Debug, Default)]
pub struct Checker {
    errors: FieldErrors,
}

impl Checker {
    /// A form with nothing read yet.
    pub fn new() -> Checker {
        Checker::default()
    }

    /// Refuses a field by a rule of the caller's own, such as "The window ends before it starts.".
    pub fn refuse(&mut self, field: &str, words: impl Into<String>) {
        self.add(field, words.into());
    }

    /// Whether this field has been refused, for rules over two fields that only make sense when both were read.
    pub fn refused(&self, field: &str) -> bool {
        self.errors.contains_key(field)
    }

    /// Ends the reading: all errors of the form, or none.
    #[must_use = "the values read are stand-ins when this errs"]
    pub fn finish(self) -> Result<(), FieldErrors> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    /// Adds words to a field; the first words stay.
    fn add(&mut self, field: &str, words: String) {
        self.errors.entry(field.to_owned()).or_insert(words);
    }

    /// The value, or the field refused and a stand-in.
    fn take<T>(&mut self, field: &str, read: Result<T, String>, stand_in: T) -> T {
        read.unwrap_or_else(|words| {
            self.add(field, words);
            stand_in
        })
    }

    /// `None` when nothing was typed, else the value, or the field refused and `None`.
    fn take_optional<T>(
        &mut self,
        field: &str,
        value: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if texts::is_blank(value) {
            return None;
        }
        let read = read(value).map(Some);
        self.take(field, read, None)
    }
}

/// A field's name in words with its article: "unit_price" is "a unit price", "lines[0][amount]" "an amount".
fn named(field: &str) -> String {
    let last = field.rsplit(|c: char| !c.is_ascii_alphabetic() && c != '_').find(|part| !part.is_empty());
    let last = last.unwrap_or("value");
    // Names that read badly, as their labels say them.
    match last {
        "requested" => return "what is wanted".into(),
        "performed" => return "what was done".into(),
        "caller" => return "the caller's name".into(),
        "email" => return "an e-mail address".into(),
        _ => (),
    }
    let words = last.trim_matches('_').replace('_', " ");
    let last_word = words.rsplit(' ').next().unwrap_or_default();
    let plural = last_word.ends_with('s') && !last_word.ends_with("ss");
    let vowel = words.starts_with(['a', 'e', 'i', 'o']) || words.starts_with("un") && !words.starts_with("unit");
    match (plural, vowel) {
        (true, _) => words,
        (false, true) => format!("an {words}"),
        (false, false) => format!("a {words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_words() {
        let table = [
            ("name", "a name"),
            ("unit_price", "a unit price"),
            ("email", "an e-mail address"),
            ("requested", "what is wanted"),
            ("lines[0][amount]", "an amount"),
            ("billing.address", "an address"),
            ("notes", "notes"),
            ("", "a value"),
            ("line-3-reason", "a reason"),
        ];
        for (field, want) in table {
            assert_eq!(named(field), want);
        }
    }

    #[test]
    fn nothing_leaves_a_refused_form() {
        let form = check(|c| {
            c.refuse("ends", "The window ends before it starts.");
            c.refuse("ends", "second thoughts");
            assert!(c.refused("ends") && !c.refused("starts"));
            7
        });
        assert_eq!(form, Err(FieldErrors::from([("ends".to_owned(), "The window ends before it starts.".to_owned())])));
        assert_eq!(check(|_| 7), Ok(7));
    }
}
