//! Frames and the fields in them. Reading gives nothing rather than panic; whatever is too long is not read at all.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use uuid::Uuid;
use zeroize::Zeroizing;

/// First byte of every frame.
pub(super) const PROTOCOL: u8 = 1;
/// The longest frame: a search over ten thousand records and more.
pub(super) const LONGEST: usize = 8 * 1024 * 1024;

/// Fields being written. Given room enough, it leaves no copy behind while it grows.
pub(super) struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    pub(super) fn new(kind: u8, room: usize) -> Writer {
        let mut bytes = Zeroizing::new(Vec::with_capacity(room + 512));
        bytes.extend_from_slice(&[PROTOCOL, kind]);
        Writer(bytes)
    }

    pub(super) fn byte(&mut self, byte: u8) -> &mut Writer {
        self.0.push(byte);
        self
    }

    pub(super) fn number(&mut self, number: u32) -> &mut Writer {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    pub(super) fn long(&mut self, number: i64) -> &mut Writer {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    pub(super) fn id(&mut self, id: Uuid) -> &mut Writer {
        self.0.extend_from_slice(id.as_bytes());
        self
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Writer {
        self.number(bytes.len() as u32);
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn done(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

/// Fields being read, front to back.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The kind of a frame and its fields; none for another version.
    pub(super) fn new(frame: &'a [u8]) -> Option<(u8, Reader<'a>)> {
        match frame {
            [PROTOCOL, kind, fields @ ..] => Some((*kind, Reader(fields))),
            _ => None,
        }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }

    pub(super) fn long(&mut self) -> Option<i64> {
        self.take().map(i64::from_be_bytes)
    }

    pub(super) fn id(&mut self) -> Option<Uuid> {
        self.take().map(Uuid::from_bytes)
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn secret(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        self.bytes().map(|bytes| Zeroizing::new(bytes.to_vec()))
    }

    /// A short text: names of tables and columns.
    pub(super) fn name(&mut self) -> Option<String> {
        let bytes = self.bytes().filter(|bytes| bytes.len() <= 200)?;
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    }

    /// Whether everything was read: trailing bytes are no frame of ours.
    pub(super) fn end<T>(self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

/// Sends one frame.
pub(super) async fn send(to: &mut (impl AsyncWrite + Unpin), frame: &[u8]) -> io::Result<()> {
    if frame.len() > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "too long for one frame"));
    }
    to.write_all(&(frame.len() as u32).to_be_bytes()).await?;
    to.write_all(frame).await?;
    to.flush().await
}

/// Receives one frame; none when the other end has closed.
pub(super) async fn receive(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length).await {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    };
    let length = u32::from_be_bytes(length) as usize;
    if length > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the frame is too long"));
    }
    let mut frame = Zeroizing::new(vec![0; length]);
    from.read_exact(&mut frame).await?;
    Ok(Some(frame))
}
