//! Whether a wrong password takes as long for an address nobody has as for one somebody has: two hundred tries of each, in
//! turn, their medians, and the Mann–Whitney test of their ranks.

use crate::{
    children::Running,
    ground::{Stocked, connect},
    http::{Line, request},
    people::{email, sign_in_form},
    serial::at,
};
use anyhow::{Result, ensure};
use statrs::stats_tests::{
    Alternative,
    mannwhitneyu::{MannWhitneyUMethod, mannwhitneyu},
};
use std::time::Instant;

const TRIES: usize = 200;
const WRONG: &str = "not-the-password-2026";

/// What was seen.
#[derive(Clone, Copy)]
pub struct Guesses {
    /// Median for owners, in milliseconds.
    pub known: f64,
    /// Median for nobody.
    pub unknown: f64,
    /// How likely such ranks are if there is no difference.
    pub p: f64,
}

impl Guesses {
    /// The larger median over the smaller.
    pub fn apart(self) -> f64 {
        (self.known / self.unknown).max(self.unknown / self.known)
    }
}

/// Tries, first one kind and then the other, in changing order. An owner is tried three times at most before the count of
/// failures is emptied: later tries would have to wait.
pub async fn measure(at_server: &Running, on: &Stocked, owners: usize) -> Result<Guesses> {
    let mut conn = connect(&on.url).await?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for nth in 0..TRIES {
        if nth % (owners * 3) == 0 {
            sqlx::query("delete from auth.sign_in_tries").execute(&mut conn).await?;
        }
        let (owner, nobody) = (email(nth % owners), format!("nobody{nth:03}@bench.example"));
        if nth % 2 == 0 {
            known.push(one(at_server, &owner).await?);
            unknown.push(one(at_server, &nobody).await?);
        } else {
            unknown.push(one(at_server, &nobody).await?);
            known.push(one(at_server, &owner).await?);
        }
    }
    let (_, p) =
        mannwhitneyu(&known, &unknown, MannWhitneyUMethod::AsymptoticInclContinuityCorrection, Alternative::TwoSided)?;
    known.sort_by(f64::total_cmp);
    unknown.sort_by(f64::total_cmp);
    Ok(Guesses { known: at(&known, 0.5), unknown: at(&unknown, 0.5), p })
}

/// One try, on a line of its own that is open before the clock runs.
async fn one(at_server: &Running, email: &str) -> Result<f64> {
    let mut line = Line::open(at_server.addr).await?;
    let form = sign_in_form(email, WRONG);
    let bytes = request("POST", "/fn/office/sign_in", "", &form);
    let began = Instant::now();
    let answer = line.ask(&bytes).await?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    let refused = answer.status == 303 && !answer.head.contains("set-cookie: session=");
    ensure!(refused, "{email}: a wrong password was answered with\n{}", answer.head);
    Ok(took)
}
