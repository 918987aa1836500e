//! Which key of which token is meant: a URI as RFC 7512 has it. It holds no PIN: one is refused, unrepeated.

use anyhow::{Context, Result, bail, ensure};
use std::{fmt, path::PathBuf};

/// A key of a token, and the module that leads to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenKey {
    /// The token's label.
    pub token: Option<String>,
    /// The token's serial number.
    pub serial: Option<String>,
    /// The key's label.
    pub object: Option<String>,
    /// The key's id.
    pub id: Option<Vec<u8>>,
    /// The library that speaks with the token.
    pub module: PathBuf,
}

const SCHEME: &str = "pkcs11:";
const LOOKS: &str = "SHEARLINE_ROOT_KEY must name one key of one token: `pkcs11:token=TOKEN;object=KEY?module-path=/usr/lib/…/module.so` (serial=… beside or for token, id=%… beside or for object; % and two hexadecimal digits for every other sign than letters, digits, - . _ ~)";

impl TokenKey {
    /// Whether a setting is one of these.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
    }

    /// Of the setting `SHEARLINE_ROOT_KEY`.
    ///
    /// # Errors
    /// Says what it should look like, and repeats nothing of it.
    pub fn read(text: &str) -> Result<Self> {
        ensure!(
            !text.to_ascii_lowercase().contains("pin-"),
            "SHEARLINE_ROOT_KEY holds a PIN, or says where one is. Take it out, and put the PIN alone into the file that SHEARLINE_ROOT_KEY_CREDENTIAL names (mode 0400): settings are shown, logged and copied; then change the PIN"
        );
        let read = Self::parts(text.get(SCHEME.len()..).unwrap_or_default()).context(LOOKS)?;
        ensure!(read.token.is_some() || read.serial.is_some(), "{LOOKS}: it names no token");
        ensure!(read.object.is_some() || read.id.is_some(), "{LOOKS}: it names no key");
        ensure!(read.module.is_absolute(), "{LOOKS}: module-path does not begin with /");
        Ok(read)
    }

    fn parts(text: &str) -> Result<Self> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let all = path.split(';').map(|part| (part, false)).chain(query.split('&').map(|part| (part, true)));
        let (mut read, mut kind) = (Self::default(), None);
        for (part, in_query) in all.filter(|(part, _)| !part.is_empty()) {
            let (name, value) = part.split_once('=').context("a part has no =")?;
            let bytes = decoded(value).context("a value has a sign that must be written as % and two digits")?;
            ensure!((1..=255).contains(&bytes.len()), "a value is empty or too long");
            if name == "id" && !in_query {
                once(&mut read.id, bytes)?;
                continue;
            }
            let value = String::from_utf8(bytes).ok().context("a value is no text")?;
            match (name, in_query) {
                ("token", false) => once(&mut read.token, value)?,
                ("serial", false) => once(&mut read.serial, value)?,
                ("object", false) => once(&mut read.object, value)?,
                ("type", false) if value == "secret-key" => once(&mut kind, value)?,
                ("module-path", true) if read.module.as_os_str().is_empty() => read.module = value.into(),
                _ => bail!("it has a part that is not known, stands twice or in another place"),
            }
        }
        Ok(read)
    }
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<()> {
    ensure!(place.replace(value).is_none(), "a part stands twice");
    Ok(())
}

/// A value with its % signs taken back. Errs for a sign that RFC 7512 does not let stand as it is.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte if byte.is_ascii_alphanumeric() || b"-._~:[]@!$'()*+,=/".contains(&byte) => byte,
            _ => return None,
        });
    }
    Some(out)
}

impl fmt::Display for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<String>| value.as_ref().map(|text| text.clone().into_bytes());
        let parts = [
            ("token", text(&self.token)),
            ("serial", text(&self.serial)),
            ("object", text(&self.object)),
            ("id", self.id.clone()),
        ];
        f.write_str(SCHEME)?;
        let said = parts.iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
        for (n, (name, value)) in said.enumerate() {
            write!(f, "{}{name}=", if n == 0 { "" } else { ";" })?;
            for byte in value {
                match byte {
                    byte if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => {
                        write!(f, "{}", char::from(*byte))?;
                    }
                    byte => write!(f, "%{byte:02X}")?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_tokens_are_read_and_shown_without_their_module() {
        for (text, shown) in [
            ("pkcs11:token=shop;object=root?module-path=/usr/lib/m.so", "pkcs11:token=shop;object=root"),
            (
                "PKCS11:object=root%20key;serial=0a1b;type=secret-key?module-path=/usr/lib/m.so",
                "pkcs11:serial=0a1b;object=root%20key",
            ),
            ("pkcs11:token=a:b;id=%00%ffk?module-path=/usr/lib/m.so", "pkcs11:token=a%3Ab;id=%00%FFk"),
        ] {
            let read = TokenKey::read(text).unwrap();
            assert_eq!((read.to_string().as_str(), read.module.to_str()), (shown, Some("/usr/lib/m.so")));
            assert_eq!(TokenKey::read(&format!("{shown}?module-path=/usr/lib/m.so")).unwrap(), read);
        }
        for text in [
            "pkcs11:",
            "pkcs11:token=shop;object=root",
            "pkcs11:token=shop;object=root?module-path=m.so",
            "pkcs11:token=shop?module-path=/m.so",
            "pkcs11:object=root?module-path=/m.so",
            "pkcs11:token=;object=root?module-path=/m.so",
            "pkcs11:token=shop;token=shop;object=root?module-path=/m.so",
            "pkcs11:token=shop;object=root?module-path=/m.so&module-path=/n.so",
            "pkcs11:token=shop;object=root;module-path=/m.so",
            "pkcs11:token=shop;object=root;type=private?module-path=/m.so",
            "pkcs11:token=shop;object=root;slot-id=1?module-path=/m.so",
            "pkcs11:token=sh op;object=root?module-path=/m.so",
            "pkcs11:token=shop;object=%f?module-path=/m.so",
            "pkcs11:token=shop;object=%ff?module-path=/m.so",
        ] {
            let words = TokenKey::read(text).map_or_else(|error| format!("{error:#}"), |_| "read".into());
            assert!(words.contains("SHEARLINE_ROOT_KEY must name one key"), "{text}: {words}");
        }
    }

    #[test]
    fn row_46_a_pin_in_the_uri_is_refused_and_not_repeated() {
        for text in [
            "pkcs11:token=shop;object=root?module-path=/m.so&pin-value=s3cr3t",
            "pkcs11:token=shop;object=root?pin-value=s3cr3t",
            "pkcs11:token=shop;pin-value=s3cr3t;object=root?module-path=/m.so",
            "pkcs11:token=shop;object=root?module-path=/m.so&PIN-VALUE=s3cr3t",
            "pkcs11:token=shop;object=root?module-path=/m.so&pin-source=%7Cecho%20s3cr3t",
        ] {
            let words = TokenKey::read(text).map_or_else(|error| format!("{error:#}"), |_| "read".into());
            assert!(words.contains("SHEARLINE_ROOT_KEY_CREDENTIAL") && !words.contains("s3cr3t"), "{words}");
        }
        // Whatever else is wrong with it: nothing of it gets into words.
        for text in ["pkcs11:pin=s3cr3t", "pkcs11:s3cr3t", "pkcs11:token=shop;object=root?module-path=s3cr3t"] {
            let words = TokenKey::read(text).map_or_else(|error| format!("{error:#}"), |_| "read".into());
            assert!(words.contains("SHEARLINE_ROOT_KEY") && !words.contains("s3cr3t"), "{words}");
        }
    }
}
