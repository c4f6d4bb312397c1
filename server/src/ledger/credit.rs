//! The journal, and the ways credits come in and go out other than by use.

use super::charge::RequestKey;
use super::digest::Digest;
use super::id::{AccountId, ApplicationId, AttemptId, ChargeId};
use super::moment::Moment;
use super::table::record;
use super::value::words;

/// The most of one payment, price or rule: a billion units of the currency.
pub const AMOUNT_MICROS_MAX: i64 = 1_000_000_000_000_000;
/// The most an account can hold by top-ups: a hundred billion units of the currency.
pub const BALANCE_MICROS_MAX: i64 = 100_000_000_000_000_000;

words! {
    /// What moved money.
    pub enum EntryKind {
        /// Credits were bought.
        TopUp = "top-up",
        /// Credits were bought by auto-charge.
        AutoCharge = "auto-charge",
        /// A send or use was paid.
        Charge = "charge",
        /// Something paid was given back.
        Refund = "refund",
        /// All credits were applied to the subscription.
        Subscription = "subscription",
    }
}

record! {
    "entries", keys 2, lasting;
    /// One line of an account's journal. Entries are added, never changed and never removed; the balance is their sum.
    pub struct Entry {
        /// Whose.
        pub account_id: AccountId,
        /// Its number in the account, from 1 without a gap: this, not the time, is the order.
        pub seq: i64,
        /// What moved money.
        pub kind: EntryKind,
        /// How much came in (positive) or went out (negative); never nothing.
        pub amount_micros: i64,
        /// The balance after it.
        pub balance_micros: i64,
        /// The charge that was paid or given back.
        pub charge_id: Option<ChargeId>,
        /// What else it refers to: `provider:payment` of a top-up, the id of an application, the reason of a refund.
        pub reference: Option<String>,
        /// When, by the ledger's clock.
        pub at: Moment,
    }
}

/// Credits a payment, once, however often the payment is told of.
#[derive(Clone, Debug)]
pub struct TopUp {
    /// Who bought credits.
    pub account: AccountId,
    /// Which payment it was.
    pub payment: PaymentId,
    /// How much was paid: more than nothing.
    pub amount_micros: i64,
}

/// The name of a payment: unique in the whole ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentId {
    /// Who took it (1 to 40 bytes).
    pub provider: String,
    /// What they call it (1 to 200 characters).
    pub payment: String,
}

record! {
    "payments", keys 2, lasting;
    /// A payment that was credited.
    pub struct Payment {
        /// Who took it.
        pub provider: String,
        /// What they call it.
        pub payment: String,
        /// Whose credits it bought.
        pub account_id: AccountId,
        /// How much.
        pub amount_micros: i64,
        /// The journal entry that credited it.
        pub entry_seq: i64,
        /// The balance after it.
        pub balance_micros: i64,
        /// The attempt of auto-charge it was taken by.
        pub attempt_id: Option<AttemptId>,
        /// When it was credited.
        pub created_at: Moment,
    }
}

/// Applies all credits to the subscription: reads what can be spent and takes all of it in one go. There is no partial
/// amount, and what is held for campaigns stays; an empty balance is an answer (an application of nothing), not an error.
#[derive(Clone, Debug)]
pub struct ApplyAll {
    /// Whose.
    pub account: AccountId,
    /// The application's id, made before the first attempt.
    pub id: ApplicationId,
    /// The caller's key for it.
    pub key: RequestKey,
}

record! {
    "applications", keys 2, lasting;
    /// An application of all credits to the subscription.
    pub struct Application {
        /// Whose.
        pub account_id: AccountId,
        /// The caller's key for it.
        pub idempotency_key: String,
        /// The digest of the request the key was given with.
        pub body_digest: Digest,
        /// Its id, to tell the subscription's biller.
        pub id: ApplicationId,
        /// How much was applied: all that could be spent, possibly nothing.
        pub amount_micros: i64,
        /// The balance after it: what is held.
        pub balance_micros: i64,
        /// The journal entry that took it; none when there was nothing.
        pub entry_seq: Option<i64>,
        /// When.
        pub created_at: Moment,
    }
}
