//! The contract: how requests and answers are written, the same in JavaScript, over HTTP and on the command line.
//!
//! A request is read from a [`Raw`] document, an answer is written as JSON by [`Quote::to_json`](crate::Quote::to_json).
//! Field order is fixed, money is a decimal string, offsets are UTF-16 code units: equal input gives equal bytes.

mod answer;
#[cfg(feature = "campaign")]
mod campaign;
mod json;
#[cfg(feature = "campaign")]
mod list;

use alloc::{vec, vec::Vec};

use crate::{
    error::{Code, Error},
    money::Money,
    quote::{LineType, QuoteRequest},
    raw::{At, Raw},
    segment::{Encoding, Sender},
    territory::Territory,
};

/// Who sends, in words.
const SENDERS: [(&str, Sender); 2] =
    [(Sender::Standard.as_str(), Sender::Standard), (Sender::TollFree.as_str(), Sender::TollFree)];

impl<'a> QuoteRequest<'a> {
    /// Reads a request. A field that is absent or null takes its default; a field nobody knows is refused, because a
    /// misspelt one would change the price silently.
    ///
    /// ```
    /// use textmeter::{QuoteRequest, Raw};
    /// let raw: Raw = serde_json::from_str(r#"{"text": "Hello", "to": "+1 212 555 0123", "balance": "abc"}"#).unwrap();
    /// let error = QuoteRequest::read(&raw).unwrap_err();
    /// assert_eq!((error.code().as_str(), error.at()), ("invalid-amount", "balance"));
    /// ```
    ///
    /// # Errors
    ///
    /// The first field that is of the wrong type, out of range or unknown, by name.
    pub fn read(raw: &'a Raw) -> Result<QuoteRequest<'a>, Error> {
        let top = At::top(raw);
        let fields = top.fields(&[
            "text",
            "to",
            "channel",
            "balance",
            "encoding",
            "sender",
            "region",
            "minutes",
            "line_type",
            "smart",
        ])?;
        let mut request = QuoteRequest::default();
        if let Some(at) = fields.get("text") {
            request.text = at.text()?;
        }
        if let Some(at) = fields.get("to") {
            request.to = recipients(&at)?;
        }
        if let Some(at) = fields.get("channel") {
            request.channel = at.text()?;
        }
        if let Some(at) = fields.get("balance") {
            request.balance = Some(balance_of(&at)?);
        }
        if let Some(at) = fields.get("encoding") {
            let encodings =
                [("auto", None), ("GSM-7", Some(Encoding::Gsm7)), ("UCS-2", Some(Encoding::Ucs2))];
            request.encoding = one_of(&at, &encodings)?;
        }
        if let Some(at) = fields.get("sender") {
            request.sender = one_of(&at, &SENDERS)?;
        }
        if let Some(at) = fields.get("region") {
            request.region = region_of(&at)?;
        }
        if let Some(at) = fields.get("minutes") {
            request.minutes = Some(minutes_of(&at)?);
        }
        if let Some(at) = fields.get("line_type") {
            let types = [LineType::Landline, LineType::Mobile].map(|line| (line.as_str(), line));
            request.line_type = Some(one_of(&at, &types)?);
        }
        if let Some(at) = fields.get("smart") {
            request.smart = Some(at.bool()?);
        }
        Ok(request)
    }
}

/// One number, or a list of them.
fn recipients<'a>(at: &At<'a, '_>) -> Result<Vec<&'a str>, Error> {
    let Raw::List(typed) = at.raw else { return Ok(vec![at.text()?]) };
    let mut recipients = Vec::with_capacity(typed.len());
    for item in at.list()? {
        recipients.push(item.text()?);
    }
    Ok(recipients)
}

fn balance_of(at: &At<'_, '_>) -> Result<Money, Error> {
    Money::parse(at.text()?).ok_or_else(|| {
        at.error(
            Code::InvalidAmount,
            "write an amount from 0 up with at most six decimals and a point, as in \"5.00\"",
        )
    })
}

fn region_of(at: &At<'_, '_>) -> Result<Territory, Error> {
    Territory::parse(at.text()?).ok_or_else(|| {
        at.error(Code::InvalidValue, "write the two capital letters of ISO 3166-1, as in \"US\"")
    })
}

/// Begun minutes count whole: `"4.5"` is 5.
fn minutes_of(at: &At<'_, '_>) -> Result<u64, Error> {
    let Raw::Text(text) = at.raw else { return at.whole() };
    let minutes = Money::parse(text).map(|minutes| minutes.to_micros().div_ceil(1_000_000));
    minutes.ok_or_else(|| {
        at.error(
            Code::InvalidValue,
            "write minutes as a whole number, or as a decimal in quotes, as in \"4.5\"",
        )
    })
}

fn one_of<T: Copy>(at: &At<'_, '_>, words: &[(&str, T)]) -> Result<T, Error> {
    at.one_of(Code::InvalidValue, "write one of ", words)
}
