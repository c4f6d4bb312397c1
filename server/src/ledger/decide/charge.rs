//! Charging and giving back.

use super::super::account::Account;
use super::super::book::{Book, Movement};
use super::super::charge::{
    Charge, ChargeRecord, DOCUMENT_BYTES_MAX, LINES_MAX, Line, PARTS_MAX, QuoteUse, Refund, Refunded,
};
use super::super::command::Answer;
use super::super::credit::{Entry, EntryKind};
use super::super::id::{AccountId, ChargeId};
use super::super::moment::Moment;
use super::super::outbox::{Message, MessageState};
use super::super::refusal::Refusal;
use super::super::table::key;
use super::{amount, document, request_key, text};

/// Charges, or answers what was answered before.
pub(super) fn charge(book: &mut Book<'_>, charge: &Charge) -> Answer<Box<ChargeRecord>> {
    match known(book, charge) {
        Ok(Some(record)) => return Answer::again(Box::new(record)),
        Ok(None) => {}
        Err(refusal) => return Err(refusal).into(),
    }
    let (amount_micros, quantity) = match valid(charge) {
        Ok(sums) => sums,
        Err(refusal) => return Err(refusal).into(),
    };
    let paid = pay(book, charge, amount_micros);
    let account = match book.account(charge.account) {
        Ok(account) => account,
        Err(refusal) => return Err(refusal).into(),
    };
    let record = ChargeRecord {
        account_id: charge.account,
        id: charge.id,
        idempotency_key: charge.key.as_ref().map(|request| request.key.clone()),
        body_digest: charge.key.as_ref().map(|request| request.body),
        channel: charge.channel.clone(),
        unit: charge.unit.clone(),
        quantity,
        amount_micros,
        rate_card: charge.rate_card.clone(),
        quote_id: charge.quote.as_ref().map(|quote| quote.id),
        lines: charge.parts.iter().flat_map(|part| part.lines.clone()).collect(),
        explanation: charge.explanation.clone(),
        entry_seq: paid.as_ref().ok().map(|entry| entry.seq),
        balance_micros: account.balance_micros,
        refusal: paid.err(),
        refunded_micros: 0,
        created_at: book.moment(charge.account),
        version: 1,
    };
    if record.is_paid() {
        put_messages(book, charge, record.created_at);
    }
    // Without a key nobody can ask for the refusal again: it is not kept, and a caller who hammers writes nothing.
    if record.is_paid() || record.idempotency_key.is_some() {
        book.put_charge(record.clone());
    }
    Answer::done(Box::new(record))
}

/// The charge as it was judged before, by its key or by its id.
fn known(book: &Book<'_>, charge: &Charge) -> Result<Option<ChargeRecord>, Refusal> {
    book.account(charge.account)?;
    if let Some(request) = &charge.key
        && let Some(record) = book.charge_by_key(charge.account, &request.key)
    {
        let same = record.body_digest == Some(request.body);
        return if same { Ok(Some(record.clone())) } else { Err(Refusal::KeyReused) };
    }
    let Some(record) = book.charges.get(&key![charge.account, charge.id]) else { return Ok(None) };
    let lines = charge.parts.iter().flat_map(|part| &part.lines);
    let same = record.idempotency_key.is_none() && charge.key.is_none() && lines.eq(&record.lines);
    if same { Ok(Some(record.clone())) } else { Err(Refusal::taken("charge")) }
}

/// The charge's sums: amount and quantity.
fn valid(charge: &Charge) -> Result<(i64, i64), Refusal> {
    text("channel", &charge.channel, 40)?;
    text("unit", &charge.unit, 40)?;
    text("rate_card", &charge.rate_card, 200)?;
    if let Some(request) = &charge.key {
        request_key(&request.key)?;
    }
    document("explanation", charge.explanation.as_deref().unwrap_or_default(), DOCUMENT_BYTES_MAX)?;
    let lines: usize = charge.parts.iter().map(|part| part.lines.len()).sum();
    if charge.parts.len() > PARTS_MAX
        || lines > LINES_MAX
        || charge.parts.iter().any(|part| part.lines.is_empty())
    {
        return Err(Refusal::field("parts"));
    }
    let (mut amount_micros, mut quantity) = (0_i64, 0_i64);
    for part in &charge.parts {
        document("payload", part.payload.as_deref().unwrap_or_default(), DOCUMENT_BYTES_MAX)?;
        let price = price(&part.lines).ok_or_else(|| Refusal::amount("lines"))?;
        amount_micros = amount_micros.checked_add(price).ok_or_else(|| Refusal::amount("lines"))?;
        for line in &part.lines {
            text("to", &line.to, 200)?;
            text("territory", line.territory.as_deref().unwrap_or("-"), 40)?;
            quantity = quantity.checked_add(line.quantity).ok_or_else(|| Refusal::field("quantity"))?;
        }
    }
    amount("amount", amount_micros)?;
    Ok((amount_micros, quantity))
}

/// What the lines cost; `None` when a line is of nothing, below nothing, or the sum is out of range.
fn price(lines: &[Line]) -> Option<i64> {
    let mut sum = 0_i64;
    for line in lines {
        if line.quantity < 1 || line.per_unit_micros < 0 {
            return None;
        }
        sum = sum.checked_add(line.quantity.checked_mul(line.per_unit_micros)?)?;
    }
    Some(sum)
}

/// Takes the price, if everything allows it. The order is the provider's: subscription first, credits last.
fn pay(book: &mut Book<'_>, charge: &Charge, price_micros: i64) -> Result<Entry, Refusal> {
    let account = book.account(charge.account)?;
    let now = book.moment(charge.account);
    if !account.subscription_active {
        return Err(Refusal::SubscriptionInactive);
    }
    if let Some(quote) = &charge.quote {
        valid_quote(book, charge, quote, price_micros)?;
    }
    if let Some(max_price_micros) = charge.max_price_micros.filter(|max| price_micros > *max) {
        return Err(Refusal::PriceAboveMax { price_micros, max_price_micros });
    }
    within_caps(account, price_micros, now)?;
    let (balance_micros, held_micros) = (account.balance_micros, account.held_micros);
    let shortfall_micros = price_micros.saturating_sub(account.available_micros());
    if shortfall_micros > 0 {
        let since = account.out_of_credit_since;
        if since.is_none() {
            book.change_account(charge.account)?.out_of_credit_since = Some(now);
        }
        return Err(Refusal::InsufficientFunds {
            balance_micros,
            held_micros,
            required_micros: price_micros,
            shortfall_micros,
            out_of_credit_since_micros: since.unwrap_or(now).micros(),
        });
    }
    let entry = book.post(
        charge.account,
        Movement {
            kind: EntryKind::Charge,
            amount_micros: price_micros.saturating_neg(),
            charge: Some(charge.id),
            reference: None,
        },
    )?;
    let account = book.change_account(charge.account)?;
    account.out_of_credit_since = None;
    account.spend(price_micros, now);
    if let Some(quote) = &charge.quote
        && let Some(lock) = book.quotes.change(&key![charge.account, quote.id])
    {
        lock.charge_id = Some(charge.id);
    }
    Ok(entry)
}

/// Whether the lock is for this send and this price, and still holds.
fn valid_quote(book: &Book<'_>, charge: &Charge, quote: &QuoteUse, price_micros: i64) -> Result<(), Refusal> {
    let lock = book.quotes.get(&key![charge.account, quote.id]).ok_or_else(|| Refusal::no("quote"))?;
    if lock.body_digest != quote.body || lock.amount_micros != price_micros {
        return Err(Refusal::QuoteMismatch);
    }
    let now = book.moment(charge.account);
    let expired = now >= lock.expires_at || lock.created_at.is_astray(now);
    if expired || lock.charge_id.is_some() { Err(Refusal::QuoteExpired) } else { Ok(()) }
}

/// What may be spent at most under the caps: what is held will be spent too, so it counts as if it were.
pub(super) fn within_caps(account: &Account, required_micros: i64, now: Moment) -> Result<(), Refusal> {
    let day = ("day", account.day_cap_micros, account.day_spent_micros_at(now), now.day_end());
    let month = ("month", account.month_cap_micros, account.month_spent_micros_at(now), now.month_end());
    for (period, cap, spent_micros, end) in [day, month] {
        let taken = spent_micros.saturating_add(account.held_micros);
        if let Some(cap_micros) = cap.filter(|cap| taken.saturating_add(required_micros) > *cap) {
            return Err(Refusal::SpendCap {
                period: period.to_owned(),
                cap_micros,
                spent_micros,
                held_micros: account.held_micros,
                required_micros,
                resets_at_micros: end.micros(),
            });
        }
    }
    Ok(())
}

fn put_messages(book: &mut Book<'_>, charge: &Charge, now: Moment) {
    for (number, part) in (0_i64..).zip(&charge.parts) {
        let Some(payload) = &part.payload else { continue };
        let queued = Message {
            number,
            recipients: part.lines.iter().map(|line| line.to.clone()).collect(),
            // Within range: it is a part of a sum that was.
            amount_micros: price(&part.lines).unwrap_or(0),
            payload: Some(payload.clone()),
            // By the clock that claims go by: the account's moment may be ahead of it when it was set back.
            ..Message::queued(charge.account, charge.id, now, book.now)
        };
        book.messages.put(queued);
    }
}

/// Gives back what is left of a charge, or answers what was given back of it.
pub(super) fn refund(book: &mut Book<'_>, refund: &Refund) -> Answer<Refunded> {
    let record = match refundable(book, refund) {
        Ok(record) => record,
        Err(refusal) => return Err(refusal).into(),
    };
    let rest = record.refundable_micros();
    let given = give_back(book, refund.account, refund.charge, rest, &refund.reason);
    if rest > 0 {
        if given == 0 {
            return Err(Refusal::BalanceTooLarge).into();
        }
        cancel(book, refund);
    }
    let balance_micros = book.account(refund.account).map_or(0, |account| account.balance_micros);
    let amount_micros = if rest > 0 { given } else { record.refunded_micros };
    Answer { outcome: Ok(Refunded { amount_micros, balance_micros }), replayed: rest == 0 }
}

fn refundable(book: &Book<'_>, refund: &Refund) -> Result<ChargeRecord, Refusal> {
    text("reason", &refund.reason, 200)?;
    book.account(refund.account)?;
    let record = book.charges.get(&key![refund.account, refund.charge]);
    record.filter(|record| record.is_paid()).cloned().ok_or_else(|| Refusal::no("charge"))
}

/// Cancels the messages nobody has handed on yet, and calls back those a relay has or had: what may have gone through is
/// asked for, and what did not is not handed on again.
fn cancel(book: &mut Book<'_>, refund: &Refund) {
    let now = book.moment(refund.account);
    let waiting: Vec<_> = book
        .messages
        .iter()
        .filter(|m| m.account_id == refund.account && m.charge_id == refund.charge)
        .filter(|m| matches!(m.state, MessageState::Queued | MessageState::Leased))
        .map(|m| m.number)
        .collect();
    for number in waiting {
        let Some(message) = book.messages.change(&key![refund.account, refund.charge, number]) else {
            continue;
        };
        if message.state == MessageState::Queued && !message.doubtful {
            message.cancel(now);
        } else {
            message.recalled = true;
        }
    }
}

/// Gives back up to `wish_micros` of a charge: never more than is left of it. Says how much it was.
pub(super) fn give_back(
    book: &mut Book<'_>,
    account: AccountId,
    charge: ChargeId,
    wish_micros: i64,
    reason: &str,
) -> i64 {
    let key = key![account, charge];
    let Some(record) = book.charges.get(&key) else { return 0 };
    let amount_micros = wish_micros.min(record.refundable_micros());
    let created_at = record.created_at;
    let movement = Movement {
        kind: EntryKind::Refund,
        amount_micros,
        charge: Some(charge),
        reference: Some(reason.to_owned()),
    };
    if amount_micros <= 0 || book.post(account, movement).is_err() {
        return 0;
    }
    if let Some(record) = book.charges.change(&key) {
        record.refunded_micros = record.refunded_micros.saturating_add(amount_micros);
    }
    if let Ok(account) = book.change_account(account) {
        // What was given back is not spent, in the day and month it was spent in.
        if account.day == created_at.day() {
            account.day_spent_micros = account.day_spent_micros.saturating_sub(amount_micros);
        }
        if account.month == created_at.month() {
            account.month_spent_micros = account.month_spent_micros.saturating_sub(amount_micros);
        }
    }
    amount_micros
}
