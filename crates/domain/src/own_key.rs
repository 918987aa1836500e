//! A shop's own key: a key service of its own, without which what the shop has sealed opens for nobody.

use crate::{
    FieldErrors, closed_set,
    fields::{self, Checker},
    webhooks::{Address, Reachable},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;
use zeroize::Zeroizing;

/// How long keyd uses a shop's key before it asks the shop's service again, as pages say it.
pub const CLOSES_WITHIN: &str = "a minute";

closed_set! {
    /// What kind of service keeps it.
    pub enum Kind {
        /// A transit engine.
        Vault = "vault", "HashiCorp Vault or OpenBao";
        /// KMS.
        AwsKms = "aws-kms", "AWS KMS";
    }
}

/// A key of a transit engine, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct VaultForm {
    /// `https://vault.example.com:8200/transit/keys/shearline`.
    pub address: String,
    /// The token.
    pub credential: String,
}

/// A key of KMS, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct KmsForm {
    pub region: String,
    /// Id, alias or ARN.
    pub key: String,
    pub access_key_id: String,
    /// The secret access key.
    pub credential: String,
    /// Another address of the same protocol; empty for AWS's own.
    pub endpoint: String,
}

/// A key about to be tried out. What keyd is told holds the credential; what the shop reads does not.
#[derive(Clone, PartialEq, Eq)]
pub struct NewOwnKey {
    /// What kind of service.
    pub kind: Kind,
    /// Which key, and where.
    pub place: String,
    /// For keyd.
    pub settings: Zeroizing<String>,
}

impl VaultForm {
    /// Reads the form. `reachable` is what the operator lets requests of shops reach.
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, reachable: &Reachable) -> Result<NewOwnKey, FieldErrors> {
        fields::check(|c| {
            let address = c.text("address", &self.address, 400);
            open("address", &address, reachable, c);
            let named = address.split_once("/keys/").is_some_and(|(_, key)| !key.is_empty() && !key.contains('/'));
            if !c.refused("address") && !named {
                c.refuse("address", "Enter an address that ends in the key, as in …/transit/keys/shearline.");
            }
            let credential = credential(c, &self.credential);
            let settings = json!({ "kind": Kind::Vault.as_str(), "address": address, "credential": *credential });
            NewOwnKey { kind: Kind::Vault, place: address, settings: Zeroizing::new(settings.to_string()) }
        })
    }
}

impl KmsForm {
    /// As [`VaultForm::read`].
    ///
    /// # Errors
    /// Words beside fields.
    pub fn read(&self, reachable: &Reachable) -> Result<NewOwnKey, FieldErrors> {
        fields::check(|c| {
            let region = c.text("region", &self.region, 40);
            let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if !c.refused("region") && !region.chars().all(small) {
                c.refuse("region", "Enter a region such as eu-central-1.");
            }
            let key = c.text("key", &self.key, 256);
            if !c.refused("key") && !key.chars().all(|c| c.is_ascii_alphanumeric() || ":/_-.".contains(c)) {
                c.refuse("key", "Enter the key's id, alias or ARN.");
            }
            let id = c.text("access_key_id", &self.access_key_id, 128);
            if !c.refused("access_key_id") && !id.chars().all(|c| c.is_ascii_alphanumeric()) {
                c.refuse("access_key_id", "Enter the access key's id: letters and digits.");
            }
            let secret = credential(c, &self.credential);
            let endpoint = c.optional_text("endpoint", &self.endpoint, 200).unwrap_or_default();
            if !endpoint.is_empty() {
                open("endpoint", &endpoint, reachable, c);
            }
            let lines = Zeroizing::new(format!("aws_access_key_id = {id}\naws_secret_access_key = {}\n", *secret));
            let settings = json!({ "kind": Kind::AwsKms.as_str(), "region": region, "key": key, "endpoint": endpoint, "credential": *lines });
            let at = if endpoint.is_empty() { String::new() } else { format!(" at {endpoint}") };
            let place = format!("{region}: {key}{at}");
            NewOwnKey { kind: Kind::AwsKms, place, settings: Zeroizing::new(settings.to_string()) }
        })
    }
}

/// An address that requests of a shop may go to. The guard itself stands where connections are made.
fn open(field: &str, address: &str, reachable: &Reachable, c: &mut Checker) {
    if c.refused(field) {
        return;
    }
    let plain = |words: &str| {
        words
            .replace(": deliveries are signed instead", ": the credential has a field of its own")
            .replace("where deliveries may not go", "which is not reached from here")
    };
    if address.contains(['?', '@']) {
        c.refuse(
            field,
            "Leave user names and question marks out of the address: the credential has a field of its own.",
        );
    } else if let Err(words) = Address::read(address).and_then(|address| reachable.may_be_named(&address)) {
        let words = if words.contains("siem") {
            "Enter an address such as https://vault.example.com:8200/transit/keys/shearline.".into()
        } else {
            plain(&words)
        };
        c.refuse(field, words);
    }
}

fn credential(c: &mut Checker, typed: &str) -> Zeroizing<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        c.refuse("credential", "Enter the credential.");
    } else if typed.len() > 4_000 || !typed.bytes().all(|byte| byte.is_ascii_graphic()) {
        c.refuse("credential", "Enter the credential as the service gave it: one line, without spaces.");
    }
    Zeroizing::new(typed.to_owned())
}

/// The shop's own key as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnKeyRow {
    /// What kind of service keeps it.
    pub kind: Kind,
    /// Which key, and where.
    pub place: String,
    /// Since when, in the shop's time.
    pub since: String,
    /// Who brought it.
    pub by: String,
}

impl fmt::Debug for VaultForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VaultForm").field("address", &self.address).finish_non_exhaustive()
    }
}

impl fmt::Debug for KmsForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsForm").field("region", &self.region).field("key", &self.key).finish_non_exhaustive()
    }
}

impl fmt::Debug for NewOwnKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewOwnKey").field("kind", &self.kind).field("place", &self.place).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(address: &str, credential: &str) -> Result<NewOwnKey, FieldErrors> {
        VaultForm { address: address.into(), credential: credential.into() }.read(&Reachable::default())
    }

    #[test]
    fn row_50_a_key_is_read_and_its_credential_is_in_no_words() {
        let new = vault("https://vault.example.com:8200/transit/keys/shop", " hvs.ZZQ ").expect("a key");
        assert_eq!(new.place, "https://vault.example.com:8200/transit/keys/shop");
        assert!(new.settings.contains("hvs.ZZQ") && !format!("{new:?}").contains("ZZQ"), "{new:?}");
        let form = KmsForm {
            region: "eu-central-1".into(),
            key: "alias/shop".into(),
            access_key_id: "AKIDZZQ".into(),
            credential: "ZZQ/secret".into(),
            endpoint: String::new(),
        };
        let new = form.read(&Reachable::default()).expect("a key");
        assert_eq!((new.kind, new.place.as_str()), (Kind::AwsKms, "eu-central-1: alias/shop"));
        assert!(!format!("{new:?}{form:?}").contains("ZZQ"));
        for (field, form) in [
            ("region", KmsForm { region: "EU 1".into(), ..form.clone() }),
            ("key", KmsForm { key: "a b".into(), ..form.clone() }),
            ("access_key_id", KmsForm { access_key_id: "a-b".into(), ..form.clone() }),
            ("credential", KmsForm { credential: "two words".into(), ..form.clone() }),
            ("endpoint", KmsForm { endpoint: "https://10.0.0.1/".into(), ..form.clone() }),
        ] {
            assert_eq!(form.read(&Reachable::default()).unwrap_err().keys().collect::<Vec<_>>(), [field]);
        }
    }

    #[test]
    fn addresses_that_lead_inside_or_to_no_key_are_refused_in_words() {
        for (address, words) in [
            ("https://127.0.0.1:8200/transit/keys/shop", "which is not reached from here"),
            ("https://vault.internal/transit/keys/shop", "which is not reached from here"),
            ("http://vault.example.com/transit/keys/shop", "https://"),
            ("https://hvs.X@vault.example.com/transit/keys/shop", "a field of its own"),
            ("https://vault.example.com/transit/keys/shop?token=x", "a field of its own"),
            ("https://vault.example.com/transit", "ends in the key"),
            ("https://vault.example.com/transit/keys/", "ends in the key"),
            ("https://1.2.3/transit/keys/k", "such as https://vault"),
        ] {
            let errors = vault(address, "hvs.X").unwrap_err();
            assert!(errors["address"].contains(words), "{address}: {errors:?}");
        }
        assert!(vault("https://vault.example.com/transit/keys/shop", "").unwrap_err().contains_key("credential"));
    }
}
