//! The priced list, and cells of it that people will open in a spreadsheet: quoted where they must be, and never a formula.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{Columns, Row, RowQuote, Status};

/// The columns that are added to the list's own.
const ADDED: [&str; 6] = ["text", "encoding", "segments", "territory", "status", "price"];
/// What stands before the columns of a row that cannot be sent.
const REASONS: [&str; 3] = ["line", "status", "message"];
/// Spreadsheets write their rows so (RFC 4180).
const ROW_END: &[u8] = b"\r\n";

/// Writes cells into rows.
#[derive(Clone, Copy, Debug)]
struct Cells {
    delimiter: u8,
}

impl Cells {
    /// Cells with this byte between them.
    const fn new(delimiter: u8) -> Cells {
        Cells { delimiter }
    }

    /// Writes one cell, with a delimiter before it unless it is the row's first.
    fn write(&self, cell: &str, first: bool, out: &mut Vec<u8>) {
        if !first {
            out.push(self.delimiter);
        }
        let formula = is_formula(cell);
        let quoted = cell
            .bytes()
            .any(|byte| byte == self.delimiter || matches!(byte, b'"' | b'\r' | b'\n' | b',' | b';' | b'\t'));
        if quoted {
            out.push(b'"');
        }
        if formula {
            out.push(b'\'');
        }
        if quoted && cell.contains('"') {
            for byte in cell.bytes() {
                if byte == b'"' {
                    out.push(b'"');
                }
                out.push(byte);
            }
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
        if quoted {
            out.push(b'"');
        }
    }
}

/// Writes a list with what its rows cost: the list's own columns, then text, encoding, segments, territory, status, price. A
/// name that the list has already gets `textmeter_` in front.
///
/// A row is written in two halves. The first needs nothing but the row and can be written side by side with others; the
/// second is known in the list's order only, when [`Tally::add`](super::Tally::add) has seen the row.
#[derive(Clone, Copy, Debug)]
pub struct PricedList<'a> {
    cells: Cells,
    columns: &'a Columns,
}

impl<'a> PricedList<'a> {
    /// A list of these columns with this byte between its fields.
    #[must_use]
    pub const fn new(columns: &'a Columns, delimiter: u8) -> PricedList<'a> {
        PricedList { cells: Cells::new(delimiter), columns }
    }

    /// Writes the row with the names.
    pub fn write_names(&self, out: &mut Vec<u8>) {
        let added = ADDED.map(|name| self.free(name));
        self.write_row(self.columns.names().chain(added.iter().map(String::as_str)), out);
    }

    /// Writes the first half of a row; `text` is the text as it is sent. A row of more or fewer fields than the list has
    /// columns is cut or filled up.
    pub fn write_row_start(&self, row: &Row<'_>, quote: &RowQuote, text: &str, out: &mut Vec<u8>) {
        for place in 0..self.columns.len() {
            self.cells.write(row.field(place), place == 0, out);
        }
        let read = row.trouble().is_none();
        self.cells.write(text, false, out);
        self.cells.write(if read { quote.encoding.as_str() } else { "" }, false, out);
        self.cells.write(&if read { quote.segments.to_string() } else { String::new() }, false, out);
        let territory = quote.territory();
        self.cells.write(territory.as_ref().map_or("", |territory| territory.as_str()), false, out);
    }

    /// Writes the second half.
    pub fn write_row_end(&self, quote: &RowQuote, out: &mut Vec<u8>) {
        self.cells.write(quote.status.code(), false, out);
        let price = if quote.status == Status::Priced { quote.price.to_string() } else { String::new() };
        self.cells.write(&price, false, out);
        out.extend_from_slice(ROW_END);
    }

    /// Writes the row with the names of the list of rejects: line, status and message, then the list's own columns.
    pub fn write_reject_names(&self, out: &mut Vec<u8>) {
        let reasons = REASONS.map(|name| self.free(name));
        self.write_row(reasons.iter().map(String::as_str).chain(self.columns.names()), out);
    }

    /// Writes a row of the list of rejects, with all the fields it had.
    pub fn write_reject(&self, row: &Row<'_>, quote: &RowQuote, out: &mut Vec<u8>) {
        let line = row.line().to_string();
        let reasons = [line.as_str(), quote.status.code(), quote.status.message()];
        self.write_row(reasons.into_iter().chain(row.fields()), out);
    }

    fn write_row<'c>(&self, cells: impl Iterator<Item = &'c str>, out: &mut Vec<u8>) {
        for (place, cell) in cells.enumerate() {
            self.cells.write(cell, place == 0, out);
        }
        out.extend_from_slice(ROW_END);
    }

    /// A name that no column has yet.
    fn free(&self, name: &str) -> String {
        let taken = self.columns.names().any(|other| other.eq_ignore_ascii_case(name));
        let mut free = String::from(if taken { "textmeter_" } else { "" });
        free.push_str(name);
        free
    }
}

/// Whether a spreadsheet would calculate with a cell (OWASP, CSV injection): such a one gets an apostrophe in front. A phone
/// number begins with `+` and an amount may with `-`: what has only digits and their signs behind it calculates nothing that
/// could harm, and stays as it is.
fn is_formula(cell: &str) -> bool {
    let trimmed = cell.trim_start_matches([' ', '\u{a0}', '\u{feff}']);
    let Some(first) = trimmed.chars().next() else { return false };
    match first {
        '=' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＠' | '＋' | '－' => true,
        '+' | '-' => !trimmed
            .chars()
            .skip(1)
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | '\u{a0}')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(cell: &str) -> String {
        let mut out = Vec::new();
        Cells::new(b';').write(cell, true, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for (given, written) in [
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            (" =1", "' =1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3+cmd", "'-2+3+cmd"),
            ("\t=1", "\"'\t=1\""),
            ("+1 (212) 555-0123", "+1 (212) 555-0123"),
            ("+447400123456", "+447400123456"),
            ("-5.00", "-5.00"),
            ("a=b", "a=b"),
            ("", ""),
            ("x;y", "\"x;y\""),
            ("x,y", "\"x,y\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("＝1", "'＝1"),
        ] {
            assert_eq!(cell(given), written);
        }
    }
}
