//! Hands paid messages to the gateway, and tells the ledger what came of it.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use super::{
    campaigns::Campaigns,
    gateway::{Found, Gateway, Outgoing, reference},
    rounds::{Work, settled},
};
use crate::{
    app::App,
    ledger::{ClaimMessages, Failure, Message, Outcome, SettleMessage},
};

/// The outbox's worker.
pub(super) struct Outbox {
    pub(super) app: App,
    pub(super) gateway: Arc<dyn Gateway>,
    pub(super) lease: Duration,
    pub(super) campaigns: Campaigns,
}

impl Work for Outbox {
    type Item = Message;

    const NAME: &'static str = "outbox";

    async fn claim(&self, limit: i64) -> Result<Vec<Message>, Failure> {
        let claimed = self.app.ledger.tell(ClaimMessages { limit, lease: self.lease }).await?;
        let mut messages = claimed.outcome.unwrap_or_default();
        // Campaigns come last, and only as far as there is room: nothing of theirs waits where it could not be paused.
        let room = limit.saturating_sub(i64::try_from(messages.len()).unwrap_or(limit));
        match self.campaigns.hand_on(room).await {
            Ok(more) => messages.extend(more),
            Err(failure) if !messages.is_empty() => tracing::warn!(%failure, "campaigns wait"),
            Err(failure) => return Err(failure),
        }
        Ok(messages)
    }

    async fn work(&self, message: Message) {
        let reference = reference(message.charge_id, message.number);
        let outcome = self.outcome(&message, &reference).await;
        let came_to = outcome_word(&outcome);
        let settle = SettleMessage {
            account: message.account_id,
            charge: message.charge_id,
            number: message.number,
            attempt: message.attempts,
            outcome,
        };
        let told = settled(Self::NAME, || self.app.ledger.tell(settle.clone())).await;
        match told.map(|answer| answer.outcome) {
            Some(Ok(after)) => {
                tracing::info!(%reference, came_to, state = after.state.as_str(), attempts = after.attempts, "message");
                // A message that failed is an event to tell.
                self.app.bell.ring();
            }
            Some(Err(refusal)) => {
                tracing::warn!(%reference, came_to, because = refusal.code(), "settled by somebody else");
            }
            None => tracing::error!(%reference, came_to, "could not be settled; it will be asked for"),
        }
    }
}

impl Outbox {
    /// Asks first where an earlier attempt may have gone through; hands on only what is certainly not there.
    async fn outcome(&self, message: &Message, reference: &str) -> Outcome {
        let payload =
            message.payload.as_deref().and_then(|payload| serde_json::from_str::<Value>(payload).ok());
        let Some(payload) = payload else {
            return Outcome::Rejected { reason: "there is nothing to hand on".to_owned() };
        };
        let outgoing = Outgoing {
            reference: reference.to_owned(),
            payload,
            paid_at: message.created_at,
            now: self.app.ledger.now(),
        };
        if message.doubtful {
            // The other half is for handing it on: when the lease is over somebody else is at it.
            match tokio::time::timeout(self.lease / 2, self.gateway.look_up(&outgoing)).await {
                Ok(Found::Taken { reference }) => return Outcome::Delivered { reference },
                Ok(Found::Unknown { reason }) => return Outcome::Unknown { reason },
                Ok(Found::Absent) => {}
                Err(_) => return Outcome::Unknown { reason: "asking for it took too long".to_owned() },
            }
        }
        if message.recalled {
            return Outcome::NotTaken { reason: "its price was given back".to_owned() };
        }
        self.gateway.hand_on(&outgoing).await
    }
}

const fn outcome_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered { .. } => "taken",
        Outcome::Rejected { .. } => "rejected",
        Outcome::NotTaken { .. } => "not taken",
        Outcome::Unknown { .. } => "unknown",
    }
}
