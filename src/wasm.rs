//! The door JavaScript comes in by. It reads, calls and answers; nothing is decided here.
//!
//! What goes through is JSON, and `npm/meter.js` is on its other side: one string each way is quicker than a call for each
//! field, and leaves the work to the engine's own writer and parser. Beside objects that were written and parsed from in
//! here it is 0.5 KB less to download, and a quote takes a fifth less time.

mod document;
#[cfg(feature = "standalone")]
mod standalone;

use alloc::{string::String, vec, vec::Vec};

use wasm_bindgen::prelude::*;

use crate::{Counts, Encoding, Error, QuoteRequest, RateCard};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wasm/contract.d.ts");

/// Quotes by one rate card.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Meter {
    card: RateCard,
}

#[wasm_bindgen]
impl Meter {
    /// Reads a rate card, as `JSON.stringify` writes it. A broken card is refused whole.
    ///
    /// # Errors
    ///
    /// [`Error::to_json`].
    #[wasm_bindgen(constructor)]
    pub fn new(card: &str) -> Result<Meter, String> {
        let card = document::read(card).and_then(|raw| RateCard::read(&raw));
        card.map(|card| Meter { card }).map_err(thrown)
    }

    /// Quotes a request, as `JSON.stringify` writes it: a `Quote` in JSON.
    ///
    /// # Errors
    ///
    /// [`Error::to_json`].
    pub fn quote(&self, request: &str) -> Result<String, String> {
        let raw = document::read(request).map_err(thrown)?;
        let request = QuoteRequest::read(&raw).map_err(thrown)?;
        let quote = self.card.quote(&request).map_err(thrown)?;
        Ok(quote.to_json())
    }

    /// Counts the segments of a text alone: whether it is UCS-2 (1) or GSM-7 (0), units, segments, the fewest segments,
    /// units left.
    ///
    /// # Errors
    ///
    /// [`Error::to_json`].
    pub fn count(&self, text: &str, channel: &str) -> Result<Vec<u32>, String> {
        let counts = self.card.count(text, channel).map_err(thrown)?;
        let Counts { encoding, units, segments, segments_min, units_left } = counts;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let encoding = u32::from(encoding == Encoding::Ucs2);
        Ok(vec![encoding, number(units), number(segments), number(segments_min), units_left])
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` hands it on")]
fn thrown(error: Error) -> String {
    error.to_json()
}
