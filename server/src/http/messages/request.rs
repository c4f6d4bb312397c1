//! The provider's request body, and the three fields of ours beside it.

use axum::http::HeaderMap;
use serde_json::{Value, json};
use textmeter::{Money, QuoteRequest, Raw, Sender, Territory, read_number};

use super::envelope::{Refused, field};
use crate::{
    http::idempotency,
    ledger::{Digest, QuoteId},
    price::micros,
};

/// What a media message is asked for by.
const MEDIA: [&str; 5] = ["media", "attachments", "mediaUrl", "mediaUrls", "media_urls"];
/// Every other field.
const FIELDS: [&str; 8] =
    ["content", "from", "to", "userId", "setInboxStatus", "phoneNumberId", "max_price", "quote_id"];
/// The longest id of the provider that is taken.
const ID_BYTES_MAX: usize = 100;
/// The most recipients that are looked at; the rate card says how many may be sent to.
const RECIPIENTS_READ: usize = 1_000;

/// A send that is well-formed.
#[derive(Debug)]
pub(super) struct SendRequest<'a> {
    /// The text.
    pub(super) content: &'a str,
    /// `PN…` or E.164.
    pub(super) from: &'a str,
    /// E.164 each.
    pub(super) to: Vec<&'a str>,
    /// `US…`
    pub(super) user: Option<&'a str>,
    /// Whether the conversation is moved to done.
    pub(super) done: bool,
    /// The most the caller accepts to pay.
    pub(super) max_price_micros: Option<i64>,
    /// The lock whose price it is.
    pub(super) quote: Option<QuoteId>,
}

impl<'a> SendRequest<'a> {
    /// Reads a body. A field nobody knows is refused: a misspelt `max_price` must not send at any price, and a picture
    /// under another name must not be dropped silently.
    pub(super) fn read(raw: &'a Raw) -> Result<SendRequest<'a>, Refused> {
        let Raw::Map(entries) = raw else {
            return Err(Refused::invalid(vec![field("", "send an object", None, "object")]));
        };
        let mut reader = Reader { entries, errors: Vec::new() };
        let known = |name: &str| FIELDS.contains(&name) || MEDIA.contains(&name);
        for (position, (name, value)) in entries.iter().enumerate() {
            let path = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            if MEDIA.contains(&name.as_str()) && !is_nothing(value) {
                return Err(Refused::mms(name));
            }
            if !known(name) {
                let message = format!("there is no such field; known are {}", FIELDS.join(", "));
                reader.errors.push(field(&path, &message, None, "null"));
            }
            if entries.iter().take(position).any(|(earlier, _)| earlier == name) {
                reader.errors.push(field(&path, "this field is written twice; keep one", None, "null"));
            }
        }
        let content = reader.content();
        let from = reader.sender();
        let to = reader.recipients();
        let user = reader.matching("userId", "US… (a user's id)", |id| is_id(id, "US"));
        let done = reader.matching("setInboxStatus", "\"done\"", |word| word == "done").is_some();
        let max_price_micros = reader.amount("max_price");
        let quote = reader.matching("quote_id", "a quote's id", |id| id.parse::<QuoteId>().is_ok());
        let quote = quote.and_then(|id| id.parse().ok());
        match (content, from, to, reader.errors.is_empty()) {
            (Some(content), Some(from), Some(to), true) => {
                Ok(SendRequest { content, from, to, user, done, max_price_micros, quote })
            }
            _ => Err(Refused::invalid(reader.errors)),
        }
    }

    /// Of everything that makes this request this one, however it was written.
    pub(super) fn digest(&self) -> Digest {
        let parts = json!([
            "POST /v1/messages",
            self.content,
            self.from,
            self.to,
            self.user,
            self.done,
            self.max_price_micros,
            self.quote.map(|id| id.to_string()),
        ]);
        Digest::of(parts.to_string().as_bytes())
    }

    /// The price question of this send. Toll-free senders have one unit less in a segment.
    pub(super) fn priced_as(&self) -> QuoteRequest<'a> {
        let toll_free = read_number(self.from, Territory::US).is_ok_and(|number| number.is_toll_free());
        QuoteRequest {
            text: self.content,
            to: self.to.clone(),
            channel: "api",
            sender: if toll_free { Sender::TollFree } else { Sender::Standard },
            ..QuoteRequest::default()
        }
    }
}

struct Reader<'a> {
    entries: &'a [(String, Raw)],
    errors: Vec<Value>,
}

impl<'a> Reader<'a> {
    /// A field's value; `None` when it is absent or null.
    fn get(&self, name: &str) -> Option<&'a Raw> {
        let found = self.entries.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        found.filter(|value| **value != Raw::Null)
    }

    fn wrong(&mut self, path: &str, message: &str, value: Option<&str>, wanted: &str) {
        self.errors.push(field(path, message, value, wanted));
    }

    fn content(&mut self) -> Option<&'a str> {
        match self.get("content") {
            Some(Raw::Text(text)) if text.trim().is_empty() => {
                self.wrong("/content", "the content is empty, or only white space", None, "string");
                None
            }
            Some(Raw::Text(text)) => Some(text),
            Some(_) => {
                self.wrong("/content", "the content is a string", None, "string");
                None
            }
            None => {
                self.wrong("/content", "the content is missing", None, "string");
                None
            }
        }
    }

    /// `from`, or the deprecated `phoneNumberId` where there is none.
    fn sender(&mut self) -> Option<&'a str> {
        let id = self.matching("phoneNumberId", "PN… (a phone number's id)", |id| is_id(id, "PN"));
        let wanted = "PN… (a phone number's id) or a number in E.164, as +15555555555";
        let from = self.matching("from", wanted, |from| is_id(from, "PN") || is_e164(from));
        if from.is_none() && id.is_none() && self.get("from").is_none() {
            self.wrong("/from", &format!("the sender is missing: {wanted}"), None, "string");
        }
        from.or(id)
    }

    fn recipients(&mut self) -> Option<Vec<&'a str>> {
        let items = match self.get("to") {
            Some(Raw::List(items)) if !items.is_empty() && items.len() <= RECIPIENTS_READ => items,
            Some(Raw::List(items)) => {
                let message = if items.is_empty() { "there is no recipient" } else { "too many recipients" };
                self.wrong("/to", message, None, "array");
                return None;
            }
            Some(_) => {
                self.wrong("/to", "the recipients are a list, also when it is only one", None, "array");
                return None;
            }
            None => {
                self.wrong("/to", "the recipients are missing", None, "array");
                return None;
            }
        };
        let mut recipients = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let path = format!("/to/{index}");
            match item {
                Raw::Text(number) if is_e164(number) => recipients.push(number.as_str()),
                Raw::Text(other) => {
                    self.wrong(&path, "a number in E.164, as +15555555555", Some(other), "string");
                }
                _ => self.wrong(&path, "a string with a number in E.164, as +15555555555", None, "string"),
            }
        }
        Some(recipients)
    }

    /// A string of a form; `None` when it is absent, or wrong and said to be.
    fn matching(&mut self, name: &str, wanted: &str, fits: impl Fn(&str) -> bool) -> Option<&'a str> {
        let path = format!("/{name}");
        match self.get(name)? {
            Raw::Text(text) if fits(text) => Some(text),
            Raw::Text(text) => {
                self.wrong(&path, &format!("write {wanted}"), Some(text), "string");
                None
            }
            _ => {
                self.wrong(&path, &format!("write a string: {wanted}"), None, "string");
                None
            }
        }
    }

    fn amount(&mut self, name: &str) -> Option<i64> {
        let wanted = "an amount with at most six decimals and a point, as \"0.05\"";
        let readable = |text: &str| Money::parse(text).and_then(micros).is_some();
        self.matching(name, wanted, readable).and_then(Money::parse).and_then(micros)
    }
}

/// Nothing attached.
fn is_nothing(value: &Raw) -> bool {
    match value {
        Raw::Null => true,
        Raw::List(items) => items.is_empty(),
        _ => false,
    }
}

/// `^\+[1-9]\d{1,14}$`
fn is_e164(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (2..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

/// `^PN…` or `^US…`, and short enough to keep.
fn is_id(text: &str, prefix: &str) -> bool {
    text.starts_with(prefix) && text.len() <= ID_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The caller's key: an item of structured fields (`"…"`, RFC 9651) as the draft has it, or the bare characters.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    match idempotency::read(value).filter(|_| values.next().is_none()) {
        Some(key) => Ok(Some(key)),
        None => {
            let message = "Idempotency-Key: one, of 1 to 255 printable ASCII characters";
            Err(Refused::invalid(vec![field("/headers/idempotency-key", message, None, "string")]))
        }
    }
}
