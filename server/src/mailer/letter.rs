//! One letter: from text to a message, and from a message to a file.

use anyhow::{Context, Result};
use lettre::{
    Message,
    message::{
        Attachment, Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};
use store::mail::{Attached, Mail};
use uuid::Uuid;

/// Whether this can be the sender of a mail.
///
/// # Errors
/// What is wrong with the address.
pub fn check_sender(text: &str) -> Result<()> {
    text.parse::<Mailbox>()?;
    Ok(())
}

/// The message as it goes over the wire.
///
/// # Errors
/// An address that is none.
pub(super) fn written(sender: &str, mail: &Mail, attached: Option<&Attached>) -> Result<Message> {
    let from: Mailbox = sender.parse().context("sender")?;
    let domain = from.email.domain().to_owned();
    // The address itself stays out of the error, which is logged.
    let to: Mailbox = mail.to.parse().ok().context("the address of the recipient is not one")?;
    // A line break in a subject would begin a header of its own.
    let subject: String = mail.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let builder = Message::builder()
        .from(from)
        .to(to)
        .subject(subject)
        .message_id(Some(format!("<{}@{domain}>", Uuid::now_v7())))
        // RFC 3834: no holiday notes in answer, please.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    let Some(attached) = attached else {
        return Ok(builder.header(ContentType::TEXT_PLAIN).body(readable(&mail.text))?);
    };
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(readable(&mail.text));
    let html = ContentType::parse("text/html; charset=utf-8").context("the kind of a document")?;
    // As bytes: what was signed must not lose a line end on the way.
    let file = Attachment::new(attached.name.clone()).body(attached.html.clone().into_bytes(), html);
    Ok(builder.multipart(MultiPart::mixed().singlepart(text).singlepart(file))?)
}

/// Quoted-printable where the library would choose base64: a mail laid down as a file can still be read.
fn readable(text: &str) -> Body {
    let body = Body::new(text.to_owned());
    match body.encoding() {
        ContentTransferEncoding::Base64 => {
            Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable).unwrap_or(body)
        }
        _ => body,
    }
}

/// Writes a message into the folder, whole or not at all; names sort by time. Only the owner can read it: it may hold a
/// portal link.
///
/// # Errors
/// A folder that cannot be made or written.
pub(super) fn lay_down(folder: &Path, bytes: &[u8]) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let name = Uuid::now_v7();
    let (open, done) = (folder.join(format!(".{name}")), folder.join(format!("{name}.eml")));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&open)
        .and_then(|mut file| file.write_all(bytes));
    written.and_then(|()| fs::rename(&open, &done)).with_context(|| format!("cannot write into {}", folder.display()))
}
