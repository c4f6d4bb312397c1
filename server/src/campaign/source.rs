//! A list's bytes, whatever they are wrapped in: gzip and UTF-16 are recognised by how they begin, not by a file's name.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use flate2::bufread::MultiGzDecoder;

use super::utf16::Utf16Reader;
use crate::problem::Problem;

/// Bytes that are read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// A list that is open.
pub struct Source {
    /// Its bytes, unpacked, in UTF-8 or in a code page.
    pub bytes: Box<dyn Read + Send>,
    /// How many bytes there are as it lies on the disk; `None` for a pipe.
    pub len: Option<u64>,
    /// How many of those have been read.
    pub read: Arc<AtomicU64>,
    /// What it was wrapped in, for people: `gzip`, `UTF-16`.
    pub wrapped: Vec<&'static str>,
}

impl Source {
    /// Opens a file; `-` is standard input.
    ///
    /// # Errors
    ///
    /// `unreadable-list` when there is no such file; `not-a-list` for a spreadsheet's own format.
    pub fn open(path: &Path) -> Result<Source, Problem> {
        let unreadable = |error: io::Error| {
            Problem::new("unreadable-list", format!("cannot read the list {}: {error}", path.display()))
        };
        if path.as_os_str() == "-" {
            return Source::of(Box::new(io::stdin()), None).map_err(unreadable)?;
        }
        let file = File::open(path).map_err(unreadable)?;
        let meta = file.metadata().map_err(unreadable)?;
        if meta.is_dir() {
            return Err(Problem::new(
                "unreadable-list",
                format!("{} is a folder, not a list", path.display()),
            ));
        }
        Source::of(Box::new(file), meta.is_file().then_some(meta.len())).map_err(unreadable)?
    }

    /// Unwraps what comes from somewhere.
    fn of(raw: Box<dyn Read + Send>, len: Option<u64>) -> io::Result<Result<Source, Problem>> {
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted { raw, read: Arc::clone(&read) };
        let mut wrapped = Vec::new();
        let mut bytes = Peeked::new(Box::new(counted))?;
        if bytes.starts_with(b"\x1F\x8B") {
            wrapped.push("gzip");
            bytes = Peeked::new(Box::new(MultiGzDecoder::new(bytes.reader)))?;
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            let message =
                "this is a spreadsheet's own file (or an archive), not a list; save it as CSV and try that";
            return Ok(Err(Problem::new("not-a-list", message)));
        }
        for (mark, big_endian) in [(b"\xFF\xFE", false), (b"\xFE\xFF", true)] {
            if bytes.starts_with(mark) {
                wrapped.push("UTF-16");
                let reader = Utf16Reader::new(bytes.reader, big_endian);
                return Ok(Ok(Source { bytes: Box::new(reader), len, read, wrapped }));
            }
        }
        Ok(Ok(Source { bytes: Box::new(bytes.reader), len, read, wrapped }))
    }
}

/// Bytes whose beginning has been looked at.
struct Peeked {
    reader: BufReader<Box<dyn Read + Send>>,
}

impl Peeked {
    fn new(raw: Box<dyn Read + Send>) -> io::Result<Peeked> {
        let mut reader = BufReader::with_capacity(BUFFER_BYTES, raw);
        // A pipe may give one byte at first; four are in hand then as a rule, and a list of fewer is in no wrapping.
        reader.fill_buf()?;
        Ok(Peeked { reader })
    }

    fn starts_with(&self, mark: &[u8]) -> bool {
        self.reader.buffer().starts_with(mark)
    }
}

struct Counted {
    raw: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.raw.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
