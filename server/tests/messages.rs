//! `POST /v1/messages` and `GET /v1/messages/{id}`, judged from outside. Numbered cases are those a prepaid ledger must get
//! right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A judge may panic.

mod stand;

use std::{sync::Arc, time::Duration};

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use stand::{Answered, Stand, message, shipped_card};
use textmeter::{QuoteRequest, Territory};
use textmeter_server::{
    card::LoadedCard,
    document,
    http::Scope,
    ledger::{AccountId, LockQuote, MessageState, OpenAccount, QuoteId, Setting},
    price::{Priced, subject},
    senders::{SendRules, SenderNumber},
};

const ABROAD: &str = "+447400123456";

fn abroad(content: &str) -> Value {
    json!({ "content": content, "from": "+12025550100", "to": [ABROAD] })
}

async fn messages_of(stand: &Stand) -> i64 {
    stand.app.ledger.backlog().await.unwrap().messages
}

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
    let nothing = stand.get("/v1/messages/AC0123").await;
    assert_eq!((nothing.status, &nothing.body["code"]), (404, &json!("0200404")));
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

/// The shipped card under another id, with another price for the United Kingdom.
fn dearer_card() -> LoadedCard {
    let json = shipped_card().json;
    let mut card: Value = serde_json::from_str(&json).unwrap();
    card["id"] = json!("dearer");
    card["texting"]["territories"]["GB"] = json!("0.5");
    let json = card.to_string();
    let raw = document::read(json.as_bytes()).unwrap();
    LoadedCard { card: textmeter::RateCard::read(&raw).unwrap(), json }
}

async fn locked(stand: &Stand, text: &str) -> QuoteId {
    let request = QuoteRequest { text, to: vec![ABROAD], ..QuoteRequest::default() };
    let quote = stand.app.card.card.quote(&request).unwrap();
    let priced = Priced::of(&quote).unwrap();
    let id = QuoteId::new();
    let lock = LockQuote {
        account: stand.account,
        id,
        body: subject(&request, &quote),
        amount_micros: priced.amount_micros().unwrap(),
        document: priced.document(),
        lifetime: Duration::from_secs(300),
    };
    stand.app.ledger.tell(lock).await.unwrap().outcome.unwrap();
    id
}

#[tokio::test]
async fn case_16_a_locked_price_holds_for_minutes_and_one_use() {
    let mut stand = Stand::new(5_000_000).await;
    let (first, second, other) =
        (locked(&stand, "Hello").await, locked(&stand, "Hello").await, locked(&stand, "Hi").await);
    stand.app.card = Arc::new(dearer_card());
    let with = |id: QuoteId| {
        let mut body = abroad("Hello");
        body["quote_id"] = json!(id.to_string());
        body
    };
    assert_eq!(stand.send(&abroad("Hello")).await.body["data"]["cost"], json!("0.51"), "the new price");
    let sent = stand.send(&with(first)).await;
    sent.has(&[("/data/cost", json!("0.066")), ("/data/rate_card", json!(shipped_card().card.id()))]);
    for (id, code) in [(first, "quote-expired"), (other, "quote-mismatch"), (QuoteId::new(), "quote-expired")]
    {
        let refused = stand.send(&with(id)).await;
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!(code)));
    }
    stand.later(Duration::from_secs(301));
    let late = stand.send(&with(second)).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("quote-expired")));
    assert_eq!((stand.balance().await, messages_of(&stand).await), (5_000_000 - 510_000 - 66_000, 2));
}

#[tokio::test]
async fn case_16_nothing_is_sent_above_the_price_the_caller_accepts() {
    let stand = Stand::new(5_000_000).await;
    let mut body = abroad("Hello");
    body["max_price"] = json!("0.065999");
    let refused = stand.send(&body).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("price-above-max")));
    refused.has(&[("/price", json!("0.066")), ("/max_price", json!("0.065999")), ("/segments", json!(1))]);
    assert_eq!((stand.balance().await, messages_of(&stand).await), (5_000_000, 0));
    body["max_price"] = json!("0.066");
    assert_eq!(stand.send(&body).await.status, 202);
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
