//! What the pricing crate reads and writes, as the description shows it. The crate itself knows of no description; a test
//! holds real quotes against these.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, OneOfBuilder, RefOr, Schema,
        schema::{ArrayBuilder, KnownFormat, SchemaFormat, SchemaType, Type},
    },
};
use uuid::Uuid;

use super::fields::{Amount, Level, When};

/// What to price. Everything may be left out; an unknown field is refused, because a misspelt one would change the price
/// silently.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "Your table is ready", "to": ["+447400123456"]}))]
pub(super) struct QuoteRequest {
    /// The text as typed, at most 1,000,000 bytes of UTF-8.
    #[schema(max_length = 1_000_000)]
    text: Option<String>,
    /// One destination or a list of at most 10,000: numbers as typed, or territories by their two capital letters.
    to: Option<Recipients>,
    /// A channel of the rate card; `api` if absent.
    #[schema(example = "api")]
    channel: Option<String>,
    /// The prepaid balance to judge by, if it is known.
    #[schema(pattern = r"^\d{1,9}(\.\d{1,6})?$", example = "5.00")]
    balance: Option<String>,
    /// An encoding to force; `auto` if absent.
    encoding: Option<EncodingName>,
    /// Toll-free senders have one unit less in each segment of a long text; `standard` if absent.
    sender: Option<SenderName>,
    /// ISO 3166-1 alpha-2: where a number without a country code is; `US` if absent.
    #[schema(pattern = "^[A-Z]{2}$", example = "US")]
    region: Option<String>,
    /// Calls only: minutes; begun ones count whole.
    minutes: Option<Minutes>,
    /// Calls only: what answers, if it is known; the dearer one is priced if absent.
    line_type: Option<LineType>,
    /// Replace typographic characters; as the channel does if absent.
    smart: Option<bool>,
}

/// A UUID.
fn id() -> RefOr<Schema> {
    let format = SchemaFormat::KnownFormat(KnownFormat::Uuid);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
}

/// One destination, or a list of them.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Recipients {
    One(String),
    Several(Vec<String>),
}

impl ToSchema for Recipients {}
impl PartialSchema for Recipients {
    fn schema() -> RefOr<Schema> {
        let one = || ObjectBuilder::new().schema_type(Type::String);
        let several = ArrayBuilder::new().items(one()).max_items(Some(10_000));
        OneOfBuilder::new()
            .description(Some("One destination, or a list of them."))
            .item(one())
            .item(several)
            .into()
    }
}

/// Minutes of a call, whole or as a decimal.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Minutes {
    Whole(u32),
    Decimal(String),
}

impl ToSchema for Minutes {}
impl PartialSchema for Minutes {
    fn schema() -> RefOr<Schema> {
        let whole =
            ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0_i32)).maximum(Some(500_000_i32));
        let decimal = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^\d{1,5}(\.\d{1,6})?$"));
        OneOfBuilder::new()
            .description(Some("Minutes of a call, whole or as a decimal."))
            .item(whole)
            .item(decimal)
            .into()
    }
}

/// How a text is encoded.
#[derive(Serialize, Deserialize, ToSchema)]
enum EncodingName {
    /// GSM-7 where it fits, else UCS-2.
    #[serde(rename = "auto")]
    Auto,
    /// Refused where the text does not fit.
    #[serde(rename = "GSM-7")]
    Gsm7,
    /// Fits any text.
    #[serde(rename = "UCS-2")]
    Ucs2,
}

/// Who sends.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum SenderName {
    /// Any number but a toll-free one.
    Standard,
    /// A US or Canadian toll-free number.
    TollFree,
}

/// What answers a call.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum LineType {
    /// A landline.
    Landline,
    /// A mobile.
    Mobile,
}

/// A use to charge: what `/v1/quotes` prices, without a balance, and how the price may be had.
pub(super) struct ChargeRequest;

impl PartialSchema for ChargeRequest {
    fn schema() -> RefOr<Schema> {
        let about =
            "A use to charge: what `/v1/quotes` prices, without a balance, and how the price may be had.";
        let example = json!({"channel": "call", "to": ["+12125550123"], "minutes": "4.5"});
        let max_price = ("max_price", Level::schema());
        let quote_id = ("quote_id", id());
        asked_with(about, &example, [max_price, quote_id])
    }
}

impl ToSchema for ChargeRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        QuoteRequest::schemas(schemas);
    }
}

/// A price to lock: what `/v1/quotes` prices, without a balance.
pub(super) struct QuoteLockRequest;

impl PartialSchema for QuoteLockRequest {
    fn schema() -> RefOr<Schema> {
        let about = "A price to lock: what `/v1/quotes` prices, without a balance.";
        let example = json!({"text": "Your table is ready", "to": ["+447400123456"], "expires_in": 300});
        let seconds = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Integer, Type::Null]))
            .description(Some(
                "For how many seconds; 300 if absent. What is longer than allowed here is cut to that.",
            ))
            .minimum(Some(1_i32))
            .maximum(Some(86_400_i32));
        asked_with(about, &example, [("expires_in", seconds.into())])
    }
}

impl ToSchema for QuoteLockRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        QuoteRequest::schemas(schemas);
    }
}

/// A quote request without a balance, and with further members: one object, because the request takes no unknown ones.
fn asked_with<const N: usize>(
    about: &str,
    example: &Value,
    more: [(&str, RefOr<Schema>); N],
) -> RefOr<Schema> {
    let mut schema = QuoteRequest::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.description = Some(about.to_owned());
        object.example = Some(example.clone());
        object.properties.remove("balance");
        object.properties.extend(more.map(|(name, schema)| (name.to_owned(), schema)));
    }
    schema
}

/// A price that holds.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read by the description only")]
pub(super) struct QuoteLocked {
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
pub(super) struct Quote {
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

/// A problem document (RFC 9457). Some carry further members: the figures of a refusal.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read by the description only")]
pub(super) struct Problem {
    /// `urn:textmeter:problem:` and the code.
    r#type: String,
    /// The status in words.
    title: String,
    /// The status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong and what to do, for people.
    detail: String,
    /// What is wrong, for programs: never changed once published.
    #[schema(example = "insufficient-funds")]
    code: String,
    /// The field it is about, as in `spend_caps.day`; empty when it is the whole.
    at: String,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

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

    #[test]
    fn requests_are_what_is_described() {
        for json in [
            r#"{}"#,
            r#"{"text":"a","to":"GB","channel":"api","balance":"5.00","encoding":"UCS-2","sender":"toll-free",
                "region":"US","smart":true}"#,
            r#"{"to":["GB","US"],"channel":"call","minutes":"4.5","line_type":"mobile","encoding":"auto"}"#,
            r#"{"channel":"call","minutes":5,"sender":"standard","line_type":"landline","encoding":"GSM-7"}"#,
        ] {
            let described: QuoteRequest = serde_json::from_str(json).unwrap();
            let again = serde_json::to_vec(&described).unwrap();
            let raw = crate::document::read(&again).unwrap();
            textmeter::QuoteRequest::read(&raw).unwrap();
        }
    }
}
