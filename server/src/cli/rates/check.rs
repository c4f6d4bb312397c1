//! `textmeter rates check`.

use std::{path::PathBuf, process::ExitCode};

use serde_json::Value;

use super::card;

/// Say whether a card can be used, and what it holds.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The card.
    card: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let (card, document) = card::load(&args.card)?;
    println!("ok  {}", args.card.display());
    println!("    {}, as of {}, {}", card.id(), card.as_of(), card.currency());
    let channels: Vec<&str> = card.channels().map(textmeter::Channel::name).collect();
    println!("    channels: {}", channels.join(", "));
    for table in ["texting", "calling"] {
        let count = |field| document.get(table).and_then(|table| table.get(field)).map_or(0, entries);
        println!(
            "    {table}: {} territories, {} fallbacks, {} prefixes",
            count("territories"),
            count("fallbacks"),
            count("prefixes")
        );
    }
    println!("    source: {}", card.source());
    Ok(ExitCode::SUCCESS)
}

fn entries(value: &Value) -> usize {
    value.as_object().map_or(0, serde_json::Map::len)
}
