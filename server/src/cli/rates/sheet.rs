//! A price sheet as a table of cells: delimiter, comments, header, rows with their line numbers.

use std::{fs, path::Path};

/// The longest sheet that is read, in bytes.
const BYTES_MAX: u64 = 64 << 20;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A row and the line it begins on, as an editor counts.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

/// A price sheet.
pub(super) struct Sheet {
    /// The first comment line, without its `#` and without the word `source:`; sheets name their origin there.
    pub(super) comment: String,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// Rows with another number of cells than the header, with why they cannot be read.
    pub(super) ragged: Vec<(u64, String)>,
}

impl Sheet {
    /// Reads a file.
    pub(super) fn open(path: &Path) -> Result<Sheet, String> {
        let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        if fs::metadata(path).map_err(|error| at(&error))?.len() > BYTES_MAX {
            return Err(at(&"this sheet is larger than 64 MiB; split it"));
        }
        let bytes = fs::read(path).map_err(|error| at(&error))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| at(&"this sheet is not UTF-8; save it again as \"CSV UTF-8\""))?;
        Sheet::parse(&text).map_err(|message| at(&message))
    }

    /// Reads a sheet's text.
    pub(super) fn parse(text: &str) -> Result<Sheet, String> {
        let text = text.trim_start_matches('\u{feff}');
        let comment = text.lines().next().and_then(|line| line.strip_prefix('#')).unwrap_or_default().trim();
        let comment = comment.strip_prefix("source:").unwrap_or(comment).trim().to_owned();
        let head = text.lines().find(|line| !line.starts_with('#') && !line.trim().is_empty());
        let delimiter = delimiter(head.ok_or("there is no row in this sheet")?);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .comment(Some(b'#'))
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut sheet = Sheet { comment, header: Vec::new(), rows: Vec::new(), ragged: Vec::new() };
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let line = record.position().map_or(0, |position| line(text, position));
            let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            if sheet.header.is_empty() {
                sheet.header = cells;
            } else if cells.len() == sheet.header.len() {
                sheet.rows.push(Row { line, cells });
            } else {
                sheet
                    .ragged
                    .push((line, format!("{} cells under a header of {}", cells.len(), sheet.header.len())));
            }
        }
        if sheet.header.len() < 2 {
            return Err("no columns were found: cells must be separated by , ; tab or |".to_owned());
        }
        Ok(sheet)
    }
}

/// The line a record begins on. Its position is where the one before it ended: comments and blank lines come between.
fn line(text: &str, position: &csv::Position) -> u64 {
    let rest = usize::try_from(position.byte()).ok().and_then(|byte| text.get(byte..)).unwrap_or_default();
    let between = rest.lines().take_while(|line| line.is_empty() || line.starts_with('#'));
    position.line() + between.map(|_| 1).sum::<u64>()
}

/// The delimiter that cuts the header into the most cells.
fn delimiter(head: &str) -> u8 {
    let cells = |delimiter: &u8| head.bytes().filter(|byte| byte == delimiter).count();
    // The first of equals is the comma.
    DELIMITERS.into_iter().rev().max_by_key(cells).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_any_delimiter_comments_and_quotes() {
        for mark in [",", ";", "\t", "|"] {
            let text = format!(
                "\u{feff}# source: a shop\nname{mark}price\n# more\n\"Korea{mark} South\"{mark} 0.1 \n\nx{mark}y{mark}z\n"
            );
            let sheet = Sheet::parse(&text).unwrap();
            assert_eq!(sheet.comment, "a shop");
            assert_eq!(sheet.header, ["name", "price"]);
            assert_eq!(sheet.rows.len(), 1, "{mark:?}");
            assert_eq!(sheet.rows[0].cells, [format!("Korea{mark} South"), "0.1".to_owned()]);
            assert_eq!(sheet.rows[0].line, 4);
            assert_eq!(sheet.ragged, [(6, "3 cells under a header of 2".to_owned())]);
        }
        assert!(Sheet::parse("").is_err());
        assert!(Sheet::parse("one\ntwo\n").is_err());
    }
}
