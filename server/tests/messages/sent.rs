//! What is sent: answered as the provider answers, at the price that was quoted, and seen by nobody else.

use axum::{body::Body, http::Request};
use serde_json::json;
use textmeter_server::{
    http::Scope,
    ledger::{AccountId, MessageState, OpenAccount},
};

use crate::{
    ABROAD, messages_of,
    stand::{Stand, message},
};

#[tokio::test]
async fn a_send_answers_as_the_provider_does_and_says_what_it_cost() {
    let stand = Stand::new(5_000_000).await;
    let text = "a".repeat(161);
    let body = json!({
        "content": text, "from": "PNabc123", "to": [ABROAD], "userId": "USabc", "setInboxStatus": "done",
    });
    let answer = stand.send(&body).await;
    assert_eq!(answer.status, 202, "{:#}", answer.body);
    answer.has(&[
        ("/data/to", json!([ABROAD])),
        ("/data/from", json!("PNabc123")),
        ("/data/text", json!(text)),
        ("/data/phoneNumberId", json!("PNabc123")),
        ("/data/direction", json!("outgoing")),
        ("/data/userId", json!("USabc")),
        ("/data/status", json!("sent")),
        ("/data/state", json!("queued")),
        ("/data/segments", json!(2)),
        ("/data/per_segment", json!("0.066")),
        ("/data/cost", json!("0.132")),
        ("/data/balance", json!("4.868")),
        ("/data/currency", json!("USD")),
        ("/data/createdAt", json!("2026-11-10T12:00:00Z")),
        ("/data/updatedAt", json!("2026-11-10T12:00:00Z")),
    ]);
    let data = &answer.body["data"];
    let id = data["id"].as_str().unwrap();
    assert!(id.starts_with("AC") && id.len() == 34, "{id}");
    assert!(data["conversationId"].as_str().unwrap().starts_with("CN"));
    assert_eq!(stand.balance().await, 4_868_000);
    assert_eq!(messages_of(&stand).await, 1);

    let found = stand.get(&format!("/v1/messages/{id}")).await;
    assert_eq!(found.status, 200);
    found.has(&[
        ("/data/id", json!(id)),
        ("/data/text", json!(text)),
        ("/data/state", json!("queued")),
        ("/data/conversationId", data["conversationId"].clone()),
        ("/data/charge_id", data["charge_id"].clone()),
    ]);
    stand.proved().await;
}

#[tokio::test]
async fn the_price_charged_is_the_price_quoted() {
    let stand = Stand::new(50_000_000).await;
    for (text, to) in [
        ("Hello", vec!["+12125550123"]),
        ("“Quotes” — and … more", vec![ABROAD, "+12125550123"]),
        ("Grüße 😀", vec!["+4915112345678", "+33612345678", "+12125550123"]),
    ] {
        let quoted = stand.post("/v1/quotes", &[], &json!({ "text": text, "to": to })).await;
        let sent = stand.send(&json!({ "content": text, "from": "+12025550100", "to": to })).await;
        assert_eq!(sent.status, 202, "{:#}", sent.body);
        assert_eq!(sent.body["data"]["cost"], quoted.body["total"], "{text}");
        assert_eq!(sent.body["data"]["segments"], quoted.body["segments"], "{text}");
    }
    stand.proved().await;
}

#[tokio::test]
async fn a_message_is_seen_by_its_workspace_only() {
    let stand = Stand::new(5_000_000).await;
    let id = stand.send_one().await.body["data"]["id"].as_str().unwrap().to_owned();
    let other = AccountId::new();
    let open = OpenAccount { id: other, name: "other".into(), currency: "USD".into() };
    stand.app.ledger.tell(open).await.unwrap().outcome.unwrap();
    let key = stand.key_of(other, &[Scope::Read]).await;
    let request = Request::get(format!("/v1/messages/{id}")).header("authorization", key);
    assert_eq!(stand.ask(request.body(Body::empty()).unwrap()).await.status, 404);
    assert_eq!(stand.get(&format!("/v1/messages/{id}")).await.status, 200);
}

#[tokio::test]
async fn what_is_kept_of_a_message_says_nothing_of_its_text() {
    let stand = Stand::new(5_000_000).await;
    let id = stand.send(&message("a very private word")).await.body["data"]["charge_id"].clone();
    let id = id.as_str().unwrap().parse().unwrap();
    let charge = stand.app.ledger.charge(stand.account, id).await.unwrap().unwrap();
    assert!(!format!("{charge:?}").contains("private"));
    let stored = stand.app.ledger.messages(stand.account, id).await.unwrap();
    assert_eq!(stored[0].state, MessageState::Queued);
    assert!(stored[0].payload.as_deref().unwrap().contains("private"), "but it has to be handed on");
}
