//! Charges and their refunds.

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::id::{AccountId, ChargeId, QuoteId};
use super::moment::Moment;
use super::refusal::Refusal;
use super::table::record;
use super::value::json_fields;

/// The most parts of one charge.
pub const PARTS_MAX: usize = 1_000;
/// The most lines of one charge.
pub const LINES_MAX: usize = 10_000;
/// The most bytes of a part's payload, and of a charge's explanation.
pub const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

/// Takes the price of a send, or of a use, from an account and, in the same transaction, puts what is to be sent into
/// the outbox: all of it or nothing of it.
///
/// It is known again by its `id`: charging the same one twice charges once. With an idempotency key it is also known
/// by that, and then a refusal is kept and answered again too, until the caller makes a new attempt under a new key.
#[derive(Clone, Debug)]
pub struct Charge {
    /// Who pays.
    pub account: AccountId,
    /// Its id, made before the first attempt.
    pub id: ChargeId,
    /// The caller's key for it.
    pub key: Option<RequestKey>,
    /// What was used: `api`, `zapier`, `app`, `call` (1 to 40 bytes).
    pub channel: String,
    /// What `quantity` counts: `segment`, `minute` (1 to 40 bytes).
    pub unit: String,
    /// The rate card the prices are from, as its id (1 to 200 characters).
    pub rate_card: String,
    /// What is charged: at least one part with at least one line, altogether more than nothing.
    pub parts: Vec<Part>,
    /// The quote whose locked price this is.
    pub quote: Option<QuoteUse>,
    /// The most the caller accepts to pay.
    pub max_price_micros: Option<i64>,
    /// How the price came about, for "why this price": an opaque document, stored as it is.
    pub explanation: Option<String>,
}

/// What goes out as one message, or one use with nothing to send.
///
/// A group message is one part with a line per recipient, because the provider takes it as one request and answers
/// with one message; several messages paid at once are several parts.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its price, line by line.
    pub lines: Vec<Line>,
    /// What the relay hands on: an opaque document, dropped once the message is settled. `None`: nothing is sent.
    pub payload: Option<String>,
}

/// The price of one recipient: `quantity` × `per_unit_micros`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Who is sent to or called.
    pub to: String,
    /// Where that is, ISO 3166-1 alpha-2, when it is known.
    pub territory: Option<String>,
    /// Segments, or minutes: at least 1.
    pub quantity: i64,
    /// The price of one of them.
    pub per_unit_micros: i64,
}
json_fields! { Vec<Line> }

/// An idempotency key, and the digest of the request it was given with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// The key, as the caller chose it: 1 to 255 printable ASCII characters. Its scope is the account and the kind of
    /// request.
    pub key: String,
    /// Of everything that makes the request this one.
    pub body: Digest,
}

/// The use of a quote lock.
#[derive(Clone, Debug)]
pub struct QuoteUse {
    /// Which.
    pub id: QuoteId,
    /// Of what is priced; it must be what the lock was taken for.
    pub body: Digest,
}

record! {
    "charges", keys 2, changing;
    /// A charge as it was judged: paid, or refused. It does not change but for what is refunded of it.
    pub struct ChargeRecord {
        /// Who paid.
        pub account_id: AccountId,
        /// Its id, and the reference gateways are given.
        pub id: ChargeId,
        /// The caller's key for it.
        pub idempotency_key: Option<String>,
        /// The digest of the request the key was given with.
        pub body_digest: Option<Digest>,
        /// What was used.
        pub channel: String,
        /// What quantities count.
        pub unit: String,
        /// All lines' units together.
        pub quantity: i64,
        /// All lines together.
        pub amount_micros: i64,
        /// The rate card the prices are from.
        pub rate_card: String,
        /// The quote whose price was locked.
        pub quote_id: Option<QuoteId>,
        /// The price, line by line.
        pub lines: Vec<Line>,
        /// How the price came about, as it was given.
        pub explanation: Option<String>,
        /// The journal entry that paid it; none when it was refused.
        pub entry_seq: Option<i64>,
        /// The balance after it, or at the refusal.
        pub balance_micros: i64,
        /// Why nothing was charged and nothing is sent; `None`: it was paid.
        pub refusal: Option<Refusal>,
        /// What was given back since.
        pub refunded_micros: i64,
        /// When it was judged.
        pub created_at: Moment,
        /// Counts its changes.
        pub version: i64,
    }
}

impl ChargeRecord {
    /// Whether it was paid.
    #[must_use]
    pub const fn is_paid(&self) -> bool {
        self.refusal.is_none()
    }

    /// What can still be given back.
    #[must_use]
    pub const fn refundable_micros(&self) -> i64 {
        if self.is_paid() { self.amount_micros.saturating_sub(self.refunded_micros) } else { 0 }
    }
}

/// Gives back what is left of a charge, once. Messages of it that were not handed on yet are cancelled in the same
/// transaction; what is on its way stays on its way.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Who paid.
    pub account: AccountId,
    /// What.
    pub charge: ChargeId,
    /// Why, for the journal (up to 200 bytes).
    pub reason: String,
}

/// What a refund did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// What was given back of the charge, by this refund or, when it is a replay, before.
    pub amount_micros: i64,
    /// The balance now.
    pub balance_micros: i64,
}
