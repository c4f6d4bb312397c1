//! Whether what was acknowledged is in the database: read there, not asked of the twin.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use uuid::Uuid;

use crate::cluster::Cluster;

/// What the database holds.
pub(crate) struct Found {
    balances: HashMap<Uuid, i64>,
    /// Account, charge, amount.
    paid: Vec<(Uuid, Uuid, i64)>,
}

const BALANCES: &str = "SELECT id, balance_micros FROM accounts";
const PAID: &str = "SELECT account_id, id, amount_micros FROM charges WHERE refusal IS NULL";

pub(crate) fn in_sqlite(path: &Path) -> Found {
    let database = rusqlite::Connection::open(path).unwrap();
    let id = |row: &rusqlite::Row<'_>, column: usize| {
        let bytes: rusqlite::Result<Vec<u8>> = row.get(column);
        bytes.map(|bytes| Uuid::from_slice(&bytes).expect("ids are UUIDs"))
    };
    let mut balances = database.prepare(BALANCES).unwrap();
    let balances = balances.query_map([], |row| Ok((id(row, 0)?, row.get(1)?))).unwrap();
    let balances = balances.collect::<rusqlite::Result<_>>().unwrap();
    let mut paid = database.prepare(PAID).unwrap();
    let paid = paid.query_map([], |row| Ok((id(row, 0)?, id(row, 1)?, row.get(2)?))).unwrap();
    Found { balances, paid: paid.collect::<rusqlite::Result<_>>().unwrap() }
}

pub(crate) async fn in_postgres(cluster: &Cluster, url: &str) -> Found {
    let name = url.rsplit('/').next().unwrap_or_default();
    let client = cluster.client(name).await;
    let balances = client.query(BALANCES, &[]).await.unwrap();
    let paid = client.query(PAID, &[]).await.unwrap();
    Found {
        balances: balances.iter().map(|row| (row.get(0), row.get(1))).collect(),
        paid: paid.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect(),
    }
}

/// Every acknowledged charge is there, once, no other is, and each balance is what was put in less what was charged.
pub(crate) fn judge(found: &Found, accounts: &[Uuid], acknowledged: &[(usize, Uuid)], start_micros: i64) {
    let told: HashSet<(Uuid, Uuid)> =
        acknowledged.iter().map(|(account, charge)| (accounts[*account], *charge)).collect();
    assert_eq!(told.len(), acknowledged.len(), "no two answers name the same charge");
    let kept: HashSet<(Uuid, Uuid)> =
        found.paid.iter().map(|(account, charge, _)| (*account, *charge)).collect();
    assert_eq!(told, kept, "what was acknowledged is what is kept");
    let mut spent: HashMap<Uuid, i64> = HashMap::new();
    for (account, _, amount) in &found.paid {
        *spent.entry(*account).or_default() += amount;
    }
    for account in accounts {
        let left = start_micros - spent.get(account).copied().unwrap_or(0);
        assert_eq!(found.balances.get(account), Some(&left), "the balance is the start less the charges");
    }
}
