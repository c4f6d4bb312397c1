//! Credits that come in by payment and go out to the subscription.

use super::super::auto_charge::Attempt;
use super::super::book::{Book, Movement};
use super::super::command::Answer;
use super::super::credit::{
    Application, ApplyAll, BALANCE_MICROS_MAX, Entry, EntryKind, Payment, PaymentId, TopUp,
};
use super::super::event::EventBody;
use super::super::id::AccountId;
use super::super::refusal::Refusal;
use super::super::table::key;
use super::{amount, request_key, text};

/// Credits a payment, or answers that it was credited.
pub(super) fn top_up(book: &mut Book<'_>, top_up: &TopUp) -> Answer<Payment> {
    credit(book, top_up.account, &top_up.payment, top_up.amount_micros, None)
}

/// Credits a payment once, whoever tells of it: a caller, or the attempt of auto-charge it was taken by.
pub(super) fn credit(
    book: &mut Book<'_>,
    account: AccountId,
    id: &PaymentId,
    amount_micros: i64,
    attempt: Option<&Attempt>,
) -> Answer<Payment> {
    if let Err(refusal) = valid(book, account, id, amount_micros) {
        return Err(refusal).into();
    }
    if let Some(payment) = book.payments.get(&key![id.provider, id.payment]) {
        let same = payment.account_id == account && payment.amount_micros == amount_micros;
        return if same { Answer::again(payment.clone()) } else { Err(Refusal::PaymentReused).into() };
    }
    put(book, account, id, amount_micros, attempt).into()
}

fn valid(book: &Book<'_>, account: AccountId, id: &PaymentId, amount_micros: i64) -> Result<(), Refusal> {
    book.account(account)?;
    text("provider", &id.provider, 40)?;
    text("payment", &id.payment, 200)?;
    amount("amount", amount_micros)
}

fn put(
    book: &mut Book<'_>,
    account: AccountId,
    id: &PaymentId,
    amount_micros: i64,
    attempt: Option<&Attempt>,
) -> Result<Payment, Refusal> {
    if book.account(account)?.balance_micros.saturating_add(amount_micros) > BALANCE_MICROS_MAX {
        return Err(Refusal::BalanceTooLarge);
    }
    let entry = book.post(
        account,
        Movement {
            kind: if attempt.is_some() { EntryKind::AutoCharge } else { EntryKind::TopUp },
            amount_micros,
            charge: None,
            reference: Some(format!("{}:{}", id.provider, id.payment)),
        },
    )?;
    let payment = Payment {
        provider: id.provider.clone(),
        payment: id.payment.clone(),
        account_id: account,
        amount_micros,
        entry_seq: entry.seq,
        balance_micros: entry.balance_micros,
        attempt_id: attempt.map(|attempt| attempt.id),
        created_at: entry.at,
    };
    book.payments.put(payment.clone());
    book.tell(
        account,
        EventBody::TopUpSucceeded {
            amount_micros,
            balance_micros: entry.balance_micros,
            provider: id.provider.clone(),
            payment: id.payment.clone(),
            auto_charge: attempt.is_some(),
            clamped: attempt.is_some_and(|attempt| attempt.clamped),
        },
    );
    Ok(payment)
}

/// Applies all that can be spent to the subscription, or answers what was applied.
pub(super) fn apply_all(book: &mut Book<'_>, apply: &ApplyAll) -> Answer<Application> {
    let valid = book.account(apply.account).map(|_| ()).and_then(|()| request_key(&apply.key.key));
    if let Err(refusal) = valid {
        return Err(refusal).into();
    }
    if let Some(application) = book.applications.get(&key![apply.account, apply.key.key]) {
        let same = application.body_digest == apply.key.body;
        return if same { Answer::again(application.clone()) } else { Err(Refusal::KeyReused).into() };
    }
    take_all(book, apply).into()
}

fn take_all(book: &mut Book<'_>, apply: &ApplyAll) -> Result<Application, Refusal> {
    let amount_micros = book.account(apply.account)?.available_micros();
    let entry: Option<Entry> = if amount_micros == 0 {
        None
    } else {
        let movement = Movement {
            kind: EntryKind::Subscription,
            amount_micros: amount_micros.saturating_neg(),
            charge: None,
            reference: Some(apply.id.to_string()),
        };
        Some(book.post(apply.account, movement)?)
    };
    let application = Application {
        account_id: apply.account,
        idempotency_key: apply.key.key.clone(),
        body_digest: apply.key.body,
        id: apply.id,
        amount_micros,
        balance_micros: book.account(apply.account)?.balance_micros,
        entry_seq: entry.map(|entry| entry.seq),
        created_at: book.moment(apply.account),
    };
    book.applications.put(application.clone());
    Ok(application)
}
