//! One keep-alive connection that speaks just enough HTTP/1.1 to measure with.

use anyhow::{Context, Result, bail, ensure};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicU32, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// Sign-ins are limited by address, so every connection comes from one of its own: 127.1.0.2, 127.1.0.3 …
static NEXT_ADDRESS: AtomicU32 = AtomicU32::new(u32::from_be_bytes([127, 1, 0, 2]));

/// A connection.
pub struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What came back.
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header lines.
    pub head: String,
    /// Body, out of its chunks.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

/// The bytes of a request as a browser sends it, cookie and body if not empty.
pub fn request(method: &str, path: &str, cookie: &str, body: &str) -> Vec<u8> {
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/html\r\nsec-fetch-site: same-origin\r\nuser-agent: bench\r\n"
    );
    if !cookie.is_empty() {
        text += &format!("cookie: {cookie}\r\n");
    }
    if method == "POST" {
        text += &format!("content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n", body.len());
    }
    format!("{text}\r\n{body}").into_bytes()
}

/// A form as our own script sends it: it asks for data, not for a page.
pub fn as_script(path: &str, cookie: &str, form: &str) -> Vec<u8> {
    let page = String::from_utf8_lossy(&request("POST", path, cookie, form)).into_owned();
    page.replacen("accept: text/html", "accept: application/json", 1).into_bytes()
}

/// The same as a program sends it, with its key.
pub fn with_key(path: &str, key: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\nuser-agent: bench\r\n\r\n")
        .into_bytes()
}

impl Line {
    /// Connects.
    pub async fn open(to: SocketAddr) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        let from = Ipv4Addr::from(NEXT_ADDRESS.fetch_add(1, Ordering::Relaxed));
        socket.bind(SocketAddr::from((from, 0)))?;
        let stream = socket.connect(to).await.with_context(|| format!("connecting to {to}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and waits for all of its answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.read[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no HTTP answer")?;
        let body = match header(&head, "content-length") {
            Some(length) => self.whole(end, length.parse()?).await?,
            None if header(&head, "transfer-encoding").is_some() => self.chunks(end).await?,
            None => bail!("an answer of no known length:\n{head}"),
        };
        Ok(Answer { status, head, body })
    }

    async fn more(&mut self) -> Result<()> {
        ensure!(self.stream.read_buf(&mut self.read).await? > 0, "the server hung up");
        Ok(())
    }

    async fn whole(&mut self, from: usize, length: usize) -> Result<Vec<u8>> {
        while self.read.len() < from + length {
            self.more().await?;
        }
        Ok(self.read[from..from + length].to_vec())
    }

    async fn chunks(&mut self, mut at: usize) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(line) = self.read[at..].windows(2).position(|two| two == b"\r\n") {
                    break line;
                }
                self.more().await?;
            };
            let size = usize::from_str_radix(String::from_utf8_lossy(&self.read[at..at + line]).trim(), 16)?;
            let from = at + line + 2;
            while self.read.len() < from + size + 2 {
                self.more().await?;
            }
            body.extend_from_slice(&self.read[from..from + size]);
            at = from + size + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}
