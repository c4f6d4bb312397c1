//! A charge as it is shown: what was paid or refused, and why it cost that.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    answers::HttpProblem,
    fields::{Amount, When},
};
use crate::ledger::{ChargeRecord, Line, Message};

/// A charge, and why it cost what it cost: `total = (surcharge + rate) × quantity` for each line.
#[derive(Serialize, ToSchema)]
pub(super) struct ChargeShown {
    /// Its id.
    id: Uuid,
    /// Whether it was paid; a refused one moved nothing.
    status: Paid,
    /// What was used.
    #[schema(example = "api")]
    channel: String,
    /// What is counted.
    #[schema(example = "segment")]
    unit: String,
    /// Of all lines together.
    #[schema(minimum = 1)]
    quantity: i64,
    /// The price of all lines together.
    amount: Amount,
    /// What of it was given back since.
    refunded: Amount,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// The balance after it, or at the refusal.
    balance: Amount,
    /// The price, line by line.
    lines: Vec<LineShown>,
    /// How the text was counted; null for a call.
    text: Option<TextShown>,
    /// What the channel adds to every unit that is not included.
    surcharge: Option<String>,
    /// The rate card the prices are from.
    rate_card: CardShown,
    /// The quote lock whose price was used.
    quote_id: Option<Uuid>,
    /// Why it was refused.
    refusal: Option<RefusalShown>,
    /// What was sent for it; empty when nothing was.
    messages: Vec<MessageShown>,
    /// The caller's key for it.
    idempotency_key: Option<String>,
    /// The entry of the history that paid it.
    entry_seq: Option<i64>,
    /// When it was judged.
    created_at: When,
}

/// Whether a charge was paid.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Paid {
    /// Paid.
    Paid,
    /// Refused; nothing moved.
    Refused,
}

/// The price of one recipient.
#[derive(Serialize, ToSchema)]
struct LineShown {
    /// Who was sent to or called.
    to: String,
    /// Where that is, ISO 3166-1 alpha-2, when it is known.
    territory: Option<String>,
    /// Whether it is local, so that no destination rate is added.
    local: Option<bool>,
    /// The destination's rate for a unit.
    rate: Option<String>,
    /// All of a unit: surcharge and rate.
    per_unit: Amount,
    /// Units.
    #[schema(minimum = 1)]
    quantity: i64,
    /// For all units.
    total: Amount,
}

/// How a text was counted.
#[derive(Serialize, ToSchema)]
struct TextShown {
    /// `GSM-7` or `UCS-2`.
    #[schema(example = "GSM-7")]
    encoding: String,
    /// Septets or UTF-16 code units.
    units: u64,
    /// Segments.
    segments: u64,
    /// Segments where clusters are cut between code points; fewer than `segments` where platforms differ.
    segments_min: u64,
    /// How many characters smart encoding replaced; null where that was not counted, as in a campaign.
    smart_changes: Option<u64>,
}

/// A rate card.
#[derive(Serialize, ToSchema)]
struct CardShown {
    /// Its id.
    id: String,
    /// Its date.
    as_of: Option<String>,
}

/// Why nothing was charged.
#[derive(Serialize, ToSchema)]
struct RefusalShown {
    /// For programs.
    #[schema(example = "insufficient-funds")]
    code: String,
    /// For people.
    detail: String,
}

/// A message of a charge.
#[derive(Serialize, ToSchema)]
struct MessageShown {
    /// Which of the charge's messages, from 0.
    number: i64,
    /// Who it goes to.
    to: Vec<String>,
    /// Its price.
    amount: Amount,
    /// `queued`, `leased`, `delivered`, `failed`, `dead`, `unknown` or `cancelled`.
    #[schema(example = "delivered")]
    state: String,
    /// How often it was handed on.
    attempts: i64,
    /// Why it was not taken, last time.
    reason: Option<String>,
    /// What the provider calls it.
    provider_reference: Option<String>,
    /// When it was paid.
    created_at: When,
    /// When it came to its end.
    settled_at: Option<When>,
}

/// What [`Priced`](crate::price::Priced) stored beside the charge, as far as it is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Stored {
    surcharge: Option<String>,
    recipients: Vec<StoredRecipient>,
    rate_card: Option<StoredCard>,
    encoding: Option<String>,
    units: u64,
    segments: u64,
    segments_min: u64,
    smart_changes: Option<u64>,
}

#[derive(Deserialize)]
struct StoredRecipient {
    local: bool,
    rate: String,
}

#[derive(Deserialize)]
struct StoredCard {
    as_of: String,
}

/// A charge and its messages as they are shown.
pub(super) fn shown(record: ChargeRecord, currency: &str, messages: Vec<Message>) -> ChargeShown {
    let stored = record.explanation.as_deref().and_then(|text| serde_json::from_str::<Stored>(text).ok());
    let stored = stored.unwrap_or_default();
    let mut rates = stored.recipients.into_iter();
    let refusal = record.refusal.clone().map(|refusal| RefusalShown {
        code: refusal.code().to_owned(),
        detail: HttpProblem::from(refusal).problem().message().to_owned(),
    });
    ChargeShown {
        id: record.id.uuid(),
        status: if record.is_paid() { Paid::Paid } else { Paid::Refused },
        channel: record.channel,
        unit: record.unit,
        quantity: record.quantity,
        amount: Amount(record.amount_micros),
        refunded: Amount(record.refunded_micros),
        currency: currency.to_owned(),
        balance: Amount(record.balance_micros),
        lines: record.lines.into_iter().map(|line| line_shown(line, rates.next())).collect(),
        text: stored.encoding.map(|encoding| TextShown {
            encoding,
            units: stored.units,
            segments: stored.segments,
            segments_min: stored.segments_min,
            smart_changes: stored.smart_changes,
        }),
        surcharge: stored.surcharge,
        rate_card: CardShown { id: record.rate_card, as_of: stored.rate_card.map(|card| card.as_of) },
        quote_id: record.quote_id.map(|id| id.uuid()),
        refusal,
        messages: messages.into_iter().map(message_shown).collect(),
        idempotency_key: record.idempotency_key,
        entry_seq: record.entry_seq,
        created_at: When(record.created_at),
    }
}

fn line_shown(line: Line, stored: Option<StoredRecipient>) -> LineShown {
    LineShown {
        local: stored.as_ref().map(|stored| stored.local),
        rate: stored.map(|stored| stored.rate),
        per_unit: Amount(line.per_unit_micros),
        quantity: line.quantity,
        total: Amount(line.quantity.saturating_mul(line.per_unit_micros)),
        to: line.to,
        territory: line.territory,
    }
}

fn message_shown(message: Message) -> MessageShown {
    MessageShown {
        number: message.number,
        to: message.recipients,
        amount: Amount(message.amount_micros),
        state: message.state.as_str().to_owned(),
        attempts: message.attempts,
        reason: message.reason,
        provider_reference: message.provider_reference,
        created_at: When(message.created_at),
        settled_at: message.settled_at.map(When),
    }
}
