//! Accounts, their rules, their keys, and what prices were promised.

use super::super::account::{Account, Configure, OpenAccount, Setting};
use super::super::auto_charge::{AutoCharge, AutoChargeRule};
use super::super::book::Book;
use super::super::command::Answer;
use super::super::digest::Digest;
use super::super::event::{Endpoint, Webhook};
use super::super::id::AccountId;
use super::super::key::{ApiKey, CreateKey, KEYS_WORKING_MAX, RevokeKey};
use super::super::plan::{BEAT, BeatRecord};
use super::super::quote::{KeepRateCard, KeptRateCard, LockQuote, QuoteLock};
use super::super::refusal::Refusal;
use super::super::table::{Record, key};
use super::{amount, document, level, text};

/// The most bytes of a rate card.
const RATE_CARD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most scopes of an API key.
const SCOPES_MAX: usize = 32;

/// Opens an account, or answers the one that is open.
pub(super) fn open(book: &mut Book<'_>, open: &OpenAccount) -> Answer<Account> {
    if let Some(account) = book.accounts.get(&key![open.id]) {
        let same = account.currency == open.currency;
        return if same { Answer::again(account.clone()) } else { Err(Refusal::taken("account")).into() };
    }
    let currency = open.currency.len() == 3 && open.currency.bytes().all(|byte| byte.is_ascii_uppercase());
    let valid =
        text("name", &open.name, 200).and(if currency { Ok(()) } else { Err(Refusal::field("currency")) });
    if let Err(refusal) = valid {
        return Err(refusal).into();
    }
    let now = book.now;
    let account = Account {
        id: open.id,
        name: open.name.clone(),
        currency: open.currency.clone(),
        balance_micros: 0,
        held_micros: 0,
        entry_seq: 0,
        subscription_active: true,
        day_cap_micros: None,
        month_cap_micros: None,
        day: now.day(),
        day_spent_micros: 0,
        month: now.month(),
        month_spent_micros: 0,
        low_balance_micros: None,
        low_balance_told: false,
        out_of_credit_since: None,
        opened_at: now,
        touched_at: now,
        version: 1,
    };
    book.accounts.put(account.clone());
    Answer::done(account)
}

/// Changes a rule.
pub(super) fn configure(book: &mut Book<'_>, configure: &Configure) -> Result<Account, Refusal> {
    let id = configure.account;
    book.account(id)?;
    match &configure.setting {
        Setting::Name(name) => {
            text("name", name, 200)?;
            book.change_account(id)?.name.clone_from(name);
        }
        Setting::SubscriptionActive(active) => book.change_account(id)?.subscription_active = *active,
        Setting::SpendCaps { day_micros, month_micros } => {
            level("day cap", *day_micros)?;
            level("month cap", *month_micros)?;
            let account = book.change_account(id)?;
            account.day_cap_micros = *day_micros;
            account.month_cap_micros = *month_micros;
        }
        Setting::DayCap(micros) => {
            level("day cap", *micros)?;
            book.change_account(id)?.day_cap_micros = *micros;
        }
        Setting::MonthCap(micros) => {
            level("month cap", *micros)?;
            book.change_account(id)?.month_cap_micros = *micros;
        }
        Setting::LowBalance(threshold) => {
            level("low balance", *threshold)?;
            let account = book.change_account(id)?;
            if account.low_balance_micros != *threshold {
                account.low_balance_micros = *threshold;
                // Another threshold is another crossing.
                account.low_balance_told = false;
                book.watch_level(id)?;
            }
        }
        Setting::AutoCharge(rule) => set_auto_charge(book, id, rule.as_ref())?,
        Setting::Webhook(endpoint) => set_webhook(book, id, endpoint.as_ref())?,
    }
    book.account(id).cloned()
}

fn set_auto_charge(book: &mut Book<'_>, id: AccountId, rule: Option<&AutoChargeRule>) -> Result<(), Refusal> {
    if let Some(rule) = rule {
        amount("threshold", rule.threshold_micros)?;
        amount("amount", rule.amount_micros)?;
        amount("month cap", rule.month_cap_micros)?;
        if rule.month_cap_micros < rule.amount_micros {
            return Err(Refusal::amount("month cap"));
        }
    }
    book.change_account(id)?;
    let now = book.moment(id);
    if book.auto_charges.get(&key![id]).is_none() {
        let Some(rule) = rule else { return Ok(()) };
        book.auto_charges.put(AutoCharge {
            account_id: id,
            active: true,
            threshold_micros: rule.threshold_micros,
            amount_micros: rule.amount_micros,
            month_cap_micros: rule.month_cap_micros,
            attempt_id: None,
            pending_micros: 0,
            failures: 0,
            stopped: false,
            next_at: now,
            month: now.month(),
            month_micros: 0,
            capped_month: None,
            version: 1,
        });
        return Ok(());
    }
    let Some(stored) = book.auto_charges.change(&key![id]) else { return Ok(()) };
    stored.active = rule.is_some();
    if let Some(rule) = rule {
        stored.threshold_micros = rule.threshold_micros;
        stored.amount_micros = rule.amount_micros;
        stored.month_cap_micros = rule.month_cap_micros;
        stored.failures = 0;
        stored.stopped = false;
        stored.next_at = now;
        stored.capped_month = None;
    }
    Ok(())
}

fn set_webhook(book: &mut Book<'_>, id: AccountId, endpoint: Option<&Endpoint>) -> Result<(), Refusal> {
    if let Some(endpoint) = endpoint {
        text("url", &endpoint.url, 2_000)?;
        text("secret", &endpoint.secret, 200)?;
    }
    let url = endpoint.map(|endpoint| endpoint.url.clone());
    let secret = endpoint.map(|endpoint| endpoint.secret.clone());
    match book.webhooks.change(&key![id]) {
        Some(webhook) => (webhook.url, webhook.secret) = (url, secret),
        None => book.webhooks.put(Webhook { account_id: id, url, secret, version: 1 }),
    }
    Ok(())
}

/// Locks a price, or answers the lock.
pub(super) fn lock_quote(book: &mut Book<'_>, lock: &LockQuote) -> Answer<QuoteLock> {
    if let Some(quote) = book.quotes.get(&key![lock.account, lock.id]) {
        let same = quote.body_digest == lock.body && quote.amount_micros == lock.amount_micros;
        return if same { Answer::again(quote.clone()) } else { Err(Refusal::taken("quote")).into() };
    }
    let valid = book.account(lock.account).map(|_| ());
    let valid = valid.and_then(|()| amount("amount", lock.amount_micros));
    let valid =
        valid.and_then(|()| document("document", &lock.document, super::super::charge::DOCUMENT_BYTES_MAX));
    if let Err(refusal) = valid {
        return Err(refusal).into();
    }
    let now = book.moment(lock.account);
    let quote = QuoteLock {
        account_id: lock.account,
        id: lock.id,
        body_digest: lock.body,
        amount_micros: lock.amount_micros,
        document: lock.document.clone(),
        created_at: now,
        expires_at: now.after(lock.lifetime.min(book.policy.quote_lifetime_max)),
        charge_id: None,
        version: 1,
    };
    book.quotes.put(quote.clone());
    Answer::done(quote)
}

/// Makes a key, or answers the one that was made.
pub(super) fn create_key(book: &mut Book<'_>, create: &CreateKey) -> Answer<ApiKey> {
    let found = book.keys.get(&key![create.digest]).or_else(|| find_key(book, create.account, create));
    if let Some(found) = found {
        let same =
            found.id == create.id && found.account_id == create.account && found.digest == create.digest;
        return if same { Answer::again(found.clone()) } else { Err(Refusal::taken("key")).into() };
    }
    make_key(book, create).into()
}

fn find_key<'a>(book: &'a Book<'_>, account: AccountId, create: &CreateKey) -> Option<&'a ApiKey> {
    book.keys.iter().find(|key| key.account_id == account && key.id == create.id)
}

fn make_key(book: &mut Book<'_>, create: &CreateKey) -> Result<ApiKey, Refusal> {
    book.account(create.account)?;
    text("label", &create.label, 200)?;
    if create.scopes.len() > SCOPES_MAX {
        return Err(Refusal::field("scopes"));
    }
    for scope in &create.scopes {
        text("scopes", scope, 40)?;
    }
    let now = book.now;
    let working = book.keys.iter().filter(|key| key.account_id == create.account && key.works_at(now));
    if working.count() >= KEYS_WORKING_MAX {
        return Err(Refusal::TooManyKeys { max: i64::try_from(KEYS_WORKING_MAX).unwrap_or(i64::MAX) });
    }
    let key = ApiKey {
        digest: create.digest,
        account_id: create.account,
        id: create.id,
        label: create.label.clone(),
        scopes: create.scopes.clone(),
        created_at: now,
        expires_at: create.lifetime.map(|lifetime| now.after(lifetime)),
        revoked_at: None,
        version: 1,
    };
    book.keys.put(key.clone());
    Ok(key)
}

/// Revokes a key, or answers that it is revoked.
pub(super) fn revoke_key(book: &mut Book<'_>, revoke: &RevokeKey) -> Answer<ApiKey> {
    let found = book.keys.iter().find(|key| key.account_id == revoke.account && key.id == revoke.id);
    let Some(found) = found.cloned() else { return Err(Refusal::no("key")).into() };
    if found.revoked_at.is_some() {
        return Answer::again(found);
    }
    let now = book.now;
    let Some(stored) = book.keys.change(&found.key()) else { return Err(Refusal::no("key")).into() };
    stored.revoked_at = Some(now);
    Answer::done(stored.clone())
}

/// Keeps a rate card, or answers the one that is kept.
pub(super) fn keep_rate_card(book: &mut Book<'_>, keep: &KeepRateCard) -> Answer<KeptRateCard> {
    let digest = Digest::of(keep.document.as_bytes());
    if let Some(card) = book.rate_cards.get(&key![keep.id]) {
        return if card.digest == digest {
            Answer::again(card.clone())
        } else {
            Err(Refusal::taken("rate card")).into()
        };
    }
    let valid = text("id", &keep.id, 200).and(document("document", &keep.document, RATE_CARD_BYTES_MAX));
    if let Err(refusal) = valid {
        return Err(refusal).into();
    }
    let card =
        KeptRateCard { id: keep.id.clone(), digest, document: keep.document.clone(), created_at: book.now };
    book.rate_cards.put(card.clone());
    Answer::done(card)
}

/// Writes the beat.
pub(super) fn beat(book: &mut Book<'_>) -> Answer<()> {
    let now = book.now;
    match book.beats.change(&key![BEAT]) {
        Some(beat) => beat.at = now,
        None => book.beats.put(BeatRecord { id: BEAT, at: now, version: 1 }),
    }
    Answer::done(())
}
