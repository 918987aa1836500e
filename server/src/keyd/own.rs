//! Key services that shops bring: made of what a shop wrote down and keyd has sealed. Where such a service is, a shop decided,
//! so requests to it pass the same guard as webhooks do.

use super::service::{Address, Credential, Road, Service};
use crate::outbound::{Outbound, system_lookup};
use anyhow::Result;
use ipnet::IpNet;
use serde::Deserialize;
use std::sync::Arc;
use vault::{KeyService, VaultError, Zeroizing, keyd::Services};

/// As `domain::own_key` writes it.
#[derive(Deserialize)]
struct Settings {
    kind: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    endpoint: String,
    credential: String,
}

/// Makes shops' services; these networks may be reached though they are inside, as by webhooks.
///
/// # Errors
/// A client that cannot be made.
pub fn services(networks: &[IpNet]) -> Result<Services> {
    let outbound = Outbound::new(networks, system_lookup())?;
    Ok(Arc::new(move |settings| made(settings, &outbound)))
}

fn made(settings: &[u8], outbound: &Outbound) -> Result<Box<dyn KeyService>, VaultError> {
    let Settings { kind, address, region, key, endpoint, credential } =
        serde_json::from_slice(settings).map_err(|_| VaultError::Malformed)?;
    let credential = Credential::Given(Zeroizing::new(credential));
    let endpoint = Some(endpoint.as_str()).filter(|text| !text.is_empty());
    let address = match kind.as_str() {
        "vault" => Address::transit(&address),
        "aws-kms" => Address::kms(&region, &key, endpoint),
        _ => return Err(VaultError::Malformed),
    };
    let address = address.map_err(|_| VaultError::Denied("its address is not one of a key".into()))?;
    Ok(Box::new(Service::new(address, credential, Road::Guarded(outbound.clone()))))
}
