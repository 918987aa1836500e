//! Our own TLS, the plain port beside it, and what is refused to be served without either.

use axum::{Router, body::Body, http::Request, routing::get};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{
    ClientConfig, ProtocolVersion, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use server::{
    config::{Config, TlsFiles},
    listen, tls,
};
use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::TlsConnector;

/// A certificate for `localhost` in a folder of its own.
struct Papers {
    folder: PathBuf,
    files: TlsFiles,
}

impl Papers {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("shearline-tls-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&folder).unwrap();
        let files = TlsFiles { cert: folder.join("cert.pem"), key: folder.join("key.pem") };
        let papers = Self { folder, files };
        papers.write();
        papers
    }

    /// Puts a fresh certificate there.
    fn write(&self) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(&self.files.cert, made.cert.pem()).unwrap();
        fs::write(&self.files.key, made.signing_key.serialize_pem()).unwrap();
        made.cert.der().clone()
    }

    fn certificate(&self) -> CertificateDer<'static> {
        tls::certificates(&self.files.cert).unwrap().remove(0)
    }
}

impl Drop for Papers {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A server that says over which protocol it was asked; the sender makes it look at its certificate again.
async fn serve(papers: &Papers) -> (SocketAddr, watch::Sender<u32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (current, reload) = tls::open(&papers.files).unwrap();
    let (ask, asked) = watch::channel(0);
    tokio::spawn(reload.run(Duration::from_millis(100), asked, std::future::pending()));
    let app = Router::new().route("/", get(|request: Request<Body>| async move { format!("{:?}", request.version()) }));
    let way = listen::Way { tls: Some(current), ..listen::Way::open() };
    tokio::spawn(listen::serve(listener, app, way, std::future::pending()));
    (addr, ask)
}

type Stream = tokio_rustls::client::TlsStream<TcpStream>;

/// Shakes hands as a client that trusts one certificate and knows these protocols.
async fn shake(addr: SocketAddr, trusted: &CertificateDer<'static>, alpn: &str) -> std::io::Result<Stream> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let stream = TcpStream::connect(addr).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_51_tls_speaks_1_3_and_http_2() {
    let papers = Papers::new();
    let (addr, _ask) = serve(&papers).await;
    let stream = shake(addr, &papers.certificate(), "h2").await.unwrap();
    let agreed = stream.get_ref().1;
    assert_eq!((agreed.protocol_version(), agreed.alpn_protocol()), (Some(ProtocolVersion::TLSv1_3), Some(&b"h2"[..])));
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get("https://localhost/").body(Empty::<axum::body::Bytes>::new()).unwrap();
    let answer = sender.send_request(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
    assert_eq!(answer, "HTTP/2.0");
    let mut stream = shake(addr, &papers.certificate(), "http/1.1").await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    assert!(answer.ends_with("HTTP/1.1") && answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// A client's first message, as `version` with these cipher suites; what the server answers first: kind of record, and of an
/// alert its code.
async fn greeted(addr: SocketAddr, version: u16, suites: &[u16]) -> (u8, u8) {
    let extension = |kind: u16, data: &[u8]| {
        [&kind.to_be_bytes()[..], &u16::try_from(data.len()).unwrap().to_be_bytes(), data].concat()
    };
    let extensions =
        [extension(10, &[0, 4, 0, 29, 0, 23]), extension(11, &[1, 0]), extension(13, &[0, 4, 4, 3, 8, 4])].concat();
    let suites: Vec<u8> = suites.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    let length = |data: &[u8]| u16::try_from(data.len()).unwrap().to_be_bytes();
    let hello = [
        &version.to_be_bytes()[..],
        &[7; 32],
        &[0],
        &length(&suites),
        &suites,
        &[1, 0],
        &length(&extensions),
        &extensions,
    ]
    .concat();
    let message = [&[1, 0], &length(&hello)[..], &hello].concat();
    let record = [&[22, 3, 1], &length(&message)[..], &message].concat();
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(&record).await.unwrap();
    let mut answer = [0; 7];
    stream.read_exact(&mut answer).await.unwrap();
    (answer[0], answer[6])
}

const HANDSHAKE: u8 = 22;
const ALERT: u8 = 21;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_51_tls_1_1_and_1_0_are_refused() {
    let papers = Papers::new();
    let (addr, _ask) = serve(&papers).await;
    let any = [0xc02b, 0xc009, 0xc013, 0x002f];
    assert_eq!(
        greeted(addr, 0x0303, &any).await.0,
        HANDSHAKE,
        "1.2 is spoken, so the rest of this test means something"
    );
    for old in [0x0302, 0x0301, 0x0300] {
        assert_eq!(greeted(addr, old, &any).await, (ALERT, 70), "{old:#x} must be told `protocol version`");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_52_only_suites_that_authenticate_are_spoken() {
    let papers = Papers::new();
    let (addr, _ask) = serve(&papers).await;
    for aead in [0xc02b, 0xc02c, 0xcca9] {
        assert_eq!(greeted(addr, 0x0303, &[aead]).await.0, HANDSHAKE, "{aead:#x}");
    }
    // CBC, RC4, 3DES, export, null, and RSA key exchange.
    for weak in
        [0xc009, 0xc00a, 0xc023, 0xc024, 0xc013, 0xc007, 0xc008, 0xc006, 0x002f, 0x0035, 0x009c, 0x000a, 0x0005, 0x0003]
    {
        assert_eq!(greeted(addr, 0x0303, &[weak]).await.0, ALERT, "{weak:#x}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_51_a_renewed_certificate_is_taken_up_while_it_runs() {
    let papers = Papers::new();
    let (addr, ask) = serve(&papers).await;
    let old = papers.certificate();
    assert!(shake(addr, &old, "h2").await.is_ok());
    fs::write(&papers.files.cert, "half a file").unwrap();
    ask.send_replace(1);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(shake(addr, &old, "h2").await.is_ok(), "a file that cannot be read keeps the old one");
    let new = papers.write();
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while shake(addr, &new, "h2").await.is_err() {
        assert!(std::time::Instant::now() < deadline, "the new certificate was not taken up");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(shake(addr, &old, "h2").await.is_err(), "the old one is still shown");
}

#[test]
fn row_51_certificates_that_cannot_be_used_are_named() {
    let (papers, other) = (Papers::new(), Papers::new());
    let fault = |cert: &PathBuf, key: &PathBuf| match tls::open(&TlsFiles { cert: cert.clone(), key: key.clone() }) {
        Ok(_) => panic!("{} was taken", cert.display()),
        Err(error) => format!("{error:#}"),
    };
    let none = papers.folder.join("none.pem");
    for (said, part) in [
        (fault(&papers.files.cert, &other.files.key), "do not belong together"),
        (fault(&none, &papers.files.key), "SHEARLINE_TLS_CERT"),
        (fault(&papers.files.cert, &none), "SHEARLINE_TLS_KEY"),
        (fault(&papers.files.key, &papers.files.key), "holds no certificate"),
        (fault(&papers.files.cert, &papers.files.cert), "SHEARLINE_TLS_KEY"),
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_54_the_plain_port_only_leads_to_https() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(listen::serve(
        listener,
        tls::redirect("https://shop.example.org"),
        listen::Way::open(),
        std::future::pending(),
    ));
    let ask = async |method: &str, path: &str| {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: evil.example\r\ncookie: session=x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer.to_lowercase()
    };
    for path in
        ["/", "/jobs?status=open", "/fn/desk/list_clients", "/p/x", "/healthz", "/pkg/office.a1.js", "//evil.example"]
    {
        for method in ["GET", "HEAD"] {
            let answer = ask(method, path).await;
            assert!(answer.starts_with("http/1.1 301"), "{answer}");
            assert!(answer.contains(&format!("\r\nlocation: https://shop.example.org{path}\r\n")), "{answer}");
            assert!(answer.contains("x-frame-options: deny") && !answer.contains("strict-transport"), "{answer}");
            assert!(!answer.contains("set-cookie"), "{answer}");
        }
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
            let answer = ask(method, path).await;
            assert!(answer.starts_with("http/1.1 405") && !answer.contains("location:"), "{method} {path}: {answer}");
        }
    }
}

fn config(settings: &[(&str, &str)]) -> anyhow::Result<Config> {
    let settings = settings.to_vec();
    Config::from_sources(&std::env::temp_dir(), |name| {
        settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn row_54_nothing_is_served_to_others_in_the_clear() {
    let tls = [("SHEARLINE_TLS_CERT", "/c.pem"), ("SHEARLINE_TLS_KEY", "/k.pem")];
    let proxy = [("SHEARLINE_TRUSTED_PROXIES", "10.0.0.1")];
    for (addr, more, may) in [
        ("127.0.0.1:3000", &[][..], true),
        ("[::1]:3000", &[], true),
        ("0.0.0.0:3000", &[], false),
        ("[::]:3000", &[], false),
        ("192.168.1.5:80", &[], false),
        ("192.168.1.5:443", &tls, true),
        ("0.0.0.0:3000", &proxy, true),
    ] {
        let settings = [&[("SHEARLINE_ADDR", addr)], more].concat();
        let outcome = config(&settings).unwrap().may_serve();
        assert_eq!(outcome.is_ok(), may, "{addr} with {more:?}");
        if let Err(error) = outcome {
            let said = error.to_string();
            assert!(
                said.contains(addr) && said.contains("unencrypted") && said.contains("SHEARLINE_TLS_CERT"),
                "{said}"
            );
        }
    }
    let behind = config(&[("SHEARLINE_ADDR", "0.0.0.0:3000"), proxy[0]]).unwrap();
    for (peer, may) in
        [("10.0.0.1", true), ("127.0.0.1", true), ("::1", true), ("10.0.0.2", false), ("203.0.113.1", false)]
    {
        assert_eq!(behind.admits(peer.parse().unwrap()), may, "past the proxy comes {peer}");
    }
    assert!(config(&tls).unwrap().admits("203.0.113.1".parse().unwrap()));
}

#[test]
fn row_54_the_binary_refuses_to_start_in_the_clear() {
    let folder = std::env::temp_dir().join(format!("shearline-clear-{}", uuid::Uuid::now_v7()));
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_shearline"))
        .arg("serve")
        .env("SHEARLINE_DATA", &folder)
        .env("SHEARLINE_ADDR", "0.0.0.0:0")
        .output()
        .expect("run");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(!run.status.success() && said.contains("passwords would travel unencrypted"), "{said}");
    let _ = fs::remove_dir_all(folder);
}

#[test]
fn settings_of_the_outside_explain_their_mistakes() {
    for (settings, part) in [
        (&[("SHEARLINE_TLS_CERT", "/c.pem")][..], "SHEARLINE_TLS_KEY must be too"),
        (&[("SHEARLINE_TLS_KEY", "/k.pem")], "SHEARLINE_TLS_CERT must be too"),
        (&[("SHEARLINE_REDIRECT_ADDR", "0.0.0.0:80")], "no TLS to lead to"),
        (&[("SHEARLINE_HSTS", "perhaps")], "preload, subdomains or host"),
        (&[("SHEARLINE_REQUESTS_A_MINUTE", "0")], "1 or more"),
        (&[("SHEARLINE_SECURITY_CONTACT", "security@shop.example")], "mailto:"),
    ] {
        let said = format!("{:#}", config(settings).expect_err("was taken"));
        assert!(said.contains(part), "{said}");
    }
    let tls = [("SHEARLINE_TLS_CERT", "/c.pem"), ("SHEARLINE_TLS_KEY", "/k.pem"), ("SHEARLINE_ADDR", "0.0.0.0:443")];
    let config = config(&tls).unwrap();
    assert_eq!((config.public_url.as_str(), config.redirect), ("https://0.0.0.0", "0.0.0.0:80".parse().ok()));
}

#[test]
fn row_53_browsers_are_told_to_insist_on_https() {
    for (said, expected) in [
        (None, "max-age=63072000; includeSubDomains; preload"),
        (Some("subdomains"), "max-age=63072000; includeSubDomains"),
        (Some("host"), "max-age=63072000"),
    ] {
        let mut settings = vec![("SHEARLINE_PUBLIC_URL", "https://shop.example.org")];
        settings.extend(said.map(|said| ("SHEARLINE_HSTS", said)));
        assert_eq!(config(&settings).unwrap().hsts, Some(expected));
    }
    assert_eq!(config(&[]).unwrap().hsts, None, "plain HTTP must not say it (RFC 6797, 7.2)");
}
