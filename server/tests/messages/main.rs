//! `POST /v1/messages` and `GET /v1/messages/{id}`, judged from outside. Numbered cases are those a prepaid ledger must get
//! right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A judge may panic.

mod agreed;
mod once;
mod refused;
mod sent;
#[path = "../stand/mod.rs"]
mod stand;

use serde_json::{Value, json};
use stand::Stand;

const ABROAD: &str = "+447400123456";

fn abroad(content: &str) -> Value {
    json!({ "content": content, "from": "+12025550100", "to": [ABROAD] })
}

async fn messages_of(stand: &Stand) -> i64 {
    stand.app.ledger.backlog().await.unwrap().messages
}
