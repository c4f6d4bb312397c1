//! Payments: the port auto-charge asks through, and its implementations.
//!
//! The signed-webhook port asks a service of the operator's, which speaks to whoever moves the money:
//!
//! - `POST url` `{"type": "payment.requested", "timestamp", "data": {"attempt", "workspace", "amount", "currency"}}`,
//!   signed as Standard Webhooks with the attempt's id as `webhook-id` and `Idempotency-Key`: one attempt is one
//!   payment, however often it is asked for.
//! - It answers `{"status": "succeeded", "payment": "…", "amount": "5.00"}`, `{"status": "declined", "reason": "…"}`, or
//!   202 (or `{"status": "pending"}`) when it will tell later by `POST /v1/payments/webhook`.
//! - `GET url?attempt=…`, signed likewise, asks after an attempt: the same answers, and 404 for one it never got.

use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, ready};
use serde::Deserialize;
use serde_json::json;
use textmeter::Money;

use crate::{
    http::{amount, moment},
    ledger::{
        AccountId, AttemptId, AttemptOutcome, Failure, Ledger, Moment, PaymentId, Refusal, SettleAttempt,
    },
    price::micros,
    relay::{Client, Reply, Sending, Trouble, Url},
    signature::Secret,
};

/// How outcomes of payments that are told to this server are recognised.
#[derive(Clone, Debug)]
pub struct PaymentInbox {
    /// What its payments are called in the ledger (1 to 40 bytes), the same as where payments are asked for: a payment
    /// that is told twice is known by it and credited once.
    pub provider: String,
    /// What they are signed with.
    pub secret: Secret,
}

/// What to take.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// The attempt: the payment's idempotency key.
    pub(crate) attempt: AttemptId,
    /// Whose credits it buys.
    pub(crate) workspace: AccountId,
    /// How much.
    pub(crate) amount_micros: i64,
    /// Of what, ISO 4217.
    pub(crate) currency: String,
    /// When it is asked for.
    pub(crate) now: Moment,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was taken.
    Taken {
        /// Which payment it is.
        payment: PaymentId,
        /// How much was paid.
        amount_micros: i64,
    },
    /// It certainly was not taken.
    Declined {
        /// Why.
        reason: String,
    },
    /// It is being taken; the outcome comes later.
    Pending,
    /// Nobody knows. Nothing is credited on that ground, and nothing else is taken.
    Unknown {
        /// What happened.
        reason: String,
    },
}

/// Takes payments. Both may be called again for the same attempt.
pub(crate) trait PaymentPort: Send + Sync {
    /// Asks for a payment.
    fn pay<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Outcome>;

    /// Asks what came of one, and for it anew where it never arrived.
    fn ask<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Outcome>;
}

/// Money was taken and the ledger refuses to credit it: a person has to see to it. The attempt stays in flight, so that
/// nothing else is taken, and `autocharge.failed` tells why, once.
pub(crate) async fn not_credited(
    ledger: &Ledger,
    account: AccountId,
    id: AttemptId,
    refusal: &Refusal,
) -> Result<(), Failure> {
    tracing::error!(attempt = %id, because = refusal.code(), "paid but not credited");
    let outcome = AttemptOutcome::Unknown { reason: format!("paid but not credited: {}", refusal.code()) };
    // Where the attempt is settled or gone there is nothing to keep in flight: the log has said it.
    ledger.tell(SettleAttempt { account, id, outcome }).await.map(|_| ())
}

/// Takes every payment at once, for trying out: no money moves.
pub(crate) struct TestPort;

impl PaymentPort for TestPort {
    fn pay<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Outcome> {
        let payment = PaymentId { provider: "test".to_owned(), payment: order.attempt.to_string() };
        ready(Outcome::Taken { payment, amount_micros: order.amount_micros }).boxed()
    }

    fn ask<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Outcome> {
        self.pay(order)
    }
}

/// Asks a service by signed requests.
pub(crate) struct WebhookPort {
    pub(crate) client: Client,
    pub(crate) url: Url,
    pub(crate) secret: Secret,
    pub(crate) provider: String,
    pub(crate) patience: Duration,
}

impl WebhookPort {
    async fn send(
        &self,
        method: &'static str,
        url: &Url,
        order: &Order,
        body: Vec<u8>,
    ) -> Result<Reply, Trouble> {
        let attempt = order.attempt.to_string();
        let mut headers =
            self.secret.headers(&attempt, order.now.micros().div_euclid(1_000_000), &body).to_vec();
        headers.push(("idempotency-key", format!("\"{attempt}\"")));
        self.client.send(Sending { method, url, headers, body, patience: self.patience }).await
    }

    async fn request(&self, order: &Order) -> Outcome {
        let body = json!({
            "type": "payment.requested",
            "timestamp": moment(order.now.micros()),
            "data": {
                "attempt": order.attempt.to_string(),
                "workspace": order.workspace.to_string(),
                "amount": amount(order.amount_micros),
                "currency": order.currency,
            },
        });
        let reply = self.send("POST", &self.url, order, body.to_string().into_bytes()).await;
        self.read(order, reply)
    }

    async fn look_up(&self, order: &Order) -> Outcome {
        let url = self.url.with_query(&[("attempt", &order.attempt.to_string())]);
        match self.send("GET", &url, order, Vec::new()).await {
            // It never got there. The key is the same, so nothing can be paid twice even if it did.
            Ok(reply) if reply.status == 404 => self.request(order).await,
            // A service that cannot be asked says nothing of the payment.
            Ok(reply) if matches!(reply.status, 400..=499) => Outcome::Unknown {
                reason: format!("asked for it, the payment service answered {}", reply.status),
            },
            reply => self.read(order, reply),
        }
    }

    fn read(&self, order: &Order, reply: Result<Reply, Trouble>) -> Outcome {
        let unknown = |reason: String| Outcome::Unknown { reason };
        let reply = match reply {
            Ok(reply) => reply,
            Err(Trouble::NotSent(why) | Trouble::Lost(why)) => return unknown(why),
        };
        let said: Option<Said> = serde_json::from_slice(&reply.body).ok();
        let reason = || {
            let reason = said.as_ref().and_then(|said| said.reason.clone());
            reason.unwrap_or_else(|| format!("the payment service answered {}", reply.status))
        };
        match (reply.status, said.as_ref().and_then(|said| said.status.as_deref())) {
            (200..=299, Some("succeeded")) => {
                self.taken(order, said.as_ref()).unwrap_or_else(|why| unknown(why.to_owned()))
            }
            (200..=299 | 402, Some("declined")) | (402, None) => Outcome::Declined { reason: reason() },
            (202, None) | (200..=299, Some("pending")) => Outcome::Pending,
            // It may be busy with this very attempt, or with too many.
            (408 | 409 | 425 | 429, _) => unknown(reason()),
            // It did not take the request, so it took no money.
            (400..=499, _) => Outcome::Declined { reason: reason() },
            _ => unknown(reason()),
        }
    }

    fn taken(&self, order: &Order, said: Option<&Said>) -> Result<Outcome, &'static str> {
        let payment = said.and_then(|said| said.payment.clone());
        let payment = payment.ok_or("the payment service names no payment")?;
        let amount_micros = match said.and_then(|said| said.amount.as_deref()) {
            None => order.amount_micros,
            Some(text) => {
                Money::parse(text).and_then(micros).ok_or("the payment service says no readable amount")?
            }
        };
        let payment = PaymentId { provider: self.provider.clone(), payment };
        Ok(Outcome::Taken { payment, amount_micros })
    }
}

/// What a payment service says of an attempt.
#[derive(Deserialize)]
struct Said {
    status: Option<String>,
    payment: Option<String>,
    amount: Option<String>,
    reason: Option<String>,
}

impl PaymentPort for WebhookPort {
    fn pay<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Outcome> {
        self.request(order).boxed()
    }

    fn ask<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Outcome> {
        self.look_up(order).boxed()
    }
}
