//! What somebody asks.

use alloc::vec::Vec;

use super::{RECIPIENTS_MAX, TEXT_BYTES_MAX};
use crate::{
    error::{Code, Error},
    money::Money,
    rates::{Channel, Unit},
    segment::{Encoding, Sender},
    spell,
    territory::Territory,
};

/// The longest call a quote reads, in minutes: most of a year.
pub(super) const MINUTES_MAX: u64 = 500_000;

/// What answers a call. Digits do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineType {
    /// A landline.
    Landline,
    /// A mobile.
    Mobile,
}

impl LineType {
    /// As it is written on the wire: `landline` or `mobile`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            LineType::Landline => "landline",
            LineType::Mobile => "mobile",
        }
    }
}

/// A request for a quote. Its default is an empty text to nobody over the API, from a standard US sender.
#[derive(Clone, Debug)]
pub struct QuoteRequest<'a> {
    /// The text, as typed.
    pub text: &'a str,
    /// The destinations, as typed.
    pub to: Vec<&'a str>,
    /// The channel of the rate card.
    pub channel: &'a str,
    /// The prepaid balance, if known.
    pub balance: Option<Money>,
    /// An encoding to force; `None` takes the one the text needs.
    pub encoding: Option<Encoding>,
    /// Who sends.
    pub sender: Sender,
    /// Where a number without a country code is.
    pub region: Territory,
    /// Whole minutes of a call.
    pub minutes: Option<u64>,
    /// What answers the call, if known.
    pub line_type: Option<LineType>,
    /// Whether typographic characters are replaced; `None`: as the channel says.
    pub smart: Option<bool>,
}

impl Default for QuoteRequest<'_> {
    fn default() -> Self {
        QuoteRequest {
            text: "",
            to: Vec::new(),
            channel: "api",
            balance: None,
            encoding: None,
            sender: Sender::Standard,
            region: Territory::US,
            minutes: None,
            line_type: None,
            smart: None,
        }
    }
}

impl QuoteRequest<'_> {
    pub(super) fn check(&self, channel: &Channel) -> Result<(), Error> {
        if self.text.len() > TEXT_BYTES_MAX {
            let (has, most) = (spell::whole(self.text.len() as u64), spell::whole(TEXT_BYTES_MAX as u64));
            let message =
                spell::joined(&["the text has ", &has, " bytes, but at most ", &most, " are quoted"]);
            return Err(Error::new(Code::TextTooLarge, "text", message));
        }
        if self.to.len() > RECIPIENTS_MAX {
            let (has, most) = (spell::whole(self.to.len() as u64), spell::whole(RECIPIENTS_MAX as u64));
            let message = spell::joined(&[
                "there are ",
                &has,
                " recipients, but at most ",
                &most,
                " are quoted at once",
            ]);
            return Err(Error::new(Code::TooManyRecipients, "to", message));
        }
        let invalid = |at, message: &'static str| Err(Error::new(Code::InvalidValue, at, message));
        match (channel.unit(), self.minutes) {
            (Unit::Minute, None) => {
                Err(Error::new(Code::MissingField, "minutes", "a call is priced by its minutes"))
            }
            (Unit::Minute, Some(minutes)) if minutes > MINUTES_MAX => {
                invalid("minutes", "at most 500000 minutes are quoted")
            }
            (Unit::Minute, _) if !self.text.is_empty() => invalid("text", "a call has no text; leave it out"),
            (Unit::Segment | Unit::Message, Some(_)) => {
                invalid("minutes", "only a call has minutes; leave them out, or choose a channel of calls")
            }
            (Unit::Segment | Unit::Message, _) if self.line_type.is_some() => {
                invalid("line_type", "only a call has a line type; leave it out")
            }
            _ => Ok(()),
        }
    }
}
