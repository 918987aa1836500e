//! So many requests from one address, and fewer to what is worth guessing at.
//!
//! An address is the peer's, or the one a trusted proxy vouches for; of IPv6 the network of 64 bits that one customer gets.
//! Memory is bounded because addresses share 65 536 places, told apart by a hash nobody outside can steer.

use super::{
    context::{Site, client_ip},
    notice::Notice,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use gate::AppError;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::DefaultKeyedStateStore,
};
use std::{
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    time::Duration,
};

type Limiter<C> =
    RateLimiter<u16, DefaultKeyedStateStore<u16>, C, governor::middleware::NoOpMiddleware<<C as Clock>::Instant>>;

/// What the limits below are written for; other settings change them in proportion.
const USUAL: u32 = 240;

/// Requests that are worth guessing with: method (or any), beginning of the path, how many in how long.
const STRICT: [(Option<Method>, &str, u32, Duration); 11] = [
    (Some(Method::POST), "/fn/office/sign_in", 60, Duration::from_secs(60)),
    (Some(Method::POST), "/fn/office/sign_up", 20, Duration::from_secs(3600)),
    (Some(Method::POST), "/fn/office/forgot_password", 20, Duration::from_secs(3600)),
    (Some(Method::POST), "/fn/office/reset_password", 20, Duration::from_secs(3600)),
    (Some(Method::POST), "/fn/office/confirm", 60, Duration::from_secs(60)),
    (Some(Method::POST), "/fn/office/find_device", 30, Duration::from_secs(60)),
    (Some(Method::POST), "/oauth/token", 60, Duration::from_secs(60)),
    (Some(Method::POST), "/oauth/revoke", 60, Duration::from_secs(60)),
    (Some(Method::POST), "/oauth/device_authorization", 60, Duration::from_secs(3600)),
    (None, "/p/", 60, Duration::from_secs(60)),
    (None, "/invite/", 60, Duration::from_secs(60)),
];

/// What was asked lately, by whom.
pub struct Limits<C: Clock = DefaultClock> {
    all: Limiter<C>,
    strict: Vec<Limiter<C>>,
    places: RandomState,
    clock: C,
}

impl Limits {
    /// So many requests a minute from one address.
    #[must_use]
    pub fn new(a_minute: NonZeroU32) -> Self {
        Self::with_clock(a_minute, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Limits<C> {
    /// The same by another clock.
    pub fn with_clock(a_minute: NonZeroU32, clock: C) -> Self {
        let limiter = |most: u32, per: Duration| {
            let most = u64::from(most) * u64::from(a_minute.get()) / u64::from(USUAL);
            let most = NonZeroU32::new(u32::try_from(most).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::with_period(per / most.get()).unwrap_or(Quota::per_second(NonZeroU32::MAX));
            RateLimiter::new(quota.allow_burst(most), DefaultKeyedStateStore::default(), clock.clone())
        };
        Self {
            all: limiter(USUAL, Duration::from_secs(60)),
            strict: STRICT.iter().map(|(_, _, most, per)| limiter(*most, *per)).collect(),
            places: RandomState::new(),
            clock,
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// How long to wait.
    fn count(&self, ip: Option<IpAddr>, method: &Method, path: &str) -> Result<(), Duration> {
        let place = self.place(ip);
        let strict = STRICT
            .iter()
            .zip(&self.strict)
            .filter(|((of, under, _, _), _)| of.as_ref().is_none_or(|of| of == method) && path.starts_with(under));
        for limiter in std::iter::once(&self.all).chain(strict.map(|(_, limiter)| limiter)) {
            if let Err(full) = limiter.check_key(&place) {
                return Err(full.wait_time_from(self.clock.now()));
            }
        }
        Ok(())
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low bits of a hash are as good as any")]
    fn place(&self, ip: Option<IpAddr>) -> u16 {
        self.places.hash_one(ip.map(customer)) as u16
    }
}

/// The part of an address that stands for one customer.
fn customer(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX))),
        four => four,
    }
}

/// Whether a path costs nothing: files, and what watches over the server.
fn free(path: &str) -> bool {
    let file = matches!(path, "/favicon.svg" | "/manifest.webmanifest" | "/robots.txt");
    file || ["/pkg/", "/fonts/"].iter().any(|under| path.starts_with(under)) || matches!(path, "/healthz" | "/readyz")
}

/// Lets through what is within the limits.
pub async fn limit(State(site): State<Site>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if free(path) {
        return next.run(request).await;
    }
    let ip = client_ip(peer, request.headers(), &site.trusted_proxies);
    match site.limits.count(ip, request.method(), path) {
        Ok(()) => next.run(request).await,
        Err(wait) => too_many(wait, &request, &site),
    }
}

fn too_many(wait: Duration, request: &Request, site: &Site) -> Response {
    let seconds = wait.as_secs() + 1;
    let words = match seconds {
        1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    };
    let mut response = Notice {
        status: StatusCode::TOO_MANY_REQUESTS,
        title: "Too many requests",
        text: format!(
            "More came from your connection than one office sends. Wait {words}, then go back and try again."
        )
        .into(),
        error: AppError::TooMany,
    }
    .answer(request, &site.entries);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

#[cfg(test)]
mod tests;
