//! The peer: the transaction one writes by hand. As good as it gets without another design: prepared statements, a
//! connection of its own for each caller, over the same socket. It has no HTTP in front of it, no API keys, no prices,
//! no idempotency: all of that is in its favour.

use std::time::Instant;

use futures_util::future::join_all;
use tokio_postgres::{Client, Error};
use uuid::Uuid;

use crate::cluster::Cluster;
use crate::load::{Effort, Measured, Spent, Window};
use crate::machine;

const SCHEMA: &str = "
    CREATE TABLE accounts (id uuid PRIMARY KEY, balance_micros bigint NOT NULL CHECK (balance_micros >= 0));
    CREATE TABLE charges (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES accounts,
        amount_micros bigint NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )";

const START_MICROS: i64 = 1_000_000_000_000;
const PRICE_MICROS: i64 = 10_000;

/// One run on a new database of its own.
pub(crate) async fn measure(cluster: &Cluster, accounts: usize, effort: Effort) -> Measured {
    let database = cluster.database().await;
    let admin = cluster.client(&database).await;
    admin.batch_execute(SCHEMA).await.unwrap();
    let ids: Vec<Uuid> = (0..accounts).map(|_| Uuid::new_v4()).collect();
    let fill = "INSERT INTO accounts SELECT id, $2 FROM unnest($1::uuid[]) AS id";
    admin.execute(fill, &[&ids, &START_MICROS]).await.unwrap();
    admin.batch_execute("VACUUM ANALYZE").await.unwrap();
    let mut clients = Vec::with_capacity(effort.connections);
    for _ in 0..effort.connections {
        clients.push(cluster.client(&database).await);
    }

    let window = Window::new(effort.length);
    let before = machine::own_cpu();
    let callers = clients.into_iter().enumerate();
    let step = effort.connections;
    let done = join_all(callers.map(|(number, client)| call(client, number, step, &ids, window))).await;
    let spent = machine::own_cpu() - before;
    let (waits, counts): (Vec<_>, Vec<_>) = done.into_iter().unzip();
    let count: u64 = counts.iter().sum();

    // The same judgement as the twin's.
    let sums = "SELECT (SELECT sum(balance_micros)::bigint FROM accounts), (SELECT count(*) FROM charges)";
    let row = admin.query_one(sums, &[]).await.unwrap();
    let (left, kept): (i64, i64) = (row.get(0), row.get(1));
    let start = START_MICROS * i64::try_from(accounts).unwrap();
    assert_eq!(u64::try_from(kept).unwrap(), count, "every acknowledged charge is there");
    assert_eq!(left, start - PRICE_MICROS * kept, "the balances are what they must be");
    drop(admin);
    let load = spent / count.max(1);
    window.measured(waits, Spent { load, subject: None })
}

async fn call(
    mut client: Client,
    number: usize,
    step: usize,
    ids: &[Uuid],
    window: Window,
) -> (Vec<u64>, u64) {
    let look = client.prepare("SELECT balance_micros FROM accounts WHERE id = $1 FOR UPDATE").await.unwrap();
    let take = "UPDATE accounts SET balance_micros = balance_micros - $2 WHERE id = $1";
    let take = client.prepare(take).await.unwrap();
    let note = "INSERT INTO charges (id, account_id, amount_micros) VALUES ($1, $2, $3)";
    let note = client.prepare(note).await.unwrap();
    let (mut waits, mut count, mut account) = (Vec::new(), 0, number);
    while window.open() {
        account = (account + step) % ids.len();
        let began = Instant::now();
        let statements = [&look, &take, &note];
        charge(&mut client, statements, ids[account]).await.unwrap();
        waits.extend(window.wait(began));
        count += 1;
    }
    (waits, count)
}

/// `BEGIN; SELECT … FOR UPDATE; UPDATE; INSERT; COMMIT`
async fn charge(
    client: &mut Client,
    [look, take, note]: [&tokio_postgres::Statement; 3],
    account: Uuid,
) -> Result<(), Error> {
    let transaction = client.transaction().await?;
    let balance: i64 = transaction.query_one(look, &[&account]).await?.get(0);
    assert!(balance >= PRICE_MICROS, "the bench's accounts do not run out");
    transaction.execute(take, &[&account, &PRICE_MICROS]).await?;
    transaction.execute(note, &[&Uuid::new_v4(), &account, &PRICE_MICROS]).await?;
    transaction.commit().await
}

/// `15.18 …`
pub(crate) async fn version(cluster: &Cluster) -> String {
    let client = cluster.client("postgres").await;
    client.query_one("SHOW server_version", &[]).await.unwrap().get(0)
}
