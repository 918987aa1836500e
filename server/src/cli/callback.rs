//! The one request a browser brings back: the code, or that the person refused.

use anyhow::{Context, Result, bail, ensure};
use reqwest::Url;
use std::{collections::HashMap, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// How long a person may take to answer.
const PATIENCE: Duration = Duration::from_secs(600);
/// How long a browser may take to say what it wants.
const HEAD: Duration = Duration::from_secs(5);

/// Waits for the browser, and gives the code it brings.
///
/// # Errors
/// Refused, too late, or an answer to another question or from another server.
pub async fn wait(listener: &TcpListener, state: &str, issuer: &str) -> Result<String> {
    timeout(PATIENCE, async {
        loop {
            let (mut stream, _) = listener.accept().await?;
            // Whatever else a browser asks for, an icon say, is not the answer.
            match timeout(HEAD, path(&mut stream)).await {
                Ok(Some(path)) if path.starts_with("/callback?") => {
                    let read = read(&path, state, issuer);
                    let words = match &read {
                        Ok(_) => "The command line has your answer. Close this page and go back to it.",
                        Err(_) => "The command line did not take this. Go back to it; it says why.",
                    };
                    say(&mut stream, "200 OK", words).await;
                    return read;
                }
                _ => say(&mut stream, "404 Not Found", "Nothing here.").await,
            }
        }
    })
    .await
    .context("nobody answered in the browser for ten minutes")?
}

fn read(path: &str, state: &str, issuer: &str) -> Result<String> {
    let url = Url::parse("http://127.0.0.1/")
        .and_then(|base| base.join(path))
        .context("the browser's answer cannot be read")?;
    let said: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let of = |name: &str| said.get(name).map_or("", String::as_str);
    ensure!(of("state") == state, "the browser's answer belongs to another question; start again");
    ensure!(of("iss") == issuer, "the browser's answer came from another server");
    match (of("error"), of("code")) {
        ("", "") => bail!("the browser brought no answer"),
        ("", code) => Ok(code.to_owned()),
        ("access_denied", _) => bail!("refused in the browser"),
        (error, _) => bail!("the server refused: {error} {}", of("error_description")),
    }
}

/// The path of a request, once its whole head is there.
async fn path(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut piece).await.ok()?;
        if read == 0 || head.len() > 16 * 1024 {
            return None;
        }
        head.extend_from_slice(&piece[..read]);
    }
    let text = String::from_utf8(head).ok()?;
    let mut line = text.lines().next()?.split(' ');
    (line.next()? == "GET").then_some(line.next()?.to_owned())
}

async fn say(stream: &mut TcpStream, status: &str, words: &str) {
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\ncache-control: no-store\r\nreferrer-policy: no-referrer\r\nconnection: close\r\n\r\n{words}",
        words.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_another_question_or_from_another_server_is_not_taken() {
        let us = "https://shop.example";
        let taken = |path: &str| read(path, "right", us).ok();
        assert_eq!(taken("/callback?code=x&state=right&iss=https%3A%2F%2Fshop.example").as_deref(), Some("x"));
        for path in [
            "/callback?code=x&state=wrong&iss=https%3A%2F%2Fshop.example",
            "/callback?code=x&iss=https%3A%2F%2Fshop.example",
            "/callback?code=x&state=right&iss=https%3A%2F%2Fevil.example",
            "/callback?code=x&state=right",
            "/callback?error=access_denied&code=x&state=right&iss=https%3A%2F%2Fshop.example",
        ] {
            assert_eq!(taken(path), None, "{path}");
        }
    }
}
