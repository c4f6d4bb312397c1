use std::time::Duration;

use serde_json::{Value, json};
use textmeter_server::ledger::Setting;

use crate::{stand::Stand, stand_with};

fn text() -> Value {
    json!({ "text": "Hello", "to": ["+44 7400 123456"] })
}

fn send(quote_id: &str) -> Value {
    json!({ "content": "Hello", "from": "+12025550100", "to": ["+447400123456"], "quote_id": quote_id })
}

async fn locked(stand: &Stand, expires_in: u64) -> String {
    let mut body = text();
    body["expires_in"] = json!(expires_in);
    let lock = stand.post("/v1/quote-locks", &[], &body).await;
    assert_eq!(lock.status, 201, "{:#}", lock.body);
    lock.text("/quote_id")
}

#[tokio::test]
async fn a_price_is_locked_for_some_minutes_and_one_use() {
    let stand = stand_with(1_000_000).await;
    let quote = stand.post("/v1/quotes", &[], &text()).await;
    let lock = stand.post("/v1/quote-locks", &[], &text()).await;
    lock.says(201, &[("/quote", quote.body), ("/expires_at", json!("2026-11-10T12:05:00Z"))]);
    let id = lock.text("/quote_id");
    let sent = stand.send(&send(&id)).await;
    assert_eq!((sent.status, &sent.body["data"]["cost"]), (202, &json!("0.066")));
    let charge = stand.get(&format!("/v1/charges/{}", sent.text("/data/charge_id"))).await;
    charge.says(200, &[("/quote_id", json!(id))]);
    let used = stand.send(&send(&id)).await;
    assert_eq!((used.status, &used.body["code"]), (409, &json!("quote-expired")));
    assert_eq!(stand.balance().await, 934_000);

    // A use takes one as well, of the same request and no other.
    let id = locked(&stand, 60).await;
    let mut other = text();
    other["text"] = json!("Hello!");
    other["quote_id"] = json!(id);
    stand.keyed("/v1/charges", "other", &other).await.is_problem(409, "quote-mismatch", "");
    let mut same = text();
    same["quote_id"] = json!(id);
    assert_eq!(stand.keyed("/v1/charges", "same", &same).await.status, 201);
}

#[tokio::test]
async fn a_lock_ends() {
    let stand = stand_with(1_000_000).await;
    let short = locked(&stand, 60).await;
    stand.later(Duration::from_secs(59));
    let id = locked(&stand, 60).await;
    stand.later(Duration::from_secs(1));
    let late = stand.send(&send(&short)).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("quote-expired")));
    assert_eq!(stand.send(&send(&id)).await.status, 202);
    // What is longer than allowed here is cut to that, and says so.
    let mut long = text();
    long["expires_in"] = json!(86_400);
    let lock = stand.post("/v1/quote-locks", &[], &long).await;
    lock.says(201, &[("/expires_at", json!("2026-11-10T12:16:00Z"))]);
}

#[tokio::test]
async fn a_refused_send_leaves_the_lock_for_the_next() {
    let stand = stand_with(1_000).await;
    let id = locked(&stand, 60).await;
    assert_eq!(stand.send(&send(&id)).await.status, 402);
    stand.top_up(1_000_000).await;
    stand.configure(Setting::SpendCaps { day_micros: Some(1), month_micros: None }).await;
    assert_eq!(stand.send(&send(&id)).await.status, 403);
    stand.configure(Setting::SpendCaps { day_micros: None, month_micros: None }).await;
    assert_eq!(stand.send(&send(&id)).await.status, 202);
}

#[tokio::test]
async fn what_cannot_be_locked_is_named() {
    let stand = stand_with(1_000_000).await;
    for (change, status, code, at) in [
        (json!({ "expires_in": 0 }), 422, "invalid-value", "expires_in"),
        (json!({ "expires_in": 86_401 }), 422, "invalid-value", "expires_in"),
        (json!({ "expires_in": "300" }), 422, "invalid-value", "expires_in"),
        (json!({ "balance": "5.00" }), 422, "unknown-field", "balance"),
        (json!({ "max_price": "5.00" }), 422, "unknown-field", "max_price"),
        (json!({ "to": [] }), 422, "no-recipient", "to"),
        (json!({ "to": ["72345"] }), 422, "unpriced-recipient", "to"),
        (json!({ "channel": "app", "to": ["+12125550123"] }), 422, "nothing-to-lock", "to"),
    ] {
        let mut body = text();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        stand.post("/v1/quote-locks", &[], &body).await.is_problem(status, code, at);
    }
}
