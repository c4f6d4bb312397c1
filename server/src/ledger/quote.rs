//! Prices that were promised: quote locks and the rate cards they come from.

use std::time::Duration;

use super::digest::Digest;
use super::id::{AccountId, ChargeId, QuoteId};
use super::moment::Moment;
use super::table::record;

/// Locks the price of a send for a while, for one use.
#[derive(Clone, Debug)]
pub struct LockQuote {
    /// For whom.
    pub account: AccountId,
    /// The lock's id.
    pub id: QuoteId,
    /// Of what is priced; only the same can be charged with it.
    pub body: Digest,
    /// The price: more than nothing.
    pub amount_micros: i64,
    /// The quote as it was given, to charge by later: an opaque document.
    pub document: String,
    /// For how long; longer than the policy allows is cut to that.
    pub lifetime: Duration,
}

record! {
    "quotes", keys 2, changing;
    /// A quote whose price is locked.
    pub struct QuoteLock {
        /// For whom.
        pub account_id: AccountId,
        /// Its id.
        pub id: QuoteId,
        /// Of what is priced.
        pub body_digest: Digest,
        /// The price.
        pub amount_micros: i64,
        /// The quote as it was given.
        pub document: String,
        /// When the price was locked.
        pub created_at: Moment,
        /// From when on it is not.
        pub expires_at: Moment,
        /// The charge it was used for.
        pub charge_id: Option<ChargeId>,
        /// Counts its changes.
        pub version: i64,
    }
}

/// Keeps a rate card, so that every charge's prices can be looked up later. A card that is kept never changes.
#[derive(Clone, Debug)]
pub struct KeepRateCard {
    /// What charges call it (1 to 200 characters).
    pub id: String,
    /// The card, byte by byte.
    pub document: String,
}

record! {
    "rate_cards", keys 1, lasting;
    /// A rate card as it was used.
    pub struct KeptRateCard {
        /// What charges call it.
        pub id: String,
        /// The digest of the document.
        pub digest: Digest,
        /// The card, byte by byte.
        pub document: String,
        /// When it was first kept.
        pub created_at: Moment,
    }
}
