//! One answer for each function of the file, every one a call of the crate.

use super::input::{Input, Wrong, depths};
use super::numbers::big;
use super::systems;
use keying::*;
use serde_json::{Value, json};

/// Most bittings one case may list, and most cuts one case may try.
const MOST_KEYS: usize = 10_000_000;
const MOST_STEPS: u64 = 300_000_000;

/// The result of one case, or an object with `error`.
pub fn answer(function: &Value, input: &Value) -> Value {
    let name = function.as_str().unwrap_or_default();
    let input = Input(input);
    let result = numbers(name, &input)
        .or_else(|| design(name, &input))
        .or_else(|| systems::pinning(name, &input))
        .or_else(|| systems::cylinders(name, &input));
    match result {
        Some(Ok(value)) => value,
        Some(Err(why)) => json!({ "error": why.to_string() }),
        None => json!({ "error": format!("no function named {name}") }),
    }
}

fn numbers(name: &str, input: &Input) -> Option<Result<Value, Wrong>> {
    Some(match name {
        "count" => count(input),
        "freq" => freq(input),
        "enum" => enumerate(input),
        "check" => check(input),
        "pow" => power_of(input),
        "probe" => probe(input),
        "power" => power(input),
        "patterns" => patterns(input),
        "tpp_pairs" => pairs(input),
        "diag" => diagonal(input),
        _ => return None,
    })
}

fn design(name: &str, input: &Input) -> Option<Result<Value, Wrong>> {
    Some(match name {
        "kba" => input.array("tmk").map(|array| json!(column_numbers(&array))),
        "progress" => progress(input),
        "usable" => usable(input),
        "best_tmk" => best(input),
        "cutdown" => input.array("tmk").map(|array| big(&array.cut_down_keys())),
        "tmk_rules" => tmk_rules(input),
        "mix" => mix(input),
        "interchange" => exchange(input),
        _ => return None,
    })
}

fn space(input: &Input) -> Result<KeySpace, Wrong> {
    let space = if input.has("sets") {
        KeySpace::new(input.sets("sets")?)?
    } else {
        KeySpace::uniform(usize::try_from(input.number("n")?)?, input.lo()?, input.hi()?)?
    };
    let space = if input.has("parity") {
        let parity = |c| match c {
            'O' | 'o' => Ok(Parity::Odd),
            'E' | 'e' => Ok(Parity::Even),
            _ => Err("a parity pattern is made of O and E"),
        };
        space.with_parity(&input.text("parity")?.chars().map(parity).collect::<Result<Vec<_>, _>>()?)
    } else {
        space
    };
    let shape = input.shape(space.chambers())?;
    Ok(space.with_macs(input.macs()?).with_shape(shape))
}

fn count(input: &Input) -> Result<Value, Wrong> {
    Ok(big(&space(input)?.count_shaped(MOST_STEPS)?))
}

fn freq(input: &Input) -> Result<Value, Wrong> {
    let deepest = u8::try_from(input.number("depths")?)?.checked_sub(1).ok_or("no depths")?;
    let number = |name| -> Result<Option<u8>, Wrong> {
        if input.has(name) { Ok(Some(u8::try_from(input.number(name)?)?)) } else { Ok(None) }
    };
    let shape = ShapeRules { max_same: number("max_same")?, max_same_run: number("adjacent")?, ..ShapeRules::NONE };
    let all = KeySpace::uniform(usize::try_from(input.number("n")?)?, Depth::new(0)?, Depth::new(deepest)?)?;
    Ok(big(&all.with_macs(input.macs()?).with_shape(shape).count_shaped(MOST_STEPS)?))
}

fn enumerate(input: &Input) -> Result<Value, Wrong> {
    let space = space(input)?;
    let mut walk = space.bittings(MOST_KEYS as u64);
    let mut print = Fingerprint::default();
    walk.by_ref().for_each(|bitting| print.push(&bitting));
    if walk.cut_short() {
        return Err("too many bittings to list".into());
    }
    let (count, sha256) = print.finish();
    Ok(json!({ "count": count, "sha256": sha256 }))
}

fn check(input: &Input) -> Result<Value, Wrong> {
    let bitting = input.bitting("bitting")?;
    let shape = input.shape(bitting.chambers())?;
    let space =
        KeySpace::uniform(bitting.chambers(), input.lo()?, input.hi()?)?.with_macs(input.macs()?).with_shape(shape);
    let found = space.violations(&bitting);
    let range: Vec<u8> =
        found.iter().filter_map(|v| if let Violation::Range(c) = v { Some(c.number()) } else { None }).collect();
    let macs: Vec<u8> =
        found.iter().filter_map(|v| if let Violation::Macs(c) = v { Some(c.number()) } else { None }).collect();
    let mut answer = json!({ "range": range, "macs": macs, "valid": found.is_empty() });
    let broken = |kind: fn(&ShapeFault) -> bool| found.iter().any(|v| matches!(v, Violation::Shape(f) if kind(f)));
    if shape.max_same_run.is_some() {
        answer["run"] = json!(broken(|f| matches!(f, ShapeFault::Run(_))));
    }
    if shape.max_same.is_some() {
        answer["same"] = json!(broken(|f| matches!(f, ShapeFault::Same(_))));
    }
    Ok(answer)
}

fn power_of(input: &Input) -> Result<Value, Wrong> {
    Ok(big(&changes(input.small("base")?, input.small("n")?)?))
}

fn patterns(input: &Input) -> Result<Value, Wrong> {
    Ok(big(&parity_patterns(input.small("n")?)?))
}

fn probe(input: &Input) -> Result<Value, Wrong> {
    Ok(json!(exposure(input.small("pins")?, input.small("depths")?)))
}

fn power(input: &Input) -> Result<Value, Wrong> {
    let power = key_power(input.small("n")?, input.small("changes_per_chamber")?, input.small("tmk_cuts")?);
    let power = power?.ok_or("more TMK cuts than chambers")?;
    let (keys, each) = (big(&power.keys_of_this_class), big(&power.cylinders_each_operates));
    Ok(json!({ "keys_of_this_class": keys, "cylinders_each_operates": each }))
}

fn pairs(input: &Input) -> Result<Value, Wrong> {
    let all = tpp_pairs(input.small("n")?, input.small("changes_per_chamber")?)?;
    Ok(json!({ "bittings": big(&all.bittings), "cylinders": big(&all.cylinders), "pairs": big(&all.pairs) }))
}

fn diagonal(input: &Input) -> Result<Value, Wrong> {
    let largest = largest_system(input.small("n")?, input.small("a")?)?;
    Ok(json!({ "max_change_keys": big(&largest.max_change_keys), "constants": largest.constants }))
}

fn column_numbers(array: &KeyBittingArray) -> Vec<Vec<u8>> {
    array.columns().map(|column| column.iter().map(|d| d.number()).collect()).collect()
}

fn progression(input: &Input) -> Result<Progression, Wrong> {
    let method = match usize::try_from(input.number_or("constants", 0)?)? {
        0 => Method::TotalPosition,
        k => Method::RotatingConstant(k),
    };
    let array = input.array("tmk")?;
    let mut held = Vec::new();
    if input.has("held") {
        for (chamber, cut) in input.object("held")? {
            let cut = depths(&json!([cut]))?.first().copied().ok_or("no cut")?;
            held.push((Chamber::new(chamber.parse()?)?, cut));
        }
    }
    let sequence = if input.has("sop") {
        input.chambers("sop")?
    } else {
        // Every chamber that is not held, the last one fastest.
        let all = (1..=array.chambers()).rev().map(|n| Ok(Chamber::new(u8::try_from(n)?)?));
        let all: Vec<Chamber> = all.collect::<Result<_, Wrong>>()?;
        all.into_iter().filter(|c| held.iter().all(|(other, _)| other != c)).collect()
    };
    let mut own = Progression::in_sequence(array, method, sequence)?;
    for (chamber, cut) in held {
        own = own.with_held(chamber, cut)?;
    }
    Ok(own.with_macs(input.macs()?))
}

fn progress(input: &Input) -> Result<Value, Wrong> {
    let checked = match progression(input) {
        Ok(keys) => Some(keys.list(MOST_KEYS)?),
        Err(why) if nothing_to_progress(&why) => None,
        Err(why) => return Err(why),
    };
    let list = checked.as_ref().map_or(&[][..], |checked| checked.keys());
    let (count, sha256) = Fingerprint::of(list);
    let numbers = |key: Option<&Bitting>| key.map(Bitting::numbers);
    Ok(json!({ "count": count, "sha256": sha256, "first": numbers(list.first()), "last": numbers(list.last()) }))
}

/// A column without a cut makes no key: the library refuses the design, the file counts none.
fn nothing_to_progress(why: &Wrong) -> bool {
    matches!(why.downcast_ref(), Some(ProgressError::EmptyColumn(_)))
}

fn usable(input: &Input) -> Result<Value, Wrong> {
    let keys = match progression(input) {
        Ok(keys) => keys,
        Err(why) if nothing_to_progress(&why) => return Ok(json!({ "theoretical": 0, "usable": 0 })),
        Err(why) => return Err(why),
    };
    Ok(json!({ "theoretical": big(&keys.theoretical()), "usable": big(&keys.practical()) }))
}

fn best(input: &Input) -> Result<Value, Wrong> {
    let chambers = usize::try_from(input.number("n")?)?;
    let need = if input.has("need") { depths(&input.0["need"])?.into_iter().collect() } else { DepthSet::EMPTY };
    let shape = input.shape(chambers)?;
    let search = TopMasterSearch { chambers, rule: input.rule()?, macs: input.macs()?, need, shape };
    let best = best_top_master(&search, MOST_STEPS)?.ok_or("no top master satisfies the rules")?;
    Ok(json!({ "usable": best.usable, "ties": best.ties, "first_lexicographic": best.first.numbers() }))
}

fn tmk_rules(input: &Input) -> Result<Value, Wrong> {
    let report = top_master_report(&input.array("tmk")?, input.lo()?, input.hi()?, Reading::BowToTip);
    Ok(json!({
        "has_shallowest_in_progressed": report.has_shallowest_in_progressed,
        "has_deepest": report.has_deepest,
        "declining": report.declining,
        "uniformly_shallow": report.uniformly_shallow,
        "uniformly_deep": report.uniformly_deep,
        "cut_down_change_keys": big(&report.cut_down_change_keys),
    }))
}

fn mix(input: &Input) -> Result<Value, Wrong> {
    let mixed = mixed_methods(&input.array("tmk")?);
    Ok(json!({ "rcm_keys": big(&mixed.rcm_keys), "cross_operations": big(&mixed.cross_operations) }))
}

fn exchange(input: &Input) -> Result<Value, Wrong> {
    let shared = interchange(&input.array("tmk1")?, &input.array("tmk2")?, &input.macs()?)?;
    Ok(json!({
        "common_change_keys": big(&shared.common_change_keys),
        "keys1_operating_system2": big(&shared.first_operating_second),
    }))
}
