//! A gateway of the operator's own: a signed request to an address.
//!
//! `POST url` with the message and its `reference`, signed as Standard Webhooks with the reference as `webhook-id` and as
//! `Idempotency-Key`: the same at every attempt, so a receiver takes each once. 2xx: taken (a JSON member `id` is kept
//! as its name there); see [`judged`] for the rest. `GET url?reference=…`, signed likewise over an empty body, asks
//! after one that may have arrived: 200 it did, 404 it did not.

use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use serde_json::{Value, json};

use super::{Found, Gateway, Outgoing, complaint, judged, troubled};
use crate::{
    ledger::Outcome,
    relay::{Client, Reply, Sending, Url, client::Trouble},
    signature::Secret,
};

/// A signed request to an address of the operator's.
pub(in crate::relay) struct Webhook {
    pub(in crate::relay) client: Client,
    pub(in crate::relay) url: Url,
    pub(in crate::relay) secret: Secret,
    pub(in crate::relay) patience: Duration,
}

impl Webhook {
    async fn ask(
        &self,
        method: &'static str,
        url: &Url,
        message: &Outgoing,
        body: Vec<u8>,
    ) -> Result<Reply, Trouble> {
        let seconds = message.now.micros().div_euclid(1_000_000);
        let mut headers = self.secret.headers(&message.reference, seconds, &body).to_vec();
        headers.push(("idempotency-key", format!("\"{}\"", message.reference)));
        self.client.send(Sending { method, url, headers, body, patience: self.patience }).await
    }

    async fn post(&self, message: &Outgoing) -> Outcome {
        let body =
            json!({ "type": "message.send", "reference": message.reference, "message": message.payload });
        match self.ask("POST", &self.url, message, body.to_string().into_bytes()).await {
            Ok(reply) if reply.is_success() => Outcome::Delivered { reference: id(&reply) },
            Ok(reply) => judged(&reply),
            Err(trouble) => troubled(trouble),
        }
    }

    async fn get(&self, message: &Outgoing) -> Found {
        let url = self.url.with_query(&[("reference", &message.reference)]);
        match self.ask("GET", &url, message, Vec::new()).await {
            Ok(reply) if reply.is_success() => Found::Taken { reference: id(&reply) },
            Ok(reply) if reply.status == 404 => Found::Absent,
            Ok(reply) => Found::Unknown {
                reason: format!("asked for it, the gateway answered {}{}", reply.status, complaint(&reply)),
            },
            Err(Trouble::NotSent(reason) | Trouble::Lost(reason)) => Found::Unknown { reason },
        }
    }
}

fn id(reply: &Reply) -> Option<String> {
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    body.get("id").and_then(Value::as_str).map(str::to_owned)
}

impl Gateway for Webhook {
    fn hand_on<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Outcome> {
        self.post(message).boxed()
    }

    fn look_up<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Found> {
        self.get(message).boxed()
    }
}
