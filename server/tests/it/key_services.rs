//! Rows 42 and 46: the root keys are wrapped by a key service over HTTP, bound to the installation, with a credential that
//! stands in a file alone; away or against us, the service closes what is sealed, and nothing else.

pub mod beside;
pub mod stub;

use crate::harness::cluster::scratch;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use server::keyd::service::{Address, Credential, Road, Service};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};
use stub::{KEY_ID, SECRET, Stub, TOKEN};
use vault::{Context, KeyService, VaultError, try_out};

/// A file with a credential in it.
fn credential(name: &str, text: &str) -> PathBuf {
    let path = scratch().join(format!("credential-{name}"));
    let _ = fs::remove_file(&path);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    path
}

fn access_key() -> String {
    format!("[default]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n")
}

fn transit(stub: &Stub, name: &str, token: &str) -> Service {
    let address = Address::of_operator(&stub.vault(), None).unwrap();
    Service::new(address, Credential::File(credential(name, token), 0), Road::of_operator(None).unwrap())
}

fn kms(stub: &Stub, name: &str, key: &str) -> Service {
    let address =
        Address::of_operator("aws-kms:eu-central-1:alias/shearline", Some(&format!("http://{}", stub.at))).unwrap();
    Service::new(address, Credential::File(credential(name, key), 0), Road::of_operator(None).unwrap())
}

fn context(installation: &str) -> Context {
    Context::new(vec![("installation", installation.into()), ("key", "1".into())])
}

/// Keys are wrapped on threads of their own.
async fn apart<T: Send + 'static>(
    service: &Arc<Service>,
    work: impl FnOnce(&Service) -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    let service = Arc::clone(service);
    tokio::task::spawn_blocking(move || work(&service)).await.unwrap()
}

#[tokio::test]
async fn row_42_a_transit_engine_is_sent_the_key_its_context_and_the_token_and_nothing_else() {
    let stub = Stub::transit().await;
    let service = Arc::new(transit(&stub, "transit", &format!("{TOKEN}\n")));
    let wrapped = apart(&service, |service| service.wrap(&context("one"), &[7; 32])).await.unwrap();
    let again = wrapped.clone();
    let key = apart(&service, move |service| service.unwrap(&context("one"), &again)).await.unwrap();
    assert_eq!(*key, [7; 32]);
    let bound = BASE64.encode(context("one").bytes());
    let asked = stub.asked();
    assert_eq!(
        asked.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(),
        ["/v1/team/transit/encrypt/shearline", "/v1/team/transit/decrypt/shearline"]
    );
    assert!(asked.iter().all(|one| one.headers["x-vault-token"] == TOKEN && one.headers["x-vault-request"] == "true"));
    assert!(asked.iter().all(|one| one.headers["content-type"] == "application/json"));
    let due = serde_json::json!({ "plaintext": BASE64.encode([7; 32]), "associated_data": bound, "context": bound });
    assert_eq!(asked[0].body, due);
    let due = serde_json::json!({ "ciphertext": "vault:v1:0", "associated_data": bound, "context": bound });
    assert_eq!(asked[1].body, due);
    // Rewrapped without being shown; by an engine that cannot, through here.
    stub.inner.version.store(4, Ordering::SeqCst);
    for (old, acts) in [(false, vec!["rewrap"]), (true, vec!["rewrap", "decrypt", "encrypt"])] {
        stub.inner.old.store(old, Ordering::SeqCst);
        let again = wrapped.clone();
        let renewed = apart(&service, move |service| service.renew(&context("one"), &again)).await.unwrap();
        assert!(renewed.starts_with(b"vault:v5:"), "{}", String::from_utf8_lossy(&renewed));
        let paths: Vec<_> = stub.asked().iter().map(|one| one.path.split('/').nth(4).unwrap().to_owned()).collect();
        assert_eq!(paths, acts);
        let key = apart(&service, move |service| service.unwrap(&context("one"), &renewed)).await.unwrap();
        assert_eq!(*key, [7; 32]);
        stub.asked();
    }
}

#[tokio::test]
async fn row_42_kms_is_sent_signed_requests_with_the_context() {
    let stub = Stub::kms().await;
    let service = Arc::new(kms(&stub, "kms", &access_key()));
    let wrapped = apart(&service, |service| service.wrap(&context("one"), &[7; 32])).await.unwrap();
    let again = wrapped.clone();
    let key = apart(&service, move |service| service.unwrap(&context("one"), &again)).await.unwrap();
    assert_eq!(*key, [7; 32]);
    let renewed = apart(&service, move |service| service.renew(&context("one"), &wrapped)).await.unwrap();
    assert!(apart(&service, move |service| service.unwrap(&context("one"), &renewed)).await.is_ok());
    let asked = stub.asked();
    let target = |n: usize| asked[n].headers["x-amz-target"].to_str().unwrap().to_owned();
    assert_eq!(
        [target(0), target(1), target(2)],
        ["TrentService.Encrypt", "TrentService.Decrypt", "TrentService.ReEncrypt"]
    );
    assert!(asked.iter().all(|one| one.path == "/" && one.headers["content-type"] == "application/x-amz-json-1.1"));
    let bound = serde_json::json!({ "installation": "one", "key": "1" });
    let due = serde_json::json!({ "KeyId": "alias/shearline", "Plaintext": BASE64.encode([7; 32]), "EncryptionContext": bound });
    assert_eq!(asked[0].body, due);
    assert_eq!((&asked[1].body["KeyId"], &asked[1].body["EncryptionContext"]), (&"alias/shearline".into(), &bound));
    assert_eq!(asked[2].body["SourceEncryptionContext"], asked[2].body["DestinationEncryptionContext"]);
    // Another secret signs otherwise, and a session's token goes along, signed.
    let other = Arc::new(kms(&stub, "kms-other", &access_key().replace(SECRET, "another")));
    let error = apart(&other, |service| service.wrap(&context("one"), &[7; 32])).await.unwrap_err();
    assert!(matches!(&error, VaultError::Denied(words) if words.starts_with("InvalidSignatureException")), "{error}");
    let session = Arc::new(kms(&stub, "kms-session", &format!("{}aws_session_token = passing\n", access_key())));
    stub.asked();
    assert!(apart(&session, |service| service.wrap(&context("one"), &[7; 32])).await.is_ok());
    let asked = stub.asked();
    assert_eq!(asked[0].headers["x-amz-security-token"], "passing");
    assert!(asked[0].headers["authorization"].to_str().unwrap().contains("x-amz-security-token"));
}

#[tokio::test]
async fn row_42_what_one_installation_had_wrapped_does_not_open_for_another() {
    let (vault, aws) = (Stub::transit().await, Stub::kms().await);
    for (stub, service) in
        [(&vault, Arc::new(transit(&vault, "bound", TOKEN))), (&aws, Arc::new(kms(&aws, "bound-kms", &access_key())))]
    {
        let wrapped = apart(&service, |service| try_out(service, &context("one"), &[7; 32])).await.unwrap();
        let error = apart(&service, move |service| service.unwrap(&context("two"), &wrapped)).await.unwrap_err();
        assert!(matches!(error, VaultError::Denied(_)), "{error}");
        // One that pays no heed to contexts is not used.
        stub.inner.loose.store(true, Ordering::SeqCst);
        let error = apart(&service, |service| try_out(service, &context("one"), &[7; 32])).await.unwrap_err();
        assert!(error.to_string().contains("another context"), "{error}");
    }
}

#[tokio::test]
async fn row_46_neither_credential_nor_key_nor_answer_gets_into_words() {
    let (vault, aws) = (Stub::transit().await, Stub::kms().await);
    let key = BASE64.encode([7; 32]);
    for (stub, service) in
        [(&vault, Arc::new(transit(&vault, "words", TOKEN))), (&aws, Arc::new(kms(&aws, "words-kms", &access_key())))]
    {
        // The stub answers with all that it was sent.
        for (status, denied) in [
            (400, true),
            (403, true),
            (404, true),
            (429, false),
            (500, false),
            (503, false),
            (302, false),
            (599, false),
        ] {
            stub.mood(status);
            let error = apart(&service, |service| service.wrap(&context("one"), &[7; 32])).await.unwrap_err();
            assert_eq!(matches!(error, VaultError::Denied(_)), denied, "{status}: {error}");
            let words = format!("{error} {error:?} {service:?} {}", service.name());
            for secret in [TOKEN, SECRET, KEY_ID, key.as_str(), "ZZQ"] {
                assert!(!words.contains(secret), "{words}");
            }
        }
        stub.mood(200);
        let error = apart(&service, |service| service.wrap(&context("one"), &[7; 32])).await.unwrap_err();
        assert!(error.to_string().contains("not one of a key service"), "{error}");
    }
    let lost = Arc::new(transit(&vault, "lost", "two words"));
    let error = apart(&lost, |service| service.wrap(&context("one"), &[7; 32])).await.unwrap_err();
    assert!(error.to_string().contains("no token") && !error.to_string().contains("words"), "{error}");
}

#[tokio::test]
async fn a_service_that_says_nothing_is_not_waited_for_and_plain_http_leads_nowhere_else() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("vault:http://{}/transit/keys/shearline", silent.local_addr().unwrap());
    let path = credential("silent", TOKEN);
    let service = Arc::new(Service::new(
        Address::of_operator(&address, None).unwrap(),
        Credential::File(path, 0),
        Road::of_operator(None).unwrap(),
    ));
    let begun = Instant::now();
    let error = apart(&service, |service| service.wrap(&context("one"), &[7; 32])).await.unwrap_err();
    assert!(error.to_string().contains("No answer within 4 seconds"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(6));
    drop(silent);
    let error = apart(&service, |service| service.wrap(&context("one"), &[7; 32])).await.unwrap_err();
    assert!(error.to_string().contains("No connection"), "{error}");
}

#[tokio::test]
async fn the_services_certificate_is_checked_against_its_own_authority() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let tls = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let (acceptor, listener) =
        (tokio_rustls::TlsAcceptor::from(Arc::new(tls)), tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap());
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                use tokio::io::{AsyncReadExt, AsyncWriteExt};
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let _ = stream.read(&mut [0; 4096]).await;
                let body = r#"{"data":{"ciphertext":"vault:v1:x"}}"#;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                let _ = stream.write_all(head.as_bytes()).await;
            });
        }
    });
    let address = format!("vault:https://localhost:{port}/transit/keys/shearline");
    let authority = |name: &str, pem: String| {
        let path = scratch().join(name);
        fs::write(&path, pem).unwrap();
        path
    };
    for (path, good) in [
        (Some(authority("authority.pem", made.cert.pem())), true),
        (Some(authority("stranger.pem", other.cert.pem())), false),
        (None, false),
    ] {
        let road = Road::of_operator(path.as_deref()).unwrap();
        let (address, file) = (Address::of_operator(&address, None).unwrap(), credential("tls", TOKEN));
        let service = Arc::new(Service::new(address, Credential::File(file, 0), road));
        let asked = apart(&service, |service| service.wrap(&context("one"), &[7; 32])).await;
        assert_eq!(asked.is_ok(), good, "{asked:?}");
        let words = asked.map_or_else(|error| error.to_string(), |_| "certificate".into());
        assert!(words.contains("certificate"), "{words}");
    }
    assert!(Road::of_operator(Some(&authority("none.pem", "no certificate".into()))).is_err());
}
