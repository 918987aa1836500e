//! Comparing inside an opened record: letters and digits alone, in one case.

use serde_json::Value;
use zeroize::Zeroize;

/// A value as it is compared.
pub(super) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Whether one of these fields of a record, a JSON object, holds the value. What is no such object holds nothing.
pub(super) fn holds(clear: &[u8], fields: &[String], value: &str) -> bool {
    let Ok(mut record) = serde_json::from_slice::<Value>(clear) else { return false };
    let held = fields.iter().any(|field| {
        record.get(field).and_then(Value::as_str).is_some_and(|held| {
            let mut held = folded(held);
            let same = !held.is_empty() && held == value;
            held.zeroize();
            same
        })
    });
    wipe(&mut record);
    held
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_compared_in_the_fields_asked_for() {
        let record = br#"{"blind_code":"5a-1234","bitting":"3 4 5 2 1","note":"5A1234"}"#;
        let fields = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(holds(record, &fields(&["blind_code"]), &folded("5A 1234")));
        assert!(holds(record, &fields(&["blind_code", "bitting"]), &folded("34521")));
        assert!(!holds(record, &fields(&["bitting"]), &folded("5a1234")));
        assert!(!holds(record, &fields(&["bitting"]), &folded("3452")), "a part is no match");
        assert!(!holds(record, &fields(&["stamp"]), "") && !holds(b"{", &fields(&["bitting"]), "34521"));
    }
}
