//! A quote as the pricing crate writes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::fields::{Amount, When};

/// A price that holds.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read by the description only")]
pub(in crate::http) struct QuoteLocked {
    /// What `/v1/messages` and `/v1/charges` take as `quote_id`, once.
    quote_id: Uuid,
    /// Until when.
    expires_at: When,
    /// The quote as it was made.
    quote: Quote,
}

/// What will be sent, in how many segments, to whom, for how much, and what would make it cheaper. Offsets are UTF-16 code
/// units.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Quote {
    /// The text as it will be sent, after smart encoding.
    text: String,
    /// `GSM-7` or `UCS-2`.
    #[schema(example = "GSM-7")]
    encoding: String,
    /// Septets or UTF-16 code units of the whole text.
    units: u64,
    /// Segments.
    segments: u64,
    /// Fewer than `segments` where platforms differ and nobody can know; the price is of `segments`.
    segments_min: u64,
    /// Units that still fit in at this price.
    units_left: u64,
    /// The segments' places in `text`.
    parts: Vec<QuotePart>,
    /// What smart encoding changed.
    changes: Vec<QuoteChange>,
    /// The channel.
    #[schema(example = "api")]
    channel: String,
    /// What is billed: `segment`, `message` or `minute`.
    #[schema(example = "segment")]
    unit: String,
    /// Units billed for each recipient.
    quantity: u64,
    /// Each recipient with its price, in the order asked.
    recipients: Vec<QuoteRecipient>,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// The sum; null while a recipient has no price, or there is none.
    #[schema(value_type = Option<Amount>)]
    total: Option<String>,
    /// Whether the balance covers it; null without a balance or a total.
    cover: Option<QuoteCover>,
    /// Whether all have a price, nothing stands against it, and the balance, if one was given, covers it.
    sendable: bool,
    /// What would make it cheaper.
    advice: Vec<QuoteAdvice>,
    /// What somebody should know before sending.
    warnings: Vec<QuoteWarning>,
    /// Where the prices are from.
    rate_card: QuoteCard,
}

/// A segment's place in the text that is sent.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuotePart {
    /// Where it begins.
    start: u64,
    /// Where it ends.
    end: u64,
    /// Septets or UTF-16 code units.
    units: u64,
}

/// A replacement that smart encoding made, by its place in the text that was asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteChange {
    /// Where it begins.
    start: u64,
    /// Where it ends.
    end: u64,
    /// What stood there.
    found: String,
    /// What is sent.
    replacement: String,
}

/// A recipient and its price.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteRecipient {
    /// In E.164 if it is understood, else as typed.
    to: String,
    /// ISO 3166-1 alpha-2.
    territory: Option<String>,
    /// `priced`, or why not: `no-rate`, `too-short`, …
    #[schema(example = "priced")]
    status: String,
    /// Whether it is local, so that no destination rate is added.
    local: bool,
    /// The destination's rate for a unit.
    #[schema(value_type = Option<Amount>)]
    rate: Option<String>,
    /// All of a segment; null where segments are not what is billed.
    #[schema(value_type = Option<Amount>)]
    per_segment: Option<String>,
    /// All of a unit: surcharge and rate.
    #[schema(value_type = Option<Amount>)]
    per_unit: Option<String>,
    /// For all units.
    #[schema(value_type = Option<Amount>)]
    total: Option<String>,
    /// Both prices of a call where landline and mobile differ and nobody said which it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line_types: Option<Vec<QuoteLine>>,
}

/// The price if a landline answers, or a mobile.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteLine {
    /// `landline` or `mobile`.
    line_type: String,
    /// The destination's rate for a minute.
    #[schema(value_type = Amount)]
    rate: String,
    /// All of a minute.
    #[schema(value_type = Amount)]
    per_unit: String,
    /// For all minutes.
    #[schema(value_type = Amount)]
    total: String,
}

/// Whether the balance covers the total.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum QuoteCover {
    /// It does.
    #[schema(title = "covered")]
    Covered {
        /// The balance afterwards.
        #[schema(value_type = Amount)]
        remaining: String,
        /// How many more sends like this one it covers; null when they cost nothing.
        sends_left: Option<u64>,
    },
    /// It does not: the send would be refused whole.
    #[schema(title = "short")]
    Short {
        /// How much is missing.
        #[schema(value_type = Amount)]
        shortfall: String,
    },
}

/// A change that would make it cheaper, by its place in the text that was asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteAdvice {
    /// `replace`, `compose`, `space`, `invisible`, `trailing-blanks`, `line-break`, `unaccent`, `unsupported`, `shorten`,
    /// `all`, …
    #[schema(example = "replace")]
    kind: String,
    /// Where it begins, the first time.
    start: u64,
    /// Where it ends.
    end: u64,
    /// What stands there.
    found: String,
    /// What people call it.
    name: Option<String>,
    /// As in `U+2019`.
    code_point: Option<String>,
    /// How often it stands in the text.
    count: u64,
    /// All its places.
    ranges: Vec<Vec<u64>>,
    /// What to write instead; for `all` the whole text.
    replacement: Option<String>,
    /// Segments after this change alone.
    segments: Option<u64>,
    /// What it saves, for all recipients together.
    #[schema(value_type = Option<Amount>)]
    saving: Option<String>,
}

/// A thing to know before sending.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteWarning {
    /// For programs.
    #[schema(example = "over-ten-segments")]
    code: String,
    /// For people.
    message: String,
    /// Whether it stands against sending at all.
    blocks: bool,
}

/// A rate card.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteCard {
    /// Its id.
    id: String,
    /// Its date.
    as_of: String,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;
    use textmeter::Money;

    use super::*;

    #[test]
    fn quotes_are_what_is_described() {
        let rates = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../rates.json"));
        let card = crate::card::load(Some(rates)).unwrap().card;
        let long = "It’s “ready” … ☕ \u{a0}árbol ".repeat(12);
        let text = |text, to| textmeter::QuoteRequest { text, to, ..textmeter::QuoteRequest::default() };
        let call =
            textmeter::QuoteRequest { channel: "call", minutes: Some(5), ..text("", vec!["+4930123456"]) };
        let requests = [
            text("", vec![]),
            text("Hello", vec!["+12125550123", "+447400123456", "12345"]),
            text(&long, vec!["GB"]),
            textmeter::QuoteRequest { smart: Some(false), ..text(&long, vec!["GB"]) },
            textmeter::QuoteRequest { balance: Money::parse("5.00"), ..text("Hello", vec!["GB"]) },
            textmeter::QuoteRequest { balance: Money::parse("0.01"), ..text("Hello", vec!["GB"]) },
            textmeter::QuoteRequest { channel: "call", minutes: Some(5), ..text("", vec!["DE"]) },
            call,
        ];
        for request in requests {
            let quote = card.quote(&request).unwrap();
            let written: Value = serde_json::from_str(&quote.to_json()).unwrap();
            let read: Quote = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), written, "{request:?}");
        }
    }
}
