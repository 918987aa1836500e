//! The watcher: a process without anything but the task to start keyd, and to start it again when it ends. It keeps the
//! rights of whoever started the server, listens to nobody, and ends with the server.

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    io::{Read, Write},
    os::unix::process::CommandExt,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    time::{Duration, Instant},
};

/// This very program, whatever has become of its file meanwhile.
const OURSELVES: &str = "/proc/self/exe";
/// Shortest and longest wait before another start.
const WAIT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));
/// A keyd that ran for so long did not end for a reason of its start.
const STEADY: Duration = Duration::from_secs(30);

/// The server's hold on its watcher: dropped, it ends keyd too.
pub struct Guard {
    watcher: Child,
    line: Option<ChildStdin>,
}

impl Guard {
    /// Starts the watcher, before root is given up. It waits for [`Guard::begin`].
    ///
    /// # Errors
    /// A process that cannot be started.
    pub fn start() -> Result<Self> {
        let mut watcher = Command::new(OURSELVES)
            .arg0("shearline")
            .args(["keyd", "--watch"])
            .stdin(Stdio::piped())
            // Ctrl-C is for the server, which ends us in order.
            .process_group(0)
            .spawn()
            .context("the watcher of keyd cannot be started")?;
        let line = watcher.stdin.take();
        Ok(Self { watcher, line })
    }

    /// Now keyd finds what it needs: the database's login.
    ///
    /// # Errors
    /// A watcher that is gone.
    pub fn begin(&mut self) -> Result<()> {
        let line = self.line.as_mut().context("the watcher of keyd is gone")?;
        line.write_all(b"begin\n").and_then(|()| line.flush()).context("the watcher of keyd is gone")
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // The end of its input is the word to end.
        drop(self.line.take());
        let until = Instant::now() + Duration::from_secs(3);
        while matches!(self.watcher.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The watcher's whole life: waits for the word, then keeps keyd running until its input ends.
///
/// # Errors
/// Never in its work; a thread that cannot be started.
pub fn watch() -> Result<()> {
    let (told, word) = mpsc::channel();
    std::thread::Builder::new().spawn(move || {
        let mut byte = [0];
        while matches!(std::io::stdin().read(&mut byte), Ok(1)) {
            if byte[0] == b'\n' && told.send(()).is_err() {
                return;
            }
        }
    })?;
    if word.recv().is_err() {
        return Ok(());
    }
    let mut wait = WAIT.0;
    loop {
        let begun = Instant::now();
        match spawn() {
            Ok(mut keyd) => {
                if !ended(&mut keyd, &word) {
                    return Ok(());
                }
            }
            Err(error) => eprintln!("shearline: keyd cannot be started: {error:#}"),
        }
        wait = if begun.elapsed() > STEADY { WAIT.0 } else { (wait * 2).min(WAIT.1) };
        if matches!(word.recv_timeout(wait), Err(RecvTimeoutError::Disconnected)) {
            return Ok(());
        }
    }
}

fn spawn() -> Result<Child> {
    let mut command = Command::new(OURSELVES);
    command.arg0("shearline").args(["keyd", "--watched"]).stdin(Stdio::null());
    Ok(command.spawn()?)
}

/// Waits for keyd's end; false when the server ended first, and keyd with it.
fn ended(keyd: &mut Child, word: &mpsc::Receiver<()>) -> bool {
    loop {
        match keyd.try_wait() {
            Ok(None) => {}
            Ok(Some(status)) => {
                eprintln!("shearline: keyd ended ({status}) and is started again");
                return true;
            }
            Err(_) => return true,
        }
        if matches!(word.recv_timeout(Duration::from_millis(50)), Err(RecvTimeoutError::Disconnected)) {
            let pid = Pid::from_raw(keyd.id().cast_signed());
            let _ = kill(pid, Signal::SIGTERM);
            let _ = keyd.wait();
            return false;
        }
    }
}
