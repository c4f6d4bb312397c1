//! Paid once, and never in part, however often and at once it is asked for.

use std::sync::Arc;

use serde_json::{Value, json};
use textmeter::Territory;
use textmeter_server::{ledger::Setting, senders::SendRules};

use crate::{
    ABROAD, abroad, messages_of,
    stand::{Answered, Stand, message},
};

async fn keyed(stand: &Stand, key: &str, body: &Value) -> Answered {
    stand.post("/v1/messages", &[("idempotency-key", key)], body).await
}

#[tokio::test]
async fn case_2_a_retry_is_answered_as_before_and_charges_once() {
    let mut stand = Stand::new(5_000_000).await;
    let first = keyed(&stand, "\"k-1\"", &abroad("Hello")).await;
    assert_eq!((first.status, first.header("idempotency-hit")), (202, None));
    stand.top_up(1_000_000).await;
    // Whatever has changed since: the subscription, the rules.
    stand.configure(Setting::SubscriptionActive(false)).await;
    stand.app.rules =
        Arc::new(SendRules { senders: Vec::new(), territories: vec![Territory::parse("FR").unwrap()] });
    for key in ["\"k-1\"", "k-1"] {
        let again = keyed(&stand, key, &abroad("Hello")).await;
        assert_eq!((again.status, again.header("idempotency-hit")), (202, Some("true")));
        assert_eq!(again.bytes, first.bytes, "byte for byte");
    }
    assert_eq!((stand.balance().await, messages_of(&stand).await), (5_934_000, 1));
}

#[tokio::test]
async fn case_3_the_same_key_with_another_body_does_nothing() {
    let stand = Stand::new(5_000_000).await;
    keyed(&stand, "k", &message("Hello")).await;
    for other in [message("Hello!"), abroad("Hello"), {
        let mut other = message("Hello");
        other["max_price"] = json!("1.00");
        other
    }] {
        let refused = keyed(&stand, "k", &other).await;
        assert_eq!((refused.status, &refused.body["code"]), (422, &json!("key-reused")));
    }
    assert_eq!((stand.balance().await, messages_of(&stand).await), (4_990_000, 1));
    let same = json!({ "to": ["+12125550123"], "userId": null, "from": "+12025550100", "content": "Hello" });
    assert_eq!(keyed(&stand, "k", &same).await.status, 202, "the same, written otherwise");
    assert_eq!(keyed(&stand, "", &same).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_4_the_same_key_many_times_at_once_charges_once() {
    let stand = Arc::new(Stand::new(5_000_000).await);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..24 {
        let stand = Arc::clone(&stand);
        all.spawn(async move { keyed(&stand, "k", &abroad("Hello")).await });
    }
    let answers = all.join_all().await;
    let new = answers.iter().filter(|answer| answer.header("idempotency-hit").is_none()).count();
    assert_eq!(new, 1);
    assert!(answers.iter().all(|answer| answer.status == 202 && answer.bytes == answers[0].bytes));
    assert_eq!((stand.balance().await, messages_of(&stand).await), (4_934_000, 1));
}

#[tokio::test]
async fn case_6_a_refusal_is_kept_until_a_new_attempt_has_a_new_key() {
    let stand = Stand::new(0).await;
    let first = keyed(&stand, "k", &message("Hello")).await;
    assert_eq!(first.status, 402);
    stand.top_up(1_000_000).await;
    let again = keyed(&stand, "k", &message("Hello")).await;
    assert_eq!((again.status, again.header("idempotency-hit")), (402, Some("true")));
    assert_eq!(again.body, first.body);
    assert_eq!(stand.balance().await, 1_000_000, "nothing is sent that was refused");
    assert_eq!(keyed(&stand, "k2", &message("Hello")).await.status, 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_7_money_for_some_of_many_sends_sends_exactly_those() {
    for round in 0..5 {
        let stand = Arc::new(Stand::new(130_000).await);
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let stand = Arc::clone(&stand);
            all.spawn(async move { stand.send_one().await });
        }
        let answers = all.join_all().await;
        let paid = answers.iter().filter(|answer| answer.status == 202).count();
        let refused = answers.iter().filter(|answer| answer.body["code"] == json!("0200402")).count();
        assert_eq!((paid, refused), (13, 27), "round {round}");
        assert_eq!((stand.balance().await, messages_of(&stand).await), (0, 13));
        stand.proved().await;
    }
}

#[tokio::test]
async fn case_17_money_for_some_recipients_sends_to_none() {
    let stand = Stand::new(75_000).await;
    let both = json!({ "content": "Hi", "from": "PN1", "to": ["+12125550123", ABROAD] });
    let refused = stand.send(&both).await;
    assert_eq!(refused.status, 402);
    refused.has(&[
        ("/required", json!("0.076")),
        ("/shortfall", json!("0.001")),
        ("/per_segment", Value::Null),
        ("/recipients/0/cost", json!("0.01")),
        ("/recipients/1/per_segment", json!("0.066")),
    ]);
    assert_eq!((stand.balance().await, messages_of(&stand).await), (75_000, 0));
    stand.top_up(1_000).await;
    assert_eq!(stand.send(&both).await.status, 202);
    assert_eq!((stand.balance().await, messages_of(&stand).await), (0, 1), "one group message");
}
