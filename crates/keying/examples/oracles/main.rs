//! Answers a file of worked cases: `oracles FILE` prints one JSON line a case, `--check` compares as well.

mod answers;
mod input;
mod systems;

use serde_json::{Value, json};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let check = args.iter().any(|arg| arg == "--check");
    let Some(file) = args.iter().find(|arg| !arg.starts_with("--")) else {
        eprintln!("usage: oracles FILE [--check]");
        return ExitCode::from(2);
    };
    let cases = match read(file) {
        Ok(cases) => cases,
        Err(why) => {
            eprintln!("{file}: {why}");
            return ExitCode::from(2);
        }
    };
    let mut wrong = 0;
    for case in &cases {
        let actual = answers::answer(&case["function"], &case["input"]);
        println!("{}", json!({ "id": case["id"], "actual": actual }));
        if check && case.get("expected").is_some_and(|expected| !same(expected, &actual)) {
            eprintln!("{}: expected {}", case["id"], case["expected"]);
            wrong += 1;
        }
    }
    if wrong > 0 {
        eprintln!("{wrong} of {} differ", cases.len());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn read(file: &str) -> Result<Vec<Value>, String> {
    let text = std::fs::read_to_string(file).map_err(|why| why.to_string())?;
    let mut book: Value = serde_json::from_str(&text).map_err(|why| why.to_string())?;
    match book["oracles"].take() {
        Value::Array(cases) => Ok(cases),
        _ => Err("no list named \"oracles\"".to_owned()),
    }
}

/// Equal, numbers by value: 0.32 and 0.320 are one number, and so are 1 and 1.0.
pub fn same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => expected == actual,
    }
}
