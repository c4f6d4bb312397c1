//! The outbox: what was paid and is to be handed to a gateway.

use std::time::Duration;

use super::id::{AccountId, ChargeId};
use super::moment::Moment;
use super::table::record;
use super::value::{json_fields, words};

json_fields! { Vec<String> }

words! {
    /// Where a message stands.
    pub enum MessageState {
        /// It waits to be handed on, for the first time or again.
        Queued = "queued",
        /// A relay has it.
        Leased = "leased",
        /// The gateway took it.
        Delivered = "delivered",
        /// The gateway refused it for good; its price was given back.
        Failed = "failed",
        /// No gateway took it in all attempts; its price was given back.
        Dead = "dead",
        /// It may have been taken, and nobody could say in all attempts. Nothing was given back: a person decides.
        Unknown = "unknown",
        /// Its charge was refunded, and nobody has it.
        Cancelled = "cancelled",
    }
}

record! {
    "outbox", keys 3, changing;
    /// A message of a charge. `charge_id` and `number` together are its reference towards the gateway.
    pub struct Message {
        /// Who paid.
        pub account_id: AccountId,
        /// With which charge.
        pub charge_id: ChargeId,
        /// Which of the charge's parts it is, from 0.
        pub number: i64,
        /// Who it goes to: several are one group message.
        pub recipients: Vec<String>,
        /// Its price.
        pub amount_micros: i64,
        /// What to hand on; dropped once the message is settled.
        pub payload: Option<String>,
        /// Where it stands.
        pub state: MessageState,
        /// How often it was handed to a relay.
        pub attempts: i64,
        /// When it is due: to be handed on, or, while a relay has it, to be taken from that relay.
        pub due_at: Option<Moment>,
        /// Whether an earlier attempt may have gone through: ask the gateway by reference before handing it on again.
        pub doubtful: bool,
        /// Whether its charge was refunded while a relay had it, or while nobody knew whether the gateway has it: it is
        /// asked for, and never handed on again.
        pub recalled: bool,
        /// What the gateway calls it.
        pub provider_reference: Option<String>,
        /// Why it was not taken, last time.
        pub reason: Option<String>,
        /// When it was paid.
        pub created_at: Moment,
        /// When it came to its end.
        pub settled_at: Option<Moment>,
        /// Counts its changes.
        pub version: i64,
    }
}

impl Message {
    /// The first message of a charge, to nobody and of nothing yet: due at once.
    pub(crate) const fn queued(
        account: AccountId,
        charge: ChargeId,
        created_at: Moment,
        due_at: Moment,
    ) -> Message {
        Message {
            account_id: account,
            charge_id: charge,
            number: 0,
            recipients: Vec::new(),
            amount_micros: 0,
            payload: None,
            state: MessageState::Queued,
            attempts: 0,
            due_at: Some(due_at),
            doubtful: false,
            recalled: false,
            provider_reference: None,
            reason: None,
            created_at,
            settled_at: None,
            version: 1,
        }
    }

    /// Nobody will hand it on.
    pub(crate) fn cancel(&mut self, now: Moment) {
        self.state = MessageState::Cancelled;
        self.payload = None;
        self.due_at = None;
        self.settled_at = Some(now);
    }
}

/// Takes messages that are due, oldest first, for so long; then another relay may take them. What a relay did not
/// settle in time comes back `doubtful`.
#[derive(Clone, Debug)]
pub struct ClaimMessages {
    /// The most to take.
    pub limit: i64,
    /// For how long.
    pub lease: Duration,
}

/// Says what came of handing a message on.
#[derive(Clone, Debug)]
pub struct SettleMessage {
    /// Who paid.
    pub account: AccountId,
    /// With which charge.
    pub charge: ChargeId,
    /// Which of the charge's parts.
    pub number: i64,
    /// The `attempts` of the message as it was claimed: a relay that lost its lease cannot undo another's work.
    pub attempt: i64,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of handing a message on.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The gateway has it.
    Delivered {
        /// What the gateway calls it.
        reference: Option<String>,
    },
    /// The gateway refused it for good: it is refunded, once.
    Rejected {
        /// Why.
        reason: String,
    },
    /// It was certainly not taken, now: tried again later, refunded when the attempts are used up. When the message
    /// was doubtful, the gateway must have been asked before and have known nothing of it.
    NotTaken {
        /// Why.
        reason: String,
    },
    /// Nobody knows (a time-out): asked for later, never refunded on that ground.
    Unknown {
        /// What happened.
        reason: String,
    },
}
