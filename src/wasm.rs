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

use alloc::{string::String, vec, vec::Vec};

use wasm_bindgen::prelude::*;

use crate::{Counts, Encoding, Error, QuoteRequest, RateCard};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wasm/contract.d.ts");

/// Quotes by one rate card. Nothing is thrown from in here: an error is an answer, and `npm/meter.js` throws it. What
/// would carry exceptions through the border is 0.5 KB.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Meter {
    card: Result<RateCard, Error>,
}

#[wasm_bindgen]
impl Meter {
    /// Reads a rate card, as `JSON.stringify` writes it. A broken card is refused whole: see [`problem`](Self::problem).
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(card: &str) -> Meter {
        Meter { card: document::read(card).and_then(|raw| RateCard::read(&raw)) }
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

    /// Counts the segments of a text alone: whether it is UCS-2 (1) or GSM-7 (0), units, segments, the fewest segments,
    /// units left. Nothing where a quote of it is an error.
    #[must_use]
    pub fn count(&self, text: &str, channel: &str) -> Vec<u32> {
        let counts = self.card.as_ref().ok().and_then(|card| card.count(text, channel).ok());
        let Some(Counts { encoding, units, segments, segments_min, units_left }) = counts else {
            return Vec::new();
        };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let encoding = u32::from(encoding == Encoding::Ucs2);
        vec![encoding, number(units), number(segments), number(segments_min), units_left]
    }
}

impl Meter {
    fn answer(&self, request: &str) -> Result<String, Error> {
        let card = self.card.as_ref().map_err(Error::clone)?;
        let raw = document::read(request)?;
        Ok(card.quote(&QuoteRequest::read(&raw)?)?.to_json())
    }
}
