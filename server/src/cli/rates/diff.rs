//! `textmeter rates diff`.

use std::{collections::BTreeSet, path::PathBuf, process::ExitCode, str::FromStr as _};

use anstyle::{AnsiColor, Style};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};
use textmeter::RateCard;

use super::card;

/// Decimals of a percentage; amounts are never rounded.
const PERCENT_DECIMALS: u32 = 2;

/// Show what changes from one card to another.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The card in use.
    from: PathBuf,
    /// The card that would replace it.
    to: PathBuf,
    /// Print the changes as JSON.
    #[arg(long)]
    json: bool,
}

/// One difference. `path` is where, as errors name it: `texting.territories.GB`.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    path: String,
    kind: Kind,
    from: Option<String>,
    to: Option<String>,
    /// Of two amounts: what is added (or taken away), and that as a percentage of the old one.
    difference: Option<(Decimal, Option<Decimal>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Added,
    Removed,
    Dearer,
    Cheaper,
    Changed,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Added, Kind::Removed, Kind::Dearer, Kind::Cheaper, Kind::Changed];

    const fn word(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Dearer => "dearer",
            Kind::Cheaper => "cheaper",
            Kind::Changed => "changed",
        }
    }

    /// Red costs more, green less.
    const fn style(self) -> Style {
        match self {
            Kind::Dearer | Kind::Removed => AnsiColor::Red.on_default(),
            Kind::Cheaper | Kind::Added => AnsiColor::Green.on_default(),
            Kind::Changed => AnsiColor::Yellow.on_default(),
        }
    }
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let (from, to) = (card::load(&args.from)?, card::load(&args.to)?);
    let changes = compare(&from.1, &to.1);
    let out = if args.json { as_json(&from.0, &to.0, &changes) } else { as_table(&from.0, &to.0, &changes) };
    super::print(&out)?;
    Ok(ExitCode::from(u8::from(!changes.is_empty())))
}

/// All differences that a price can depend on, table by table. Sources, notes and dates do not count.
fn compare(from: &Value, to: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in ["currency", "local"] {
        compare_at(field.to_owned(), from.get(field), to.get(field), &mut changes);
    }
    compare_at("channels".to_owned(), from.get("channels"), to.get("channels"), &mut changes);
    for table in ["texting", "calling"] {
        for part in ["territories", "fallbacks", "prefixes"] {
            let part_of = |card: &Value| card.get(table).and_then(|table| table.get(part)).cloned();
            let empty = || json!({});
            let (old, new) = (part_of(from).unwrap_or_else(empty), part_of(to).unwrap_or_else(empty));
            compare_at(format!("{table}.{part}"), Some(&old), Some(&new), &mut changes);
        }
    }
    changes
}

fn compare_at(path: String, from: Option<&Value>, to: Option<&Value>, changes: &mut Vec<Change>) {
    match (from, to) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                compare_at(format!("{path}.{key}"), old.get(key), new.get(key), changes);
            }
        }
        (Some(old), Some(new)) if old == new => {}
        (None, None) => {}
        (old, new) => changes.extend(change(path, old, new)),
    }
}

/// The change of a value; none where two amounts are written differently but are the same.
fn change(path: String, from: Option<&Value>, to: Option<&Value>) -> Option<Change> {
    let amount = |value: Option<&Value>| Decimal::from_str(value?.as_str()?).ok();
    let (kind, difference) = match (from, to) {
        (None, _) => (Kind::Added, None),
        (_, None) => (Kind::Removed, None),
        _ => match (amount(from), amount(to)) {
            (Some(old), Some(new)) if old == new => return None,
            (Some(old), Some(new)) => {
                let kind = if new > old { Kind::Dearer } else { Kind::Cheaper };
                (kind, new.checked_sub(old).map(|more| (more, percent(more, old))))
            }
            _ => (Kind::Changed, None),
        },
    };
    Some(Change { path, kind, from: from.map(shown), to: to.map(shown), difference })
}

fn percent(more: Decimal, old: Decimal) -> Option<Decimal> {
    let percent = more.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(old)?;
    Some(percent.round_dp_with_strategy(PERCENT_DECIMALS, RoundingStrategy::MidpointAwayFromZero).normalize())
}

/// A value on one line: amounts bare, rows of two as they are read aloud.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| format!("{key} {}", shown(value))).collect::<Vec<_>>().join(", ")
        }
        value => value.to_string(),
    }
}

/// A difference with its sign: like amounts, with at least two decimals and no trailing zeros beyond them.
fn signed(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    amount.rescale(amount.scale().max(2));
    if amount.is_sign_negative() { amount.to_string() } else { format!("+{amount}") }
}

fn as_json(from: &RateCard, to: &RateCard, changes: &[Change]) -> String {
    let card =
        |card: &RateCard| json!({ "id": card.id(), "as_of": card.as_of(), "currency": card.currency() });
    let changes: Vec<Value> = changes
        .iter()
        .map(|change| {
            let mut fields = Map::new();
            fields.insert("kind".to_owned(), change.kind.word().into());
            fields.insert("at".to_owned(), change.path.as_str().into());
            fields.insert("from".to_owned(), change.from.as_deref().into());
            fields.insert("to".to_owned(), change.to.as_deref().into());
            if let Some((difference, percent)) = change.difference {
                fields.insert("difference".to_owned(), signed(difference).into());
                fields.insert("percent".to_owned(), percent.map(signed).into());
            }
            Value::from(fields)
        })
        .collect();
    format!(
        "{:#}\n",
        json!({ "from": card(from), "to": card(to), "equal": changes.is_empty(), "changes": changes })
    )
}

fn as_table(from: &RateCard, to: &RateCard, changes: &[Change]) -> String {
    let name = |card: &RateCard| format!("{} (as of {}, {})", card.id(), card.as_of(), card.currency());
    let mut text = format!("from  {}\nto    {}\n", name(from), name(to));
    if changes.is_empty() {
        text.push_str("Both price alike.\n");
        return text;
    }
    if from.currency() != to.currency() {
        text.push_str("The currencies differ: \"dearer\" and \"cheaper\" only compare the figures.\n");
    }
    let widest = |cell: fn(&Change) -> usize| changes.iter().map(cell).max().unwrap_or(0);
    let path = widest(|change| change.path.len());
    let old = widest(|change| change.from.as_ref().map_or(1, String::len)).min(12);
    let new = widest(|change| change.to.as_ref().map_or(1, String::len)).min(12);
    for kind in Kind::ALL {
        let of_kind = changes.iter().filter(|change| change.kind == kind);
        for (place, change) in of_kind.clone().enumerate() {
            if place == 0 {
                let (style, word) = (kind.style(), kind.word());
                text.push_str(&format!("\n{style}{word} ({}){style:#}\n", of_kind.clone().count()));
            }
            let cell = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
            let line = format!(
                "  {:path$}  {:>old$} -> {:<new$}",
                change.path,
                cell(&change.from),
                cell(&change.to)
            );
            text.push_str(line.trim_end());
            if let Some((difference, percent)) = change.difference {
                let blank =
                    " ".repeat((path + old + new + 8).saturating_sub(line.trim_end().chars().count()));
                text.push_str(&format!("{blank}  {:>9}", signed(difference)));
                if let Some(percent) = percent {
                    text.push_str(&format!("  {:>9}%", signed(percent)));
                }
            }
            text.push('\n');
        }
    }
    let counts: Vec<String> = Kind::ALL
        .into_iter()
        .map(|kind| (changes.iter().filter(|change| change.kind == kind).count(), kind.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    text.push_str(&format!("\n{}\n", counts.join(", ")));
    text
}
