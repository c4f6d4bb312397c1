//! The door JavaScript comes in by. It reads, calls and answers; nothing is decided here.
//!
//! What goes through is JSON, and `npm/meter.js` is on its other side: one string each way is quicker than a call for each
//! field, and leaves the work to the engine's own writer and parser. Beside objects that were written and parsed from in
//! here it is 0.5 KB less to download, and a quote takes a fifth less time.

#[cfg(feature = "campaign")]
mod campaign;
mod document;
#[cfg(feature = "standalone")]
mod standalone;

use alloc::string::String;
use core::cell::Cell;

use wasm_bindgen::prelude::*;

use crate::{Counts, Encoding, Error, QuoteRequest, RateCard, Sender, count};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wasm/contract.d.ts");

/// Quotes by one rate card. Nothing is thrown from in here: an error is an answer, and `npm/meter.js` throws it. What
/// would carry exceptions through the border is 0.5 KB.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Meter {
    card: Result<RateCard, Error>,
    /// Which of the card's channels texts are counted on.
    channel: Cell<Option<usize>>,
    /// What was counted last.
    counts: Cell<Counts>,
}

#[wasm_bindgen]
impl Meter {
    /// Reads a rate card, as `JSON.stringify` writes it. A broken card is refused whole: see [`problem`](Self::problem).
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(card: &str) -> Meter {
        let card = document::read(card).and_then(|raw| RateCard::read(&raw));
        Meter { card, channel: Cell::default(), counts: Cell::new(count("", Sender::Standard)) }
    }

    /// What is wrong with the card, as [`Error::to_json`] writes it; empty if nothing is.
    #[must_use]
    pub fn problem(&self) -> String {
        self.card.as_ref().err().map(Error::to_json).unwrap_or_default()
    }

    /// Quotes a request, as `JSON.stringify` writes it: a `Quote` in JSON, or [`Error::to_json`], which has a `code`.
    #[must_use]
    pub fn quote(&self, request: &str) -> String {
        self.answer(request).unwrap_or_else(|error| error.to_json())
    }

    /// The channel that texts are counted on from now on. Its name would be a third of what a count takes.
    pub fn choose(&self, channel: &str) {
        let named = |card: &RateCard| card.channels().position(|one| one.name() == channel);
        self.channel.set(self.card.as_ref().ok().and_then(named));
    }

    /// Counts the segments of a text alone; what else there is of it is asked for next. Nothing where a quote of it on that
    /// channel is an error. A list of all five numbers would be made twice, on both sides of the border.
    #[must_use]
    pub fn count(&self, text: &str) -> Option<u32> {
        let card = self.card.as_ref().ok()?;
        let counts = card.channels().nth(self.channel.get()?)?.count(text).ok()?;
        self.counts.set(counts);
        Some(number(counts.segments))
    }

    /// Whether the text that was counted last is UCS-2; it is GSM-7 otherwise.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn ucs2(&self) -> bool {
        self.counts.get().encoding == Encoding::Ucs2
    }

    /// Its septets or code units.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn units(&self) -> u32 {
        number(self.counts.get().units)
    }

    /// Its segments if clusters were cut between code points.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn segments_min(&self) -> u32 {
        number(self.counts.get().segments_min)
    }

    /// The units that still fit in.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn units_left(&self) -> u32 {
        self.counts.get().units_left
    }
}

/// A count of something in a text, which is never so long.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Meter {
    fn answer(&self, request: &str) -> Result<String, Error> {
        let card = self.card.as_ref().map_err(Error::clone)?;
        let raw = document::read(request)?;
        Ok(card.quote(&QuoteRequest::read(&raw)?)?.to_json())
    }
}
