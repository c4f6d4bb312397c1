//! Why the ledger says no (a refusal: it was judged) and why it cannot say anything (a failure).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::value::json_fields;

/// Why a command was judged and refused. Nothing moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Refusal {
    /// An amount of nothing, below nothing or beyond [`AMOUNT_MICROS_MAX`](super::AMOUNT_MICROS_MAX).
    InvalidAmount {
        /// Which amount.
        field: String,
    },
    /// A field the ledger cannot store: empty, too long, with control characters, too many of it.
    InvalidField {
        /// Which field.
        field: String,
    },
    /// There is no such thing in this account.
    NotFound {
        /// Which thing: `account`, `charge`, `message`, `attempt`, `quote`, `event`, `key`.
        what: String,
    },
    /// The id belongs to something else already.
    IdTaken {
        /// Which thing: as in `NotFound`.
        what: String,
    },
    /// The idempotency key was used with another request.
    KeyReused,
    /// The payment was credited already, for another account or another amount.
    PaymentReused,
    /// The top-up would carry the balance beyond [`BALANCE_MICROS_MAX`](super::BALANCE_MICROS_MAX).
    BalanceTooLarge,
    /// The subscription is not active.
    SubscriptionInactive,
    /// The charge costs more than the balance. Partial credits are never used.
    InsufficientFunds {
        /// What there is.
        balance_micros: i64,
        /// What of it is held for campaigns.
        #[serde(default, skip_serializing_if = "is_nothing")]
        held_micros: i64,
        /// What it costs.
        required_micros: i64,
        /// What is missing.
        shortfall_micros: i64,
        /// Since when charges of this account have been refused so, microseconds since 1970-01-01T00:00:00Z.
        out_of_credit_since_micros: i64,
    },
    /// What can be spent does not cover the hold of a campaign. Nothing was held and nothing is sent.
    HoldNotCovered {
        /// What there is.
        balance_micros: i64,
        /// What of it is held for other campaigns.
        held_micros: i64,
        /// What had to be held.
        required_micros: i64,
        /// What is missing.
        shortfall_micros: i64,
        /// How many rows would have been covered, in the list's order.
        covered_rows: i64,
        /// What those cost.
        covered_micros: i64,
    },
    /// So many campaigns are sending or paused already.
    TooManyCampaigns {
        /// The most there may be.
        max: i64,
    },
    /// More of a campaign's list could be paid by now than when it was written, so not all of it is there. It passes by
    /// sending the list again.
    BalanceChanged,
    /// So many keys of the workspace work already.
    TooManyKeys {
        /// The most there may be.
        max: i64,
    },
    /// The campaign has ended, and cannot be steered any more.
    CampaignEnded {
        /// `stopped` or `finished`.
        state: String,
    },
    /// The charge would exceed a cap on what may be spent.
    SpendCap {
        /// `day` or `month`.
        period: String,
        /// The cap.
        cap_micros: i64,
        /// What was spent of it.
        spent_micros: i64,
        /// What is held for campaigns: it will be spent of it too.
        #[serde(default, skip_serializing_if = "is_nothing")]
        held_micros: i64,
        /// What the charge costs.
        required_micros: i64,
        /// When the period ends, microseconds since 1970-01-01T00:00:00Z.
        resets_at_micros: i64,
    },
    /// The charge costs more than the caller accepts.
    PriceAboveMax {
        /// What it costs.
        price_micros: i64,
        /// What the caller accepts.
        max_price_micros: i64,
    },
    /// The quote's lock has expired, or was used.
    QuoteExpired,
    /// The quote was for another send, or another price.
    QuoteMismatch,
    /// No attempt of auto-charge is due.
    AutoChargeNotDue {
        /// `off`, `stopped`, `in-flight`, `waiting`, `enough`, `month-cap` or `subscription`.
        because: String,
        /// From when on it may be, when that is known, microseconds since 1970-01-01T00:00:00Z.
        retry_at_micros: Option<i64>,
    },
    /// The outcome of the attempt is known already, and it is another one.
    AttemptSettled,
    /// Somebody else has the message or the event by now.
    LeaseLost,
    /// The message has come to another end already.
    MessageSettled,
}
json_fields! { Refusal }

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_nothing(micros: &i64) -> bool {
    *micros == 0
}

impl Refusal {
    /// The refusal's code at every border: kebab-case, never changed once published.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::InvalidAmount { .. } => "invalid-amount",
            Refusal::InvalidField { .. } => "invalid-field",
            Refusal::NotFound { .. } => "not-found",
            Refusal::IdTaken { .. } => "id-taken",
            Refusal::KeyReused => "key-reused",
            Refusal::PaymentReused => "payment-reused",
            Refusal::BalanceTooLarge => "balance-too-large",
            Refusal::SubscriptionInactive => "subscription-inactive",
            Refusal::InsufficientFunds { .. } | Refusal::HoldNotCovered { .. } => "insufficient-funds",
            Refusal::TooManyCampaigns { .. } => "too-many-campaigns",
            Refusal::BalanceChanged => "balance-changed",
            Refusal::TooManyKeys { .. } => "too-many-keys",
            Refusal::CampaignEnded { .. } => "campaign-ended",
            Refusal::SpendCap { .. } => "spend-cap",
            Refusal::PriceAboveMax { .. } => "price-above-max",
            Refusal::QuoteExpired => "quote-expired",
            Refusal::QuoteMismatch => "quote-mismatch",
            Refusal::AutoChargeNotDue { .. } => "auto-charge-not-due",
            Refusal::AttemptSettled => "attempt-settled",
            Refusal::LeaseLost => "lease-lost",
            Refusal::MessageSettled => "message-settled",
        }
    }

    pub(crate) fn amount(field: &str) -> Refusal {
        Refusal::InvalidAmount { field: field.to_owned() }
    }

    pub(crate) fn field(field: &str) -> Refusal {
        Refusal::InvalidField { field: field.to_owned() }
    }

    pub(crate) fn no(what: &str) -> Refusal {
        Refusal::NotFound { what: what.to_owned() }
    }

    pub(crate) fn taken(what: &str) -> Refusal {
        Refusal::IdTaken { what: what.to_owned() }
    }

    pub(crate) fn not_due(because: &str, retry_at: Option<Moment>) -> Refusal {
        Refusal::AutoChargeNotDue {
            because: because.to_owned(),
            retry_at_micros: retry_at.map(Moment::micros),
        }
    }
}

/// Why the ledger could not judge. Nothing of it is acknowledged; what a caller may do differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Certainly nothing was done: the database is full, read-only, away or overloaded. Try again later.
    Unavailable(String),
    /// It may have been done or not: the answer to the commit was lost. Ask again with the same id or key; never give
    /// money back on this ground, and never call it a refusal.
    Unknown(String),
}

impl Failure {
    pub(crate) fn unavailable(why: impl fmt::Display) -> Failure {
        Failure::Unavailable(why.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Unavailable(why) => write!(f, "the ledger is not available: {why}"),
            Failure::Unknown(why) => {
                write!(f, "whether the ledger did it is not known: {why}; ask again with the same key")
            }
        }
    }
}

impl std::error::Error for Failure {}

/// Why a ledger could not be opened, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenError(pub(crate) String);

impl OpenError {
    pub(crate) fn new(why: impl fmt::Display) -> OpenError {
        OpenError(why.to_string())
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OpenError {}
