//! Events to tell by webhook. They are written in the transaction that makes them true.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::id::{AccountId, EventId};
use super::moment::Moment;
use super::table::record;
use super::value::{json_fields, words};

words! {
    /// What is told, by its Standard Webhooks type.
    pub enum EventKind {
        /// The balance fell below its threshold.
        BalanceLow = "balance.low",
        /// A payment was credited.
        TopUpSucceeded = "topup.succeeded",
        /// Auto-charge could not do what its rule says.
        AutoChargeFailed = "autocharge.failed",
        /// A message came to an end without having been delivered for certain.
        MessageFailed = "message.failed",
        /// A campaign's rows wait.
        CampaignPaused = "campaign.paused",
        /// Somebody ended a campaign early.
        CampaignStopped = "campaign.stopped",
        /// Every row of a campaign that was covered is handed on.
        CampaignFinished = "campaign.finished",
    }
}

words! {
    /// Where an event stands.
    pub enum EventState {
        /// It waits to be told, for the first time or again.
        Queued = "queued",
        /// Somebody is telling it.
        Leased = "leased",
        /// It was told.
        Delivered = "delivered",
        /// Nobody listened in all attempts.
        Dead = "dead",
    }
}

/// What an event says. Amounts are in millionths of the account's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum EventBody {
    /// `balance.low`
    BalanceLow {
        /// The balance.
        balance_micros: i64,
        /// What of it is held: what is left besides is low.
        #[serde(default)]
        held_micros: i64,
        /// What it is below of.
        threshold_micros: i64,
    },
    /// `topup.succeeded`
    TopUpSucceeded {
        /// What was credited.
        amount_micros: i64,
        /// The balance after it.
        balance_micros: i64,
        /// Who took the payment.
        provider: String,
        /// What they call it.
        payment: String,
        /// Whether auto-charge took it.
        auto_charge: bool,
        /// Whether it was cut to the month's cap of auto-charge.
        clamped: bool,
    },
    /// `autocharge.failed`
    AutoChargeFailed {
        /// `declined`, `unknown` or `month-cap`.
        cause: String,
        /// What was to be taken.
        amount_micros: i64,
        /// What the provider said.
        reason: String,
        /// How many were declined in a row.
        failures: i64,
        /// Whether it gave up.
        stopped: bool,
    },
    /// `message.failed`
    MessageFailed {
        /// The charge that paid it.
        charge: String,
        /// Which of the charge's messages.
        number: i64,
        /// `failed`, `dead` or `unknown`.
        state: String,
        /// Why.
        reason: String,
        /// What was given back.
        refunded_micros: i64,
    },
    /// `campaign.paused`
    CampaignPaused {
        /// Which.
        campaign: String,
        /// `asked` or `subscription-inactive`.
        reason: String,
        /// How many rows wait.
        waiting: i64,
        /// What stays held for them.
        held_micros: i64,
    },
    /// `campaign.stopped`
    CampaignStopped(CampaignEnd),
    /// `campaign.finished`
    CampaignFinished(CampaignEnd),
}
json_fields! { EventBody }

/// How a campaign ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignEnd {
    /// Which.
    pub campaign: String,
    /// How many rows were handed on.
    pub sent: i64,
    /// How many were covered and are not sent.
    pub cancelled: i64,
    /// What was charged for them.
    pub captured_micros: i64,
    /// What of the hold was released.
    pub released_micros: i64,
}

impl EventBody {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            EventBody::BalanceLow { .. } => EventKind::BalanceLow,
            EventBody::TopUpSucceeded { .. } => EventKind::TopUpSucceeded,
            EventBody::AutoChargeFailed { .. } => EventKind::AutoChargeFailed,
            EventBody::MessageFailed { .. } => EventKind::MessageFailed,
            EventBody::CampaignPaused { .. } => EventKind::CampaignPaused,
            EventBody::CampaignStopped(_) => EventKind::CampaignStopped,
            EventBody::CampaignFinished(_) => EventKind::CampaignFinished,
        }
    }
}

record! {
    "events", keys 2, changing;
    /// An event.
    pub struct Event {
        /// Whose.
        pub account_id: AccountId,
        /// Its id: what a receiver tells repetitions by.
        pub id: EventId,
        /// What kind it is.
        pub kind: EventKind,
        /// What it says.
        pub body: EventBody,
        /// Where it stands.
        pub state: EventState,
        /// How often it was told.
        pub attempts: i64,
        /// When it is due: to be told, or, while somebody is telling it, to be taken from them.
        pub due_at: Option<Moment>,
        /// Why it could not be told, last time.
        pub reason: Option<String>,
        /// When it became true.
        pub created_at: Moment,
        /// Counts its changes.
        pub version: i64,
    }
}

/// Where an account's events are told.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Where to.
    pub url: String,
    /// What they are signed with.
    pub secret: String,
}

/// Without the secret.
impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).finish_non_exhaustive()
    }
}

record! {
    "webhooks", keys 1, changing;
    /// Where an account's events are told, as it is stored.
    pub struct Webhook {
        /// Whose.
        pub account_id: AccountId,
        /// Where to; none when it is turned off.
        pub url: Option<String>,
        /// What events are signed with.
        pub secret: Option<String>,
        /// Counts its changes.
        pub version: i64,
    }
}

/// Takes events that are due, oldest first, for so long.
#[derive(Clone, Debug)]
pub struct ClaimEvents {
    /// The most to take.
    pub limit: i64,
    /// For how long.
    pub lease: Duration,
}

/// Says whether an event was told.
#[derive(Clone, Debug)]
pub struct SettleEvent {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: EventId,
    /// The `attempts` of the event as it was claimed.
    pub attempt: i64,
    /// Why not; `None`: it was told, or nobody wants it.
    pub failed: Option<String>,
}
