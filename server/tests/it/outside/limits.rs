//! Requests by address; sizes, times and odd paths.

use crate::{
    app::{self, TestApp, Who},
    harness,
};
use domain::Role;
use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Asks until it is told to wait: how many answers came before, and that answer.
async fn until_full(app: &TestApp, headers: &[(&str, &str)]) -> (u32, app::Answer) {
    for passed in 0..400 {
        let answer = app.send("GET", "/.well-known/none", headers, b"").await;
        if answer.status == 429 {
            return (passed, answer);
        }
        assert_eq!(answer.status, 404);
    }
    panic!("400 requests were answered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_37_the_241st_request_is_told_when_to_come_back() {
    let mut app = app::serve_with(harness::fresh().await, &[]).await;
    let begun = Instant::now();
    let spoofed = [("accept", "text/html"), ("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=203.0.113.9")];
    let (passed, refused) = until_full(&app, &spoofed).await;
    let come_back = u32::try_from(begun.elapsed().as_millis() / 250).unwrap() + 1;
    assert!((240..=240 + come_back).contains(&passed), "{passed} passed");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(refused.body.contains("<h1") && refused.body.contains("Too many requests"), "{}", refused.body);
    for other in ["198.51.100.1", "198.51.100.2", "198.51.100.3"] {
        let answer = app.send("GET", "/", &[("x-forwarded-for", other), ("x-real-ip", other)], b"").await;
        assert_eq!(answer.status, 429, "a header nobody vouches for changed who asks");
    }
    let script = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];
    let script = app.send("POST", "/fn/desk/list_clients", &script, b"").await;
    assert_eq!((script.status, script.body.as_str()), (429, "\"TooMany\""), "a script of ours reads it too");
    for (path, status) in [("/healthz", 200), ("/readyz", 200), ("/pkg/office.a1.js", 200)] {
        assert_eq!(app.get(&Who::default(), path).await.status, status, "{path} costs nothing");
    }
    app.from = Ipv4Addr::new(127, 0, 8, 1);
    assert_eq!(app.get(&Who::default(), "/sign-in").await.status, 200, "somebody else is not kept waiting");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_37_behind_a_trusted_proxy_each_client_has_its_own_limit() {
    let settings = [("SHEARLINE_TRUSTED_PROXIES", "127.0.0.0/8"), ("SHEARLINE_REQUESTS_A_MINUTE", "12")];
    let app = app::serve_with(harness::fresh().await, &settings).await;
    let (passed, _) = until_full(&app, &[("x-forwarded-for", "6.6.6.6, 203.0.113.9")]).await;
    assert!((12..=13).contains(&passed), "{passed}");
    let again = app.send("GET", "/sign-in", &[("x-forwarded-for", "7.7.7.7, 203.0.113.9")], b"").await;
    assert_eq!(again.status, 429, "what the client wrote itself counts for nothing");
    let other = app.send("GET", "/sign-in", &[("x-forwarded-for", "203.0.113.10")], b"").await;
    assert_eq!(other.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_61_what_is_too_large_is_refused_with_words() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    let ours = [("cookie", owner.cookie.as_str()), ("sec-fetch-site", "same-origin"), ("accept", "text/html")];
    let (million, two) = (vec![b'x'; 1024 * 1024], vec![b'x'; 2 * 1024 * 1024]);
    for (path, body, status) in [
        ("/fn/desk/list_clients", [&million[..], b"x"].concat(), 413),
        ("/sign-in", [&million[..], b"x"].concat(), 413),
        ("/p/none", [&million[..], b"x"].concat(), 413),
        ("/fn/portal/sign_document", [&two[..], b"x"].concat(), 413),
        ("/fn/desk/sign_in_person", [&two[..], b"x"].concat(), 413),
    ] {
        let answer = app.send("POST", path, &ours, &body).await;
        assert_eq!(answer.status, status, "{path} with {} bytes", body.len());
        assert!(answer.body.contains("more than a form may hold") && answer.body.contains("<h1"), "{}", answer.body);
    }
    for (path, body) in [("/fn/desk/list_clients", &million), ("/fn/portal/sign_document", &two)] {
        assert_ne!(app.send("POST", path, &ours, body).await.status, 413, "{path} with {} bytes", body.len());
    }
    let long = "x".repeat(17_000);
    let answer = app.send("GET", "/", &[("cookie", &long), ("accept", "text/html")], b"").await;
    assert_eq!((answer.status, answer.header("x-frame-options")), (431, "DENY"));
    let answer = app.send("GET", &format!("/search?q={}", &long[..5000]), &ours, b"").await;
    assert_eq!(answer.status, 414);
    // A body that does not say how long it is.
    let chunks = [&b"100001\r\n"[..], &million, b"x\r\n0\r\n\r\n"].concat();
    let mut stream = TcpStream::connect(app.addr).await.unwrap();
    let head = "POST /sign-in HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\nsec-fetch-site: same-origin\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let _ = stream.write_all(&chunks).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.starts_with(b"HTTP/1.1 413"), "{:?}", String::from_utf8_lossy(&answer[..answer.len().min(60)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_61_odd_paths_name_nothing() {
    let app = app::start().await;
    let owner = app.staff(Role::Owner).await;
    for path in [
        "/%00",
        "/clients/%00",
        "/search?q=%00",
        "/clients/..",
        "/clients/%2e%2e/audit",
        "/clients%2faudit",
        "//evil.example",
        "/clients%5c..",
        "/%ff",
        "/%zz",
        "/clients/%0d%0aset-cookie:%20a=b",
    ] {
        let answer = app.get(&owner, path).await;
        assert_eq!((answer.status, answer.header("location"), answer.header("set-cookie")), (404, "", ""), "{path}");
    }
    for method in ["TRACE", "CONNECT", "PROPFIND"] {
        let status = app.send(method, "/", &[("cookie", &owner.cookie)], b"").await.status;
        assert!(matches!(status, 400 | 403 | 404 | 405), "{method}: {status}");
    }
}

/// A server without pages, whose patience is short.
async fn impatient(bounds: server::listen::Bounds) -> std::net::SocketAddr {
    use axum::{Router, routing::get};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let app = Router::new().route("/", get(|| async { "here" }));
    let way = server::listen::Way { bounds, ..server::listen::Way::open() };
    tokio::spawn(server::listen::serve(listener, app, way, std::future::pending()));
    addr
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_61_a_head_that_never_ends_is_not_waited_for() {
    let bounds = server::listen::Bounds { head: Duration::from_millis(300), ..Default::default() };
    let addr = impatient(bounds).await;
    for written in [&b""[..], b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\n"] {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(written).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(!String::from_utf8_lossy(&answer).contains("here"));
        assert!(begun.elapsed() < Duration::from_secs(3), "{written:?} was waited for {:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_61_one_address_cannot_take_every_connection() {
    let addr = impatient(server::listen::Bounds { from_one: 5, ..Default::default() }).await;
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(TcpStream::connect(addr).await.unwrap());
    }
    let ask = async |mut stream: TcpStream| {
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer.contains("here")
    };
    assert!(!ask(TcpStream::connect(addr).await.unwrap()).await, "the sixth was answered");
    let other = tokio::net::TcpSocket::new_v4().unwrap();
    other.bind("127.0.9.9:0".parse().unwrap()).unwrap();
    assert!(ask(other.connect(addr).await.unwrap()).await, "somebody else was not");
    assert!(ask(held.pop().unwrap()).await, "one of the five was not");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(ask(TcpStream::connect(addr).await.unwrap()).await, "a place that was left is free again");
}
