//! The wish to stop: a first signal asks politely, a second one, or ten seconds, end what still runs. And SIGHUP, which, where
//! there are certificates, only asks to read them again.

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
    /// Begins to listen for SIGINT, SIGTERM and, unless it means something else, SIGHUP.
    ///
    /// # Errors
    /// A kernel that refuses.
    pub fn listen(hangup: bool) -> Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()].into_iter();
        count(kinds.chain(hangup.then(SignalKind::hangup))).map(Self)
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

/// Counts SIGHUPs from now on.
///
/// # Errors
/// A kernel that refuses.
pub fn hangups() -> Result<watch::Receiver<u32>> {
    count([SignalKind::hangup()])
}

fn count(kinds: impl IntoIterator<Item = SignalKind>) -> Result<watch::Receiver<u32>> {
    let (count, heard) = watch::channel(0);
    for kind in kinds {
        let (mut signals, count) = (signal(kind)?, count.clone());
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                count.send_modify(|count| *count += 1);
            }
        });
    }
    Ok(heard)
}
