//! A form with files, taken in before its function runs: the files become clean pictures beside the request, the rest a
//! form like any other. Only those who may add photos get their files looked at; everybody else's are read and dropped.
//!
//! One picture is decoded at a time and few bodies are held at once, so that what strangers send cannot take the memory of
//! those who work.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Permission, attachments::MOST_AT_ONCE};
use multer::{Field, Multipart};
use pictures::Refused;
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use store::attachments::{Picture, Received};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout, timeout_at},
};

/// Functions whose forms bring photos.
const TAKING: [&str; 2] = ["/fn/desk/add_photos", "/fn/desk/add_opening_photos"];
/// Bytes of all the words of such a form.
const WORDS: usize = 64 * 1024;
/// Bytes of a whole sending, whatever becomes of it.
const SENDING: usize = (MOST_AT_ONCE + 1) * pictures::MOST_BYTES;
/// How long the next piece may take, and the whole: twelve photos from a van, at 400 kB a second.
const PIECE: Duration = Duration::from_secs(15);
const WHOLE: Duration = Duration::from_secs(15 * 60);
/// The same for what will be dropped.
const UNWANTED: Duration = Duration::from_secs(90);
/// How long a photo may wait for those before it.
const PATIENCE: Duration = Duration::from_secs(60);

static HELD: Semaphore = Semaphore::const_new(8);
static DECODED: Semaphore = Semaphore::const_new(1);

/// Whether this request brings files to a function that takes them; its body is read here and not before.
#[must_use]
pub fn takes(request: &Request) -> bool {
    TAKING.contains(&request.uri().path()) && boundary(request.headers()).is_some()
}

fn boundary(headers: &HeaderMap) -> Option<String> {
    multer::parse_boundary(headers.get(header::CONTENT_TYPE)?.to_str().ok()?).ok()
}

/// Why a sending was not read to its end.
#[derive(Debug)]
enum Stopped {
    Malformed,
    TooMuch,
    TooSlow,
    Busy,
}

impl From<multer::Error> for Stopped {
    fn from(_: multer::Error) -> Self {
        Self::Malformed
    }
}

impl IntoResponse for Stopped {
    fn into_response(self) -> Response {
        let (status, words) = match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "That form did not come whole. Go back and send it again."),
            Self::TooMuch => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "That is more than a form may hold. Go back and send fewer photos at once.",
            ),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "The rest of what you sent did not come. Check the connection and send it again.",
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Many photos are coming in at this moment. Go back and send yours again in a minute.",
            ),
        };
        (status, words).into_response()
    }
}

/// Turns a form with files into one without, and hands its pictures on beside it.
pub async fn receive(request: Request, next: Next) -> Response {
    if !takes(&request) {
        return next.run(request).await;
    }
    let wanted = may_add(request.extensions().get().cloned()).await;
    let (mut parts, body) = request.into_parts();
    let Some(boundary) = boundary(&parts.headers) else { return Stopped::Malformed.into_response() };
    let form = Multipart::new(body.into_data_stream(), boundary);
    let taken = match wanted {
        // Nothing of it is held, so it waits for nobody and keeps nobody waiting.
        false => take(form, None).await,
        true => match timeout(PATIENCE, HELD.acquire()).await {
            Ok(Ok(held)) => take(form, Some(held)).await,
            _ => Err(Stopped::Busy),
        },
    };
    let (form, received) = match taken {
        Ok(taken) => taken,
        Err(stopped) => return stopped.into_response(),
    };
    let form = serde_urlencoded::to_string(form).unwrap_or_default();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(form.len()));
    parts.extensions.insert(Received(Arc::new(received)));
    next.run(Request::from_parts(parts, Body::from(form))).await
}

/// Whether the sender may add photos; the function itself will say why not.
async fn may_add(request: Option<gate::Request>) -> bool {
    let Some(request) = request else { return false };
    match request.actor().await {
        Ok(actor) => !actor.second_step_due && actor.power.allows(Permission::WorkJobs),
        Err(_) => false,
    }
}

type Taken = (Vec<(String, String)>, Vec<Result<Picture, String>>);

/// Reads the form to its end; its files only where there is a place to hold them.
async fn take(mut form: Multipart<'_>, held: Option<SemaphorePermit<'_>>) -> Result<Taken, Stopped> {
    let wanted = held.is_some();
    let end = Instant::now() + if wanted { WHOLE } else { UNWANTED };
    let (mut fields, mut received, mut words, mut all) = (Vec::new(), Vec::new(), 0, 0);
    let mut content = Sha256::new();
    while let Some(field) = in_time(end, form.next_field()).await?? {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_none() {
            let text = read(field, end, WORDS - words, &mut all).await?.ok_or(Stopped::TooMuch)?;
            words += text.len() + name.len();
            if words > WORDS {
                return Err(Stopped::TooMuch);
            }
            fields.push((name, String::from_utf8_lossy(&text).into_owned()));
            continue;
        }
        // A field left empty comes as a file without name and content.
        let unchosen = field.file_name().is_some_and(str::is_empty);
        let most = if wanted && received.len() <= MOST_AT_ONCE { pictures::MOST_BYTES } else { 0 };
        let file = read(field, end, most, &mut all).await?;
        if wanted && !(unchosen && file.as_ref().is_some_and(Vec::is_empty)) {
            content.update(file.as_deref().map(Sha256::digest).unwrap_or_default());
            received.push(picture(file).await?);
        }
    }
    // The same form sent again brings the same files; other files are another form.
    fields.push(("post[content]".into(), content.finalize().iter().map(|byte| format!("{byte:02x}")).collect()));
    Ok((fields, received))
}

async fn in_time<T>(end: Instant, next: impl Future<Output = T>) -> Result<T, Stopped> {
    timeout_at(end, timeout(PIECE, next)).await.map_err(|_| Stopped::TooSlow)?.map_err(|_| Stopped::TooSlow)
}

/// A field's bytes, or nothing when there are more than `most`: then it is read to its end all the same, for the words typed
/// beside it come behind.
async fn read(mut field: Field<'_>, end: Instant, most: usize, all: &mut usize) -> Result<Option<Vec<u8>>, Stopped> {
    let mut kept = Some(Vec::new());
    while let Some(piece) = in_time(end, field.chunk()).await?? {
        *all += piece.len();
        if *all > SENDING {
            return Err(Stopped::TooMuch);
        }
        match &mut kept {
            Some(bytes) if bytes.len() + piece.len() <= most => bytes.extend_from_slice(&piece),
            _ => kept = None,
        }
    }
    Ok(kept)
}

/// What a file comes to: a clean picture, or why not.
async fn picture(file: Option<Vec<u8>>) -> Result<Result<Picture, String>, Stopped> {
    let Some(bytes) = file else { return Ok(Err(Refused::TooManyBytes.to_string())) };
    let Ok(Ok(_turn)) = timeout(PATIENCE, DECODED.acquire()).await else { return Err(Stopped::Busy) };
    // A decoder that panics takes its thread, not us.
    let taken = tokio::task::spawn_blocking(move || pictures::take(&bytes)).await.unwrap_or(Err(Refused::Broken));
    Ok(taken
        .map(|picture| Picture {
            whole: picture.whole,
            small: picture.small,
            width: picture.width,
            height: picture.height,
        })
        .map_err(|refused| refused.to_string()))
}
