//! What would make a text cheaper, each with the segments it would then have, found by cutting the changed text.
//!
//! Offsets lie in the text as it was given, because that is the one its author can change.

mod edits;
mod names;

use alloc::{borrow::Cow, vec, vec::Vec};
use core::ops::Range;

use crate::{
    cluster, gsm7,
    national::{NationalFit, cheapest_language},
    segment::{
        Counts, Encoding, Segmentation, Sender, capacity_single, count, count_as, segment, segment_as,
    },
    smart::{self, Change},
    spell, utf16,
};
#[cfg(feature = "campaign")]
pub(crate) use edits::edits as edits_of;
use edits::{Edit, apply, edits};
pub(crate) use names::name;

/// Texts of more UTF-16 units than this get no advice: nobody edits them by hand, and a thousand re-pricings of a book
/// are not free. It is six times what the API takes.
pub const ADVICE_UNITS_MAX: usize = 10_000;

/// At most so many different characters are named; the quote says when there were more.
pub const ADVICE_MAX: usize = 40;

/// What a piece of advice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A character outside of GSM-7 that has a look-alike inside (the smart-encoding list).
    Replace,
    /// A letter and a combining mark that are one character when composed (Unicode NFC).
    Compose,
    /// A no-break or other typographic space: one plain space does.
    Space,
    /// A character that shows nothing.
    Invisible,
    /// Blanks at the end.
    TrailingBlanks,
    /// CR LF, two units: LF alone does.
    LineBreak,
    /// A letter with an accent that GSM-7 lacks: writing it without changes the spelling.
    Unaccent,
    /// A character that forces UCS-2 and has no replacement.
    Unsupported,
    /// Dropping the end of the text.
    Shorten,
    /// All changes together that keep the spelling.
    All,
    /// All changes together, accents too.
    AllUnaccented,
    /// A national language table (TS 23.038, Annex A), if the carrier offers it.
    NationalTable,
}

impl Kind {
    /// As it is written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Replace => "replace",
            Kind::Compose => "compose",
            Kind::Space => "space",
            Kind::Invisible => "invisible",
            Kind::TrailingBlanks => "trailing-blanks",
            Kind::LineBreak => "line-break",
            Kind::Unaccent => "unaccent",
            Kind::Unsupported => "unsupported",
            Kind::Shorten => "shorten",
            Kind::All => "all",
            Kind::AllUnaccented => "all-unaccented",
            Kind::NationalTable => "national-table",
        }
    }
}

/// A stretch of the text as it was given, in bytes and in UTF-16 code units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// In bytes.
    pub bytes: Range<usize>,
    /// In UTF-16 code units.
    pub utf16: Range<usize>,
}

/// One change that would help, wherever it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice<'a> {
    /// What it is about.
    pub kind: Kind,
    /// Where, in order; never empty.
    pub spans: Vec<Span>,
    /// What stands there (at the first place; it is the same at all of them).
    pub found: &'a str,
    /// What to write instead: nothing to drop it, `None` where nothing is known.
    pub replacement: Option<Cow<'a, str>>,
    /// How many there are: places, or for [`Kind::Shorten`] the clusters to drop.
    pub count: usize,
    /// The segments the text would have after this change alone; `None` where there is no change to make.
    pub segments: Option<usize>,
    /// The language, for [`Kind::NationalTable`].
    pub language: Option<&'static str>,
}

/// How the text was read for the quote; every change is re-read in the same way.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Whether the channel replaces typographic characters.
    pub smart: bool,
    /// An encoding asked for by force.
    pub encoding: Option<Encoding>,
    /// Who sends.
    pub sender: Sender,
}

impl Reading {
    /// Cuts a text as the quote does: smart encoding first, then segments.
    #[must_use]
    pub fn read<'a>(&self, text: &'a str) -> (Cow<'a, str>, Vec<Change>, Segmentation) {
        let (sent, changes) =
            if self.smart { smart::encode(text) } else { (Cow::Borrowed(text), Vec::new()) };
        let segmentation = self.cut(&sent);
        (sent, changes, segmentation)
    }

    fn cut(&self, sent: &str) -> Segmentation {
        match self.encoding {
            Some(encoding) => segment_as(sent, encoding, self.sender),
            None => segment(sent, self.sender),
        }
    }

    /// Counts the segments of a text in the same way.
    #[must_use]
    pub fn count(&self, text: &str) -> Counts {
        let encoded = self.smart.then(|| smart::encode(text).0);
        let sent = encoded.as_deref().unwrap_or(text);
        match self.encoding {
            Some(encoding) => count_as(sent, encoding, self.sender),
            None => count(sent, self.sender),
        }
    }

    fn segments(&self, text: &str) -> usize {
        self.count(text).segments
    }
}

/// All that would help, and whether more characters were found than are named. `now` is the reading of `text`.
#[must_use]
pub(crate) fn advise<'a>(
    text: &'a str,
    reading: Reading,
    sent: &str,
    changes: &[Change],
    now: &Segmentation,
) -> (Vec<Advice<'a>>, bool) {
    // Nothing to gain: plain text in one message.
    let segments = now.parts.len();
    if segments == 0 || (segments == 1 && now.encoding == Encoding::Gsm7) || spell::is_blank(text) {
        return (Vec::new(), false);
    }
    let mut edits = edits(text, reading.smart);
    let (firsts, shortened) = subjects(&mut edits);

    let accent = |edit: &Edit<'_>| edit.kind == Kind::Unaccent;
    let blocks = |edit: &Edit<'_>| now.encoding == Encoding::Ucs2 && edit.blocks;
    let together = |kind, picked: &dyn Fn(&Edit<'_>) -> bool| whole(text, kind, &edits, picked, reading);
    let all = together(Kind::All, &|edit| !accent(edit));
    let unaccented = together(Kind::AllUnaccented, &|_| true);
    let saves =
        |whole: &Option<Advice<'_>>| whole.as_ref().is_some_and(|whole| whole.segments < Some(segments));
    let (all_saves, unaccented_saves) = (saves(&all), saves(&unaccented));

    let mut advice = Vec::new();
    for first in firsts.iter().filter_map(|first| edits.get(*first)) {
        let kind = first.kind;
        let alike = |edit: &Edit<'_>| edit.subject == first.subject;
        let after = first.replacement.is_some().then(|| reading.segments(&apply(text, &edits, &alike)));
        let helps = after.is_some_and(|after| {
            after < segments || unaccented_saves || (all_saves && kind != Kind::Unaccent)
        });
        if blocks(first) || helps {
            let spans: Vec<Span> =
                edits.iter().filter(|edit| alike(edit)).map(|edit| edit.span.clone()).collect();
            advice.push(Advice {
                kind,
                found: first.found,
                replacement: first.replacement.clone(),
                count: spans.len(),
                segments: after,
                spans,
                language: None,
            });
        }
    }
    let fixes = |with: bool| {
        let counts = |a: &&Advice<'_>| a.replacement.is_some() && (with || a.kind != Kind::Unaccent);
        advice.iter().filter(counts).count()
    };
    let (plain, with_accents) = (fixes(false), fixes(true));
    let all = if all_saves {
        all
    } else {
        // Nothing is cheaper, but one message of UCS-2 can become one of GSM-7, which has more room.
        together(Kind::All, &|edit| !accent(edit) && blocks(edit))
            .filter(|all| segments == 1 && all.segments <= Some(segments))
    };
    let all_segments = all.as_ref().and_then(|all| all.segments).unwrap_or(segments);
    if plain > 1 {
        advice.extend(all);
    }
    if with_accents > plain && with_accents > 1 {
        advice.extend(unaccented.filter(|a| a.segments < Some(all_segments)));
    }
    advice.extend(shorten(text, reading, sent, changes, now));
    advice.extend(national(text, reading, sent, now));
    (advice, shortened)
}

/// Tells each edit what it is about, and gives back the first about each thing there is to say, in order, and whether
/// there are more than are named.
fn subjects(edits: &mut [Edit<'_>]) -> (Vec<usize>, bool) {
    let mut firsts: Vec<usize> = Vec::new();
    let mut shortened = false;
    for place in 0..edits.len() {
        let Some((before, [edit, ..])) = edits.split_at_mut_checked(place) else { break };
        let known =
            firsts.iter().copied().find(|first| before.get(*first).is_some_and(|first| first.is_like(edit)));
        edit.subject = known.unwrap_or(place);
        if known.is_none() {
            if firsts.len() < ADVICE_MAX { firsts.push(place) } else { shortened = true }
        }
    }
    (firsts, shortened)
}

/// The changes that are picked, made together.
fn whole<'a>(
    text: &'a str,
    kind: Kind,
    edits: &[Edit<'a>],
    picked: &dyn Fn(&Edit<'_>) -> bool,
    reading: Reading,
) -> Option<Advice<'a>> {
    let count = edits.iter().filter(|edit| edit.replacement.is_some() && picked(edit)).count();
    if count == 0 {
        return None;
    }
    let fixed = apply(text, edits, picked);
    Some(Advice {
        kind,
        spans: vec![Span { bytes: 0..text.len(), utf16: 0..utf16::len(text) }],
        found: text,
        count,
        segments: Some(reading.segments(&fixed)),
        replacement: Some(Cow::Owned(fixed)),
        language: None,
    })
}

/// The shortest end to drop so that there is one segment less.
fn shorten<'a>(
    text: &'a str,
    reading: Reading,
    sent: &str,
    changes: &[Change],
    now: &Segmentation,
) -> Option<Advice<'a>> {
    let fewer = now.parts.len().checked_sub(1).filter(|fewer| *fewer > 0)?;
    let mut keep = fitting(sent, now, fewer);
    if now.encoding == Encoding::Ucs2 && reading.encoding.is_none() {
        // What stands before the first character that GSM-7 lacks may fit without what follows.
        let plain = sent.find(|c| !gsm7::has(c)).unwrap_or(sent.len());
        let plain = sent.get(..plain)?;
        keep = keep.max(fitting(plain, &reading.cut(plain), fewer));
    }
    let mut cut = before(keep, changes);
    // A cut inside a cluster would leave a mark behind, and what is left may need another encoding.
    while !cluster::part_at(text, 0, cut) || reading.segments(text.get(..cut)?) > fewer {
        cut = text.get(..cut)?.char_indices().next_back()?.0;
    }
    if spell::is_blank(text.get(..cut)?) {
        return None;
    }
    let kept = text.get(..cut)?;
    let found = text.get(cut..)?;
    let start = utf16::len(kept);
    let (mut clusters, mut end) = (0, cut);
    while end < text.len() {
        end = cluster::end(text, end);
        clusters += 1;
    }
    Some(Advice {
        kind: Kind::Shorten,
        spans: vec![Span { bytes: cut..text.len(), utf16: start..start + utf16::len(found) }],
        found,
        count: clusters,
        segments: Some(reading.segments(kept)),
        replacement: Some(Cow::Borrowed("")),
        language: None,
    })
}

/// The end of the longest start that fits into so many segments, as the text is encoded.
fn fitting(sent: &str, cut: &Segmentation, segments: usize) -> usize {
    let several = cut.parts.get(segments).map_or(sent.len(), |part| part.bytes.start);
    // A message of its own has room for more than one of several, and sometimes for more than two.
    let capacity = capacity_single(cut.encoding);
    let mut units = 0;
    let over = |(_, c): &(usize, char)| {
        units += cut.encoding.units(*c);
        units > capacity
    };
    let single = sent.char_indices().find(over).map_or(sent.len(), |(at, _)| at);
    if segments > 1 { several.max(single) } else { single }
}

/// Where an offset of the text as sent lies in the text as given; the start of the change when it falls inside one.
fn before(sent: usize, changes: &[Change]) -> usize {
    let mut shift_given = 0;
    let mut shift_sent = 0;
    for change in changes {
        let start = change.start - shift_given + shift_sent;
        if sent < start + change.replacement.len() {
            if sent >= start {
                return change.start;
            }
            break;
        }
        shift_given += change.found.len_utf8();
        shift_sent += change.replacement.len();
    }
    sent - shift_sent + shift_given
}

fn national<'a>(text: &'a str, reading: Reading, sent: &str, now: &Segmentation) -> Option<Advice<'a>> {
    if now.encoding != Encoding::Ucs2 || reading.encoding.is_some() {
        return None;
    }
    let NationalFit { language, segments, .. } = cheapest_language(sent)?;
    (segments < now.parts.len()).then(|| Advice {
        kind: Kind::NationalTable,
        spans: vec![Span { bytes: 0..text.len(), utf16: 0..utf16::len(text) }],
        found: text,
        replacement: None,
        count: 1,
        segments: Some(segments),
        language: Some(language.name()),
    })
}
