//! What is not sent, and what is said of it.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, http::Request};
use serde_json::json;
use textmeter::Territory;
use textmeter_server::{
    http::Scope,
    ledger::Setting,
    senders::{SendRules, SenderNumber},
};

use crate::{
    ABROAD, abroad, messages_of,
    stand::{Stand, message},
};

#[tokio::test]
async fn out_of_credit_says_segments_cost_balance_and_shortfall() {
    let stand = Stand::new(66_000).await;
    // What the provider's users cannot see: one character more is another segment, and another price.
    let refused = stand.send(&abroad(&"a".repeat(161))).await;
    assert_eq!(refused.status, 402);
    refused.has(&[
        ("/code", json!("0200402")),
        ("/title", json!("Not Enough Credits")),
        ("/status", json!(402)),
        ("/docs", json!("https://quo.com/docs")),
        ("/description", json!("The organization does not have enough prepaid credits to send the message")),
        ("/segments", json!(2)),
        ("/per_segment", json!("0.066")),
        ("/balance", json!("0.066")),
        ("/required", json!("0.132")),
        ("/shortfall", json!("0.066")),
        ("/currency", json!("USD")),
        ("/out_of_credit_since", json!("2026-11-10T12:00:00Z")),
    ]);
    let said = refused.body["message"].as_str().unwrap();
    assert!(said.starts_with("2 segments at 0.066 to 1 recipient cost 0.132"), "{said}");
    assert_eq!(
        (stand.balance().await, messages_of(&stand).await),
        (66_000, 0),
        "nothing sent, nothing deducted"
    );
    assert_eq!(stand.send(&abroad(&"a".repeat(160))).await.status, 202, "exactly the balance is enough");
    assert_eq!(stand.balance().await, 0);
    stand.proved().await;
}

#[tokio::test]
async fn the_two_402s_are_told_apart() {
    let stand = Stand::new(5_000_000).await;
    stand.configure(Setting::SubscriptionActive(false)).await;
    let refused = stand.send_one().await;
    assert_eq!(refused.status, 402);
    refused.has(&[("/code", json!("0201402")), ("/title", json!("Subscription Expired"))]);
    assert_eq!(stand.balance().await, 5_000_000);
}

#[tokio::test]
async fn whoever_waits_as_told_asks_half_as_often_each_time() {
    let stand = Stand::new(0).await;
    let mut waits = Vec::new();
    for _ in 0..10 {
        let refused = stand.send_one().await;
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert_eq!(refused.body["out_of_credit_since"], json!("2026-11-10T12:00:00Z"));
        waits.push(wait);
        stand.later(Duration::from_secs(wait));
    }
    assert_eq!(waits, [30, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
    stand.top_up(10_000).await;
    assert_eq!(stand.send_one().await.status, 202, "credits end it at once");
}

#[tokio::test]
async fn requests_that_make_no_sense_are_answered_in_the_envelope() {
    let stand = Stand::new(5_000_000).await;
    let long = "a".repeat(1_601);
    let eleven: Vec<String> = (0..11).map(|n| format!("+121255501{n:02}")).collect();
    for (body, paths) in [
        (json!({}), vec!["/content", "/from", "/to"]),
        (json!([]), vec![""]),
        (json!({"content": " \n", "from": "x", "to": []}), vec!["/content", "/from", "/to"]),
        (json!({"content": 1, "from": 2, "to": "+12125550123"}), vec!["/content", "/from", "/to"]),
        (json!({"content": long, "from": "PN1", "to": ["+12125550123"]}), vec!["/content"]),
        (json!({"content": "Hi", "from": "PN1", "to": eleven}), vec!["/to"]),
        (
            json!({"content": "Hi", "from": "PN1", "to": ["2125550123", 5, "+0123", "+12125550123"]}),
            vec!["/to/0", "/to/1", "/to/2"],
        ),
        (
            json!({"content": "Hi", "from": "PN1", "to": ["+12125550123"], "userId": "X", "setInboxStatus": "open"}),
            vec!["/userId", "/setInboxStatus"],
        ),
        (
            json!({"content": "Hi", "from": "PN1", "to": ["+12125550123"], "max_prize": "1"}),
            vec!["/max_prize"],
        ),
        (
            json!({"content": "Hi", "from": "PN1", "to": ["+12125550123"], "max_price": "-1", "quote_id": "x"}),
            vec!["/max_price", "/quote_id"],
        ),
        // Nobody can price these, so nobody is sent anything: Cuba has no rate published, the other is no number.
        (
            json!({"content": "Hi", "from": "PN1", "to": ["+12125550123", "+5352345678", "+1234"]}),
            vec!["/to/1", "/to/2"],
        ),
    ] {
        let refused = stand.send(&body).await;
        assert_eq!(refused.status, 400, "{body} {:#}", refused.body);
        refused.has(&[("/status", json!(400)), ("/docs", json!("https://quo.com/docs"))]);
        let errors = refused.body["errors"].as_array().unwrap();
        let found: Vec<&str> = errors.iter().map(|error| error["path"].as_str().unwrap()).collect();
        assert_eq!(found, paths, "{body}");
        for error in errors {
            assert!(error["message"].is_string() && error["schema"]["type"].is_string(), "{error}");
        }
        assert!(refused.body["message"].is_string() && refused.body["title"].is_string());
    }
    assert_eq!(stand.balance().await, 5_000_000);
}

#[tokio::test]
async fn pictures_are_refused_with_their_own_code() {
    let stand = Stand::new(5_000_000).await;
    for name in ["media", "attachments", "mediaUrls"] {
        let mut body = message("Look");
        body[name] = json!(["https://example.com/cat.jpg"]);
        let refused = stand.send(&body).await;
        assert_eq!((refused.status, &refused.body["code"]), (400, &json!("mms-not-supported")), "{name}");
    }
    let mut none = message("Look");
    none["media"] = json!([]);
    assert_eq!(stand.send(&none).await.status, 202, "nothing attached is no picture");
}

#[tokio::test]
async fn keys_and_doors_are_answered_in_the_envelope_too() {
    let stand = Stand::new(5_000_000).await;
    let reader = stand.key_with(&[Scope::Read]).await;
    let sender = stand.key_with(&[Scope::Send]).await;
    let post = |key: &str, kind: &str, body: &'static str| {
        let request = Request::post("/v1/messages").header("content-type", kind);
        let request = if key.is_empty() { request } else { request.header("authorization", key) };
        stand.ask(request.body(Body::from(body)).unwrap())
    };
    let sent = r#"{"content":"Hi","from":"PN1","to":["+12125550123"]}"#;
    for (answer, status, code) in [
        (post("", "application/json", sent).await, 401, "0200401"),
        (post("tm_unknown", "application/json", sent).await, 401, "0200401"),
        (post(&reader, "application/json", sent).await, 403, "missing-scope"),
        (post(&sender, "text/plain", sent).await, 415, "unsupported-media-type"),
        (post(&sender, "application/json", "{").await, 400, "invalid-json"),
        (post(&sender, "application/json", sent).await, 202, ""),
        (post(&format!("Bearer {sender}"), "application/json", sent).await, 202, ""),
    ] {
        assert_eq!(answer.status, status, "{:#}", answer.body);
        if status != 202 {
            answer.has(&[("/code", json!(code)), ("/status", json!(status))]);
            assert!(answer.body["title"].is_string() && answer.body["message"].is_string());
        }
    }
    let put = Request::put("/v1/messages").body(Body::empty()).unwrap();
    let put = stand.ask(put).await;
    assert_eq!((put.status, &put.body["status"]), (405, &json!(405)));
    // The last is no UTF-8; who asks without a key is told of that first, whatever the id.
    for id in ["AC0123", "%FF"] {
        let path = format!("/v1/messages/{id}");
        let nothing = stand.get(&path).await;
        assert_eq!((nothing.status, &nothing.body["code"]), (404, &json!("0200404")), "{id}");
        let stranger = stand.ask(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!((stranger.status, &stranger.body["code"]), (401, &json!("0200401")), "{id}");
    }
}

#[tokio::test]
async fn senders_and_regions_are_the_operators() {
    let mut stand = Stand::new(5_000_000).await;
    stand.app.rules = Arc::new(SendRules {
        senders: vec![SenderNumber { id: "PN1".into(), number: "+12025550100".into() }],
        territories: vec![Territory::US, Territory::parse("CA").unwrap()],
    });
    let from = |from: &str, to: &str| json!({ "content": "Hi", "from": from, "to": [to] });
    let by_id = stand.send(&from("PN1", "+12125550123")).await;
    by_id.has(&[("/data/from", json!("+12025550100")), ("/data/phoneNumberId", json!("PN1"))]);
    assert_eq!(stand.send(&from("+12025550100", "+12125550123")).await.status, 202);
    let unknown = stand.send(&from("PN2", ABROAD)).await;
    assert_eq!((unknown.status, &unknown.body["code"]), (404, &json!("0200404")), "sender before region");
    let region = stand.send(&from("PN1", ABROAD)).await;
    assert_eq!((region.status, &region.body["code"]), (403, &json!("region-not-enabled")));
    stand.configure(Setting::SubscriptionActive(false)).await;
    assert_eq!(stand.send(&from("PN2", ABROAD)).await.body["code"], json!("0201402"), "subscription first");
    let numbers = stand.get("/v1/phone-numbers").await;
    numbers.has(&[("/data/0/id", json!("PN1")), ("/data/0/number", json!("+12025550100"))]);
}

#[tokio::test]
async fn caps_are_kept_and_say_when_they_end() {
    let stand = Stand::new(5_000_000).await;
    stand.configure(Setting::SpendCaps { day_micros: Some(15_000), month_micros: None }).await;
    assert_eq!(stand.send_one().await.status, 202);
    let refused = stand.send_one().await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("spend-cap")));
    refused.has(&[
        ("/period", json!("day")),
        ("/cap", json!("0.015")),
        ("/spent", json!("0.01")),
        ("/required", json!("0.01")),
        ("/resets_at", json!("2026-11-11T00:00:00Z")),
    ]);
    assert_eq!(refused.header("retry-after"), Some("43200"));
    stand.later(Duration::from_secs(43_200));
    assert_eq!(stand.send_one().await.status, 202);
}
