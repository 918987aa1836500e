//! Numbers as the file writes them: whole, whatever their size.

use keying::BigUint;
use serde_json::{Value, json};

/// JSON values end at 64 bits here; a larger number travels under this name until it is printed.
const LARGE: &str = "$integer";

/// A number of any size as a JSON value.
pub fn big(n: &BigUint) -> Value {
    u64::try_from(n).map_or_else(|_| json!({ LARGE: n.to_string() }), |n| json!(n))
}

/// One line of JSON, large numbers as numbers.
pub fn line(value: &Value) -> String {
    let text = value.to_string();
    // Within a JSON text a quotation mark is escaped, so this beginning stands only where `big` wrote it.
    let beginning = format!("{{\"{LARGE}\":\"");
    let mut parts = text.split(&beginning);
    let mut line = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        line.push_str(&part.replacen("\"}", "", 1));
    }
    line
}

/// Equal, numbers by value: 0.32 and 0.320 are one number, and so are 1 and 1.0.
pub fn same(expected: &Value, actual: &Value) -> bool {
    if let Some(digits) = actual.get(LARGE).and_then(Value::as_str) {
        // The reader of the file kept a number of that size as a floating-point number.
        return expected.as_f64() == digits.parse().ok();
    }
    match (expected, actual) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => expected == actual,
    }
}
