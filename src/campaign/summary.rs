//! What a campaign comes to.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Change, Covered, Example, Lines, Pricer, Problem, Status, Tally,
    tally::{OVER_MAX, letters_of},
};
use crate::money::Money;

/// Dearer rows that are shown.
const DEARER_SHOWN_MAX: usize = 10;
/// Characters that are named.
const CHARACTERS_SHOWN_MAX: usize = 20;

/// What a campaign comes to: every sum is over the rows that are sent.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Rows of the list, the first one with the names not among them.
    pub rows: u64,
    /// Rows with nothing in any field, not among those; empty lines are not counted.
    pub blank_rows: u64,
    /// Rows that can be sent.
    pub sendable: u64,
    /// Segments of all of them.
    pub segments: u64,
    /// Rows that are sent as UCS-2.
    pub ucs2_rows: u64,
    /// What they cost; `None`: beyond what can be calculated exactly.
    pub total: Option<Money>,
    /// The balance, if it was given, less the total; `None` while it is short.
    pub remaining: Option<Money>,
    /// What is missing.
    pub shortfall: Option<Money>,
    /// The balance, if it was given.
    pub balance: Option<Money>,
    /// How far the balance goes, in the list's order; all the way without one.
    pub covered: Covered,
    /// What became of the rows; only what there is, in the order of [`Status::ALL`].
    pub statuses: Vec<(Status, u64)>,
    /// Rows by segments: how many, and what they cost; only what there is.
    pub histogram: Vec<Bar>,
    /// By territory; only what there is, the dearest first.
    pub territories: Vec<Place>,
    /// The segments that most rows have.
    pub usual_segments: u32,
    /// Rows that have more.
    pub dearer_rows: u64,
    /// What those cost more than with the usual number of segments.
    pub dearer_extra: Money,
    /// Some of them.
    pub dearer: Vec<Example>,
    /// What turned rows to UCS-2, the dearest first.
    pub characters: Vec<Character>,
    /// What would make it cheaper, what saves most first.
    pub advice: Vec<Advice>,
    /// Places of the template that are empty in some rows and have no default: the column and how many rows.
    pub empty: Vec<(String, u64)>,
    /// Rows read as Windows-1252, because they were no UTF-8.
    pub assumed_windows_1252: Lines,
    /// Rows that opt a number out which a row further up texts.
    pub opted_out_later: Lines,
    /// Rows that were not looked for further up: more different numbers than are kept.
    pub unchecked_duplicates: u64,
    /// Rows whose count depends on whether the platform keeps clusters whole; the higher one is priced.
    pub uncertain_rows: u64,
    /// The first rows that somebody has to look at.
    pub problems: Vec<Problem>,
    /// How many there are.
    pub problem_rows: u64,
    /// The cost after so many sent rows, in steps.
    pub curve: Vec<(u64, Money)>,
}

/// Rows of one number of segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// So many segments.
    pub segments: u32,
    /// So many rows.
    pub rows: u64,
    /// So much for all of them.
    pub total: Money,
}

/// What goes to one territory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its two letters; `None` for numbers that belong to none.
    pub territory: Option<String>,
    /// So many rows.
    pub rows: u64,
    /// So many segments.
    pub segments: u64,
    /// So much for all of them.
    pub total: Money,
}

/// A character in the values of a column that turned rows to UCS-2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Character {
    /// The character.
    pub character: char,
    /// The column.
    pub column: String,
    /// In so many rows it was the first such one.
    pub rows: u64,
    /// What those rows cost more than with their values in GSM-7.
    pub extra: Money,
}

/// A change that would make the campaign cheaper, with the saving over the whole list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// `rewrite`, `rewrite-unaccented`, `rewrite-dropping`: another template; `plain-values`: values in GSM-7; `shorten`: a
    /// template of so many units less.
    pub kind: &'static str,
    /// The other template.
    pub template: Option<String>,
    /// What is changed in it.
    pub changes: Vec<Change>,
    /// Units to drop, for `shorten`.
    pub units: Option<u32>,
    /// Rows that become cheaper.
    pub rows: u64,
    /// What is saved. For `shorten` it is the least: texts whose cuts depend on what stands around them are not counted.
    pub saving: Money,
}

impl Tally {
    /// What it has come to so far.
    #[must_use]
    pub fn summary(&self, pricer: &Pricer<'_>) -> Summary {
        let statuses: Vec<(Status, u64)> =
            Status::ALL.iter().copied().zip(self.statuses).filter(|(_, rows)| *rows > 0).collect();
        let of = |wanted: fn(Status) -> bool| {
            statuses.iter().filter(|(status, _)| wanted(*status)).map(|(_, rows)| rows).sum()
        };
        let histogram: Vec<Bar> = (0_u32..)
            .zip(&self.bins)
            .filter(|(_, bin)| bin.rows > 0)
            .map(|(segments, bin)| Bar { segments, rows: bin.rows, total: Money::from_micros(bin.micros) })
            .collect();
        let usual = histogram.iter().rev().max_by_key(|bar| bar.rows).map_or(0, |bar| bar.segments);
        // Where a message is billed and not its segments, a long text is no dearer.
        let dearer_bars = histogram.iter().filter(|bar| bar.segments > usual && self.bills_segments());
        let balance = self.balance();
        let short = balance.zip(self.total);
        Summary {
            rows: self.rows,
            blank_rows: self.blank_rows,
            sendable: of(|status| status == Status::Priced),
            segments: self.segments,
            ucs2_rows: self.ucs2_rows,
            total: self.total,
            balance,
            remaining: short.and_then(|(balance, total)| balance.minus(total)),
            shortfall: short
                .and_then(|(balance, total)| total.minus(balance))
                .filter(|short| !short.is_zero()),
            covered: self.cover,
            territories: self.territories(),
            usual_segments: usual,
            dearer_rows: dearer_bars.map(|bar| bar.rows).sum(),
            dearer_extra: self.extra_over(usual),
            dearer: self.dearer(usual),
            characters: self.characters(pricer),
            advice: self.advice(pricer),
            empty: self.empty_places(pricer),
            assumed_windows_1252: self.assumed,
            opted_out_later: self.opted_out_later,
            unchecked_duplicates: self.unchecked,
            uncertain_rows: self.uncertain_rows,
            problems: self.problems.clone(),
            problem_rows: of(Status::is_problem),
            curve: self.curve_to_the_end(),
            histogram,
            statuses,
        }
    }

    fn territories(&self) -> Vec<Place> {
        let mut places: Vec<Place> = self
            .places
            .iter()
            .enumerate()
            .filter(|(_, sum)| sum.rows > 0)
            .map(|(place, sum)| Place {
                territory: letters_of(place),
                rows: sum.rows,
                segments: sum.segments,
                total: Money::from_micros(sum.micros),
            })
            .collect();
        places.sort_by_key(|place| core::cmp::Reverse(place.total));
        places
    }

    /// What rows of more segments than usual cost more than they would with that many.
    fn extra_over(&self, usual: u32) -> Money {
        let bins = (0_u64..).zip(&self.bins).filter(|_| self.bills_segments());
        let extra = bins.filter_map(|(segments, bin)| {
            let more = segments.checked_sub(u64::from(usual))?;
            Some(bin.per_unit_micros.saturating_mul(more))
        });
        Money::from_micros(extra.fold(0, u64::saturating_add))
    }

    fn dearer(&self, usual: u32) -> Vec<Example> {
        let mut dearer: Vec<Example> = self
            .examples
            .range(usual.saturating_add(1)..)
            .filter(|_| self.bills_segments())
            .flat_map(|(_, examples)| examples.clone())
            .collect();
        dearer.sort_by_key(|example| example.line);
        dearer.truncate(DEARER_SHOWN_MAX);
        dearer
    }

    fn characters(&self, pricer: &Pricer<'_>) -> Vec<Character> {
        let mut characters: Vec<Character> = self
            .causes
            .iter()
            .map(|((column, character), sum)| Character {
                character: *character,
                column: pricer.columns().name(*column).to_string(),
                rows: sum.rows,
                extra: Money::from_micros(sum.micros),
            })
            .collect();
        characters.sort_by_key(|character| core::cmp::Reverse((character.extra, character.rows)));
        characters.truncate(CHARACTERS_SHOWN_MAX);
        characters
    }

    fn advice(&self, pricer: &Pricer<'_>) -> Vec<Advice> {
        let mut advice = Vec::new();
        let mut best = 0;
        for (variant, saving) in pricer.variants.iter().zip(&self.variants) {
            // A variant that goes further has to save more.
            if saving.micros() > best {
                best = saving.micros();
                advice.push(Advice {
                    kind: variant.rewrite.as_str(),
                    template: Some(variant.template.source()),
                    changes: variant.changes.clone(),
                    units: None,
                    rows: saving.rows,
                    saving: Money::from_micros(best),
                });
            }
        }
        let plain = |kind, units, rows, micros| Advice {
            kind,
            template: None,
            changes: Vec::new(),
            units,
            rows,
            saving: Money::from_micros(micros),
        };
        if self.plain.micros() > 0 {
            advice.push(plain("plain-values", None, self.plain.rows, self.plain.micros()));
        }
        if let Some((units, rows, micros)) = self.best_cut(pricer) {
            advice.push(plain("shorten", Some(units), rows, micros));
        }
        advice.sort_by_key(|advice| core::cmp::Reverse(advice.saving));
        advice
    }

    /// So many units to drop that each of them saves most; the template has no more to drop than its own words.
    fn best_cut(&self, pricer: &Pricer<'_>) -> Option<(u32, u64, u64)> {
        let own = usize::try_from(pricer.bound.literals.units).unwrap_or(OVER_MAX);
        let (mut rows, mut micros) = (0, 0_u64);
        let mut best: Option<(u32, u64, u64)> = None;
        for (units, sum) in (1_u32..).zip(&self.over).take(own) {
            rows += sum.rows;
            micros = micros.saturating_add(sum.micros);
            let per_unit = |units: u32, micros: u64| u128::from(micros) / u128::from(units.max(1));
            let better = best.is_none_or(|(cut, _, saved)| per_unit(units, micros) >= per_unit(cut, saved));
            if micros > 0 && better {
                best = Some((units, rows, micros));
            }
        }
        best
    }

    fn empty_places(&self, pricer: &Pricer<'_>) -> Vec<(String, u64)> {
        let names = pricer.bound.values().map(|value| pricer.columns().name(value.column).to_string());
        let mut empty: Vec<(String, u64)> =
            names.zip(self.empty.iter().copied()).filter(|(_, rows)| *rows > 0).collect();
        empty.dedup_by(|a, b| a.0 == b.0);
        empty
    }

    fn curve_to_the_end(&self) -> Vec<(u64, Money)> {
        let mut points = self.curve.points.clone();
        let sent = self.statuses.get(Status::Priced as usize).copied().unwrap_or(0);
        if let Some(total) = self.total
            && points.last().is_some_and(|(rows, _)| *rows < sent)
        {
            points.push((sent, total));
        }
        points
    }
}
