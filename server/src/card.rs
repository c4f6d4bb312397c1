//! The rate card the twin quotes by: a file, or the copy that was current when the binary was built.

use std::path::Path;

use textmeter::RateCard;

use crate::{document, problem::Problem};

/// The card that travels with the binary, so that it answers without any file beside it.
const BUILT_IN: &str = include_str!("../../rates.json");

/// A card and the very bytes it was read from: the page is served these, so that both sides read the same card.
#[derive(Debug)]
pub struct LoadedCard {
    /// The card.
    pub card: RateCard,
    /// Its file's text.
    pub json: String,
}

/// Reads the card of a file; of `rates.json` in the working directory where there is one and no file is named; else the
/// built-in one.
///
/// # Errors
///
/// The file cannot be read, or the card in it is broken: then nothing of it is used.
pub fn load(file: Option<&Path>) -> Result<LoadedCard, Problem> {
    let here = Path::new("rates.json");
    let file = file.or_else(|| here.is_file().then_some(here));
    let json = match file {
        None => BUILT_IN.to_owned(),
        Some(file) => std::fs::read_to_string(file).map_err(|error| {
            Problem::new(
                "unreadable-rate-card",
                format!("cannot read the rate card {}: {error}", file.display()),
            )
        })?,
    };
    let named = |problem: Problem| match file {
        Some(file) => problem.within(&file.display().to_string()),
        None => problem,
    };
    let raw = document::read(json.as_bytes()).map_err(named)?;
    let card = RateCard::read(&raw).map_err(|error| named(Problem::from(error)))?;
    Ok(LoadedCard { card, json })
}
