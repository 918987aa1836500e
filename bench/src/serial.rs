//! One client, targets in turn: five blocks of twenty, each block between two readings of the CPU counters.

use crate::{cpu::Reading, http::Line, targets::Target};
use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use std::{
    io::Write,
    sync::Arc,
    time::{Duration, Instant},
};

const WARM_UP: usize = 5;
const BLOCKS: usize = 5;
const IN_A_BLOCK: usize = 20;
/// Work that goes on after an answer is out (a connection cleaned up) belongs to it.
const AFTERWARDS: Duration = Duration::from_millis(20);

/// What was seen of a target.
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// Median time to the whole answer, in milliseconds.
    pub p50: f64,
    /// 90 of 100 were faster.
    pub p90: f64,
    /// 99 of 100 were faster.
    pub p99: f64,
    /// CPU of the application's tree, in milliseconds a request.
    pub app: f64,
    /// CPU of PostgreSQL's tree.
    pub db: f64,
    /// Body of an answer.
    pub bytes: usize,
    /// The same through gzip.
    pub gzip: usize,
}

impl Row {
    /// All CPU of a request.
    pub fn cpu(&self) -> f64 {
        self.app + self.db
    }
}

#[derive(Default)]
struct Samples {
    times: Vec<f64>,
    app: f64,
    db: f64,
    body: Vec<u8>,
    asked: usize,
}

/// Measures the targets, and the bare hash of a password with them.
pub async fn pass(targets: &[Arc<Target>], postmaster: u32) -> Result<Vec<Row>> {
    let mut all: Vec<_> = targets.iter().map(|_| Samples::default()).collect();
    let mut hashes = Samples::default();
    for (target, samples) in targets.iter().zip(&mut all) {
        let mut line = Line::open(target.addr).await?;
        for _ in 0..WARM_UP {
            one(target, &mut line, samples).await?;
        }
        samples.times.clear();
    }
    for _ in 0..BLOCKS {
        for (target, samples) in targets.iter().zip(&mut all) {
            block(target, samples, postmaster).await?;
        }
        hash(&mut hashes).await?;
    }
    let mut rows = Vec::new();
    for (target, samples) in targets.iter().zip(all) {
        rows.push(row(target.name, samples)?);
    }
    rows.push(row("one bare Argon2id", hashes)?);
    Ok(rows)
}

async fn block(target: &Target, samples: &mut Samples, postmaster: u32) -> Result<()> {
    let mut line = Line::open(target.addr).await?;
    let (app, db) = (Reading::of(target.process), Reading::of(postmaster));
    for _ in 0..IN_A_BLOCK {
        one(target, &mut line, samples).await?;
    }
    tokio::time::sleep(AFTERWARDS).await;
    samples.app += Reading::of(target.process).since(&app);
    samples.db += Reading::of(postmaster).since(&db);
    Ok(())
}

async fn one(target: &Target, line: &mut Line, samples: &mut Samples) -> Result<()> {
    let ask = &target.asks[samples.asked % target.asks.len()];
    samples.asked += 1;
    let began = Instant::now();
    let answer = line.ask(&ask.bytes).await.with_context(|| target.name)?;
    samples.times.push(began.elapsed().as_secs_f64() * 1e3);
    target.check(ask, &answer)?;
    samples.body = answer.body;
    Ok(())
}

/// The very function the server hashes passwords by, with nothing around it; less of them, for they are alike.
async fn hash(samples: &mut Samples) -> Result<()> {
    let before = Reading::of(std::process::id());
    for _ in 0..IN_A_BLOCK / 4 {
        let began = Instant::now();
        store::front_door::passwords::hash("bench-shop-2026".to_owned()).await?;
        samples.times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    samples.app += Reading::of(std::process::id()).since(&before);
    Ok(())
}

fn row(name: &'static str, mut samples: Samples) -> Result<Row> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&samples.body)?;
    let n = samples.times.len().max(1) as f64;
    samples.times.sort_by(f64::total_cmp);
    Ok(Row {
        name,
        p50: at(&samples.times, 0.5),
        p90: at(&samples.times, 0.9),
        p99: at(&samples.times, 0.99),
        app: samples.app / n,
        db: samples.db / n,
        bytes: samples.body.len(),
        gzip: gzip.finish()?.len(),
    })
}

/// The value below which that share of sorted values lies.
pub fn at(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}
