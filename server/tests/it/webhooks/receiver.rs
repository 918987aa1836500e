//! A receiver as a shop would write one: a real HTTP server that checks each signature itself and keeps what came.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::hmac;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What it does with a delivery.
#[derive(Clone, Debug)]
pub enum Manner {
    /// Takes it.
    Accept,
    /// Takes it and dies before it has said so.
    Swallow,
    /// Answers this, and takes nothing.
    Answer(u16),
    /// Sends the caller elsewhere.
    SendOn(String),
}

/// A delivery that was taken.
#[derive(Clone)]
struct Taken {
    message: String,
    body: String,
}

#[derive(Default)]
struct State {
    manner: Option<Manner>,
    secret: String,
    taken: Vec<Taken>,
    signatures: usize,
    connections: usize,
}

/// The receiver.
pub struct Receiver {
    addr: SocketAddr,
    state: Arc<Mutex<State>>,
    task: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Starts one that takes everything.
    pub async fn start() -> Self {
        Self::at("127.0.0.1:0").await
    }

    /// Starts one at that address.
    pub async fn at(addr: &str) -> Self {
        let listener = TcpListener::bind(addr).await.expect("a port");
        let addr = listener.local_addr().expect("address");
        let state = Arc::default();
        Self { addr, task: Some(serve(listener, Arc::clone(&state))), state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its address for the shop.
    pub fn url(&self) -> String {
        format!("http://{}/in", self.addr)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// Gives it the secret that was shown.
    pub fn knows(&self, secret: &str) {
        self.state().secret = secret.to_owned();
    }

    /// The secret it was given.
    pub fn secret(&self) -> String {
        self.state().secret.clone()
    }

    /// From now on it does that.
    pub fn does(&self, manner: Manner) {
        self.state().manner = Some(manner);
    }

    /// Nobody listens any more.
    pub fn down(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }

    /// It listens again, where it did.
    pub async fn up(&mut self, manner: Manner) {
        self.does(manner);
        let listener = TcpListener::bind(self.addr).await.expect("its port");
        self.task = Some(serve(listener, Arc::clone(&self.state)));
    }

    /// Forgets what came.
    pub fn forget(&self) {
        self.state().taken.clear();
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> usize {
        self.state().connections
    }

    /// How many signatures the last delivery bore.
    pub fn signatures(&self) -> usize {
        self.state().signatures
    }

    /// All entries that were taken, in order of arrival.
    pub fn entries(&self) -> Vec<Value> {
        let bodies: Vec<Value> =
            self.state().taken.iter().map(|taken| serde_json::from_str(&taken.body).expect("JSON")).collect();
        bodies.iter().flat_map(|body| body["data"]["entries"].as_array().expect("entries").clone()).collect()
    }

    /// Their numbers.
    pub fn sequence(&self) -> Vec<i64> {
        self.entries().iter().map(|entry| entry["seq"].as_i64().expect("seq")).collect()
    }

    /// Their numbers as a receiver counts them that drops what it knows already: by `webhook-id`, whose body must be the same.
    pub fn deduplicated(&self) -> Vec<i64> {
        let mut known = BTreeMap::<String, String>::new();
        let mut all = Vec::new();
        for taken in &self.state().taken {
            match known.insert(taken.message.clone(), taken.body.clone()) {
                Some(before) => assert_eq!(before, taken.body, "one id, two bodies"),
                None => {
                    let body: Value = serde_json::from_str(&taken.body).expect("JSON");
                    let entries = body["data"]["entries"].as_array().expect("entries");
                    all.extend(entries.iter().map(|entry| entry["seq"].as_i64().expect("seq")));
                }
            }
        }
        all
    }

    /// Values of `webhook-id`, in order of arrival.
    pub fn messages(&self) -> Vec<String> {
        self.state().taken.iter().map(|taken| taken.message.clone()).collect()
    }

    /// Everything that came, as text.
    pub fn bodies(&self) -> String {
        self.state().taken.iter().map(|taken| taken.body.clone()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.down();
    }
}

fn serve(listener: TcpListener, state: Arc<Mutex<State>>) -> JoinHandle<()> {
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            state.lock().unwrap_or_else(PoisonError::into_inner).connections += 1;
            let _ = answer(stream, &state).await;
        }
    })
}

async fn answer(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let (headers, body) = read(&mut stream).await?;
    let (head, swallow) = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let manner = state.manner.clone().unwrap_or(Manner::Accept);
        let (status, more) = match &manner {
            Manner::Accept | Manner::Swallow if !signed(&headers, &body, &state.secret) => (401, String::new()),
            Manner::Accept | Manner::Swallow => (204, String::new()),
            Manner::Answer(status) => (*status, String::new()),
            Manner::SendOn(to) => (302, format!("location: {to}\r\n")),
        };
        state.signatures = headers.get("webhook-signature").map_or(0, |all| all.split(' ').count());
        if status == 204 {
            state.taken.push(Taken { message: headers["webhook-id"].clone(), body });
        }
        (format!("HTTP/1.1 {status} .\r\n{more}content-length: 0\r\n\r\n"), matches!(manner, Manner::Swallow))
    };
    if swallow { Ok(()) } else { stream.write_all(head.as_bytes()).await }
}

async fn read(stream: &mut TcpStream) -> std::io::Result<(BTreeMap<String, String>, String)> {
    let mut bytes = Vec::new();
    loop {
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = head {
            let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let headers: BTreeMap<_, _> = text
                .lines()
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect();
            let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return Ok((headers, String::from_utf8_lossy(&bytes[end + 4..]).into_owned()));
            }
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// As the description tells receivers to check it.
fn signed(headers: &BTreeMap<String, String>, body: &str, secret: &str) -> bool {
    let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
    let content = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let given: BTreeSet<_> = header("webhook-signature").split(' ').map(str::to_owned).collect();
    given.iter().any(|one| {
        let bytes = one.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
        hmac::verify(&key, content.as_bytes(), &bytes).is_ok()
    })
}
