use std::time::Duration;

use serde_json::{Value, json};
use textmeter_server::ledger::Setting;

use crate::{stand::Stand, stand_with};

async fn tagged(stand: &Stand, tag: &str) -> u16 {
    let headers = [("authorization", stand.key.as_str()), ("if-none-match", tag)];
    let answer = stand.request("GET", "/v1/balance", &headers, None).await;
    assert_eq!(answer.status == 304, answer.bytes.is_empty());
    answer.status
}

#[tokio::test]
async fn says_what_is_left_and_what_stands_in_the_way() {
    let stand = stand_with(1_000_000).await;
    let balance = stand.get("/v1/balance").await;
    balance.says(
        200,
        &[
            ("/balance", json!("1.00")),
            ("/currency", json!("USD")),
            ("/out_of_credit_since", Value::Null),
            ("/pending_top_up", json!("0.00")),
            ("/low", json!(false)),
            ("/low_balance_threshold", Value::Null),
            ("/spend_caps/day", Value::Null),
            ("/subscription_active", json!(true)),
        ],
    );
    assert_eq!(balance.header("cache-control"), Some("private, no-cache"));

    stand.configure(Setting::LowBalance(Some(1_000_000))).await;
    stand.configure(Setting::SpendCaps { day_micros: Some(500_000), month_micros: None }).await;
    assert_eq!(stand.send_one().await.status, 202);
    stand.get("/v1/balance").await.says(
        200,
        &[
            ("/balance", json!("0.99")),
            ("/low", json!(true)),
            ("/low_balance_threshold", json!("1.00")),
            ("/spend_caps/day/cap", json!("0.50")),
            ("/spend_caps/day/spent", json!("0.01")),
            ("/spend_caps/day/resets_at", json!("2026-11-11T00:00:00Z")),
            ("/spend_caps/month", Value::Null),
        ],
    );
    // A new day has its own spending.
    stand.later(Duration::from_secs(86_400));
    stand.get("/v1/balance").await.says(200, &[("/spend_caps/day/spent", json!("0.00"))]);
}

#[tokio::test]
async fn an_unchanged_balance_is_not_sent_again() {
    let stand = stand_with(20_000).await;
    let tag = stand.get("/v1/balance").await.header("etag").unwrap().to_owned();
    assert_eq!(tagged(&stand, &tag).await, 304);
    assert_eq!(tagged(&stand, &format!("W/{tag}")).await, 304);
    assert_eq!(tagged(&stand, "\"another\"").await, 200);
    stand.send_one().await;
    assert_eq!(tagged(&stand, &tag).await, 200, "money moved");
    let tag = stand.get("/v1/balance").await.header("etag").unwrap().to_owned();
    assert_eq!(tagged(&stand, &tag).await, 304);
    // Not the balance alone: whatever is shown.
    stand.configure(Setting::SubscriptionActive(false)).await;
    assert_eq!(tagged(&stand, &tag).await, 200);
}

/// A circuit for callers: since when it is pointless, until credits come in.
#[tokio::test]
async fn out_of_credit_begins_with_a_refusal_and_ends_with_a_top_up() {
    let stand = stand_with(5_000).await;
    assert_eq!(stand.send_one().await.status, 402);
    let since = ("/out_of_credit_since", json!("2026-11-10T12:00:00Z"));
    stand.get("/v1/balance").await.says(200, &[since.clone(), ("/balance", json!("0.005"))]);
    stand.later(Duration::from_secs(600));
    assert_eq!(stand.send_one().await.status, 402);
    stand.get("/v1/balance").await.says(200, &[since]);
    let paid = json!({ "amount": "1", "provider": "bank", "payment": "1" });
    assert_eq!(stand.post("/v1/top-ups", &[], &paid).await.status, 201);
    stand
        .get("/v1/balance")
        .await
        .says(200, &[("/out_of_credit_since", Value::Null), ("/balance", json!("1.005"))]);
}

/// Anybody may send any method: it must not become a label of its own.
#[tokio::test]
async fn methods_nobody_knows_are_counted_as_one() {
    let stand = stand_with(0).await;
    for method in ["BREW", "WHEN", "OPTIONS"] {
        stand.request(method, "/v1/balance", &[], None).await;
    }
    let metrics = stand.request("GET", "/metrics", &[], None).await;
    let counted = String::from_utf8_lossy(&metrics.bytes);
    assert!(!counted.contains("BREW") && !counted.contains("WHEN"), "{counted}");
    assert!(counted.contains("method=\"other\"") && counted.contains("method=\"OPTIONS\""), "{counted}");
}
