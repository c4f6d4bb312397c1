//! Twins on PostgreSQL: without it, losing it for a while, and two of them on one.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::{
    balance,
    cluster::Cluster,
    crash::sound,
    program::{Program, folder, run, until},
    send,
};

fn database(cluster: &Cluster) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    cluster.url(&runtime.block_on(cluster.database()))
}

#[test]
fn a_database_that_is_not_there_is_named_without_its_password() {
    let folder = folder();
    let url = "postgres://me:hunter2@127.0.0.1:1/ledger";
    for command in [&["serve", "--listen", "127.0.0.1:0", "--db", url][..], &["reconcile", "--db", url]] {
        let output = run(folder.path(), command);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("error[cannot-open-ledger]"), "{error}");
        assert!(error.contains("postgres://…@127.0.0.1:1/ledger: cannot reach PostgreSQL"), "{error}");
        assert!(error.contains("refused") && !error.contains("hunter2"), "{error}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn without_its_database_it_acknowledges_nothing_and_comes_back() {
    let cluster = Cluster::start(&[]);
    let url = database(&cluster);
    let folder = folder();
    let program = Program::start(folder.path(), &["--db", &url, "--log-level", "warn"]);
    let key = program.key.clone().unwrap();
    assert_eq!(send(&program.address, &key, "before").unwrap().status, 202);
    let before = balance(&program, &key);

    cluster.crash();
    let ready =
        until("no readiness", || Some(program.get("/readyz", "")).filter(|ready| ready.status != 200));
    assert_eq!(ready.status, 503);
    assert!(ready.json()["detail"].as_str().unwrap().contains("not available"), "{}", ready.text());
    assert_eq!(program.get("/livez", "").status, 200);
    for (method, path) in [("GET", "/v1/balance"), ("POST", "/v1/messages"), ("GET", "/v1/usage")] {
        let answer = match method {
            "POST" => send(&program.address, &key, "during").unwrap(),
            _ => program.get(path, &key),
        };
        assert_eq!(answer.status, 503, "{path}: {}", answer.text());
        assert_eq!(answer.json()["code"], "unavailable", "{path}: {}", answer.text());
        assert_eq!(answer.header("retry-after"), Some("1"), "{path}");
    }
    // What needs no ledger is answered all the same.
    assert_eq!(program.post("/v1/quotes", "", &serde_json::json!({ "text": "Hello" })).status, 200);

    cluster.recover();
    until("readiness", || (program.get("/readyz", "").status == 200).then_some(()));
    assert_eq!(balance(&program, &key), before);
    let after = send(&program.address, &key, "during").unwrap();
    assert_eq!((after.status, after.header("idempotency-hit")), (202, None), "it had not been sent");
    assert_eq!(balance(&program, &key), before - 10_000);
    assert!(program.stop().success());
    sound(folder.path(), &url);
}

#[test]
fn two_twins_on_one_database_charge_once_and_never_overdraw() {
    let url = database(Cluster::shared());
    let (one_folder, other_folder) = (folder(), folder());
    let one = Program::start(one_folder.path(), &["--db", &url, "--log-level", "warn"]);
    let other = Program::start(other_folder.path(), &["--db", &url, "--log-level", "warn"]);
    let key = one.key.clone().unwrap();
    assert_eq!(other.key, None, "one demo workspace");
    assert_eq!(balance(&other, &key), 5_000_000);

    // Money for 500; 560 sends, each given to both twins at once.
    let next = AtomicUsize::new(0);
    let ask = |program: &Program, number| send(&program.address, &key, &format!("send-{number}")).unwrap();
    let outcomes: Vec<(u16, String)> = thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut outcomes = Vec::new();
                    loop {
                        let number = next.fetch_add(1, Ordering::SeqCst);
                        if number >= 560 {
                            return outcomes;
                        }
                        let (first, second) = thread::scope(|both| {
                            let first = both.spawn(|| ask(&one, number));
                            let second = ask(&other, number);
                            (first.join().unwrap(), second)
                        });
                        assert_eq!(first.status, second.status, "{} {}", first.text(), second.text());
                        assert_eq!(first.body, second.body, "both give the same answer");
                        let hits = [&first, &second].map(|answer| answer.header("idempotency-hit").is_some());
                        assert_eq!(hits.iter().filter(|hit| **hit).count(), 1, "one of them did it");
                        outcomes.push((first.status, first.text()));
                    }
                })
            })
            .collect();
        callers.into_iter().flat_map(|caller| caller.join().unwrap()).collect()
    });
    let accepted: BTreeSet<&str> =
        outcomes.iter().filter(|(status, _)| *status == 202).map(|(_, body)| body.as_str()).collect();
    assert_eq!(accepted.len(), 500);
    assert_eq!(outcomes.iter().filter(|(status, _)| *status == 402).count(), 60);
    assert_eq!(balance(&other, &key), 0);

    // One of them dies; the other goes on.
    one.kill();
    let paid = serde_json::json!({ "amount": "1", "provider": "bank", "payment": "1" });
    assert_eq!(other.post("/v1/top-ups", &key, &paid).status, 201);
    assert_eq!(send(&other.address, &key, "after").unwrap().status, 202);
    assert!(other.stop().success());
    sound(other_folder.path(), &url);
}
