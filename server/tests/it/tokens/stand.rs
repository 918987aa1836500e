//! Real tokens of SoftHSM, in a folder of the test's own. Where its tokens lie a module reads from its process's environment,
//! so each test runs once more, alone, in a process that has it.

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    mechanism::Mechanism,
    object::{Attribute, ObjectHandle},
    session::{Session, UserType},
    types::AuthPin,
};
use server::keyd::{
    service::Credential,
    token::{Token, TokenKey},
};
use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

/// The user's PIN of every token. Nothing may say it.
pub const PIN: &str = "ZZQ 4711 é";
/// The officer's.
const OFFICER: &str = "ZZQ-officer";
const MARK: &str = "SHEARLINE_TEST_TOKENS";

/// The library of SoftHSM.
pub fn module() -> PathBuf {
    let places = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so",
    ];
    let found = places.iter().map(PathBuf::from).find(|path| path.exists());
    found.expect("SoftHSM is not installed: scripts/setup.sh test installs it (package softhsm2)")
}

/// A folder with tokens.
pub struct Stand(pub PathBuf);

impl Stand {
    /// The tokens of this process; `None` in a test that ran in one of its own meanwhile, and passed there.
    pub fn of(test: &str) -> Option<Stand> {
        if let Some(folder) = env::var_os(MARK) {
            return Some(Stand(folder.into()));
        }
        let base = if Path::new("/var/tmp").is_dir() { "/var/tmp" } else { "/tmp" };
        let folder = PathBuf::from(format!("{base}/shearline-token-{}-{test}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("tokens")).unwrap();
        // keyd, another user, passes through.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o711)).unwrap();
        let (conf, tokens) = (folder.join("softhsm2.conf"), folder.join("tokens"));
        fs::write(&conf, format!("directories.tokendir = {}\nlog.level = DEBUG\n", tokens.display())).unwrap();
        let mut again = Command::new(env::current_exe().unwrap());
        again.args(["--exact", &format!("tokens::{test}"), "--nocapture", "--test-threads", "1"]);
        let ran = again.env(MARK, &folder).env("SOFTHSM2_CONF", &conf).output().unwrap();
        let said = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        fs::remove_dir_all(folder).unwrap();
        assert!(ran.status.success() && said.contains("1 passed"), "{said}");
        assert!(!said.contains("ZZQ"), "a PIN: {said}");
        None
    }

    pub fn tokens(&self) -> PathBuf {
        self.0.join("tokens")
    }

    /// Makes a token.
    pub fn token(&self, label: &str) {
        let mut made = Command::new("softhsm2-util");
        made.args(["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", OFFICER]);
        let ran = made.output().expect("softhsm2-util: scripts/setup.sh test installs it (package softhsm2)");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }

    /// Makes a token with a key as it should be, called `root`.
    pub fn token_with_key(&self, label: &str) {
        self.token(label);
        within(label, |session| {
            made(session, "root", &[]);
        });
    }

    /// Has the token's PIN be another one.
    pub fn new_pin(&self, label: &str, old: &str, new: &str) {
        signed_in(label, old, |session| {
            session.set_pin(&AuthPin::from(Box::from(old)), &AuthPin::from(Box::from(new))).unwrap();
        });
    }

    /// Whether the token noticed a wrong PIN since the last right one.
    pub fn doubts(&self, label: &str) -> bool {
        let module = started();
        let mut all = module.get_slots_with_token().unwrap().into_iter();
        let slot = all.find(|slot| module.get_token_info(*slot).unwrap().label() == label).unwrap();
        let doubts = module.get_token_info(slot).unwrap().user_pin_count_low();
        module.finalize().unwrap();
        doubts
    }

    /// A file with a PIN in it.
    pub fn pin_file(&self, name: &str, pin: &str) -> PathBuf {
        let path = self.0.join(name);
        let _ = fs::remove_file(&path);
        fs::write(&path, format!("{pin}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        path
    }

    /// A key of a token, as keyd asks it.
    pub fn service(&self, token: &str, object: &str) -> Token {
        self.with(&uri(token, object), "pin", PIN)
    }

    pub fn with(&self, uri: &str, file: &str, pin: &str) -> Token {
        let credential = Credential::File(self.pin_file(file, pin), 0);
        Token::new(TokenKey::read(uri).unwrap(), credential, self.0.join(format!("{file}.refused")))
    }
}

pub fn uri(token: &str, object: &str) -> String {
    format!("pkcs11:token={token};object={object}?module-path={}", module().display())
}

fn started() -> Pkcs11 {
    let module = Pkcs11::new(module()).unwrap();
    module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    module
}

/// In the token, as whoever set it up.
pub fn within<T>(label: &str, work: impl FnOnce(&Session) -> T) -> T {
    signed_in(label, PIN, work)
}

fn signed_in<T>(label: &str, pin: &str, work: impl FnOnce(&Session) -> T) -> T {
    let module = started();
    let mut all = module.get_slots_with_token().unwrap().into_iter();
    let slot = all.find(|slot| module.get_token_info(*slot).unwrap().label() == label).unwrap();
    let session = module.open_rw_session(slot).unwrap();
    session.login(UserType::User, Some(&AuthPin::from(Box::from(pin)))).unwrap();
    let done = work(&session);
    drop(session);
    module.finalize().unwrap();
    done
}

/// What a key should be like; `other` replaces parts of it.
pub fn template(label: &str, other: &[Attribute]) -> Vec<Attribute> {
    let usual = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Label(label.into()),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
        Attribute::ValueLen(32.into()),
    ];
    let is_other = |one: &Attribute| other.iter().any(|other| other.attribute_type() == one.attribute_type());
    usual.into_iter().filter(|one| !is_other(one)).chain(other.iter().cloned()).collect()
}

/// Has the token make a key.
pub fn made(session: &Session, label: &str, other: &[Attribute]) -> ObjectHandle {
    session.generate_key(&Mechanism::AesKeyGen, &template(label, other)).unwrap()
}
