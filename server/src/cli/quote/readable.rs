//! A quote as a person reads it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use textmeter::{Advice, Cover, Destination, Kind, Money, Price, Quote, Recipient, Unit};

const STRONG: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const CALM: Style = Style::new().dimmed();

/// At most so many savings are shown.
const SAVINGS_SHOWN: usize = 3;

pub(super) fn print(quote: &Quote<'_>, balance: Option<Money>, out: &mut impl Write) -> io::Result<()> {
    let money = |amount: Money| shown(amount, quote.card.currency());
    match quote.total {
        Some(total) => writeln!(out, "{STRONG}{}{STRONG:#}  {}", money(total), quantity(quote))?,
        None => writeln!(out, "{BAD}No price{BAD:#}  {}", quantity(quote))?,
    }
    for recipient in &quote.recipients {
        writeln!(out, "  {}", line(recipient, quote))?;
    }
    match (quote.cover, balance) {
        (Some(Cover::Covered { remaining, sends_left }), Some(balance)) => {
            let left = match sends_left {
                Some(0) if remaining.is_zero() => ", which uses your whole balance".to_owned(),
                Some(sends) => format!(", enough for {sends} more like this"),
                None => String::new(),
            };
            writeln!(
                out,
                "{GOOD}Balance{GOOD:#} {} -> {} after sending{left}",
                money(balance),
                money(remaining)
            )?;
        }
        (Some(Cover::Short { shortfall }), Some(balance)) => {
            writeln!(
                out,
                "{BAD}Over balance{BAD:#} you have {}: {} short. It would be refused and nothing sent.",
                money(balance),
                money(shortfall)
            )?;
        }
        _ => {}
    }
    for warning in &quote.warnings {
        let style = if warning.blocks() { BAD } else { AnsiColor::Yellow.on_default() };
        writeln!(out, "{style}Note{style:#} {}", warning.message())?;
    }
    let saves = |(advice, saving): &&(Advice<'_>, Option<Money>)| {
        saving.is_some_and(|saving| !saving.is_zero()) && advice.kind != Kind::NationalTable
    };
    for (advice, saving) in quote.advice.iter().filter(saves).take(SAVINGS_SHOWN) {
        let saving = saving.map(money).unwrap_or_default();
        writeln!(out, "{GOOD}Cheaper{GOOD:#} {}: saves {saving}", words(advice, quote))?;
    }
    writeln!(out, "{CALM}Rates {} of {}{CALM:#}", quote.card.id(), quote.card.as_of())
}

/// People read `$` where it is the dollar of the card.
fn shown(amount: Money, currency: &str) -> String {
    if currency == "USD" { format!("${amount}") } else { format!("{amount} {currency}") }
}

fn plural(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn quantity(quote: &Quote<'_>) -> String {
    if quote.channel.unit() == Unit::Minute {
        return plural(quote.quantity, "minute");
    }
    let cut = &quote.segmentation;
    let segments = cut.parts.len() as u64;
    let count = if cut.segments_min < cut.parts.len() {
        format!("{} to {}", cut.segments_min, plural(segments, "segment"))
    } else {
        plural(segments, "segment")
    };
    format!("{count} ({}, {} units, {} left)", cut.encoding.as_str(), cut.units, cut.units_left)
}

fn line(recipient: &Recipient<'_>, quote: &Quote<'_>) -> String {
    let money = |amount: Money| shown(amount, quote.card.currency());
    let (to, territory) = match &recipient.destination {
        Ok(Destination::Territory(territory)) => (territory.to_string(), String::new()),
        Ok(Destination::Number(number)) => {
            (number.to_string(), number.territory().map(|t| format!(" {t}")).unwrap_or_default())
        }
        Err(_) => (recipient.typed.escape_debug().to_string(), String::new()),
    };
    match &recipient.price {
        Price::Unpriced(reason) => format!("{to}{territory}  {BAD}{reason}{BAD:#}"),
        Price::Priced(charge) => {
            let unit = match quote.channel.unit() {
                Unit::Segment => "segment",
                Unit::Message => "message",
                Unit::Minute => "minute",
            };
            let how = if charge.local {
                format!("{} a {unit}, local", money(charge.per_unit))
            } else {
                format!(
                    "{} a {unit}: {} + rate {}",
                    money(charge.per_unit),
                    money(quote.channel.surcharge()),
                    money(charge.rate)
                )
            };
            format!("{to}{territory}  {}  {CALM}{how}{CALM:#}", money(charge.total))
        }
    }
}

fn words(advice: &Advice<'_>, quote: &Quote<'_>) -> String {
    let places = plural(advice.count as u64, "place");
    match (advice.kind, &advice.replacement) {
        (Kind::Shorten, _) => format!("{} shorter", plural(advice.count as u64, "character")),
        (Kind::All, _) => together(quote, false),
        (Kind::AllUnaccented, _) => together(quote, true),
        (_, Some(replacement)) if replacement.is_empty() => format!("drop {:?} ({places})", advice.found),
        (_, Some(replacement)) => format!("write {replacement:?} for {:?} ({places})", advice.found),
        (_, None) => format!("do without {:?} ({places})", advice.found),
    }
}

/// All changes in one line, since none of them may save anything alone.
fn together(quote: &Quote<'_>, accents: bool) -> String {
    let single = |advice: &&Advice<'_>| {
        let whole = matches!(advice.kind, Kind::Shorten | Kind::All | Kind::AllUnaccented);
        advice.replacement.is_some() && !whole && (accents || advice.kind != Kind::Unaccent)
    };
    let changes: Vec<&Advice<'_>> = quote.advice.iter().map(|(advice, _)| advice).filter(single).collect();
    let mut said: Vec<String> =
        changes.iter().take(SAVINGS_SHOWN).map(|advice| words(advice, quote)).collect();
    let more = changes.len().saturating_sub(said.len());
    if more > 0 {
        said.push(format!("{more} more"));
    }
    said.join(", ")
}
