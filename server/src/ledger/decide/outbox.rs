//! Handing messages on and telling events: taken for a while, settled once.

use super::super::book::Book;
use super::super::command::Answer;
use super::super::event::{ClaimEvents, Event, EventBody, EventState, SettleEvent};
use super::super::moment::Moment;
use super::super::outbox::{ClaimMessages, Message, MessageState, Outcome, SettleMessage};
use super::super::refusal::Refusal;
use super::super::table::{Record, key};
use super::super::value::Row;
use super::charge::give_back;
use super::said;

/// Takes messages that are due. One that a relay took and never settled may have gone through: it is doubtful, and
/// when it has used up its attempts it is set aside for a person rather than refunded.
pub(super) fn claim(book: &mut Book<'_>, claim: &ClaimMessages) -> Answer<Vec<Message>> {
    let now = book.now;
    let mut claimed = Vec::new();
    while i64::try_from(claimed.len()).is_ok_and(|taken| taken < claim.limit) {
        let Some(key) = book.next_due(Message::TABLE) else { break };
        let Some(message) = book.messages.get(&key).filter(|m| m.due_at.is_some_and(|due| due.has_come(now)))
        else {
            continue;
        };
        let lost = message.state == MessageState::Leased;
        if lost && message.attempts >= book.policy.message_attempts_max {
            let was = message.clone();
            end(book, &was, MessageState::Unknown, "no relay came back with an answer", 0);
            continue;
        }
        if let Some(message) = book.messages.change(&key) {
            message.doubtful |= lost;
            message.state = MessageState::Leased;
            message.attempts = message.attempts.saturating_add(1);
            message.due_at = Some(now.after(claim.lease));
            claimed.push(message.clone());
        }
    }
    Answer::done(claimed)
}

/// Settles a message, or answers how it was settled.
pub(super) fn settle(book: &mut Book<'_>, settle: &SettleMessage) -> Answer<Message> {
    let key = key![settle.account, settle.charge, settle.number];
    let Some(was) = book.messages.get(&key).cloned() else { return Err(Refusal::no("message")).into() };
    match (was.state, &settle.outcome) {
        (MessageState::Delivered, Outcome::Delivered { .. })
        | (MessageState::Failed, Outcome::Rejected { .. })
        | (MessageState::Dead, Outcome::NotTaken { .. })
        | (MessageState::Unknown, Outcome::Unknown { .. }) => return Answer::again(was),
        (MessageState::Cancelled, Outcome::NotTaken { .. }) if was.recalled => return Answer::again(was),
        (
            MessageState::Delivered | MessageState::Failed | MessageState::Dead | MessageState::Cancelled,
            _,
        ) => return Err(Refusal::MessageSettled).into(),
        (MessageState::Queued | MessageState::Leased | MessageState::Unknown, _) => {}
    }
    // That it was delivered is true whoever says it; all else is for the relay that has it.
    let delivered = matches!(settle.outcome, Outcome::Delivered { .. });
    if !delivered && settle.attempt != was.attempts {
        return Err(Refusal::LeaseLost).into();
    }
    let again = matches!(settle.outcome, Outcome::NotTaken { .. } | Outcome::Unknown { .. });
    if again && was.state != MessageState::Leased {
        return Answer::again(was);
    }
    let now = book.moment(settle.account);
    match &settle.outcome {
        Outcome::Delivered { reference } => deliver(book, &key, reference.as_deref(), now).into(),
        Outcome::Rejected { reason } => {
            let refunded =
                give_back(book, was.account_id, was.charge_id, was.amount_micros, "message failed");
            Ok(end(book, &was, MessageState::Failed, reason, refunded)).into()
        }
        Outcome::NotTaken { .. } if was.recalled => call_back(book, &key, now).into(),
        Outcome::NotTaken { reason } if was.attempts >= book.policy.message_attempts_max => {
            let refunded = give_back(book, was.account_id, was.charge_id, was.amount_micros, "message dead");
            Ok(end(book, &was, MessageState::Dead, reason, refunded)).into()
        }
        Outcome::Unknown { reason } if was.attempts >= book.policy.message_attempts_max => {
            Ok(end(book, &was, MessageState::Unknown, reason, 0)).into()
        }
        Outcome::NotTaken { reason } => requeue(book, &key, reason, false).into(),
        Outcome::Unknown { reason } => requeue(book, &key, reason, true).into(),
    }
}

fn deliver(book: &mut Book<'_>, key: &Row, reference: Option<&str>, now: Moment) -> Result<Message, Refusal> {
    let message = book.messages.change(key).ok_or_else(|| Refusal::no("message"))?;
    message.state = MessageState::Delivered;
    message.provider_reference = reference.map(said);
    message.payload = None;
    message.due_at = None;
    message.settled_at = Some(now);
    Ok(message.clone())
}

/// Its price was given back, and nobody has it: that is its end.
fn call_back(book: &mut Book<'_>, key: &Row, now: Moment) -> Result<Message, Refusal> {
    let message = book.messages.change(key).ok_or_else(|| Refusal::no("message"))?;
    message.cancel(now);
    Ok(message.clone())
}

fn requeue(book: &mut Book<'_>, key: &Row, reason: &str, doubtful: bool) -> Result<Message, Refusal> {
    let (now, policy) = (book.now, book.policy);
    let message = book.messages.change(key).ok_or_else(|| Refusal::no("message"))?;
    message.state = MessageState::Queued;
    message.doubtful = doubtful;
    message.reason = Some(said(reason));
    message.due_at = Some(now.after(policy.retry_wait(message.attempts, message.charge_id.uuid().as_u128())));
    Ok(message.clone())
}

/// Brings a message to an end that has to be told.
fn end(
    book: &mut Book<'_>,
    was: &Message,
    state: MessageState,
    reason: &str,
    refunded_micros: i64,
) -> Message {
    let now = book.moment(was.account_id);
    let mut after = was.clone();
    if let Some(message) = book.messages.change(&was.key()) {
        message.state = state;
        message.reason = Some(said(reason));
        message.payload = None;
        message.due_at = None;
        message.settled_at = Some(now);
        after = message.clone();
    }
    let body = EventBody::MessageFailed {
        charge: was.charge_id.to_string(),
        number: was.number,
        state: state.as_str().to_owned(),
        reason: said(reason),
        refunded_micros,
    };
    book.tell(was.account_id, body);
    after
}

/// Takes events that are due.
pub(super) fn claim_events(book: &mut Book<'_>, claim: &ClaimEvents) -> Answer<Vec<Event>> {
    let now = book.now;
    let attempts_max = book.policy.event_attempts_max;
    let mut claimed = Vec::new();
    while i64::try_from(claimed.len()).is_ok_and(|taken| taken < claim.limit) {
        let Some(key) = book.next_due(Event::TABLE) else { break };
        if book.events.get(&key).is_none_or(|event| event.due_at.is_none_or(|due| !due.has_come(now))) {
            continue;
        }
        let Some(event) = book.events.change(&key) else { continue };
        if event.attempts >= attempts_max {
            event.state = EventState::Dead;
            event.due_at = None;
            continue;
        }
        event.state = EventState::Leased;
        event.attempts = event.attempts.saturating_add(1);
        event.due_at = Some(now.after(claim.lease));
        claimed.push(event.clone());
    }
    Answer::done(claimed)
}

/// Settles an event, or answers how it was settled.
pub(super) fn settle_event(book: &mut Book<'_>, settle: &SettleEvent) -> Answer<Event> {
    let key = key![settle.account, settle.id];
    let Some(was) = book.events.get(&key).cloned() else { return Err(Refusal::no("event")).into() };
    if was.state != EventState::Leased {
        return Answer::again(was);
    }
    if settle.attempt != was.attempts {
        return Err(Refusal::LeaseLost).into();
    }
    let (now, policy) = (book.now, book.policy);
    let Some(event) = book.events.change(&key) else { return Err(Refusal::no("event")).into() };
    event.reason = settle.failed.as_deref().map(said);
    (event.state, event.due_at) = match &settle.failed {
        None => (EventState::Delivered, None),
        Some(_) if event.attempts >= policy.event_attempts_max => (EventState::Dead, None),
        Some(_) => {
            let wait = policy.retry_wait(event.attempts, event.id.uuid().as_u128());
            (EventState::Queued, Some(now.after(wait)))
        }
    };
    Answer::done(event.clone())
}
