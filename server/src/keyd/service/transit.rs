//! The transit engine of HashiCorp Vault and OpenBao: encrypt, decrypt, rewrap.
//!
//! The context goes along twice: as associated data, which keys of AES and ChaCha bind, and as the context from which keys
//! with derivation are made. Engines from before associated data pay no heed to it, and are found wanting when tried out.

use super::{
    address::Transit,
    call::{Answered, Road},
    credential,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use reqwest::header::{HeaderName, HeaderValue};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use vault::{Context, VaultError, Zeroizing};

#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

#[derive(Deserialize)]
struct Ciphertext {
    ciphertext: String,
}

#[derive(Deserialize)]
struct Plaintext {
    plaintext: String,
}

pub(super) async fn encrypt(
    road: &Road,
    at: &Transit,
    secret: &str,
    context: &Context,
    key: &[u8; 32],
) -> Result<Vec<u8>, VaultError> {
    let plaintext = Zeroizing::new(BASE64.encode(key));
    let answer: Ciphertext = ask(road, at, secret, "encrypt", context, ("plaintext", &plaintext)).await?;
    wrapped(answer)
}

pub(super) async fn decrypt(
    road: &Road,
    at: &Transit,
    secret: &str,
    context: &Context,
    wrapped: &[u8],
) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let ciphertext = std::str::from_utf8(wrapped).map_err(|_| VaultError::Malformed)?;
    let answer: Plaintext = ask(road, at, secret, "decrypt", context, ("ciphertext", ciphertext)).await?;
    super::kms::key(&Zeroizing::new(answer.plaintext))
}

pub(super) async fn renew(
    road: &Road,
    at: &Transit,
    secret: &str,
    context: &Context,
    wrapped: &[u8],
) -> Result<Vec<u8>, VaultError> {
    let ciphertext = std::str::from_utf8(wrapped).map_err(|_| VaultError::Malformed)?;
    match ask::<Ciphertext>(road, at, secret, "rewrap", context, ("ciphertext", ciphertext)).await {
        Ok(answer) => self::wrapped(answer),
        // Engines that do not take associated data with a rewrap cannot do it alone: then the key passes through here.
        Err(VaultError::Denied(_)) => {
            let key = decrypt(road, at, secret, context, wrapped).await?;
            encrypt(road, at, secret, context, &key).await
        }
        Err(error) => Err(error),
    }
}

async fn ask<T: DeserializeOwned>(
    road: &Road,
    at: &Transit,
    secret: &str,
    act: &str,
    context: &Context,
    what: (&str, &str),
) -> Result<T, VaultError> {
    let Transit { base, mount, key } = at;
    let url = base.join(&format!("v1/{mount}/{act}/{key}")).map_err(|_| VaultError::Malformed)?;
    let bound = BASE64.encode(context.bytes());
    let body = serde_json::to_vec(&json!({ what.0: what.1, "associated_data": bound, "context": bound }));
    let mut token = HeaderValue::from_str(&credential::token(secret)?).map_err(|_| VaultError::Malformed)?;
    token.set_sensitive(true);
    let headers = vec![
        (HeaderName::from_static("x-vault-token"), token),
        (HeaderName::from_static("x-vault-request"), HeaderValue::from_static("true")),
    ];
    let answered = road.post(url, headers, body.map_err(|_| VaultError::Malformed)?).await?;
    read::<Data<T>>(&answered).map(|answer| answer.data)
}

fn read<T: DeserializeOwned>(answered: &Answered) -> Result<T, VaultError> {
    let known = [
        "permission denied",
        "encryption key not found",
        "invalid ciphertext",
        "message authentication failed",
        "sealed",
    ];
    answered.json(|said| {
        let errors = said.get("errors").and_then(Value::as_array)?;
        let first = errors.first().and_then(Value::as_str)?;
        known.iter().find(|word| first.contains(**word)).map(|word| (*word).to_owned())
    })
}

fn wrapped(answer: Ciphertext) -> Result<Vec<u8>, VaultError> {
    let fits = answer.ciphertext.starts_with("vault:v") && answer.ciphertext.len() <= 4096;
    if fits {
        Ok(answer.ciphertext.into_bytes())
    } else {
        Err(VaultError::Provider("its answer is not one of a transit engine".into()))
    }
}
