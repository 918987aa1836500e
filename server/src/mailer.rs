//! Sends the letters that wait in the database: by SMTP, or as files where no server is named.

mod letter;
mod post;
mod tidy;

pub use letter::check_sender;
pub use post::Post;

use crate::config::Config;
use anyhow::{Context, Result};
use lettre::AsyncTransport;
use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{
    Db,
    mail::{Attached, Claimed, Mail},
};

/// How often the outbox is asked when it was empty.
const PAUSE: Duration = Duration::from_secs(2);

/// How long one letter may take: shorter than the two minutes after which another worker may take it.
const LIMIT: Duration = Duration::from_secs(60);

/// Carries letters out until `shutdown` comes; a letter under way is finished first.
pub async fn run(db: Db, config: Arc<Config>, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let door = Door::open(&config);
    let mut reachable = true;
    let mut tidied = None::<Instant>;
    loop {
        if tidied.is_none_or(|at| at.elapsed() > tidy::EVERY) {
            tidied = Some(Instant::now());
            tidy::round(&db, config.outbox.clone()).await;
        }
        let pause = match next(&db, &door).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => PAUSE,
            Err(error) => {
                if std::mem::take(&mut reachable) {
                    tracing::warn!(%error, "the outbox cannot be read; trying again");
                }
                PAUSE * 3
            }
        };
        reachable |= pause < PAUSE * 3;
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Sends one letter; false when none was due.
async fn next(db: &Db, door: &Door) -> store::Result<bool> {
    let Some(claimed) = db.claim_mail().await? else { return Ok(false) };
    deliver(db, door, &claimed).await?;
    Ok(true)
}

async fn deliver(db: &Db, door: &Door, claimed: &Claimed) -> store::Result<()> {
    let done = tokio::time::timeout(LIMIT, door.send_with(&claimed.mail, claimed.attached.as_ref())).await;
    match done.map_err(anyhow::Error::from).and_then(|sent| sent) {
        Ok(()) => db.mail_sent(claimed).await,
        Err(error) => {
            // Neither address nor subject: logs hold no personal data.
            tracing::warn!(
                error = post::without_addresses(&format!("{error:#}")),
                "a mail could not be sent; it is tried again"
            );
            db.mail_failed(claimed).await
        }
    }
}

/// Where letters go.
pub struct Door {
    sender: String,
    way: Way,
}

enum Way {
    Smtp(Box<Post>),
    Folder(std::path::PathBuf),
}

impl Door {
    /// The way the settings name. A server is spoken to, and the folder made, when there is a letter.
    #[must_use]
    pub fn open(config: &Config) -> Self {
        let way = match &config.smtp {
            Some(post) => Way::Smtp(Box::new(post.clone())),
            None => Way::Folder(config.outbox.clone()),
        };
        Self { sender: config.mail_from.clone(), way }
    }

    /// Sends one letter.
    ///
    /// # Errors
    /// A letter that no mail can carry, a server that refuses it, a folder that cannot be written.
    pub async fn send(&self, mail: &Mail) -> Result<()> {
        self.send_with(mail, None).await
    }

    /// The same, with a document.
    ///
    /// # Errors
    /// As for [`Door::send`].
    pub async fn send_with(&self, mail: &Mail, attached: Option<&Attached>) -> Result<()> {
        let message = letter::written(&self.sender, mail, attached)?;
        match &self.way {
            Way::Smtp(post) => post.transport()?.send(message).await.map(drop).map_err(Into::into),
            Way::Folder(folder) => {
                let (folder, bytes) = (folder.clone(), message.formatted());
                tokio::task::spawn_blocking(move || letter::lay_down(&folder, &bytes))
                    .await
                    .context("the task ended early")?
            }
        }
    }
}

#[cfg(test)]
mod tests;
