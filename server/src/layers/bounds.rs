//! What a request may look like and how much it may bring: paths that mean one thing, heads and bodies of a size, in time.

use super::{context::Site, notice::Notice};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use gate::AppError;
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// Bytes of names and values a request's head may have in all.
const HEAD: usize = 16 * 1024;
/// Bytes of a path with its query.
const ADDRESS: usize = 4 * 1024;
/// Bytes a body may have.
const BODY: usize = 1024 * 1024;
/// The same where a signature is drawn: 600 kB of strokes, URL-encoded.
const SIGNATURE: usize = 2 * 1024 * 1024;
/// Functions that take one.
const SIGNING: [&str; 2] = ["/fn/desk/sign_in_person", "/fn/portal/sign_document"];
/// How long the next piece of a body may take.
const PIECE: Duration = Duration::from_secs(15);
/// How long a whole body may take: a signature from a cellar, at 30 kB a second.
const WHOLE: Duration = Duration::from_secs(90);

/// Refuses what is too large or too slow; what comes after finds the body whole.
pub async fn keep(State(site): State<Site>, request: Request, next: Next) -> Response {
    let refuse = |status, title, text: &'static str, request: &Request| {
        Notice { status, title, text: text.into(), error: AppError::Call }.answer(request, &site.entries)
    };
    if head(request.headers()) > HEAD {
        let text = "Your browser sent more about itself than we read. Delete the cookies of this site and try again.";
        return refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Too much in the request's head", text, &request);
    }
    if request.uri().path_and_query().is_some_and(|address| address.as_str().len() > ADDRESS) {
        return refuse(StatusCode::URI_TOO_LONG, "The address is too long", "Search for less at once.", &request);
    }
    // Photos are read where it is known who sends them.
    if crate::attachments::takes(&request) {
        return next.run(request).await;
    }
    let most = if SIGNING.contains(&request.uri().path()) { SIGNATURE } else { BODY };
    let (parts, body) = request.into_parts();
    let read = match announced(&parts.headers) {
        Some(length) if length > most => Err(Stopped::TooMuch),
        _ => whole(body, most).await,
    };
    let (bytes, stopped) = match read {
        Ok(bytes) => (bytes, None),
        Err(stopped) => (Bytes::new(), Some(stopped)),
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    match stopped {
        None => next.run(request).await,
        Some(Stopped::TooMuch) => {
            refuse(StatusCode::PAYLOAD_TOO_LARGE, "Too much at once", "That is more than a form may hold.", &request)
        }
        Some(Stopped::TooSlow) => {
            let text = "The rest of what you sent did not come. Check the connection and send it again.";
            refuse(StatusCode::REQUEST_TIMEOUT, "It did not get through", text, &request)
        }
    }
}

/// Why a body was not read to its end.
#[derive(Debug)]
enum Stopped {
    TooMuch,
    TooSlow,
}

async fn whole(mut body: Body, most: usize) -> Result<Bytes, Stopped> {
    let end = Instant::now() + WHOLE;
    let mut read = Vec::new();
    loop {
        let piece = timeout_at(end, timeout(PIECE, body.frame())).await;
        match piece.map_err(|_| Stopped::TooSlow)?.map_err(|_| Stopped::TooSlow)? {
            None => return Ok(read.into()),
            // The connection broke: nobody hears the answer.
            Some(Err(_)) => return Err(Stopped::TooSlow),
            Some(Ok(frame)) => {
                let data = frame.into_data().unwrap_or_default();
                if read.len() + data.len() > most {
                    return Err(Stopped::TooMuch);
                }
                read.extend_from_slice(&data);
            }
        }
    }
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn head(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// Whether an address means nothing we serve: it holds what PostgreSQL's text cannot, leads upwards, or can be read in two ways.
#[must_use]
pub fn odd(request: &Request) -> bool {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    let lower = path.to_ascii_lowercase();
    let hidden = ["%00", "%2e", "%2f", "%5c", "\\", "//"].iter().any(|part| lower.contains(part));
    let upwards = path.split('/').any(|segment| matches!(segment, "." | ".."));
    let method = matches!(*request.method(), Method::CONNECT | Method::TRACE);
    hidden || upwards || method || controls(&lower) || query.contains("%00") || !decodes(path)
}

/// Whether an escaped control character stands in it.
fn controls(lower: &str) -> bool {
    lower.split('%').skip(1).any(|after| after.starts_with(['0', '1']) || after.starts_with("7f"))
}

/// Whether every escape is one, and what they stand for is text.
fn decodes(path: &str) -> bool {
    let mut bytes = path.bytes();
    let mut text = Vec::with_capacity(path.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            text.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let (Some(high), Some(low)) = (digit(bytes.next()), digit(bytes.next())) else { return false };
        text.push(u8::try_from(high * 16 + low).unwrap_or_default());
    }
    std::str::from_utf8(&text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_61_odd_addresses_mean_nothing() {
        for (address, expected) in [
            ("/", false),
            ("/clients/0193", false),
            ("/templates/caf%C3%A9%20one", false),
            ("/search?q=100%25", false),
            ("/search?q=..%2F..", false),
            ("/%00", true),
            ("/search?q=%00", true),
            ("/a%0d%0aset-cookie:x", true),
            ("/a%7F", true),
            ("/../etc/passwd", true),
            ("/%2e%2E/etc", true),
            ("/a%2fb", true),
            ("/a%5Cb", true),
            ("//evil.example", true),
            ("/%zz", true),
            ("/%f", true),
            ("/%ff", true),
        ] {
            let request = Request::builder().uri(address).body(Body::empty()).unwrap();
            assert_eq!(odd(&request), expected, "{address}");
        }
    }
}
