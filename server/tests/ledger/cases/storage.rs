//! What the embedded database does when its file is in use, full, or not its own.

use std::time::Duration;

use textmeter_server::ledger::*;

use crate::world::{World, send, send_on};

fn too_many() -> Failure {
    Failure::Unavailable("too many requests are waiting".into())
}

async fn refused(database: &str) -> String {
    Ledger::open(database, Policy::default()).await.expect_err("this was to be refused").to_string()
}

/// Case 26.
#[tokio::test]
async fn a_second_opening_is_refused_and_says_by_whom() {
    let world = World::sqlite().await;
    let why = refused(&world.database).await;
    assert!(why.contains(&format!("in use by process {}", std::process::id())), "{why}");
    world.ledger.close().await;
    let again = Ledger::open(&world.database, Policy::default()).await.unwrap();
    again.ready().await.unwrap();
    assert!(
        matches!(world.ledger.ready().await, Err(Failure::Unavailable(_))),
        "a closed ledger takes nothing"
    );
    assert!(matches!(world.ledger.accounts(None, 1).await, Err(Failure::Unavailable(_))));
}

/// Case 27: a full disk acknowledges nothing, and once there is room again all is well.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_acknowledges_nothing() {
    let mut world = World::sqlite_with(|policy| policy.pages_max = Some(120)).await;
    let account = world.account(1_000_000_000).await;
    let mut paid = Vec::new();
    let failure = loop {
        let mut charge = send(account, 1_000);
        charge.explanation = Some("x".repeat(2_000));
        let id = charge.id;
        match world.ledger.tell(charge).await {
            Ok(answer) => paid.push(answer.outcome.unwrap().id),
            Err(failure) => break (failure, id),
        }
        assert!(paid.len() < 1_000, "the disk was to be full by now");
    };
    let (Failure::Unavailable(why), lost) = &failure else { panic!("{failure:?}") };
    assert!(why.contains("full"), "{why}");
    assert!(!paid.is_empty());
    // What was asked and not acknowledged did not happen; what was acknowledged did.
    let spent = 1_000 * i64::try_from(paid.len()).unwrap();
    assert_eq!(world.balance(account).await, 1_000_000_000 - spent);
    assert_eq!(world.ledger.charge(account, *lost).await.unwrap(), None);
    world.adds_up().await;
    world.policy.pages_max = None;
    world.reopen().await;
    assert_eq!(world.balance(account).await, 1_000_000_000 - spent);
    assert!(world.done(send(account, 1_000)).await.is_paid());
    world.adds_up().await;
}

/// Case 27: storage that gives back something else than was written is not written to any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_not_written_any_more() {
    let mut world = World::sqlite().await;
    let account = world.account(1_000_000).await;
    world.reopen().await;
    let damaged = std::fs::File::options().write(true).open(&world.database).unwrap();
    damaged.set_len(4_096).unwrap();
    let failure = world.ledger.tell(send(account, 1_000)).await.unwrap_err();
    assert!(matches!(&failure, Failure::Unknown(why) if why.contains("storage failed")), "{failure:?}");
    let failure = world.ledger.tell(send(account, 1_000)).await.unwrap_err();
    assert!(matches!(&failure, Failure::Unavailable(why) if why.contains("started again")), "{failure:?}");
    let failure = world.ledger.ready().await.unwrap_err();
    assert!(matches!(&failure, Failure::Unavailable(_)), "{failure:?}");
}

/// A program that holds the file (a backup, a shell) makes the ledger say so; it does not make it lie.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_held_by_another_program_is_not_written() {
    let world = World::sqlite_with(|policy| policy.queue_max = 2).await;
    let account = world.account(10_000).await;
    let other = rusqlite::Connection::open(&world.database).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (ledger, charge) = (world.ledger.clone(), send(account, 1_000));
    let blocked = tokio::spawn(async move { ledger.tell(charge).await });
    // Meanwhile a queue of two fills up, and who comes then is turned away at once.
    let mut waiting = tokio::task::JoinSet::new();
    let mut turned_away = false;
    while !turned_away && !blocked.is_finished() {
        let (ledger, charge) = (world.ledger.clone(), send(account, 1_000));
        let mut call = tokio::spawn(async move { ledger.tell(charge).await });
        match tokio::time::timeout(Duration::from_millis(20), &mut call).await {
            Ok(answer) => turned_away = answer.unwrap().unwrap_err() == too_many(),
            Err(_) => drop(waiting.spawn(call)),
        }
    }
    assert!(turned_away);
    let failure = blocked.await.unwrap().unwrap_err();
    assert!(matches!(&failure, Failure::Unavailable(why) if why.contains("another program")), "{failure:?}");
    drop(waiting.join_all().await);
    assert_eq!(world.balance(account).await, 10_000, "reading goes on");
    other.execute_batch("COMMIT").unwrap();
    assert!(world.done(send(account, 1_000)).await.is_paid());
}

#[tokio::test]
async fn what_is_not_a_ledger_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(at("text"), "x".repeat(5_000)).unwrap();
    assert!(refused(&at("text")).await.contains("not a database"), "{}", refused(&at("text")).await);
    assert_eq!(std::fs::read_to_string(at("text")).unwrap(), "x".repeat(5_000));
    let other = rusqlite::Connection::open(at("other")).unwrap();
    other.execute_batch("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)").unwrap();
    drop(other);
    let theirs = std::fs::read(at("other")).unwrap();
    assert!(refused(&at("other")).await.contains("something else; nothing was changed in it"));
    assert_eq!(std::fs::read(at("other")).unwrap(), theirs);
    std::fs::create_dir(at("directory")).unwrap();
    assert!(refused(&at("directory")).await.starts_with("cannot open"));
    assert!(refused(&at("nowhere/ledger.db")).await.starts_with("cannot open"));
    let world = World::sqlite().await;
    world.ledger.close().await;
    let newer = rusqlite::Connection::open(&world.database).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    assert!(refused(&world.database).await.contains("newer version"));
}

/// A file that only a backup can help stays as it was found: one that is whole, and one that was killed with its newest pages
/// still beside it.
#[tokio::test]
async fn a_damaged_file_is_left_alone() {
    let world = World::sqlite().await;
    let account = world.account(1_000_000).await;
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let killed = at("killed");
    // Most is in the file itself, and the last charge beside it.
    let other = rusqlite::Connection::open(&world.database).unwrap();
    other.query_row("PRAGMA wal_checkpoint", [], |_| Ok(())).unwrap();
    world.done(send(account, 1_000)).await;
    for suffix in ["", "-wal"] {
        std::fs::copy(format!("{}{suffix}", world.database), format!("{killed}{suffix}")).unwrap();
    }
    let whole = at("whole");
    other.execute("VACUUM INTO ?1", [&whole]).unwrap();
    for file in [killed, whole] {
        let mut bytes = std::fs::read(&file).unwrap();
        let pages: usize = bytes.len() / 4_096;
        for page in pages / 2..pages {
            bytes[page * 4_096..page * 4_096 + 512].fill(0xA5);
        }
        std::fs::write(&file, &bytes).unwrap();
        let why = refused(&file).await;
        assert!(why.contains("damaged") && why.contains("nothing was changed in it"), "{why}");
        assert!(std::fs::read(&file).unwrap() == bytes, "{file} was changed");
    }
}

/// By whatever name it is opened, it is the same file: also by a link that was there before the file.
#[tokio::test]
async fn a_link_to_a_file_in_use_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    std::os::unix::fs::symlink(at("ledger.db"), at("link.db")).unwrap();
    std::os::unix::fs::symlink(directory.path(), at("folder")).unwrap();
    let names = [at("ledger.db"), at("link.db"), at("folder/ledger.db"), at("folder/link.db")];
    for opened in names.iter().rev() {
        let ledger = Ledger::open(opened, Policy::default()).await.unwrap();
        for name in &names {
            let why = refused(name).await;
            assert!(why.contains("in use by process"), "{name} beside {opened}: {why}");
        }
        ledger.close().await;
    }
}

/// The settings without which a commit is not durable.
#[tokio::test]
async fn the_file_is_written_ahead_and_strict() {
    let world = World::sqlite().await;
    world.account(1).await;
    let file = rusqlite::Connection::open(&world.database).unwrap();
    let mode: String = file.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    let loose: i64 = file
        .query_row("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite%'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(loose, 0);
}

/// Case 28: what does not add up is found, and named.
#[tokio::test]
async fn reconcile_finds_what_was_tampered_with() {
    let world = World::sqlite().await;
    world.account(70_000).await;
    let broken = world.account(70_000).await;
    world.done(send(broken, 10_000)).await;
    let charge = world.done(send(broken, 20_000)).await;
    world.done(Refund { account: broken, charge: charge.id, reason: "test".into() }).await;
    let campaign = world.campaign(broken, &[1_000, 2_000], Funds::All, "k").await;
    world.done(send_on(broken, campaign.id, 0, 1)).await;
    world.adds_up().await;
    let found = world.ledger.reconcile().await.unwrap();
    assert_eq!((found.accounts, found.entries, found.drift_micros), (2, 6, 0));
    let id = broken.uuid();
    let tamperings: [(&str, &str, i64); 8] = [
        (
            "UPDATE accounts SET balance_micros = balance_micros + 5 WHERE id = ?1",
            "the balance is not the sum of the entries",
            5,
        ),
        (
            "UPDATE entries SET balance_micros = 1 WHERE account_id = ?1 AND seq = 2",
            "a running balance is wrong",
            0,
        ),
        ("DELETE FROM entries WHERE account_id = ?1 AND seq = 2", "entries are missing or too many", 10_000),
        (
            "UPDATE charges SET refunded_micros = 1 WHERE account_id = ?1 AND refunded_micros > 0",
            "refunds differ from their entries",
            0,
        ),
        ("DELETE FROM payments WHERE account_id = ?1", "payments differ from their entries", 0),
        (
            "UPDATE accounts SET held_micros = held_micros + 1 WHERE id = ?1",
            "what is held is not the sum of the campaigns' holds",
            0,
        ),
        (
            "UPDATE campaign_rows SET charge_id = NULL WHERE account_id = ?1",
            "what campaigns captured is not the sum of their charges",
            0,
        ),
        (
            "UPDATE charges SET amount_micros = amount_micros + 1 WHERE account_id = ?1",
            "charges differ from their entries",
            0,
        ),
    ];
    world.ledger.close().await;
    let copy = format!("{}.copy", world.database);
    for (tampering, expected, drift) in tamperings {
        std::fs::copy(&world.database, &copy).unwrap();
        let tampered = rusqlite::Connection::open(&copy).unwrap();
        tampered.execute(tampering, [id.as_bytes().as_slice()]).unwrap();
        tampered.close().unwrap();
        let ledger = Ledger::open(&copy, Policy::default()).await.unwrap();
        let found = ledger.reconcile().await.unwrap();
        assert!(!found.is_sound());
        assert_eq!((found.broken, found.drift_micros), (1, drift), "{tampering}");
        assert_eq!(found.discrepancies[0].account, broken);
        assert!(found.discrepancies[0].what.contains(&expected), "{tampering}: {found:?}");
        ledger.close().await;
    }
}
