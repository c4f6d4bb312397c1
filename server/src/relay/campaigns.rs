//! Campaigns: their rows are handed on where the outbox leaves room, and what nobody will send is swept away.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use uuid::Uuid;

use super::rounds::Work;
use crate::{
    app::App,
    ledger::{
        AccountId, CAMPAIGN_CHUNK_MAX, CLAIM_MAX, Campaign, CampaignId, CampaignState, DropCampaign, Failure,
        Message, Moment, SendCampaign, SweepCampaign,
    },
};

/// A draft nobody has written to for so long is given up: its caller has gone.
const DRAFT_AGE_MAX: Duration = Duration::from_secs(900);

/// Takes rows of the campaigns that are sending, in turn.
pub(super) struct Campaigns {
    pub(super) app: App,
    pub(super) lease: Duration,
    /// So many of a campaign's last rows may wait in the outbox; then it waits too, so that a gateway that is down does
    /// not fill it.
    pub(super) ahead: i64,
    turn: Mutex<(AccountId, CampaignId)>,
}

/// Where the turns begin.
const FIRST: (AccountId, CampaignId) =
    (AccountId::from_uuid(Uuid::nil()), CampaignId::from_uuid(Uuid::nil()));

impl Campaigns {
    pub(super) const fn new(app: App, lease: Duration, ahead: i64) -> Campaigns {
        Campaigns { app, lease, ahead, turn: Mutex::new(FIRST) }
    }

    /// Up to so many messages, each charged and entered into the outbox by the same step that takes it.
    pub(super) async fn hand_on(&self, room: i64) -> Result<Vec<Message>, Failure> {
        let mut messages = Vec::new();
        let mut asked = HashSet::new();
        loop {
            let free = room.saturating_sub(i64::try_from(messages.len()).unwrap_or(room));
            if free <= 0 {
                return Ok(messages);
            }
            let Some(campaign) = self.next().await? else { return Ok(messages) };
            if !asked.insert(campaign.id) {
                return Ok(messages);
            }
            match self.rows_of(campaign, free).await {
                Ok(more) => messages.extend(more),
                // What was taken already is not forgotten for it.
                Err(failure) if !messages.is_empty() => {
                    tracing::warn!(%failure, "cannot take rows of a campaign");
                    return Ok(messages);
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// The campaign whose turn it is.
    async fn next(&self) -> Result<Option<Campaign>, Failure> {
        let after = *self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let next = match self.app.ledger.next_sending(after).await? {
            None if after != FIRST => self.app.ledger.next_sending(FIRST).await?,
            next => next,
        };
        let turn = next.as_ref().map_or(FIRST, |campaign| (campaign.account_id, campaign.id));
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = turn;
        Ok(next)
    }

    async fn rows_of(&self, campaign: Campaign, free: i64) -> Result<Vec<Message>, Failure> {
        // Further back than what may wait: whatever was in between has come to its end.
        let lagging = self.app.ledger.lagging(&campaign, self.ahead.saturating_mul(2)).await?;
        let limit = free.min(self.ahead.saturating_sub(lagging));
        let mut at = campaign;
        let mut look = limit;
        while limit > 0 && at.state == CampaignState::Sending {
            let (account, id, from) = (at.account_id, at.id, at.next_row);
            let send = SendCampaign { account, id, from, limit, look, lease: self.lease };
            let answer = self.app.ledger.tell(send).await?;
            let Ok(round) = answer.outcome else {
                tracing::error!(campaign = %id, "what it costs is not what is held: see `textmeter reconcile`");
                return Ok(Vec::new());
            };
            for message in &round.messages {
                self.app.metrics.charged(message.amount_micros);
            }
            if round.campaign.state != CampaignState::Sending && !answer.replayed {
                let state = round.campaign.state.as_str();
                tracing::info!(campaign = %id, state, sent = round.campaign.sent, "campaign");
                self.app.bell.ring();
            }
            if !round.messages.is_empty() || round.campaign.next_row == from {
                return Ok(round.messages);
            }
            // Nothing of these could be sent: look further.
            look = look.saturating_mul(4).min(CLAIM_MAX);
            at = round.campaign;
        }
        Ok(Vec::new())
    }
}

/// Removes what nobody will send.
pub(super) struct Sweeper {
    pub(super) app: App,
    started: AtomicBool,
}

impl Sweeper {
    pub(super) const fn new(app: App) -> Sweeper {
        Sweeper { app, started: AtomicBool::new(false) }
    }

    /// Drafts last touched before this are nobody's any more: all there were when the one process that has the ledger was
    /// started.
    fn forsaken_since(&self) -> Moment {
        let now = self.app.ledger.now();
        let first = !self.started.swap(true, Ordering::Relaxed);
        if first && self.app.ledger.is_alone() { now } else { now.before(DRAFT_AGE_MAX) }
    }
}

impl Work for Sweeper {
    type Item = Campaign;

    const NAME: &'static str = "sweeper";

    async fn claim(&self, limit: i64) -> Result<Vec<Campaign>, Failure> {
        let since = self.forsaken_since();
        for draft in self.app.ledger.drafts_untouched(since, limit).await? {
            tracing::info!(campaign = %draft.id, rows = draft.row_count, "a draft nobody writes to is dropped");
            let (account, id) = (draft.account_id, draft.id);
            self.app.ledger.tell(DropCampaign { account, id, untouched_since: Some(since) }).await?;
        }
        self.app.ledger.to_sweep(limit).await
    }

    async fn work(&self, campaign: Campaign) {
        let chunk = i64::try_from(CAMPAIGN_CHUNK_MAX).unwrap_or(i64::MAX);
        let (account, id) = (campaign.account_id, campaign.id);
        let mut from = campaign.sweep_from.unwrap_or(campaign.row_count);
        loop {
            if let Err(failure) = self.app.ledger.tell(SweepCampaign { account, id, from }).await {
                return tracing::warn!(campaign = %id, %failure, "cannot sweep");
            }
            if from >= campaign.row_count {
                return;
            }
            from = from.saturating_add(chunk).min(campaign.row_count);
        }
    }
}
