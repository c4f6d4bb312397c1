//! What PostgreSQL can do to a commit, and what the ledger may say about it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use textmeter_server::ledger::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::JoinSet;

use crate::cluster::Cluster;
use crate::world::{World, keyed, send};

/// A wire to the server that is cut when a commit's answer comes back.
struct Wire {
    cuts: Arc<AtomicI64>,
    port: u16,
}

impl Wire {
    async fn to(socket: PathBuf) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cuts = Arc::new(AtomicI64::new(0));
        let shared = Arc::clone(&cuts);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&socket).await.unwrap();
                tokio::spawn(Wire::carry(client, server, Arc::clone(&shared)));
            }
        });
        Wire { cuts, port }
    }

    /// The next so many answers to commits are lost.
    fn cut(&self, times: i64) {
        self.cuts.store(times, Ordering::SeqCst);
    }

    async fn carry(mut client: TcpStream, mut server: UnixStream, cuts: Arc<AtomicI64>) -> Option<()> {
        let (mut up, mut down) = (vec![0; 65_536], vec![0; 65_536]);
        loop {
            tokio::select! {
                read = client.read(&mut up) => {
                    let sent = up.get(..read.ok().filter(|read| *read > 0)?)?;
                    server.write_all(sent).await.ok()?;
                    let commit = sent.windows(7).any(|word| word == b"COMMIT\0");
                    if commit && cuts.fetch_sub(1, Ordering::SeqCst) > 0 {
                        // It is done, and nobody will ever say so.
                        return server.read(&mut down).await.ok().filter(|answer| *answer == 0).map(|_| ());
                    }
                }
                read = server.read(&mut down) => {
                    client.write_all(down.get(..read.ok().filter(|read| *read > 0)?)?).await.ok()?;
                }
            }
        }
    }
}

async fn wired(patience: Duration) -> (World, Wire) {
    let cluster = Cluster::shared();
    let name = cluster.database().await;
    let wire = Wire::to(cluster.socket()).await;
    let url = format!("postgres://postgres@127.0.0.1:{}/{name}", wire.port);
    (World::open(url, None, |policy| policy.patience = patience).await, wire)
}

/// Which of the ledger's connections wait for somebody else's lock.
async fn waiting(watcher: &tokio_postgres::Client) -> Vec<i32> {
    let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
               AND application_name = 'textmeter' AND wait_event_type = 'Lock'";
    watcher.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// Case 14: the answer to the commit is lost; the same batch is given again and finds itself done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_done_once() {
    let (world, wire) = wired(Duration::from_secs(10)).await;
    let account = world.account(1_000_000).await;
    for (round, charge) in (1..).zip([send(account, 10_000), keyed(send(account, 10_000), "k", "body")]) {
        wire.cut(1);
        let charge = world.ledger.tell(charge).await.unwrap().outcome.unwrap();
        assert!(charge.is_paid());
        assert_eq!(world.balance(account).await, 1_000_000 - round * 10_000);
    }
    wire.cut(1);
    let payment = world.top_up(account, &format!("{account} 2"), 500).await;
    assert_eq!(payment.balance_micros, 980_500);
    assert_eq!(world.claim().await.len(), 2);
    world.adds_up().await;
}

/// The answer stays lost: it is said to be unknown, not refused and not unavailable, and asking again brings it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stays_unknown_is_called_unknown() {
    let (world, wire) = wired(Duration::from_secs(3)).await;
    let account = world.account(1_000_000).await;
    wire.cut(i64::MAX);
    let charge = keyed(send(account, 10_000), "k", "body");
    let failure = world.ledger.tell(charge.clone()).await.unwrap_err();
    assert!(matches!(failure, Failure::Unknown(_)), "{failure:?}");
    wire.cut(0);
    let again = world.ledger.tell(charge).await.unwrap();
    assert!(again.replayed && again.outcome.unwrap().is_paid());
    assert_eq!(world.balance(account).await, 990_000);
    world.adds_up().await;
}

/// Two addresses say they take writes, and one of them acknowledges nothing, as a primary that was cut off and not told
/// that another took its place: who has found the other one stays with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_primaries_the_one_that_acknowledges_is_kept() {
    let cluster = Cluster::shared();
    let name = cluster.database().await;
    let (isolated, good) = (Wire::to(cluster.socket()).await, Wire::to(cluster.socket()).await);
    let hosts = format!("127.0.0.1:{},127.0.0.1:{}", isolated.port, good.port);
    let world = World::open(format!("postgres://postgres@{hosts}/{name}"), None, |_| {}).await;
    let account = world.account(1_000_000).await;
    isolated.cut(i64::MAX);
    for _ in 0..60 {
        assert!(world.ledger.tell(send(account, 10_000)).await.unwrap().outcome.unwrap().is_paid());
        // Readers have connections of their own, to whichever they meet.
        futures_util::future::join_all((0..6).map(|_| world.balance(account))).await;
    }
    let met = i64::MAX - isolated.cuts.load(Ordering::SeqCst);
    // Each time it is met the next connection is to one or the other by chance.
    assert!(met < 25, "{met} of 60 commits went to the one that acknowledges nothing");
    // Adding up is a transaction too, and this test's wire cannot tell what it commits.
    isolated.cut(0);
    assert_eq!(world.balance(account).await, 400_000);
    world.adds_up().await;
}

/// A row that nobody lets go may be held by a commit that is never confirmed: another connection is tried, which may be to
/// another server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_stays_held_is_asked_for_elsewhere() {
    let cluster = Cluster::shared();
    let name = cluster.database().await;
    let world = World::open(cluster.url(&name), None, |_| {}).await;
    let account = world.account(1_000_000).await;
    let (other, watcher) = (cluster.client(&name).await, cluster.client(&name).await);
    other.batch_execute("BEGIN; SELECT FROM accounts FOR UPDATE").await.unwrap();
    let (ledger, charge) = (world.ledger.clone(), send(account, 10_000));
    let call = tokio::spawn(async move { ledger.tell(charge).await });
    let until = Instant::now() + Duration::from_secs(120);
    let mut met = BTreeSet::new();
    while met.len() < 2 {
        assert!(Instant::now() < until, "only {met:?} waited for the row");
        met.extend(waiting(&watcher).await);
        tokio::task::yield_now().await;
    }
    other.batch_execute("COMMIT").await.unwrap();
    assert!(call.await.unwrap().unwrap().outcome.unwrap().is_paid());
    assert_eq!(world.balance(account).await, 990_000);
    world.adds_up().await;
}

/// An address that takes connections and never says a word does not stand in front of one that works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_address_does_not_hide_the_next() {
    let cluster = Cluster::shared();
    let name = cluster.database().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let good = Wire::to(cluster.socket()).await;
    let hosts = format!("127.0.0.1:{},127.0.0.1:{}", silent.local_addr().unwrap().port(), good.port);
    let url = format!("postgres://postgres@{hosts}/{name}");
    let until = Instant::now() + Duration::from_secs(120);
    let policy = || Policy { patience: Duration::from_millis(500), ..Policy::default() };
    while let Err(error) = Ledger::open(&url, policy()).await {
        assert!(Instant::now() < until, "{error}");
    }
}

/// Who asks goes away in the middle of a read of several questions: its transaction does not go back into the pool, where
/// the next one would read from a moment long past.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_is_given_up_leaves_no_transaction() {
    let cluster = Cluster::shared();
    let name = cluster.database().await;
    let world = World::open(cluster.url(&name), None, |_| {}).await;
    world.account(1_000_000).await;
    let (other, watcher) = (cluster.client(&name).await, cluster.client(&name).await);
    other.batch_execute("BEGIN; LOCK TABLE accounts").await.unwrap();
    let waits = async {
        while waiting(&watcher).await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = world.ledger.reconcile() => panic!("it did not wait: {answer:?}"),
        () = waits => {}
    }
    other.batch_execute("COMMIT").await.unwrap();
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                AND application_name = 'textmeter' AND state <> 'idle'";
    let until = Instant::now() + Duration::from_secs(120);
    while watcher.query_one(open, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(Instant::now() < until, "a transaction is open that nobody waits for");
        tokio::task::yield_now().await;
    }
}

/// The connection dies before the commit: certainly nothing was done, so it is done again, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_before_the_commit_is_replaced() {
    let cluster = Cluster::shared();
    let name = cluster.database().await;
    let world = World::open(cluster.url(&name), None, |_| {}).await;
    let account = world.account(1_000_000).await;
    let (other, watcher) = (cluster.client(&name).await, cluster.client(&name).await);
    other.batch_execute("BEGIN; SELECT FROM accounts FOR UPDATE").await.unwrap();
    let (ledger, charge) = (world.ledger.clone(), send(account, 10_000));
    let call = tokio::spawn(async move { ledger.tell(charge).await });
    let killed = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                  WHERE datname = current_database() AND application_name = 'textmeter' AND wait_event_type = 'Lock'";
    while watcher.query_one(killed, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::task::yield_now().await;
    }
    other.batch_execute("COMMIT").await.unwrap();
    assert!(call.await.unwrap().unwrap().outcome.unwrap().is_paid());
    assert_eq!(world.balance(account).await, 990_000);
    world.adds_up().await;
}

/// Case 15: a primary that cannot reach its standbys acknowledges nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_isolated_primary_acknowledges_nothing() {
    let cluster = Cluster::start(&[]);
    let name = cluster.database().await;
    let world =
        World::open(cluster.url(&name), None, |policy| policy.patience = Duration::from_secs(3)).await;
    let (account, other) = (world.account(1_000_000).await, world.account(1_000_000).await);
    let before = keyed(send(other, 1_000), "before", "body");
    assert!(world.ledger.tell(before.clone()).await.unwrap().outcome.unwrap().is_paid());
    let admin = cluster.client(&name).await;
    admin.batch_execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'").await.unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    // From when on commits wait is the server's business: the first that is not acknowledged is the one to look at.
    let mut paid = 0;
    let (failure, charge) = loop {
        let charge = keyed(send(account, 1_000), &paid.to_string(), "body");
        match world.ledger.tell(charge.clone()).await {
            Ok(answer) => assert!(answer.outcome.unwrap().is_paid()),
            Err(failure) => break (failure, charge),
        }
        paid += 1;
    };
    assert!(matches!(failure, Failure::Unknown(_)), "{failure:?}");
    assert!(world.ledger.ready().await.is_err(), "it is not ready while it cannot promise anything");
    // What can be read here may be what only this machine has: a repetition is no promise either.
    let repeated = world.ledger.tell(before).await;
    assert!(matches!(repeated, Err(Failure::Unknown(_))), "{repeated:?}");
    admin.batch_execute("ALTER SYSTEM RESET synchronous_standby_names").await.unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    let until = Instant::now() + Duration::from_secs(120);
    let answer = loop {
        match world.ledger.tell(charge.clone()).await {
            Ok(answer) => break answer,
            Err(failure) => assert!(Instant::now() < until, "{failure}"),
        }
    };
    assert!(answer.outcome.unwrap().is_paid());
    assert_eq!(world.balance(account).await, 1_000_000 - 1_000 * (paid + 1));
    world.adds_up().await;
}

/// The server loses power under load, three times: nothing acknowledged is lost, nothing is charged twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_loses_nothing_acknowledged() {
    let cluster = Arc::new(Cluster::start(&["recovery_init_sync_method=syncfs"]));
    let url = cluster.url(&cluster.database().await);
    let world = World::open(url, None, |_| {}).await;
    let account = world.account(1_000_000_000).await;
    let mut callers = JoinSet::new();
    let stop = Arc::new(AtomicI64::new(0));
    for _ in 0..8 {
        let (ledger, stop) = (world.ledger.clone(), Arc::clone(&stop));
        callers.spawn(async move {
            let mut paid = Vec::new();
            while stop.load(Ordering::SeqCst) == 0 {
                let charge = send(account, 10);
                let id = charge.id;
                if let Ok(answer) = ledger.tell(charge).await {
                    assert!(answer.outcome.unwrap().is_paid());
                    paid.push(id);
                }
            }
            paid
        });
    }
    for _ in 0..3 {
        let cluster = Arc::clone(&cluster);
        tokio::task::spawn_blocking(move || cluster.crash_and_recover()).await.unwrap();
    }
    let before = world.balance(account).await;
    while world.balance(account).await == before {
        tokio::task::yield_now().await;
    }
    stop.store(1, Ordering::SeqCst);
    let paid: Vec<ChargeId> = callers.join_all().await.into_iter().flatten().collect();
    for id in &paid {
        assert!(
            world.ledger.charge(account, *id).await.unwrap().is_some(),
            "{id} was acknowledged and is lost"
        );
    }
    let entries = world.ledger.account(account).await.unwrap().unwrap().entry_seq - 1;
    assert_eq!(world.balance(account).await, 1_000_000_000 - 10 * entries);
    assert!(entries >= i64::try_from(paid.len()).unwrap());
    world.adds_up().await;
}

/// A server that would acknowledge what it can lose, cannot be written to, or is not there, is refused with its reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_cannot_promise_is_refused() {
    let cluster = Cluster::shared();
    let admin = cluster.client("postgres").await;
    for (setting, reason) in [
        ("synchronous_commit = off", "can still lose"),
        ("default_transaction_read_only = on", "cannot reach PostgreSQL"),
    ] {
        let name = cluster.database().await;
        admin.batch_execute(&format!("ALTER DATABASE {name} SET {setting}")).await.unwrap();
        let policy = Policy { patience: Duration::from_millis(500), ..Policy::default() };
        let refused = Ledger::open(&cluster.url(&name), policy).await.expect_err(setting).to_string();
        assert!(refused.contains(reason), "{setting}: {refused}");
    }
    for (url, reason) in [
        (cluster.url("no_such_database"), "does not exist"),
        ("postgres://postgres@127.0.0.1:1/x".to_owned(), "cannot reach PostgreSQL"),
        ("postgres://nonsense:port/x".to_owned(), "cannot be read"),
        ("postgres://127.0.0.1/x?sslmode=require".to_owned(), "TLS"),
    ] {
        let refused = Ledger::open(&url, Policy::default()).await.expect_err(&url).to_string();
        assert!(refused.contains(reason), "{url}: {refused}");
    }
}

/// With standbys that count, a commit that does not wait for them can be lost with the machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_waits_for_no_standby_is_refused_where_there_are_some() {
    let cluster = Cluster::start(&["synchronous_commit=local"]);
    let url = cluster.url(&cluster.database().await);
    assert!(Ledger::open(&url, Policy::default()).await.is_ok(), "there is none to wait for");
    let admin = cluster.client("postgres").await;
    admin.batch_execute("ALTER SYSTEM SET synchronous_standby_names = 'somebody'").await.unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    let until = Instant::now() + Duration::from_secs(120);
    loop {
        match Ledger::open(&url, Policy::default()).await {
            Err(refused) => break assert!(refused.to_string().contains("can still lose"), "{refused}"),
            Ok(_) => assert!(Instant::now() < until, "it is opened all the same"),
        }
    }
}

/// A database that was prepared by a newer version is left alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_schema_is_left_alone() {
    let cluster = Cluster::shared();
    let name = cluster.database().await;
    let world = World::open(cluster.url(&name), None, |_| {}).await;
    world.ledger.close().await;
    cluster.client(&name).await.batch_execute("UPDATE ledger_schema SET version = 99").await.unwrap();
    let refused = Ledger::open(&world.database, Policy::default()).await.unwrap_err().to_string();
    assert!(refused.contains("newer version"), "{refused}");
}
