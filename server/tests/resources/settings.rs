use serde_json::{Value, json};
use textmeter_server::http::Scope;

use crate::stand_with;

#[tokio::test]
async fn settings_are_changed_one_by_one_and_taken_away_by_null() {
    let stand = stand_with(1_000_000).await;
    stand.get("/v1/settings").await.says(
        200,
        &[
            ("/id", json!(stand.account.to_string())),
            ("/name", json!("test")),
            ("/currency", json!("USD")),
            ("/low_balance_threshold", Value::Null),
            ("/spend_caps", json!({ "day": null, "month": null })),
            ("/auto_charge", Value::Null),
        ],
    );
    let rule = json!({ "threshold": "2.00", "amount": "10.00", "month_cap": "50.00" });
    let changes = [
        (json!({ "name": "Acme support" }), ("/name", json!("Acme support"))),
        (json!({ "low_balance_threshold": "1.5" }), ("/low_balance_threshold", json!("1.50"))),
        (json!({ "spend_caps": { "day": "3" } }), ("/spend_caps", json!({ "day": "3.00", "month": null }))),
        (
            json!({ "spend_caps": { "month": "9" } }),
            ("/spend_caps", json!({ "day": "3.00", "month": "9.00" })),
        ),
        (json!({ "auto_charge": rule }), ("/auto_charge/threshold", json!("2.00"))),
        (json!({}), ("/name", json!("Acme support"))),
        (json!({ "low_balance_threshold": null }), ("/low_balance_threshold", Value::Null)),
        (json!({ "spend_caps": { "day": null } }), ("/spend_caps", json!({ "day": null, "month": "9.00" }))),
        (json!({ "spend_caps": null }), ("/spend_caps", json!({ "day": null, "month": null }))),
        (json!({ "auto_charge": null }), ("/auto_charge", Value::Null)),
    ];
    for (change, shown) in changes {
        let changed = stand.with_key("PATCH", "/v1/settings", &change).await;
        changed.says(200, &[shown]);
        assert_eq!(changed.body, stand.get("/v1/settings").await.body, "{change}");
    }
}

#[tokio::test]
async fn spend_caps_hold_for_sends_and_uses_alike() {
    let stand = stand_with(1_000_000).await;
    stand.with_key("PATCH", "/v1/settings", &json!({ "spend_caps": { "day": "0.10" } })).await;
    let text = json!({ "text": "Hello", "to": ["+447400123456"] });
    assert_eq!(stand.keyed("/v1/charges", "1", &text).await.status, 201);
    let refused = stand.keyed("/v1/charges", "2", &text).await;
    refused.is_problem(403, "spend-cap", "");
    refused.has(&[
        ("/period", json!("day")),
        ("/cap", json!("0.10")),
        ("/spent", json!("0.066")),
        ("/required", json!("0.066")),
        ("/resets_at", json!("2026-11-11T00:00:00Z")),
    ]);
    assert_eq!(refused.header("retry-after"), Some("43200"));
    // Not "out of credit": the money is there.
    stand.get("/v1/balance").await.says(200, &[("/out_of_credit_since", Value::Null)]);
    assert_eq!(stand.send_one().await.status, 202, "what still fits in is sent");
    stand.with_key("PATCH", "/v1/settings", &json!({ "spend_caps": { "day": "0" } })).await;
    assert_eq!(stand.send_one().await.body["code"], json!("spend-cap"), "nothing at all");
    stand.with_key("PATCH", "/v1/settings", &json!({ "spend_caps": null })).await;
    assert_eq!(stand.send_one().await.status, 202);
    stand.proved().await;
}

#[tokio::test]
async fn a_setting_that_cannot_be_is_named_and_nothing_is_changed() {
    let stand = stand_with(0).await;
    let before = stand.get("/v1/settings").await.body;
    let rule = |threshold: &str, amount: &str, cap: &str| json!({ "name": "changed", "auto_charge": { "threshold": threshold, "amount": amount, "month_cap": cap } });
    for (change, code, at) in [
        (json!({ "name": "" }), "invalid-value", "name"),
        (json!({ "name": "a\nb" }), "invalid-value", "name"),
        (json!({ "name": "a".repeat(201) }), "invalid-value", "name"),
        (json!({ "name": 7 }), "wrong-type", "name"),
        (json!({ "subscription_active": true }), "unknown-field", "subscription_active"),
        (json!({ "low_balance_threshold": "-1" }), "invalid-amount", "low_balance_threshold"),
        (json!({ "low_balance_threshold": "1000000000.1" }), "invalid-amount", "low_balance_threshold"),
        (json!({ "spend_caps": { "day": "x" } }), "invalid-amount", "spend_caps.day"),
        (json!({ "spend_caps": { "week": "1" } }), "unknown-field", "spend_caps.week"),
        (json!({ "auto_charge": {} }), "missing-field", "auto_charge.threshold"),
        (rule("0", "1", "1"), "invalid-amount", "auto_charge.threshold"),
        (rule("1", "10", "9.999999"), "invalid-amount", "auto_charge.month_cap"),
        (rule("1", "1", "2000000000"), "invalid-amount", "auto_charge.month_cap"),
    ] {
        stand.with_key("PATCH", "/v1/settings", &change).await.is_problem(422, code, at);
    }
    assert_eq!(stand.get("/v1/settings").await.body, before);
}

#[tokio::test]
async fn a_webhook_is_set_shown_and_removed() {
    let stand = stand_with(0).await;
    let none = json!({ "url": null });
    stand.get("/v1/webhook").await.says(200, &[("", none.clone())]);
    let url = "https://example.com/hooks?tenant=7";
    let made = stand.with_key("PUT", "/v1/webhook", &json!({ "url": url })).await;
    made.says(200, &[("/url", json!(url))]);
    let secret = made.text("/secret");
    assert!(textmeter_server::signature::Secret::parse(&secret).is_ok(), "{secret}");
    // The secret is shown once, and a new one each time.
    stand.get("/v1/webhook").await.says(200, &[("", json!({ "url": url }))]);
    let again = stand.with_key("PUT", "/v1/webhook", &json!({ "url": url })).await;
    assert_ne!(again.text("/secret"), secret);
    for (url, status) in [
        ("http://127.0.0.1/", 422),
        ("http://localhost:8080/", 422),
        ("http://10.0.0.1/hook", 422),
        ("http://169.254.169.254/latest/meta-data/", 422),
        ("http://[::1]/", 422),
        ("http://[::ffff:10.0.0.1]/", 422),
        ("http://me:secret@example.com/", 422),
        ("ftp://example.com/", 422),
        ("example.com/hook", 422),
        ("", 422),
    ] {
        let refused = stand.with_key("PUT", "/v1/webhook", &json!({ "url": url })).await;
        assert_eq!(refused.status, status, "{url}: {:#}", refused.body);
        refused.is_problem(status, "invalid-value", "url");
    }
    let long = format!("https://example.com/{}", "a".repeat(2_000));
    stand.with_key("PUT", "/v1/webhook", &json!({ "url": long })).await.is_problem(
        422,
        "invalid-value",
        "url",
    );
    stand.get("/v1/webhook").await.says(200, &[("", json!({ "url": url }))]);
    for _ in 0..2 {
        let headers = [("authorization", stand.key.as_str())];
        assert_eq!(stand.request("DELETE", "/v1/webhook", &headers, None).await.status, 204);
        stand.get("/v1/webhook").await.says(200, &[("", none.clone())]);
    }
    // Where it is told is for those who may change it: a reader's key is not enough.
    let reader = stand.key_with(&[Scope::Read]).await;
    let answer = stand.request("GET", "/v1/webhook", &[("authorization", &reader)], None).await;
    answer.is_problem(403, "missing-scope", "");
}

/// Two people who change one cap each at the same moment both get what they asked for.
#[tokio::test]
async fn a_cap_left_out_is_not_set_back_by_whoever_changes_the_other() {
    let stand = stand_with(0).await;
    for cents in 1..=20 {
        let cap = format!("0.{cents:02}");
        let day = json!({ "spend_caps": { "day": cap } });
        let month = json!({ "spend_caps": { "month": cap } });
        let path = "/v1/settings";
        let both = tokio::join!(stand.with_key("PATCH", path, &day), stand.with_key("PATCH", path, &month));
        assert_eq!((both.0.status, both.1.status), (200, 200));
        stand.get(path).await.says(200, &[("/spend_caps", json!({ "day": cap, "month": cap }))]);
    }
}
