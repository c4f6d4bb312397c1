//! What the pricing crate reads and writes, as the description shows it. The crate itself knows of no description; a test
//! holds real quotes against these.

mod quote;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, OneOfBuilder, RefOr, Schema,
        schema::{ArrayBuilder, KnownFormat, SchemaFormat, SchemaType, Type},
    },
};

use super::fields::Level;

pub(super) use self::quote::{Quote, QuoteLocked};

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
    use super::*;

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
