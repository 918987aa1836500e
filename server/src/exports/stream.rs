//! Bytes that are still being made while the first of them are under way. At most two pieces wait; when the reader is gone,
//! the making ends.

use axum::body::{Body, Bytes};
use hyper::body::Frame;
use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::mpsc;

/// Where the pieces go.
#[derive(Clone)]
pub struct Out(mpsc::Sender<io::Result<Bytes>>);

struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

impl Out {
    /// The next piece.
    ///
    /// # Errors
    /// The reader is gone.
    pub async fn send(&self, piece: impl Into<Bytes>) -> gate::Result<()> {
        let piece = piece.into();
        if piece.is_empty() {
            return Ok(());
        }
        self.0.send(Ok(piece)).await.map_err(|_| gate::AppError::Call)
    }
}

/// A body that is made by this. When the making fails, the connection breaks off: a file that ends early must not look whole.
pub fn body<F: Future<Output = gate::Result<()>> + Send + 'static>(making: impl FnOnce(Out) -> F) -> Body {
    let (sender, receiver) = mpsc::channel(2);
    let making = making(Out(sender.clone()));
    tokio::spawn(async move {
        if let Err(error) = making.await {
            tracing::warn!(%error, "an export ended early");
            let _ = sender.send(Err(io::Error::other("ended early"))).await;
        }
    });
    Body::new(Pieces(receiver))
}
