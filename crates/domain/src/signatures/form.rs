//! The form under a document.

use crate::{FieldErrors, fields, jobs::SignerRole};
use ink::Ink;
use serde::{Deserialize, Serialize};

/// What the signer filled in, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignForm {
    /// The signer's name.
    pub name: String,
    /// As what: a stored text of [`SignerRole`].
    pub role: String,
    /// "on" when the signer affirmed that the document could be opened and read here.
    pub opened: String,
    /// "on" when the consent was ticked.
    pub consent: String,
    /// Strokes as `ink` writes them; empty when nothing was drawn.
    pub ink: String,
    /// "on" when the name as typed shall be the signature.
    pub typed: String,
    /// Where a copy is mailed; empty for nowhere. By a link it goes to the address the shop has.
    pub email: String,
    /// The device's own time, as it tells it; empty without script.
    pub device_time: String,
}

/// How it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Drawn by hand.
    Drawn(Ink),
    /// The name was typed and the box beside it ticked.
    Typed,
}

/// A signature ready to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSignature {
    /// Whose, as written.
    pub name: String,
    /// As what.
    pub role: SignerRole,
    /// Drawn or typed.
    pub mark: Mark,
    /// Whether the signer affirmed that the document could be opened and read here: without it nothing is signed.
    pub opened: bool,
    /// Where a copy is mailed; empty for nowhere.
    pub copy_to: String,
    /// What the signer's clock said; empty when it did not.
    pub device_time: String,
}

impl SignForm {
    /// Reads the form.
    ///
    /// # Errors
    /// Words beside fields: no name, not opened, no consent, neither ink nor the tick, ink that is empty, trivial or malformed.
    pub fn read(&self) -> Result<NewSignature, FieldErrors> {
        fields::check(|c| {
            let opened = c.ticked("opened", Some(&self.opened));
            if !opened {
                c.refuse("opened", "Tick this once you could open and read it. If you cannot, ask the shop for paper.");
            }
            if !c.ticked("consent", Some(&self.consent)) {
                c.refuse("consent", "Tick this to agree, or ask the shop for a paper document.");
            }
            let typed = c.ticked("typed", Some(&self.typed));
            let mark = self.mark(typed).unwrap_or_else(|words| {
                c.refuse("typed", words);
                Mark::Typed
            });
            NewSignature {
                name: c.text("name", &self.name, 120),
                role: c.choice("role", &self.role),
                mark,
                opened,
                copy_to: c.optional_email("email", &self.email).unwrap_or_default(),
                device_time: c.optional_text("device_time", &self.device_time, 60).unwrap_or_default(),
            }
        })
    }

    /// Ink counts before the tick: whoever drew meant to. Less than a signature beside the tick is a stray mark.
    fn mark(&self, typed: bool) -> Result<Mark, String> {
        if self.ink.trim().is_empty() {
            return if typed {
                Ok(Mark::Typed)
            } else {
                Err("Draw your signature, or tick the box to sign with your typed name.".into())
            };
        }
        let ink = Ink::parse(&self.ink).map_err(|error| error.to_string())?;
        match ink.ensure_signature() {
            Ok(()) => Ok(Mark::Drawn(ink)),
            Err(_) if typed => Ok(Mark::Typed),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"v":1,"w":600,"h":200,"r":100,"s":[{"k":"pen","d":[1000,1000,0,128,40000,100,50,0]}]}"#;
    const DOT: &str = r#"{"v":1,"w":600,"h":200,"r":100,"s":[{"k":"pen","d":[1000,1000,0,128]}]}"#;

    fn form(ink: &str, typed: &str) -> SignForm {
        SignForm {
            name: "Ana Reyes".into(),
            role: "client".into(),
            opened: "on".into(),
            consent: "on".into(),
            ink: ink.into(),
            typed: typed.into(),
            ..SignForm::default()
        }
    }

    #[test]
    fn what_counts_as_a_signature() {
        let drawn = |form: SignForm| form.read().map(|new| matches!(new.mark, Mark::Drawn(_)));
        assert_eq!(drawn(form(LINE, "")), Ok(true));
        assert_eq!(drawn(form(LINE, "on")), Ok(true));
        assert_eq!(drawn(form("", "on")), Ok(false));
        assert_eq!(drawn(form(DOT, "on")), Ok(false));
        for (ink, typed) in [("", ""), (DOT, ""), ("{}", "on"), ("nonsense", "")] {
            let errors = form(ink, typed).read().unwrap_err();
            assert!(errors.contains_key("typed"), "{ink} {typed}: {errors:?}");
        }
    }

    #[test]
    fn nobody_signs_without_a_name_or_without_agreeing() {
        for (broken, field) in [
            (SignForm { name: " ".into(), ..form("", "on") }, "name"),
            (SignForm { opened: String::new(), ..form("", "on") }, "opened"),
            (SignForm { email: "nowhere".into(), ..form("", "on") }, "email"),
            (SignForm { consent: String::new(), ..form("", "on") }, "consent"),
            (SignForm { role: "owner".into(), ..form("", "on") }, "role"),
            (SignForm { name: "a\0b".into(), ..form("", "on") }, "name"),
        ] {
            assert_eq!(broken.read().unwrap_err().into_keys().collect::<Vec<_>>(), [field]);
        }
    }
}
