//! The rate card: what each destination costs on each channel, as data somebody can edit.
//!
//! A card is read whole or not at all ([`RateCard::read`]); after that a look-up never fails, it finds a rate or it
//! does not. A destination without a row has **no rate**: that is never a price of nothing.
//!
//! The order in which a destination's rate is looked for: the longest prefix of the number that the card prices, the
//! territory's own row, the row of the territory it falls back to. So an operator, or a satellite network that
//! belongs to no territory, is priced by prefix, and an island without a row by the country it dials under.

mod prefixes;
mod read;

use alloc::{string::String, vec::Vec};

use crate::{money::Money, territory::Territory};
use prefixes::Prefixes;

/// What a channel bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Every segment of a text.
    Segment,
    /// A text, however many segments it takes.
    Message,
    /// Every begun minute of a call.
    Minute,
}

impl Unit {
    /// As it is written on the wire and in the card: `segment`, `message` or `minute`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Unit::Segment => "segment",
            Unit::Message => "message",
            Unit::Minute => "minute",
        }
    }
}

/// The table of the card that a channel takes its destination rates from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// One rate a destination.
    Texting,
    /// Two rates a destination: landline and mobile.
    Calling,
}

/// What a local destination costs on a channel; abroad it is always the surcharge and the destination's rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Local {
    /// The surcharge alone, without a destination rate.
    Surcharge,
    /// Nothing: the subscription covers it.
    Included,
}

/// A way to send, with its own way of billing: the API, the app, a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    name: String,
    title: String,
    unit: Unit,
    table: Table,
    surcharge: Money,
    local: Local,
    smart_encoding: bool,
    text_max: u32,
    recipients_max: u32,
}

impl Channel {
    /// The name requests use: `api`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name people read: `API`. In the card it is the channel's field `name`.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What is billed.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// Where its destination rates are.
    #[must_use]
    pub const fn table(&self) -> Table {
        self.table
    }

    /// What every unit costs on top of the destination's rate.
    #[must_use]
    pub const fn surcharge(&self) -> Money {
        self.surcharge
    }

    /// What a local destination costs.
    #[must_use]
    pub const fn local(&self) -> Local {
        self.local
    }

    /// Whether typographic characters are replaced by GSM-7 ones unless the request says otherwise.
    #[must_use]
    pub const fn smart_encoding(&self) -> bool {
        self.smart_encoding
    }

    /// The longest text the channel takes, in code points.
    #[must_use]
    pub const fn text_max(&self) -> u32 {
        self.text_max
    }

    /// The most recipients one message takes.
    #[must_use]
    pub const fn recipients_max(&self) -> u32 {
        self.recipients_max
    }
}

/// What a minute to a destination costs. Digits do not tell a mobile from a landline, so a card carries both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallingRate {
    /// A minute to a landline.
    pub landline: Money,
    /// A minute to a mobile.
    pub mobile: Money,
}

/// One table of rates. A texting rate is kept as both line types alike, so that one structure serves both tables.
#[derive(Clone, Debug, Default)]
struct Rates {
    prefixes: Prefixes,
    /// Ascending by territory; fallbacks are resolved to the rate of the row they lead to.
    territories: Vec<(Territory, CallingRate)>,
}

impl Rates {
    fn find(&self, digits: &str, territory: Option<Territory>) -> Option<CallingRate> {
        self.prefixes.longest(digits).or_else(|| self.of(territory?))
    }

    /// The rate of a territory.
    fn of(&self, territory: Territory) -> Option<CallingRate> {
        let found = self.place_of(territory).ok()?;
        self.territories.get(found).map(|(_, rate)| *rate)
    }

    /// Gives a territory its rate.
    fn insert(&mut self, territory: Territory, rate: CallingRate) {
        match self.place_of(territory) {
            // Nothing to do in the middle of a card: nothing is there twice.
            Ok(_) => {}
            Err(place) => self.territories.insert(place, (territory, rate)),
        }
    }

    fn place_of(&self, territory: Territory) -> Result<usize, usize> {
        self.territories.binary_search_by_key(&territory, |(territory, _)| *territory)
    }
}

/// A dated, sourced list of prices.
///
/// ```
/// use textmeter::{Raw, RateCard, Territory};
/// let raw: Raw = serde_json::from_str(r#"{
///     "id": "example", "as_of": "2026-05-25", "currency": "USD", "source": "this example", "local": ["US"],
///     "channels": {"api": {"name": "API", "unit": "segment", "rates": "texting", "surcharge": "0.01", "local": "surcharge"}},
///     "texting": {"territories": {"GB": "0.056"}, "prefixes": {"8816": "0.10"}, "fallbacks": {"IM": "GB"}}
/// }"#).unwrap();
/// let card = RateCard::read(&raw).unwrap();
/// let rate = |digits, territory| card.texting_rate(digits, Territory::parse(territory)).map(|rate| rate.to_string());
/// assert_eq!(rate("447400123456", "GB").as_deref(), Some("0.056"));
/// assert_eq!(rate("447624123456", "IM").as_deref(), Some("0.056"));
/// assert_eq!(rate("881612345678", "").as_deref(), Some("0.10"));
/// assert_eq!(rate("5351234567", "CU"), None);
/// ```
#[derive(Clone, Debug)]
pub struct RateCard {
    id: String,
    as_of: String,
    currency: String,
    source: String,
    note: String,
    local: Vec<Territory>,
    channels: Vec<Channel>,
    texting: Rates,
    calling: Rates,
}

impl RateCard {
    /// The card's own name, which every quote repeats: `twilio-list-2026-05-25`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The day its prices held, as an ISO 8601 date: `2026-05-25`.
    #[must_use]
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// The currency of every amount in it: three capitals of ISO 4217.
    #[must_use]
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// Where the prices come from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What a reader has to know before trusting them; empty when there is nothing.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The channel a request names.
    #[must_use]
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.name == name)
    }

    /// The channels, in the card's order.
    pub fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.iter()
    }

    /// Whether a destination in this territory is local: it costs what the channel says, not a destination rate.
    #[must_use]
    pub fn is_local(&self, territory: Territory) -> bool {
        self.local.contains(&territory)
    }

    /// The destination rate of a text to a number, without the channel's surcharge; `None`: no rate is published.
    ///
    /// `digits` are those of the E.164 number, without the plus sign; `territory` is `None` for numbers that belong
    /// to none (satellite networks): only a prefix prices those.
    #[must_use]
    pub fn texting_rate(&self, digits: &str, territory: Option<Territory>) -> Option<Money> {
        self.texting.find(digits, territory).map(|rate| rate.mobile)
    }

    /// The destination rates of a call's minute to a number; as [`texting_rate`](Self::texting_rate) otherwise.
    #[must_use]
    pub fn calling_rate(&self, digits: &str, territory: Option<Territory>) -> Option<CallingRate> {
        self.calling.find(digits, territory)
    }
}
