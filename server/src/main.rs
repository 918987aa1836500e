//! The command line.

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use server::{
    admin::command,
    cli, doctor,
    ground::{Ground, Threshold, open_db, read_roles},
    keyd,
    lock::Serving,
    logging, proof, seed, serve, verify,
};
use std::{fs::File, io::BufReader, path::PathBuf, process::ExitCode};
use store::{audit::installation::Outside, front_door::breach::Breached};

/// Shearline: the system a locksmith shop runs on.
#[derive(Parser)]
#[command(name = "shearline", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve; without DATABASE_URL, beside a private PostgreSQL in the data folder.
    Serve {
        /// Migrate, make the demo shops once, and print their sign-ins.
        #[arg(long)]
        demo: bool,
    },
    /// Run the process that holds the keys. `serve` does that by itself.
    Keyd {
        /// Only start it, again whenever it ends; for `serve`.
        #[arg(long, hide = true, conflicts_with = "watched")]
        watch: bool,
        /// Started by the watcher, with which it ends.
        #[arg(long, hide = true)]
        watched: bool,
        /// Compare the log of openings with the audit chains instead.
        #[arg(long)]
        reconcile: bool,
    },
    /// The root keys: make, keep on paper, bring back, turn.
    #[command(subcommand)]
    Keys(Keys),
    /// Make or update roles, database and schema.
    Migrate,
    /// Fill the database.
    Seed(Seed),
    /// Ask the audit trail.
    #[command(subcommand)]
    Audit(Audit),
    /// Who administers the installation.
    #[command(subcommand)]
    Admin(Admin),
    /// Lists of leaked passwords.
    #[command(subcommand)]
    Breach(Breach),
    /// Sign in to a server as yourself: asks you in a browser, and keeps what it gets for `shearline api`.
    Login(cli::Login),
    /// Sign out again.
    Logout,
    /// Call a server's API as whoever signed in.
    Api(cli::Api),
    /// Check a proof file, and the document it is about: needs no server, no database and no network.
    Verify(proof::command::Verify),
    /// Look for anything that would keep a server from running well; repairs nothing.
    ///
    /// With the private PostgreSQL stopped it starts it for the look, with its settings written anew as at each start, and
    /// stops it again. Roles, schema, key and data stay as they are.
    Doctor,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Seed {
    /// The demo shops.
    #[arg(long)]
    demo: bool,
    /// Synthetic shops with so many rows, for benchmarks.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    size: Option<u32>,
}

#[derive(Subcommand)]
enum Breach {
    /// Make the compact list that SHEARLINE_BREACH_FILTER names. It takes two and a quarter bytes of memory for each password.
    ///
    /// The corpus holds a line for each: its SHA-1 in hexadecimal, with or without `:count`, or the password itself.
    Build {
        /// The corpus.
        corpus: PathBuf,
        /// The list to write.
        out: PathBuf,
    },
}

#[derive(Subcommand)]
enum Admin {
    /// Make a link, good once and for thirty minutes, by which this person makes a passkey: the first, or one more.
    Enrol {
        /// The person's name.
        name: String,
    },
    /// Show everybody who may administer the installation.
    List,
    /// End somebody's administration: passkeys, sessions, open link.
    Remove {
        /// The person's name.
        name: String,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Make the first root key; the first start does it, too.
    Init,
    /// Write three recovery sheets, of which any two bring the root keys back.
    Split {
        /// Where to: a folder on a medium that you can destroy.
        folder: PathBuf,
    },
    /// Bring the root keys back from two recovery sheets, typed off the paper.
    Join {
        /// The sheets.
        #[arg(num_args = 2..=3)]
        sheets: Vec<PathBuf>,
    },
    /// Turn the keys beside a running server: new ones are begun, and everything is wrapped under them.
    Rotate {
        /// The root key only.
        #[arg(long, conflicts_with = "shops")]
        root: bool,
        /// The shops' keys only.
        #[arg(long)]
        shops: bool,
        /// Begin no new key; go on where an earlier turn was cut off.
        #[arg(long, conflicts_with_all = ["root", "shops"])]
        resume: bool,
    },
    /// Give up the keys that nothing is under any more.
    Retire,
    /// Hand the root keys over to the key service that SHEARLINE_ROOT_KEY names; with the server stopped.
    Move {
        /// Take them back into the file itself instead.
        #[arg(long)]
        back: bool,
    },
    /// Who guards the root keys, whether they open, and how many shops' keys are under which.
    Status,
}

#[derive(Subcommand)]
enum Audit {
    /// Read every entry again and make every hash anew.
    Verify {
        /// Only this shop.
        #[arg(long, value_name = "SLUG")]
        shop: Option<String>,
    },
    /// Take what lies outside the database as it is, after somebody took it away on purpose. It stands on the audit trail.
    Accept {
        /// `archive`, of checkpoints, or `openings`, keyd's log.
        #[arg(value_parser = ["archive", "openings"])]
        what: String,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("shearline: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a command; false when it did its work and found something wrong. Threads begin only after root is given up.
fn run(command: Command) -> Result<bool> {
    match command {
        Command::Doctor => {
            let (report, threshold) = doctor::before();
            block_on(async { Ok(doctor::after(report, threshold).await) })
        }
        Command::Serve { demo } => {
            let threshold = Threshold::find()?;
            let provisions = serve::Provisions::gather(&threshold.config)?;
            let guard = keyd::Guard::start()?;
            let config = threshold.cross()?;
            block_on(serve::run(config, provisions, guard, demo)).map(|()| true)
        }
        Command::Keyd { watch: true, .. } => keyd::guard::watch().map(|()| true),
        Command::Keyd { reconcile: true, .. } => {
            let threshold = Threshold::find()?;
            let log = keyd::keys::log(&threshold.config.keyd)?;
            let config = threshold.cross()?;
            block_on(keyd::keys::reconcile(config, log))
        }
        Command::Keys(keys) => turned(&keys),
        Command::Keyd { watched, .. } => {
            let threshold = Threshold::find()?;
            logging::start(threshold.config.dev);
            let ready = keyd::Ready::make(&threshold.config, watched)?;
            block_on(keyd::run(ready)).map(|()| true)
        }
        Command::Migrate => {
            let config = Threshold::find()?.cross()?;
            block_on(async {
                let lock = Serving::demand(&config.data)?;
                let ground = Ground::open(config).await?;
                let migrated = ground.migrate().await;
                ground.leave(Some(lock)).await?;
                migrated?;
                println!("roles, database and schema are up to date");
                Ok(true)
            })
        }
        Command::Seed(what) => {
            let threshold = Threshold::find()?;
            let guard = keyd::Guard::start()?;
            let config = threshold.cross()?;
            block_on(fill(config, guard, what)).map(|()| true)
        }
        Command::Breach(Breach::Build { corpus, out }) => {
            let lines = File::open(&corpus).with_context(|| format!("{} cannot be read", corpus.display()))?;
            let list = Breached::gather(BufReader::new(lines))?;
            list.write(&out)?;
            println!("{} leaked passwords are in {}: name it in SHEARLINE_BREACH_FILTER", list.listed(), out.display());
            Ok(true)
        }
        Command::Admin(admin) => {
            let config = Threshold::find()?.cross()?;
            let command = match admin {
                Admin::Enrol { name } => command::Command::Enrol(name),
                Admin::List => command::Command::List,
                Admin::Remove { name } => command::Command::Remove(name),
            };
            block_on(command::run(config, command)).map(|()| true)
        }
        Command::Verify(asked) => proof::command::run(&asked),
        Command::Login(login) => block_on(cli::run(cli::Command::Login(login))),
        Command::Logout => block_on(cli::run(cli::Command::Logout)),
        Command::Api(api) => block_on(cli::run(cli::Command::Api(api))),
        Command::Audit(Audit::Verify { shop }) => {
            let config = Threshold::find()?.cross()?;
            block_on(verify::run(config, shop.as_deref()))
        }
        Command::Audit(Audit::Accept { what }) => {
            let config = Threshold::find()?.cross()?;
            let what = if what == "archive" { Outside::Archive } else { Outside::Openings };
            block_on(proof::accept::run(config, what)).map(|()| true)
        }
    }
}

fn turned(keys: &Keys) -> Result<bool> {
    let threshold = Threshold::find()?;
    let config = std::sync::Arc::clone(&threshold.config);
    match keys {
        Keys::Init => keyd::keys::init(&config),
        Keys::Split { folder } => keyd::keys::split(&config, folder),
        Keys::Join { sheets } => keyd::keys::join(&config, sheets),
        Keys::Move { back } => keyd::keys::moved(&config, *back),
        Keys::Status => {
            let opens = keyd::keys::looked(&config)?;
            block_on(keyd::keys::status(threshold.cross()?))?;
            return Ok(opens);
        }
        Keys::Rotate { root, shops, resume } => {
            let both = !root && !shops && !resume;
            let turn = keyd::keys::Turn { root: *root || both, shops: *shops || both };
            block_on(keyd::keys::rotate(threshold.cross()?, turn))
        }
        Keys::Retire => block_on(keyd::keys::retire(threshold.cross()?)),
    }
    .map(|()| true)
}

/// Fills the database: beside a running server with its logins, else after a migration.
async fn fill(config: std::sync::Arc<server::config::Config>, mut guard: keyd::Guard, what: Seed) -> Result<()> {
    let lock = Serving::take(&config.data)?;
    let ground = Ground::open(config).await?;
    let filled = async {
        let roles = if lock.is_some() { ground.migrate().await? } else { read_roles(&ground.config)? };
        // Beside a server its keyd answers.
        if lock.is_some() {
            guard.begin()?;
        }
        keyd::demand(&ground.config).await?;
        match what.size {
            Some(rows) => seed::size(&open_db(&ground.config, &roles)?, &ground.url(), rows).await,
            None => {
                let people = seed::demo(&open_db(&ground.config, &roles)?).await?;
                serve::print_sign_ins(&people);
                Ok(())
            }
        }
    };
    let filled = filled.await;
    let left = ground.leave(lock).await;
    filled.and(left)
}

fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_doctor_says_what_it_starts() {
        let help = Cli::command().find_subcommand_mut("doctor").map(|doctor| doctor.render_long_help().to_string());
        let help = help.unwrap_or_default();
        assert!(!help.contains("changes nothing") && help.contains("starts it for the look"), "{help}");
    }
}
