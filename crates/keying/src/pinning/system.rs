//! Pin systems as data: stack totals, control offset, smallest pins, the rule for the top pin.

use crate::depth::{Chamber, Depth, Increments};
use serde::{Deserialize, Serialize};

/// How the top pin (driver) of a chamber without control line is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopRule {
    /// No rule: the top pin is left to the pinner's kit.
    Unspecified,
    /// Every chamber is filled to this total, in increments.
    FixedStack(Increments),
    /// By the total of bottom and master pins: up to each limit the given driver number, limits ascending.
    ByPlugTotal(Vec<(u8, u8)>),
}

/// The second shear line of an interchangeable core.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlLine {
    /// Distance between operating and control shear line, in increments.
    pub offset: Increments,
    /// Stack total of a chamber with a control line, in increments.
    pub stack: Increments,
    /// The chambers that have it; empty means every chamber (SFIC).
    pub chambers: Vec<Chamber>,
    /// Smallest build-up (control) pin, in increments.
    pub min_build_up: Increments,
}

/// A pin system. All numbers in increments of the specification, cuts as depth numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinSystem {
    /// The maker's name for it.
    pub name: String,
    /// Shallowest depth number.
    pub lo: Depth,
    /// Deepest depth number.
    pub hi: Depth,
    /// Smallest master pin.
    pub min_master: Increments,
    /// Smallest top pin where the top is worked out from a stack total.
    pub min_top: Increments,
    /// The top pin of chambers without a control line.
    pub top: TopRule,
    /// The control line of an interchangeable core.
    pub control: Option<ControlLine>,
}

impl PinSystem {
    /// A conventional cylinder: no control line, this smallest master pin, top pins by `top`.
    pub fn conventional(name: &str, lo: Depth, hi: Depth, min_master: Increments, top: TopRule) -> Self {
        Self { name: name.to_owned(), lo, hi, min_master, min_top: Increments::default(), top, control: None }
    }

    /// Schlage conventional and FSIC: no #1 master pin; driver 1, 2, 3 by plug total 0-3, 4-6, 7-9.
    pub fn schlage() -> Self {
        let top = TopRule::ByPlugTotal(vec![(3, 1), (6, 2), (9, 3)]);
        Self::conventional("Schlage", Depth::raw(0), Depth::raw(9), Increments::new(2), top)
    }

    fn sfic(name: &str, hi: u8, stack: u8, offset: u8, min_pin: u8) -> Self {
        let [stack, offset, min_pin] = [stack, offset, min_pin].map(Increments::new);
        Self {
            name: name.to_owned(),
            lo: Depth::raw(0),
            hi: Depth::raw(hi),
            min_master: min_pin,
            min_top: min_pin,
            top: TopRule::Unspecified,
            control: Some(ControlLine { offset, stack, chambers: Vec::new(), min_build_up: min_pin }),
        }
    }

    /// SFIC A2: stack 23, control offset 10, no #1 pin (sources: Kaba manual p. 17, two independent others).
    pub fn a2() -> Self {
        Self::sfic("A2", 9, 23, 10, 2)
    }

    /// SFIC A3: stack 16, offset 7 (single source, restated by a peer).
    pub fn a3() -> Self {
        Self::sfic("A3", 6, 16, 7, 1)
    }

    /// SFIC A4: stack 14, offset 6 (Kaba manual p. 20).
    pub fn a4() -> Self {
        Self::sfic("A4", 5, 14, 6, 1)
    }

    fn lfic(mut self, offset: u8, stack: u8, min_build_up: u8) -> Self {
        let [offset, stack, min_build_up] = [offset, stack, min_build_up].map(Increments::new);
        let chambers = vec![Chamber::at(2), Chamber::at(3)];
        self.control = Some(ControlLine { offset, stack, chambers, min_build_up });
        self
    }

    /// Sargent 6300 LFIC: control line in chambers 3 and 4, offset 8, stacks 20 there and 15 elsewhere.
    pub fn sargent_6300() -> Self {
        let [smallest, stack] = [2, 15].map(Increments::new);
        let top = TopRule::FixedStack(stack);
        let plain = Self::conventional("Sargent 6300", Depth::raw(1), Depth::raw(10), smallest, top);
        plain.lfic(8, 20, 2)
    }

    /// Sargent Degree and Corbin Russwin Access 3, fixed core: stack 10, depths 0-6.
    pub fn access3() -> Self {
        let [smallest, stack] = [1, 10].map(Increments::new);
        let top = TopRule::FixedStack(stack);
        Self::conventional("Access 3 / Degree", Depth::raw(0), Depth::raw(6), smallest, top)
    }

    /// The same as LFIC: chambers 3 and 4 with offset 6 and stack 13.
    pub fn access3_lfic() -> Self {
        let mut own = Self::access3().lfic(6, 13, 1);
        own.name = "Access 3 / Degree LFIC".to_owned();
        own
    }

    /// A2 or A4 pins in other Peaks cylinders, by stack total (31/18 mortise and rim, 26/15 KIK and LFIC).
    pub fn peaks(base: &PinSystem, stack: Increments) -> Self {
        Self {
            name: format!("{} stack {stack}", base.name),
            top: TopRule::FixedStack(stack),
            control: None,
            ..base.clone()
        }
    }

    /// The system of this short name: `A2`, `A3`, `A4`, `schlage`, `sargent_6300`, `access3`, `degree`, the last two
    /// also with `_lfic`. Case, spaces, dashes and underscores do not matter.
    pub fn named(name: &str) -> Option<Self> {
        let letters = name.chars().filter(|c| !matches!(c, ' ' | '-' | '_'));
        let short: String = letters.take(24).map(|c| c.to_ascii_lowercase()).collect();
        Some(match short.as_str() {
            "a2" => Self::a2(),
            "a3" => Self::a3(),
            "a4" => Self::a4(),
            "schlage" => Self::schlage(),
            "sargent6300" => Self::sargent_6300(),
            "access3" | "degree" | "sargentdegree" => Self::access3(),
            "access3lfic" | "degreelfic" | "sargentdegreelfic" => Self::access3_lfic(),
            _ => return None,
        })
    }

    /// The control line of one chamber, if it has one.
    pub fn control_at(&self, chamber: Chamber) -> Option<&ControlLine> {
        self.control.as_ref().filter(|line| line.chambers.is_empty() || line.chambers.contains(&chamber))
    }

    /// Smallest and largest top pin of a chamber over all cuts (control cuts where there is a control line).
    ///
    /// `None` where the top pin does not follow from a stack total, or the total is too small for the depths.
    pub fn top_range(&self, chamber: Chamber) -> Option<(u8, u8)> {
        let (room, lo, hi) = match (self.control_at(chamber), &self.top) {
            (Some(line), _) => (line.stack.number().checked_sub(line.offset.number())?, self.lo, self.hi),
            (None, TopRule::FixedStack(stack)) => (stack.number(), self.lo, self.hi),
            _ => return None,
        };
        Some((room.checked_sub(hi.number())?, room.checked_sub(lo.number())?))
    }
}
