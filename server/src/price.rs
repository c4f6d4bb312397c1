//! A quote on its way into the ledger: the same for a send, a use that sends nothing, and a price that is locked.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use textmeter::{Money, Price, Quote, QuoteRequest, Unit};

use crate::ledger::{Digest, Line};

/// What is charged, as the ledger wants it. As JSON it is the document of a quote lock: a locked price is charged by
/// it, whatever the rate card says by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    /// The channel of the rate card.
    pub channel: String,
    /// What quantities count: `segment`, `message` or `minute`.
    pub unit: String,
    /// The rate card's id.
    pub rate_card: String,
    /// ISO 4217.
    pub currency: String,
    /// One per recipient, in the order asked.
    pub lines: Vec<Line>,
    /// How the price comes about, for "why this price". It says nothing of the text but its encoding and its lengths.
    pub explanation: Value,
}

/// A recipient nobody can price, or a price beyond what the ledger holds: its place in the list, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpriced {
    /// Its place in the list, from 0.
    pub index: usize,
    /// As typed.
    pub to: String,
    /// A stable code: a number problem's, `no-rate`, or `amount-out-of-range`.
    pub reason: &'static str,
}

impl Priced {
    /// The lines of a quote in which every recipient has a price.
    ///
    /// # Errors
    ///
    /// Every recipient without one.
    pub fn of(quote: &Quote<'_>) -> Result<Priced, Vec<Unpriced>> {
        let mut lines = Vec::with_capacity(quote.recipients.len());
        let mut explained = Vec::with_capacity(quote.recipients.len());
        let mut unpriced = Vec::new();
        for (index, recipient) in quote.recipients.iter().enumerate() {
            let mut refuse =
                |reason| unpriced.push(Unpriced { index, to: recipient.typed.to_owned(), reason });
            let (charge, destination) = match (&recipient.price, &recipient.destination) {
                (Price::Unpriced(reason), _) => {
                    refuse(reason);
                    continue;
                }
                (Price::Priced(charge), Ok(destination)) => (charge, destination),
                (Price::Priced(_), Err(problem)) => {
                    refuse(problem.code());
                    continue;
                }
            };
            let territory = destination.territory().map(|territory| territory.to_string());
            match (micros(charge.per_unit), i64::try_from(quote.quantity)) {
                (Some(per_unit_micros), Ok(quantity)) => lines.push(Line {
                    to: destination.to_string(),
                    territory: territory.clone(),
                    quantity,
                    per_unit_micros,
                }),
                _ => refuse("amount-out-of-range"),
            }
            explained.push(json!({
                "to": destination.to_string(),
                "territory": territory,
                "local": charge.local,
                "rate": charge.rate.to_string(),
                "per_unit": charge.per_unit.to_string(),
                "total": charge.total.to_string(),
            }));
        }
        if !unpriced.is_empty() {
            return Err(unpriced);
        }
        Ok(Priced {
            channel: quote.channel.name().to_owned(),
            unit: unit(quote.channel.unit()).to_owned(),
            rate_card: quote.card.id().to_owned(),
            currency: quote.card.currency().to_owned(),
            lines,
            explanation: explanation(quote, explained),
        })
    }

    /// All lines together; `None` when it is out of range.
    #[must_use]
    pub fn amount_micros(&self) -> Option<i64> {
        self.lines
            .iter()
            .try_fold(0_i64, |sum, line| sum.checked_add(line.quantity.checked_mul(line.per_unit_micros)?))
    }

    /// As a quote lock keeps it.
    #[must_use]
    pub fn document(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As a quote lock kept it; `None` when it is something else.
    #[must_use]
    pub fn read(document: &str) -> Option<Priced> {
        serde_json::from_str(document).ok()
    }
}

fn explanation(quote: &Quote<'_>, recipients: Vec<Value>) -> Value {
    let surcharge = quote.channel.surcharge().to_string();
    let mut explanation = json!({
        "rule": "total = (surcharge + rate) x quantity, for each recipient",
        "surcharge": surcharge,
        "quantity": quote.quantity,
        "recipients": recipients,
        "rate_card": { "id": quote.card.id(), "as_of": quote.card.as_of() },
    });
    if quote.channel.unit() != Unit::Minute
        && let Some(members) = explanation.as_object_mut()
    {
        let segmentation = &quote.segmentation;
        members.insert("encoding".to_owned(), segmentation.encoding.as_str().into());
        members.insert("units".to_owned(), segmentation.units.into());
        members.insert("segments".to_owned(), segmentation.parts.len().into());
        members.insert("segments_min".to_owned(), segmentation.segments_min.into());
        members.insert("smart_changes".to_owned(), quote.changes.len().into());
    }
    explanation
}

/// The digest of everything that is priced in a request: who asks for the same thing gets the same price, however the
/// numbers were typed. A quote lock is taken for it and used by it.
#[must_use]
pub fn subject(request: &QuoteRequest<'_>, quote: &Quote<'_>) -> Digest {
    let to: Vec<String> = quote
        .recipients
        .iter()
        .map(|recipient| match &recipient.destination {
            Ok(destination) => destination.to_string(),
            Err(_) => recipient.typed.to_owned(),
        })
        .collect();
    let parts = json!([
        request.text,
        to,
        quote.channel.name(),
        request.encoding.map(textmeter::Encoding::as_str),
        request.sender.as_str(),
        request.minutes,
        request.line_type.map(textmeter::LineType::as_str),
        request.smart.unwrap_or(quote.channel.smart_encoding()),
    ]);
    Digest::of(parts.to_string().as_bytes())
}

/// An amount in the ledger's unit.
#[must_use]
pub fn micros(money: Money) -> Option<i64> {
    i64::try_from(money.to_micros()).ok()
}

/// What a unit is called in the ledger.
pub(crate) const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Segment => "segment",
        Unit::Message => "message",
        Unit::Minute => "minute",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card;

    #[test]
    fn a_quote_becomes_lines_and_comes_back_from_a_lock() {
        let card =
            card::load(Some(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../rates.json"))))
                .unwrap();
        let text = "a".repeat(161);
        let to = vec!["+44 7400 123456", "(212) 555-0123"];
        let request = QuoteRequest { text: &text, to, ..QuoteRequest::default() };
        let quote = card.card.quote(&request).unwrap();
        let priced = Priced::of(&quote).unwrap();
        assert_eq!(priced.amount_micros(), micros(quote.total.unwrap()));
        assert_eq!(priced.lines[0].to, "+447400123456");
        assert_eq!((priced.lines[1].quantity, priced.lines[1].per_unit_micros), (2, 10_000));
        assert_eq!(Priced::read(&priced.document()), Some(priced.clone()));
        assert!(!priced.explanation.to_string().contains("aaaa"), "the text is nobody's business here");

        let again = QuoteRequest { to: vec!["+447400123456", "+12125550123"], ..request.clone() };
        let same = card.card.quote(&again).unwrap();
        assert_eq!(subject(&request, &quote), subject(&again, &same), "typed otherwise, the same price");
        let other = QuoteRequest { smart: Some(false), ..request.clone() };
        let unlike = card.card.quote(&other).unwrap();
        assert_ne!(subject(&request, &quote), subject(&other, &unlike));
    }

    #[test]
    fn whoever_has_no_price_is_named() {
        let card =
            card::load(Some(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../rates.json"))))
                .unwrap();
        let request = QuoteRequest {
            text: "Hi",
            to: vec!["+12125550123", "72345", "+5312345678"],
            ..QuoteRequest::default()
        };
        let unpriced = Priced::of(&card.card.quote(&request).unwrap()).unwrap_err();
        let named: Vec<_> = unpriced.iter().map(|u| (u.index, u.reason)).collect();
        assert_eq!(named, [(1, "short-code"), (2, "no-rate")]);
    }
}
