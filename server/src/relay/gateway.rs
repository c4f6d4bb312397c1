//! Where messages go: the port the relay hands them through.

mod log;
mod openphone;
mod webhook;

use futures_util::future::BoxFuture;
use serde_json::Value;

pub(super) use self::{log::Log, openphone::OpenPhone, webhook::Webhook};
use super::client::{Reply, Trouble};
use crate::ledger::{ChargeId, Moment, Outcome};

/// A message on its way out.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// What it is known by on both sides: the same at every attempt.
    pub(super) reference: String,
    /// What was paid for: `content`, `from`, `to`, …
    pub(super) payload: Value,
    /// When it was paid: it cannot have been sent before.
    pub(super) paid_at: Moment,
    /// When this attempt is made.
    pub(super) now: Moment,
}

/// What a gateway knows of a message.
#[derive(Debug)]
pub(super) enum Found {
    /// It has it.
    Taken {
        /// What it calls it.
        reference: Option<String>,
    },
    /// It knows nothing of it.
    Absent,
    /// It cannot say.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// Takes messages. Nothing of it is called inside a transaction, and everything of it may be called twice.
pub(super) trait Gateway: Send + Sync {
    /// Hands a message on.
    fn hand_on<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Outcome>;

    /// Asks whether an earlier attempt went through.
    fn look_up<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Found>;
}

/// A message's reference: its public id, and its number where a charge has several.
pub(super) fn reference(charge: ChargeId, number: i64) -> String {
    let id = format!("AC{}", charge.uuid().simple());
    if number == 0 { id } else { format!("{id}-{number}") }
}

/// What an answer means for a message that is not a success. A refusal for good is refunded; what may work later is
/// tried again; after a time-out nobody knows.
fn judged(reply: &Reply) -> Outcome {
    let reason = refusal(reply);
    match reply.status {
        // It got the request and may be busy with it, or something between here and there gave up waiting.
        408 | 409 | 504 => Outcome::Unknown { reason },
        // The operator's own trouble, not the message's: a key, an empty purse, too many at once.
        401 | 402 | 425 | 429 => Outcome::NotTaken { reason },
        400..=499 => Outcome::Rejected { reason },
        _ => Outcome::NotTaken { reason },
    }
}

fn refusal(reply: &Reply) -> String {
    format!("the gateway answered {}{}", reply.status, complaint(reply))
}

/// What trouble on the way means: certain only where nothing had been sent.
fn troubled(trouble: Trouble) -> Outcome {
    match trouble {
        Trouble::NotSent(reason) => Outcome::NotTaken { reason },
        Trouble::Lost(reason) => Outcome::Unknown { reason },
    }
}

/// The stable words of an error answer: never its message, which may repeat a text or a number.
fn complaint(reply: &Reply) -> String {
    let body: Option<Value> = serde_json::from_slice(&reply.body).ok();
    let word = |name: &str| {
        let word = body.as_ref().and_then(|body| body.get(name)).and_then(Value::as_str);
        word.filter(|word| {
            word.len() <= 60 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b" -_.".contains(&b))
        })
        .map(|word| format!(" {word}"))
        .unwrap_or_default()
    };
    format!("{}{}", word("code"), word("title"))
}
