use serde_json::{Value, json};
use textmeter_server::{http::Scope, ledger::Setting};

use crate::{stand::message, stand_with};

fn call(minutes: &str) -> Value {
    json!({ "channel": "call", "to": ["+442079460000"], "line_type": "landline", "minutes": minutes })
}

#[tokio::test]
async fn a_use_is_charged_at_its_quote_and_explained() {
    let stand = stand_with(1_000_000).await;
    let quote = stand.post("/v1/quotes", &[], &call("4.5")).await;
    let charged = stand.keyed("/v1/charges", "call-1", &call("4.5")).await;
    assert_eq!(charged.status, 201, "{:#}", charged.body);
    assert_eq!((&charged.body["cost"], charged.header("idempotency-hit")), (&quote.body["total"], None));
    let why = stand.get(charged.header("location").unwrap()).await;
    why.says(
        200,
        &[
            ("/id", charged.body["charge"]["id"].clone()),
            ("/status", json!("paid")),
            ("/channel", json!("call")),
            ("/unit", json!("minute")),
            ("/quantity", json!(5)),
            ("/amount", quote.body["total"].clone()),
            ("/refunded", json!("0.00")),
            ("/balance", charged.body["balance"].clone()),
            ("/lines/0/to", json!("+442079460000")),
            ("/lines/0/territory", json!("GB")),
            ("/lines/0/local", json!(false)),
            ("/lines/0/rate", quote.body["recipients"][0]["rate"].clone()),
            ("/lines/0/per_unit", quote.body["recipients"][0]["per_unit"].clone()),
            ("/lines/0/quantity", json!(5)),
            ("/lines/0/total", quote.body["total"].clone()),
            ("/text", Value::Null),
            ("/surcharge", json!("0.00")),
            ("/rate_card/id", quote.body["rate_card"]["id"].clone()),
            ("/rate_card/as_of", quote.body["rate_card"]["as_of"].clone()),
            ("/refusal", Value::Null),
            ("/messages", json!([])),
            ("/idempotency_key", json!("call-1")),
            ("/entry_seq", json!(2)),
            ("/created_at", json!("2026-11-10T12:00:00Z")),
        ],
    );
    stand.proved().await;
}

/// Why a text cost that: its segments, and what made them two.
#[tokio::test]
async fn a_sent_text_is_explained_without_its_words() {
    let stand = stand_with(1_000_000).await;
    let text = format!("“Hello” {} ☕", "a".repeat(70));
    let sent = stand
        .send(&json!({ "content": text, "from": "+12025550100", "to": ["+447400123456", "+12125550123"] }))
        .await;
    assert_eq!(sent.status, 202, "{:#}", sent.body);
    let path = format!("/v1/charges/{}", sent.text("/data/charge_id"));
    let why = stand.get(&path).await;
    why.says(
        200,
        &[
            ("/text/encoding", json!("UCS-2")),
            ("/text/segments", json!(2)),
            ("/text/smart_changes", json!(2)),
            ("/surcharge", json!("0.01")),
            ("/lines/0/rate", json!("0.056")),
            ("/lines/0/per_unit", json!("0.066")),
            ("/lines/0/total", json!("0.132")),
            ("/lines/1/local", json!(true)),
            ("/lines/1/rate", json!("0.00")),
            ("/lines/1/total", json!("0.02")),
            ("/amount", json!("0.152")),
            ("/messages/0/state", json!("queued")),
            ("/messages/0/to", json!(["+447400123456", "+12125550123"])),
            ("/messages/0/amount", json!("0.152")),
        ],
    );
    assert!(!String::from_utf8_lossy(&why.bytes).contains("Hello"), "the text is nobody's business here");
}

#[tokio::test]
async fn every_channel_is_charged_by_its_own_rule() {
    let stand = stand_with(1_000_000).await;
    let long = "a".repeat(161);
    for (key, body, status, cost) in [
        ("api", json!({ "text": long, "to": ["+12125550123"] }), 201, "0.02"),
        ("zapier", json!({ "channel": "zapier", "text": long, "to": ["+447400123456"] }), 201, "0.132"),
        ("app abroad", json!({ "channel": "app", "text": long, "to": ["+447400123456"] }), 201, "0.056"),
        ("app at home", json!({ "channel": "app", "text": long, "to": ["+12125550123"] }), 200, "0.00"),
        ("call at home", json!({ "channel": "call", "to": ["+12125550123"], "minutes": 3 }), 200, "0.00"),
    ] {
        stand.keyed("/v1/charges", key, &body).await.says(status, &[("/cost", json!(cost))]);
    }
    assert_eq!(stand.balance().await, 1_000_000 - 20_000 - 132_000 - 56_000);
    // Nothing is sent for it: a use has happened elsewhere.
    assert_eq!(stand.app.ledger.backlog().await.unwrap().messages, 0);
    stand.configure(Setting::SubscriptionActive(false)).await;
    let free = json!({ "channel": "call", "to": ["+12125550123"], "minutes": 3 });
    stand.keyed("/v1/charges", "without", &free).await.is_problem(402, "subscription-inactive", "");
    stand.keyed("/v1/charges", "without too", &call("1")).await.is_problem(402, "subscription-inactive", "");
}

#[tokio::test]
async fn a_refusal_says_everything_moves_nothing_and_is_kept() {
    let stand = stand_with(10_000).await;
    let text = json!({ "text": "a".repeat(161), "to": ["+447400123456"] });
    let refused = stand.keyed("/v1/charges", "k", &text).await;
    refused.is_problem(402, "insufficient-funds", "");
    refused.has(&[
        ("/balance", json!("0.01")),
        ("/required", json!("0.132")),
        ("/shortfall", json!("0.122")),
        ("/segments", json!(2)),
        ("/per_segment", json!("0.066")),
        ("/currency", json!("USD")),
        ("/out_of_credit_since", json!("2026-11-10T12:00:00Z")),
    ]);
    assert_eq!(refused.header("retry-after"), Some("30"));
    stand.top_up(1_000_000).await;
    let again = stand.keyed("/v1/charges", "k", &text).await;
    assert_eq!((again.status, again.header("idempotency-hit")), (402, Some("true")));
    assert_eq!(again.body, refused.body);
    let why = stand.get(&format!("/v1/charges/{}", refused.text("/charge_id"))).await;
    why.says(
        200,
        &[
            ("/status", json!("refused")),
            ("/refusal/code", json!("insufficient-funds")),
            ("/entry_seq", Value::Null),
            ("/balance", json!("0.01")),
        ],
    );
    assert_eq!(stand.keyed("/v1/charges", "k2", &text).await.status, 201);
    stand.proved().await;
}

#[tokio::test]
async fn the_same_key_is_one_use_and_another_body_is_refused() {
    let stand = stand_with(1_000_000).await;
    let first = stand.keyed("/v1/charges", "k", &call("1")).await;
    // However it is written: order, spaces, quotes around the key.
    let headers = [("idempotency-key", "\"k\"")];
    let spelt =
        json!({ "minutes": "1", "to": ["+442079460000"], "channel": "call", "line_type": "landline" });
    let again = stand.post("/v1/charges", &headers, &spelt).await;
    assert_eq!((again.status, again.header("idempotency-hit")), (201, Some("true")));
    assert_eq!(again.body, first.body);
    stand.keyed("/v1/charges", "k", &call("2")).await.is_problem(422, "key-reused", "");
    // Sends and uses share their keys.
    assert_eq!(stand.post("/v1/messages", &headers, &message("Hello")).await.status, 422);
    assert_eq!(stand.account().await.entry_seq, 2);
}

#[tokio::test]
async fn a_use_without_a_key_or_with_a_bad_one_is_refused() {
    let stand = stand_with(1_000_000).await;
    let missing = stand.post("/v1/charges", &[], &call("1")).await;
    missing.is_problem(400, "missing-idempotency-key", "Idempotency-Key");
    for bad in ["", "\"", "\"\"", &"k".repeat(256), "\"a\"b\""] {
        let refused = stand.post("/v1/charges", &[("idempotency-key", bad)], &call("1")).await;
        refused.is_problem(400, "invalid-idempotency-key", "Idempotency-Key");
    }
    let two = [("idempotency-key", "a"), ("idempotency-key", "b")];
    stand.post("/v1/charges", &two, &call("1")).await.is_problem(
        400,
        "invalid-idempotency-key",
        "Idempotency-Key",
    );
    assert_eq!(stand.balance().await, 1_000_000);
}

#[tokio::test]
async fn what_cannot_be_charged_is_named() {
    let stand = stand_with(1_000_000).await;
    let text = |to: Value| json!({ "text": "Hello", "to": to });
    for (number, (body, status, code, at)) in [
        (json!([]), 422, "wrong-type", ""),
        (text(json!([])), 422, "no-recipient", "to"),
        (text(json!(vec!["+12125550123"; 11])), 422, "too-many-recipients", "to"),
        (text(json!(["+12125550123", "72345"])), 422, "unpriced-recipient", "to"),
        (text(json!(["+5312345678"])), 422, "unpriced-recipient", "to"),
        (json!({ "text": "", "to": ["+12125550123"] }), 422, "blank-text", "text"),
        (json!({ "text": "Hello", "to": "GB", "balance": "5.00" }), 422, "unknown-field", "balance"),
        (json!({ "text": "Hello", "to": "GB", "maxprice": "5.00" }), 422, "unknown-field", "maxprice"),
        (json!({ "text": "Hello", "to": "GB", "max_price": 5 }), 422, "invalid-amount", "max_price"),
        (json!({ "text": "Hello", "to": "GB", "max_price": "-5" }), 422, "invalid-amount", "max_price"),
        (json!({ "text": "Hello", "to": "GB", "quote_id": "7" }), 422, "invalid-value", "quote_id"),
        (json!({ "channel": "call", "to": ["+442079460000"], "minutes": 0 }), 422, "no-minutes", "minutes"),
        (json!({ "channel": "pigeon", "to": ["+442079460000"] }), 422, "unknown-channel", "channel"),
    ]
    .into_iter()
    .enumerate()
    {
        stand.keyed("/v1/charges", &number.to_string(), &body).await.is_problem(status, code, at);
    }
    let dear = json!({ "text": "Hello", "to": ["+447400123456"], "max_price": "0.065999" });
    let refused = stand.keyed("/v1/charges", "dear", &dear).await;
    refused.is_problem(409, "price-above-max", "");
    refused.has(&[("/price", json!("0.066")), ("/max_price", json!("0.065999"))]);
    assert_eq!(stand.balance().await, 1_000_000);
    for nothing in ["0197d2a4-0000-7000-8000-000000000000", "7", "AC0"] {
        stand.get(&format!("/v1/charges/{nothing}")).await.is_problem(404, "not-found", "");
    }
}

/// The price of one segment is what one costs, not the sum over recipients; there is none where they differ.
#[tokio::test]
async fn a_refusal_to_several_says_the_price_of_one_segment() {
    let stand = stand_with(1_000).await;
    for (key, to, each) in [
        ("alike", ["+12125550123", "+12125550124"], json!("0.01")),
        ("apart", ["+12125550123", "+447400123456"], Value::Null),
    ] {
        let refused = stand.keyed("/v1/charges", key, &json!({ "text": "Hello", "to": to })).await;
        refused.is_problem(402, "insufficient-funds", "");
        refused.has(&[("/per_segment", each.clone()), ("/per_unit", each)]);
    }
}

/// Dollars of the card are no yen of the workspace.
#[tokio::test]
async fn credits_in_another_currency_pay_for_nothing() {
    let stand = stand_with(0).await.another("JPY", &[Scope::Send]).await;
    stand.top_up(500_000_000).await;
    for path in ["/v1/messages", "/v1/charges", "/v1/quote-locks"] {
        let body = match path {
            "/v1/messages" => message("Hello"),
            _ => json!({ "text": "Hello", "to": ["+12125550123"] }),
        };
        let refused = stand.post(path, &[("idempotency-key", "one")], &body).await;
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!("currency-mismatch")), "{path}");
    }
    let paid = stand.account().await;
    assert_eq!((paid.balance_micros, paid.entry_seq), (500_000_000, 1));
}
