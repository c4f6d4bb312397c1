//! Quotes, judged from outside by the contract: JSON in, JSON out, as every door has it.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic is how a test fails"
)]

mod advice;
mod asked;
mod laws;
mod values;
mod vectors;

use std::sync::LazyLock;

use serde_json::Value;
use textmeter::{QuoteRequest, RateCard, Raw};

/// A rate card, and its document as an oracle reads it.
struct Card {
    card: RateCard,
    json: Value,
}

impl Card {
    fn read(json: &str) -> Card {
        let raw: Raw = serde_json::from_str(json).unwrap();
        Card { card: RateCard::read(&raw).unwrap(), json: serde_json::from_str(json).unwrap() }
    }

    /// A request as bytes to an answer as bytes, as a door does it; an error as it crosses there.
    fn bytes(&self, request: &str) -> Result<String, String> {
        let raw: Raw = serde_json::from_str(request).unwrap();
        let quote = QuoteRequest::read(&raw)
            .and_then(|request| self.card.quote(&request).map(|quote| quote.to_json()));
        quote.map_err(|error| error.to_json())
    }

    fn quote(&self, request: &Value) -> Result<Value, Value> {
        let value = |json: String| serde_json::from_str(&json).unwrap();
        self.bytes(&request.to_string()).map(value).map_err(value)
    }
}

/// The card that is shipped: the laws hold for whatever stands in it.
static SHIPPED: LazyLock<Card> = LazyLock::new(|| Card::read(include_str!("../../rates.json")));

/// The card of the vectors, which never changes.
static FIXED: LazyLock<Card> = LazyLock::new(|| Card::read(include_str!("../vectors/rates.json")));
