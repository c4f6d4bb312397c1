//! A campaign as a person reads it.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anstyle::{AnsiColor, Style};
use textmeter::{
    Money, RateCard,
    campaign::{Advice, Columns, Example, Lines, Status, Summary},
};

use super::files::Rejects;
use crate::campaign::pipeline::Outcome;

const STRONG: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Yellow.on_default();
const CALM: Style = Style::new().dimmed();

/// Cells of the longest bar.
const BAR_CELLS: u64 = 30;
/// Lines of one picture; what is left over is one more.
const BARS_SHOWN: usize = 8;
/// Dearer rows and problems that are shown one by one.
const ROWS_SHOWN: usize = 5;
/// Savings that are shown.
const SAVINGS_SHOWN: usize = 4;

/// What there is to tell.
pub(super) struct About<'a> {
    pub(super) card: &'a RateCard,
    pub(super) columns: &'a Columns,
    pub(super) outcome: &'a Outcome,
    pub(super) wrapped: &'a [&'static str],
    pub(super) out: Option<PathBuf>,
    pub(super) rejects: Rejects,
}

pub(super) fn print(about: &About<'_>, out: &mut impl Write) -> io::Result<()> {
    let summary = &about.outcome.summary;
    head(about, summary, out)?;
    pictures(about, summary, out)?;
    not_sent(about, summary, out)?;
    dearer(about, summary, out)?;
    for advice in summary.advice.iter().take(SAVINGS_SHOWN) {
        cheaper(about, advice, out)?;
    }
    notes(about, summary, out)?;
    if let Some(path) = &about.out {
        writeln!(out, "Priced rows are in {}", path.display())?;
    }
    writeln!(out, "{CALM}Rates {} of {}{CALM:#}", about.card.id(), about.card.as_of())
}

impl About<'_> {
    /// People read `$` where it is the dollar of the card.
    fn money(&self, amount: Money) -> String {
        let text = amount.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, "00"));
        let grouped = grouped(whole.parse().unwrap_or(0));
        let currency = self.card.currency();
        if currency == "USD" {
            format!("${grouped}.{decimals}")
        } else {
            format!("{grouped}.{decimals} {currency}")
        }
    }
}

/// 1204118 as 1,204,118.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

pub(super) fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(count)) }
}

fn head(about: &About<'_>, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let total = match summary.total {
        Some(total) => format!("{STRONG}{}{STRONG:#}", about.money(total)),
        None => format!("{BAD}No price{BAD:#}, the sum is beyond what can be calculated exactly"),
    };
    let sendable = if summary.sendable == summary.rows {
        rows(summary.rows)
    } else {
        format!("{} of {}", grouped(summary.sendable), rows(summary.rows))
    };
    writeln!(out, "{total}  {sendable} to send, {} segments", grouped(summary.segments))?;
    let (Some(balance), Some(_)) = (summary.balance, summary.total) else { return Ok(()) };
    match (summary.remaining, summary.shortfall) {
        (Some(remaining), _) => {
            writeln!(
                out,
                "{GOOD}Balance{GOOD:#} {} -> {} after sending",
                about.money(balance),
                about.money(remaining)
            )
        }
        (None, shortfall) => {
            let stops =
                summary.covered.stops_at.map(|line| format!("; line {line} is the first it does not"));
            let stops = stops.unwrap_or_default();
            writeln!(
                out,
                "{BAD}Over balance{BAD:#} you have {}: {} short. It covers the first {} ({}){stops}.",
                about.money(balance),
                about.money(shortfall.unwrap_or(Money::ZERO)),
                rows(summary.covered.rows),
                about.money(summary.covered.total),
            )
        }
    }
}

/// A list's words are strangers' words: what would steer a terminal, turn the line around or not be seen is spelled out.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\'' | '\\' => shown.push(c),
            // Behind a letter an accent is one with it, and is left as it is.
            _ => shown.extend(String::from_iter(['a', c]).escape_debug().skip(1)),
        }
    }
    shown
}

/// A line of a picture: its label, its rows, what it costs.
type Line = (String, u64, Option<Money>);

fn pictures(about: &About<'_>, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let segments = summary.histogram.iter().map(|bar| (bar.segments.to_string(), bar.rows, Some(bar.total)));
    picture(about, "Segments", &segments.collect::<Vec<Line>>(), out)?;
    let territories = summary.territories.iter().map(|place| {
        (place.territory.clone().unwrap_or_else(|| "no territory".to_owned()), place.rows, Some(place.total))
    });
    picture(about, "Territories", &territories.collect::<Vec<Line>>(), out)
}

fn picture(about: &About<'_>, title: &str, lines: &[Line], out: &mut impl Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{STRONG}{title}{STRONG:#}")?;
    let most = lines.iter().map(|(_, rows, _)| *rows).max().unwrap_or(1).max(1);
    let widest = lines.iter().take(BARS_SHOWN).map(|(label, ..)| label.len()).max().unwrap_or(0);
    for (label, rows, total) in lines.iter().take(BARS_SHOWN) {
        let cost = total.map(|total| about.money(total)).unwrap_or_default();
        writeln!(
            out,
            "  {label:>widest$}  {:<width$}  {:>11}  {cost}",
            bar(*rows, most),
            grouped(*rows),
            width = 30
        )?;
    }
    let more = lines.get(BARS_SHOWN..).unwrap_or_default();
    if !more.is_empty() {
        let rows: u64 = more.iter().map(|(_, rows, _)| rows).sum();
        writeln!(out, "  {CALM}and {} more, {}{CALM:#}", more.len(), self::rows(rows))?;
    }
    Ok(())
}

/// A bar to an eighth of a cell; what is more than nothing shows.
fn bar(value: u64, most: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = u128::from(value) * u128::from(BAR_CELLS * 8) / u128::from(most);
    let eighths = usize::try_from(eighths).unwrap_or(0).max(usize::from(value > 0));
    let end = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
    format!("{}{end}", "█".repeat(eighths / 8))
}

fn not_sent(about: &About<'_>, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    if summary.sendable == summary.rows {
        return Ok(());
    }
    writeln!(out, "{STRONG}Not sent{STRONG:#}")?;
    for (status, count) in summary.statuses.iter().filter(|(status, _)| *status != Status::Priced) {
        let style = if status.is_problem() { BAD } else { CALM };
        writeln!(out, "  {:>11}  {style}{}{style:#}  {}", grouped(*count), status.code(), status.message())?;
    }
    for problem in summary.problems.iter().take(ROWS_SHOWN) {
        let cell = printable(&problem.cell);
        writeln!(out, "  line {}: {CALM}{}{CALM:#} \"{cell}\"", problem.line, problem.status.code())?;
    }
    let more = summary.problem_rows.saturating_sub(ROWS_SHOWN as u64);
    if more > 0 {
        writeln!(out, "  {CALM}and {} more{CALM:#}", rows(more))?;
    }
    match &about.rejects {
        Rejects::In(path) if summary.problem_rows > 0 => {
            writeln!(out, "  All of those that have a problem are in {}", path.display())
        }
        Rejects::Nowhere(problem) => {
            let hint = "name a file with --rejects to have all of those that have a problem";
            writeln!(out, "  {NOTE}{}{NOTE:#}; {hint}", problem.message())
        }
        Rejects::In(_) | Rejects::None => Ok(()),
    }
}

fn dearer(about: &About<'_>, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    if summary.dearer_rows == 0 {
        return Ok(());
    }
    let usual = if summary.usual_segments == 1 {
        "1 segment".to_owned()
    } else {
        format!("{} segments", summary.usual_segments)
    };
    writeln!(
        out,
        "{STRONG}Dearer than the rest{STRONG:#}  {} with more than {usual}: {} more",
        rows(summary.dearer_rows),
        about.money(summary.dearer_extra)
    )?;
    for example in summary.dearer.iter().take(ROWS_SHOWN) {
        writeln!(out, "  line {}: {} segments, {}", example.line, example.segments, why(about, example))?;
    }
    for character in summary.characters.iter().filter(|character| !character.extra.is_zero()).take(ROWS_SHOWN)
    {
        let extra = about.money(character.extra);
        let c = printable(character.character.encode_utf8(&mut [0; 4]));
        let column = printable(&character.column);
        writeln!(out, "  \"{c}\" in {column} turns {} to UCS-2: {extra}", rows(character.rows))?;
    }
    Ok(())
}

fn why(about: &About<'_>, example: &Example) -> String {
    let Some(column) = example.column else { return "as the template is".to_owned() };
    let (column, value) = (printable(about.columns.name(column)), printable(&example.value));
    match example.character {
        Some(c) => {
            let c = printable(c.encode_utf8(&mut [0; 4]));
            format!("because of \"{c}\" in {column} \"{value}\"")
        }
        None => format!("because of the length of {column} \"{value}\""),
    }
}

fn cheaper(about: &About<'_>, advice: &Advice, out: &mut impl Write) -> io::Result<()> {
    let saving = about.money(advice.saving);
    let what = match (&advice.template, advice.units) {
        (Some(template), _) => {
            let changes =
                advice.changes.iter().take(SAVINGS_SHOWN).map(|change| match change.replacement.as_str() {
                    "" => format!("drop {:?}", change.found),
                    replacement => format!("write {replacement:?} for {:?}", change.found),
                });
            let changes: Vec<String> = changes.collect();
            let more = advice.changes.len().saturating_sub(changes.len());
            let more = if more > 0 { format!(", {more} more") } else { String::new() };
            format!("{}{more}\n  {CALM}{}{CALM:#}", changes.join(", "), printable(template))
        }
        (None, Some(1)) => "a template of 1 character less".to_owned(),
        (None, Some(units)) => format!("a template of {units} characters less"),
        (None, None) => "write the values without the accents and signs that GSM-7 lacks".to_owned(),
    };
    writeln!(out, "{GOOD}Cheaper{GOOD:#} saves {saving} over {}: {what}", rows(advice.rows))
}

fn notes(about: &About<'_>, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let mut notes: Vec<String> = Vec::new();
    for (column, count) in &summary.empty {
        notes.push(format!("no {column} in {}; give it a default: {{{{{column}|there}}}}", rows(*count)));
    }
    let lines =
        |what: &str, lines: Lines| format!("{what}: {}, the first on line {}", rows(lines.rows), lines.first);
    if summary.assumed_windows_1252.rows > 0 {
        notes.push(lines("read as Windows-1252, being no UTF-8", summary.assumed_windows_1252));
    }
    if summary.opted_out_later.rows > 0 {
        notes.push(lines("opted out further down than texted", summary.opted_out_later));
    }
    if summary.unchecked_duplicates > 0 {
        let unchecked = rows(summary.unchecked_duplicates);
        notes.push(format!(
            "too many different numbers to look for all of them further up: {unchecked} were not"
        ));
    }
    if summary.uncertain_rows > 0 {
        let uncertain = rows(summary.uncertain_rows);
        notes.push(format!(
            "a character lies across a segment boundary in {uncertain}, where platforms differ; the higher count is priced"
        ));
    }
    if summary.blank_rows > 0 {
        notes.push(format!("nothing at all in {}", rows(summary.blank_rows)));
    }
    let others: Vec<&str> = about.columns.other_phones().collect();
    if !others.is_empty() {
        let used = about.columns.name(about.columns.phone());
        notes.push(format!("numbers are from the column {used}; there is also {}", others.join(", ")));
    }
    if !about.wrapped.is_empty() {
        notes.push(format!("the list is {}", about.wrapped.join(", ")));
    }
    for note in notes {
        writeln!(out, "{NOTE}Note{NOTE:#} {}", printable(&note))?;
    }
    Ok(())
}
