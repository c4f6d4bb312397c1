//! The template written otherwise: each way is priced beside the template over the whole list, so that what it saves is
//! known and not guessed.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Template,
    bound::{Bound, BoundPiece},
    shape::Gauge,
    template::Piece,
};
use crate::advice::{Kind, edits_of};

/// The most variants of a template.
pub(super) const VARIANTS_MAX: usize = 3;
/// The most changes that are listed of one.
const CHANGES_LISTED_MAX: usize = 12;

/// How far a variant goes from the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rewrite {
    /// Only what does not change the spelling: typographic signs, spaces, invisible characters.
    Spelling,
    /// Letters without the accents that GSM-7 lacks, too.
    Unaccented,
    /// And without what has no replacement: emoji, letters of other scripts.
    Dropped,
}

impl Rewrite {
    /// As it is written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Rewrite::Spelling => "rewrite",
            Rewrite::Unaccented => "rewrite-unaccented",
            Rewrite::Dropped => "rewrite-dropping",
        }
    }
}

/// One change of a variant: what stands in the template, and what would instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What stands there.
    pub found: String,
    /// What would; empty to leave it out.
    pub replacement: String,
}

/// The template written otherwise.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    pub(super) rewrite: Rewrite,
    pub(super) bound: Bound,
    pub(super) template: Template,
    pub(super) changes: Vec<Change>,
}

/// All variants that differ from the template and from each other.
pub(super) fn variants(template: &Template, bound: &Bound, gauge: &Gauge) -> Vec<Variant> {
    let mut variants: Vec<Variant> = Vec::new();
    for rewrite in [Rewrite::Spelling, Rewrite::Unaccented, Rewrite::Dropped] {
        let (rewritten, changes) = rewritten(template, rewrite, gauge.smart);
        let before = variants.last().map_or(template, |variant| &variant.template);
        if changes.is_empty() || rewritten.pieces == before.pieces {
            continue;
        }
        let mut pieces = Bound { pieces: Vec::new(), literals: Default::default() };
        let mut values = bound.values();
        for piece in &rewritten.pieces {
            match piece {
                Piece::Text(text) => pieces.push_text(text.clone(), gauge),
                Piece::Field(_) => pieces.pieces.extend(values.next().cloned().map(BoundPiece::Value)),
            }
        }
        variants.push(Variant { rewrite, bound: pieces, template: rewritten, changes });
    }
    variants
}

fn rewritten(template: &Template, rewrite: Rewrite, smart: bool) -> (Template, Vec<Change>) {
    let last = template.pieces.len().saturating_sub(1);
    let mut changes = Vec::new();
    let mut pieces = Vec::with_capacity(template.pieces.len());
    for (place, piece) in template.pieces.iter().enumerate() {
        match piece {
            Piece::Field(_) => pieces.push(piece.clone()),
            Piece::Text(text) => {
                let text = rewritten_text(text, rewrite, smart, (place == 0, place == last), &mut changes);
                if !text.is_empty() {
                    pieces.push(Piece::Text(text));
                }
            }
        }
    }
    (Template { pieces, single_braces: Vec::new() }, changes)
}

fn rewritten_text(
    text: &str,
    rewrite: Rewrite,
    smart: bool,
    (first, last): (bool, bool),
    changes: &mut Vec<Change>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for edit in edits_of(text, smart) {
        let replacement = match (edit.kind, &edit.replacement) {
            (Kind::TrailingBlanks, _) if !last => continue,
            (Kind::Unaccent, _) if rewrite < Rewrite::Unaccented => continue,
            (_, Some(replacement)) => replacement.clone(),
            (_, None) if rewrite < Rewrite::Dropped => continue,
            (_, None) => Cow::Borrowed(""),
        };
        out.push_str(text.get(kept..edit.span.bytes.start).unwrap_or_default());
        out.push_str(&replacement);
        kept = edit.span.bytes.end;
        // What is left out between two blanks leaves one of them.
        let rest = text.get(kept..).unwrap_or_default();
        let blank_before = out.ends_with(' ') || (first && out.is_empty());
        if replacement.is_empty() && blank_before && rest.starts_with(' ') {
            kept += 1;
        }
        let change = Change { found: edit.found.to_string(), replacement: replacement.into_owned() };
        if changes.len() < CHANGES_LISTED_MAX && !changes.contains(&change) {
            changes.push(change);
        }
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    if last && rewrite == Rewrite::Dropped {
        out.truncate(out.trim_end().len());
    }
    out
}
