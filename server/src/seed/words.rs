//! What callers say, what technicians write, and what doors carry. Invented.

use super::dice::Dice;
use domain::jobs::JobKind;
use std::collections::BTreeMap;

/// A telephone number of the range kept for stories: 555-0100 to 555-0199.
pub fn phone(dice: &mut Dice) -> String {
    format!("{} 555 01{:02}", dice.pick(&["416", "647", "905"]), dice.below(100))
}

/// Doors: where, lock function (empty for what has no hand), hardware.
pub const DOORS: &[(&str, &str, &str)] = &[
    ("storeroom", "F86 storeroom", "Cylindrical lever, clutch, 70 mm backset"),
    ("office", "F82 office", "Cylindrical lever, 6-pin, satin chrome"),
    ("classroom", "F84 classroom", "Cylindrical lever, interchangeable core"),
    ("corridor", "F75 passage", "Passage lever, closer size 4"),
    ("stair, exit", "F05 classroom (mortise)", "Rim exit device with key trim, closer size 5"),
    ("plant room", "F07 storeroom (mortise)", "Mortise lock, restricted cylinder"),
    ("gate padlock", "", "Shrouded padlock, keyed alike"),
    ("letter boxes", "", "Cam lock 20 mm, keyed different"),
];

/// A kind of job in a caller's and a technician's words.
pub struct Script {
    /// What was asked for.
    pub requested: &'static [&'static str],
    /// What was done.
    pub performed: &'static [&'static str],
    /// Answers to what its template asks.
    pub answers: &'static [(&'static str, &'static str)],
}

/// The script of a kind.
pub const fn script(kind: JobKind) -> &'static Script {
    match kind {
        JobKind::LockoutHouse => &LOCKOUT,
        JobKind::Rekey => &REKEY,
        JobKind::LockChange => &LOCK_CHANGE,
        JobKind::AutoKey => &AUTO,
        JobKind::CommercialService => &COMMERCIAL,
        JobKind::MasterSystem => &MASTER,
        JobKind::Safe => &SAFE,
        JobKind::KeyOrder => &KEY_ORDER,
    }
}

/// A script's answers as the forms take them.
pub fn answers(kind: JobKind) -> BTreeMap<String, String> {
    script(kind).answers.iter().map(|(key, answer)| ((*key).to_owned(), (*answer).to_owned())).collect()
}

const LOCKOUT: Script = Script {
    requested: &[
        "Locked out of the front door, keys on the kitchen table.",
        "Door fell shut behind the caller; keys inside.",
        "Key broke in the deadbolt, cannot get in.",
        "Lost the keys on the way home, needs to get in tonight.",
    ],
    performed: &[
        "Opened the night latch without damage. Caller's keys found inside and tried.",
        "Picked the deadbolt in the presence of the caller. No damage. Advised a second key with a neighbour.",
        "Extracted the broken key, opened with a new key cut from the parts.",
        "Bypassed the spring latch. Door closes and locks as before.",
    ],
    answers: &[("inside", "no"), ("relation", "Lives there"), ("entry", "Picked"), ("keys_inside", "yes")],
};
const REKEY: Script = Script {
    requested: &[
        "New tenants on the first of the month: rekey front and back door.",
        "Cleaner left, rekey the three outside doors alike.",
        "House bought, rekey everything to one new key.",
    ],
    performed: &[
        "Rekeyed three cylinders alike, worn top pins replaced. Five keys cut, each tried.",
        "Rekeyed two deadbolts and the garage side door. Old keys do not turn any more.",
        "Rekeyed four cylinders to the key of the side door. Keys handed over and counted.",
    ],
    answers: &[("cylinders", "3"), ("keyed", "Alike")],
};
const LOCK_CHANGE: Script = Script {
    requested: &[
        "Deadbolt turns hard and sticks, please replace.",
        "After a break-in: new lock on the back door, and look at the frame.",
        "Wants a deadbolt where there is only a knob.",
    ],
    performed: &[
        "Fitted a grade 2 deadbolt, reinforced strike with 75 mm screws. Door planed at the latch side.",
        "Old mortise lock taken out, new one fitted, faceplate let in. Locks with two fingers.",
        "Fitted deadbolt keyed to the customer's key. Strike adjusted.",
    ],
    answers: &[("why", "Worn out"), ("door", "Back door, wood")],
};
const AUTO: Script = Script {
    requested: &[
        "Spare key for a company van, one key there.",
        "All keys of a hatchback lost at the lake.",
        "Remote does not open the doors any more; key still starts.",
    ],
    performed: &[
        "Cut by code and programmed one transponder key. Engine starts with both.",
        "All keys lost: two new keys made, the lost ones taken out of the vehicle.",
        "Replaced the remote's shell and battery, programmed again.",
    ],
    answers: &[("vehicle", "Delivery van, 2019"), ("plate", "DEMO 019"), ("lost", "no")],
};
const COMMERCIAL: Script = Script {
    requested: &[
        "Closer on the main entrance slams.",
        "Exit device on the stair does not latch.",
        "Storeroom lever hangs down and does not return.",
        "Office door rubs and the latch misses the strike.",
        "Key turns in the side entrance but nothing happens.",
    ],
    performed: &[
        "Closer cleaned, valves set, arm screws renewed. Latches from any angle.",
        "Exit device latch and rod adjusted; opens without a key and latches each time.",
        "Lever spring replaced, set screw secured, latch greased.",
        "Hinges shimmed, strike moved by 2 mm.",
        "Tailpiece broken: cylinder serviced, tailpiece replaced.",
    ],
    answers: &[("complaint", "See the order"), ("order_number", "")],
};
const MASTER: Script = Script {
    requested: &["Two more levels under the house key, plan and keys.", "Extend the master key plan to the new wing."],
    performed: &[
        "Cylinders pinned to the plan, each master tried in every cylinder below it. Keys stamped and counted.",
    ],
    answers: &[("levels", "Three"), ("changes", "24 now, 60 in ten years")],
};
const SAFE: Script = Script {
    requested: &[
        "Safe of the former owner, combination unknown.",
        "Yearly service and new combination.",
        "Dial turns, bolt does not come back.",
    ],
    performed: &[
        "Opened by manipulation in the owner's presence; new combination set and tried three times.",
        "Wheel pack cleaned, combination changed by the owner, tried three times.",
        "Bolt work freed, wheel post lubricated.",
    ],
    answers: &[("make", "Office safe, 200 kg, mechanical"), ("work", "Service")],
};
const KEY_ORDER: Script = Script {
    requested: &[
        "Three copies of the restricted key for the new floor.",
        "Replacement for a bent key.",
        "Ten keys for the cleaning contractor, on the letter of the signatory.",
    ],
    performed: &["Signatory looked up and valid. Keys cut, stamped and handed over against a receipt."],
    answers: &[("stamp", "R-114"), ("count", "3")],
};
