//! How a quote is written.

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Serialize, Serializer};

use crate::{
    advice::{Advice, Kind, Span, name},
    error::Error,
    money::Money,
    quote::{Cover, Destination, LinePrice, Price, Quote, Recipient},
    rates::Unit,
};

/// A quote as it crosses to JavaScript, HTTP and the command line.
#[derive(Serialize)]
pub struct Answer<'a> {
    text: &'a str,
    encoding: &'static str,
    units: usize,
    segments: usize,
    segments_min: usize,
    units_left: u32,
    parts: Vec<Part>,
    changes: Vec<ChangeMade<'a>>,
    channel: &'a str,
    unit: &'static str,
    quantity: u64,
    recipients: Vec<RecipientLine<'a>>,
    currency: &'a str,
    total: Option<Amount>,
    cover: Option<CoverLine>,
    sendable: bool,
    advice: Vec<AdviceLine<'a>>,
    warnings: Vec<WarningLine>,
    rate_card: CardLine<'a>,
}

/// A decimal string.
struct Amount(Money);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_string())
    }
}

#[derive(Serialize)]
struct Part {
    start: usize,
    end: usize,
    units: u32,
}

#[derive(Serialize)]
struct ChangeMade<'a> {
    start: usize,
    end: usize,
    found: &'a str,
    replacement: &'static str,
}

#[derive(Serialize)]
struct RecipientLine<'a> {
    to: Cow<'a, str>,
    territory: Option<String>,
    status: &'static str,
    local: bool,
    rate: Option<Amount>,
    per_segment: Option<Amount>,
    per_unit: Option<Amount>,
    total: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_types: Option<[LineLine; 2]>,
}

#[derive(Serialize)]
struct LineLine {
    line_type: &'static str,
    rate: Amount,
    per_unit: Amount,
    total: Amount,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum CoverLine {
    Covered { remaining: Amount, sends_left: Option<u64> },
    Short { shortfall: Amount },
}

#[derive(Serialize)]
struct AdviceLine<'a> {
    kind: &'static str,
    start: usize,
    end: usize,
    found: &'a str,
    name: Option<&'static str>,
    code_point: Option<String>,
    count: usize,
    ranges: Vec<(usize, usize)>,
    replacement: Option<&'a str>,
    segments: Option<usize>,
    saving: Option<Amount>,
}

#[derive(Serialize)]
struct WarningLine {
    code: &'static str,
    message: &'static str,
    blocks: bool,
}

#[derive(Serialize)]
struct CardLine<'a> {
    id: &'a str,
    as_of: &'a str,
}

impl<'a> From<&'a Quote<'a>> for Answer<'a> {
    fn from(quote: &'a Quote<'a>) -> Answer<'a> {
        let segmentation = &quote.segmentation;
        let mut sent = Utf16::new(&quote.text);
        let mut given = Utf16::new(quote.given);
        Answer {
            text: &quote.text,
            encoding: segmentation.encoding.as_str(),
            units: segmentation.units,
            segments: segmentation.parts.len(),
            segments_min: segmentation.segments_min,
            units_left: segmentation.units_left,
            parts: segmentation
                .parts
                .iter()
                .map(|part| Part {
                    start: sent.at(part.bytes.start),
                    end: sent.at(part.bytes.end),
                    units: part.units,
                })
                .collect(),
            changes: quote
                .changes
                .iter()
                .map(|change| {
                    let end = change.start + change.found.len_utf8();
                    ChangeMade {
                        start: given.at(change.start),
                        end: given.at(end),
                        found: quote.given.get(change.start..end).unwrap_or_default(),
                        replacement: change.replacement,
                    }
                })
                .collect(),
            channel: quote.channel.name(),
            unit: match quote.channel.unit() {
                Unit::Segment => "segment",
                Unit::Message => "message",
                Unit::Minute => "minute",
            },
            quantity: quote.quantity,
            recipients: quote
                .recipients
                .iter()
                .map(|r| RecipientLine::new(r, quote.channel.unit()))
                .collect(),
            currency: quote.card.currency(),
            total: quote.total.map(Amount),
            cover: quote.cover.map(|cover| match cover {
                Cover::Covered { remaining, sends_left } => {
                    CoverLine::Covered { remaining: Amount(remaining), sends_left }
                }
                Cover::Short { shortfall } => CoverLine::Short { shortfall: Amount(shortfall) },
            }),
            sendable: quote.sendable(),
            advice: quote.advice.iter().map(|(advice, saving)| AdviceLine::new(advice, *saving)).collect(),
            warnings: quote
                .warnings
                .iter()
                .map(|w| WarningLine { code: w.code(), message: w.message(), blocks: w.blocks() })
                .collect(),
            rate_card: CardLine { id: quote.card.id(), as_of: quote.card.as_of() },
        }
    }
}

impl<'a> RecipientLine<'a> {
    fn new(recipient: &'a Recipient<'_>, unit: Unit) -> RecipientLine<'a> {
        let destination = recipient.destination.as_ref().ok();
        let charge = match &recipient.price {
            Price::Priced(charge) => Ok(charge),
            Price::Unpriced(reason) => Err(*reason),
        };
        let amount = |of: fn(&crate::quote::Charge) -> Money| charge.ok().map(|charge| Amount(of(charge)));
        RecipientLine {
            to: destination.map_or(Cow::Borrowed(recipient.typed), |place| Cow::Owned(place.to_string())),
            territory: destination.and_then(Destination::territory).map(|territory| territory.to_string()),
            status: charge.err().unwrap_or("priced"),
            local: charge.is_ok_and(|charge| charge.local),
            rate: amount(|charge| charge.rate),
            per_segment: amount(|charge| charge.per_unit).filter(|_| unit == Unit::Segment),
            per_unit: amount(|charge| charge.per_unit),
            total: amount(|charge| charge.total),
            line_types: charge
                .ok()
                .and_then(|charge| charge.line_types.as_ref())
                .map(|both| both.each_ref().map(LineLine::new)),
        }
    }
}

impl LineLine {
    fn new(line: &LinePrice) -> LineLine {
        LineLine {
            line_type: line.line_type.as_str(),
            rate: Amount(line.rate),
            per_unit: Amount(line.per_unit),
            total: Amount(line.total),
        }
    }
}

impl<'a> AdviceLine<'a> {
    fn new(advice: &'a Advice<'_>, saving: Option<Money>) -> AdviceLine<'a> {
        let (start, end) = advice.spans.first().map_or((0, 0), |span| (span.utf16.start, span.utf16.end));
        // What the whole text or its end is about is no single character.
        let character = match advice.kind {
            Kind::Shorten | Kind::All | Kind::AllUnaccented | Kind::NationalTable | Kind::TrailingBlanks => {
                None
            }
            // The mark: the letter before it is not what is in the way.
            Kind::Compose => advice.found.chars().nth(1),
            _ => advice.found.chars().next(),
        };
        AdviceLine {
            kind: advice.kind.as_str(),
            start,
            end,
            found: advice.found,
            name: advice.language.or_else(|| character.and_then(name)),
            code_point: character.map(|c| format!("U+{:04X}", u32::from(c))),
            count: advice.count,
            ranges: advice.spans.iter().map(|Span { utf16, .. }| (utf16.start, utf16.end)).collect(),
            replacement: advice.replacement.as_deref(),
            segments: advice.segments,
            saving: saving.map(Amount),
        }
    }
}

/// UTF-16 offsets of a text, asked for in rising order: one walk over it in all.
struct Utf16<'a> {
    text: &'a str,
    bytes: usize,
    units: usize,
}

impl<'a> Utf16<'a> {
    const fn new(text: &'a str) -> Utf16<'a> {
        Utf16 { text, bytes: 0, units: 0 }
    }

    fn at(&mut self, byte: usize) -> usize {
        self.units += self.text.get(self.bytes..byte).unwrap_or_default().encode_utf16().count();
        self.bytes = byte;
        self.units
    }
}

/// An error as it crosses the same borders: `{"code","message","at"}`.
#[derive(Serialize)]
pub struct ErrorAnswer<'a> {
    code: &'static str,
    message: &'a str,
    at: &'a str,
}

impl<'a> From<&'a Error> for ErrorAnswer<'a> {
    fn from(error: &'a Error) -> ErrorAnswer<'a> {
        ErrorAnswer { code: error.code().as_str(), message: error.message(), at: error.at() }
    }
}
