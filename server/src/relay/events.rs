//! Tells events by webhook, as the Standard Webhooks specification has it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    client::{Client, Sending, Trouble, Url},
    rounds::{Work, settled},
};
use crate::{
    app::App,
    http::{amount, moment},
    ledger::{ClaimEvents, Event, EventBody, Failure, SettleEvent},
    signature::Secret,
};

/// The events' worker.
pub(super) struct Teller {
    pub(super) app: App,
    pub(super) client: Client,
    pub(super) patience: Duration,
    pub(super) lease: Duration,
}

impl Work for Teller {
    type Item = Event;

    const NAME: &'static str = "events";

    async fn claim(&self, limit: i64) -> Result<Vec<Event>, Failure> {
        let claimed = self.app.ledger.tell(ClaimEvents { limit, lease: self.lease }).await?;
        Ok(claimed.outcome.unwrap_or_default())
    }

    async fn work(&self, event: Event) {
        let failed = match self.told(&event).await {
            Ok(failed) => failed,
            // Not told, not settled: it comes back when the lease ends.
            Err(failure) => return tracing::warn!(event = %event.id, %failure, "an event waits"),
        };
        if let Some(why) = &failed {
            tracing::warn!(event = %event.id, kind = event.kind.as_str(), why, "an event was not told");
        }
        let settle = SettleEvent { account: event.account_id, id: event.id, attempt: event.attempts, failed };
        if settled(Self::NAME, || self.app.ledger.tell(settle.clone())).await.is_none() {
            tracing::error!(event = %event.id, "could not be settled; it will be told again");
        }
    }
}

impl Teller {
    /// Why it could not be told; nothing when it was, or when nobody wants it.
    async fn told(&self, event: &Event) -> Result<Option<String>, Failure> {
        let webhook = self.app.ledger.webhook(event.account_id).await?;
        let Some((url, secret)) = webhook.and_then(|webhook| webhook.url.zip(webhook.secret)) else {
            return Ok(None);
        };
        let account = self.app.ledger.account(event.account_id).await?;
        let currency = account.map(|account| account.currency).unwrap_or_default();
        let body = document(event, &currency).to_string().into_bytes();
        let (url, secret) = match (Url::parse(&url), Secret::parse(&secret)) {
            (Ok(url), Ok(secret)) => (url, secret),
            (Err(why), _) | (_, Err(why)) => return Ok(Some(why.to_owned())),
        };
        let seconds = self.app.ledger.now().micros().div_euclid(1_000_000);
        let headers = secret.headers(&format!("evt_{}", event.id.uuid().simple()), seconds, &body).to_vec();
        let sending = Sending { method: "POST", url: &url, headers, body, patience: self.patience };
        Ok(match self.client.send(sending).await {
            Ok(reply) if reply.is_success() => None,
            Ok(reply) => Some(format!("the receiver answered {}", reply.status)),
            Err(Trouble::NotSent(why) | Trouble::Lost(why)) => Some(why),
        })
    }
}

/// `type`, `timestamp`, `data`: the same at every attempt.
fn document(event: &Event, currency: &str) -> Value {
    let mut data = data(&event.body);
    if let Some(members) = data.as_object_mut() {
        members.insert("workspace".to_owned(), event.account_id.to_string().into());
        members.insert("currency".to_owned(), currency.into());
    }
    json!({ "type": event.kind.as_str(), "timestamp": moment(event.created_at.micros()), "data": data })
}

/// What an event says, for people and programs.
pub(crate) fn data(body: &EventBody) -> Value {
    match body {
        EventBody::BalanceLow { balance_micros, held_micros, threshold_micros } => json!({
            "balance": amount(*balance_micros),
            "held": amount(*held_micros),
            "available": amount(balance_micros.saturating_sub(*held_micros)),
            "threshold": amount(*threshold_micros),
        }),
        EventBody::TopUpSucceeded {
            amount_micros,
            balance_micros,
            provider,
            payment,
            auto_charge,
            clamped,
        } => json!({
            "amount": amount(*amount_micros),
            "balance": amount(*balance_micros),
            "provider": provider,
            "payment": payment,
            "auto_charge": auto_charge,
            "clamped": clamped,
        }),
        EventBody::AutoChargeFailed { cause, amount_micros, reason, failures, stopped } => json!({
            "cause": cause,
            "amount": amount(*amount_micros),
            "reason": reason,
            "failures": failures,
            "stopped": stopped,
        }),
        EventBody::MessageFailed { charge, number, state, reason, refunded_micros } => json!({
            "id": charge.parse().map_or_else(|_| charge.clone(), |id| super::gateway::reference(id, *number)),
            "charge_id": charge,
            "number": number,
            "state": state,
            "reason": reason,
            "refunded": amount(*refunded_micros),
        }),
        EventBody::CampaignPaused { campaign, reason, waiting, held_micros } => json!({
            "campaign_id": campaign,
            "reason": reason,
            "waiting": waiting,
            "held": amount(*held_micros),
        }),
        EventBody::CampaignStopped(end) | EventBody::CampaignFinished(end) => json!({
            "campaign_id": end.campaign,
            "handed_on": end.sent,
            "cancelled": end.cancelled,
            "captured": amount(end.captured_micros),
            "released": amount(end.released_micros),
        }),
    }
}
