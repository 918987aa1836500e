//! `shearline admin`: who administers the installation. Needs the rights on the data folder, as every command.

use crate::{config::Config, ground::Ground};
use anyhow::{Context, Result, bail};
use std::sync::Arc;
use store::{
    Error,
    instance::command_line::{self, LINK_MINUTES},
};

/// What is asked for.
pub enum Command {
    /// A link that makes a passkey.
    Enrol(String),
    /// Everybody.
    List,
    /// Somebody's end.
    Remove(String),
}

/// Does it, beside a running server.
///
/// # Errors
/// A database that cannot be reached; nobody of that name.
pub async fn run(config: Arc<Config>, command: Command) -> Result<()> {
    let site = config.admin_url();
    let ground = Ground::visit(config).await?;
    let done = act(&ground.url(), site.as_deref(), command).await;
    ground.leave(None).await?;
    done
}

async fn act(url: &str, site: Option<&str>, command: Command) -> Result<()> {
    match command {
        Command::Enrol(name) => {
            let site = site.context("SHEARLINE_ADMIN_ADDR is not set, so there is no administration to enrol at: set it, as in 127.0.0.1:3001, and start the server with it")?;
            let token = command_line::enrol(url, &name).await?;
            println!(
                "Open this link on this machine within {LINK_MINUTES} minutes; it makes one passkey for {name}:\n"
            );
            println!("{site}/installation/enrol/{}\n", token.reveal());
            println!("From elsewhere, come through SSH with the same port on both ends.");
        }
        Command::List => {
            let all = command_line::list(url).await?;
            if all.is_empty() {
                println!("nobody yet: `shearline admin enrol NAME` makes a link for the first");
            }
            for one in all {
                let used = one.last_used.map_or_else(|| "never used".into(), |at| format!("last used {at} UTC"));
                println!("{:<30} since {}  {} passkey(s), {used}", one.name, one.since, one.passkeys);
            }
        }
        Command::Remove(name) => match command_line::remove(url, &name).await {
            Ok(()) => println!("{name} administers this installation no more; sessions and passkeys are ended"),
            Err(Error::Refusal(_)) => bail!("nobody of the name `{name}` administers this installation"),
            Err(error) => return Err(error.into()),
        },
    }
    Ok(())
}
