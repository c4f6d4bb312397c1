//! A request's body, read by a thread that may wait for it: a few pieces are in hand at any time, never the whole.

use std::{
    future::Future,
    io::{self, Cursor, Read},
};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    http::StatusCode,
};
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::{http::answers::HttpProblem, problem::Problem};

/// The largest list that is priced, in bytes: some ten million recipients.
pub(super) const LIST_BYTES_MAX: u64 = 1 << 30;
/// The largest list that is sent to, in bytes: more than the most rows of a campaign take.
pub(super) const CAMPAIGN_BYTES_MAX: u64 = 256 << 20;
/// So much of a list is waited for before anything is done with it: most lists are there then, and none that comes slowly
/// takes a place from others before that.
const AHEAD_BYTES: usize = 256 << 10;
/// Pieces that wait to be read.
const PIECES_MAX: usize = 4;

/// A list of which the first part is there.
pub(super) struct Begun {
    ahead: Vec<u8>,
    /// What is still to come; none: nothing is.
    rest: Option<BodyDataStream>,
}

impl Begun {
    /// Waits for the first part.
    pub(super) async fn of(body: Body) -> Result<Begun, HttpProblem> {
        let mut pieces = body.into_data_stream();
        let mut ahead = Vec::new();
        while ahead.len() < AHEAD_BYTES {
            let Some(piece) = pieces.next().await else { return Ok(Begun { ahead, rest: None }) };
            // Copied: a piece of one byte may keep a whole buffer.
            ahead.extend_from_slice(&piece.map_err(|error| broken_off(&error.to_string()))?);
        }
        Ok(Begun { ahead, rest: Some(pieces) })
    }

    /// Whether this is all of it.
    pub(super) const fn is_whole(&self) -> bool {
        self.rest.is_none()
    }

    /// The reading end, and what has to run for anything more to come out of it.
    pub(super) fn read(self, bytes_max: u64) -> (BodyReader, impl Future<Output = ()> + Send) {
        let (sender, pieces) = channel(PIECES_MAX);
        let read = self.ahead.len() as u64;
        let reader = BodyReader { pieces, piece: self.ahead.into(), ended: false };
        (reader, feed(self.rest, read, bytes_max, sender))
    }
}

/// The reading end.
pub(super) struct BodyReader {
    pieces: Receiver<io::Result<Option<Bytes>>>,
    piece: Bytes,
    ended: bool,
}

/// That the body has ended is said: a feed that is only gone was given up half way, because its caller is gone.
async fn feed(
    rest: Option<BodyDataStream>,
    mut read: u64,
    bytes_max: u64,
    sender: Sender<io::Result<Option<Bytes>>>,
) {
    let mut pieces = stream::iter(rest).flatten();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| io::Error::new(io::ErrorKind::ConnectionAborted, error));
        let piece = piece.and_then(|piece| {
            read += piece.len() as u64;
            if read > bytes_max { Err(io::Error::from(io::ErrorKind::FileTooLarge)) } else { Ok(Some(piece)) }
        });
        let broken = piece.is_err();
        // Or nobody wants any more of it: it was refused.
        if sender.send(piece).await.is_err() || broken {
            return;
        }
    }
    let _ = sender.send(Ok(None)).await;
}

/// The same bytes, if they do not begin as what no list is: nothing is unpacked here, where anybody may send anything.
pub(super) fn as_text(mut reader: BodyReader) -> Result<impl Read + Send, HttpProblem> {
    let mut head = Vec::new();
    (&mut reader).take(4).read_to_end(&mut head).map_err(|error| broken_off(&error.to_string()))?;
    let marks: [&[u8]; 5] = [b"\xFF\xFE", b"\xFE\xFF", b"\x1F\x8B", b"PK\x03\x04", b"\xD0\xCF\x11\xE0"];
    if marks.iter().any(|mark| head.starts_with(mark)) {
        let message = "this is packed, a spreadsheet's own file or UTF-16; send the list as plain UTF-8";
        let problem = Problem::new("unsupported-media-type", message);
        return Err(HttpProblem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem));
    }
    Ok(Cursor::new(head).chain(reader))
}

/// Why a list was not read to its end.
pub(super) fn refused(error: &io::Error, bytes_max: u64) -> HttpProblem {
    if error.kind() == io::ErrorKind::FileTooLarge {
        let message = format!("the list is larger than {bytes_max} bytes; send it in parts");
        return HttpProblem::new(StatusCode::PAYLOAD_TOO_LARGE, Problem::new("body-too-large", message));
    }
    broken_off(&error.to_string())
}

/// A list of which the rest did not come.
pub(super) fn broken_off(why: &str) -> HttpProblem {
    let message = format!("the list did not arrive to its end: {why}");
    HttpProblem::new(StatusCode::BAD_REQUEST, Problem::new("incomplete-body", message))
}

impl Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !self.ended {
            match self.pieces.blocking_recv().transpose()? {
                Some(Some(piece)) => self.piece = piece,
                Some(None) => self.ended = true,
                None => return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "its sender is gone")),
            }
        }
        let count = self.piece.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), self.piece.get(..count)) {
            to.copy_from_slice(from);
        }
        self.piece = self.piece.split_off(count);
        Ok(count)
    }
}
