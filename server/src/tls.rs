//! TLS of our own: certificate and key from files, read again when they change; 1.2 and 1.3, HTTP/2 where the browser likes it.

use crate::config::TlsFiles;
use anyhow::{Context, Result, anyhow};
use axum::{
    Router,
    extract::Request,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::{TLS12, TLS13},
};
use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::sync::watch;

/// How often the files are looked at.
pub const LOOK: Duration = Duration::from_secs(30);

/// What new connections are greeted with: the newest certificate that could be read.
#[derive(Clone)]
pub struct Current(watch::Receiver<Arc<ServerConfig>>);

/// Replaces the certificate.
pub struct Reload {
    files: TlsFiles,
    seen: Seen,
    current: watch::Sender<Arc<ServerConfig>>,
}

/// When the files were last written.
type Seen = [Option<SystemTime>; 2];

impl Current {
    /// The settings of the next connection.
    #[must_use]
    pub fn get(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.borrow())
    }
}

/// Reads certificate and key.
///
/// # Errors
/// Files that cannot be read, are no PEM, or do not belong together.
pub fn open(files: &TlsFiles) -> Result<(Current, Reload)> {
    let (current, heard) = watch::channel(read(files)?);
    Ok((Current(heard), Reload { files: files.clone(), seen: seen(files), current }))
}

impl Reload {
    /// Looks at the files every so often, and at once when `asked`, until `shutdown` comes. What cannot be read is logged, and
    /// the certificate there was stays.
    pub async fn run(mut self, every: Duration, mut asked: watch::Receiver<u32>, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let called = tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(every) => false,
                Ok(()) = asked.changed() => true,
            };
            let now = seen(&self.files);
            if called || now != self.seen {
                self.seen = now;
                self.again();
            }
        }
    }

    fn again(&self) {
        match read(&self.files) {
            Ok(config) => {
                self.current.send_replace(config);
                tracing::info!("the certificate was read again");
            }
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the certificate cannot be read; the one before it stays"
                );
            }
        }
    }
}

fn seen(files: &TlsFiles) -> Seen {
    [&files.cert, &files.key].map(|path| fs::metadata(path).and_then(|about| about.modified()).ok())
}

/// The certificates of a file, the server's own first.
///
/// # Errors
/// A file that cannot be read or holds none.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let named = || format!("SHEARLINE_TLS_CERT: {}", path.display());
    let text = fs::read(path).with_context(named)?;
    let chain = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| anyhow!("{error}")).with_context(named)?;
    anyhow::ensure!(!chain.is_empty(), "{} holds no certificate (it must be PEM)", named());
    Ok(chain)
}

fn read(files: &TlsFiles) -> Result<Arc<ServerConfig>> {
    let chain = certificates(&files.cert)?;
    let named = || format!("SHEARLINE_TLS_KEY: {}", files.key.display());
    let text = zeroize::Zeroizing::new(fs::read(&files.key).with_context(named)?);
    let key = PrivateKeyDer::from_pem_slice(&text).map_err(|error| anyhow!("{error}")).with_context(named)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("SHEARLINE_TLS_CERT and SHEARLINE_TLS_KEY do not belong together")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // All we speak is strong; scanners want to see that the order is ours.
    config.ignore_client_order = true;
    config.ticketer = ring::Ticketer::new()?;
    Ok(Arc::new(config))
}

/// What answers plain HTTP: the way to https, and nothing else.
pub fn redirect(public_url: &str) -> Router {
    let public_url: Arc<str> = public_url.into();
    let headers = crate::layers::headers::Fixed::new(None);
    Router::new()
        .fallback(move |request: Request| {
            let public_url = Arc::clone(&public_url);
            async move { lead(&public_url, &request) }
        })
        .layer(axum::middleware::from_fn_with_state(headers, crate::layers::headers::add))
}

fn lead(public_url: &str, request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")], "Use https.").into_response();
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    match axum::http::HeaderValue::from_str(&format!("{public_url}{path}")) {
        Ok(to) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
