//! The server under test and the browsers that speak to it.

use crate::harness::{self, TestDb};
use server::{assets::Assets, config::Config, listen, router};
use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU8, Ordering},
    },
};
use store::{Db, Token};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket},
};
use uuid::Uuid;

static NEXT_ADDRESS: AtomicU8 = AtomicU8::new(2);

/// A running server.
pub struct TestApp {
    /// Its database and the people in it.
    pub on: TestDb,
    /// Where it listens.
    pub addr: SocketAddr,
    /// Rate limits count by address, so each server's visitors have one of their own.
    pub from: Ipv4Addr,
    /// Where the administration listens, when the settings name an address for it.
    pub admin: Option<SocketAddr>,
}

/// Whose cookies a request carries.
#[derive(Clone, Debug, Default)]
pub struct Who {
    /// The `Cookie` header, empty for none.
    pub cookie: String,
    /// The shop of the pages this person has open.
    pub shop: String,
}

/// What the server said.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header lines, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body as text.
    pub body: String,
    /// Body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The first header of that name, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }
}

/// Starts a server on a fresh copy of both shops.
pub async fn start() -> TestApp {
    serve(harness::fresh().await).await
}

/// Starts a server on this database, for tests that send more than one person would.
pub async fn serve(on: TestDb) -> TestApp {
    serve_with(on, &[("SHEARLINE_REQUESTS_A_MINUTE", "1000000")]).await
}

/// Starts a server on this database with these settings.
pub async fn serve_with(on: TestDb, settings: &[(&str, &str)]) -> TestApp {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("address");
    let config = Config::from_sources(&harness::cluster::scratch(), |name| match name {
        "SHEARLINE_ADDR" => Some(addr.to_string()),
        "SHEARLINE_SITE" => Some(SITE.display().to_string()),
        _ => settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
    })
    .expect("config");
    let assets = Assets::load(&SITE).expect("assets");
    let db: Db = on.db.clone();
    let admin = match server::admin::router(&db, &config, &assets) {
        Some(app) => {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let addr = listener.local_addr().expect("address");
            tokio::spawn(listen::serve(listener, app, listen::Way::this_machine(), std::future::pending()));
            Some(addr)
        }
        None => None,
    };
    tokio::spawn(async move { router::serve(listener, db, Arc::new(config), assets, std::future::pending()).await });
    let last = NEXT_ADDRESS.fetch_add(1, Ordering::Relaxed);
    TestApp { on, addr, from: Ipv4Addr::new(127, 0, 7, last), admin }
}

/// A small built site, so that these tests need no browser build.
pub static SITE: LazyLock<PathBuf> = LazyLock::new(|| {
    let site = harness::cluster::scratch().join("site");
    fs::create_dir_all(site.join("pkg")).expect("site");
    fs::create_dir_all(site.join("fonts")).expect("site");
    for (name, text) in [
        (
            "assets.json",
            r#"{"office":{"js":"/pkg/office.a1.js","wasm":"/pkg/office.a1.wasm"},"portal":{"js":"/pkg/portal.a1.js","wasm":"/pkg/portal.a1.wasm"},"style":"/pkg/main.a1.css","portal_style":"/pkg/portal.a1.css","files":{}}"#,
        ),
        ("pkg/office.a1.js", "export default 1"),
        ("pkg/main.a1.css", "body{}"),
        ("verify.html", "<!doctype html><title>Is this genuine?</title>"),
        ("robots.txt", include_str!("../../../public/robots.txt")),
    ] {
        fs::write(site.join(name), text).expect("site file");
    }
    site
});

impl TestApp {
    /// A signed-in person of shop A.
    pub async fn staff(&self, role: domain::Role) -> Who {
        self.session(&self.on.crowd.a, self.on.crowd.a.people[&role]).await
    }

    /// The owner of the rival shop.
    pub async fn rival(&self) -> Who {
        self.session(&self.on.crowd.b, self.on.crowd.b.people[&domain::Role::Owner]).await
    }

    /// A fresh session.
    pub async fn session(&self, shop: &harness::Shop, person: domain::ids::PersonId) -> Who {
        let (token, _) = shop.session(&self.on.db, person).await;
        Who { cookie: format!("session={}", token.reveal()), shop: shop.id.to_string() }
    }

    /// A client of shop A who came by the portal link.
    pub async fn client(&self, n: usize) -> Who {
        let (token, _): (Token, _) = self.on.crowd.a.visitor(&self.on.db, n).await;
        Who { cookie: format!("portal={}", token.reveal()), shop: self.on.crowd.a.id.to_string() }
    }

    /// A client of the rival shop.
    pub async fn rivals_client(&self) -> Who {
        let (token, _): (Token, _) = self.on.crowd.b.visitor(&self.on.db, 0).await;
        Who { cookie: format!("portal={}", token.reveal()), shop: self.on.crowd.b.id.to_string() }
    }

    /// `GET`, as a browser asks for a page.
    pub async fn get(&self, who: &Who, path: &str) -> Answer {
        self.send("GET", path, &[("cookie", &who.cookie), ("accept", "text/html")], b"").await
    }

    /// `POST` of a form, as a script of ours sends it.
    pub async fn post(&self, who: &Who, path: &str, form: &[(String, String)]) -> Answer {
        self.form(who, path, form, "application/json").await
    }

    /// `POST` of a form, as a browser without script sends it.
    pub async fn plain(&self, who: &Who, path: &str, form: &[(String, String)]) -> Answer {
        self.form(who, path, form, "text/html").await
    }

    async fn form(&self, who: &Who, path: &str, form: &[(String, String)], accept: &str) -> Answer {
        let body = serde_urlencoded::to_string(form).expect("form");
        let headers = [
            ("cookie", who.cookie.as_str()),
            ("accept", accept),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send("POST", path, &headers, body.as_bytes()).await
    }

    /// One request on a connection of its own.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.send_to(self.addr, &self.addr.to_string(), (method, path), headers, body).await
    }

    /// The same to a listener of this server, by a name.
    pub async fn send_to(
        &self,
        addr: SocketAddr,
        host: &str,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let socket = TcpSocket::new_v4().expect("socket");
        socket.bind(SocketAddr::from((self.from, 0))).expect("bind");
        let mut stream = socket.connect(addr).await.expect("connect");
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            text += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() || method == "POST" {
            text += &format!("content-length: {}\r\n", body.len());
        }
        stream.write_all(format!("{text}\r\n").as_bytes()).await.expect("send");
        // A server may answer and close before it has read all of a body it refuses.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        read(&answer)
    }
}

fn read(bytes: &[u8]) -> Answer {
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no HTTP answer: {:?}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status =
        lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok()).expect("status");
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if chunked { dechunked(&bytes[end + 4..]) } else { bytes[end + 4..].to_vec() };
    Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned(), bytes: body }
}

fn dechunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(line) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(String::from_utf8_lossy(&bytes[..line]).trim(), 16).unwrap_or(0);
        if size == 0 || bytes.len() < line + 2 + size {
            break;
        }
        body.extend(&bytes[line + 2..line + 2 + size]);
        bytes = bytes.get(line + 4 + size..).unwrap_or_default();
    }
    body
}

/// Hidden fields every form sends.
pub fn post_fields(who: &Who, back: &str) -> Vec<(String, String)> {
    let field = |name: &str, value: &str| (format!("post[{name}]"), value.to_owned());
    vec![field("id", &Uuid::now_v7().to_string()), field("shop", &who.shop), field("back", back), field("form", "f")]
}

/// A page about `id` without what differs between two renderings of the same thing: the id, nonce, ticket, and the order in
/// which its data came in, which stand in scripts at its end.
pub fn settled(page: &str, id: &str) -> String {
    let mut parts = page.split("<script");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    let mut data = std::collections::BTreeSet::new();
    for part in parts {
        let (script, after) = part.split_once("</script>").unwrap_or((part, ""));
        data.extend(
            script
                .split("__RESOLVED_RESOURCES[")
                .skip(1)
                .filter_map(|value| value.split_once("] = "))
                .map(|(_, value)| plain(value.trim_end_matches(';'), id)),
        );
        shown += after;
    }
    format!("{}{data:?}", plain(&shown, id))
}

fn plain(page: &str, id: &str) -> String {
    let part_of_a_token = |c: char| c.is_ascii_alphanumeric() || "-_=+/".contains(c);
    let mut out = String::new();
    for piece in page.replace(id, "ID").split_inclusive(|c| !part_of_a_token(c)) {
        let bare = piece.trim_end_matches(|c| !part_of_a_token(c));
        let noise = Uuid::parse_str(bare).is_ok()
            || bare.len() >= 20 && bare.bytes().any(|b| b.is_ascii_digit()) && !bare.starts_with('/');
        out += if noise { "NOISE" } else { piece };
    }
    out
}

/// Names of things → ids of shop A's first client, and of people.
pub fn ids(on: &TestDb) -> BTreeMap<&'static str, Uuid> {
    let a = &on.crowd.a;
    let mut ids = a.clients[0].clone();
    ids.insert("member", a.people[&domain::Role::Technician].uuid());
    // See shop.sql.
    ids.insert("receiver", ids["template"]);
    ids.insert("webhook", ids["template"]);
    ids.insert("portal_link", a.links[0].0.uuid());
    ids
}
