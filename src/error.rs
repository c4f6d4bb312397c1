//! What can go wrong, each with a stable code.

use alloc::{borrow::Cow, boxed::Box, string::String};
use core::fmt;

/// The closed list of failures. A text is never one of them, and neither is a number nobody can price: those are
/// answers (see [`Quote`](crate::Quote)). Only a broken request or a broken rate card is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A field that must be there is not.
    MissingField,
    /// A field nobody reads: most likely a misspelt one, which would have changed the price silently.
    UnknownField,
    /// A value of the wrong JSON type.
    WrongType,
    /// A value outside of what its field allows.
    InvalidValue,
    /// The rate card has no channel of that name.
    UnknownChannel,
    /// Not a decimal amount, negative, or finer than a millionth.
    InvalidAmount,
    /// GSM-7 was asked for by force, and the text has a character outside of it.
    NotGsm7,
    /// The text is longer than a quote reads.
    TextTooLarge,
    /// More recipients than a quote reads.
    TooManyRecipients,
    /// The sum does not fit the exact arithmetic.
    AmountOutOfRange,
    /// The rate card is broken; nothing of it is used.
    InvalidRateCard,
    /// A campaign's template cannot be read.
    #[cfg(feature = "campaign")]
    InvalidTemplate,
    /// A list has no column of that name, or none that holds the numbers.
    #[cfg(feature = "campaign")]
    MissingColumn,
    /// A list has several columns that a name could mean.
    #[cfg(feature = "campaign")]
    AmbiguousColumn,
    /// A list begins without a row of names.
    #[cfg(feature = "campaign")]
    MissingHeader,
    /// A list has nothing in it.
    #[cfg(feature = "campaign")]
    EmptyList,
}

impl Code {
    /// The code as it crosses every border: kebab-case, never changed once published.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::MissingField => "missing-field",
            Code::UnknownField => "unknown-field",
            Code::WrongType => "wrong-type",
            Code::InvalidValue => "invalid-value",
            Code::UnknownChannel => "unknown-channel",
            Code::InvalidAmount => "invalid-amount",
            Code::NotGsm7 => "not-gsm-7",
            Code::TextTooLarge => "text-too-large",
            Code::TooManyRecipients => "too-many-recipients",
            Code::AmountOutOfRange => "amount-out-of-range",
            Code::InvalidRateCard => "invalid-rate-card",
            #[cfg(feature = "campaign")]
            Code::InvalidTemplate => "invalid-template",
            #[cfg(feature = "campaign")]
            Code::MissingColumn => "missing-column",
            #[cfg(feature = "campaign")]
            Code::AmbiguousColumn => "ambiguous-column",
            #[cfg(feature = "campaign")]
            Code::MissingHeader => "missing-header",
            #[cfg(feature = "campaign")]
            Code::EmptyList => "empty-list",
        }
    }
}

/// A failure: what ([`code`](Error::code)), where ([`at`](Error::at)) and what to do ([`message`](Error::message)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Failure>); // in a box, because every result on the way of a good request has room for it

#[derive(Clone, Debug, PartialEq, Eq)]
struct Failure {
    code: Code,
    at: String,
    message: Cow<'static, str>,
}

impl Error {
    /// An error at a field (`"to[2]"`, `"texting.territories.GB"`; empty for the whole).
    pub fn new(code: Code, at: impl Into<String>, message: impl Into<Cow<'static, str>>) -> Error {
        Error(Box::new(Failure { code, at: at.into(), message: message.into() }))
    }

    /// What went wrong, for programs.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The field it is about, as a path from the top of the document; empty when it is the whole.
    #[must_use]
    pub fn at(&self) -> &str {
        &self.0.at
    }

    /// What went wrong and what to do, for people.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.at().is_empty() {
            f.write_str(self.at())?;
            f.write_str(": ")?;
        }
        f.write_str(self.message())
    }
}

impl core::error::Error for Error {}
