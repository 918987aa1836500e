//! What is done in a token: its module started, the PIN shown, the key looked up and used, and all of it given back.

use super::TokenKey;
use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Function, Pkcs11},
    error::{Error, RvError},
    mechanism::{Mechanism, aead::GcmParams},
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::Slot,
    types::{AuthPin, Ulong},
};
use vault::{VaultError, Zeroizing};

/// Length of the IV, and of the tag in bits.
const IV: usize = 12;
const TAG_BITS: u64 = 128;
/// What a wrapped key begins with, and how long it is: `0x01 ‖ IV(12) ‖ ciphertext(32) ‖ tag(16)`.
const FORM: u8 = 1;
const WRAPPED: usize = 1 + IV + 32 + 16;

/// Why it was not done.
pub(super) enum Failed {
    /// The token refused the PIN: it must not be shown again.
    Pin(&'static str),
    /// Anything else.
    Other(VaultError),
}

impl From<VaultError> for Failed {
    fn from(error: VaultError) -> Self {
        Self::Other(error)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Other(said(&error))
    }
}

/// A module that was started, and is stopped wherever its holder ends. Started for each request: modules look for tokens
/// then, so one that was pulled out is missed, and one that came back is found.
struct Started<'a>(&'a Pkcs11);

impl<'a> Started<'a> {
    fn new(module: &'a Pkcs11) -> Result<Self, Error> {
        let start = || module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
        match start() {
            // Left so by a stop that failed.
            Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {
                module.clone().finalize()?;
                start()?;
            }
            other => other?,
        }
        Ok(Self(module))
    }
}

impl Drop for Started<'_> {
    fn drop(&mut self) {
        let _ = self.0.clone().finalize();
    }
}

/// Wraps a key.
pub(super) fn wrap(module: &Pkcs11, at: &TokenKey, pin: &str, bound: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, Failed> {
    with_key(module, at, pin, |session, root| {
        let mut iv: [u8; IV] = rand::random();
        let sealed = {
            let gcm = gcm(&mut iv, bound)?;
            session.encrypt(&Mechanism::AesGcm(gcm), root, key).map_err(|error| said(&error))?
        };
        // Read after the token had it: some make the IV themselves, and put it there.
        let wrapped = [[FORM].as_slice(), &iv, &sealed].concat();
        if wrapped.len() == WRAPPED {
            Ok(wrapped)
        } else {
            Err(VaultError::Denied("its AES-GCM is another one".into()))
        }
    })
}

/// Gives a key back, for what it was bound to alone.
pub(super) fn unwrap(
    module: &Pkcs11,
    at: &TokenKey,
    pin: &str,
    bound: &[u8],
    wrapped: &[u8],
) -> Result<Zeroizing<[u8; 32]>, Failed> {
    let parts = wrapped.strip_prefix(&[FORM]).filter(|_| wrapped.len() == WRAPPED);
    let (iv, sealed) = parts.and_then(<[u8]>::split_first_chunk::<IV>).ok_or(VaultError::Malformed)?;
    let mut iv = *iv;
    with_key(module, at, pin, |session, root| {
        let gcm = gcm(&mut iv, bound)?;
        let clear = session.decrypt(&Mechanism::AesGcm(gcm), root, sealed).map(Zeroizing::new).map_err(|error| {
            match error {
                // Tokens have many words for a tag that does not fit. One that is still there has said no.
                Error::Pkcs11(_, Function::Decrypt) if session.get_session_info().is_ok() => {
                    VaultError::Denied("what is wrapped does not open with this key, or not here".into())
                }
                other => said(&other),
            }
        })?;
        let mut key = Zeroizing::new([0; 32]);
        match clear.len() {
            32 => key.copy_from_slice(&clear),
            _ => return Err(VaultError::Refused),
        }
        Ok(key)
    })
}

/// AES-GCM, with what a key is bound to as additional data.
fn gcm<'a>(iv: &'a mut [u8], bound: &'a [u8]) -> Result<GcmParams<'a>, VaultError> {
    GcmParams::new(iv, bound, Ulong::new(TAG_BITS)).map_err(|error| said(&error))
}

fn with_key<T>(
    module: &Pkcs11,
    at: &TokenKey,
    pin: &str,
    work: impl FnOnce(&Session, ObjectHandle) -> Result<T, VaultError>,
) -> Result<T, Failed> {
    let _started = Started::new(module)?;
    let slot = slot(module, at)?;
    let about = module.get_token_info(slot)?;
    if let Some(words) = barred(about.user_pin_locked(), about.user_pin_final_try()) {
        return Err(VaultError::Denied(words.into()).into());
    }
    let session = module.open_ro_session(slot)?;
    // Made to measure, so that no part of it stays behind where it was moved.
    session.login(UserType::User, Some(&AuthPin::from(Box::from(pin)))).map_err(|error| match error {
        Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
            Failed::Pin("the PIN is wrong")
        }
        Error::Pkcs11(RvError::PinLocked, _) => Failed::Pin("the PIN is locked"),
        Error::Pkcs11(RvError::PinExpired, _) => Failed::Pin("the PIN has expired"),
        other => other.into(),
    })?;
    let root = key(&session, at)?;
    Ok(work(&session, root)?)
}

/// Whether the PIN may be shown at all. The last try is left to people, who know whether they have the right one.
pub(super) const fn barred(locked: bool, final_try: bool) -> Option<&'static str> {
    match (locked, final_try) {
        (true, _) => Some("the token has locked its PIN"),
        (_, true) => Some(
            "the token has one try left for its PIN, which is not used up here: log in once with the token's own tool, then it goes on",
        ),
        _ => None,
    }
}

fn slot(module: &Pkcs11, at: &TokenKey) -> Result<Slot, VaultError> {
    let slots = module.get_slots_with_token().map_err(|error| said(&error))?;
    // One slot that cannot be read is none of ours.
    let found = slots.into_iter().filter(|slot| {
        module.get_token_info(*slot).is_ok_and(|about| {
            let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
            about.token_initialized()
                && is(&at.token, about.label().trim_end())
                && is(&at.serial, about.serial_number().trim_end())
        })
    });
    match found.collect::<Vec<_>>()[..] {
        [one] => Ok(one),
        [] => Err(VaultError::Provider("the token is not there".into())),
        _ => Err(VaultError::Denied("several tokens go by that name: name it by its serial".into())),
    }
}

/// The key that is meant, if it is one that cannot be taken out of the token.
fn key(session: &Session, at: &TokenKey) -> Result<ObjectHandle, VaultError> {
    let denied = |words: &str| Err(VaultError::Denied(words.into()));
    let label = at.object.as_ref().map(|label| Attribute::Label(label.clone().into_bytes()));
    let id = at.id.clone().map(Attribute::Id);
    let wanted = [Attribute::Class(ObjectClass::SECRET_KEY), Attribute::Token(true)];
    let wanted: Vec<_> = wanted.into_iter().chain(label).chain(id).collect();
    let found = session.find_objects(&wanted).map_err(|error| said(&error))?;
    let key = match found[..] {
        [one] => one,
        [] => return denied("the token holds no such key"),
        _ => return denied("several keys of the token go by that name: name it by its id"),
    };
    let asked = [AttributeType::KeyType, AttributeType::ValueLen, AttributeType::Sensitive, AttributeType::Extractable];
    let about = session.get_attributes(key, &asked).map_err(|error| said(&error))?;
    let has = |attribute: Attribute| about.contains(&attribute);
    if !has(Attribute::KeyType(KeyType::AES)) || !has(Attribute::ValueLen(Ulong::new(32))) {
        return denied("its key is none of AES with 256 bits");
    }
    if !has(Attribute::Sensitive(true)) || !has(Attribute::Extractable(false)) {
        return denied(
            "its key may be taken out of the token: have the token make one that is sensitive and not extractable",
        );
    }
    Ok(key)
}

/// What went wrong, in the standard's own names: of a call and of a code, and of nothing that was given or got.
fn said(error: &Error) -> VaultError {
    let Error::Pkcs11(code, call) = error else {
        return VaultError::Provider("the module does not speak PKCS#11 as it should".into());
    };
    match code {
        RvError::TokenNotPresent | RvError::DeviceRemoved | RvError::SlotIdInvalid => {
            VaultError::Provider("the token is not there".into())
        }
        RvError::MechanismInvalid | RvError::MechanismParamInvalid => {
            VaultError::Denied("the token knows no AES-GCM with additional data".into())
        }
        RvError::KeyFunctionNotPermitted | RvError::KeyTypeInconsistent | RvError::KeySizeRange => {
            VaultError::Denied("its key may not encrypt and decrypt".into())
        }
        code => VaultError::Provider(format!("the token's module fails: {call:?}, {code:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_46_the_last_try_before_a_token_locks_itself_is_never_used_up() {
        assert!(barred(false, false).is_none());
        assert!(barred(false, true).is_some_and(|words| words.contains("one try left")));
        assert!(barred(true, false).is_some() && barred(true, true).is_some_and(|words| words.contains("locked")));
    }
}
