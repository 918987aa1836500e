//! `serve`: from the threshold to the last request, and everything put back in order afterwards.

use crate::{
    admin, alerts,
    assets::Assets,
    config::Config,
    ground::{Ground, open_db},
    keyd::{self, Guard},
    listen,
    lock::Serving,
    mailer, privileges, proof, router, seed,
    signals::{self, Stop},
    tls, webhooks,
};
use anyhow::{Context, Result};
use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};
use store::{Db, bootstrap};

/// What only the rights of the start can get: the assets, the ports, the certificate.
pub struct Provisions {
    assets: Assets,
    listener: TcpListener,
    redirect: Option<TcpListener>,
    admin: Option<TcpListener>,
    tls: Option<(tls::Current, tls::Reload)>,
}

impl Provisions {
    /// Reads the assets into memory, takes the ports and reads the certificate.
    ///
    /// # Errors
    /// Assets that are not built, a port that is taken, an address that may not be served so.
    pub fn gather(config: &Config) -> Result<Self> {
        config.may_serve()?;
        let assets = Assets::load(&config.site)?;
        let tls = config.tls.as_ref().map(tls::open).transpose()?;
        let listener = bound(config.addr, "SHEARLINE_ADDR")?;
        let redirect = config.redirect.map(|addr| bound(addr, "SHEARLINE_REDIRECT_ADDR")).transpose()?;
        let admin = config.admin_addr.map(|addr| bound(addr, "SHEARLINE_ADMIN_ADDR")).transpose()?;
        Ok(Self { assets, listener, redirect, admin, tls })
    }
}

fn bound(addr: SocketAddr, setting: &str) -> Result<TcpListener> {
    let listener = TcpListener::bind(addr).with_context(|| format!("{setting}: cannot listen on {addr}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves until a signal comes.
///
/// # Errors
/// Whatever keeps the server from starting, or ends it early.
pub async fn run(config: Arc<Config>, provisions: Provisions, mut guard: Guard, demo: bool) -> Result<()> {
    if !config.dev {
        privileges::close_memory()?;
    }
    let stop = Stop::listen(provisions.tls.is_none())?;
    let lock = Serving::demand(&config.data)?;
    let mut ground = Ground::open(Arc::clone(&config)).await?;
    ground.take_over();
    let served = match ready(&ground, &stop, &mut guard, demo).await {
        Ok(Some(db)) => answer(db, config, provisions, &stop).await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    // keyd first: it asks the database until its end.
    drop(guard);
    let left = ground.leave(Some(lock)).await;
    served.and(left)
}

/// Everything before the first answer; `None` when asked to stop meanwhile.
async fn ready(ground: &Ground, stop: &Stop, guard: &mut Guard, demo: bool) -> Result<Option<Db>> {
    let prepare = async {
        let roles = ground.roles(demo).await?;
        let db = open_db(&ground.config, &roles)?;
        walls(&db).await?;
        guard.begin()?;
        if demo {
            keyd::demand(&ground.config).await?;
        } else if !keyd::answers(&ground.config.keyd.client(), Duration::from_secs(5)).await {
            tracing::error!("keyd does not answer: secrets stay closed until it does, everything else works");
        }
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
    let mut hooks = tokio::spawn(webhooks::run(db.clone(), Arc::clone(&config), stop.asked()));
    let archive = proof::open(&config.archive)?;
    let mut rounds = tokio::spawn(proof::rounds::run(db.clone(), archive, stop.asked()));
    let mut clock = tokio::spawn(proof::rounds::clock(db.clone(), stop.asked()));
    let mut watch = tokio::spawn(alerts::run(db.clone(), stop.asked()));
    let current = match provisions.tls {
        Some((current, reload)) => {
            tokio::spawn(reload.run(tls::LOOK, signals::hangups()?, stop.asked()));
            Some(current)
        }
        None => None,
    };
    if let Some(redirect) = provisions.redirect {
        let redirect = tokio::net::TcpListener::from_std(redirect)?;
        tokio::spawn(listen::serve(redirect, tls::redirect(&config.public_url), listen::Way::open(), stop.asked()));
    }
    if let (Some(listener), Some(app)) = (provisions.admin, admin::router(&db, &config, &provisions.assets)) {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::spawn(listen::serve(listener, app, listen::Way::this_machine(), stop.asked()));
    }
    let app = router::router(db.clone(), &config, provisions.assets);
    let server = listen::serve(listener, app, listen::Way::new(&config, current), stop.asked());
    let served = tokio::select! {
        served = server => served,
        () = stop.forced() => {
            tracing::warn!("requests still under way were cut off");
            Ok(())
        }
    };
    tokio::select! {
        _ = async { tokio::join!(&mut letters, &mut hooks, &mut rounds, &mut clock, &mut watch) } => {}
        () = tokio::time::sleep(Duration::from_secs(2)) => {
            letters.abort();
            hooks.abort();
            rounds.abort();
            clock.abort();
            watch.abort();
        }
    }
    // Looks of the last second: they are told of when the server runs again.
    let _ = tokio::time::timeout(Duration::from_secs(2), db.note_looks()).await;
    let _ = tokio::time::timeout(Duration::from_secs(3), db.close()).await;
    served
}

fn announce(config: &Config, people: &[seed::SignIn]) {
    println!("\nShearline: {}", config.public_url);
    if let Some(url) = config.admin_url() {
        println!("Administration, on this machine alone: {url}");
    }
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
