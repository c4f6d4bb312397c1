//! The program as a process: killed, started twice, without room, without its database, badly set up.
// Outside of #[test] functions too: what fails here fails its test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod campaign;
#[path = "../cluster/mod.rs"]
mod cluster;
mod crash;
mod database;
mod disk;
mod faults;
mod hostile;
mod logs;
mod pipes;
#[path = "../program/mod.rs"]
mod program;
mod shim;
#[path = "../stand/mod.rs"]
mod stand;
mod starting;
mod walk;

use program::{Answer, Program};
use serde_json::{Value, json};

/// A send of one segment to one American: 0.01.
fn message(content: &str) -> Value {
    json!({ "content": content, "from": "+12025550100", "to": ["+12125550123"] })
}

/// Sends under a key.
fn send(address: &str, key: &str, idempotency_key: &str) -> std::io::Result<Answer> {
    let headers = [("authorization", key), ("idempotency-key", idempotency_key)];
    program::ask(address, "POST", "/v1/messages", &headers, Some(&message(idempotency_key)))
}

/// The balance in millionths.
fn balance(program: &Program, key: &str) -> i64 {
    let shown = program.get("/v1/balance", key).json();
    micros(shown["balance"].as_str().unwrap())
}

/// `12.34` in millionths.
fn micros(amount: &str) -> i64 {
    i64::try_from(textmeter::Money::parse(amount).unwrap().to_micros()).unwrap()
}
