//! The goals, as ratios within one run, and whether they are met.

use crate::{chain::Chain, guesses::Guesses, load::Loaded, sealed::Sealed, serial::Row};

/// Everything one pass over the protocol found.
pub struct Pass {
    /// One client, targets in turn.
    pub rows: Vec<Row>,
    /// Eight connections: floor, jobs list, portal invoice.
    pub loads: Vec<(&'static str, Loaded)>,
    /// The jobs list on one connection: alone, and beside eight sign-ins.
    pub beside: (Loaded, Loaded),
    /// Wrong passwords, for somebody and for nobody.
    pub guesses: Guesses,
    /// Audited writes.
    pub chain: Chain,
    /// Secrets opened and found, proofs made and checked.
    pub sealed: Sealed,
    /// Memory of our server five seconds after the load, in MiB.
    pub memory: Option<f64>,
    /// Memory of the floor.
    pub floor_memory: Option<f64>,
    /// Load averages when the pass ended.
    pub load_average: String,
}

impl Pass {
    fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    fn cpu(&self, one: &str, over: &str) -> Option<f64> {
        Some(self.row(one)?.cpu() / self.row(over)?.cpu())
    }

    fn p50(&self, one: &str, over: &str) -> Option<f64> {
        Some(self.row(one)?.p50 / self.row(over)?.p50)
    }

    fn load(&self, name: &str) -> Option<&Loaded> {
        self.loads.iter().find(|(found, _)| *found == name).map(|(_, load)| load)
    }

    fn tail(&self, name: &str) -> Option<f64> {
        self.load(name).map(|load| load.p99 / load.p50)
    }
}

/// What a goal demands of its ratio.
#[derive(Clone, Copy)]
pub enum Limit {
    /// Not more than must; the second is the stretch.
    AtMost(f64, f64),
    /// Not less.
    AtLeast(f64, f64),
    /// The goal itself names a peer that is not in this run; this is the stretch it sets against the floor, if any.
    Peer(Option<f64>),
}

/// A goal.
pub struct Goal {
    /// Its number in the list of goals.
    pub number: &'static str,
    /// What is divided by what.
    pub words: &'static str,
    /// The limit.
    pub limit: Limit,
    /// Its ratio in a pass.
    pub ratio: fn(&Pass) -> Option<f64>,
}

const FLOOR: &str = "floor: list, RLS";
const PLAIN: &str = "floor: list, no RLS";
const LIST: &str = "jobs list";

use Limit::{AtLeast, AtMost, Peer};

/// All that are measured here.
pub const GOALS: &[Goal] = &[
    goal("1", "jobs list of 50, CPU / floor list, RLS", AtMost(4.0, 2.0), |p| p.cpu(LIST, FLOOR)),
    goal("2", "job page, CPU / floor list, RLS", Peer(Some(2.0)), |p| p.cpu("job page", FLOOR)),
    goal("3", "portal invoice, CPU / floor list, RLS", Peer(None), |p| p.cpu("portal invoice", FLOOR)),
    goal("4", "requests/s at 8 connections, jobs list / floor list, RLS", AtLeast(0.25, 0.5), |p| {
        Some(p.load(LIST)?.per_second / p.load(FLOOR)?.per_second)
    }),
    goal("5", "p99/p50 at 8 connections, jobs list / floor list, RLS", AtMost(1.5, 1.0), |p| {
        Some(p.tail(LIST)? / p.tail(FLOOR)?)
    }),
    goal("6", "RLS by a setting, CPU / no RLS", AtMost(1.3, 1.15), |p| p.cpu(FLOOR, PLAIN)),
    goal("6", "RLS by a setting sent with begin, CPU / no RLS", AtMost(1.3, 1.15), |p| {
        p.cpu("floor: list, RLS, set with begin", PLAIN)
    }),
    goal("6", "RLS by capability, CPU / no RLS", AtMost(1.6, 1.3), |p| p.cpu("floor: list, RLS by capability", PLAIN)),
    goal("8", "jobs list, CPU, database M / S", AtMost(1.2, 1.1), |p| p.cpu(LIST, "jobs list, S")),
    goal("8", "jobs list, p50, database M / S", AtMost(1.2, 1.1), |p| p.p50(LIST, "jobs list, S")),
    goal("8", "jobs list, CPU, large shop / small shop", AtMost(1.5, 1.1), |p| p.cpu(LIST, "jobs list, small shop")),
    goal("9", "floor: Leptos render / page, CPU", AtMost(0.25, 0.1), |p| p.cpu("floor: 50 rows, no database", FLOOR)),
    goal("10", "server's memory after load / 60 MiB", AtMost(1.0, 0.5), |p| Some(p.memory? / 60.0)),
    goal("15", "sign-in, CPU / one bare Argon2id", AtMost(1.25, 1.1), |p| p.cpu("sign-in", "one bare Argon2id")),
    goal("15", "jobs list, p99 beside 8 sign-ins / alone", AtMost(3.0, 2.0), |p| Some(p.beside.1.p99 / p.beside.0.p99)),
    goal("5.3", "wrong password, median for somebody / for nobody, either way", AtMost(1.05, 1.02), |p| {
        Some(p.guesses.apart())
    }),
    goal("5.3", "wrong password, Mann-Whitney p of both", AtLeast(0.01, 0.05), |p| Some(p.guesses.p)),
    goal("API", "API jobs list, CPU / jobs list", AtMost(1.0, 0.5), |p| p.cpu("API jobs list", LIST)),
    goal("16", "audited write, tps / without chain, 21 shops", AtLeast(0.5, 0.7), |p| Some(p.chain.spread)),
    goal("16", "audited write, tps / without chain, one shop", AtLeast(0.35, 0.5), |p| Some(p.chain.hot)),
];

const fn goal(number: &'static str, words: &'static str, limit: Limit, ratio: fn(&Pass) -> Option<f64>) -> Goal {
    Goal { number, words, limit, ratio }
}

impl Limit {
    /// The limit in words.
    pub fn words(self) -> String {
        match self {
            AtMost(must, stretch) => format!("<= {must} ({stretch})"),
            AtLeast(must, stretch) => format!(">= {must} ({stretch})"),
            Peer(Some(stretch)) => format!("peer ({stretch})"),
            Peer(None) => "peer".into(),
        }
    }

    /// A verdict stands only where all passes lie on the same side.
    pub fn verdict(self, ratios: &[f64]) -> &'static str {
        let all = |holds: &dyn Fn(f64) -> bool| ratios.iter().all(|ratio| holds(*ratio));
        let (met, missed, better) = match self {
            AtMost(must, stretch) => (all(&|r| r <= must), all(&|r| r > must), all(&|r| r <= stretch)),
            AtLeast(must, stretch) => (all(&|r| r >= must), all(&|r| r < must), all(&|r| r >= stretch)),
            Peer(Some(stretch)) if all(&|r| r <= stretch) => return "stretch met; peer not in this run",
            Peer(_) => return "peer not in this run",
        };
        match (ratios.is_empty(), better, met, missed) {
            (true, ..) => "not measured",
            (_, true, ..) => "stretch met",
            (_, _, true, _) => "met",
            (.., true) => "MISSED",
            _ => "open: passes disagree",
        }
    }
}
