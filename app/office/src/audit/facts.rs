//! Facts of an entry as people read them: names and values, no brackets.

use serde_json::Value;

/// Names and values of the JSON kept beside an entry; what is empty is left out.
pub fn read(json: &str) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    if let Ok(Value::Object(facts)) = serde_json::from_str(json) {
        for (name, value) in facts {
            match name.as_str() {
                "ip" => flatten("From", &value, &mut rows),
                "user_agent" => rows.push(("Browser".into(), ui::browser(value.as_str().unwrap_or_default()))),
                // The values themselves, without the word.
                "values" => flatten("", &value, &mut rows),
                other => flatten(&spoken(other), &value, &mut rows),
            }
        }
    }
    rows
}

fn flatten(name: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    let text = match value {
        Value::Null => return,
        Value::Object(inner) => {
            for (key, value) in inner {
                let key = spoken(key);
                flatten(&if name.is_empty() { key } else { format!("{name}, {}", key.to_lowercase()) }, value, rows);
            }
            return;
        }
        Value::Array(all) => all
            .iter()
            .map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(", "),
        Value::Bool(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
    };
    if !text.is_empty() {
        rows.push((if name.is_empty() { "Value".to_owned() } else { name.to_owned() }, text));
    }
}

/// "caller_phone" as "Caller phone".
fn spoken(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn facts_are_names_and_values_without_brackets_or_blanks() {
        let json = r#"{"ip":"10.0.0.7","values":{"after":{"caller_phone":"416 555 0122","urgent":true,"site":null,"po_number":""}}}"#;
        let rows = read(json);
        let want = [("From", "10.0.0.7"), ("After, caller phone", "416 555 0122"), ("After, urgent", "Yes")];
        assert_eq!(rows, want.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(read("").is_empty());
    }
}
