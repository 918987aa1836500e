//! Answers about pins, specifications, symbols and cylinders.

use super::input::{Input, Wrong, depths, names};
use super::numbers::big;
use keying::*;
use serde_json::{Map, Value, json};

const MOST_STEPS: u64 = 300_000_000;
const MOST_OPERATORS: u64 = 20_000_000;
const MOST_PAIRS: usize = 10_000_000;
const MOST_CONFIGURATIONS: u64 = 5_000_000;

pub fn pinning(name: &str, input: &Input) -> Option<Result<Value, Wrong>> {
    Some(match name {
        "pin" => pin(input),
        "pin_sets" => sets(input),
        "pin_chamber" => chamber(input),
        "pin_conv" => conventional(input),
        "schlage" => input.key_sets().map(|keys| rows_or_error(pin_keys(&PinSystem::schlage(), &keys, None), false)),
        "decode" => decode(input),
        "pinnable" => pinnable(input),
        "slack" => slack(input),
        "plug" => plug(input),
        "root" => root(input),
        "symbol" => input.text("symbol").map(|text| json!(class(text))),
        "master_symbols" => masters(input),
        _ => return None,
    })
}

pub fn cylinders(name: &str, input: &Input) -> Option<Result<Value, Wrong>> {
    Some(match name {
        "matrix" => matrix(input),
        "cross" => cross(input),
        "tolerance" => tolerance(input),
        "phantoms" => phantoms(input),
        "lost" => lost(input),
        "opset" => opset(input),
        "chart" => chart(input),
        _ => return None,
    })
}

type Map_ = std::collections::BTreeMap<String, Vec<String>>;

fn system(input: &Input) -> Result<PinSystem, Wrong> {
    PinSystem::named(input.text("system")?).ok_or_else(|| "no such pin system".into())
}

/// The rows of a pinned cylinder, or what keeps it from being pinned.
fn rows_or_error(core: Result<Verified<PinnedCylinder>, PinningError>, control: bool) -> Value {
    let core = match core {
        Ok(core) => core,
        Err(why) => return refusal(&why, control),
    };
    let stacks = core.stacks();
    let mut rows = json!({
        "bottom": stacks.iter().map(ChamberStack::bottom).collect::<Vec<_>>(),
        "masters": stacks.iter().map(|s| s.masters().to_vec()).collect::<Vec<_>>(),
    });
    if control {
        rows["control"] = json!(stacks.iter().map(ChamberStack::control).collect::<Vec<_>>());
    }
    if stacks.iter().all(|s| s.top().is_some()) {
        rows["top"] = json!(stacks.iter().map(ChamberStack::top).collect::<Vec<_>>());
    }
    rows
}

/// `why` for cores with a control line, `chamber` for conventional cylinders.
fn refusal(why: &PinningError, control: bool) -> Value {
    let error = match why {
        PinningError::NoMasterPin { gap, .. } => format!("no #{gap} master pin"),
        _ => "unpinnable".to_owned(),
    };
    if control {
        return json!({ "error": error, "why": why.to_string() });
    }
    json!({ "error": error, "chamber": why.chamber().map(Chamber::number) })
}

fn control(input: &Input) -> Result<Option<KeySet>, Wrong> {
    if !input.has("control") {
        return Ok(None);
    }
    Ok(Some(KeySet { symbol: "CTL".to_owned(), bitting: input.bitting("control")? }))
}

fn pin(input: &Input) -> Result<Value, Wrong> {
    Ok(rows_or_error(pin_keys(&system(input)?, &input.key_sets()?, control(input)?.as_ref()), true))
}

fn sets(input: &Input) -> Result<Value, Wrong> {
    let control = control(input)?.map(|key| ControlKey(key.bitting));
    Ok(rows_or_error(pin_sets(&system(input)?, &input.sets("cuts")?, control.as_ref()), true))
}

fn chamber(input: &Input) -> Result<Value, Wrong> {
    let cuts: DepthSet = depths(&input.0["cuts"])?.into_iter().collect();
    let control = if input.has("control") {
        Some(ControlKey(Bitting::new(&depths(&json!([input.0["control"]]))?)?))
    } else {
        None
    };
    match pin_sets(&system(input)?, &[cuts], control.as_ref()) {
        Ok(core) => Ok(json!(core.stacks()[0].pins())),
        Err(_) => Ok(json!("unpinnable")),
    }
}

fn conventional(input: &Input) -> Result<Value, Wrong> {
    let top = if input.has("stack") {
        TopRule::FixedStack(u8::try_from(input.number("stack")?)?.into())
    } else {
        TopRule::Unspecified
    };
    let smallest = u8::try_from(input.number_or("min_master", 1)?)?.into();
    let system = PinSystem::conventional("conventional", Depth::new(0)?, Depth::new(MAX_DEPTH)?, smallest, top);
    Ok(rows_or_error(pin_keys(&system, &input.key_sets()?, None), false))
}

fn decode(input: &Input) -> Result<Value, Wrong> {
    let pins: Result<Vec<u8>, Wrong> =
        input.list("stack")?.iter().map(|v| Ok(u8::try_from(v.as_u64().ok_or("no number")?)?)).collect();
    let system = system(input)?;
    // Without a chamber the stack is one with a control line, where there is any.
    let first = system.control.as_ref().and_then(|line| line.chambers.first()).map_or(1, |c| c.number());
    let chamber = Chamber::new(u8::try_from(input.number_or("chamber", first.into())?)?)?;
    let decoded = decode_stack(&system, chamber, &pins?);
    Ok(json!({
        "operating_cuts": decoded.operating_cuts,
        "control_cuts": decoded.control_cuts,
        "total": decoded.total,
        "valid": decoded.valid,
    }))
}

fn pinnable(input: &Input) -> Result<Value, Wrong> {
    let most = usize::try_from(input.number_or("max_ops", 3)?)?;
    let found = pinnable_configurations(&system(input)?, most, MOST_CONFIGURATIONS)?;
    Ok(json!({ "configurations": found.configurations, "pinnable": found.pinnable }))
}

fn slack(input: &Input) -> Result<Value, Wrong> {
    let chamber = Chamber::new(u8::try_from(input.number_or("chamber", 1)?)?)?;
    let (min, max) = system(input)?.top_range(chamber).ok_or("the top pin does not follow from a stack total")?;
    Ok(json!({ "min_top": min, "max_top": max }))
}

/// A length as the number of inches the file writes.
fn inches(length: Length) -> Value {
    json!(f64::from(length.ten_thousandths()) / 10_000.0)
}

fn plug(input: &Input) -> Result<Value, Wrong> {
    Ok(inches(input.inch("root")?.plus(input.inch("bottom")?)))
}

/// A specification by id and number of chambers, as in `dexter_5`; the chambers may come before `_d7`.
fn root(input: &Input) -> Result<Value, Wrong> {
    let name = input.text("spec")?;
    let parts: Vec<&str> = name.split('_').collect();
    let at = parts.iter().rposition(|part| part.len() == 1 && part.bytes().all(|b| b.is_ascii_digit()));
    let at = at.ok_or("the specification does not name its chambers")?;
    let chambers: usize = parts[at].parse()?;
    let id = parts.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, part)| *part).collect::<Vec<_>>().join("_");
    let spec = published(&id).ok_or("no such specification")?;
    let numbers = |list: Option<Vec<Length>>| list.map(|l| l.into_iter().map(inches).collect::<Vec<_>>());
    Ok(json!({ "root_depths": numbers(spec.root_depths()), "positions": numbers(spec.positions(chambers)) }))
}

fn class(text: &str) -> &'static str {
    match text.parse::<KeySymbol>().map(|symbol| symbol.class()) {
        Ok(SymbolClass::GreatGrand) => "ggm",
        Ok(SymbolClass::ChangeUnderGreatGrand) => "ggm_change",
        Ok(SymbolClass::Grand) => "grand",
        Ok(SymbolClass::ChangeUnderGrand) => "change_under_grand",
        Ok(SymbolClass::Master) => "master",
        Ok(SymbolClass::Change) => "change",
        Ok(SymbolClass::ChangeTwoLevel) => "change_2level",
        Ok(SymbolClass::SingleKeyed) => "skd",
        Ok(SymbolClass::Control) => "ctl",
        Ok(SymbolClass::Cross) => "cross",
        Ok(SymbolClass::CrossTwoLevel) => "cross_2level",
        Ok(SymbolClass::CrossNoKey) => "cross_no_ck",
        Err(_) => "invalid",
    }
}

fn masters(input: &Input) -> Result<Value, Wrong> {
    let mut letters = input.text("grand")?.chars();
    let grand = letters.next().and_then(Letter::grand).filter(|_| letters.next().is_none()).ok_or("no grand")?;
    let master = |k: &Value| k.as_u64().and_then(|k| Master::nth(grand, u32::try_from(k).ok()?)).map(|m| m.to_string());
    Ok(json!(input.list("ks")?.iter().map(master).collect::<Vec<_>>()))
}

fn matrix(input: &Input) -> Result<Value, Wrong> {
    Ok(json!(operation_matrix(&input.schedule()?, MOST_PAIRS)?.into_iter().collect::<Map_>()))
}

fn cross(input: &Input) -> Result<Value, Wrong> {
    Ok(json!(cross_operations(&input.schedule()?, MOST_PAIRS)?))
}

fn tolerance(input: &Input) -> Result<Value, Wrong> {
    Ok(json!(tolerance_operations(&input.schedule()?, input.inch("inc")?, input.inch_at_most("tol")?, MOST_PAIRS)?))
}

fn phantoms(input: &Input) -> Result<Value, Wrong> {
    let found = unlisted_operators(&input.schedule()?, &input.macs()?, MOST_OPERATORS)?;
    let row = |c: &CylinderOperators| {
        (c.cylinder.clone(), json!({ "operating": big(&c.operating), "phantom": big(&c.phantom) }))
    };
    let per_cylinder: Map<String, Value> = found.per_cylinder.iter().map(row).collect();
    Ok(json!({
        "per_cylinder": per_cylinder,
        "distinct_unlisted": found.distinct,
        "sha256_sorted": found.fingerprint,
        "operating_2_or_more": found.in_two_or_more,
        "max_cylinders": found.most_cylinders,
    }))
}

fn lost(input: &Input) -> Result<Value, Wrong> {
    let reach = lost_key(&input.schedule()?, input.text("lost")?)?;
    Ok(json!({
        "affected": reach.affected,
        "keys_on_affected": reach.keys_on_affected,
        "unintended": reach.unintended,
    }))
}

fn opset(input: &Input) -> Result<Value, Wrong> {
    let keys = input.key_sets()?;
    Ok(big(&AcceptSets::of(keys.iter().map(|key| &key.bitting))?.operating_count(&input.macs()?)))
}

fn chart(input: &Input) -> Result<Value, Wrong> {
    let rows = input.object("key_opens")?.iter();
    let opens: Vec<(&str, Vec<&str>)> =
        rows.map(|(key, locks)| Ok((key.as_str(), names(locks)?))).collect::<Result<_, Wrong>>()?;
    let deepest = u8::try_from(input.number("d")?)?.checked_sub(1).ok_or("no depths")?;
    let format = ChartFormat {
        chambers: usize::try_from(input.number("n")?)?,
        lo: Depth::new(0)?,
        hi: Depth::new(deepest)?,
        macs: input.macs()?,
        min_gap: u8::try_from(input.number_or("min_gap", 1)?)?.into(),
    };
    Ok(big(&count_solutions(&LockChart::new(&opens)?, &format, MOST_STEPS)?))
}
