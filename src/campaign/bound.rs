//! A template over the columns of one list, measured: what is left to do for a row is its values.

use alloc::{string::String, vec::Vec};

use super::{
    Columns, Row, Template,
    shape::{Gauge, Shape, WIDE},
    template::{Piece, at_place},
};
use crate::{
    advice::edits_of,
    error::{Code, Error},
    smart, spell,
};

/// A template whose places know their columns.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) pieces: Vec<BoundPiece>,
    /// All that is the same for everybody, together.
    pub(super) literals: Shape,
}

#[derive(Clone, Debug)]
pub(super) enum BoundPiece {
    /// Words as they are given, and as they are sent.
    Text {
        given: String,
        sent: String,
    },
    Value(Value),
}

/// A place to fill in.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) column: usize,
    default: String,
    default_shape: Shape,
    pub(super) has_default: bool,
}

impl Bound {
    /// Finds the column of every place.
    pub(super) fn new(template: &Template, columns: &Columns, gauge: &Gauge) -> Result<Bound, Error> {
        no_single_braces(template, columns)?;
        let mut bound =
            Bound { pieces: Vec::with_capacity(template.pieces.len()), literals: Shape::default() };
        for piece in &template.pieces {
            match piece {
                Piece::Text(text) => bound.push_text(text.clone(), gauge),
                Piece::Field(field) => {
                    let column =
                        columns.place(&field.name).map_err(|unfound| unfound.in_template(&field.utf16))?;
                    let default = field.default.clone().unwrap_or_default();
                    bound.pieces.push(BoundPiece::Value(Value {
                        column,
                        default_shape: gauge.measure(&default),
                        default,
                        has_default: field.default.is_some(),
                    }));
                }
            }
        }
        Ok(bound)
    }

    pub(super) fn push_text(&mut self, given: String, gauge: &Gauge) {
        self.literals = self.literals.plus(gauge.measure(&given));
        let mut sent = String::with_capacity(given.len());
        encode(&given, gauge.smart, &mut sent);
        self.pieces.push(BoundPiece::Text { given, sent });
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.pieces.iter().filter_map(|piece| match piece {
            BoundPiece::Value(value) => Some(value),
            BoundPiece::Text { .. } => None,
        })
    }

    /// The whole text for a row, as it is sent.
    pub(super) fn write_sent(&self, row: &Row<'_>, smart: bool, out: &mut String) {
        out.clear();
        for piece in &self.pieces {
            match piece {
                BoundPiece::Text { sent, .. } => out.push_str(sent),
                BoundPiece::Value(value) => encode(value.of(row), smart, out),
            }
        }
    }

    /// The whole text for a row, as it is given to the API.
    pub(super) fn write_given(&self, row: &Row<'_>, out: &mut String) {
        out.clear();
        for piece in &self.pieces {
            match piece {
                BoundPiece::Text { given, .. } => out.push_str(given),
                BoundPiece::Value(value) => out.push_str(value.of(row)),
            }
        }
    }

    /// The same with every value written in GSM-7 as far as there is a way.
    pub(super) fn write_plain(&self, row: &Row<'_>, smart: bool, out: &mut String) {
        out.clear();
        for piece in &self.pieces {
            match piece {
                BoundPiece::Text { sent, .. } => out.push_str(sent),
                BoundPiece::Value(value) => encode(&plain(value.of(row), smart), smart, out),
            }
        }
    }
}

impl Value {
    /// What stands there for a row: the cell without blanks around it, or the default.
    pub(super) fn of<'r>(&'r self, row: &Row<'r>) -> &'r str {
        let cell = row.field(self.column).trim();
        if cell.is_empty() { &self.default } else { cell }
    }

    pub(super) fn measure(&self, row: &Row<'_>, gauge: &Gauge) -> Shape {
        let cell = row.field(self.column).trim();
        if cell.is_empty() { self.default_shape } else { gauge.measure(cell) }
    }
}

/// Text as the channel sends it, behind what is there already.
fn encode(text: &str, smart: bool, out: &mut String) {
    if !smart {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match smart::replacement(c) {
            Some(replacement) => out.push_str(replacement),
            None => out.push(c),
        }
    }
}

/// A value with every character that GSM-7 lacks written otherwise, where a way is known.
pub(super) fn plain(value: &str, smart: bool) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut kept = 0;
    for edit in edits_of(value, smart).iter().filter(|edit| edit.blocks) {
        let Some(replacement) = &edit.replacement else { continue };
        plain.push_str(value.get(kept..edit.span.bytes.start).unwrap_or_default());
        plain.push_str(replacement);
        kept = edit.span.bytes.end;
    }
    plain.push_str(value.get(kept..).unwrap_or_default());
    plain
}

/// `{first_name}` in single braces would be sent as it stands, to everybody: where it names a column, that is a mistake.
fn no_single_braces(template: &Template, columns: &Columns) -> Result<(), Error> {
    let named = template.single_braces.iter().find(|(name, _)| columns.place(name).is_ok());
    let Some((name, place)) = named else { return Ok(()) };
    let message = spell::joined(&[
        "{",
        name,
        "} would be sent as it stands; write {{",
        name,
        "}} for the value, or \\{",
        name,
        "} for the braces",
    ]);
    Err(at_place(Code::InvalidTemplate, place, &message))
}

/// Whether a shape is GSM-7 so far.
pub(super) const fn is_plain(shape: &Shape) -> bool {
    !shape.is(WIDE)
}
