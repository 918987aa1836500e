//! Every worked case of the file, published and computed, answered by the crate's public API.

#[path = "../examples/oracles/answers.rs"]
mod answers;
#[path = "../examples/oracles/input.rs"]
mod input;
#[path = "../examples/oracles/systems.rs"]
mod systems;

use serde_json::{Value, json};

fn cases() -> Vec<Value> {
    let book: Value = serde_json::from_str(include_str!("oracles/keying.json")).expect("the fixture is JSON");
    book["oracles"].as_array().cloned().expect("the fixture has a list of oracles")
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, a)| b.get(k).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

#[test]
fn all_worked_cases_hold() {
    let cases = cases();
    assert_eq!(cases.len(), 130);
    let differs = |case: &&Value| !same(&case["expected"], &answers::answer(&case["function"], &case["input"]));
    let wrong: Vec<&Value> = cases.iter().filter(differs).map(|case| &case["id"]).collect();
    assert!(wrong.is_empty(), "these differ: {wrong:?}");
}

#[test]
fn every_function_of_the_file_is_answered() {
    let book: Value = serde_json::from_str(include_str!("oracles/keying.json")).expect("the fixture is JSON");
    for name in book["functions"].as_object().expect("functions").keys() {
        let answer = answers::answer(&json!(name), &json!({}));
        let unknown = answer["error"].as_str().is_some_and(|why| why.starts_with("no function"));
        assert!(!unknown, "{name}");
    }
}

#[test]
fn senseless_input_is_an_error_and_no_panic() {
    let book: Value = serde_json::from_str(include_str!("oracles/keying.json")).expect("the fixture is JSON");
    let inputs = [
        json!({}),
        json!({ "n": 0, "lo": 9, "hi": 0, "macs": 0, "bitting": [], "tmk": [], "keys": [], "cylinders": {} }),
        json!({ "n": 15, "lo": 31, "hi": 31, "tmk": [40], "keys": [[99]], "system": "A2", "cuts": [], "control": [] }),
        json!({ "n": 16, "base": 7, "tmk": [1, 2], "columns": [[1], [1]], "sop": [9, 9], "constants": 5, "keys": [[1], [1, 2]], "stack": 3 }),
    ];
    for name in book["functions"].as_object().expect("functions").keys() {
        for input in &inputs {
            answers::answer(&json!(name), input);
        }
    }
}
