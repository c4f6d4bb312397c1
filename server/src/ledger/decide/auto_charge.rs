//! Auto-charge: one attempt in flight, sized to close the gap, within the month's cap, never silent.

use super::super::auto_charge::{
    Attempt, AttemptOutcome, AttemptState, AutoCharge, BeginAttempt, ClaimAttempts, SettleAttempt,
};
use super::super::book::Book;
use super::super::command::Answer;
use super::super::credit::{AMOUNT_MICROS_MAX, PaymentId};
use super::super::event::EventBody;
use super::super::refusal::Refusal;
use super::super::table::{Record, key};
use super::{credit, said};

/// Begins an attempt, if one is due.
pub(super) fn begin(book: &mut Book<'_>, begin: &BeginAttempt) -> Answer<Attempt> {
    if let Some(attempt) = book.attempts.get(&key![begin.account, begin.id]) {
        return Answer::again(attempt.clone());
    }
    start(book, begin).into()
}

fn start(book: &mut Book<'_>, begin: &BeginAttempt) -> Result<Attempt, Refusal> {
    let account = book.account(begin.account)?;
    let now = book.moment(begin.account);
    let rule = book.auto_charges.get(&key![begin.account]).filter(|rule| rule.active);
    let rule = rule.ok_or_else(|| Refusal::not_due("off", None))?;
    // Whoever may not send is not made to pay for sending.
    if !account.subscription_active {
        return Err(Refusal::not_due("subscription", None));
    }
    if rule.attempt_id.is_some() {
        return Err(Refusal::not_due("in-flight", None));
    }
    if rule.stopped {
        return Err(Refusal::not_due("stopped", None));
    }
    if !rule.next_at.has_come(now) {
        return Err(Refusal::not_due("waiting", Some(rule.next_at)));
    }
    let expected = account.available_micros().saturating_add(rule.pending_micros);
    let gap = rule.threshold_micros.saturating_sub(expected);
    if gap <= 0 {
        return Err(Refusal::not_due("enough", None));
    }
    let month = now.month();
    let taken = if rule.month == month { rule.month_micros } else { 0 };
    let left = rule.month_cap_micros.saturating_sub(taken);
    let wanted = multiple(rule.amount_micros, gap);
    if left <= 0 {
        tell_cap(book, begin, wanted, month);
        return Err(Refusal::not_due("month-cap", Some(now.month_end())));
    }
    let attempt = Attempt {
        account_id: begin.account,
        id: begin.id,
        amount_micros: wanted.min(left),
        clamped: wanted > left,
        state: AttemptState::Pending,
        provider: None,
        payment: None,
        reason: None,
        tries: 1,
        due_at: Some(book.now.after(book.policy.ask_after)),
        created_at: now,
        settled_at: None,
        version: 1,
    };
    // The account's row takes part, so that two processes cannot both find no attempt in flight.
    book.change_account(begin.account)?;
    if let Some(rule) = book.auto_charges.change(&key![begin.account]) {
        rule.attempt_id = Some(begin.id);
        rule.pending_micros = attempt.amount_micros;
        rule.month = month;
        rule.month_micros = taken.saturating_add(attempt.amount_micros);
    }
    book.attempts.put(attempt.clone());
    Ok(attempt)
}

/// The fewest times `step` that are at least `gap`, both more than nothing.
fn multiple(step: i64, gap: i64) -> i64 {
    let times = gap.saturating_sub(1).checked_div(step).unwrap_or(0).saturating_add(1);
    step.saturating_mul(times).min(AMOUNT_MICROS_MAX)
}

/// Tells, once a month, that the month's cap keeps auto-charge from doing what its rule says.
fn tell_cap(book: &mut Book<'_>, begin: &BeginAttempt, wanted: i64, month: i64) {
    let key = key![begin.account];
    if book.auto_charges.get(&key).is_none_or(|rule| rule.capped_month == Some(month)) {
        return;
    }
    if let Some(rule) = book.auto_charges.change(&key) {
        rule.capped_month = Some(month);
    }
    let body = EventBody::AutoChargeFailed {
        cause: "month-cap".to_owned(),
        amount_micros: wanted,
        reason: "the month's cap is reached".to_owned(),
        failures: 0,
        stopped: false,
    };
    book.tell(begin.account, body);
}

/// Settles an attempt, or answers how it was settled.
pub(super) fn settle(book: &mut Book<'_>, settle: &SettleAttempt) -> Answer<Attempt> {
    let attempt = match book.attempts.get(&key![settle.account, settle.id]) {
        Some(attempt) => attempt.clone(),
        None => return Err(Refusal::no("attempt")).into(),
    };
    match &settle.outcome {
        AttemptOutcome::Succeeded { payment, amount_micros } => {
            succeeded(book, attempt, payment, *amount_micros)
        }
        AttemptOutcome::Declined { reason } => match attempt.state {
            AttemptState::Declined => Answer::again(attempt),
            AttemptState::Succeeded => Err(Refusal::AttemptSettled).into(),
            AttemptState::Pending | AttemptState::Unknown => declined(book, &attempt, reason).into(),
        },
        AttemptOutcome::Unknown { reason } => match attempt.state {
            AttemptState::Unknown => Answer::again(attempt),
            AttemptState::Succeeded | AttemptState::Declined => Err(Refusal::AttemptSettled).into(),
            AttemptState::Pending => unknown(book, &attempt, reason).into(),
        },
    }
}

/// The payment was taken: credited once, even after it was thought declined, because the money is real.
fn succeeded(book: &mut Book<'_>, was: Attempt, payment: &PaymentId, amount_micros: i64) -> Answer<Attempt> {
    if was.state == AttemptState::Succeeded {
        let same = was.provider.as_ref() == Some(&payment.provider)
            && was.payment.as_ref() == Some(&payment.payment);
        return if same { Answer::again(was) } else { Err(Refusal::AttemptSettled).into() };
    }
    if let Err(refusal) = credit::credit(book, was.account_id, payment, amount_micros, Some(&was)).outcome {
        return Err(refusal).into();
    }
    let now = book.moment(was.account_id);
    let cool_down = book.policy.cool_down;
    if let Some(rule) = book.auto_charges.change(&key![was.account_id]) {
        // A declined attempt is not in the month's sum any more.
        let counted = if was.state == AttemptState::Declined { 0 } else { was.amount_micros };
        recount(rule, &was, amount_micros.saturating_sub(counted));
        land(rule, &was);
        rule.failures = 0;
        rule.next_at = now.after(cool_down);
    }
    finish(book, &was, |attempt| {
        attempt.state = AttemptState::Succeeded;
        attempt.amount_micros = amount_micros;
        attempt.provider = Some(payment.provider.clone());
        attempt.payment = Some(payment.payment.clone());
        attempt.due_at = None;
        attempt.settled_at = Some(now);
    })
    .into()
}

/// The payment was not taken: wait longer each time, give up after so many, and say so.
fn declined(book: &mut Book<'_>, was: &Attempt, reason: &str) -> Result<Attempt, Refusal> {
    let now = book.moment(was.account_id);
    let policy = book.policy;
    book.change_account(was.account_id)?;
    let (mut failures, mut stopped) = (1, false);
    if let Some(rule) = book.auto_charges.change(&key![was.account_id]) {
        recount(rule, was, was.amount_micros.saturating_neg());
        land(rule, was);
        rule.failures = rule.failures.saturating_add(1);
        rule.stopped = rule.failures >= policy.declines_max;
        rule.next_at = now.after(policy.decline_wait(rule.failures));
        (failures, stopped) = (rule.failures, rule.stopped);
    }
    tell(book, was, "declined", reason, failures, stopped);
    finish(book, was, |attempt| {
        attempt.state = AttemptState::Declined;
        attempt.reason = Some(said(reason));
        attempt.due_at = None;
        attempt.settled_at = Some(now);
    })
}

/// Nobody knows: it stays in flight, so that nothing else is taken, and somebody has to ask.
fn unknown(book: &mut Book<'_>, was: &Attempt, reason: &str) -> Result<Attempt, Refusal> {
    let due_at = book.now.after(book.policy.ask_after);
    tell(book, was, "unknown", reason, 0, false);
    finish(book, was, |attempt| {
        attempt.state = AttemptState::Unknown;
        attempt.reason = Some(said(reason));
        attempt.due_at = Some(due_at);
    })
}

/// Corrects the month's sum, when it is still the attempt's month.
fn recount(rule: &mut AutoCharge, attempt: &Attempt, difference: i64) {
    if rule.month == attempt.created_at.month() {
        rule.month_micros = rule.month_micros.saturating_add(difference).max(0);
    }
}

/// The attempt is not in flight any more, if it was.
fn land(rule: &mut AutoCharge, attempt: &Attempt) {
    if rule.attempt_id == Some(attempt.id) {
        rule.attempt_id = None;
        rule.pending_micros = 0;
    }
}

fn tell(book: &mut Book<'_>, attempt: &Attempt, cause: &str, reason: &str, failures: i64, stopped: bool) {
    let body = EventBody::AutoChargeFailed {
        cause: cause.to_owned(),
        amount_micros: attempt.amount_micros,
        reason: said(reason),
        failures,
        stopped,
    };
    book.tell(attempt.account_id, body);
}

fn finish(book: &mut Book<'_>, was: &Attempt, change: impl FnOnce(&mut Attempt)) -> Result<Attempt, Refusal> {
    let key = key![was.account_id, was.id];
    let attempt = book.attempts.change(&key).ok_or_else(|| Refusal::no("attempt"))?;
    change(attempt);
    Ok(attempt.clone())
}

/// Takes attempts somebody has to ask for.
pub(super) fn claim(book: &mut Book<'_>, claim: &ClaimAttempts) -> Answer<Vec<Attempt>> {
    let due_at = book.now.after(book.policy.ask_after);
    let mut claimed = Vec::new();
    while i64::try_from(claimed.len()).is_ok_and(|taken| taken < claim.limit) {
        let Some(key) = book.next_due(Attempt::TABLE) else { break };
        let now = book.now;
        if book.attempts.get(&key).is_none_or(|attempt| attempt.due_at.is_none_or(|due| due > now)) {
            continue;
        }
        if let Some(attempt) = book.attempts.change(&key) {
            attempt.tries = attempt.tries.saturating_add(1);
            attempt.due_at = Some(due_at);
            claimed.push(attempt.clone());
        }
    }
    Answer::done(claimed)
}
