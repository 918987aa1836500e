//! Every worked case of the file, published and computed, answered by the crate's public API.

#[path = "../examples/oracles/answers.rs"]
mod answers;
#[path = "../examples/oracles/input.rs"]
mod input;
#[path = "../examples/oracles/numbers.rs"]
mod numbers;
#[path = "../examples/oracles/systems.rs"]
mod systems;

use numbers::same;
use serde_json::{Value, json};

fn cases() -> Vec<Value> {
    let book: Value = serde_json::from_str(include_str!("oracles/keying.json")).expect("the fixture is JSON");
    book["oracles"].as_array().cloned().expect("the fixture has a list of oracles")
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

#[test]
fn a_number_of_any_size_is_printed_as_a_number() {
    let answer = answers::answer(&json!("pow"), &json!({ "base": 10, "n": 22 }));
    let line = numbers::line(&json!({ "id": "{\"$integer\":\"x", "actual": { "a": answer, "b": 1 } }));
    assert_eq!(line, r#"{"actual":{"a":10000000000000000000000,"b":1},"id":"{\"$integer\":\"x"}"#);
    assert!(same(&json!(1e22), &answer) && !same(&json!(1e21), &answer));
}
