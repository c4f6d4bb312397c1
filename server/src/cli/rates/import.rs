//! `textmeter rates import`: a price sheet to a rate card.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use super::{
    card,
    columns::{self, Columns, Named},
    names::{Destination, Names},
    reduce::{Prices, Reading, Reduced, Seen, reduce},
    sheet::Sheet,
};
use crate::cli::output::note;

/// The card that textmeter ships: its channels, local territories and fallbacks are a new card's.
const SHIPPED: &str = include_str!("../../../../rates.json");

/// The table of the card that a sheet fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// One price a destination.
    Texting,
    /// A price a minute, to landlines and to mobiles.
    Calling,
}

impl Kind {
    const fn table(self) -> &'static str {
        match self {
            Kind::Texting => "texting",
            Kind::Calling => "calling",
        }
    }
}

/// Turn a price sheet (CSV) into a rate card.
///
/// Columns are found by their headers; rows by ISO code, country name or dialling prefix. Where a destination has
/// several rows (operators), the highest price is kept and said. Rows that cannot be placed are listed, never dropped
/// silently. The card goes to standard output, the report to standard error.
#[derive(clap::Args)]
#[command(after_help = "Exit codes: 0 the card is written, 1 it is not.")]
pub(super) struct Args {
    /// The sheet: CSV, separated by comma, semicolon, tab or bar.
    sheet: PathBuf,
    /// The table it fills.
    #[arg(long, value_enum, default_value = "texting")]
    table: Kind,
    /// Put it onto this card: its table is replaced, and with texting what the card says of itself; the rest stays.
    #[arg(long, value_name = "CARD")]
    onto: Option<PathBuf>,
    /// With --onto: keep the table's rows that the sheet does not have.
    #[arg(long, requires = "onto")]
    merge: bool,
    #[command(flatten)]
    named: Named,
    /// The card's new id [default: the sheet's file name; with --onto the card's]
    #[arg(long)]
    id: Option<String>,
    /// The day the prices hold, as in 2026-05-25 [default: the day in the price's header or the file name]
    #[arg(long, value_name = "DAY")]
    as_of: Option<String>,
    /// Where the prices come from [default: the sheet's first comment line]
    #[arg(long)]
    source: Option<String>,
    /// What readers have to know before trusting them.
    #[arg(long)]
    note: Option<String>,
    /// The currency of the prices [default: what the header, the comment or the card says]
    #[arg(long)]
    currency: Option<String>,
    /// Write the card here instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Fail if a row cannot be placed.
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let sheet = Sheet::open(&args.sheet)?;
    let columns = Columns::find(&sheet, &args.named, args.table)
        .map_err(|message| format!("{}: {message}", args.sheet.display()))?;
    let mut card = base(args)?;
    let currency = currency(args, &sheet, &columns, &card)?;
    let reduced = reduce(
        &sheet,
        &columns,
        &Names::new(),
        &Reading { currency: &currency, kind: args.table, by_prefix: args.named.column_prefix.is_some() },
    );
    report(args, &sheet, &columns, &reduced);
    if reduced.rates.is_empty() {
        return Err("no row of this sheet could be placed and priced; nothing is written".to_owned());
    }
    if args.strict && !reduced.unplaced.is_empty() {
        let count = reduced.unplaced.len();
        let rows = if count == 1 { "row" } else { "rows" };
        return Err(format!(
            "{count} {rows} could not be placed (listed above), and --strict was asked for; nothing is written"
        ));
    }
    lay(args, &sheet, &columns, &currency, &reduced, &mut card)?;
    let text = card::write(&card);
    let (proved, _) =
        card::prove(&text).map_err(|message| format!("this would not be a good card: {message}"))?;
    match &args.out {
        None => super::print(&text)?,
        Some(path) => {
            replace(path, &text)?;
            note(format_args!("wrote {}: {}, as of {}", path.display(), proved.id(), proved.as_of()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The card that the sheet goes onto: the one named, or the shipped one without its prices.
fn base(args: &Args) -> Result<Value, String> {
    if let Some(path) = &args.onto {
        return Ok(card::load(path)?.1);
    }
    let mut card = shipped()?;
    if let Some(fields) = card.as_object_mut() {
        fields.retain(|field, _| field != Kind::Texting.table() && field != Kind::Calling.table());
    }
    Ok(card)
}

fn shipped() -> Result<Value, String> {
    Ok(card::prove(SHIPPED)?.1)
}

fn currency(args: &Args, sheet: &Sheet, columns: &Columns, card: &Value) -> Result<String, String> {
    let of_card = args.onto.as_ref().and_then(|_| card.get("currency")).and_then(Value::as_str);
    let currency = args.currency.as_deref().or(columns::currency(sheet, columns)).or(of_card);
    let currency = currency.ok_or("the sheet does not say its currency; give --currency USD (or another)")?;
    match of_card {
        Some(of_card) if of_card != currency => {
            Err(format!("the sheet is in {currency}, the card in {of_card}: one card has one currency"))
        }
        _ => Ok(currency.to_owned()),
    }
}

/// What a sheet says about itself, or its importer does.
struct About {
    as_of: String,
    source: String,
    note: String,
}

impl About {
    /// `old` is the table that a merge adds to: what is not said anew, it goes on saying.
    fn find(args: &Args, sheet: &Sheet, columns: &Columns, old: &Value) -> Result<About, String> {
        let stem = args.sheet.file_stem().unwrap_or_default().to_string_lossy();
        let kept = |field: &str| old.get(field).filter(|_| args.merge)?.as_str().map(str::to_owned);
        let as_of = args.as_of.clone().or_else(|| columns.day(sheet)).or_else(|| columns::day_in(&stem));
        let comment = Some(&sheet.comment).filter(|comment| !comment.is_empty());
        let source = args.source.clone().or_else(|| kept("source")).or_else(|| comment.cloned());
        Ok(About {
            as_of: as_of.or_else(|| kept("as_of")).ok_or(
                "neither the header nor the file's name has a day; give --as-of 2026-05-25 (or another)",
            )?,
            source: source
                .unwrap_or_else(|| args.sheet.file_name().unwrap_or_default().to_string_lossy().into_owned()),
            note: args.note.clone().or_else(|| kept("note")).unwrap_or_default(),
        })
    }
}

/// Lays the rates onto the card, and what it says about them.
fn lay(
    args: &Args,
    sheet: &Sheet,
    columns: &Columns,
    currency: &str,
    reduced: &Reduced,
    card: &mut Value,
) -> Result<(), String> {
    let card = card.as_object_mut().ok_or("the card is not an object")?;
    let old = card.get(args.table.table()).cloned().unwrap_or_else(|| json!({}));
    let about = About::find(args, sheet, columns, &old)?;
    let table = table(args, &about, &old, reduced)?;
    let changed = old != table;
    card.insert(args.table.table().to_owned(), table);

    // The card's own words are about its texting prices: whoever replaces those, replaces them.
    if args.onto.is_none() || (args.table == Kind::Texting && !args.merge) {
        card.insert("as_of".to_owned(), Value::from(about.as_of));
        card.insert("source".to_owned(), Value::from(about.source));
        card.insert("note".to_owned(), Value::from(about.note));
        card.insert("currency".to_owned(), Value::from(currency));
    }
    if let Some(id) = &args.id {
        card.insert("id".to_owned(), Value::from(id.as_str()));
    } else if args.onto.is_none() {
        let stem = args.sheet.file_stem().unwrap_or_default().to_string_lossy();
        card.insert("id".to_owned(), Value::from(stem));
    } else if changed {
        note(format_args!("the card keeps its id although it changed; quotes cite it: consider --id"));
    }
    Ok(())
}

/// The table with the sheet's rows, on top of the old one's where they are merged.
fn table(args: &Args, about: &About, old: &Value, reduced: &Reduced) -> Result<Value, String> {
    let kept = |field: &str| old.get(field).filter(|_| args.merge)?.as_object().cloned();
    let mut territories = kept("territories").unwrap_or_default();
    let mut prefixes = kept("prefixes").unwrap_or_default();
    for (destination, prices) in &reduced.rates {
        let Some(rate) = rate(args.table, prices) else { continue };
        match destination {
            Destination::Territory(code) => territories.insert(code.clone(), rate),
            Destination::Prefix(digits) => prefixes.insert(digits.clone(), rate),
        };
    }
    territories.sort_keys();
    prefixes.sort_keys();
    let shipped = shipped()?;
    let fallbacks = old.get("fallbacks").or_else(|| shipped.get(args.table.table())?.get("fallbacks"));
    let (fallbacks, dropped): (Map<_, _>, Map<_, _>) = fallbacks
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
        .into_iter()
        .partition(|(_, target)| target.as_str().is_some_and(|target| territories.contains_key(target)));
    if !dropped.is_empty() {
        let dropped: Vec<String> = dropped
            .iter()
            .map(|(from, to)| format!("{from} to {}", to.as_str().unwrap_or_default()))
            .collect();
        note(format_args!("fallbacks left out, as they lead to no row: {}", dropped.join(", ")));
    }
    let mut table = Map::new();
    table.insert("as_of".to_owned(), Value::from(about.as_of.as_str()));
    table.insert("source".to_owned(), Value::from(about.source.as_str()));
    table.insert("note".to_owned(), Value::from(about.note.as_str()));
    table.insert("fallbacks".to_owned(), Value::from(fallbacks));
    table.insert("territories".to_owned(), Value::from(territories));
    table.insert("prefixes".to_owned(), Value::from(prefixes));
    Ok(Value::from(table))
}

/// A row of the card: the highest price of each kind, and the other line type's where a sheet has only one.
fn rate(table: Kind, prices: &Prices) -> Option<Value> {
    let highest = |seen: Option<Seen>| seen.map(|seen| seen.highest.to_string());
    let price = highest(prices.price.or(prices.mobile))?;
    Some(match table {
        Kind::Texting => Value::from(price),
        Kind::Calling => {
            json!({ "landline": price, "mobile": highest(prices.mobile).unwrap_or_else(|| price.clone()) })
        }
    })
}

/// Says on standard error what became of the sheet.
fn report(args: &Args, sheet: &Sheet, columns: &Columns, reduced: &Reduced) {
    let header = |column: usize| sheet.header.get(column).map_or("", String::as_str);
    let roles = [
        ("code", columns.code),
        ("country", columns.country),
        ("description", columns.description),
        ("prefix", columns.prefix),
        (if args.table == Kind::Calling { "landline" } else { "price" }, Some(columns.price)),
        ("mobile", columns.mobile),
    ];
    let roles: Vec<String> = roles
        .iter()
        .filter_map(|(role, column)| column.map(|column| format!("{role} = \"{}\"", header(column))))
        .collect();
    note(format_args!("{}: columns {}", args.sheet.display(), roles.join(", ")));
    if !columns.passed_over.is_empty() {
        let others: Vec<&str> = columns.passed_over.iter().map(|column| header(*column)).collect();
        note(format_args!(
            "other prices in it, not read: {} (choose with --column-price)",
            others.join(", ")
        ));
    }
    let rows = sheet.rows.len() + sheet.ragged.len();
    let prefixes = reduced.rates.keys().filter(|key| matches!(key, Destination::Prefix(_))).count();
    note(format_args!(
        "rows read: {rows}; rates for {} territories and {prefixes} prefixes",
        reduced.rates.len() - prefixes
    ));
    let spreads: Vec<String> =
        reduced.rates.iter().flat_map(|(key, prices)| spread(key.key(), prices)).collect();
    if !spreads.is_empty() {
        note(format_args!(
            "different prices for one destination, the highest kept:\n  {}",
            spreads.join("\n  ")
        ));
    }
    for (several, lines) in &reduced.spread_out {
        let lines = lines.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        note(format_args!("for several destinations at once: line {lines}; priced {}", keys(several)));
    }
    if args.table == Kind::Calling {
        let one: Vec<Destination> = reduced
            .rates
            .iter()
            .filter(|(_, prices)| prices.mobile.is_none() || prices.price.is_none())
            .map(|(key, _)| key.clone())
            .collect();
        if !one.is_empty() {
            note(format_args!("one price for landline and mobile: {}", keys(&one)));
        }
    }
    if !reduced.unpriced.is_empty() {
        note(format_args!("no price published, so no row: {}", keys(&reduced.unpriced)));
    }
    if !reduced.unplaced.is_empty() {
        note(format_args!("not placed: {}", reduced.unplaced.len()));
        for (line, reason) in &reduced.unplaced {
            note(format_args!("  line {line}: {reason}"));
        }
    }
}

fn spread(key: &str, prices: &Prices) -> impl Iterator<Item = String> {
    [prices.price, prices.mobile]
        .into_iter()
        .flatten()
        .filter(|seen| seen.lowest != seen.highest)
        .map(move |seen| format!("{key}: {} to {}", seen.lowest, seen.highest))
}

fn keys(destinations: &[Destination]) -> String {
    match destinations {
        [] => "none, as each has its own row".to_owned(),
        several => several.iter().map(Destination::key).collect::<Vec<_>>().join(", "),
    }
}

/// Writes beside the file and renames: a reader never sees half a card.
fn replace(path: &Path, text: &str) -> Result<(), String> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| format!("{}: {error}", path.display()))
}
