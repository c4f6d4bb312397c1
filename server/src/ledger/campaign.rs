//! Campaigns: a list whose worst case is held at once and sent row by row.

use std::sync::Arc;
use std::time::Duration;

use super::charge::RequestKey;
use super::digest::Digest;
use super::id::{AccountId, CampaignId, ChargeId};
use super::moment::Moment;
use super::outbox::Message;
use super::refusal::Refusal;
use super::table::record;
use super::value::words;

/// The most rows of one campaign's list.
pub const CAMPAIGN_ROWS_MAX: usize = 250_000;
/// The most campaigns of one account that are sending or paused at the same time.
pub const CAMPAIGNS_RUNNING_MAX: usize = 20;
/// The most rows that are added or swept by one command.
pub const CAMPAIGN_CHUNK_MAX: usize = 1_000;

words! {
    /// Where a campaign stands.
    pub enum CampaignState {
        /// Its list is being written; nothing is held and nothing sent.
        Draft = "draft",
        /// It came to nothing: its list broke off, or somebody else has its key. It is being removed.
        Dropped = "dropped",
        /// Nothing was held and nothing is sent; kept as the answer to its key.
        Refused = "refused",
        /// Its rows are handed on.
        Sending = "sending",
        /// Its rows wait; what they cost stays held.
        Paused = "paused",
        /// Somebody ended it early; the rest of the hold was released.
        Stopped = "stopped",
        /// Every row that was covered is handed on.
        Finished = "finished",
    }
}

impl CampaignState {
    /// Whether rows of it may still be handed on.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, CampaignState::Sending | CampaignState::Paused)
    }
}

words! {
    /// What is done when the hold cannot be covered.
    pub enum Funds {
        /// Nothing is sent.
        All = "all",
        /// As many rows as are covered are sent, in the list's order.
        InOrder = "in-order",
    }
}

record! {
    "campaigns", keys 2, changing;
    /// A campaign. `hold_micros` is always what is held, was captured and was released together.
    pub struct Campaign {
        /// Whose.
        pub account_id: AccountId,
        /// Its id.
        pub id: CampaignId,
        /// The caller's key for it; a draft has none yet.
        pub idempotency_key: Option<String>,
        /// The digest of the request the key was given with.
        pub body_digest: Option<Digest>,
        /// What people call it.
        pub name: Option<String>,
        /// What is used.
        pub channel: String,
        /// What quantities count.
        pub unit: String,
        /// The rate card the prices are from.
        pub rate_card: String,
        /// Who sends, as it was asked for.
        pub sender: String,
        /// What is done when the hold cannot be covered.
        pub funds: Funds,
        /// Where it stands.
        pub state: CampaignState,
        /// Why it is paused.
        pub reason: Option<String>,
        /// Why nothing was held and nothing is sent.
        pub refusal: Option<Refusal>,
        /// How many rows its list has.
        pub row_count: i64,
        /// How many of them can be sent.
        pub sendable: i64,
        /// What those cost together.
        pub total_micros: i64,
        /// The rows before this number are covered by the hold; of a draft: could have been when they were written, and have
        /// their texts.
        pub covered_rows: i64,
        /// How many of those can be sent.
        pub covered: i64,
        /// The number of the row that is next.
        pub next_row: i64,
        /// How many were handed on.
        pub sent: i64,
        /// What was held in the beginning.
        pub hold_micros: i64,
        /// What of it is held still.
        pub held_micros: i64,
        /// What of it was charged.
        pub captured_micros: i64,
        /// What of it was released.
        pub released_micros: i64,
        /// The rows from this number on have texts that nobody will send; none: there are none.
        pub sweep_from: Option<i64>,
        /// When it was started; a draft: when it was begun.
        pub created_at: Moment,
        /// When it last changed.
        pub touched_at: Moment,
        /// When it was stopped or finished.
        pub ended_at: Option<Moment>,
        /// Counts its changes.
        pub version: i64,
    }
}

impl Campaign {
    /// How many rows wait to be handed on.
    #[must_use]
    pub const fn waiting(&self) -> i64 {
        match self.state {
            CampaignState::Sending | CampaignState::Paused => self.covered.saturating_sub(self.sent),
            _ => 0,
        }
    }

    /// How many rows were covered and will not be sent, because it was stopped.
    #[must_use]
    pub const fn cancelled(&self) -> i64 {
        match self.state {
            CampaignState::Stopped => self.covered.saturating_sub(self.sent),
            _ => 0,
        }
    }

    /// As it was when it was started: what its key is answered with, whatever has happened since.
    #[must_use]
    pub fn as_started(&self) -> Campaign {
        if self.refusal.is_some() {
            return self.clone();
        }
        Campaign {
            state: CampaignState::Sending,
            reason: None,
            next_row: 0,
            sent: 0,
            held_micros: self.hold_micros,
            captured_micros: 0,
            released_micros: 0,
            touched_at: self.created_at,
            ended_at: None,
            ..self.clone()
        }
    }
}

record! {
    "campaign_papers", keys 2, lasting;
    /// What a campaign says and was quoted: opaque documents, stored as they are.
    pub struct CampaignPapers {
        /// Whose.
        pub account_id: AccountId,
        /// Of which campaign.
        pub campaign_id: CampaignId,
        /// The text with its places to fill in.
        pub template: String,
        /// How the list was read and priced.
        pub settings: String,
        /// How many rows cannot be sent, by the reason.
        pub not_sendable: String,
        /// What the whole list was quoted.
        pub quote: String,
    }
}

record! {
    "campaign_rows", keys 3, changing;
    /// A row of a campaign's list.
    pub struct CampaignRow {
        /// Whose.
        pub account_id: AccountId,
        /// Of which campaign.
        pub campaign_id: CampaignId,
        /// Its number, from 0 in the list's order.
        pub number: i64,
        /// The line of the list it begins on.
        pub line: i64,
        /// Who it goes to, or what stood there.
        pub recipient: String,
        /// Where that is, when it is known.
        pub territory: Option<String>,
        /// Why it cannot be sent; none: it can.
        pub reason: Option<String>,
        /// Units.
        pub quantity: i64,
        /// The price of one of them.
        pub per_unit_micros: i64,
        /// What the relay hands on; dropped once it is handed on or will not be.
        pub payload: Option<String>,
        /// How its price came about; handed over to its charge.
        pub explanation: Option<String>,
        /// What paid for it.
        pub charge_id: Option<ChargeId>,
        /// Counts its changes.
        pub version: i64,
    }
}

impl CampaignRow {
    /// What it costs.
    #[must_use]
    pub const fn amount_micros(&self) -> i64 {
        self.quantity.saturating_mul(self.per_unit_micros)
    }
}

/// Begins a draft: a list that is written row by row, and of which nothing is sent before it is started.
#[derive(Clone, Debug)]
pub struct DraftCampaign {
    /// Whose.
    pub account: AccountId,
    /// Its id, made before the first attempt.
    pub id: CampaignId,
    /// What people call it: 1 to 200 characters.
    pub name: Option<String>,
    /// What is used (1 to 40 bytes).
    pub channel: String,
    /// What quantities count.
    pub unit: String,
    /// The rate card the prices are from.
    pub rate_card: String,
    /// Who sends (1 to 200 characters).
    pub sender: String,
    /// What is done when the hold cannot be covered.
    pub funds: Funds,
}

/// Adds rows to a draft.
#[derive(Clone, Debug)]
pub struct AddCampaignRows {
    /// Whose.
    pub account: AccountId,
    /// To which draft.
    pub id: CampaignId,
    /// The number of the first of them: how many the draft has so far.
    pub first: i64,
    /// Up to [`CAMPAIGN_CHUNK_MAX`] rows.
    pub rows: Vec<NewCampaignRow>,
}

/// A row to add.
#[derive(Clone, Debug)]
pub struct NewCampaignRow {
    /// The line of the list it begins on.
    pub line: i64,
    /// Who it goes to, or what stood there (up to 200 characters).
    pub recipient: String,
    /// Where that is, when it is known.
    pub territory: Option<String>,
    /// What can be sent, or why it cannot.
    pub sending: Result<RowSending, &'static str>,
}

/// What a row that can be sent costs and says.
#[derive(Clone, Debug)]
pub struct RowSending {
    /// Units: at least 1.
    pub quantity: i64,
    /// The price of one of them: more than nothing.
    pub per_unit_micros: i64,
    /// What the relay hands on: an opaque document.
    pub payload: String,
    /// How the price came about: an opaque document.
    pub explanation: String,
}

/// Holds the worst case of a whole draft and starts it, or refuses it: one or the other, at once.
#[derive(Clone, Debug)]
pub struct StartCampaign {
    /// Whose.
    pub account: AccountId,
    /// Which draft.
    pub id: CampaignId,
    /// The caller's key for it.
    pub key: RequestKey,
    /// The most the caller accepts the whole list to cost.
    pub max_price_micros: Option<i64>,
    /// What the rows cost up to and with each of them, in the list's order: how far the balance goes is looked up in it.
    pub running: Arc<[i64]>,
    /// What it says and was quoted.
    pub papers: Box<CampaignPapers>,
}

/// Gives a draft up.
#[derive(Clone, Debug)]
pub struct DropCampaign {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: CampaignId,
    /// Only if nobody has written to it then or since.
    pub untouched_since: Option<Moment>,
}

/// Hands the next rows on: charges each from the hold, and puts its message into the outbox as one the caller has, for
/// so long. A campaign that is not sending, or is at another row by now, is answered as it is, without messages.
#[derive(Clone, Debug)]
pub struct SendCampaign {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: CampaignId,
    /// The row that is next, as far as the caller knows.
    pub from: i64,
    /// The most messages to take.
    pub limit: i64,
    /// The most rows to look at for them.
    pub look: i64,
    /// For how long the caller has the messages; then another relay may take them, as doubtful.
    pub lease: Duration,
}

/// What was handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRound {
    /// The campaign after it.
    pub campaign: Campaign,
    /// The messages the caller has now.
    pub messages: Vec<Message>,
}

/// Pauses, resumes or stops a campaign. Each says a state, so it can be repeated.
#[derive(Clone, Debug)]
pub struct SteerCampaign {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: CampaignId,
    /// Where to.
    pub to: Steer,
}

/// Where a campaign is steered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steer {
    /// Its rows wait; what they cost stays held.
    Pause,
    /// Its rows are handed on again.
    Resume,
    /// Nothing more is handed on, and the rest of the hold is released.
    Stop,
}

/// Removes what nobody will send: texts of rows that are not sent, and all of a draft that was dropped or refused.
#[derive(Clone, Debug)]
pub struct SweepCampaign {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: CampaignId,
    /// The first row of those, as far as the caller knows.
    pub from: i64,
}
