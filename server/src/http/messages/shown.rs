//! Messages as the provider shows them, with what they cost.

use serde_json::{Map, Value, json};

use crate::{
    app::App,
    http::{
        caller::Caller,
        refusals::{amount, moment},
    },
    ledger::{ChargeId, ChargeRecord, Digest, Message, MessageState, Moment},
};

/// A message's id: the charge's, as the provider writes ids.
pub(super) fn id(charge: ChargeId) -> String {
    format!("AC{}", charge.uuid().simple())
}

/// The answer to an accepted send. It is made of what the charge was judged on and of nothing since, so that it is
/// the same when it is asked for again.
pub(super) fn accepted(app: &App, caller: &Caller, content: &str, record: &ChargeRecord) -> Value {
    let at = record.created_at;
    let mut data = common(app, caller, record, content, at);
    // The provider's clients take every word but "sent" for a failure and would send again.
    data.insert("status".to_owned(), "sent".into());
    data.insert("state".to_owned(), MessageState::Queued.as_str().into());
    json!({ "data": data })
}

/// A message as it stands. Its text is there until it is handed on; after that nobody keeps it.
pub(super) fn found(app: &App, caller: &Caller, record: &ChargeRecord, message: &Message) -> Value {
    let payload: Option<Value> =
        message.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok());
    let text = payload.as_ref().and_then(|payload| payload.get("content")).and_then(Value::as_str);
    let changed = message.settled_at.unwrap_or(message.created_at);
    let mut data = common(app, caller, record, text.unwrap_or_default(), changed);
    let status = match message.state {
        MessageState::Queued | MessageState::Leased | MessageState::Delivered | MessageState::Unknown => {
            "sent"
        }
        MessageState::Failed | MessageState::Dead | MessageState::Cancelled => "undelivered",
    };
    data.insert("status".to_owned(), status.into());
    data.insert("state".to_owned(), message.state.as_str().into());
    data.insert("attempts".to_owned(), message.attempts.into());
    data.insert("reason".to_owned(), message.reason.clone().into());
    data.insert("provider_reference".to_owned(), message.provider_reference.clone().into());
    data.insert("refunded".to_owned(), amount(record.refunded_micros).into());
    json!({ "data": data })
}

fn common(
    app: &App,
    caller: &Caller,
    record: &ChargeRecord,
    text: &str,
    changed: Moment,
) -> Map<String, Value> {
    let told = explained(record);
    let said = |name: &str| {
        let said = told.get("message").and_then(|message| message.get(name)).and_then(Value::as_str);
        said.filter(|said| !said.is_empty()).map(str::to_owned)
    };
    let from = said("from").unwrap_or_default();
    let to: Vec<&str> = record.lines.iter().map(|line| line.to.as_str()).collect();
    let mut data = Map::new();
    let mut put = |name: &str, value: Value| data.insert(name.to_owned(), value);
    put("id", id(record.id).into());
    put("to", json!(to));
    put("from", from.clone().into());
    put("text", text.into());
    put("phoneNumberId", said("phone_number_id").into());
    put("conversationId", conversation(caller, &from, &to).into());
    put("direction", "outgoing".into());
    // The workspace itself, where the caller names no user: clients want a string here.
    let user = said("user_id").unwrap_or_else(|| format!("US{}", caller.account().uuid().simple()));
    put("userId", user.into());
    put("createdAt", moment(record.created_at.micros()).into());
    put("updatedAt", moment(changed.micros()).into());
    put("charge_id", record.id.to_string().into());
    put("cost", amount(record.amount_micros).into());
    put("balance", amount(record.balance_micros).into());
    data.extend(figures(record));
    if !data.contains_key("currency") {
        data.insert("currency".to_owned(), app.card.card.currency().into());
    }
    data
}

/// The same people, the same thread.
fn conversation(caller: &Caller, from: &str, to: &[&str]) -> String {
    let mut people: Vec<&str> = to.to_vec();
    people.sort_unstable();
    let digest = Digest::of(json!([caller.account().to_string(), from, people]).to_string().as_bytes());
    let hex: String = digest.bytes().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("CN{hex}")
}

/// How the price came about: segments, the price of one where it is the same for all, and each recipient's share.
pub(super) fn figures(record: &ChargeRecord) -> Map<String, Value> {
    let told = explained(record);
    let each: Vec<Value> = record
        .lines
        .iter()
        .map(|line| {
            json!({
                "to": line.to,
                "territory": line.territory,
                "per_segment": amount(line.per_unit_micros),
                "cost": amount(line.quantity.saturating_mul(line.per_unit_micros)),
            })
        })
        .collect();
    let mut figures = Map::new();
    figures.insert("segments".to_owned(), segments(record).into());
    figures.insert("per_segment".to_owned(), per_unit(record).map(amount).into());
    figures.insert("recipients".to_owned(), each.into());
    figures.insert("rate_card".to_owned(), record.rate_card.clone().into());
    for name in ["currency", "encoding"] {
        if let Some(value) = told.get(name) {
            figures.insert(name.to_owned(), value.clone());
        }
    }
    figures
}

fn segments(record: &ChargeRecord) -> i64 {
    record.lines.first().map_or(0, |line| line.quantity)
}

/// The price of one unit, where it is the same for every recipient.
pub(in crate::http) fn per_unit(record: &ChargeRecord) -> Option<i64> {
    let first = record.lines.first()?.per_unit_micros;
    record.lines.iter().all(|line| line.per_unit_micros == first).then_some(first)
}

/// `2 segments at 0.066 to 1 recipient`
pub(super) fn quantity(record: &ChargeRecord) -> String {
    let many = |count: i64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let recipients = i64::try_from(record.lines.len()).unwrap_or(i64::MAX);
    let price = per_unit(record).map(|micros| format!(" at {}", amount(micros))).unwrap_or_default();
    format!("{}{price} to {}", many(segments(record), "segment"), many(recipients, "recipient"))
}

fn explained(record: &ChargeRecord) -> Value {
    let explained = record.explanation.as_deref().and_then(|text| serde_json::from_str(text).ok());
    explained.unwrap_or(Value::Null)
}
