//! `make bench`: our pages beside the floor, in one run, on one database, and what that means for the goals.
//!
//! It times nothing against a limit: it fails only when a page answers wrongly. Ratios within a run are its result;
//! absolute figures belong to the machine and the moment. Settings: `BENCH_JOBS` (database M, 40 000), `BENCH_PASSES`
//! (3; a verdict needs all of them on one side), `BENCH_OUT` (`target/bench.json`).

mod chain;
mod children;
mod cpu;
mod goals;
mod ground;
mod guesses;
mod http;
mod load;
mod people;
mod report;
mod sealed;
mod serial;
mod targets;

use anyhow::{Context, Result, bail, ensure};
use children::Running;
use goals::Pass;
use ground::{Ground, Stocked};
use load::Loaded;
use people::Shop;
use report::Size;
use std::{path::PathBuf, sync::Arc, time::Duration};
use targets::Target;

/// Jobs of database S: a thousand in its large shop.
const SMALL: u32 = 2_000;
const OWNERS: usize = 21;
const LOAD: Duration = Duration::from_secs(3);
/// The floor's list under RLS and ours stand first here; they are also what is loaded.
const LOADED: [&str; 3] = ["floor: list, RLS", "jobs list", "portal invoice"];

/// Everything that runs.
struct Scene {
    floor: Running,
    ours: Running,
    _small: Running,
    shops: Vec<Shop>,
    m: Stocked,
    targets: Vec<Arc<Target>>,
    /// Last: its folder goes when nobody writes there any more.
    ground: Ground,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    tokio::select! {
        done = run() => done,
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
    }
}

async fn run() -> Result<()> {
    let size = Size { m: setting("BENCH_JOBS", 40_000)?, s: SMALL };
    ensure!(size.m >= 10_000, "BENCH_JOBS must be 10000 or more: the small shops need pages of rows too");
    let out = PathBuf::from(std::env::var("BENCH_OUT").unwrap_or_else(|_| "target/bench.json".into()));
    let scene = Scene::set(&size).await?;
    let mut passes = Vec::new();
    for nth in 1..=setting("BENCH_PASSES", 3)? {
        eprintln!("bench: pass {nth}, load average {}", cpu::load_average());
        passes.push(scene.pass(nth as usize).await?);
    }
    println!("{}", report::table(&passes, &size));
    report::write(&out, &passes, &size).with_context(|| out.display().to_string())?;
    println!("All of it: {}", out.display());
    Ok(())
}

fn setting(name: &str, otherwise: u32) -> Result<u32> {
    match std::env::var(name) {
        Ok(text) => text.parse().with_context(|| format!("{name} must be a number")),
        Err(_) => Ok(otherwise),
    }
}

impl Scene {
    async fn set(size: &Size) -> Result<Self> {
        let ground = Ground::find().await?;
        let (m, s) = (ground.stock("bench_m", size.m).await?, ground.stock("bench_s", size.s).await?);
        ground::lay_floor(&m.url).await?;
        let mut shops = Vec::new();
        for nth in 0..OWNERS {
            shops.push(people::shop(&m, nth).await?);
        }
        let seen = people::visitors(&m, &shops[0]).await?;
        let own = ground.address("bench_m", "floor_app");
        let floor = children::floor(&own, &ground.address("bench_m", "shearline_app"), &m.data).await?;
        let (ours, small) = (children::serve(&m.url, &m.data).await?, children::serve(&s.url, &s.data).await?);
        sealed::stock(&ours, &m, &shops[0]).await?;
        let mut targets = targets::floor(&floor, &shops[0]);
        targets.push(targets::jobs("jobs list", &ours, &shops[0]));
        targets.push(targets::jobs("jobs list, small shop", &ours, &shops[1]));
        targets.push(targets::jobs("jobs list, S", &small, &people::shop(&s, 0).await?));
        targets.extend(targets::pages_of_ours(&ours, &shops[0], &seen));
        targets.push(targets::api_jobs(&ours, &shops[0], &people::key(&m, &shops[0]).await?));
        targets.push(targets::sign_in(&ours));
        Ok(Self { m, floor, ours, _small: small, shops, targets, ground })
    }

    fn target(&self, name: &str) -> Result<&Arc<Target>> {
        self.targets.iter().find(|target| target.name == name).with_context(|| format!("no target {name}"))
    }

    /// Two rounds, in turn.
    async fn loads(&self) -> Result<Vec<(&'static str, Loaded)>> {
        let mut sums = LOADED.map(|name| (name, Loaded::default()));
        for _ in 0..2 {
            for (name, sum) in &mut sums {
                let found = load::load(self.target(name)?, 8, LOAD).await?;
                sum.per_second += found.per_second / 2.0;
                sum.p50 += found.p50 / 2.0;
                sum.p99 += found.p99 / 2.0;
            }
        }
        Ok(sums.into())
    }

    async fn pass(&self, nth: usize) -> Result<Pass> {
        let rows = serial::pass(&self.targets, self.ground.postmaster).await?;
        let loads = self.loads().await?;
        let beside = load::beside_sign_ins(self.target("jobs list")?, self.target("sign-in")?, LOAD).await?;
        let guesses = guesses::measure(&self.ours, &self.m, OWNERS).await?;
        let login = self.ground.address("bench_m", "shearline_app");
        let chain = chain::measure(&login, &chain::of(&self.shops)).await?;
        let fresh = &self.shops[nth % OWNERS];
        let sealed = sealed::measure(&self.ours, &self.m, &self.shops[0], fresh).await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
        Ok(Pass {
            rows,
            loads,
            beside,
            guesses,
            chain,
            sealed,
            memory: cpu::memory(self.ours.id()),
            floor_memory: cpu::memory(self.floor.id()),
            load_average: cpu::load_average(),
        })
    }
}
