//! What a text or a call costs, and whether a balance covers it.

mod destination;
mod request;
mod warnings;

use alloc::{borrow::Cow, vec::Vec};

#[cfg(feature = "campaign")]
pub(crate) use destination::charge;
pub use destination::{Charge, Destination, LinePrice, Price, Recipient};
pub use request::{LineType, QuoteRequest};
pub use warnings::Warning;

use crate::{
    advice::{ADVICE_UNITS_MAX, Advice, Reading, advise},
    error::{Code, Error},
    money::Money,
    rates::{Channel, RateCard, Unit},
    segment::{Counts, Encoding, Segmentation},
    smart::{self, Change},
    spell, utf16,
};

/// The longest text a quote reads, in bytes of UTF-8: 600 times what the API takes. Beyond it is no text message but a
/// mistake, and the answer would be larger still.
pub const TEXT_BYTES_MAX: usize = 1_000_000;

/// The most recipients a quote reads.
pub const RECIPIENTS_MAX: usize = 10_000;

/// Whether the balance covers the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// It does; a total equal to the balance fits.
    Covered {
        /// The balance afterwards.
        remaining: Money,
        /// How many more sends like this one it then covers; `None` when they cost nothing.
        sends_left: Option<u64>,
    },
    /// It does not: the send would be refused whole, and nothing deducted.
    Short {
        /// How much is missing.
        shortfall: Money,
    },
}

impl Cover {
    fn of(balance: Money, total: Money) -> Cover {
        match balance.minus(total) {
            Some(remaining) => Cover::Covered { remaining, sends_left: remaining.holds(total) },
            None => Cover::Short { shortfall: total.minus(balance).unwrap_or(Money::ZERO) },
        }
    }
}

/// The answer: what will be sent, in how many segments, to whom, for how much, and what would make it cheaper.
#[derive(Clone, Debug)]
pub struct Quote<'a> {
    /// The card the prices come from.
    pub card: &'a RateCard,
    /// The channel it goes by.
    pub channel: &'a Channel,
    /// The text as it was given.
    pub given: &'a str,
    /// The text as it will be sent, after smart encoding.
    pub text: Cow<'a, str>,
    /// What smart encoding changed.
    pub changes: Vec<Change>,
    /// The text cut into segments.
    pub segmentation: Segmentation,
    /// Units billed for each recipient: segments, messages or minutes, as the channel bills. Nothing of a blank text
    /// is billable, since it cannot be sent.
    pub quantity: u64,
    /// Each recipient with its price, in the order asked.
    pub recipients: Vec<Recipient<'a>>,
    /// The sum; `None` while a recipient has no price, or there is none.
    pub total: Option<Money>,
    /// Whether the balance covers it; `None` without a balance or a total.
    pub cover: Option<Cover>,
    /// What would make it cheaper, with the saving over all recipients; `None` where there is no change to make or no price.
    pub advice: Vec<(Advice<'a>, Option<Money>)>,
    /// What somebody should know before sending.
    pub warnings: Vec<Warning>,
}

impl Quote<'_> {
    /// Whether it can be sent as far as anybody here knows: every recipient has a price, nothing stands against it, and
    /// the balance, if one was given, covers it.
    #[must_use]
    pub fn sendable(&self) -> bool {
        self.total.is_some()
            && !matches!(self.cover, Some(Cover::Short { .. }))
            && !self.warnings.iter().any(|warning| warning.blocks())
    }
}

impl RateCard {
    /// Quotes a request.
    ///
    /// ```
    /// # let raw: textmeter::Raw = serde_json::from_str(include_str!("../rates.json")).unwrap();
    /// # let card = textmeter::RateCard::read(&raw).unwrap();
    /// use textmeter::{Cover, Money, QuoteRequest};
    /// let text = "a".repeat(161);
    /// let request = QuoteRequest { text: &text, to: vec!["+44 7400 123456"], balance: Money::parse("0.10"), ..QuoteRequest::default() };
    /// let quote = card.quote(&request).unwrap();
    /// assert_eq!(quote.total.unwrap().to_string(), "0.132");
    /// assert_eq!(quote.cover, Some(Cover::Short { shortfall: Money::parse("0.032").unwrap() }));
    /// ```
    ///
    /// # Errors
    ///
    /// Only a request that makes no sense is an error: an unknown channel, a text or a list beyond the limits, GSM-7
    /// forced upon a text that does not fit it, minutes for a text or none for a call, an amount out of range. A number
    /// nobody can price is an answer.
    pub fn quote<'a>(&'a self, request: &QuoteRequest<'a>) -> Result<Quote<'a>, Error> {
        let channel = self.channel(request.channel).ok_or_else(|| self.unknown_channel(request.channel))?;
        request.check(channel)?;
        let given = request.text;
        let smart = request.smart.unwrap_or(channel.smart_encoding());
        let reading = Reading { smart, encoding: request.encoding, sender: request.sender };
        if request.encoding == Some(Encoding::Gsm7) {
            must_fit_gsm7(given, smart)?;
        }
        let (text, changes, segmentation) = reading.read(given);
        let quantity = match channel.unit() {
            Unit::Minute => request.minutes.unwrap_or(0),
            _ if spell::is_blank(&text) => 0,
            Unit::Message => 1,
            Unit::Segment => u64::try_from(segmentation.parts.len()).unwrap_or(u64::MAX),
        };
        let mut recipients = Vec::with_capacity(request.to.len());
        for typed in &request.to {
            recipients.push(Recipient::quote(self, channel, typed, request, quantity)?);
        }
        let total = total(&recipients)?;
        let cover = request.balance.zip(total).map(|(balance, total)| Cover::of(balance, total));

        let readable = segmentation.units <= ADVICE_UNITS_MAX;
        let (advice, shortened) = if readable && channel.unit() != Unit::Minute {
            advise(given, reading, &text, &changes, &segmentation)
        } else {
            (Vec::new(), false)
        };
        let per_segment = match channel.unit() {
            Unit::Segment => sum(&recipients, |charge| charge.per_unit)?,
            _ => total.map(|_| Money::ZERO),
        };
        let now = segmentation.parts.len();
        let mut priced = Vec::with_capacity(advice.len());
        for advice in advice {
            let saved = advice.segments.map(|after| now.saturating_sub(after) as u64);
            let saving = match per_segment.zip(saved) {
                Some((price, saved)) => Some(price.times(saved).ok_or_else(out_of_range)?),
                None => None,
            };
            priced.push((advice, saving));
        }
        let mut quote = Quote {
            card: self,
            channel,
            given,
            text,
            changes,
            segmentation,
            quantity,
            recipients,
            total,
            cover,
            advice: priced,
            warnings: Vec::new(),
        };
        quote.warnings = warnings::warnings(&quote, readable, shortened);
        Ok(quote)
    }

    /// Counts the segments of a text on a channel, as a quote of it does, and nothing else.
    ///
    /// ```
    /// # let raw: textmeter::Raw = serde_json::from_str(include_str!("../rates.json")).unwrap();
    /// # let card = textmeter::RateCard::read(&raw).unwrap();
    /// let counts = card.count("Don\u{2019}t", "api").unwrap();
    /// assert_eq!((counts.encoding.as_str(), counts.units, counts.segments), ("GSM-7", 5, 1));
    /// ```
    ///
    /// # Errors
    ///
    /// As [`quote`](Self::quote): an unknown channel or one of calls, a text beyond the limit.
    pub fn count(&self, text: &str, channel: &str) -> Result<Counts, Error> {
        self.channel(channel).ok_or_else(|| self.unknown_channel(channel))?.count(text)
    }

    pub(crate) fn unknown_channel(&self, name: &str) -> Error {
        let known = spell::listed(&mut self.channels().map(Channel::name));
        let message = spell::joined(&["the rate card has no channel \"", short(name), "\"; it has ", &known]);
        Error::new(Code::UnknownChannel, "channel", message)
    }
}

impl Channel {
    /// As [`RateCard::count`], on this channel.
    pub(crate) fn count(&self, text: &str) -> Result<Counts, Error> {
        let request = QuoteRequest { text, ..QuoteRequest::default() };
        request.check(self)?;
        let reading =
            Reading { smart: self.smart_encoding(), encoding: request.encoding, sender: request.sender };
        Ok(reading.count(text))
    }
}

/// So much of a stranger's word as an error repeats.
fn short(word: &str) -> &str {
    word.char_indices().nth(40).and_then(|(end, _)| word.get(..end)).unwrap_or(word)
}

fn must_fit_gsm7(given: &str, smart: bool) -> Result<(), Error> {
    let fits = |c| crate::gsm7::has(c) || (smart && smart::replacement(c).is_some());
    let Some((start, c)) = given.char_indices().find(|(_, c)| !fits(*c)) else { return Ok(()) };
    let offset = utf16::len(given.get(..start).unwrap_or_default());
    let message = spell::joined(&[
        "GSM-7 has no ",
        &spell::code_point(c),
        ", which stands at UTF-16 offset ",
        &spell::whole(offset as u64),
        "; change it, or leave the encoding to \"auto\"",
    ]);
    Err(Error::new(Code::NotGsm7, "text", message))
}

fn out_of_range() -> Error {
    Error::new(
        Code::AmountOutOfRange,
        "",
        "the price is beyond what can be calculated exactly; ask for less at once",
    )
}

fn total(recipients: &[Recipient<'_>]) -> Result<Option<Money>, Error> {
    sum(recipients, |charge| charge.total)
}

/// The sum over all recipients; `None` while one has no price, or there is none.
fn sum(recipients: &[Recipient<'_>], amount: fn(&Charge) -> Money) -> Result<Option<Money>, Error> {
    let mut sum = Money::ZERO;
    for recipient in recipients {
        let Price::Priced(charge) = &recipient.price else { return Ok(None) };
        sum = sum.plus(amount(charge)).ok_or_else(out_of_range)?;
    }
    Ok((!recipients.is_empty()).then_some(sum))
}
