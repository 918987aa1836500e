//! `serve`: from the threshold to the last request, and everything put back in order afterwards.

use crate::{
    assets::Assets,
    config::Config,
    ground::{Ground, open_db},
    lock::Serving,
    mailer, router, seed,
    signals::Stop,
};
use anyhow::{Context, Result};
use std::{net::TcpListener, sync::Arc, time::Duration};
use store::{Db, bootstrap};

/// What only the rights of the start can get: the assets, and the port.
pub struct Provisions {
    assets: Assets,
    listener: TcpListener,
}

impl Provisions {
    /// Reads the assets into memory and takes the port.
    ///
    /// # Errors
    /// Assets that are not built, a port that is taken.
    pub fn gather(config: &Config) -> Result<Self> {
        let assets = Assets::load(&config.site)?;
        let listener = TcpListener::bind(config.addr)
            .with_context(|| format!("SHEARLINE_ADDR: cannot listen on {}", config.addr))?;
        listener.set_nonblocking(true)?;
        Ok(Self { assets, listener })
    }
}

/// Serves until a signal comes.
///
/// # Errors
/// Whatever keeps the server from starting, or ends it early.
pub async fn run(config: Arc<Config>, provisions: Provisions, demo: bool) -> Result<()> {
    let stop = Stop::listen()?;
    let lock = Serving::demand(&config.data)?;
    let mut ground = Ground::open(Arc::clone(&config)).await?;
    ground.take_over();
    let served = match ready(&ground, &stop, demo).await {
        Ok(Some(db)) => answer(db, config, provisions, &stop).await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    let left = ground.leave(Some(lock)).await;
    served.and(left)
}

/// Everything before the first answer; `None` when asked to stop meanwhile.
async fn ready(ground: &Ground, stop: &Stop, demo: bool) -> Result<Option<Db>> {
    let prepare = async {
        let roles = ground.roles(demo).await?;
        let db = open_db(&ground.config, &roles)?;
        walls(&db).await?;
        let people = if demo { seed::demo(&db).await.context("the demo shops could not be made")? } else { Vec::new() };
        announce(&ground.config, &people);
        anyhow::Ok(Some(db))
    };
    tokio::select! {
        prepared = prepare => prepared,
        () = stop.asked() => Ok(None),
    }
}

/// Checks the logins and the schema; waits for a database of the operator's that is not up yet.
async fn walls(db: &Db) -> Result<()> {
    let mut said = false;
    loop {
        let held = match db.check_walls().await {
            Ok(()) => bootstrap::check_schema(db).await,
            weak => weak,
        };
        match held {
            Err(store::Error::Unavailable) => {
                if !std::mem::replace(&mut said, true) {
                    tracing::warn!("the database cannot be reached; waiting for it");
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            other => return Ok(other?),
        }
    }
}

async fn answer(db: Db, config: Arc<Config>, provisions: Provisions, stop: &Stop) -> Result<()> {
    let listener = tokio::net::TcpListener::from_std(provisions.listener)?;
    let mut letters = tokio::spawn(mailer::run(db.clone(), Arc::clone(&config), stop.asked()));
    let server = router::serve(listener, db.clone(), config, provisions.assets, stop.asked());
    let served = tokio::select! {
        served = server => served,
        () = stop.forced() => {
            tracing::warn!("requests still under way were cut off");
            Ok(())
        }
    };
    tokio::select! {
        _ = &mut letters => {}
        () = tokio::time::sleep(Duration::from_secs(2)) => letters.abort(),
    }
    let _ = tokio::time::timeout(Duration::from_secs(3), db.close()).await;
    served
}

fn announce(config: &Config, people: &[seed::SignIn]) {
    println!("\nShearline: {}", config.public_url);
    print_sign_ins(people);
    if config.smtp.is_none() {
        println!("Mails are laid down in {}", config.outbox.display());
    }
    println!();
}

/// Prints who can sign in to the demo.
pub fn print_sign_ins(people: &[seed::SignIn]) {
    if !people.is_empty() {
        println!("Demo sign-ins:");
    }
    for person in people {
        println!("  {:<34} {:<34} {}", person.who, person.email, person.password);
    }
}
