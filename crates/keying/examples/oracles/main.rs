//! Answers a file of worked cases: `oracles FILE` prints one JSON line a case, `--check` compares as well.

mod answers;
mod input;
mod numbers;
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
        println!("{}", numbers::line(&json!({ "id": case["id"], "actual": actual })));
        if check && case.get("expected").is_some_and(|expected| !numbers::same(expected, &actual)) {
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
    match (book.get_mut("oracles").map(Value::take), book) {
        (Some(Value::Array(cases)), _) | (None, Value::Array(cases)) => Ok(cases),
        _ => Err("no list named \"oracles\"".to_owned()),
    }
}
