//! The wish to stop: a first signal asks politely, a second one, or ten seconds, end what still runs.

use anyhow::Result;
use std::time::Duration;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// How long requests under way may take once asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Hears signals from the moment it is made.
#[derive(Clone)]
pub struct Stop(watch::Receiver<u32>);

impl Stop {
    /// Begins to listen for SIGINT, SIGTERM and SIGHUP.
    ///
    /// # Errors
    /// A kernel that refuses.
    pub fn listen() -> Result<Self> {
        let (count, heard) = watch::channel(0);
        for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
            let (mut signals, count) = (signal(kind)?, count.clone());
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    count.send_modify(|count| *count += 1);
                }
            });
        }
        Ok(Self(heard))
    }

    /// Until the first signal.
    pub fn asked(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut heard = self.0.clone();
        async move {
            // The other end lives as long as the process.
            let _ = heard.wait_for(|count| *count > 0).await;
        }
    }

    /// Until patience ends: the second signal, or ten seconds after the first.
    pub async fn forced(&self) {
        let mut heard = self.0.clone();
        self.asked().await;
        let _ = tokio::time::timeout(GRACE, heard.wait_for(|count| *count > 1)).await;
    }
}
