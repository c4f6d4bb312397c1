//! Rows in the list's order, added up: duplicates, totals, what is dearer than the rest and why, how far the balance goes.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::{
    Pricer, Row, RowQuote, Settings, Status,
    numbers::{Numbers, OPTED_OUT, TEXTED},
    status::STATUSES,
    variants::VARIANTS_MAX,
};
use crate::{
    money::Money,
    rates::Unit,
    segment::{Encoding, SEGMENTS_MAX},
};

/// A template is looked at for being up to so many units too long.
pub(super) const OVER_MAX: usize = 40;
/// At most so many different characters are told apart as what made rows dearer.
const CAUSES_MAX: usize = 256;
/// Rows of each number of segments that are kept as examples.
const EXAMPLES_MAX: u64 = 5;
/// Rows with a problem that are listed; all are counted.
pub const PROBLEMS_LISTED_MAX: usize = 20;
/// Points of the cost curve, at the most.
pub const CURVE_POINTS_MAX: usize = 128;
/// So much of a cell is repeated.
const CELL_SHOWN_MAX: usize = 60;
/// Letters of a territory's code.
const LETTERS: usize = 26;

/// Adds up rows.
#[derive(Clone, Debug)]
pub struct Tally {
    balance: Option<Money>,
    keep_duplicates: bool,
    by_segment: bool,
    seen: Numbers,
    pub(super) rows: u64,
    pub(super) blank_rows: u64,
    pub(super) statuses: [u64; STATUSES],
    /// By segments.
    pub(super) bins: Vec<Bin>,
    /// By the two letters; the last one is for numbers of no territory.
    pub(super) places: Vec<Sum>,
    pub(super) ucs2_rows: u64,
    pub(super) segments: u64,
    pub(super) total: Option<Money>,
    pub(super) uncertain_rows: u64,
    pub(super) cover: Covered,
    pub(super) variants: [Saving; VARIANTS_MAX],
    pub(super) plain: Saving,
    pub(super) over: [Sum; OVER_MAX],
    pub(super) causes: BTreeMap<(usize, char), Sum>,
    pub(super) other_causes: Sum,
    pub(super) examples: BTreeMap<u32, Vec<Example>>,
    pub(super) problems: Vec<Problem>,
    pub(super) empty: Vec<u64>,
    pub(super) assumed: Lines,
    pub(super) opted_out_later: Lines,
    pub(super) unchecked: u64,
    pub(super) curve: Curve,
}

/// Rows of one number of segments.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bin {
    pub(super) rows: u64,
    /// What one unit costs, for all of them together.
    pub(super) per_unit_micros: u64,
    pub(super) micros: u64,
}

/// Rows and what they come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub(super) rows: u64,
    pub(super) segments: u64,
    pub(super) micros: u64,
}

impl Sum {
    fn add(&mut self, segments: u32, micros: u64) {
        self.rows += 1;
        self.segments += u64::from(segments);
        self.micros = self.micros.saturating_add(micros);
    }
}

/// What another way of writing saves, and what it costs where a row becomes longer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Saving {
    pub(super) rows: u64,
    less: u64,
    more: u64,
}

impl Saving {
    fn add(&mut self, now: u32, then: u32, per_unit: Money) {
        let micros = |segments: u32| per_unit.to_micros().saturating_mul(u64::from(segments));
        if then < now {
            self.rows += 1;
            self.less = self.less.saturating_add(micros(now - then));
        } else if then > now {
            self.more = self.more.saturating_add(micros(then - now));
        }
    }

    /// What is left of it.
    pub(super) const fn micros(&self) -> u64 {
        self.less.saturating_sub(self.more)
    }
}

/// How far the balance goes, in the list's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Rows that are paid for before the first that is not.
    pub rows: u64,
    /// What they cost.
    pub total: Money,
    /// The line of the first row that is not paid for.
    pub stops_at: Option<u64>,
}

/// Lines of a list: how many, and the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// How many.
    pub rows: u64,
    /// The first of them; 0 when there is none.
    pub first: u64,
}

impl Lines {
    const fn add(&mut self, line: u64) {
        if self.rows == 0 {
            self.first = line;
        }
        self.rows += 1;
    }
}

/// A row that somebody has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line on which it begins.
    pub line: u64,
    /// What is wrong.
    pub status: Status,
    /// The number's cell, or what was read of the row.
    pub cell: String,
}

/// A row that is dearer than the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The line on which it begins.
    pub line: u64,
    /// Its segments.
    pub segments: u32,
    /// Its price.
    pub price: Money,
    /// The column whose value made it so.
    pub column: Option<usize>,
    /// That value.
    pub value: String,
    /// The character that turned it to UCS-2; `None`: the value is long.
    pub character: Option<char>,
}

/// The cost after so many rows, at steps that grow with the list.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    step: u64,
    pub(super) points: Vec<(u64, Money)>,
}

impl Curve {
    fn add(&mut self, rows: u64, total: Money) {
        if !rows.is_multiple_of(self.step) {
            return;
        }
        self.points.push((rows, total));
        if self.points.len() == CURVE_POINTS_MAX {
            self.step *= 2;
            let step = self.step;
            self.points.retain(|(rows, _)| rows.is_multiple_of(step));
        }
    }
}

impl Tally {
    /// An empty tally for what a pricer prices.
    #[must_use]
    pub fn new(pricer: &Pricer<'_>, settings: &Settings<'_>) -> Tally {
        Tally::seeded(pricer, settings, 0)
    }

    /// The same, with a seed that strangers do not know: it changes no answer, but keeps a list from being made to slow the
    /// search for duplicates down.
    #[must_use]
    pub fn seeded(pricer: &Pricer<'_>, settings: &Settings<'_>, seed: u64) -> Tally {
        Tally {
            balance: settings.balance,
            keep_duplicates: settings.keep_duplicates,
            by_segment: pricer.channel().unit() == Unit::Segment,
            seen: Numbers::new(seed),
            rows: 0,
            blank_rows: 0,
            statuses: [0; STATUSES],
            bins: vec![Bin::default(); SEGMENTS_MAX + 1],
            places: vec![Sum::default(); LETTERS * LETTERS + 1],
            ucs2_rows: 0,
            segments: 0,
            total: Some(Money::ZERO),
            uncertain_rows: 0,
            cover: Covered { rows: 0, total: Money::ZERO, stops_at: None },
            variants: [Saving::default(); VARIANTS_MAX],
            plain: Saving::default(),
            over: [Sum::default(); OVER_MAX],
            causes: BTreeMap::new(),
            other_causes: Sum::default(),
            examples: BTreeMap::new(),
            problems: Vec::new(),
            empty: vec![0; pricer.bound.values().count()],
            assumed: Lines::default(),
            opted_out_later: Lines::default(),
            unchecked: 0,
            curve: Curve { step: 1, points: Vec::new() },
        }
    }

    pub(super) const fn balance(&self) -> Option<Money> {
        self.balance
    }

    pub(super) const fn bills_segments(&self) -> bool {
        self.by_segment
    }

    /// Takes note of rows that had nothing in any field: [`SheetReader::blank_rows`](super::SheetReader::blank_rows).
    pub const fn note_blank_rows(&mut self, rows: u64) {
        self.blank_rows = rows;
    }

    /// Adds the next row, and settles its status: only here it is known whether its number stood in the list before.
    pub fn add(&mut self, pricer: &Pricer<'_>, row: &Row<'_>, quote: &mut RowQuote) {
        self.rows += 1;
        if quote.assumed {
            self.assumed.add(quote.line);
        }
        self.settle(quote);
        if let Some(count) = self.statuses.get_mut(quote.status as usize) {
            *count += 1;
        }
        if quote.status == Status::Priced {
            self.add_priced(pricer, row, quote);
        } else if quote.status.is_problem() && self.problems.len() < PROBLEMS_LISTED_MAX {
            let cell =
                if row.trouble().is_some() { row.field(0) } else { row.field(pricer.columns().phone()) };
            self.problems.push(Problem { line: quote.line, status: quote.status, cell: shown(cell) });
        }
    }

    /// Looks for the number further up. A row that was not sent for another reason does not stand in the way of a later
    /// one; one that opts the number out does, however often a number may be texted.
    fn settle(&mut self, quote: &mut RowQuote) {
        if quote.key == 0 || !matches!(quote.status, Status::Priced | Status::OptedOut) {
            return;
        }
        let opted_out = quote.status == Status::OptedOut;
        let Some(before) = self.seen.mark(quote.key, if opted_out { OPTED_OUT } else { TEXTED }) else {
            self.unchecked += 1;
            return;
        };
        let texted = before & TEXTED != 0;
        if opted_out {
            if texted {
                self.opted_out_later.add(quote.line);
            }
            return;
        }
        quote.status = match before & OPTED_OUT != 0 {
            true => Status::OptedOut,
            false if texted && !self.keep_duplicates => Status::DuplicateNumber,
            false => return,
        };
        quote.price = Money::ZERO;
    }

    fn add_priced(&mut self, pricer: &Pricer<'_>, row: &Row<'_>, quote: &RowQuote) {
        let micros = quote.price.to_micros();
        let sent = self.statuses.get(Status::Priced as usize).copied().unwrap_or(0);
        self.total = self.total.and_then(|total| total.plus(quote.price));
        self.segments += u64::from(quote.segments);
        self.ucs2_rows += u64::from(quote.encoding == Encoding::Ucs2);
        self.uncertain_rows += u64::from(quote.segments_min < quote.segments);
        if let Some(sum) = self.places.get_mut(place_of(quote)) {
            sum.add(quote.segments, micros);
        }
        let bin = usize::try_from(quote.segments).ok().and_then(|segments| self.bins.get_mut(segments));
        if let Some(bin) = bin {
            bin.rows += 1;
            bin.per_unit_micros = bin.per_unit_micros.saturating_add(quote.per_unit.to_micros());
            bin.micros = bin.micros.saturating_add(micros);
            if bin.rows <= EXAMPLES_MAX {
                self.examples.entry(quote.segments).or_default().push(example(pricer, row, quote));
            }
        }
        if let Some(total) = self.total {
            self.curve.add(sent, total);
            if self.cover.stops_at.is_none() {
                if self.balance.is_none_or(|balance| total <= balance) {
                    (self.cover.rows, self.cover.total) = (sent, total);
                } else {
                    self.cover.stops_at = Some(quote.line);
                }
            }
        }
        for (place, count) in self.empty.iter_mut().enumerate() {
            *count += u64::try_from(place)
                .ok()
                .and_then(|place| quote.empty.checked_shr(place.try_into().ok()?))
                .unwrap_or(0)
                & 1;
        }
        if self.by_segment {
            self.add_savings(quote);
        }
    }

    fn add_savings(&mut self, quote: &RowQuote) {
        for (saving, then) in self.variants.iter_mut().zip(quote.variants) {
            saving.add(quote.segments, if then == 0 { quote.segments } else { then }, quote.per_unit);
        }
        // A text of one segment cannot be shortened to less.
        if quote.segments > 1
            && let Some(over) = quote.over.checked_sub(1).and_then(|over| usize::try_from(over).ok())
            && let Some(sum) = self.over.get_mut(over)
        {
            sum.add(1, quote.per_unit.to_micros());
        }
        let Some(cause) = quote.cause else { return };
        self.plain.add(quote.segments, quote.plain_segments, quote.per_unit);
        let saved = quote.segments.saturating_sub(quote.plain_segments);
        let micros = quote.per_unit.to_micros().saturating_mul(u64::from(saved));
        let known = self.causes.len() < CAUSES_MAX || self.causes.contains_key(&cause);
        let sum = if known { self.causes.entry(cause).or_default() } else { &mut self.other_causes };
        sum.add(saved, micros);
    }
}

fn place_of(quote: &RowQuote) -> usize {
    let nowhere = LETTERS * LETTERS;
    let Some(territory) = quote.territory() else { return nowhere };
    let letters = territory.as_str().bytes().map(|letter| usize::from(letter.wrapping_sub(b'A')));
    letters.fold(0, |place, letter| place * LETTERS + letter).min(nowhere)
}

/// The two letters of a place.
pub(super) fn letters_of(place: usize) -> Option<String> {
    let letter = |number: usize| u8::try_from(number).ok().map(|number| char::from(b'A' + number));
    (place < LETTERS * LETTERS)
        .then(|| [place / LETTERS, place % LETTERS].into_iter().filter_map(letter).collect())
}

fn example(pricer: &Pricer<'_>, row: &Row<'_>, quote: &RowQuote) -> Example {
    let longest = || {
        let mut values: Vec<_> = pricer.bound.values().collect();
        values.sort_by_key(|value| value.of(row).chars().count());
        values.last().map(|value| value.column)
    };
    let column = quote.cause.map(|(column, _)| column).or_else(longest);
    Example {
        line: quote.line,
        segments: quote.segments,
        price: quote.price,
        column,
        value: column.map(|column| shown(row.field(column).trim())).unwrap_or_default(),
        character: quote.cause.map(|(_, character)| character),
    }
}

/// So much of a cell as is repeated.
fn shown(cell: &str) -> String {
    match cell.char_indices().nth(CELL_SHOWN_MAX) {
        Some((end, _)) => {
            let mut shown = cell.get(..end).unwrap_or_default().to_string();
            shown.push('…');
            shown
        }
        None => cell.to_string(),
    }
}
