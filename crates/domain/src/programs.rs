//! Programs that sign in as a person: which there are, what they ask for, and where a browser may carry the answer.

use crate::choice::Choice;
use crate::{
    FieldErrors, Permission, fields,
    machines::{Namespace, Reach, Scope},
};
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use uuid::Uuid;

/// A program we know. None has a secret: whoever holds the program could read it there.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// What it calls itself.
    pub client_id: &'static str,
    /// As people read it.
    pub name: &'static str,
}

/// All programs there are.
pub const PROGRAMS: [Program; 1] = [Program { client_id: "shearline-cli", name: "Shearline command line" }];

/// The program of that name.
#[must_use]
pub fn program(client_id: &str) -> Option<&'static Program> {
    PROGRAMS.iter().find(|known| known.client_id == client_id)
}

/// What a program's link to `/authorize` says (RFC 6749, RFC 7636).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct ProgramQuery {
    pub response_type: String,
    pub client_id: String,
    pub redirect_uri: String,
    pub scope: String,
    pub state: String,
    pub code_challenge: String,
    pub code_challenge_method: String,
}

/// What is asked, by a program we know, with an answer that goes to this very machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who asks.
    pub program: &'static Program,
    /// Where the answer goes.
    pub redirect: String,
    /// SHA-256 of what the program will show when it comes for its tokens.
    pub challenge: String,
    /// What it wants to reach.
    pub reach: Reach,
}

/// Why a program's link cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongAsk {
    /// Nobody we know, or an answer that would go elsewhere: the person is told, and nobody else.
    Stranger(&'static str),
    /// The program is told: error code and words of RFC 6749.
    Told(&'static str, &'static str),
}

impl ProgramQuery {
    /// Reads what stands behind the question mark. What we do not know is left aside; what is said twice is not read.
    ///
    /// # Errors
    /// [`WrongAsk::Stranger`].
    pub fn parse(link: &str) -> Result<Self, WrongAsk> {
        let unreadable = WrongAsk::Stranger("The program's link cannot be read. Start again from the program.");
        let mut asked = Self::default();
        let mut seen = Vec::new();
        for pair in link.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) =
                unescaped(name).zip(unescaped(value)).filter(|(name, _)| !seen.contains(name)).ok_or(unreadable)?;
            match name.as_str() {
                "response_type" => asked.response_type = value,
                "client_id" => asked.client_id = value,
                "redirect_uri" => asked.redirect_uri = value,
                "scope" => asked.scope = value,
                "state" => asked.state = value,
                "code_challenge" => asked.code_challenge = value,
                "code_challenge_method" => asked.code_challenge_method = value,
                _ => {}
            }
            seen.push(name);
        }
        Ok(asked)
    }

    /// Reads the link.
    ///
    /// # Errors
    /// [`WrongAsk`].
    pub fn read(&self) -> Result<Asked, WrongAsk> {
        let program =
            program(&self.client_id).ok_or(WrongAsk::Stranger("No program of that name can sign in here."))?;
        if !is_own_machine(&self.redirect_uri) {
            return Err(WrongAsk::Stranger("The program wants the answer sent elsewhere than to your own machine."));
        }
        if self.state.len() > 500 {
            return Err(WrongAsk::Stranger("The program's link is longer than any we know."));
        }
        if self.response_type != "code" {
            return Err(WrongAsk::Told("unsupported_response_type", "only response_type=code is known"));
        }
        if self.code_challenge_method != "S256" || !is_challenge(&self.code_challenge) {
            return Err(WrongAsk::Told("invalid_request", "a code_challenge by code_challenge_method=S256 is needed"));
        }
        let reach = reach_of(&self.scope).ok_or(WrongAsk::Told("invalid_scope", "an unknown scope was asked for"))?;
        Ok(Asked { program, redirect: self.redirect_uri.clone(), challenge: self.code_challenge.clone(), reach })
    }

    /// Where a browser takes an answer: the program's own address, with `state` as it was sent, and who answers.
    #[must_use]
    pub fn back(&self, issuer: &str, answer: &[(&str, &str)]) -> String {
        let mut to = self.redirect_uri.clone();
        let state = (!self.state.is_empty()).then_some(("state", self.state.as_str()));
        for (name, value) in answer.iter().copied().chain(state).chain([("iss", issuer)]) {
            let mark = if to.contains('?') { '&' } else { '?' };
            let _ = write!(to, "{mark}{name}={}", escaped(value));
        }
        to
    }
}

/// Whether an address is this machine's own, to the letter: any port, and the one path (RFC 8252, section 7.3).
#[must_use]
pub fn is_own_machine(address: &str) -> bool {
    let port = ["http://127.0.0.1:", "http://[::1]:"]
        .iter()
        .find_map(|start| address.strip_prefix(start))
        .and_then(|rest| rest.strip_suffix("/callback"));
    port.is_some_and(|port| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0') && port.parse::<u16>().is_ok()
    })
}

/// 32 bytes as base64url.
fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// A scope as sent: rooms, and `write`. Without a room all of them are meant; `None` for an unknown word.
#[must_use]
pub fn reach_of(scope: &str) -> Option<Reach> {
    let mut reach = Reach { scope: Scope::Read, namespaces: Vec::new() };
    for word in scope.split(' ').filter(|word| !word.is_empty()) {
        match Namespace::parse(word) {
            Some(room) if reach.namespaces.contains(&room) => {}
            Some(room) => reach.namespaces.push(room),
            None if word == Scope::Write.as_str() => reach.scope = Scope::Write,
            None => return None,
        }
    }
    if reach.namespaces.is_empty() {
        reach.namespaces = Namespace::ALL.to_vec();
    }
    Some(reach)
}

/// The same as sent back.
#[must_use]
pub fn scope_of(reach: &Reach) -> String {
    let write = (reach.scope == Scope::Write).then_some(Scope::Write.as_str());
    reach.namespaces.iter().map(|room| room.as_str()).chain(write).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                u8::try_from(digit(bytes.next()?)? * 16 + digit(bytes.next()?)?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

/// The page that asks a person whether to let a program in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The program's link, or the device that asks: to be sent back with the answer.
    pub ask: String,
    /// Who asks, as people read it.
    pub program: String,
    /// Into which shop.
    pub shop: String,
    /// What it asks for and this person may see.
    pub rooms: Vec<Namespace>,
    /// Whether it asks to write as well.
    pub writes: bool,
    /// For a device: from where it asked, and what it calls itself.
    pub device: Option<(String, String)>,
}

/// A person's answer: what of it the program may reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct LetInForm {
    /// A [`Scope`].
    pub scope: String,
    pub clients: String,
    pub jobs: String,
    pub invoices: String,
    pub payments: String,
    pub audit: String,
}

impl LetInForm {
    /// What is given: never more than was asked for, nor than the person may see.
    ///
    /// # Errors
    /// Words when nothing is left.
    pub fn read(&self, asked: &Reach, may: impl Fn(Permission) -> bool) -> Result<Reach, FieldErrors> {
        let ticked = [
            (Namespace::Clients, &self.clients),
            (Namespace::Jobs, &self.jobs),
            (Namespace::Invoices, &self.invoices),
            (Namespace::Payments, &self.payments),
            (Namespace::Audit, &self.audit),
        ];
        fields::check(|c| {
            let wanted = c.optional_choice("scope", &self.scope).unwrap_or(Scope::Read);
            let given: Vec<_> =
                ticked.into_iter().filter(|(_, value)| !value.is_empty()).map(|(room, _)| room).collect();
            let namespaces: Vec<_> = offered(asked, may).into_iter().filter(|room| given.contains(room)).collect();
            if namespaces.is_empty() {
                let first = asked.namespaces.first().map_or("clients", |room| room.as_str());
                c.refuse(first, "Tick at least one thing it may see, or refuse it.");
            }
            Reach { scope: if asked.scope == Scope::Write { wanted } else { Scope::Read }, namespaces }
        })
    }
}

/// What of it a person may see, and so may give away.
pub fn offered(asked: &Reach, may: impl Fn(Permission) -> bool) -> Vec<Namespace> {
    let seen = |room: &Namespace| room.permissions(Scope::Read).iter().all(|permission| may(*permission));
    asked.namespaces.iter().copied().filter(seen).collect()
}

/// What is typed to let a device in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceForm {
    /// The code the device shows.
    pub code: String,
}

/// Letters of a device's code: no vowels, so that it spells nothing, and none that sounds like a digit.
pub const CODE_LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// A device's code as it was made, out of what somebody typed; `None` when it cannot be one.
#[must_use]
pub fn typed_code(text: &str) -> Option<String> {
    let letters: String =
        text.chars().filter(|c| !c.is_whitespace() && !"-‐–—".contains(*c)).map(|c| c.to_ascii_uppercase()).collect();
    (letters.len() == 8 && letters.bytes().all(|letter| CODE_LETTERS.contains(&letter))).then_some(letters)
}

/// A program signed in as somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramRow {
    /// Of the program.
    pub id: Uuid,
    /// As people read it.
    pub name: String,
    /// In which shop.
    pub shop: String,
    /// "Jobs. Read only".
    pub reach: String,
    /// Since when.
    pub since: String,
    /// When it was last used.
    pub used: String,
    /// From which network address.
    pub ip: String,
    /// What the machine calls itself.
    pub machine: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> ProgramQuery {
        ProgramQuery {
            response_type: "code".into(),
            client_id: "shearline-cli".into(),
            redirect_uri: "http://127.0.0.1:49152/callback".into(),
            scope: "clients jobs write".into(),
            state: "a b&c".into(),
            code_challenge: "A".repeat(43),
            code_challenge_method: "S256".into(),
        }
    }

    #[test]
    fn row_38_an_answer_goes_to_the_own_machine_alone() {
        for (address, own) in [
            ("http://127.0.0.1:1/callback", true),
            ("http://127.0.0.1:65535/callback", true),
            ("http://[::1]:8080/callback", true),
            ("http://127.0.0.1/callback", false),
            ("http://127.0.0.1:0/callback", false),
            ("http://127.0.0.1:65536/callback", false),
            ("http://127.0.0.1:080/callback", false),
            ("https://127.0.0.1:8080/callback", false),
            ("http://localhost:8080/callback", false),
            ("http://127.0.0.1:8080/callback/", false),
            ("http://127.0.0.1:8080/callback?x=1", false),
            ("http://127.0.0.1:8080/callback#x", false),
            ("http://127.0.0.1:8080/../callback", false),
            ("http://127.0.0.1:8080@evil.example/callback", false),
            ("http://127.0.0.1:8080.evil.example/callback", false),
            ("http://u@127.0.0.1:8080/callback", false),
            (" http://127.0.0.1:8080/callback", false),
            ("", false),
        ] {
            assert_eq!(is_own_machine(address), own, "{address}");
        }
    }

    #[test]
    fn row_38_only_a_sha_256_challenge_is_taken() {
        assert!(query().read().is_ok());
        for (method, challenge) in [
            ("plain", "A".repeat(43)),
            ("", "A".repeat(43)),
            ("s256", "A".repeat(43)),
            ("S256", String::new()),
            ("S256", "A".repeat(42)),
            ("S256", "=".repeat(43)),
        ] {
            let asked =
                ProgramQuery { code_challenge_method: method.into(), code_challenge: challenge.clone(), ..query() };
            assert!(matches!(asked.read(), Err(WrongAsk::Told("invalid_request", _))), "{method} {challenge}");
        }
    }

    #[test]
    fn strangers_are_told_nothing_and_programs_by_code() {
        let stranger = ProgramQuery { client_id: "else".into(), ..query() };
        assert!(matches!(stranger.read(), Err(WrongAsk::Stranger(_))));
        let elsewhere =
            ProgramQuery { redirect_uri: "https://evil.example/".into(), response_type: String::new(), ..query() };
        assert!(matches!(elsewhere.read(), Err(WrongAsk::Stranger(_))));
        let token = ProgramQuery { response_type: "token".into(), ..query() };
        assert!(matches!(token.read(), Err(WrongAsk::Told("unsupported_response_type", _))));
        let all = ProgramQuery { scope: "clients everything".into(), ..query() };
        assert!(matches!(all.read(), Err(WrongAsk::Told("invalid_scope", _))));
    }

    #[test]
    fn a_link_is_read_once_and_as_it_stands() {
        let read = ProgramQuery::parse("?client_id=shearline-cli&state=a%2Bb%2525&scope=clients+jobs&prompt=x")
            .expect("reads");
        assert_eq!((read.state.as_str(), read.scope.as_str()), ("a+b%25", "clients jobs"));
        for link in ["state=a&state=b", "sta%74e=a&state=b", "state=%f", "state=%ff", "x&x"] {
            assert!(ProgramQuery::parse(link).is_err(), "{link}");
        }
    }

    #[test]
    fn an_answer_carries_state_and_issuer() {
        let to = query().back("https://shop.example", &[("error", "access_denied")]);
        assert_eq!(
            to,
            "http://127.0.0.1:49152/callback?error=access_denied&state=a%20b%26c&iss=https%3A%2F%2Fshop.example"
        );
    }

    #[test]
    fn a_program_gets_what_it_asked_for_was_given_and_may_be_seen() {
        let asked = reach_of("clients audit").expect("scope");
        let form = LetInForm {
            scope: "write".into(),
            clients: "on".into(),
            jobs: "on".into(),
            audit: "on".into(),
            ..LetInForm::default()
        };
        let given = form.read(&asked, |permission| permission != Permission::SeeAudit).expect("reads");
        assert_eq!(given, Reach { scope: Scope::Read, namespaces: vec![Namespace::Clients] });
        assert!(form.read(&asked, |_| false).is_err_and(|errors| errors.contains_key("clients")));
        assert_eq!(scope_of(&reach_of("write jobs jobs").expect("scope")), "jobs write");
        assert_eq!(reach_of("").map(|all| (all.scope, all.namespaces.len())), Some((Scope::Read, 5)));
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for (text, code) in [
            ("BCDF-GHJK", Some("BCDFGHJK")),
            (" bcdf ghjk ", Some("BCDFGHJK")),
            ("bcdf–ghjk", Some("BCDFGHJK")),
            ("BCDF-GHJ", None),
            ("BCDF-GHJA", None),
            ("BCDFGHJKL", None),
        ] {
            assert_eq!(typed_code(text).as_deref(), code, "{text}");
        }
    }
}
