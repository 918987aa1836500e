//! Writing a key system as hand-over JSON.

use super::{AliasPart, ControlPart, Cuts, CylinderPart, DesignPart, File, HandoverError, KeyPart};
use crate::depth::Depth;
use crate::spec::KeySpec;
use crate::system::{Design, KeySystem};

pub(super) fn write(system: &KeySystem) -> Result<String, HandoverError> {
    let spec = system.spec();
    let schedule = system.schedule();
    let key = |(_, key): (_, &crate::schedule::KeySet)| KeyPart {
        symbol: key.symbol.clone(),
        bitting: cuts(spec, key.bitting.reveal()),
        status: system.status(&key.symbol),
    };
    let cylinder = |cylinder: &crate::schedule::Cylinder| CylinderPart {
        id: cylinder.id.clone(),
        keys: schedule.keys_of(cylinder).map(|key| key.symbol.clone()).collect(),
    };
    let control = system
        .control()
        .map(|key| ControlPart { symbol: key.symbol.clone(), bitting: cuts(spec, key.bitting.reveal()) });
    let aliases =
        system.aliases.all().map(|(alias, symbol)| AliasPart { alias: alias.to_owned(), symbol: symbol.to_string() });
    let file = File {
        format: super::HANDOVER_FORMAT.to_owned(),
        version: super::HANDOVER_VERSION,
        name: system.name().to_owned(),
        spec: spec.clone(),
        design: system.design().map(|design| design_part(spec, design)),
        control,
        keys: schedule.keys().map(key).collect(),
        cylinders: schedule.cylinders().iter().map(cylinder).collect(),
        aliases: aliases.collect(),
    };
    serde_json::to_string_pretty(&file).map_err(|why| HandoverError::Json(why.to_string()))
}

fn design_part(spec: &KeySpec, design: &Design) -> DesignPart {
    let held = design.held.iter().map(|(chamber, cut)| (chamber.number().to_string(), cuts(spec, &[*cut]).concat()));
    DesignPart {
        top: cuts(spec, design.array.top().0.reveal()),
        columns: design.array.columns().map(|column| cuts(spec, column)).collect(),
        method: design.method.clone(),
        sequence: design.sequence.iter().map(|chamber| chamber.number()).collect(),
        held: held.collect(),
    }
}

/// Depth symbols; a depth the specification lost its symbol for is written `?`, which no reader accepts.
fn cuts(spec: &KeySpec, cuts: &[Depth]) -> Cuts {
    let symbol =
        |cut: &Depth| spec.depths.iter().find(|e| e.depth == *cut).map_or("?", |e| e.symbol.as_str()).to_owned();
    cuts.iter().map(symbol).collect()
}
