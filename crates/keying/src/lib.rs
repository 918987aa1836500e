#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod accept;
mod array;
mod audit;
mod bitting;
mod chart;
mod copies;
mod depth;
mod draw;
mod exposure;
mod fingerprint;
pub mod handover;
mod hierarchy;
mod interchange;
mod legacy;
mod length;
mod lost;
mod macs;
mod page;
mod pinning;
mod progress;
mod release;
mod risk;
mod schedule;
mod selective;
mod shape;
mod sheet;
mod space;
mod spec;
mod symbol;
mod system;
mod top_master;
mod verified;

pub use accept::AcceptSets;
pub use array::{ArrayError, ColumnRule, KeyBittingArray, TopMaster};
pub use audit::{
    AuditWay, CommonDoor, ConstructionKey, CrossKeying, CylinderOperators, KeyingState, Operation, UnlistedOperators,
    audit_state, blocked_keys, common_door, control_operators, count_operations, cross_keying_cost, cross_operations,
    operation_matrix, tolerance_operations, unlisted_operators,
};
pub use bitting::{Bitting, BittingError};
pub use chart::{
    ChartError, ChartFormat, ChartSolution, CountError, LockChart, MAX_PAIRS, Outcome, SolutionFault, count_solutions,
    solve,
};
pub use copies::{CopyCount, CopyError, CopyEvent, CopyState};
pub use depth::{Chamber, Depth, DepthSet, Increments, MAX_CHAMBERS, MAX_DEPTH, NumberError};
pub use draw::{draw, draw_control};
pub use exposure::{
    KeyPower, LargestSystem, MOST_CHAMBERS, TppPairs, changes, exposure, key_power, largest_system, stray_key_risk,
    tpp_pairs,
};
pub use fingerprint::Fingerprint;
pub use handover::{HANDOVER_FORMAT, HANDOVER_VERSION, HandoverError};
pub use hierarchy::{AllocatedSystem, AllocationError, Hierarchy, HierarchyFault, Level, LevelChambers};
pub use interchange::{
    Interchange, KeywaySections, MixedMethods, RegisterReport, RegisteredSystem, interchange, mixed_methods,
    parity_pattern, parity_patterns, register_report, unused_patterns,
};
pub use legacy::{Contradiction, DecodedCylinder, Percent, Takeover, TakeoverError, take_over};
pub use length::{Length, LengthError};
pub use lost::{
    LossOption, LossPlan, LostKey, cylinders_operated, draws_cores, loss_options, lost_key, lost_key_entering,
    operates_any, same_parity,
};
pub use macs::Macs;
pub use num_bigint::BigUint;
pub use page::{Page, PageEntry, PageMaster, pages};
pub use pinning::{
    ChamberStack, ControlLine, Decoded, DriverKit, PinCounts, PinSystem, Pinnable, PinnedCylinder, PinningError,
    SafeBand, SimulatedLock, SimulationFault, TopRule, choose_driver, decode_stack, pin_keys, pin_sets,
    pinnable_configurations,
};
pub use progress::{ChangeKeys, ChangeKeysFault, Method, ProgressError, Progression, Tally};
pub use release::{Release, ReleaseFault};
pub use risk::LossRisk;
pub use schedule::{Cylinder, KeyIndex, KeySchedule, KeySet, ScheduleError};
pub use selective::SelectiveFault;
pub use shape::{En1303Grade, ShapeFault, ShapeRules};
pub use sheet::{
    BITTINGS_BANNER, BittingRow, ChamberPins, ChartStack, Imprint, PinSheet, Receipt, ReceiptKind, ReceiptLine,
    ScheduleRow, Sheet, StackOrder, SystemChart, bitting_list, bitting_sheet, keying_schedule, page_sheet, pick_list,
    pick_sheet, pin_sheet, schedule_sheet, system_chart,
};
pub use space::{Bittings, KeySpace, LimitExceeded, Parity, Violation};
pub use spec::{
    Angle, AngledBitting, AngledError, ChamberLimit, Confidence, Datum, DepthEntry, KeySpec, PinLength, Reading,
    SpecFault, Tolerance, Unsettled, catalogue, published,
};
pub use symbol::{
    AliasBook, AliasError, BestClass, CylinderMark, KeySymbol, Letter, MarkedSymbol, Master, ObyError, OperatedBy,
    SymbolClass, SymbolError, best_class,
};
pub use system::{Design, KeyStatus, KeySystem, SystemError};
pub use top_master::{
    BestTopMaster, ControlFault, ControlKey, TopMasterReport, TopMasterSearch, best_top_master, chambers_apart,
    control_faults, top_master_report,
};
pub use verified::{Check, Verified};
