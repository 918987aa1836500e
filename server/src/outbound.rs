//! Requests to addresses that other people chose. Where they may go is decided when the connection is made: a name is
//! resolved here, and what it leads to is checked and then used, so that it cannot lead elsewhere in between.

use anyhow::{Context, Result, ensure};
use domain::webhooks::{Address, Reachable};
use ipnet::IpNet;
use nix::ifaddrs::getifaddrs;
use reqwest::{
    Client, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HeaderMap, HeaderValue},
    redirect, retry,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};
use std::{
    error::Error,
    fmt, io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

/// How long a request may take, from the name to the answer's head.
pub const LIMIT: Duration = Duration::from_secs(5);

/// Finds the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> + Send + Sync>;

/// The one client of requests to chosen addresses.
#[derive(Clone)]
pub struct Outbound {
    guard: Guard,
    secure: Client,
    plain: Client,
}

/// Lets connections through to what may be reached, and to nothing else.
#[derive(Clone)]
struct Guard {
    networks: Arc<[IpNet]>,
    lookup: Lookup,
    plain: bool,
}

/// An address that may not be reached.
#[derive(Debug)]
struct Inside;

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address is inside")
    }
}

impl Error for Inside {}

impl Guard {
    fn permits(&self, ip: IpAddr) -> bool {
        reachable(&self.networks).permits(ip, self.plain)
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = (guard.lookup)(name.as_str().to_owned()).await?;
            let open: Vec<_> =
                found.into_iter().filter(|ip| guard.permits(*ip)).map(|ip| SocketAddr::new(ip, 0)).collect();
            if open.is_empty() { Err(Inside.into()) } else { Ok(Box::new(open.into_iter()) as Addrs) }
        })
    }
}

/// What may be reached from here, with the addresses this machine has now.
#[must_use]
pub fn reachable(networks: &[IpNet]) -> Reachable {
    let own = getifaddrs().into_iter().flatten().filter_map(|one| {
        let address = one.address?;
        let four = address.as_sockaddr_in().map(|four| IpAddr::V4(four.ip()));
        four.or_else(|| address.as_sockaddr_in6().map(|six| IpAddr::V6(six.ip())))
    });
    Reachable { networks: networks.iter().map(|net| (net.network(), net.prefix_len())).collect(), own: own.collect() }
}

/// The system's own way to find a name's addresses.
#[must_use]
pub fn system_lookup() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect()) })
    })
}

impl Outbound {
    /// A client that reaches the open internet by https, and these networks by http as well.
    ///
    /// # Errors
    /// A client that cannot be made.
    pub fn new(networks: &[IpNet], lookup: Lookup) -> Result<Self> {
        let guard = Guard { networks: networks.into(), lookup, plain: false };
        let secure = client(&guard)?;
        let plain = client(&Guard { plain: true, ..guard.clone() })?;
        Ok(Self { guard, secure, plain })
    }

    /// Posts a body; gives the status. The answer's body is not read.
    ///
    /// # Errors
    /// Why there was no answer, in words.
    pub async fn post(&self, url: &str, headers: HeaderMap, body: Vec<u8>) -> Result<u16, String> {
        Ok(self.sent(url, headers, body).await?.status().as_u16())
    }

    /// As [`Outbound::post`], and reads the answer's body; none where it is longer than `most` bytes.
    ///
    /// # Errors
    /// Why there was no answer, in words.
    pub async fn exchange(
        &self,
        url: &str,
        headers: HeaderMap,
        body: Vec<u8>,
        most: usize,
    ) -> Result<(u16, Option<Vec<u8>>), String> {
        let mut answer = self.sent(url, headers, body).await?;
        let body = short(&mut answer, most).await.map_err(|error| words(&error, LIMIT))?;
        Ok((answer.status().as_u16(), body))
    }

    async fn sent(&self, url: &str, headers: HeaderMap, body: Vec<u8>) -> Result<Response, String> {
        let address = Address::read(url)?;
        let guard = Guard { plain: address.plain, ..self.guard.clone() };
        let url = Url::parse(url).map_err(|_| "The address cannot be read".to_owned())?;
        // An address in place of a name needs no resolver, and would pass it by.
        let host = url.host_str().unwrap_or_default();
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        if literal.is_ok_and(|ip| !guard.permits(ip)) {
            return Err(words(&Inside, LIMIT));
        }
        let client = if address.plain { &self.plain } else { &self.secure };
        let sent = client.post(url).headers(headers).body(body).send().await;
        sent.map_err(|error| words(&error, LIMIT))
    }
}

/// The body of an answer; none where it is longer than `most` bytes, which are then not read.
pub(crate) async fn short(answer: &mut Response, most: usize) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > most {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// TLS as we ask for it: the authorities that browsers trust.
pub(crate) fn tls() -> Result<ClientConfig> {
    with(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
}

/// TLS that trusts these authorities and no other.
pub(crate) fn tls_of(authorities: &[CertificateDer<'static>]) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for one in authorities {
        roots.add(one.clone())?;
    }
    ensure!(!roots.is_empty(), "there is no authority");
    with(roots)
}

fn with(roots: RootCertStore) -> Result<ClientConfig> {
    Ok(ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn client(guard: &Guard) -> Result<Client> {
    Client::builder()
        .tls_backend_preconfigured(tls()?)
        .https_only(!guard.plain)
        .dns_resolver(guard.clone())
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .referer(false)
        .timeout(LIMIT)
        // A connection is made, and checked, for every request.
        .pool_max_idle_per_host(0)
        .default_headers(HeaderMap::from_iter([(
            reqwest::header::USER_AGENT,
            HeaderValue::from_static("Shearline-Webhooks/1"),
        )]))
        .build()
        .context("the client of webhooks cannot be made")
}

/// Why there was no answer, as the shop reads it.
pub(crate) fn words(error: &(dyn Error + 'static), limit: Duration) -> String {
    let mut causes = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    let any = |test: &dyn Fn(&(dyn Error + 'static)) -> bool| causes.iter().any(|cause| test(*cause));
    if any(&|cause| cause.is::<Inside>()) {
        "Not sent: the address leads inside the server's own network".into()
    } else if any(&|cause| cause.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout)) {
        format!("No answer within {} seconds", limit.as_secs())
    } else if any(&|cause| cause.downcast_ref::<io::Error>().is_some_and(of_tls))
        || any(&|cause| cause.is::<rustls::Error>())
    {
        "Not sent: its certificate is not one to be trusted".into()
    } else if any(&|cause| cause.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect)) {
        "No connection".into()
    } else {
        "No proper answer".into()
    }
}

/// One error of the connection may be wrapped in another.
fn of_tls(error: &io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(|inner| inner.is::<rustls::Error>() || inner.downcast_ref::<io::Error>().is_some_and(of_tls))
}
