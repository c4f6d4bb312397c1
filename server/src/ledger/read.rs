//! What can be asked without changing anything.

use std::fmt;
use std::str::FromStr;

use super::Ledger;
use super::account::Account;
use super::auto_charge::{Attempt, AutoCharge};
use super::charge::ChargeRecord;
use super::credit::Entry;
use super::digest::Digest;
use super::engine::Query;
use super::event::{Event, Webhook};
use super::id::{AccountId, ChargeId, KeyId, QuoteId};
use super::key::ApiKey;
use super::moment::{AHEAD_MAX, Moment};
use super::outbox::Message;
use super::quote::{KeptRateCard, QuoteLock};
use super::refusal::Failure;
use super::table::{Record, int, key, read_all};
use super::value::{Field, Kind, Row, Unreadable, Value};

/// The most entries, accounts or attempts of one answer.
pub const PAGE_MAX: i64 = 1_000;

/// A place in an account's history: what comes after it is older. Opaque to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(i64);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "e{:x}", self.0)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Cursor, ()> {
        let digits = text.strip_prefix('e').ok_or(())?;
        let seq = i64::from_str_radix(digits, 16).map_err(|_| ())?;
        if seq > 0 && Cursor(seq).to_string() == text { Ok(Cursor(seq)) } else { Err(()) }
    }
}

/// A part of an account's history, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The entries, each with what it paid for.
    pub entries: Vec<HistoryEntry>,
    /// Where to go on; none at the end.
    pub next: Option<Cursor>,
}

/// One entry of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The entry.
    pub entry: Entry,
    /// What was used, when it is about a charge.
    pub usage: Option<Usage>,
}

/// What a charge was for, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// What was used.
    pub channel: String,
    /// What `quantity` counts.
    pub unit: String,
    /// All lines' units together.
    pub quantity: i64,
    /// The rate card the prices are from.
    pub rate_card: String,
}

/// What waits, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Messages that wait to be handed on, or that a relay has.
    pub messages: i64,
    /// When the oldest of them was paid.
    pub oldest_message_at: Option<Moment>,
    /// Messages set aside because nobody knows whether they went through.
    pub unknown_messages: i64,
    /// Events that wait to be told.
    pub events: i64,
    /// Attempts of auto-charge whose outcome is not known yet.
    pub attempts: i64,
    /// Campaigns that are sending or paused.
    pub campaigns: i64,
}

impl Ledger {
    /// One query for records of a table, with what follows `FROM table`.
    fn records<R: Record>(rest: &str, params: Vec<Value>) -> Query {
        let table = R::TABLE;
        let sql = format!("SELECT {} FROM {} {rest}", table.list(""), table.name);
        Query { sql, params, kinds: table.kinds(), single: false }
    }

    pub(super) async fn rows(&self, query: Query) -> Result<Vec<Row>, Failure> {
        Ok(self.engine.read(vec![query]).await?.pop().unwrap_or_default())
    }

    pub(super) async fn list<R: Record>(&self, rest: &str, params: Vec<Value>) -> Result<Vec<R>, Failure> {
        read_all(self.rows(Self::records::<R>(rest, params)).await?).map_err(unreadable)
    }

    pub(super) async fn one<R: Record>(&self, rest: &str, params: Vec<Value>) -> Result<Option<R>, Failure> {
        if params.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
            return Ok(None);
        }
        let query = Query { single: true, ..Self::records::<R>(rest, params) };
        Ok(read_all(self.rows(query).await?).map_err(unreadable)?.pop())
    }

    /// An account: balance, rules, what was spent.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, Failure> {
        self.one("WHERE id = $1", key![id]).await
    }

    /// Accounts in the order of their ids, from after one.
    pub async fn accounts(&self, after: Option<AccountId>, limit: i64) -> Result<Vec<Account>, Failure> {
        let after = after.map_or(uuid::Uuid::nil(), AccountId::uuid);
        let params = vec![Value::Uuid(after), Value::Int(page(limit))];
        self.list("WHERE id > $1 ORDER BY id LIMIT $2", params).await
    }

    /// Accounts of a name; names need not be unique.
    pub async fn accounts_named(&self, name: &str) -> Result<Vec<Account>, Failure> {
        if name.contains('\0') {
            return Ok(Vec::new());
        }
        self.list("WHERE name = $1 ORDER BY id LIMIT 100", vec![Value::Text(name.to_owned())]).await
    }

    /// A charge, paid or refused, with what explains its price.
    pub async fn charge(&self, account: AccountId, id: ChargeId) -> Result<Option<ChargeRecord>, Failure> {
        self.one("WHERE account_id = $1 AND id = $2", key![account, id]).await
    }

    /// The charge of an idempotency key.
    pub async fn charge_by_key(
        &self,
        account: AccountId,
        key: &str,
    ) -> Result<Option<ChargeRecord>, Failure> {
        let params = key![account, key.to_owned()];
        self.one("WHERE account_id = $1 AND idempotency_key = $2", params).await
    }

    /// The messages of a charge.
    pub async fn messages(&self, account: AccountId, charge: ChargeId) -> Result<Vec<Message>, Failure> {
        self.list("WHERE account_id = $1 AND charge_id = $2 ORDER BY number", key![account, charge]).await
    }

    /// A quote lock, also when it has expired or was used.
    pub async fn quote(&self, account: AccountId, id: QuoteId) -> Result<Option<QuoteLock>, Failure> {
        self.one("WHERE account_id = $1 AND id = $2", key![account, id]).await
    }

    /// The API key of a secret's digest, also when it has expired or was revoked (see [`ApiKey::works_at`]), and whose it
    /// is, as that stands.
    pub async fn key(&self, digest: Digest) -> Result<Option<(ApiKey, Account)>, Failure> {
        let (keys, accounts) = (ApiKey::TABLE, Account::TABLE);
        let sql = format!(
            "SELECT {}, {} FROM api_keys k JOIN accounts a ON a.id = k.account_id WHERE k.digest = $1",
            keys.list("k."),
            accounts.list("a.")
        );
        let kinds = [keys.kinds(), accounts.kinds()].concat();
        let found = self.rows(Query { sql, params: key![digest], kinds, single: true }).await?.pop();
        let read = |mut row: Row| {
            let account = row.split_off(keys.columns.len().min(row.len()));
            Ok((ApiKey::read(row)?, Account::read(account)?))
        };
        found.map(read).transpose().map_err(unreadable)
    }

    /// The API keys of an account, also those that have ended, newest first, from after one.
    pub async fn keys(
        &self,
        account: AccountId,
        after: Option<KeyId>,
        limit: i64,
    ) -> Result<Vec<ApiKey>, Failure> {
        let before = after.map_or(uuid::Uuid::max(), KeyId::uuid);
        let params = vec![account.value(), Value::Uuid(before), Value::Int(page(limit))];
        self.list("WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3", params).await
    }

    /// The API keys of an account that work, newest first: at most [`KEYS_WORKING_MAX`](super::KEYS_WORKING_MAX).
    pub async fn working_keys(&self, account: AccountId) -> Result<Vec<ApiKey>, Failure> {
        // As the index `api_keys_by_end` has it: what has ended is not read.
        let rest = format!(
            "WHERE account_id = $1 AND revoked_at IS NULL AND COALESCE(expires_at, {}) > $2 ORDER BY id DESC",
            i64::MAX
        );
        self.list(&rest, key![account, self.now()]).await
    }

    /// A rate card that was kept.
    pub async fn rate_card(&self, id: &str) -> Result<Option<KeptRateCard>, Failure> {
        self.one("WHERE id = $1", key![id.to_owned()]).await
    }

    /// The rule of auto-charge and where it stands.
    pub async fn auto_charge(&self, account: AccountId) -> Result<Option<AutoCharge>, Failure> {
        self.one("WHERE account_id = $1", key![account]).await
    }

    /// The attempts of auto-charge, newest first.
    pub async fn attempts(&self, account: AccountId, limit: i64) -> Result<Vec<Attempt>, Failure> {
        let params = key![account, page(limit)];
        self.list("WHERE account_id = $1 ORDER BY id DESC LIMIT $2", params).await
    }

    /// Accounts for which an attempt of auto-charge seems due; [`BeginAttempt`](super::BeginAttempt) decides.
    pub async fn auto_charges_due(&self, limit: i64) -> Result<Vec<AccountId>, Failure> {
        let now = self.now();
        let sql = "SELECT a.id FROM auto_charges r JOIN accounts a ON a.id = r.account_id \
                   WHERE r.active AND NOT r.stopped AND r.attempt_id IS NULL AND a.subscription_active \
                   AND (r.next_at <= $1 OR r.next_at > $2) AND a.balance_micros - a.held_micros < r.threshold_micros \
                   AND (r.capped_month IS NULL OR r.capped_month <> $3) ORDER BY r.next_at LIMIT $4";
        let params = key![now, now.after(AHEAD_MAX), now.month(), page(limit)];
        let rows =
            self.rows(Query { sql: sql.to_owned(), params, kinds: vec![Kind::Uuid], single: false }).await?;
        let ids = rows.into_iter().map(|row| AccountId::read(row.into_iter().next().unwrap_or(Value::Null)));
        ids.collect::<Result<_, _>>().map_err(unreadable)
    }

    /// Where an account's events are told.
    pub async fn webhook(&self, account: AccountId) -> Result<Option<Webhook>, Failure> {
        self.one("WHERE account_id = $1", key![account]).await
    }

    /// An account's events, newest first, also those that were told.
    pub async fn events(&self, account: AccountId, limit: i64) -> Result<Vec<Event>, Failure> {
        let params = key![account, page(limit)];
        self.list("WHERE account_id = $1 ORDER BY id DESC LIMIT $2", params).await
    }

    /// An account's history, newest first, from after a cursor.
    pub async fn history(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<History, Failure> {
        let limit = page(limit);
        let table = Entry::TABLE;
        let sql = format!(
            "SELECT {}, c.channel, c.unit, c.quantity, c.rate_card FROM entries e LEFT JOIN charges c \
             ON c.account_id = e.account_id AND c.id = e.charge_id \
             WHERE e.account_id = $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3",
            table.list("e.")
        );
        let mut kinds = table.kinds();
        kinds.extend([Kind::Text, Kind::Text, Kind::Int, Kind::Text]);
        let before = after.map_or(i64::MAX, |cursor| cursor.0);
        let params = key![account, before, limit.saturating_add(1)];
        let mut rows = self.rows(Query { sql, params, kinds, single: false }).await?;
        let page_len = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > page_len;
        rows.truncate(page_len);
        let entries: Vec<HistoryEntry> =
            rows.into_iter().map(history_entry).collect::<Result<_, _>>().map_err(unreadable)?;
        let next = entries.last().filter(|_| more).map(|last| Cursor(last.entry.seq));
        Ok(History { entries, next })
    }

    /// What waits in the outbox, the events and the attempts.
    pub async fn backlog(&self) -> Result<Backlog, Failure> {
        let sql = "SELECT (SELECT count(*) FROM outbox WHERE due_at IS NOT NULL), \
                   (SELECT min(created_at) FROM outbox WHERE due_at IS NOT NULL), \
                   (SELECT count(*) FROM outbox WHERE state = 'unknown'), \
                   (SELECT count(*) FROM events WHERE due_at IS NOT NULL), \
                   (SELECT count(*) FROM attempts WHERE due_at IS NOT NULL), \
                   (SELECT count(*) FROM campaigns WHERE state IN ('sending', 'paused'))";
        let kinds = vec![Kind::Int; 6];
        let rows = self.rows(Query { sql: sql.to_owned(), params: Vec::new(), kinds, single: false }).await?;
        let read = |row: &Row| {
            Ok(Backlog {
                messages: int(row, 0)?,
                oldest_message_at: Option::read(row.get(1).cloned().ok_or(Unreadable)?)?,
                unknown_messages: int(row, 2)?,
                events: int(row, 3)?,
                attempts: int(row, 4)?,
                campaigns: int(row, 5)?,
            })
        };
        rows.first().ok_or(Unreadable).and_then(read).map_err(unreadable)
    }
}

fn history_entry(mut row: Row) -> Result<HistoryEntry, Unreadable> {
    let mut rest = row.split_off(Entry::TABLE.columns.len().min(row.len())).into_iter();
    let mut next = || rest.next().ok_or(Unreadable);
    let channel: Option<String> = Field::read(next()?)?;
    let usage = match channel {
        None => None,
        Some(channel) => Some(Usage {
            channel,
            unit: Field::read(next()?)?,
            quantity: Field::read(next()?)?,
            rate_card: Field::read(next()?)?,
        }),
    };
    Ok(HistoryEntry { entry: Entry::read(row)?, usage })
}

pub(super) fn page(limit: i64) -> i64 {
    limit.clamp(1, PAGE_MAX)
}

pub(super) fn unreadable(_: Unreadable) -> Failure {
    Failure::unavailable("a stored row cannot be read; it was written by another version, or damaged")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_read_only_as_they_were_written() {
        assert_eq!(Cursor(255).to_string().parse(), Ok(Cursor(255)));
        for bad in ["", "e", "ff", "e0", "e-1", "eFF", "e00ff", "e+ff", "effffffffffffffffff"] {
            assert_eq!(bad.parse::<Cursor>(), Err(()), "{bad}");
        }
    }
}
