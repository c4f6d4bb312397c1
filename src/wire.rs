//! The contract: how requests and answers are written, the same in JavaScript, over HTTP and on the command line.
//!
//! A request is read from a [`Raw`] document, an answer is anything `serde` can write. Field order is fixed, money is a
//! decimal string, offsets are UTF-16 code units: equal input gives equal bytes.

mod answer;

use alloc::{format, vec::Vec};

pub use answer::{Answer, ErrorAnswer};

use crate::{
    error::{Code, Error},
    money::Money,
    quote::{LineType, QuoteRequest},
    raw::{At, Raw},
    segment::{Encoding, Sender},
    territory::Territory,
};

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
        let [text, to, channel, balance, encoding, sender, region, minutes, line_type, smart] = At::top(raw)
            .fields([
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
        let default = QuoteRequest::default();
        Ok(QuoteRequest {
            text: text.map_or(Ok(default.text), |at| at.text())?,
            to: to.map_or(Ok(default.to), |at| recipients(&at))?,
            channel: channel.map_or(Ok(default.channel), |at| at.text())?,
            balance: balance.map(|at| balance_of(&at)).transpose()?,
            encoding: encoding.map_or(Ok(None), |at| {
                one_of(
                    &at,
                    [("auto", None), ("GSM-7", Some(Encoding::Gsm7)), ("UCS-2", Some(Encoding::Ucs2))],
                )
            })?,
            sender: sender.map_or(Ok(default.sender), |at| {
                one_of(&at, [Sender::Standard, Sender::TollFree].map(|sender| (sender.as_str(), sender)))
            })?,
            region: region.map_or(Ok(default.region), |at| region_of(&at))?,
            minutes: minutes.map(|at| minutes_of(&at)).transpose()?,
            line_type: line_type
                .map(|at| {
                    one_of(&at, [LineType::Landline, LineType::Mobile].map(|line| (line.as_str(), line)))
                })
                .transpose()?,
            smart: smart.map(|at| at.bool()).transpose()?,
        })
    }
}

/// One number, or a list of them.
fn recipients<'a>(at: &At<'a>) -> Result<Vec<&'a str>, Error> {
    match at.raw {
        Raw::List(_) => at.list()?.map(|item| item.text()).collect(),
        _ => Ok(alloc::vec![at.text()?]),
    }
}

fn balance_of(at: &At<'_>) -> Result<Money, Error> {
    Money::parse(at.text()?).ok_or_else(|| {
        at.error(
            Code::InvalidAmount,
            "write an amount from 0 up with at most six decimals and a point, as in \"5.00\"",
        )
    })
}

fn region_of(at: &At<'_>) -> Result<Territory, Error> {
    Territory::parse(at.text()?).ok_or_else(|| {
        at.error(Code::InvalidValue, "write the two capital letters of ISO 3166-1, as in \"US\"")
    })
}

/// Begun minutes count whole: `"4.5"` is 5.
fn minutes_of(at: &At<'_>) -> Result<u64, Error> {
    let Raw::Text(text) = at.raw else { return at.whole() };
    let minutes = Money::parse(text).and_then(Money::to_micros).map(|micros| micros.div_ceil(1_000_000));
    minutes.ok_or_else(|| {
        at.error(
            Code::InvalidValue,
            "write minutes as a whole number, or as a decimal in quotes, as in \"4.5\"",
        )
    })
}

fn one_of<T: Copy, const N: usize>(at: &At<'_>, allowed: [(&str, T); N]) -> Result<T, Error> {
    let written = at.text()?;
    match allowed.iter().find(|(name, _)| *name == written) {
        Some((_, value)) => Ok(*value),
        None => {
            let names: Vec<&str> = allowed.iter().map(|(name, _)| *name).collect();
            Err(at.error(Code::InvalidValue, format!("write one of {}", names.join(", "))))
        }
    }
}
