//! How a quote is written.

use alloc::string::String;

use super::json::{Json, key};
use crate::{
    advice::{Advice, Kind, name},
    error::Error,
    money::Money,
    quote::{Cover, Destination, Price, Quote, Recipient},
    rates::Unit,
    spell,
    territory::Territory,
    utf16,
};

/// Bytes of most answers, less the text.
const BYTES_MOST: usize = 1024;

impl Quote<'_> {
    /// The quote as it crosses to JavaScript, HTTP and the command line.
    ///
    /// ```
    /// # let raw: textmeter::Raw = serde_json::from_str(include_str!("../../rates.json")).unwrap();
    /// # let card = textmeter::RateCard::read(&raw).unwrap();
    /// let request = textmeter::QuoteRequest { text: "Hi", to: vec!["GB"], ..Default::default() };
    /// let json = card.quote(&request).unwrap().to_json();
    /// assert!(json.starts_with(r#"{"text":"Hi","encoding":"GSM-7","units":2,"segments":1,"segments_min":1,"#));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::with_capacity(BYTES_MOST + self.text.len());
        json.open("{");
        self.write_text(&mut json);
        self.write_price(&mut json);
        self.write_notes(&mut json);
        json.close("}");
        json.into_string()
    }

    /// What is sent.
    fn write_text(&self, json: &mut Json) {
        let segmentation = &self.segmentation;
        json.text(key!("text"), &*self.text);
        json.text(key!("encoding"), segmentation.encoding.as_str());
        json.whole(key!("units"), segmentation.units);
        json.whole(key!("segments"), segmentation.parts.len());
        json.whole(key!("segments_min"), segmentation.segments_min);
        json.whole(key!("units_left"), segmentation.units_left);
        json.name(key!("parts"));
        json.open("[");
        let mut sent = Utf16::new(&self.text);
        for part in &segmentation.parts {
            json.open("{");
            json.whole(key!("start"), sent.at(part.bytes.start));
            json.whole(key!("end"), sent.at(part.bytes.end));
            json.whole(key!("units"), part.units);
            json.close("}");
        }
        json.close("]");
        json.name(key!("changes"));
        json.open("[");
        let mut given = Utf16::new(self.given);
        for change in &self.changes {
            let end = change.start + change.found.len_utf8();
            json.open("{");
            json.whole(key!("start"), given.at(change.start));
            json.whole(key!("end"), given.at(end));
            json.text(key!("found"), self.given.get(change.start..end).unwrap_or_default());
            json.text(key!("replacement"), change.replacement);
            json.close("}");
        }
        json.close("]");
    }

    /// To whom, and for how much.
    fn write_price(&self, json: &mut Json) {
        let unit = self.channel.unit();
        json.text(key!("channel"), self.channel.name());
        json.text(key!("unit"), unit.as_str());
        json.whole(key!("quantity"), self.quantity);
        json.name(key!("recipients"));
        json.open("[");
        for recipient in &self.recipients {
            json.open("{");
            write_recipient(recipient, unit, json);
            json.close("}");
        }
        json.close("]");
        json.text(key!("currency"), self.card.currency());
        json.amount(key!("total"), self.total);
        match self.cover {
            None => json.text(key!("cover"), None),
            Some(cover) => {
                json.name(key!("cover"));
                json.open("{");
                match cover {
                    Cover::Covered { remaining, sends_left } => {
                        json.text(key!("kind"), "covered");
                        json.amount(key!("remaining"), remaining);
                        json.whole_or_null(key!("sends_left"), sends_left);
                    }
                    Cover::Short { shortfall } => {
                        json.text(key!("kind"), "short");
                        json.amount(key!("shortfall"), shortfall);
                    }
                }
                json.close("}");
            }
        }
        json.flag(key!("sendable"), self.sendable());
    }

    /// What to know about it.
    fn write_notes(&self, json: &mut Json) {
        json.name(key!("advice"));
        json.open("[");
        for (advice, saving) in &self.advice {
            json.open("{");
            write_advice(advice, *saving, json);
            json.close("}");
        }
        json.close("]");
        json.name(key!("warnings"));
        json.open("[");
        for warning in &self.warnings {
            json.open("{");
            json.text(key!("code"), warning.code());
            json.text(key!("message"), warning.message());
            json.flag(key!("blocks"), warning.blocks());
            json.close("}");
        }
        json.close("]");
        json.name(key!("rate_card"));
        json.open("{");
        json.text(key!("id"), self.card.id());
        json.text(key!("as_of"), self.card.as_of());
        json.close("}");
    }
}

fn write_recipient(recipient: &Recipient<'_>, unit: Unit, json: &mut Json) {
    let territory = match &recipient.destination {
        Ok(Destination::Number(number)) => {
            json.text(key!("to"), &*spell::joined(&["+", number.digits()]));
            number.territory()
        }
        Ok(Destination::Territory(territory)) => {
            json.text(key!("to"), territory.as_str());
            Some(*territory)
        }
        Err(_) => {
            json.text(key!("to"), recipient.typed);
            None
        }
    };
    json.text(key!("territory"), territory.as_ref().map(Territory::as_str));
    let (status, charge) = match &recipient.price {
        Price::Priced(charge) => ("priced", Some(charge)),
        Price::Unpriced(reason) => (*reason, None),
    };
    json.text(key!("status"), status);
    json.flag(key!("local"), charge.is_some_and(|charge| charge.local));
    let per_unit = charge.map(|charge| charge.per_unit);
    json.amount(key!("rate"), charge.map(|charge| charge.rate));
    json.amount(key!("per_segment"), per_unit.filter(|_| unit == Unit::Segment));
    json.amount(key!("per_unit"), per_unit);
    json.amount(key!("total"), charge.map(|charge| charge.total));
    let Some(lines) = charge.and_then(|charge| charge.line_types.as_ref()) else { return };
    json.name(key!("line_types"));
    json.open("[");
    for line in lines {
        json.open("{");
        json.text(key!("line_type"), line.line_type.as_str());
        json.amount(key!("rate"), line.rate);
        json.amount(key!("per_unit"), line.per_unit);
        json.amount(key!("total"), line.total);
        json.close("}");
    }
    json.close("]");
}

fn write_advice(advice: &Advice<'_>, saving: Option<Money>, json: &mut Json) {
    let (start, end) = advice.spans.first().map_or((0, 0), |span| (span.utf16.start, span.utf16.end));
    // What the whole text or its end is about is no single character.
    let character = match advice.kind {
        Kind::Shorten | Kind::All | Kind::AllUnaccented | Kind::NationalTable | Kind::TrailingBlanks => None,
        // The mark: the letter before it is not what is in the way.
        Kind::Compose => advice.found.chars().nth(1),
        _ => advice.found.chars().next(),
    };
    json.text(key!("kind"), advice.kind.as_str());
    json.whole(key!("start"), start);
    json.whole(key!("end"), end);
    json.text(key!("found"), advice.found);
    json.text(key!("name"), advice.language.or_else(|| character.and_then(name)));
    json.text(key!("code_point"), character.map(spell::code_point).as_deref());
    json.whole(key!("count"), advice.count);
    json.name(key!("ranges"));
    json.open("[");
    for span in &advice.spans {
        json.open("[");
        json.value_whole(span.utf16.start);
        json.value_whole(span.utf16.end);
        json.close("]");
    }
    json.close("]");
    json.text(key!("replacement"), advice.replacement.as_deref());
    json.whole_or_null(key!("segments"), advice.segments.map(|segments| segments as u64));
    json.amount(key!("saving"), saving);
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
        self.units += utf16::len(self.text.get(self.bytes..byte).unwrap_or_default());
        self.bytes = byte;
        self.units
    }
}

impl Error {
    /// The error as it crosses the same borders: `{"code","message","at"}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::with_capacity(BYTES_MOST);
        json.open("{");
        json.text(key!("code"), self.code().as_str());
        json.text(key!("message"), self.message());
        json.text(key!("at"), self.at());
        json.close("}");
        json.into_string()
    }
}
