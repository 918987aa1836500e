//! Several connections at once, for requests per second and the shape of the tail.

use crate::{http::Line, serial::at, targets::Target};
use anyhow::Result;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// What a target bore.
#[derive(Clone, Copy, Default)]
pub struct Loaded {
    /// Answers per second.
    pub per_second: f64,
    /// Median in milliseconds.
    pub p50: f64,
    /// 99 of 100 were faster.
    pub p99: f64,
}

/// Asks on so many connections for so long. Every answer is checked.
pub async fn load(target: &Arc<Target>, connections: usize, time: Duration) -> Result<Loaded> {
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        tasks.spawn(ask_on(Arc::clone(target), Arc::clone(&next), began + time));
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    let seconds = began.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    Ok(Loaded { per_second: times.len() as f64 / seconds, p50: at(&times, 0.5), p99: at(&times, 0.99) })
}

async fn ask_on(target: Arc<Target>, next: Arc<AtomicUsize>, until: Instant) -> Result<Vec<f64>> {
    let mut line = Line::open(target.addr).await?;
    let mut times = Vec::new();
    while Instant::now() < until {
        let ask = &target.asks[next.fetch_add(1, Ordering::Relaxed) % target.asks.len()];
        let began = Instant::now();
        let answer = line.ask(&ask.bytes).await?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
        target.check(ask, &answer)?;
    }
    Ok(times)
}

/// A target alone on one connection, and again while eight people keep signing in.
pub async fn beside_sign_ins(list: &Arc<Target>, sign_in: &Arc<Target>, time: Duration) -> Result<(Loaded, Loaded)> {
    let quiet = load(list, 1, time).await?;
    let (busy, signed) = tokio::join!(load(list, 1, time), load(sign_in, 8, time));
    signed?;
    Ok((quiet, busy?))
}
