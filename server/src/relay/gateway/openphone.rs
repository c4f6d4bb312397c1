//! The provider's own API as the gateway.
//!
//! It has no idempotency key and no reference of ours, so what may have arrived is looked for in the conversation: a
//! message of the same words to the same people, sent since this one was paid. Of two equal messages in doubt at the
//! same time both are then taken for sent; sending one twice would be the other mistake, and costs.

use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use serde_json::{Map, Value};
use tokio::{sync::Mutex, time::Instant};

use super::{Found, Gateway, Outgoing, complaint, judged, refusal, troubled};
use crate::{
    http::moment,
    ledger::Outcome,
    relay::{Client, Reply, Sending, Url, client::Trouble},
};

/// How much the provider's clock may be behind this one, in microseconds, when it says since when a message is.
const CLOCKS_APART_MICROS: i64 = 60_000_000;
/// How long a message may take to be listed, from when it was paid: before that, not finding it proves nothing.
const LISTED_WITHIN: Duration = Duration::from_secs(60);
/// How many pages of a conversation are looked through, of 100 messages each.
const PAGES_MAX: usize = 5;

/// The provider's API.
pub(in crate::relay) struct OpenPhone {
    client: Client,
    base: Url,
    key: String,
    patience: Duration,
    /// The time between two requests, and when the next may go.
    turn: (Duration, Mutex<Instant>),
}

impl OpenPhone {
    pub(in crate::relay) fn new(
        client: Client,
        base: Url,
        key: String,
        per_second: u32,
        patience: Duration,
    ) -> OpenPhone {
        let every = Duration::from_secs(1).checked_div(per_second).unwrap_or_default();
        OpenPhone { client, base, key, patience, turn: (every, Mutex::new(Instant::now())) }
    }

    async fn ask(&self, method: &'static str, url: &Url, body: Vec<u8>) -> Result<Reply, Trouble> {
        self.await_turn().await;
        let headers = vec![("authorization", self.key.clone())];
        self.client.send(Sending { method, url, headers, body, patience: self.patience }).await
    }

    /// The provider takes so many requests a second and no more.
    async fn await_turn(&self) {
        let (every, next) = &self.turn;
        let mine = {
            let mut next = next.lock().await;
            let mine = (*next).max(Instant::now());
            *next = mine + *every;
            mine
        };
        tokio::time::sleep_until(mine).await;
    }

    async fn post(&self, message: &Outgoing) -> Outcome {
        // The provider's fields, and none that says nothing.
        let fields: Map<String, Value> = match &message.payload {
            Value::Object(fields) => {
                fields.clone().into_iter().filter(|(_, value)| !value.is_null()).collect()
            }
            _ => Map::new(),
        };
        let body = Value::Object(fields).to_string().into_bytes();
        match self.ask("POST", &self.base.join("/v1/messages"), body).await {
            Ok(reply) if reply.is_success() => {
                let body: Option<Value> = serde_json::from_slice(&reply.body).ok();
                let id = body.as_ref().and_then(|body| body.pointer("/data/id")).and_then(Value::as_str);
                Outcome::Delivered { reference: id.map(str::to_owned) }
            }
            // What failed on its side may have been sent all the same, and nothing tells it that the next is the same.
            Ok(reply) if reply.status >= 500 => Outcome::Unknown { reason: refusal(&reply) },
            Ok(reply) => judged(&reply),
            Err(trouble) => troubled(trouble),
        }
    }

    async fn find(&self, message: &Outgoing) -> Result<Found, String> {
        let told = |name: &str| message.payload.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = self.number_id(told("from")).await?;
        let since = moment(message.paid_at.micros().saturating_sub(CLOCKS_APART_MICROS));
        let people = message.payload.get("to").and_then(Value::as_array).into_iter().flatten();
        let mut query =
            vec![("phoneNumberId", number.as_str()), ("maxResults", "100"), ("createdAfter", &since)];
        query.extend(people.filter_map(Value::as_str).map(|number| ("participants", number)));
        let mut page: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut query = query.clone();
            query.extend(page.as_deref().map(|page| ("pageToken", page)));
            let body = self.get(&self.base.join("/v1/messages").with_query(&query)).await?;
            let messages = body.get("data").and_then(Value::as_array).ok_or("it listed no messages")?;
            let same = |listed: &&Value| {
                listed.get("direction").and_then(Value::as_str) == Some("outgoing")
                    && listed.get("text").and_then(Value::as_str) == Some(told("content"))
            };
            if let Some(listed) = messages.iter().find(same) {
                let id = listed.get("id").and_then(Value::as_str).map(str::to_owned);
                return Ok(Found::Taken { reference: id });
            }
            page = body.get("nextPageToken").and_then(Value::as_str).map(str::to_owned);
            if page.is_none() && message.paid_at.until(message.now) < LISTED_WITHIN {
                return Err("it is not listed, and may be yet".to_owned());
            }
            if page.is_none() {
                return Ok(Found::Absent);
            }
        }
        Err("the conversation is too long to look through".to_owned())
    }

    /// The provider lists by the id of a number, not by the number.
    async fn number_id(&self, from: &str) -> Result<String, String> {
        if from.starts_with("PN") {
            return Ok(from.to_owned());
        }
        let body = self.get(&self.base.join("/v1/phone-numbers")).await?;
        let numbers = body.get("data").and_then(Value::as_array).into_iter().flatten();
        let number = numbers.into_iter().find(|one| one.get("number").and_then(Value::as_str) == Some(from));
        let id = number.and_then(|one| one.get("id")).and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| "the gateway does not know the sender".to_owned())
    }

    async fn get(&self, url: &Url) -> Result<Value, String> {
        match self.ask("GET", url, Vec::new()).await {
            Ok(reply) if reply.is_success() => serde_json::from_slice(&reply.body)
                .map_err(|_| "the gateway's list cannot be read".to_owned()),
            Ok(reply) => {
                Err(format!("asked for it, the gateway answered {}{}", reply.status, complaint(&reply)))
            }
            Err(Trouble::NotSent(reason) | Trouble::Lost(reason)) => Err(reason),
        }
    }
}

impl Gateway for OpenPhone {
    fn hand_on<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Outcome> {
        self.post(message).boxed()
    }

    fn look_up<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Found> {
        async move { self.find(message).await.unwrap_or_else(|reason| Found::Unknown { reason }) }.boxed()
    }
}
