//! What somebody should know before sending.

use alloc::vec::Vec;

use super::{Price, Quote};
use crate::{
    digits::{key, sorted, twin},
    rates::Unit,
    segment::SEGMENTS_MAX,
};

/// From so many segments on some networks deliver badly.
const SEGMENTS_MANY: usize = 10;

/// A thing to know; some stand against sending at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The text is empty, or only blanks: nothing is billable, and the API refuses it.
    BlankText,
    /// The text has more code points than the channel takes.
    TextTooLong,
    /// More parts than the header of a concatenated message can count (TS 23.040, 9.2.3.24.1).
    TooManySegments,
    /// More than ten segments.
    OverTenSegments,
    /// The count depends on whether the platform keeps clusters whole; the higher one is priced.
    BoundaryUncertain,
    /// A number stands twice in the list and would be charged twice.
    DuplicateRecipient,
    /// More recipients than one message of the channel takes.
    TooManyRecipients,
    /// A landline and a mobile cost different amounts there; the dearer one is priced.
    MobileOrLandline,
    /// The text is too long for advice.
    AdviceLeftOut,
    /// More characters than are named force UCS-2.
    AdviceShortened,
}

impl Warning {
    /// As it is written on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Warning::BlankText => "blank-text",
            Warning::TextTooLong => "text-too-long",
            Warning::TooManySegments => "too-many-segments",
            Warning::OverTenSegments => "over-ten-segments",
            Warning::BoundaryUncertain => "boundary-uncertain",
            Warning::DuplicateRecipient => "duplicate-recipient",
            Warning::TooManyRecipients => "too-many-recipients",
            Warning::MobileOrLandline => "mobile-or-landline",
            Warning::AdviceLeftOut => "advice-left-out",
            Warning::AdviceShortened => "advice-shortened",
        }
    }

    /// For people.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Warning::BlankText => "There is nothing to send: the text is empty or only blanks.",
            Warning::TextTooLong => "The text is longer than this channel takes; it would be refused.",
            Warning::TooManySegments => "A text can have 255 segments at most; this one cannot be sent.",
            Warning::OverTenSegments => "Some networks have trouble with more than 10 segments.",
            Warning::BoundaryUncertain => {
                "A character lies across a segment boundary, and platforms differ there; the higher count is priced."
            }
            Warning::DuplicateRecipient => "A number stands in the list twice, and is charged twice.",
            Warning::TooManyRecipients => "One message of this channel takes fewer recipients; send several.",
            Warning::MobileOrLandline => {
                "A mobile and a landline cost different amounts there; the dearer one is priced."
            }
            Warning::AdviceLeftOut => "The text is too long to look for savings.",
            Warning::AdviceShortened => "More characters than are listed cannot be sent as GSM-7.",
        }
    }

    /// Whether it stands against sending.
    #[must_use]
    pub const fn blocks(self) -> bool {
        matches!(self, Warning::BlankText | Warning::TextTooLong | Warning::TooManySegments)
    }
}

pub(super) fn warnings(quote: &Quote<'_>, advised: bool, shortened: bool) -> Vec<Warning> {
    let channel = quote.channel;
    let text = channel.unit() != Unit::Minute;
    let segments = quote.segmentation.parts.len();
    // UTF-16 code units are never fewer than code points, and bytes never fewer than either.
    let long = quote.given.len() > channel.text_max() as usize
        && quote.given.chars().nth(channel.text_max() as usize).is_some();
    let split = quote.recipients.iter().any(|recipient| match &recipient.price {
        Price::Priced(charge) => charge.line_types.is_some(),
        Price::Unpriced(_) => false,
    });
    [
        (text && quote.quantity == 0, Warning::BlankText),
        (text && long, Warning::TextTooLong),
        (segments > SEGMENTS_MAX, Warning::TooManySegments),
        (segments > SEGMENTS_MANY, Warning::OverTenSegments),
        (quote.segmentation.segments_min < segments, Warning::BoundaryUncertain),
        (has_duplicate(quote), Warning::DuplicateRecipient),
        (quote.recipients.len() > channel.recipients_max() as usize, Warning::TooManyRecipients),
        (split, Warning::MobileOrLandline),
        (text && !advised, Warning::AdviceLeftOut),
        (shortened, Warning::AdviceShortened),
    ]
    .into_iter()
    .filter_map(|(applies, warning)| applies.then_some(warning))
    .collect()
}

fn has_duplicate(quote: &Quote<'_>) -> bool {
    if quote.recipients.len() < 2 {
        return false;
    }
    let destinations = quote.recipients.iter().filter_map(|recipient| recipient.destination.as_ref().ok());
    // A territory named twice stands for two numbers there, and has no digits.
    let keys = destinations.filter_map(|destination| Some((key(destination.digits())?, 0)));
    twin(&sorted(keys.collect())).is_some()
}
