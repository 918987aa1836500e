//! The watch: looks every second at what is new on the chains, so that an alert stands there within five.

use std::{future::Future, pin::pin, time::Duration};
use store::Db;

/// How often the database is asked.
const PAUSE: Duration = Duration::from_secs(1);

/// Watches until `shutdown` comes.
pub async fn run(db: Db, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    loop {
        let pause = match db.watch().await {
            Ok(_) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "the chains cannot be watched; trying again");
                PAUSE * 3
            }
        };
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
