use std::{sync::atomic::Ordering, time::Duration};

use serde_json::{Value, json};
use textmeter_server::ledger::{
    ClaimEvents, ClaimMessages, EventKind, Moment, Outcome, Setting, SettleMessage,
};

use crate::{stand::START, stand_with};

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

/// What is paid goes out now, and what happened is told now, whatever the clock said before.
#[tokio::test]
async fn a_clock_set_back_holds_nothing_up() {
    let stand = stand_with(1_000_000).await;
    stand.tell_events_to("https://example.com/hook".to_owned()).await;
    stand.clock.store(START - 86_400_000_000, Ordering::SeqCst);
    assert_eq!(stand.send_one().await.status, 202);
    stand.top_up(1_000_000).await;
    let lease = Duration::from_secs(30);
    let messages = ClaimMessages { limit: 10, lease };
    let messages = stand.app.ledger.tell(messages).await.unwrap().outcome.unwrap();
    assert_eq!(messages.len(), 1, "the message waits for yesterday's tomorrow");
    let settle = SettleMessage {
        account: stand.account,
        charge: messages[0].charge_id,
        number: 0,
        attempt: messages[0].attempts,
        outcome: Outcome::NotTaken { reason: "503".into() },
    };
    let queued = stand.app.ledger.tell(settle).await.unwrap().outcome.unwrap();
    assert!(queued.due_at.unwrap() <= stand.app.ledger.now().after(Duration::from_secs(1)), "{queued:?}");
    let claim = ClaimEvents { limit: 10, lease };
    let events = stand.app.ledger.tell(claim).await.unwrap().outcome.unwrap();
    assert_eq!(events.last().map(|event| event.kind), Some(EventKind::TopUpSucceeded));
    assert!(events.iter().all(|event| event.created_at == Moment::from_micros(START)), "the order stays");
}
