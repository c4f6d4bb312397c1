//! Cases 1, 2, 4, 18 and 28 with a real `kill -9`: over one database, again and again, in the middle of everything.

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::process::ExitStatusExt,
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
    },
    thread,
};

use axum::http::Method;
use serde_json::json;

use crate::{
    balance, micros,
    program::{Program, folder, said, until},
    send,
    shim::Shim,
    stand::{Asked, Neighbour, Reaction, SECRET},
};

const CALLERS: usize = 8;

/// How often it is killed in all; `cargo xtask torture faults` asks for more.
fn kills() -> usize {
    std::env::var("TORTURE_KILLS").map_or(40, |kills| kills.parse().unwrap())
}

/// Where the process is when it is killed.
#[derive(Clone, Copy, Debug)]
enum Point {
    /// Anywhere.
    Anywhere,
    /// A batch is about to become durable.
    BeforeSync,
    /// A batch is durable, and nobody was told.
    AfterSync,
    /// The gateway has taken a message, and its answer has not come.
    HandedOn,
}

const POINTS: [Point; 8] = [
    Point::Anywhere,
    Point::BeforeSync,
    Point::Anywhere,
    Point::AfterSync,
    Point::Anywhere,
    Point::HandedOn,
    Point::AfterSync,
    Point::BeforeSync,
];

/// A gateway that remembers what it took, and says so when it is asked. It kills the process whose number it is told, once,
/// when it has taken the next message.
pub(crate) async fn gateway(victim: Arc<AtomicU32>) -> Neighbour {
    let taken: Mutex<BTreeSet<String>> = Mutex::default();
    Neighbour::new(move |asked: &Asked| {
        let mut taken = taken.lock().unwrap();
        let reference = asked.header("webhook-id").to_owned();
        Some(match asked.method {
            Method::GET if taken.contains(&reference) => Reaction::Say(200, json!({})),
            Method::GET => Reaction::Say(404, json!({})),
            _ => {
                taken.insert(reference);
                let victim = victim.swap(0, Ordering::SeqCst);
                if victim != 0 {
                    assert!(
                        Command::new("kill").args(["-KILL", &victim.to_string()]).status().unwrap().success()
                    );
                }
                Reaction::Say(200, json!({}))
            }
        })
    })
    .await
}

/// Settings of a program that hands messages to this gateway, and does not wait long for it.
pub(crate) fn to_gateway(url: &str) -> [&str; 10] {
    [
        "--gateway",
        "webhook",
        "--gateway-url",
        url,
        "--gateway-secret",
        SECRET,
        "--gateway-timeout",
        "1",
        "--log-level",
        "warn",
    ]
}

/// What all callers know: where the server is, and what it has promised.
#[derive(Default)]
struct Load {
    address: Mutex<String>,
    promised: Mutex<BTreeMap<usize, String>>,
    next: AtomicUsize,
    enough: AtomicBool,
}

impl Load {
    fn count(&self) -> usize {
        self.promised.lock().unwrap().len()
    }

    /// Sends one message after another, each under a key of its own, and each until it is answered.
    fn call(&self, key: &str) {
        while !self.enough.load(Ordering::SeqCst) {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            let answer = until("an answer to a send", || {
                let address = self.address.lock().unwrap().clone();
                send(&address, key, &format!("send-{number}")).ok()
            });
            assert_eq!(answer.status, 202, "{}", answer.text());
            let id = answer.json()["data"]["id"].as_str().unwrap().to_owned();
            self.promised.lock().unwrap().insert(number, id);
        }
    }
}

/// Every charge of a workspace, by its message's id.
fn charges(program: &Program, key: &str) -> Vec<String> {
    let (mut charges, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = program.get(&format!("/v1/usage?limit=1000{cursor}"), key).json();
        let entries = page["entries"].as_array().unwrap();
        let charged = entries.iter().filter(|entry| entry["kind"] == "charge");
        charges.extend(charged.map(|entry| {
            assert_eq!(entry["amount"], "-0.01");
            format!("AC{}", entry["charge_id"].as_str().unwrap().replace('-', ""))
        }));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return charges,
        }
    }
}

/// How many messages wait in the outbox.
pub(crate) fn waiting(program: &Program) -> Option<String> {
    let metrics = program.get("/metrics", "").text();
    metrics.lines().find_map(|line| Some(line.strip_prefix("textmeter_outbox_messages ")?.to_owned()))
}

#[test]
fn killed_while_it_charges_it_loses_nothing_and_charges_nothing_twice() {
    let folder = folder();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let victim = Arc::new(AtomicU32::new(0));
    let gateway = runtime.block_on(gateway(Arc::clone(&victim)));
    let shim = Shim::new();
    let url = gateway.url();
    // What was being handed on when the process died is taken up again after four times the gateway's patience.
    let settings = to_gateway(&url);
    let mut program = shim.start(folder.path(), &settings);
    let key = program.key.clone().unwrap();
    let paid = json!({ "amount": "100000", "provider": "bank", "payment": "1" });
    assert_eq!(program.post("/v1/top-ups", &key, &paid).status, 201);

    let load = Arc::new(Load::default());
    *load.address.lock().unwrap() = program.address.clone();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (load, key) = (Arc::clone(&load), key.clone());
            thread::spawn(move || load.call(&key))
        })
        .collect();
    for (round, point) in POINTS.into_iter().cycle().take(kills()).enumerate() {
        // Now and then at once, now and then with the relay far behind.
        let so_many = load.count() + 1 + round * 13 % 50;
        until("some promises", || (load.count() >= so_many).then_some(()));
        match point {
            Point::Anywhere => program.kill(),
            Point::BeforeSync | Point::AfterSync => {
                let when = if matches!(point, Point::BeforeSync) { "before" } else { "after" };
                shim.say(when, "");
                assert_eq!(program.ended().signal(), Some(9), "{point:?}");
                shim.unsay(when);
            }
            Point::HandedOn => {
                victim.store(program.id(), Ordering::SeqCst);
                assert_eq!(program.ended().signal(), Some(9), "{point:?}");
            }
        }
        program = shim.start(folder.path(), &settings);
        assert_eq!(program.key, None, "one demo workspace");
        *load.address.lock().unwrap() = program.address.clone();
    }
    load.enough.store(true, Ordering::SeqCst);
    for caller in callers {
        caller.join().unwrap();
    }

    let promised = load.promised.lock().unwrap();
    let ids: BTreeSet<String> = promised.values().cloned().collect();
    assert_eq!(ids.len(), promised.len(), "an id of its own for each");
    let charged = charges(&program, &key);
    assert_eq!(charged.len(), promised.len(), "each charged once");
    assert_eq!(charged.into_iter().collect::<BTreeSet<_>>(), ids);
    let spent = 10_000 * i64::try_from(ids.len()).unwrap();
    assert_eq!(balance(&program, &key), micros("100005") - spent);

    until("an empty outbox", || waiting(&program).filter(|waiting| waiting == "0"));
    // What was taken when the process died is asked about, and not handed on again.
    let mut handed_on: Vec<String> =
        gateway.posted().iter().map(|asked| asked.header("webhook-id").to_owned()).collect();
    assert_eq!(handed_on.len(), ids.len(), "each handed on once");
    handed_on.sort();
    assert!(handed_on.iter().eq(ids.iter()));
    println!("{} kills, {} promises kept, each charged once and handed on once", kills(), ids.len());
    // A retry long after is answered as before.
    for (number, id) in promised.iter().step_by(50) {
        let again = send(&program.address, &key, &format!("send-{number}")).unwrap();
        assert_eq!(again.header("idempotency-hit"), Some("true"));
        assert_eq!(again.json()["data"]["id"], json!(id));
    }
    assert!(program.stop().success());
    sound(folder.path(), "textmeter.db");
}

/// Every balance is the sum of its journal: exit code 0.
pub(crate) fn sound(folder: &Path, db: &str) {
    let proof = said(folder, &["reconcile", "--db", db]);
    assert!(proof.contains("every balance is the sum of its journal"), "{proof}");
}
