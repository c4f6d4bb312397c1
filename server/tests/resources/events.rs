use serde_json::{Value, json};
use textmeter_server::ledger::Setting;

use crate::stand_with;

#[tokio::test]
async fn events_are_listed_newest_first_also_without_a_webhook() {
    let stand = stand_with(0).await;
    stand.configure(Setting::LowBalance(Some(1_000_000))).await;
    let paid = json!({ "amount": "1.00", "provider": "bank", "payment": "1" });
    stand.post("/v1/top-ups", &[], &paid).await;
    stand.send_one().await;
    stand.send_one().await;
    let events = stand.get("/v1/events").await;
    events.says(
        200,
        &[
            ("/events/0/type", json!("balance.low")),
            ("/events/0/data/balance", json!("0.99")),
            ("/events/0/data/threshold", json!("1.00")),
            ("/events/0/attempts", json!(0)),
            ("/events/0/reason", Value::Null),
        ],
    );
    let types: Vec<&str> = events.body["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(types.iter().filter(|kind| **kind == "topup.succeeded").count(), 1);
    assert_eq!(types[0], "balance.low");
    let one = stand.get("/v1/events?limit=1").await;
    assert_eq!(one.body["events"].as_array().unwrap().len(), 1);
    stand.get("/v1/events?limit=0").await.is_problem(400, "invalid-query", "limit");
}
