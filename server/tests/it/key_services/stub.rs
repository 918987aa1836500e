//! Key services on this machine, as real HTTP servers: they wrap for real, check what they are sent, and keep it.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ring::{digest, hmac};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU16, AtomicU32, Ordering},
    },
};

/// The token of the transit engine, and the access key of KMS.
pub const TOKEN: &str = "hvs.ZZQ-TOKEN-4711";
pub const KEY_ID: &str = "AKIAZZQZZQZZQZZQ0001";
pub const SECRET: &str = "ZZQ/secret+of+kms/4711";

/// One request.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
}

/// What it knows and how it feels.
#[derive(Default)]
pub struct Inner {
    asked: Mutex<Vec<Asked>>,
    kept: Mutex<Vec<(Value, String)>>,
    /// Answered instead, if not 0.
    pub mood: AtomicU16,
    /// Takes no heed of contexts.
    pub loose: AtomicBool,
    /// Knows no rewrap with associated data, as engines before it was added.
    pub old: AtomicBool,
    pub version: AtomicU32,
}

/// A running service.
pub struct Stub {
    pub at: SocketAddr,
    pub inner: Arc<Inner>,
    task: tokio::task::JoinHandle<()>,
}

impl Stub {
    pub async fn transit() -> Stub {
        Stub::start(Router::new().fallback(transit), "127.0.0.1:0").await
    }

    pub async fn kms() -> Stub {
        Stub::start(Router::new().fallback(kms), "127.0.0.1:0").await
    }

    async fn start(router: Router<Arc<Inner>>, at: &str) -> Stub {
        let listener = tokio::net::TcpListener::bind(at).await.unwrap();
        let (at, inner) = (listener.local_addr().unwrap(), Arc::new(Inner::default()));
        let app = router.with_state(Arc::clone(&inner));
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Stub { at, inner, task }
    }

    /// The setting that names it.
    pub fn vault(&self) -> String {
        format!("vault:http://{}/team/transit/keys/shearline", self.at)
    }

    pub fn mood(&self, status: u16) {
        self.inner.mood.store(status, Ordering::SeqCst);
    }

    /// What it was asked since this was asked.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.inner.asked.lock().unwrap())
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Inner {
    fn heard(&self, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Value, Box<Response>> {
        let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let asked = Asked { path: uri.path().to_owned(), headers: headers.clone(), body: body.clone() };
        self.asked.lock().unwrap().push(asked);
        match self.mood.load(Ordering::SeqCst) {
            0 => Ok(body),
            // Endless, for whoever reads all of it.
            599 => Err(Box::new((StatusCode::OK, vec![b'x'; 1 << 20]).into_response())),
            status => Err(Box::new((StatusCode::from_u16(status).unwrap(), body.to_string()).into_response())),
        }
    }

    fn keep(&self, bound: Value, plain: &str) -> String {
        let mut kept = self.kept.lock().unwrap();
        kept.push((bound, plain.to_owned()));
        (kept.len() - 1).to_string()
    }

    fn give(&self, bound: &Value, number: &str) -> Option<String> {
        let kept = self.kept.lock().unwrap();
        let (was, plain) = kept.get(number.parse::<usize>().ok()?)?;
        (was == bound || self.loose.load(Ordering::SeqCst)).then(|| plain.clone())
    }
}

fn refused(status: StatusCode, body: Value) -> Response {
    (status, body.to_string()).into_response()
}

async fn transit(State(inner): State<Arc<Inner>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body = match inner.heard(&uri, &headers, &body) {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let errors = |status, words: &str| refused(status, json!({ "errors": [words] }));
    if headers.get("x-vault-token").is_none_or(|token| token != TOKEN) {
        return errors(StatusCode::FORBIDDEN, "permission denied");
    }
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let bound = json!([body["associated_data"], body["context"]]);
    let number = |cipher: &str| cipher.rsplit(':').next().unwrap_or_default().to_owned();
    let wrapped = |number: String| {
        let cipher = format!("vault:v{}:{number}", inner.version.load(Ordering::SeqCst) + 1);
        axum::Json(json!({ "data": { "ciphertext": cipher } })).into_response()
    };
    let path = uri.path().strip_prefix("/v1/team/transit/").unwrap_or_default();
    match path {
        "encrypt/shearline" => wrapped(inner.keep(bound, &text("plaintext"))),
        "decrypt/shearline" => match inner.give(&bound, &number(&text("ciphertext"))) {
            Some(plain) => axum::Json(json!({ "data": { "plaintext": plain } })).into_response(),
            None => errors(StatusCode::BAD_REQUEST, "cipher: message authentication failed"),
        },
        "rewrap/shearline" if inner.old.load(Ordering::SeqCst) => {
            errors(StatusCode::BAD_REQUEST, "cipher: message authentication failed")
        }
        "rewrap/shearline" => match inner.give(&bound, &number(&text("ciphertext"))) {
            Some(_) => wrapped(number(&text("ciphertext"))),
            None => errors(StatusCode::BAD_REQUEST, "cipher: message authentication failed"),
        },
        _ => errors(StatusCode::NOT_FOUND, "no handler for route"),
    }
}

async fn kms(State(inner): State<Arc<Inner>>, uri: Uri, headers: HeaderMap, bytes: Bytes) -> Response {
    let body = match inner.heard(&uri, &headers, &bytes) {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let no = |kind: &str| refused(StatusCode::BAD_REQUEST, json!({ "__type": kind, "message": "ZZQ words" }));
    if headers["authorization"].to_str().ok() != Some(&signature(&uri, &headers, &bytes)) {
        return no("InvalidSignatureException");
    }
    let bound = |name: &str| body[name].clone();
    let blob = |name: &str| {
        let bytes = BASE64.decode(body[name].as_str().unwrap_or_default()).unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    };
    let wrapped = |number: String| {
        axum::Json(json!({ "CiphertextBlob": BASE64.encode(number), "KeyId": body["KeyId"] })).into_response()
    };
    match headers["x-amz-target"].to_str().unwrap_or_default() {
        "TrentService.Encrypt" => {
            wrapped(inner.keep(bound("EncryptionContext"), body["Plaintext"].as_str().unwrap_or_default()))
        }
        "TrentService.Decrypt" => match inner.give(&bound("EncryptionContext"), &blob("CiphertextBlob")) {
            Some(plain) => axum::Json(json!({ "Plaintext": plain, "KeyId": body["KeyId"] })).into_response(),
            None => no("com.amazonaws.kms#InvalidCiphertextException"),
        },
        "TrentService.ReEncrypt" => match inner.give(&bound("SourceEncryptionContext"), &blob("CiphertextBlob")) {
            Some(plain) => wrapped(inner.keep(bound("DestinationEncryptionContext"), &plain)),
            None => no("InvalidCiphertextException"),
        },
        _ => no("UnknownOperationException"),
    }
}

/// The Authorization header that this request must have, by the words of the Signature V4 specification.
pub fn signature(uri: &Uri, headers: &HeaderMap, body: &[u8]) -> String {
    let value =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim().to_owned();
    let said = value("authorization");
    let part = |name: &str| {
        let rest = said.split_once(&format!("{name}=")).map(|(_, rest)| rest).unwrap_or_default();
        rest.split(',').next().unwrap_or_default().trim().to_owned()
    };
    let (names, scope) = (part("SignedHeaders"), part("Credential"));
    for due in ["host", "x-amz-date", "x-amz-target", "content-type"] {
        assert!(names.split(';').any(|name| name == due), "{due} is not signed: {names}");
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let sha = |bytes: &[u8]| hex(digest::digest(&digest::SHA256, bytes).as_ref());
    let lines: String = names.split(';').map(|name| format!("{name}:{}\n", value(name))).collect();
    let canonical = format!("POST\n{}\n\n{lines}\n{names}\n{}", uri.path(), sha(body));
    let date = value("x-amz-date");
    let scope_of = format!("{}/eu-central-1/kms/aws4_request", &date[..8]);
    assert_eq!(scope, format!("{KEY_ID}/{scope_of}"));
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope_of}\n{}", sha(canonical.as_bytes()));
    let mac =
        |key: &[u8], text: &str| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec();
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for step in [&date[..8], "eu-central-1", "kms", "aws4_request"] {
        key = mac(&key, step);
    }
    format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={}", hex(&mac(&key, &to_sign)))
}
