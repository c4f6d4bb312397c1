//! A connection that asks one thing at a time, kept alive. As little HTTP/1.1 as the twin speaks, because every
//! instruction spent here is taken from what is measured: no pipelining, no chunks, no redirects.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The longest answer that is understood.
const ANSWER_BYTES_MAX: usize = 1 << 20;

pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, borrowed from the connection until it asks again.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) head: &'a [u8],
    pub(crate) body: &'a [u8],
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> io::Result<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Client { stream, buffer: vec![0; 16 * 1024] })
    }

    /// Sends a whole request and waits for the whole answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            if filled == self.buffer.len() {
                if filled >= ANSWER_BYTES_MAX {
                    return Err(broken("the answer is too long"));
                }
                self.buffer.resize(filled * 2, 0);
            }
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                return Err(broken("the connection was closed before the answer"));
            }
            filled += read;
            let Some(end) = find(&self.buffer[..filled], b"\r\n\r\n") else { continue };
            let head = end + 4;
            let length = header(&self.buffer[..head], "content-length")
                .and_then(|length| std::str::from_utf8(length).ok()?.parse::<usize>().ok())
                .ok_or_else(|| broken("the answer does not say how long it is"))?;
            if filled >= head + length {
                let (head, rest) = self.buffer.split_at(head);
                let status =
                    head.get(9..12).and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
                let status = status.ok_or_else(|| broken("the answer has no status"))?;
                return Ok(Answer { status, head, body: &rest[..length] });
            }
        }
    }
}

/// A request with a JSON body.
pub(crate) fn post(path: &str, key: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: twin\r\nAuthorization: {key}\r\nContent-Type: application/json\r\n{more}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A header's value, by its name in small letters.
pub(crate) fn header<'a>(head: &'a [u8], name: &str) -> Option<&'a [u8]> {
    head.split(|byte| *byte == b'\n').find_map(|line| {
        let (field, value) = line.split_at_checked(name.len())?;
        let value = value.strip_prefix(b":").filter(|_| field.eq_ignore_ascii_case(name.as_bytes()))?;
        Some(value.trim_ascii())
    })
}

pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn broken(why: &str) -> io::Error {
    io::Error::other(why)
}
