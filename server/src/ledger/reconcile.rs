//! Proof that the ledger adds up: every balance is the sum of its journal, and the journal is what was charged,
//! given back, bought and applied.

use super::Ledger;
use super::engine::Query;
use super::id::AccountId;
use super::read::unreadable;
use super::refusal::Failure;
use super::table::int;
use super::value::{Field, Kind, Row, Unreadable};

/// The most discrepancies that are listed; all are counted.
pub const DISCREPANCIES_MAX: usize = 100;

/// What a reconciliation found, all of it at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// How many accounts there are.
    pub accounts: i64,
    /// How many entries their journals have.
    pub entries: i64,
    /// How far balances are from the sums of their journals, all together: must be 0.
    pub drift_micros: i64,
    /// How many accounts do not add up: must be 0.
    pub broken: i64,
    /// The first of them.
    pub discrepancies: Vec<Discrepancy>,
}

impl Reconciliation {
    /// Whether everything adds up.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.drift_micros == 0 && self.broken == 0
    }
}

/// An account that does not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discrepancy {
    /// Which.
    pub account: AccountId,
    /// What it is said to hold; 0 when there are entries of an account that does not exist.
    pub balance_micros: i64,
    /// What its entries add up to.
    pub entries_micros: i64,
    /// What is wrong, in words.
    pub what: Vec<&'static str>,
}

/// What can be wrong, in the order of the columns of [`ACCOUNTS`] after the first three.
const CHECKS: [&str; 9] = [
    "the balance is not the sum of the entries",
    "entries are missing or too many",
    "a running balance is wrong",
    "charges differ from their entries",
    "refunds differ from their entries",
    "payments differ from their entries",
    "applications differ from their entries",
    "what is held is not the sum of the campaigns' holds",
    "what campaigns captured is not the sum of their charges",
];

/// A row per account: id, balance, sum of its entries, then a number per check that must be 0.
const ACCOUNTS: &str = "\
WITH lines AS (
    SELECT account_id, seq, kind, amount_micros, balance_micros,
           sum(amount_micros) OVER (PARTITION BY account_id ORDER BY seq) AS running,
           row_number() OVER (PARTITION BY account_id ORDER BY seq) AS place
    FROM entries
), journal AS (
    SELECT account_id, sum(amount_micros) AS total, count(*) AS many,
           sum(CASE WHEN running <> balance_micros OR place <> seq THEN 1 ELSE 0 END) AS wrong,
           sum(CASE WHEN kind = 'charge' THEN -amount_micros ELSE 0 END) AS charged,
           sum(CASE WHEN kind = 'refund' THEN amount_micros ELSE 0 END) AS refunded,
           sum(CASE WHEN kind IN ('top-up', 'auto-charge') THEN amount_micros ELSE 0 END) AS bought,
           sum(CASE WHEN kind = 'subscription' THEN -amount_micros ELSE 0 END) AS applied
    FROM lines GROUP BY account_id
), used AS (
    SELECT account_id, sum(amount_micros) AS charged, sum(refunded_micros) AS refunded
    FROM charges WHERE refusal IS NULL GROUP BY account_id
), paid AS (
    SELECT account_id, sum(amount_micros) AS bought FROM payments GROUP BY account_id
), gone AS (
    SELECT account_id, sum(amount_micros) AS applied FROM applications GROUP BY account_id
), holds AS (
    SELECT account_id, sum(held_micros) AS held, sum(captured_micros) AS captured FROM campaigns GROUP BY account_id
), caught AS (
    SELECT r.account_id, sum(c.amount_micros) AS captured FROM campaign_rows r
    JOIN charges c ON c.account_id = r.account_id AND c.id = r.charge_id GROUP BY r.account_id
), checked AS (
    SELECT COALESCE(a.id, j.account_id) AS id, COALESCE(a.balance_micros, 0) AS balance, COALESCE(j.total, 0) AS total,
           COALESCE(a.balance_micros, 0) - COALESCE(j.total, 0) AS drift,
           COALESCE(a.entry_seq, 0) - COALESCE(j.many, 0) AS missing,
           COALESCE(j.wrong, 0) AS wrong,
           COALESCE(j.charged, 0) - COALESCE(u.charged, 0) AS charged,
           COALESCE(j.refunded, 0) - COALESCE(u.refunded, 0) AS refunded,
           COALESCE(j.bought, 0) - COALESCE(p.bought, 0) AS bought,
           COALESCE(j.applied, 0) - COALESCE(g.applied, 0) AS applied,
           COALESCE(a.held_micros, 0) - COALESCE(h.held, 0) AS held,
           COALESCE(h.captured, 0) - COALESCE(k.captured, 0) AS captured
    FROM accounts a FULL JOIN journal j ON j.account_id = a.id
    LEFT JOIN used u ON u.account_id = COALESCE(a.id, j.account_id)
    LEFT JOIN paid p ON p.account_id = COALESCE(a.id, j.account_id)
    LEFT JOIN gone g ON g.account_id = COALESCE(a.id, j.account_id)
    LEFT JOIN holds h ON h.account_id = COALESCE(a.id, j.account_id)
    LEFT JOIN caught k ON k.account_id = COALESCE(a.id, j.account_id)
)";

const BROKEN: &str = "drift <> 0 OR missing <> 0 OR wrong <> 0 OR charged <> 0 OR refunded <> 0 OR bought <> 0 \
                      OR applied <> 0 OR held <> 0 OR captured <> 0";

impl Ledger {
    /// Adds everything up. It reads the whole journal: a minute's work on a large ledger, in the way of nobody.
    pub async fn reconcile(&self) -> Result<Reconciliation, Failure> {
        let whole = |name: &str| format!("CAST({name} AS BIGINT)");
        let columns = [
            "balance", "total", "drift", "missing", "wrong", "charged", "refunded", "bought", "applied",
            "held", "captured",
        ];
        let kinds = [vec![Kind::Uuid], vec![Kind::Int; columns.len()]].concat();
        let columns = columns.map(whole).join(", ");
        let first = Query {
            sql: format!(
                "{ACCOUNTS} SELECT id, {columns} FROM checked WHERE {BROKEN} ORDER BY id LIMIT {DISCREPANCIES_MAX}"
            ),
            params: Vec::new(),
            kinds,
            single: false,
        };
        let sums = Query {
            sql: format!(
                "{ACCOUNTS} SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM entries), \
                 CAST(COALESCE(sum(abs(drift)), 0) AS BIGINT), \
                 CAST(COALESCE(sum(CASE WHEN {BROKEN} THEN 1 ELSE 0 END), 0) AS BIGINT) FROM checked"
            ),
            params: Vec::new(),
            kinds: vec![Kind::Int; 4],
            single: false,
        };
        let mut answers = self.engine.read(vec![first, sums]).await?.into_iter();
        let found = answers.next().unwrap_or_default();
        let sums = answers.next().unwrap_or_default();
        sums.first().ok_or(Unreadable).and_then(|sums| reconciliation(sums, found)).map_err(unreadable)
    }
}

fn reconciliation(sums: &Row, found: Vec<Row>) -> Result<Reconciliation, Unreadable> {
    Ok(Reconciliation {
        accounts: int(sums, 0)?,
        entries: int(sums, 1)?,
        drift_micros: int(sums, 2)?,
        broken: int(sums, 3)?,
        discrepancies: found.into_iter().map(discrepancy).collect::<Result<_, _>>()?,
    })
}

fn discrepancy(row: Row) -> Result<Discrepancy, Unreadable> {
    let mut what = Vec::new();
    for (column, check) in (3_usize..).zip(CHECKS) {
        if int(&row, column)? != 0 {
            what.push(check);
        }
    }
    Ok(Discrepancy {
        account: AccountId::read(row.first().cloned().ok_or(Unreadable)?)?,
        balance_micros: int(&row, 1)?,
        entries_micros: int(&row, 2)?,
        what,
    })
}
