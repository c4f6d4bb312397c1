//! The price for one recipient.

use super::{LineType, QuoteRequest, out_of_range};
use crate::{
    error::Error,
    money::Money,
    phone::{Number, NumberProblem, read_number},
    rates::{Channel, Local, RateCard, Table},
};

/// A recipient, as asked for and as understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient<'a> {
    /// As typed.
    pub typed: &'a str,
    /// As understood, or why not.
    pub number: Result<Number, NumberProblem>,
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
        let number = read_number(typed, request.region);
        let price = match &number {
            Err(problem) => Price::Unpriced(problem.code()),
            Ok(number) => match charge(card, channel, number, request.line_type, quantity)? {
                Some(charge) => Price::Priced(charge),
                None => Price::Unpriced("no-rate"),
            },
        };
        Ok(Recipient { typed, number, price })
    }
}

/// The charge; `None` when the card has no rate for the number.
fn charge(
    card: &RateCard,
    channel: &Channel,
    number: &Number,
    line_type: Option<LineType>,
    quantity: u64,
) -> Result<Option<Charge>, Error> {
    let territory = number.territory();
    if territory.is_some_and(|territory| card.is_local(territory)) {
        return Charge::local(channel, quantity).map(Some).ok_or_else(out_of_range);
    }
    let abroad = |rate| Charge::abroad(channel, rate, quantity).ok_or_else(out_of_range);
    match channel.table() {
        Table::Texting => card.texting_rate(number.digits(), territory).map(abroad).transpose(),
        Table::Calling => {
            let Some(rate) = card.calling_rate(number.digits(), territory) else { return Ok(None) };
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
