//! A list's bytes, in whatever pieces they come, down to rows: RFC 4180 and what spreadsheets make of it.
//!
//! Any of `,` `;` tab `|` between fields, CR LF, LF or CR between rows, quotes with anything in them, a byte order mark,
//! Excel's `sep=` line. Memory is bounded whatever comes: a row longer than [`ROW_BYTES_MAX`] is passed over and said.

use alloc::{string::String, vec, vec::Vec};

use csv_core::{ReadRecordResult, ReaderBuilder};

use super::{Batch, ListEncoding, ListReading, Status, windows_1252};

/// The longest row that is read, in bytes.
pub const ROW_BYTES_MAX: usize = 1 << 20;
/// The most fields of a row.
pub const FIELDS_MAX: usize = 4_096;
/// So much of a row that is too long is kept, to be recognised by.
const KEPT_BYTES: usize = 200;
/// Bytes that are enough to see what parts the fields.
pub const SNIFFED_BYTES: usize = 64 * 1024;
/// What can part fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows that are looked at to see what parts fields.
const SNIFFED_ROWS: usize = 20;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Cuts a list's bytes into rows.
#[derive(Debug)]
pub struct SheetReader {
    core: csv_core::Reader,
    delimiter: u8,
    byte_order_mark: bool,
    encoding: ListEncoding,
    /// Bytes at the start that belong to no row.
    skip: usize,
    raw: Vec<u8>,
    used: usize,
    ends: Vec<usize>,
    ended: usize,
    line: u64,
    row_line: u64,
    inside: bool,
    too_long: bool,
    fields: Option<usize>,
    blank_rows: u64,
}

impl SheetReader {
    /// A reader for the list that begins with `head`: the first [`SNIFFED_BYTES`], or all of a shorter one. They are only
    /// looked at, and are to be read afterwards.
    #[must_use]
    pub fn of(head: &[u8]) -> SheetReader {
        let marked = head.starts_with(BYTE_ORDER_MARK);
        let mut skip = if marked { BYTE_ORDER_MARK.len() } else { 0 };
        // The last character may go on behind the head.
        let code_page = core::str::from_utf8(head).is_err_and(|error| error.error_len().is_some());
        let byte_order_mark = marked || code_page;
        let body = head.get(skip..).unwrap_or_default();
        let mut lines = 1;
        let delimiter = match separator_line(body) {
            Some((delimiter, len)) => {
                skip += len;
                lines += 1;
                delimiter
            }
            None => sniff(body),
        };
        SheetReader { byte_order_mark, skip, line: lines, ..SheetReader::with(delimiter) }
    }

    /// A reader for a list whose fields are parted by this byte.
    #[must_use]
    pub fn with(delimiter: u8) -> SheetReader {
        SheetReader {
            core: machine(delimiter),
            delimiter,
            byte_order_mark: false,
            encoding: ListEncoding::Auto,
            skip: 0,
            raw: vec![0; 4096],
            used: 0,
            ends: vec![0; 64],
            ended: 0,
            line: 1,
            row_line: 1,
            inside: false,
            too_long: false,
            fields: None,
            blank_rows: 0,
        }
    }

    /// The same list, read as somebody says instead of as it looks.
    #[must_use]
    pub fn read_as(self, reading: ListReading) -> SheetReader {
        let reader = SheetReader { encoding: reading.encoding, ..self };
        let Some(delimiter) = reading.delimiter else { return reader };
        SheetReader { core: machine(delimiter), delimiter, ..reader }
    }

    /// What parts the fields.
    #[must_use]
    pub const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Whether UTF-8 that is written of this list should begin with a byte order mark: the list does, or it is in
    /// Windows-1252 and comes from a spreadsheet that takes what has no mark for that.
    #[must_use]
    pub const fn byte_order_mark(&self) -> bool {
        self.byte_order_mark || matches!(self.encoding, ListEncoding::Windows1252)
    }

    /// Rows that had nothing in any field; they are in no batch. Empty lines are not even counted.
    #[must_use]
    pub const fn blank_rows(&self) -> u64 {
        self.blank_rows
    }

    /// Reads the first row into `batch`, and from then on expects as many fields of every row. Gives back how many bytes
    /// were read. While the batch is empty the row is not at its end yet: it goes on in the next input, or the list is at
    /// its end and [`finish`](SheetReader::finish) gives the row.
    pub fn read_first(&mut self, input: &[u8], batch: &mut Batch) -> usize {
        let read = self.read_rows(input, batch, 1);
        self.fields = batch.row(0).map(|row| row.len());
        read
    }

    /// Reads rows into `batch` until it is full or the input used up; gives back how many bytes were read. A row that is
    /// not at its end yet goes on in the next input.
    pub fn read(&mut self, input: &[u8], batch: &mut Batch) -> usize {
        self.read_rows(input, batch, usize::MAX)
    }

    /// The list is at its end: a last row without a line break is one all the same.
    pub fn finish(&mut self, batch: &mut Batch) {
        while self.inside {
            if self.step(&[], batch).is_none() {
                break;
            }
        }
    }

    fn read_rows(&mut self, input: &[u8], batch: &mut Batch, rows_max: usize) -> usize {
        let mut at = self.skip.min(input.len());
        self.skip -= at;
        let most = batch.len().saturating_add(rows_max);
        while !batch.is_full() && batch.len() < most {
            let rest = input.get(at..).unwrap_or_default();
            match rest.first() {
                None => break,
                Some(b'\n') if !self.inside => {
                    self.line += 1;
                    at += 1;
                }
                Some(b'\r') if !self.inside => at += 1,
                Some(_) => {
                    if !self.inside {
                        self.inside = true;
                        self.row_line = self.line;
                    }
                    at += self.step(rest, batch).unwrap_or_default();
                }
            }
        }
        at
    }

    /// One step of the machine inside a row; `None` when it wants more input than there is.
    fn step(&mut self, rest: &[u8], batch: &mut Batch) -> Option<usize> {
        let raw = self.raw.get_mut(self.used..).unwrap_or_default();
        let ends = self.ends.get_mut(self.ended..).unwrap_or_default();
        let (result, read, wrote, ended) = self.core.read_record(rest, raw, ends);
        self.line +=
            rest.get(..read).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() as u64;
        self.used += wrote;
        self.ended += ended;
        match result {
            ReadRecordResult::OutputFull if self.used < ROW_BYTES_MAX => {
                self.raw.resize(self.raw.len() * 2, 0)
            }
            ReadRecordResult::OutputEndsFull if self.ended < FIELDS_MAX => {
                self.ends.resize(self.ends.len() * 2, 0)
            }
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                // What comes until the end of the row is written over what came before.
                self.too_long = true;
                (self.used, self.ended) = (self.used.min(KEPT_BYTES), 0);
            }
            ReadRecordResult::Record => self.end_row(batch),
            ReadRecordResult::End => {
                self.inside = false;
                return None;
            }
            ReadRecordResult::InputEmpty if rest.is_empty() => return None,
            ReadRecordResult::InputEmpty => {}
        }
        Some(read)
    }

    fn end_row(&mut self, batch: &mut Batch) {
        let (used, ended) = (core::mem::take(&mut self.used), core::mem::take(&mut self.ended));
        self.inside = false;
        if core::mem::take(&mut self.too_long) {
            // What lies behind it is left of other rows.
            let kept = self.raw.get(..used.min(KEPT_BYTES)).unwrap_or_default();
            let kept = String::from_utf8_lossy(kept);
            batch.push_whole(self.row_line, &kept, &[kept.len()], Some(Status::RowTooLong), false);
            return;
        }
        let raw = self.raw.get(..used).unwrap_or_default();
        let mut ends = self.ends.get(..ended).unwrap_or_default();
        if raw.iter().all(|byte| *byte == b' ') {
            self.blank_rows += 1;
            return;
        }
        let mut trouble = None;
        if let Some(fields) = self.fields.filter(|fields| *fields != ends.len()) {
            // Spreadsheets put delimiters behind the last field of a row; what has nothing in it is no field too many.
            match ends.get(..fields) {
                Some(wanted) if wanted.last().copied().unwrap_or(0) == used => ends = wanted,
                _ => trouble = Some(Status::WrongFieldCount),
            }
        }
        let text = core::str::from_utf8(raw).ok();
        let text = text.filter(|text| ends.iter().all(|end| text.is_char_boundary(*end)));
        match (text, self.encoding) {
            (Some(text), ListEncoding::Auto | ListEncoding::Utf8) => {
                batch.push_whole(self.row_line, text, ends, trouble, false);
            }
            (Some(text), ListEncoding::Windows1252) if text.is_ascii() => {
                batch.push_whole(self.row_line, text, ends, trouble, false);
            }
            (None, ListEncoding::Utf8) => {
                let text = String::from_utf8_lossy(raw);
                batch.push_whole(self.row_line, &text, &[text.len()], Some(Status::InvalidUtf8), false);
            }
            (_, encoding) => {
                let (text, ends) = windows_1252::decode(raw, ends);
                batch.push_whole(self.row_line, &text, &ends, trouble, encoding == ListEncoding::Auto);
            }
        }
    }
}

/// What cuts fields and rows. It would leave out a byte order mark that its first bytes begin with, where they come in one
/// piece: whether there is one was seen by [`SheetReader::of`], whatever the pieces. An empty line before them, which is no
/// row, keeps it from looking.
fn machine(delimiter: u8) -> csv_core::Reader {
    let mut core = ReaderBuilder::new().delimiter(delimiter).build();
    core.read_record(b"\n", &mut [0], &mut [0]);
    core
}

/// Excel's first line that names the delimiter, `sep=;`, and its length.
fn separator_line(body: &[u8]) -> Option<(u8, usize)> {
    let (word, rest) = body.split_at_checked(4)?;
    let (delimiter, after) = rest.split_first()?;
    if !word.eq_ignore_ascii_case(b"sep=")
        || !delimiter.is_ascii()
        || matches!(delimiter, b'\r' | b'\n' | b'"')
    {
        return None;
    }
    let breaks: &[&[u8]] = &[b"\r\n", b"\n", b"\r"];
    let line_break = breaks.iter().find(|line_break| after.starts_with(line_break))?;
    Some((*delimiter, 5 + line_break.len()))
}

/// What parts the fields: what gives the most fields in the first row, and as many in the next ones.
fn sniff(body: &[u8]) -> u8 {
    let mut best = (false, 1, b',');
    for delimiter in DELIMITERS {
        let (fields, alike) = looks(body, delimiter);
        if fields > 1 && (alike, fields) > (best.0, best.1) {
            best = (alike, fields, delimiter);
        }
    }
    best.2
}

/// How many fields the first row would have, and whether the next ones have as many.
fn looks(body: &[u8], delimiter: u8) -> (usize, bool) {
    let (mut first, mut alike, mut rows) = (None, true, 0);
    let (mut fields, mut quoted, mut at_start) = (1, false, true);
    for byte in body {
        match byte {
            b'"' if at_start || quoted => {
                // A quote in quotes is two: it closes and opens again.
                quoted = !quoted;
                at_start = false;
            }
            _ if quoted => {}
            b'\r' | b'\n' => {
                if !(at_start && fields == 1) {
                    alike &= *first.get_or_insert(fields) == fields;
                    rows += 1;
                }
                (fields, at_start) = (1, true);
                if rows == SNIFFED_ROWS {
                    break;
                }
            }
            _ if *byte == delimiter => {
                fields += 1;
                at_start = true;
            }
            _ => at_start = false,
        }
    }
    (first.unwrap_or(fields), alike)
}

#[cfg(test)]
mod tests {
    use alloc::{borrow::ToOwned, format, string::ToString};

    use super::*;

    /// All rows, fed in pieces of a size: line, fields, trouble.
    fn rows(bytes: &[u8], piece: usize) -> Vec<(u64, Vec<String>, Option<Status>)> {
        let mut reader = SheetReader::of(bytes);
        let (mut batch, mut found, mut first) = (Batch::new(), Vec::new(), true);
        let mut take = |batch: &mut Batch| {
            found.extend(
                batch
                    .rows()
                    .map(|row| (row.line(), row.fields().map(ToOwned::to_owned).collect(), row.trouble())),
            );
            batch.clear();
        };
        for piece in bytes.chunks(piece) {
            let mut at = 0;
            while at < piece.len() {
                let rest = &piece[at..];
                at += if first { reader.read_first(rest, &mut batch) } else { reader.read(rest, &mut batch) };
                first &= batch.is_empty();
                take(&mut batch);
            }
        }
        reader.finish(&mut batch);
        take(&mut batch);
        found
    }

    #[test]
    fn pieces_make_no_difference_and_lines_are_right() {
        let list =
            "\u{feff}name;to\r\n\r\n\"a\r\nb\";1\r\n;\r\n\"say \"\"hi\"\"\";2;;\nlone\r3;4;5\n\"x;\ny\";6";
        let expected: Vec<(u64, Vec<String>, Option<Status>)> = [
            (1, vec!["name", "to"], None),
            (3, vec!["a\r\nb", "1"], None),
            (6, vec!["say \"hi\"", "2"], None),
            (7, vec!["lone"], Some(Status::WrongFieldCount)),
            (7, vec!["3", "4", "5"], Some(Status::WrongFieldCount)),
            (8, vec!["x;\ny", "6"], None),
        ]
        .into_iter()
        .map(|(line, fields, trouble)| (line, fields.into_iter().map(ToString::to_string).collect(), trouble))
        .collect();
        for piece in [1, 2, 3, 12, 13, 17, 1000] {
            assert_eq!(rows(list.as_bytes(), piece), expected, "{piece}");
        }
    }

    /// The mark is at the list's first byte or none: behind an empty line, or behind another, it is a character.
    #[test]
    fn a_byte_order_mark_elsewhere_is_a_character() {
        for list in ["\n\n\u{feff}a", "\u{feff}\u{feff}a", "\r\u{feff}a\n"] {
            for piece in [1, 2, 4, 1000] {
                let found = rows(list.as_bytes(), piece);
                assert_eq!(found.len(), 1);
                assert_eq!(found[0].1, ["\u{feff}a"], "{list:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn what_parts_fields_is_seen() {
        for (list, delimiter) in [
            ("a,b\n1,2\n", b','),
            ("a;b,c;d\n1;2,3;4\n", b';'),
            ("a\tb\n", b'\t'),
            ("a|b|c\n1|2|3", b'|'),
            ("phone\n1\n", b','),
            ("sep=|\r\na,b|c\r\n", b'|'),
            ("\"last, first\";phone\n\"x, y\";1\n", b';'),
            ("name,\"a;b;c;d\"\n1,2\n", b','),
            ("", b','),
        ] {
            assert_eq!(SheetReader::of(list.as_bytes()).delimiter(), delimiter, "{list}");
        }
        assert_eq!(rows(b"sep=;\na;b\n1;2", 99)[1].0, 3);
    }

    #[test]
    fn rows_that_are_no_utf_8_are_read_as_windows_1252() {
        let found = rows(b"name,to\nJos\xe9,1\n\x93Ren\xc3\xa9\x94\xff,2\nRen\xc3\xa9,3\n\xc3,\xa9\n", 99);
        let names: Vec<&str> = found.iter().map(|row| row.1[0].as_str()).collect();
        assert_eq!(names, ["name", "José", "“RenÃ©”ÿ", "René", "Ã"]);
        assert_eq!(found[4].1[1], "©", "bytes of two fields are not one character");
    }

    #[test]
    fn a_row_without_an_end_is_passed_over_in_bounded_memory() {
        let long =
            format!("a,b\n1,{}\n3,4\n5,\"{}", "x".repeat(3 * ROW_BYTES_MAX), "y\n".repeat(ROW_BYTES_MAX));
        let found = rows(long.as_bytes(), 1 << 16);
        let told: Vec<_> = found.iter().map(|row| (row.0, row.2)).collect();
        let too_long = Some(Status::RowTooLong);
        assert_eq!(told, [(1, None), (2, too_long), (3, None), (4, too_long)]);
        assert!(found[1].1[0].len() <= KEPT_BYTES);
        let fields = rows(format!("a,b\n{}\n1,2", ",x".repeat(100_000)).as_bytes(), 1 << 16);
        assert_eq!(fields.iter().map(|row| row.2).collect::<Vec<_>>(), [None, too_long, None]);
        let fields = rows(format!("secret,other\n{}\n1,2", ",".repeat(5_000)).as_bytes(), 1 << 16);
        assert_eq!(fields[1].1, [""], "nothing of another row");
    }
}
