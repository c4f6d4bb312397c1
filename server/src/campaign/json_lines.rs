//! A list as JSON lines: one object a line, its fields the columns.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use textmeter::campaign::{Batch, FIELDS_MAX, ROW_BYTES_MAX, Status, folded, is_opt_out_name, is_opted_out};

use crate::document::without_lone_surrogates;

/// So much of a line that is no row is kept, to be recognised by.
const KEPT_CHARS: usize = 200;

/// Cuts bytes into rows, one a line. The columns are the fields of the objects the list begins with, and the template's places
/// that are none of them; a field that is absent or null is empty. A field that turns up further down is a column spelt otherwise,
/// or nobody's business, unless it opts its row out.
#[derive(Debug)]
pub struct JsonLines {
    names: Vec<String>,
    known: HashSet<String>,
    any_opt_out: bool,
    line: Vec<u8>,
    number: u64,
    too_long: bool,
    blank: u64,
}

impl JsonLines {
    /// A reader for the list that begins with `head`, which is only looked at.
    #[must_use]
    pub fn of<'p>(head: &[u8], places: impl Iterator<Item = &'p str>) -> JsonLines {
        let mut names: Vec<String> = Vec::new();
        let (mut known, mut alike): (HashSet<String>, HashSet<String>) = Default::default();
        // The last of the lines may be cut off, and then is no object.
        for object in head.split(|byte| *byte == b'\n').filter_map(object) {
            let mut here = HashSet::new();
            for key in object.keys() {
                let name = folded(key);
                // Two of one object are two columns; one here and one there are the same column, spelt otherwise.
                let new = name.is_empty() || !here.insert(name.clone()) || !alike.contains(&name);
                if new && names.len() < FIELDS_MAX && known.insert(key.clone()) {
                    alike.insert(name);
                    names.push(key.clone());
                }
            }
        }
        for place in places {
            if alike.insert(folded(place)) && known.insert(place.to_owned()) {
                names.push(place.to_owned());
            }
        }
        JsonLines { names, known, any_opt_out: false, line: Vec::new(), number: 0, too_long: false, blank: 0 }
    }

    /// The same list, where nobody has said which column opts out: a field of such a name does, even if it is no column.
    #[must_use]
    pub fn with_any_opt_out(self) -> JsonLines {
        JsonLines { any_opt_out: true, ..self }
    }

    /// The columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Lines with nothing in them.
    #[must_use]
    pub const fn blank_rows(&self) -> u64 {
        self.blank
    }

    /// Reads rows until the batch is full or the input used up; gives back how many bytes were read.
    pub fn read(&mut self, input: &[u8], batch: &mut Batch) -> usize {
        let mut at = 0;
        while !batch.is_full() && at < input.len() {
            let (read, whole) = self.take_line(input.get(at..).unwrap_or_default());
            at += read;
            if whole {
                self.push(batch);
            }
        }
        at
    }

    /// The list is at its end: a last line without a line break is one all the same.
    pub fn finish(&mut self, batch: &mut Batch) {
        if !self.line.is_empty() || self.too_long {
            self.number += 1;
            self.push(batch);
        }
    }

    /// Takes bytes up to a line break; says how many, and whether the line is whole.
    fn take_line(&mut self, input: &[u8]) -> (usize, bool) {
        let end = input.iter().position(|byte| *byte == b'\n').map(|place| place + 1);
        let piece = input.get(..end.unwrap_or(input.len())).unwrap_or_default();
        if self.line.len() + piece.len() <= ROW_BYTES_MAX {
            self.line.extend_from_slice(piece);
        } else {
            self.too_long = true;
            self.line.truncate(KEPT_CHARS);
        }
        self.number += u64::from(end.is_some());
        (piece.len(), end.is_some())
    }

    fn push(&mut self, batch: &mut Batch) {
        if self.line.trim_ascii().is_empty() && !self.too_long {
            self.blank += 1;
        } else if let Some(object) = object(&self.line).filter(|_| !self.too_long) {
            self.push_object(&object, batch);
        } else {
            let text = String::from_utf8_lossy(&self.line);
            let kept: String = text.trim().chars().take(KEPT_CHARS).collect();
            let trouble = if self.too_long { Status::RowTooLong } else { Status::InvalidJson };
            batch.push(self.number, std::iter::once(kept.as_str()), Some(trouble));
        }
        self.line.clear();
        self.too_long = false;
    }

    /// Whether a column has a name that means the same.
    fn has_alike(&self, key: &str) -> bool {
        let key = folded(key);
        self.names.iter().any(|name| folded(name) == key)
    }

    fn push_object(&self, object: &Map<String, Value>, batch: &mut Batch) {
        let others = || object.iter().filter(|(key, _)| !self.known.contains(*key));
        let spelt_otherwise: HashMap<String, &Value> =
            others().map(|(key, value)| (folded(key), value)).collect();
        let value = |name: &String| match object.get(name) {
            None if !spelt_otherwise.is_empty() => spelt_otherwise.get(&folded(name)).copied(),
            value => value,
        };
        let cells: Option<Vec<String>> = self.names.iter().map(|name| cell(value(name))).collect();
        // No column has it, so that the row would be sent: somebody has to look at it.
        let opted_out = self.any_opt_out
            && others().any(|(key, value)| {
                is_opt_out_name(key)
                    && !self.has_alike(key)
                    && cell(Some(value)).is_none_or(|cell| is_opted_out(&cell))
            });
        let trouble = match cells {
            None => Some(Status::InvalidJson),
            Some(_) if opted_out => Some(Status::WrongFieldCount),
            Some(_) => None,
        };
        let cells = cells.unwrap_or_else(|| vec![Value::Object(object.clone()).to_string()]);
        batch.push(self.number, cells.iter().map(String::as_str), trouble);
    }
}

fn object(line: &[u8]) -> Option<Map<String, Value>> {
    let text = std::str::from_utf8(line).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str(&without_lone_surrogates(text)) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// A value as a cell; `None` for what no text is made of.
fn cell(value: Option<&Value>) -> Option<String> {
    Some(match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Number(number)) if number.is_u64() || number.is_i64() => number.to_string(),
        Some(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(input: &str, piece: usize) -> Vec<(u64, Vec<String>, Option<Status>)> {
        let mut reader = JsonLines::of(input.as_bytes(), ["name", "Name"].into_iter());
        assert_eq!(reader.names(), ["to", "n", "name"]);
        let (mut batch, mut found) = (Batch::new(), Vec::new());
        for piece in input.as_bytes().chunks(piece) {
            assert_eq!(reader.read(piece, &mut batch), piece.len());
        }
        reader.finish(&mut batch);
        found.extend(
            batch.rows().map(|row| (row.line(), row.fields().map(str::to_owned).collect(), row.trouble())),
        );
        assert_eq!(reader.blank_rows(), 2);
        found
    }

    #[test]
    fn lines_are_rows_in_whatever_pieces() {
        let input = "\n{\"to\":\"+1\",\"n\":1}\n{\"name\":\"A\\ud83d\",\"to\":null}\r\n\nnope\n{\"to\":[1]}\n{\"to\":\"2\"}";
        let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        for piece in [1, 7, 1000] {
            let found = rows(input, piece);
            assert_eq!((found[0].0, &found[0].1), (2, &cells(&["+1", "1", ""])), "{piece}");
            assert_eq!((found[1].0, &found[1].1), (3, &cells(&["", "", "A\u{fffd}"])));
            assert_eq!((found[2].0, found[2].2), (5, Some(Status::InvalidJson)));
            assert_eq!((found[3].0, found[3].2), (6, Some(Status::InvalidJson)));
            assert_eq!((found[4].0, &found[4].1, found.len()), (7, &cells(&["2", "", ""]), 5));
        }
    }
}
