//! Auto-charge: payments taken without being asked, at most one at a time and never beyond a month's cap.

use super::credit::PaymentId;
use super::id::{AccountId, AttemptId};
use super::moment::Moment;
use super::table::record;
use super::value::words;

/// When to take a payment and how much. All more than nothing, and `month_cap_micros` at least `amount_micros`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutoChargeRule {
    /// A payment is due while the balance and what is on its way are together below this.
    pub threshold_micros: i64,
    /// What a payment is a multiple of: as many as close the gap to the threshold, one at least.
    pub amount_micros: i64,
    /// The most to take in a month, UTC. The last payment of a month is cut to it.
    pub month_cap_micros: i64,
}

record! {
    "auto_charges", keys 1, changing;
    /// An account's rule of auto-charge and where it stands.
    pub struct AutoCharge {
        /// Whose.
        pub account_id: AccountId,
        /// Whether it is on.
        pub active: bool,
        /// The balance it watches for.
        pub threshold_micros: i64,
        /// What a payment is a multiple of.
        pub amount_micros: i64,
        /// The most to take in a month.
        pub month_cap_micros: i64,
        /// The attempt in flight: there is one at most, and it is in flight until its outcome is known.
        pub attempt_id: Option<AttemptId>,
        /// What the attempt in flight is to bring.
        pub pending_micros: i64,
        /// How many payments were declined in a row.
        pub failures: i64,
        /// Whether it gave up after too many; setting the rule again starts it again.
        pub stopped: bool,
        /// No attempt before this.
        pub next_at: Moment,
        /// The month `month_micros` is of, counted from January of year 0.
        pub month: i64,
        /// What was taken, or is on its way, in that month.
        pub month_micros: i64,
        /// The month whose cap was told to be reached.
        pub capped_month: Option<i64>,
        /// Counts its changes.
        pub version: i64,
    }
}

words! {
    /// Where an attempt stands.
    pub enum AttemptState {
        /// The payment was asked for.
        Pending = "pending",
        /// Whether the payment was taken is not known; it has to be asked for by the attempt's id. Nothing is credited.
        Unknown = "unknown",
        /// The payment was taken and credited.
        Succeeded = "succeeded",
        /// The payment was declined.
        Declined = "declined",
    }
}

record! {
    "attempts", keys 2, changing;
    /// One attempt of auto-charge. Its id is the idempotency key towards the payment provider.
    pub struct Attempt {
        /// Whose.
        pub account_id: AccountId,
        /// Its id.
        pub id: AttemptId,
        /// How much it is to bring, or brought.
        pub amount_micros: i64,
        /// Whether the month's cap cut it.
        pub clamped: bool,
        /// Where it stands.
        pub state: AttemptState,
        /// Who took the payment.
        pub provider: Option<String>,
        /// What they call the payment.
        pub payment: Option<String>,
        /// Why it was declined or is not known.
        pub reason: Option<String>,
        /// How often somebody took care of it.
        pub tries: i64,
        /// When somebody has to ask for its outcome; none once it is known.
        pub due_at: Option<Moment>,
        /// When it began.
        pub created_at: Moment,
        /// When its outcome was known.
        pub settled_at: Option<Moment>,
        /// Counts its changes.
        pub version: i64,
    }
}

/// Begins an attempt if one is due. The caller then asks for the payment, with the attempt's id as the key, and
/// settles the attempt by what came of it.
#[derive(Clone, Debug)]
pub struct BeginAttempt {
    /// Whose.
    pub account: AccountId,
    /// The new attempt's id.
    pub id: AttemptId,
}

/// Says what came of an attempt.
#[derive(Clone, Debug)]
pub struct SettleAttempt {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: AttemptId,
    /// What came of it.
    pub outcome: AttemptOutcome,
}

/// What came of an attempt.
#[derive(Clone, Debug)]
pub enum AttemptOutcome {
    /// The payment was taken. It is credited once, whoever tells of it first, and also when the attempt was thought
    /// declined before.
    Succeeded {
        /// Which payment it was.
        payment: PaymentId,
        /// How much was paid.
        amount_micros: i64,
    },
    /// The payment was certainly not taken.
    Declined {
        /// Why, as the provider says.
        reason: String,
    },
    /// Nobody knows: a time-out, a lost connection.
    Unknown {
        /// What happened.
        reason: String,
    },
}

/// Takes attempts whose outcome somebody has to ask for: their caller crashed, or did not get an answer.
#[derive(Clone, Debug)]
pub struct ClaimAttempts {
    /// The most to take.
    pub limit: i64,
}
