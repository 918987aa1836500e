//! Who is refused, or finds nothing, twenty times within a minute is put on the chain: by whatever door, page or program.
//!
//! Counted here, because the chain holds one refusal a minute of each kind and nothing of what was not there.

use domain::alerts::REFUSALS;
use gate::Request;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::Token;

/// What is counted together.
const WINDOW: Duration = Duration::from_secs(60);

/// Sessions, keys and links that were refused lately.
#[derive(Default)]
pub struct Tries(Mutex<HashMap<String, VecDeque<Instant>>>);

impl Tries {
    /// One more of this one; how many there were when that is too many. Then it is counted anew.
    fn count(&self, who: String, now: Instant) -> Option<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, tries| tries.back().is_some_and(|last| now.duration_since(*last) < WINDOW));
        let tries = all.entry(who.clone()).or_default();
        while tries.front().is_some_and(|first| now.duration_since(*first) >= WINDOW) {
            tries.pop_front();
        }
        tries.push_back(now);
        let count = tries.len();
        (count >= REFUSALS).then(|| all.remove(&who)).map(|_| count)
    }

    /// A request of somebody's was answered with a refusal or with nothing. What must be put down is put down beside the
    /// answer.
    pub fn note(&self, request: &Request, bearer: Option<&Token>) {
        // A hash of what was shown, so that nothing here could be shown again.
        let shown = bearer.or(request.session.as_ref()).or(request.portal.as_ref());
        let Some(times) = shown.and_then(|token| self.count(token.proof("tries"), Instant::now())) else { return };
        let request = request.clone();
        tokio::spawn(async move {
            if let Err(error) = record(&request, times).await {
                tracing::error!(%error, "somebody tries doors, and it could not be put down");
            }
        });
    }
}

async fn record(request: &Request, times: usize) -> store::Result<()> {
    let times = i32::try_from(times).unwrap_or(i32::MAX);
    if let Ok(actor) = request.actor().await {
        return request.db.record_tries(&actor, times).await;
    }
    let visitor = match &request.portal {
        Some(token) => request.db.front_door().resolve_portal(token, request.origin.clone()).await?,
        None => None,
    };
    match visitor {
        Some(visitor) => request.db.record_visitors_tries(&visitor, times).await,
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_77_the_twentieth_within_a_minute_is_told_and_counting_begins_anew() {
        let (tries, start) = (Tries::default(), Instant::now());
        let at = |tries: &Tries, who: &str, ms: u64| tries.count(who.into(), start + Duration::from_millis(ms));
        for n in 0..19 {
            assert_eq!(at(&tries, "a", n * 1000), None);
        }
        assert_eq!(at(&tries, "a", 19_000), Some(20));
        assert_eq!(at(&tries, "a", 19_001), None);
        for n in 2..40 {
            assert_eq!(at(&tries, "b", n * 10_000), None, "slower than twenty a minute");
        }
        assert!(tries.0.lock().unwrap().len() <= 2, "nobody is remembered for longer than it matters");
    }
}
