//! What an entry says was changed: field by field, before and after.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// "Billing address".
    pub field: String,
    /// What stood there; empty where nothing did.
    pub before: String,
    /// What stands there since; empty where nothing does.
    pub after: String,
}

/// What stands beside an entry, for people: changes, the reason, and everything else that is not an address or a browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Fields that differ.
    pub changes: Vec<FieldChange>,
    /// Why; may be empty.
    pub reason: String,
    /// Name and value.
    pub others: Vec<(String, String)>,
}

/// Fields that say nothing to people.
const PASSED_OVER: [&str; 4] = ["version", "knowingly", "duplicate", "folded"];

/// Reads the JSON kept beside an entry. Nothing of what was erased or cannot be read.
#[must_use]
pub fn told(facts: &str) -> Told {
    let facts: Value = serde_json::from_str(facts).unwrap_or_default();
    let Some(Value::Object(values)) = facts.get("values") else { return Told::default() };
    let mut told = Told::default();
    let (before, after) = (values.get("before"), values.get("after"));
    match (before, after) {
        (Some(before), Some(after)) => told.changes = differing(before, after),
        (one, other) => told.others = one.or(other).map(listed).unwrap_or_default(),
    }
    for (name, value) in values {
        match (name.as_str(), value) {
            ("before" | "after", _) => {}
            ("reason", Value::String(reason)) => told.reason.clone_from(reason),
            // Where a state went from and to.
            (name, Value::Object(inner)) if inner.len() == 2 && inner.contains_key("before") => {
                let text = |key: &str| words(inner.get(key).unwrap_or(&Value::Null));
                told.changes.push(FieldChange { field: spoken(name), before: text("before"), after: text("after") });
            }
            (name, value) => told.others.extend(rows(name, value)),
        }
    }
    told
}

fn rows(name: &str, value: &Value) -> Vec<(String, String)> {
    let mut flat = BTreeMap::new();
    flatten(&spoken(name), value, &mut flat);
    flat.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn listed(value: &Value) -> Vec<(String, String)> {
    let mut flat = BTreeMap::new();
    flatten("", value, &mut flat);
    flat.into_iter().filter(|(_, text)| !text.is_empty() && text != "No").collect()
}

fn differing(before: &Value, after: &Value) -> Vec<FieldChange> {
    let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
    flatten("", before, &mut old);
    flatten("", after, &mut new);
    let fields: BTreeMap<&String, ()> = old.keys().chain(new.keys()).map(|field| (field, ())).collect();
    let text = |from: &BTreeMap<String, String>, field: &String| from.get(field).cloned().unwrap_or_default();
    fields
        .into_keys()
        .map(|field| FieldChange { field: field.clone(), before: text(&old, field), after: text(&new, field) })
        .filter(|change| change.before != change.after)
        .collect()
}

fn flatten(name: &str, value: &Value, to: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(inner) if is_named(inner) => {
            to.insert(name.to_owned(), words(value));
        }
        Value::Object(inner) => {
            for (key, value) in inner.iter().filter(|(key, _)| !PASSED_OVER.contains(&key.as_str())) {
                let key = spoken(key);
                flatten(&if name.is_empty() { key } else { format!("{name}, {}", key.to_lowercase()) }, value, to);
            }
        }
        other => {
            to.insert(if name.is_empty() { "Value".to_owned() } else { name.to_owned() }, words(other));
        }
    }
}

/// A value with a label, such as a telephone.
fn is_named(object: &Map<String, Value>) -> bool {
    object.len() == 2 && object.contains_key("label") && object.contains_key("value")
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(all) => all.iter().map(words).collect::<Vec<_>>().join("; "),
        Value::Object(inner) if is_named(inner) => {
            let [label, value] = ["label", "value"].map(|key| words(&inner[key]));
            if label.is_empty() { value } else { format!("{value} ({label})") }
        }
        Value::Object(inner) => {
            let parts = inner.iter().map(|(key, value)| format!("{}: {}", spoken(key).to_lowercase(), words(value)));
            parts.collect::<Vec<_>>().join(", ")
        }
    }
}

/// "caller_phone" as "Caller phone".
fn spoken(key: &str) -> String {
    let text = key.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_75_an_entry_tells_each_field_that_differs_and_no_other() {
        let facts = r#"{"ip":"10.0.0.7","user_agent":"x","values":{"reason":"moved out",
            "before":{"name":"Ada","alert":"","phones":[{"label":"Office","value":"1"}],"roles":{"payer":false},"version":3},
            "after":{"name":"Ada","alert":"Dog","phones":[{"label":"Office","value":"2"}],"roles":{"payer":true},"version":4}}}"#;
        let told = told(facts);
        let rows: Vec<_> = told.changes.iter().map(|c| (&*c.field, &*c.before, &*c.after)).collect();
        let want = [("Alert", "", "Dog"), ("Phones", "1 (Office)", "2 (Office)"), ("Roles, payer", "No", "Yes")];
        assert_eq!((rows, &*told.reason), (want.to_vec(), "moved out"));
        assert!(told.others.is_empty(), "no address, no browser: {:?}", told.others);
    }

    #[test]
    fn what_has_only_one_side_is_listed_and_a_state_goes_from_one_to_the_other() {
        let told_of = |facts: &str| told(facts);
        let made = told_of(r#"{"values":{"after":{"name":"Ada","alert":"","tax_exempt":false}}}"#);
        assert_eq!(made.others, [("Name".to_owned(), "Ada".to_owned())]);
        let moved = told_of(r#"{"values":{"status":{"before":"new","after":"on_site"}}}"#);
        assert_eq!(moved.changes[0].after, "on_site");
        assert_eq!(told_of("not JSON"), Told::default());
    }
}
