//! Takes connections: so many at most, none that keeps us waiting, encrypted where certificates are named.

use crate::{config::Config, tls::Current};
use anyhow::Result;
use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
};
use std::{
    collections::HashMap,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::Semaphore,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Longest line and header together that are read at all; what is answered properly is shorter (`layers::limit`).
const BUFFER: usize = 64 * 1024;

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at a time; the next one waits.
    pub all: usize,
    /// Connections at a time from one address that is no proxy of ours; the next one is closed.
    pub from_one: usize,
    /// How long TLS may take to agree.
    pub handshake: Duration,
    /// How long the head of a request may take, from the end of the one before.
    pub head: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        // Fewer than the 1024 files a process may usually open, with room for those of the database.
        Self { all: 800, from_one: 200, handshake: Duration::from_secs(10), head: Duration::from_secs(30) }
    }
}

/// Who may connect, and how they are spoken to.
#[derive(Clone)]
pub struct Way {
    /// Certificates, or plain HTTP.
    pub tls: Option<Current>,
    /// Whether this address may connect at all.
    pub admits: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// Whether this address brings many people's requests.
    pub gathers: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// What it may cost.
    pub bounds: Bounds,
}

impl Way {
    /// As the settings want it.
    #[must_use]
    pub fn new(config: &Arc<Config>, tls: Option<Current>) -> Self {
        let (one, other) = (Arc::clone(config), Arc::clone(config));
        Self {
            tls,
            admits: Arc::new(move |ip| one.admits(ip)),
            gathers: Arc::new(move |ip| other.trusted_proxies.iter().any(|net| net.contains(&ip))),
            bounds: Bounds::default(),
        }
    }

    /// For this machine alone, without TLS: what it says does not leave it.
    #[must_use]
    pub fn this_machine() -> Self {
        Self { admits: Arc::new(|ip| ip.is_loopback()), ..Self::open() }
    }

    /// For everybody and without TLS: good for nothing but to lead elsewhere.
    #[must_use]
    pub fn open() -> Self {
        let bounds = Bounds { all: 100, from_one: 20, ..Bounds::default() };
        Self { tls: None, admits: Arc::new(|_| true), gathers: Arc::new(|_| false), bounds }
    }
}

/// Serves until `shutdown` comes, then lets requests under way end.
///
/// # Errors
/// None today: a listener that fails is tried again.
pub async fn serve(listener: TcpListener, app: Router, way: Way, shutdown: impl Future<Output = ()>) -> Result<()> {
    let mut shutdown = pin!(shutdown);
    let places = Arc::new(Semaphore::new(way.bounds.all));
    let crowd = Crowd::default();
    let ending = GracefulShutdown::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, taken) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        let (stream, peer) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                breathe(&error).await;
                continue;
            }
        };
        // A listener for IPv6 reports IPv4 addresses in its own clothes.
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let most = if (way.gathers)(peer.ip()) { usize::MAX } else { way.bounds.from_one };
        let (true, Some(seat)) = ((way.admits)(peer.ip()), crowd.enter(peer.ip(), most)) else { continue };
        let (app, watcher, bounds) = (app.clone(), ending.watcher(), way.bounds);
        let tls = way.tls.as_ref().map(|tls| TlsAcceptor::from(tls.get()));
        tokio::spawn(async move {
            let _held = (place, seat);
            let _ = stream.set_nodelay(true);
            match tls {
                None => talk(stream, true, peer, app, bounds, watcher).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = timeout(bounds.handshake, tls.accept(stream)).await {
                        talk(stream, false, peer, app, bounds, watcher).await;
                    }
                }
            }
        });
    }
    drop(listener);
    ending.shutdown().await;
    Ok(())
}

/// Answers what comes over one connection, in HTTP/1.1 alone where it is plain.
async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    plain: bool,
    peer: SocketAddr,
    app: Router,
    bounds: Bounds,
    watcher: Watcher,
) {
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().oneshot(request)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(bounds.head).max_buf_size(BUFFER);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(100)
        .max_header_list_size(BUFFER as u32)
        .keep_alive_interval(bounds.head)
        .keep_alive_timeout(bounds.handshake);
    let builder = if plain { builder.http1_only() } else { builder };
    // What goes wrong here is the other end's doing, and nobody is left to tell.
    let _ = watcher.watch(builder.serve_connection(TokioIo::new(stream), answer)).await;
}

/// After an error that is this machine's and not one connection's, such as too many open files.
async fn breathe(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection cannot be taken; trying again");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Connections by address, as long as they last.
#[derive(Clone, Default)]
struct Crowd(Arc<Mutex<HashMap<IpAddr, usize>>>);

struct Seat {
    crowd: Crowd,
    ip: IpAddr,
}

impl Crowd {
    fn enter(&self, ip: IpAddr, most: usize) -> Option<Seat> {
        let mut crowd = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = crowd.entry(ip).or_default();
        if *here >= most {
            return None;
        }
        *here += 1;
        Some(Seat { crowd: self.clone(), ip })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut crowd = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = crowd.get_mut(&self.ip) {
            *here -= 1;
            if *here == 0 {
                crowd.remove(&self.ip);
            }
        }
    }
}
