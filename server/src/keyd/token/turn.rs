//! One request to a token at a time, and none that is waited for without end: a module's call cannot be broken off.

use std::{
    sync::{Condvar, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};
use vault::VaultError;

/// Modules are one to a process, whoever speaks with them.
static BUSY: Mutex<bool> = Mutex::new(false);
static FREE: Condvar = Condvar::new();

/// Given back wherever its holder ends.
struct Turn;

impl Turn {
    fn take(patience: Duration) -> Option<Self> {
        let busy = BUSY.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = FREE.wait_timeout_while(busy, patience, |busy| *busy);
        let (mut busy, _) = waited.unwrap_or_else(PoisonError::into_inner);
        // Not by `then_some`: a turn that is made and dropped gives back what another holds.
        if std::mem::replace(&mut *busy, true) { None } else { Some(Self) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *BUSY.lock().unwrap_or_else(PoisonError::into_inner) = false;
        FREE.notify_one();
    }
}

/// Does the work on a thread of its own, and waits so long for it. Work that hangs goes on hanging, and whoever comes after
/// is told.
pub(super) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    let late = |words: &str| VaultError::Provider(format!("{words} within {} seconds", limit.as_secs()));
    let turn = Turn::take(limit).ok_or_else(|| late("the token did not end an earlier request"))?;
    let (tell, told) = mpsc::sync_channel(1);
    thread::Builder::new()
        .spawn(move || {
            let done = work();
            drop(turn);
            let _ = tell.send(done);
        })
        .map_err(|_| VaultError::Provider("no thread for the token".into()))?;
    told.recv_timeout(limit).map_err(|_| late("no answer of the token"))?
}
