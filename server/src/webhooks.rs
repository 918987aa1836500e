//! Sends the audit trail to the shops' receivers: signed, in order, each delivery until it is accepted or given up.

use crate::{
    config::Config,
    outbound::{self, Outbound},
};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::{future::Future, sync::Arc, time::Duration};
use store::{
    Db,
    webhooks::{Delivery, Outcome},
};
use tokio::{sync::watch, task::JoinSet, time::Instant};

/// How often the database is asked when nothing was due.
const PAUSE: Duration = Duration::from_secs(2);

/// Deliveries under way at once: a slow receiver keeps the others waiting no longer than its five seconds.
const LANES: usize = 4;

/// Delivers until `shutdown` comes; what is under way is finished first.
pub async fn run(db: Db, config: Arc<Config>, shutdown: impl Future<Output = ()>) {
    match Outbound::new(&config.webhook_networks, outbound::system_lookup()) {
        Ok(outbound) => deliver(db, outbound, shutdown).await,
        Err(error) => tracing::error!(error = format!("{error:#}"), "webhooks cannot be sent"),
    }
}

/// The same, by this client.
pub async fn deliver(db: Db, outbound: Outbound, shutdown: impl Future<Output = ()>) {
    let (stop, stopped) = watch::channel(false);
    let mut lanes = JoinSet::new();
    for _ in 0..LANES {
        lanes.spawn(lane(db.clone(), outbound.clone(), stopped.clone()));
    }
    shutdown.await;
    let _ = stop.send(true);
    while lanes.join_next().await.is_some() {}
}

async fn lane(db: Db, outbound: Outbound, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let pause = match next(&db, &outbound).await {
            Ok(true) => continue,
            Ok(false) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "webhooks cannot be read or noted; trying again");
                PAUSE * 3
            }
        };
        tokio::select! {
            _ = stopped.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Carries out one delivery; false when none was due.
///
/// # Errors
/// A database that cannot be reached.
pub async fn next(db: &Db, outbound: &Outbound) -> store::Result<bool> {
    let Some(delivery) = db.claim_delivery().await? else { return Ok(false) };
    if delivery.entries.is_empty() && !delivery.is_test() {
        db.nothing_to_deliver(&delivery).await?;
        return Ok(true);
    }
    let begun = Instant::now();
    let sent = attempt(outbound, &delivery).await;
    let millis = i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX);
    let outcome = match sent {
        Ok(status) => Outcome { status: Some(status), problem: String::new(), millis },
        Err(problem) => Outcome { status: None, problem, millis },
    };
    db.delivery_tried(&delivery, &outcome).await?;
    Ok(true)
}

/// Signed by the rules of Standard Webhooks.
async fn attempt(outbound: &Outbound, delivery: &Delivery) -> Result<u16, String> {
    let body = written(delivery).to_string().into_bytes();
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    for (name, value) in [
        ("webhook-id", delivery.message()),
        ("webhook-timestamp", delivery.at.to_string()),
        ("webhook-signature", delivery.signature(&body)),
    ] {
        let value = HeaderValue::from_str(&value).map_err(|_| "The signature cannot be written".to_owned())?;
        headers.insert(HeaderName::from_static(name), value);
    }
    outbound.post(&delivery.url, headers, body).await
}

/// The body: the same, byte for byte, whenever this delivery is tried.
fn written(delivery: &Delivery) -> Value {
    json!({
        "type": if delivery.is_test() { "test" } else { "audit.entries" },
        "timestamp": delivery.entries.last().map(|entry| entry.at.as_str()),
        "data": {
            "receiver": delivery.receiver(),
            "first": delivery.range.0,
            "last": delivery.range.1,
            "entries": delivery.entries,
        },
    })
}
