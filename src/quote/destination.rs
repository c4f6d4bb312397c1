//! The price for one recipient.

use core::fmt;

use super::{LineType, QuoteRequest, out_of_range};
use crate::{
    error::Error,
    money::Money,
    phone::{Number, NumberProblem, read_number},
    rates::{Channel, Local, RateCard, Table},
    territory::Territory,
};

/// Where a message or a call goes, as understood.
///
/// ```
/// use textmeter::{Destination, Territory};
/// let number = Destination::read("07400 123456", Territory::parse("GB").unwrap()).unwrap();
/// assert_eq!((number.to_string().as_str(), number.digits()), ("+447400123456", "447400123456"));
/// let territory = Destination::read("GB", Territory::US).unwrap();
/// assert_eq!((territory.to_string().as_str(), territory.digits()), ("GB", ""));
/// assert_eq!(number.territory(), territory.territory());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A phone number.
    Number(Number),
    /// A territory without a number, by its two capital letters: what its numbers cost that no prefix sets apart.
    Territory(Territory),
}

impl Destination {
    /// Reads what somebody typed; a number without a country code is one of `region`.
    ///
    /// # Errors
    ///
    /// Why it is neither a number nor two capital letters.
    pub fn read(typed: &str, region: Territory) -> Result<Destination, NumberProblem> {
        match Territory::parse(typed.trim()) {
            Some(territory) => Ok(Destination::Territory(territory)),
            None => read_number(typed, region).map(Destination::Number),
        }
    }

    /// The digits of a number without `+`; none for a territory.
    #[must_use]
    pub fn digits(&self) -> &str {
        match self {
            Destination::Number(number) => number.digits(),
            Destination::Territory(_) => "",
        }
    }

    /// The territory; `None` for calling codes that belong to none.
    #[must_use]
    pub fn territory(&self) -> Option<Territory> {
        match self {
            Destination::Number(number) => number.territory(),
            Destination::Territory(territory) => Some(*territory),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Destination::Number(number) => number.fmt(f),
            Destination::Territory(territory) => territory.fmt(f),
        }
    }
}

/// A recipient, as asked for and as understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient<'a> {
    /// As typed.
    pub typed: &'a str,
    /// As understood, or why not.
    pub destination: Result<Destination, NumberProblem>,
    /// The price, if there is one.
    pub price: Price,
}

/// What a recipient costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Price {
    /// So much.
    Priced(Charge),
    /// Nobody can say; the code says why: a [`NumberProblem`]'s, or `no-rate`.
    Unpriced(&'static str),
}

/// A price and how it comes about: `total = (surcharge + rate) x quantity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Whether the destination is local, so that no destination rate is added.
    pub local: bool,
    /// The destination's rate for a unit.
    pub rate: Money,
    /// All of a unit: surcharge and rate.
    pub per_unit: Money,
    /// For the quantity.
    pub total: Money,
    /// Both prices, landline first, where they differ and nobody said which it is; the charge is then the dearer one.
    pub line_types: Option<[LinePrice; 2]>,
}

/// The price if a landline answers, or a mobile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePrice {
    /// What answers.
    pub line_type: LineType,
    /// The destination's rate for a minute.
    pub rate: Money,
    /// All of a minute.
    pub per_unit: Money,
    /// For all minutes.
    pub total: Money,
}

impl Charge {
    fn abroad(channel: &Channel, rate: Money, quantity: u64) -> Option<Charge> {
        let per_unit = channel.surcharge().plus(rate)?;
        Some(Charge { local: false, rate, per_unit, total: per_unit.times(quantity)?, line_types: None })
    }

    fn local(channel: &Channel, quantity: u64) -> Option<Charge> {
        let per_unit = match channel.local() {
            Local::Surcharge => channel.surcharge(),
            Local::Included => Money::ZERO,
        };
        Some(Charge {
            local: true,
            rate: Money::ZERO,
            per_unit,
            total: per_unit.times(quantity)?,
            line_types: None,
        })
    }

    fn line(&self, line_type: LineType) -> LinePrice {
        LinePrice { line_type, rate: self.rate, per_unit: self.per_unit, total: self.total }
    }
}

impl<'a> Recipient<'a> {
    pub(super) fn quote(
        card: &RateCard,
        channel: &Channel,
        typed: &'a str,
        request: &QuoteRequest<'_>,
        quantity: u64,
    ) -> Result<Recipient<'a>, Error> {
        let destination = Destination::read(typed, request.region);
        let price = match &destination {
            Err(problem) => Price::Unpriced(problem.code()),
            Ok(place) => match charge(card, channel, place, request.line_type, quantity)? {
                Some(charge) => Price::Priced(charge),
                None => Price::Unpriced("no-rate"),
            },
        };
        Ok(Recipient { typed, destination, price })
    }
}

/// The charge; `None` when the card has no rate for it.
pub(crate) fn charge(
    card: &RateCard,
    channel: &Channel,
    destination: &Destination,
    line_type: Option<LineType>,
    quantity: u64,
) -> Result<Option<Charge>, Error> {
    let territory = destination.territory();
    if territory.is_some_and(|territory| card.is_local(territory)) {
        return Charge::local(channel, quantity).map(Some).ok_or_else(out_of_range);
    }
    let abroad = |rate| Charge::abroad(channel, rate, quantity).ok_or_else(out_of_range);
    match channel.table() {
        Table::Texting => card.texting_rate(destination.digits(), territory).map(abroad).transpose(),
        Table::Calling => {
            let Some(rate) = card.calling_rate(destination.digits(), territory) else { return Ok(None) };
            let landline = abroad(rate.landline)?;
            let mobile = abroad(rate.mobile)?;
            Ok(Some(match line_type {
                Some(LineType::Landline) => landline,
                Some(LineType::Mobile) => mobile,
                None if landline == mobile => mobile,
                None => {
                    let both = [landline.line(LineType::Landline), mobile.line(LineType::Mobile)];
                    let dearer = if landline.rate > mobile.rate { landline } else { mobile };
                    Charge { line_types: Some(both), ..dearer }
                }
            }))
        }
    }
}
