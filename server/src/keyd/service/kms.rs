//! KMS as AWS has it: Encrypt, Decrypt, ReEncrypt, each with the context as encryption context, signed by Signature V4.

use super::{
    address::Kms,
    call::{Answered, Road},
    credential,
};
use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::time::SystemTime;
use vault::{Context, VaultError, Zeroizing};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ciphertext {
    ciphertext_blob: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Plaintext {
    plaintext: String,
}

pub(super) async fn encrypt(
    road: &Road,
    at: &Kms,
    secret: &str,
    context: &Context,
    key: &[u8; 32],
) -> Result<Vec<u8>, VaultError> {
    let plaintext = Zeroizing::new(BASE64.encode(key));
    let body = json!({ "KeyId": at.key, "Plaintext": plaintext.as_str(), "EncryptionContext": pairs(context) });
    wrapped(&ask::<Ciphertext>(road, at, secret, "Encrypt", &body).await?)
}

pub(super) async fn decrypt(
    road: &Road,
    at: &Kms,
    secret: &str,
    context: &Context,
    wrapped: &[u8],
) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    // The key is named, so that nothing opens that another key, to which one may be entitled as well, had wrapped.
    let body =
        json!({ "KeyId": at.key, "CiphertextBlob": BASE64.encode(wrapped), "EncryptionContext": pairs(context) });
    key(&Zeroizing::new(ask::<Plaintext>(road, at, secret, "Decrypt", &body).await?.plaintext))
}

pub(super) async fn renew(
    road: &Road,
    at: &Kms,
    secret: &str,
    context: &Context,
    wrapped: &[u8],
) -> Result<Vec<u8>, VaultError> {
    let body = json!({
        "CiphertextBlob": BASE64.encode(wrapped),
        "SourceKeyId": at.key,
        "SourceEncryptionContext": pairs(context),
        "DestinationKeyId": at.key,
        "DestinationEncryptionContext": pairs(context),
    });
    self::wrapped(&ask::<Ciphertext>(road, at, secret, "ReEncrypt", &body).await?)
}

fn pairs(context: &Context) -> Map<String, Value> {
    context.pairs().iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect()
}

async fn ask<T: DeserializeOwned>(
    road: &Road,
    at: &Kms,
    secret: &str,
    act: &str,
    body: &Value,
) -> Result<T, VaultError> {
    let body = serde_json::to_vec(body).map_err(|_| VaultError::Malformed)?;
    let mut headers = vec![
        (CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1")),
        (
            HeaderName::from_static("x-amz-target"),
            HeaderValue::from_str(&format!("TrentService.{act}")).map_err(|_| VaultError::Malformed)?,
        ),
    ];
    headers.extend(signed(at, secret, &headers, &body)?);
    read(&road.post(at.endpoint.clone(), headers, body).await?)
}

/// The headers that sign a request.
fn signed(
    at: &Kms,
    secret: &str,
    headers: &[(HeaderName, HeaderValue)],
    body: &[u8],
) -> Result<Vec<(HeaderName, HeaderValue)>, VaultError> {
    let unsigned = || VaultError::Denied("its credential does not sign".into());
    let key = credential::access_key(secret)?;
    let session = key.session.as_deref().cloned();
    let identity = Credentials::new(key.id, key.secret.as_str(), session, None, "shearline").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&at.region)
        .name("kms")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .map_err(|_| unsigned())?
        .into();
    let said = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let request =
        SignableRequest::new("POST", at.endpoint.as_str(), said, SignableBody::Bytes(body)).map_err(|_| unsigned())?;
    let (instructions, _) = sign(request, &params).map_err(|_| unsigned())?.into_parts();
    let added = instructions.headers().map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsigned())?;
        let mut value = HeaderValue::from_str(value).map_err(|_| unsigned())?;
        value.set_sensitive(true);
        Ok((name, value))
    });
    added.collect()
}

fn read<T: DeserializeOwned>(answered: &Answered) -> Result<T, VaultError> {
    let code = |said: &Value| {
        let kind = said.get("__type").and_then(Value::as_str)?;
        Some(kind.rsplit('#').next().unwrap_or(kind).to_owned())
    };
    let answer = answered.json(code);
    // Away for a moment, and told with the status of a no.
    let passing = |words: &str| {
        ["Throttling", "LimitExceeded", "DependencyTimeout", "KMSInternal"].iter().any(|word| words.starts_with(word))
    };
    match answer {
        Err(VaultError::Denied(words)) if passing(&words) => Err(VaultError::Provider(words)),
        other => other,
    }
}

fn wrapped(answer: &Ciphertext) -> Result<Vec<u8>, VaultError> {
    let strange = || VaultError::Provider("its answer is not one of a key service".into());
    BASE64.decode(&answer.ciphertext_blob).ok().filter(|bytes| (1..=8192).contains(&bytes.len())).ok_or_else(strange)
}

/// The key in an answer.
pub(super) fn key(text: &str) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let mut key = Zeroizing::new([0; 32]);
    // One byte more than fits, so that a longer answer is noticed.
    let mut bytes = Zeroizing::new([0; 48]);
    match BASE64.decode_slice(text, bytes.as_mut_slice()) {
        Ok(32) => {
            key.copy_from_slice(&bytes[..32]);
            Ok(key)
        }
        _ => Err(VaultError::Refused),
    }
}
