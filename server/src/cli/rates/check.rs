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
    let channels: Vec<&str> = card.channels().map(textmeter::Channel::name).collect();
    let mut text = format!(
        "ok  {}\n    {}, as of {}, {}\n    channels: {}\n",
        args.card.display(),
        card.id(),
        card.as_of(),
        card.currency(),
        channels.join(", ")
    );
    for table in ["texting", "calling"] {
        let count = |field| document.get(table).and_then(|table| table.get(field)).map_or(0, entries);
        text.push_str(&format!(
            "    {table}: {} territories, {} fallbacks, {} prefixes\n",
            count("territories"),
            count("fallbacks"),
            count("prefixes")
        ));
    }
    super::print(&format!("{text}    source: {}\n", card.source()))?;
    Ok(ExitCode::SUCCESS)
}

fn entries(value: &Value) -> usize {
    value.as_object().map_or(0, serde_json::Map::len)
}
