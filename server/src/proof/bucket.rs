//! The archive as an object store with retention (S3 object lock): what was put cannot be changed or removed before its time,
//! not by this server, not by whoever has its credentials, and in compliance mode not by the store's owner either.
//!
//! Addresses are signed with `rusty-s3`; what the lock needs (`x-amz-object-lock-*`, the body's SHA-256) is part of what is
//! signed, which is why the usual store abstractions, that add headers after signing, do not do.

use super::archive::WormSink;
use crate::config::BucketPlace;
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use reqwest::{Client, Method, Response, StatusCode, Url, redirect};
use rusty_s3::{Bucket as Place, Credentials, S3Action, UrlStyle, actions::ListObjectsV2};
use sha2::{Digest, Sha256};
use std::{future::Future, io, thread, time::Duration};

/// What is kept is kept so long: security rows and invoices alike.
pub const YEARS: i64 = 7;
/// How long one request may take, and how long its signature is good.
const LIMIT: Duration = Duration::from_secs(30);
/// Largest answer that is read: a stretch of the log and more.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A bucket with object lock.
pub struct Bucket {
    place: Place,
    credentials: Credentials,
    /// Before every name; empty, or with a `/` at its end.
    prefix: String,
    client: Client,
}

impl Bucket {
    /// Opens it; nothing is asked of the store yet.
    ///
    /// # Errors
    /// Names a setting that does not do.
    pub fn open(at: &BucketPlace) -> anyhow::Result<Self> {
        let place = Place::new(at.endpoint.clone(), UrlStyle::Path, at.bucket.clone(), at.region.clone())?;
        let (key, secret) = at.secret.read()?;
        // A redirection would take signed headers elsewhere.
        let client = Client::builder()
            .tls_backend_preconfigured(crate::outbound::tls()?)
            .redirect(redirect::Policy::none())
            .timeout(LIMIT)
            .no_proxy()
            // Each request has a runtime of its own, which a kept connection would outlive.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { place, credentials: Credentials::new(key, (*secret).clone()), prefix: at.prefix.clone(), client })
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    async fn place(&self, name: &str, bytes: &[u8]) -> io::Result<StatusCode> {
        let until = Timestamp::now() + jiff::SignedDuration::from_hours(YEARS * 366 * 24);
        let headers = [
            // Never a second version under the same name.
            ("if-none-match", "*".to_owned()),
            ("x-amz-checksum-sha256", BASE64_STANDARD.encode(Sha256::digest(bytes))),
            ("x-amz-object-lock-mode", "COMPLIANCE".to_owned()),
            ("x-amz-object-lock-retain-until-date", until.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ];
        let key = self.key(name);
        let mut action = self.place.put_object(Some(&self.credentials), &key);
        headers.iter().for_each(|(name, value)| action.headers_mut().insert(*name, value.as_str()));
        let mut request = self.client.request(Method::PUT, action.sign(LIMIT)).body(bytes.to_vec());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        Ok(request.send().await.map_err(away)?.status())
    }

    async fn read(&self, url: Url) -> io::Result<Vec<u8>> {
        let answer = self.client.get(url).send().await.map_err(away)?;
        match answer.status() {
            StatusCode::OK => body(answer).await,
            StatusCode::NOT_FOUND => Err(io::ErrorKind::NotFound.into()),
            status => Err(refused(status)),
        }
    }

    async fn page(&self, folder: &str, after: Option<String>) -> io::Result<(Vec<String>, Option<String>)> {
        let mut action = self.place.list_objects_v2(Some(&self.credentials));
        action.with_prefix(self.key(&format!("{folder}/")));
        action.with_delimiter("/");
        if let Some(after) = after {
            action.with_continuation_token(after);
        }
        let text = String::from_utf8(self.read(action.sign(LIMIT)).await?).map_err(io::Error::other)?;
        let page = ListObjectsV2::parse_response(&text).map_err(io::Error::other)?;
        let own = |key: &str| key.strip_prefix(&self.prefix).map(str::to_owned);
        let names = page.contents.iter().filter_map(|object| own(&object.key)).collect();
        Ok((names, page.next_continuation_token))
    }

    async fn all(&self, folder: &str) -> io::Result<Vec<String>> {
        let (mut names, mut after) = self.page(folder, None).await?;
        while after.is_some() {
            let (more, next) = self.page(folder, after).await?;
            names.extend(more);
            after = next;
        }
        names.sort();
        Ok(names)
    }
}

impl WormSink for Bucket {
    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match apart(self.place(name, bytes))? {
            StatusCode::OK => Ok(()),
            // There already: the same is well, other bytes are not.
            StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT if self.get(name)? == bytes => Ok(()),
            StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT => Err(io::ErrorKind::AlreadyExists.into()),
            status => Err(refused(status)),
        }
    }

    fn get(&self, name: &str) -> io::Result<Vec<u8>> {
        let key = self.key(name);
        apart(self.read(self.place.get_object(Some(&self.credentials), &key).sign(LIMIT)))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        apart(self.all(folder))
    }
}

/// The address carries a signature, so nothing of it is said.
fn away(error: reqwest::Error) -> io::Error {
    io::Error::other(format!("the object store cannot be reached: {}", error.without_url()))
}

fn refused(status: StatusCode) -> io::Error {
    io::Error::other(format!("the object store answered {status}"))
}

async fn body(mut answer: Response) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(away)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > MOST_BYTES {
            return Err(io::Error::other("the object store's answer is too long"));
        }
    }
    Ok(bytes)
}

/// Waits for the store on a thread of its own: sinks are asked from where waiting is allowed, be that a task or not.
fn apart<T: Send>(work: impl Future<Output = io::Result<T>> + Send) -> io::Result<T> {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work);
    thread::scope(|scope| scope.spawn(run).join()).map_err(|_| io::Error::other("the object store's thread ended"))?
}
