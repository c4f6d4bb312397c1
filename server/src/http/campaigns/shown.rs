//! Campaigns as they are shown.

use serde::Serialize;
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    http::fields::{Amount, When},
    ledger::{Campaign, CampaignPapers, CampaignProgress, MessageState},
};

/// A campaign: where it stands, what became of its rows, and what became of the money that was held for it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct CampaignShown {
    /// What everybody may know of it.
    #[serde(flatten)]
    campaign: CampaignBrief,
    /// The text with its places to fill in.
    template: String,
    /// How many rows cannot be sent, by the reason: the statuses of a quote, and `region-not-allowed` for territories that are
    /// not texted from here.
    #[schema(value_type = std::collections::BTreeMap<String, u64>)]
    not_sendable: Value,
    /// Messages that were handed on, by where they stand.
    messages: Messages,
    /// What was given back of charges: messages that failed for certain, and charges that were refunded by hand.
    refunded: Amount,
    /// What the whole list was quoted, as `/v1/campaigns/quote` says it.
    #[schema(value_type = Object)]
    quote: Box<RawValue>,
}

/// A campaign in short.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct CampaignBrief {
    /// Its id.
    id: Uuid,
    /// What people call it.
    name: Option<String>,
    /// `sending`, `paused`, `stopped` or `finished`.
    #[schema(example = "sending")]
    state: String,
    /// Why it is paused: `asked` or `subscription-inactive`.
    paused_because: Option<String>,
    /// Who sends.
    #[schema(example = "+12025550100")]
    from: String,
    /// The channel of the rate card.
    #[schema(example = "api")]
    channel: String,
    /// `all`, or `in-order`: as many rows as were covered.
    #[schema(example = "all")]
    funds: String,
    /// The rate card the prices are from.
    rate_card: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Its rows.
    rows: Rows,
    /// What was held for it, and what became of that: `held`, `captured` and `released` are `hold` together.
    money: CampaignMoney,
    /// When it was started.
    created_at: When,
    /// When it was stopped, or its last row handed on.
    ended_at: Option<When>,
}

/// The rows of a campaign's list.
#[derive(Serialize, ToSchema)]
struct Rows {
    /// All of them.
    listed: i64,
    /// Those that can be sent.
    sendable: i64,
    /// Sendable ones that the hold covers.
    covered: i64,
    /// Sendable ones that it does not; nothing but with `funds=in-order`.
    not_covered: i64,
    /// Covered ones that wait to be handed on.
    waiting: i64,
    /// Those that were charged and handed on.
    handed_on: i64,
    /// Covered ones that were not sent, because the campaign was stopped.
    cancelled: i64,
}

/// What became of what was held.
#[derive(Serialize, ToSchema)]
struct CampaignMoney {
    /// What all sendable rows cost.
    total: Amount,
    /// What was held in the beginning.
    hold: Amount,
    /// What of it is held still.
    held: Amount,
    /// What of it was charged.
    captured: Amount,
    /// What of it was released.
    released: Amount,
}

/// Messages by where they stand.
#[derive(Default, Serialize, ToSchema)]
struct Messages {
    /// Paid, and not taken by the gateway yet.
    queued: i64,
    /// Taken by the gateway.
    delivered: i64,
    /// Refused for good, or not taken in all attempts, and given back.
    failed: i64,
    /// Perhaps taken, and nobody knows: a person decides.
    unknown: i64,
    /// Refunded before they were handed on.
    cancelled: i64,
}

impl Messages {
    fn of(progress: &CampaignProgress) -> Messages {
        let mut messages = Messages::default();
        for (state, count) in &progress.messages {
            let slot = match state {
                MessageState::Queued | MessageState::Leased => &mut messages.queued,
                MessageState::Delivered => &mut messages.delivered,
                MessageState::Failed | MessageState::Dead => &mut messages.failed,
                MessageState::Unknown => &mut messages.unknown,
                MessageState::Cancelled => &mut messages.cancelled,
            };
            *slot = slot.saturating_add(*count);
        }
        messages
    }
}

pub(super) fn brief(campaign: &Campaign, currency: &str) -> CampaignBrief {
    CampaignBrief {
        id: campaign.id.uuid(),
        name: campaign.name.clone(),
        state: campaign.state.as_str().to_owned(),
        paused_because: campaign.reason.clone(),
        from: campaign.sender.clone(),
        channel: campaign.channel.clone(),
        funds: campaign.funds.as_str().to_owned(),
        rate_card: campaign.rate_card.clone(),
        currency: currency.to_owned(),
        rows: Rows {
            listed: campaign.row_count,
            sendable: campaign.sendable,
            covered: campaign.covered,
            not_covered: campaign.sendable.saturating_sub(campaign.covered),
            waiting: campaign.waiting(),
            handed_on: campaign.sent,
            cancelled: campaign.cancelled(),
        },
        money: CampaignMoney {
            total: Amount(campaign.total_micros),
            hold: Amount(campaign.hold_micros),
            held: Amount(campaign.held_micros),
            captured: Amount(campaign.captured_micros),
            released: Amount(campaign.released_micros),
        },
        created_at: When(campaign.created_at),
        ended_at: campaign.ended_at.map(When),
    }
}

/// A campaign as it stands.
pub(super) fn shown(
    campaign: &Campaign,
    papers: Option<&CampaignPapers>,
    progress: &CampaignProgress,
    currency: &str,
) -> CampaignShown {
    let said = papers.and_then(|papers| serde_json::from_str(&papers.not_sendable).ok());
    let quote = papers.and_then(|papers| RawValue::from_string(papers.quote.clone()).ok());
    CampaignShown {
        campaign: brief(campaign, currency),
        template: papers.map(|papers| papers.template.clone()).unwrap_or_default(),
        not_sendable: said.unwrap_or_default(),
        messages: Messages::of(progress),
        refunded: Amount(progress.refunded_micros),
        quote: quote.unwrap_or_default(),
    }
}

/// A campaign as it was started: the same whenever its key asks again.
pub(super) fn started(campaign: &Campaign, papers: Option<&CampaignPapers>, currency: &str) -> CampaignShown {
    shown(&campaign.as_started(), papers, &CampaignProgress::default(), currency)
}
