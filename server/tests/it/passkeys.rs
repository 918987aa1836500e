//! Passkeys, played by an authenticator of a few lines: what it signs opens, and nothing that is bent a little does.

use crate::{
    app::{self, Answer, TestApp, Who},
    harness,
    second_step::{form, set},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Role;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const SITE: &str = "http://localhost:8080";
/// User present, user verified.
pub const SEEN: u8 = 0x01;
const VERIFIED: u8 = 0x05;

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A telephone with one passkey.
pub struct Phone {
    key: EcdsaKeyPair,
    id: [u8; 32],
    user: String,
    /// Zero where it is not counted, as with passkeys that several devices share.
    pub counter: u32,
}

/// How an answer may be bent.
#[derive(Clone, Copy)]
pub struct Bent {
    pub flags: u8,
    pub origin: &'static str,
    pub site: &'static str,
}

pub const STRAIGHT: Bent = Bent { flags: VERIFIED, origin: SITE, site: "localhost" };

impl Phone {
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).expect("key");
        let id = Sha256::digest(key.public_key().as_ref()).into();
        Self { key, id, user: String::new(), counter: 0 }
    }

    fn data(&self, bent: Bent, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(bent.site).to_vec();
        data.push(bent.flags | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client(kind: &str, options: &Value, bent: Bent) -> String {
        json!({"type": kind, "challenge": options["challenge"], "origin": bent.origin, "crossOrigin": false})
            .to_string()
    }

    /// Makes the passkey that was asked for.
    pub fn make(&mut self, options: &Value, bent: Bent) -> String {
        self.user = options["user"]["id"].as_str().expect("user").to_owned();
        let mut data = self.data(bent, 0x40);
        data.extend([0; 16]);
        data.extend([0, 32]);
        data.extend(self.id);
        let public = self.key.public_key().as_ref();
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&public[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&public[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(data);
        let client = Self::client("webauthn.create", options, bent);
        json!({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {"clientDataJSON": text(client), "attestationObject": text(object), "transports": ["internal"]}})
        .to_string()
    }

    /// Shows it.
    pub fn show(&mut self, options: &Value, bent: Bent) -> String {
        self.counter += u32::from(self.counter > 0);
        let (data, client) = (self.data(bent, 0), Self::client("webauthn.get", options, bent));
        let signed = [data.clone(), Sha256::digest(&client).to_vec()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("signature");
        json!({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature), "userHandle": self.user}})
        .to_string()
    }
}

pub async fn start() -> TestApp {
    let settings = [("SHEARLINE_PUBLIC_URL", SITE), ("SHEARLINE_REQUESTS_A_MINUTE", "1000000")];
    app::serve_with(harness::fresh().await, &settings).await
}

/// A challenge: its token and its options.
async fn asked(app: &TestApp, who: &Who, path: &str) -> (String, Value) {
    let answer = app.post(who, path, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let challenge: Value = serde_json::from_str(&answer.body).expect("challenge");
    let options = serde_json::from_str(challenge["options"].as_str().expect("options")).expect("options");
    (challenge["token"].as_str().expect("token").to_owned(), options)
}

async fn sent(app: &TestApp, who: &Who, path: &str, token: &str, credential: &str) -> Answer {
    let fields = [("form[challenge]", token), ("form[credential]", credential), ("form[name]", "Phone")];
    app.post(who, path, &form(who, "/", &fields)).await
}

pub async fn with_passkey(app: &TestApp, who: &Who) -> Phone {
    let mut phone = Phone::new();
    let (token, options) = asked(app, who, "/fn/office/ask_new_passkey").await;
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    let credential = phone.make(&options, STRAIGHT);
    let added = sent(app, who, "/fn/office/add_passkey", &token, &credential).await;
    assert_eq!(added.status, 200, "{}", added.body);
    phone
}

async fn sign_in(app: &TestApp, phone: &mut Phone, bent: Bent) -> Answer {
    let nobody = Who::default();
    let (token, options) = asked(app, &nobody, "/fn/office/sign_in_ask").await;
    assert_eq!(options["userVerification"], "required");
    let credential = phone.show(&options, bent);
    sent(app, &nobody, "/fn/office/sign_in_passkey", &token, &credential).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_a_passkey_alone_signs_in_and_the_password_alone_no_longer() {
    let app = start().await;
    let owner = app.staff(Role::Owner).await;
    let mut phone = with_passkey(&app, &owner).await;
    let entered = sign_in(&app, &mut phone, STRAIGHT).await;
    assert_eq!(entered.status, 200, "{}", entered.body);
    let session = Who { cookie: format!("session={}", set(&entered, "session").unwrap()), shop: owner.shop.clone() };
    assert_eq!(app.get(&session, "/clients").await.status, 200);
    let fields =
        [("form[email]", app.on.crowd.a.email(Role::Owner)), ("form[password]", harness::crowd::PASSWORD.into())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let by_password = app.post(&Who::default(), "/fn/office/sign_in", &form(&Who::default(), "/", &fields)).await;
    assert_eq!((set(&by_password, "session"), set(&by_password, "pending").is_some()), (None, true));
    app.on.later("11 minutes").await;
    let (token, options) = asked(&app, &session, "/fn/office/sign_in_ask").await;
    let credential = phone.show(&options, STRAIGHT);
    let confirmed = sent(&app, &session, "/fn/office/confirm_passkey", &token, &credential).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_a_bent_answer_opens_nothing() {
    let app = start().await;
    let owner = app.staff(Role::Owner).await;
    let mut phone = with_passkey(&app, &owner).await;
    for (bent, what) in [
        (Bent { flags: SEEN, ..STRAIGHT }, "nobody's finger"),
        (Bent { origin: "http://localhost:9", ..STRAIGHT }, "another origin"),
        (Bent { origin: "https://evil.example", ..STRAIGHT }, "another site's page"),
        (Bent { site: "evil.example", ..STRAIGHT }, "a passkey for another site"),
    ] {
        let answer = sign_in(&app, &mut phone, bent).await;
        assert_eq!((answer.status, set(&answer, "session")), (409, None), "{what}: {}", answer.body);
    }
    phone.counter = 7;
    assert_eq!(sign_in(&app, &mut phone, STRAIGHT).await.status, 200);
    phone.counter -= 2;
    assert_eq!(sign_in(&app, &mut phone, STRAIGHT).await.status, 409, "a counter that does not grow: a copy");
    phone.counter += 5;
    let mut other = Phone::new();
    (other.id, other.user, other.counter) = (phone.id, phone.user.clone(), phone.counter);
    assert_eq!(sign_in(&app, &mut other, STRAIGHT).await.status, 409, "another key");
    assert_eq!(sign_in(&app, &mut phone, STRAIGHT).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_a_challenge_is_answered_once_in_five_minutes_and_by_whom_it_was_put() {
    let app = start().await;
    let (owner, marcus) = (app.staff(Role::Owner).await, app.staff(Role::Manager).await);
    let mut phone = with_passkey(&app, &owner).await;
    let (token, options) = asked(&app, &Who::default(), "/fn/office/sign_in_ask").await;
    let credential = phone.show(&options, STRAIGHT);
    let path = "/fn/office/sign_in_passkey";
    assert_eq!(sent(&app, &Who::default(), path, &token, &credential).await.status, 200);
    assert_eq!(sent(&app, &Who::default(), path, &token, &credential).await.status, 409, "answered twice");
    let (token, options) = asked(&app, &Who::default(), "/fn/office/sign_in_ask").await;
    let credential = phone.show(&options, STRAIGHT);
    app.on.later("6 minutes").await;
    assert_eq!(sent(&app, &Who::default(), path, &token, &credential).await.status, 409, "too late");
    let mut new = Phone::new();
    let (token, options) = asked(&app, &owner, "/fn/office/ask_new_passkey").await;
    let credential = new.make(&options, STRAIGHT);
    let stolen = sent(&app, &marcus, "/fn/office/add_passkey", &token, &credential).await;
    assert_eq!(stolen.status, 409, "a challenge put to somebody else: {}", stolen.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_28_a_passkey_taken_away_opens_nothing_and_only_its_owner_takes_it() {
    let app = start().await;
    let (owner, rival) = (app.staff(Role::Owner).await, app.rival().await);
    let mut phone = with_passkey(&app, &owner).await;
    let id: uuid::Uuid = app.on.ask("select id from auth.passkeys").await;
    let remove = async |who: &Who| {
        app.post(who, "/fn/office/remove_passkey", &form(who, "/", &[("passkey", &id.to_string())])).await.status
    };
    assert_eq!(remove(&rival).await, 404);
    assert_eq!(sign_in(&app, &mut phone, STRAIGHT).await.status, 200);
    assert_eq!(remove(&owner).await, 200);
    assert_eq!(sign_in(&app, &mut phone, STRAIGHT).await.status, 409);
}
