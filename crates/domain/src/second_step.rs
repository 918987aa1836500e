//! The second step of signing in: what its forms hold and its pages show.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A code of an app, or a recovery code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProofForm {
    /// As typed: six digits, or sixteen characters of a recovery code.
    pub proof: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
}

/// "Confirm it is you."
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfirmForm {
    /// Password.
    pub password: String,
    /// A code, for those who have a second step.
    pub proof: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
}

/// What an authenticator gave, as the browser wrote it down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasskeyForm {
    /// Token of the challenge that was answered.
    pub challenge: String,
    /// The credential, JSON.
    pub credential: String,
    /// What a new passkey is called.
    pub name: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
}

/// What an authenticator is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Comes back with the answer.
    pub token: String,
    /// The browser's options, JSON.
    pub options: String,
}

/// Own means of the second step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondSteps {
    /// Whether a code app is set up.
    pub app: bool,
    /// Recovery codes not used yet.
    pub codes_left: i64,
    /// Passkeys, the oldest first.
    pub passkeys: Vec<OwnPasskey>,
    /// Whether this installation can have passkeys: browsers bind them to a name, and refuse a bare address.
    pub passkeys_possible: bool,
    /// Whether the shop asks for a second step that is missing.
    pub due: bool,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPasskey {
    /// Which.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub since: String,
    /// When it last opened something.
    pub last_used: Option<String>,
}

/// A code app on its way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppSecret {
    /// The secret in base32, in groups of four.
    pub secret: String,
    /// Side of the picture in modules, its quiet border included.
    pub size: i32,
    /// Its dark modules, as a path.
    pub picture: String,
}

/// What may be shown at a second step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Means {
    /// Codes of an app.
    pub app: bool,
    /// Recovery codes.
    pub codes: bool,
    /// Passkeys.
    pub passkeys: bool,
}

impl Means {
    /// Whether there is any second step.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.app || self.passkeys
    }
}

/// Roles whose members must have a second step, as ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RolesForm {
    /// Stored text of a role → "on".
    pub roles: BTreeMap<String, String>,
}
