use serde_json::{Value, json};
use textmeter_server::ledger::Setting;

use crate::{stand::Stand, stand_with};

fn paid(amount: &str, payment: &str) -> Value {
    json!({ "amount": amount, "provider": "stripe", "payment": payment })
}

#[tokio::test]
async fn a_payment_is_credited_once_however_often_it_is_told() {
    let stand = stand_with(0).await;
    let first = stand.post("/v1/top-ups", &[], &paid("20", "pi_1")).await;
    first.says(
        201,
        &[
            ("/amount", json!("20.00")),
            ("/balance", json!("20.00")),
            ("/currency", json!("USD")),
            ("/provider", json!("stripe")),
            ("/payment", json!("pi_1")),
            ("/entry_seq", json!(1)),
            ("/created_at", json!("2026-11-10T12:00:00Z")),
        ],
    );
    assert_eq!(first.header("idempotency-hit"), None);
    assert_eq!(stand.send_one().await.status, 202);
    let again = stand.post("/v1/top-ups", &[], &paid("20.00", "pi_1")).await;
    assert_eq!((again.status, again.header("idempotency-hit")), (200, Some("true")));
    assert_eq!(again.body, first.body, "as it was answered then");
    stand.post("/v1/top-ups", &[], &paid("25", "pi_1")).await.is_problem(409, "payment-reused", "");
    // The same name at another provider is another payment.
    let other = json!({ "amount": "1", "provider": "bank", "payment": "pi_1" });
    assert_eq!(stand.post("/v1/top-ups", &[], &other).await.status, 201);
    assert_eq!(stand.balance().await, 20_990_000);
    stand.proved().await;
}

#[tokio::test]
async fn case_11_many_tellings_at_once_credit_once() {
    let stand = stand_with(0).await;
    let body = paid("5", "pi_1");
    let told = futures_util::future::join_all((0..32).map(|_| stand.post("/v1/top-ups", &[], &body))).await;
    assert_eq!(told.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(told.iter().filter(|answer| answer.status == 200).count(), 31);
    assert_eq!(stand.balance().await, 5_000_000);
}

/// Case 30.
#[tokio::test]
async fn amounts_that_cannot_be_are_refused() {
    let stand = stand_with(0).await;
    for amount in [
        json!("0"),
        json!("0.00"),
        json!("-5"),
        json!("0.0000001"),
        json!("1e3"),
        json!("5,00"),
        json!(" 5"),
        json!(""),
        json!("٥"),
        json!("+5"),
        json!("1."),
        json!(".5"),
        json!("0x10"),
        json!("NaN"),
        json!("99999999999999999999999999999999"),
    ] {
        let mut body = paid("1", "pi_1");
        body["amount"] = amount;
        stand.post("/v1/top-ups", &[], &body).await.is_problem(422, "invalid-amount", "amount");
    }
    let mut number = paid("1", "pi_1");
    number["amount"] = json!(5);
    stand.post("/v1/top-ups", &[], &number).await.is_problem(422, "wrong-type", "amount");
    // Larger than anything may be, in the ledger's own words.
    assert_eq!(stand.post("/v1/top-ups", &[], &paid("1000000001", "pi_1")).await.status, 422);
    for (body, code, at) in [
        (json!({ "amount": "5", "provider": "stripe" }), "missing-field", "payment"),
        (
            json!({ "amount": "5", "provider": "stripe", "payment": "1", "note": "x" }),
            "unknown-field",
            "note",
        ),
        (json!(["5", "stripe", "1"]), "wrong-type", ""),
    ] {
        stand.post("/v1/top-ups", &[], &body).await.is_problem(422, code, at);
    }
    for (provider, payment) in [("", "1"), ("stripe", ""), ("stripe", "a\nb"), ("stripe", "a\0")] {
        let body = json!({ "amount": "5", "provider": provider, "payment": payment });
        assert_eq!(stand.post("/v1/top-ups", &[], &body).await.status, 422, "{body}");
    }
    assert_eq!((stand.balance().await, stand.account().await.entry_seq), (0, 0));
}

async fn apply(stand: &Stand, key: &str) -> crate::Answered {
    stand.keyed("/v1/credits/apply", key, &json!({ "to": "subscription" })).await
}

/// Case 23.
#[tokio::test]
async fn all_credits_are_applied_once_under_a_key() {
    let stand = stand_with(1_234_560).await;
    let applied = apply(&stand, "period-7").await;
    applied.says(
        200,
        &[
            ("/to", json!("subscription")),
            ("/applied", json!("1.23456")),
            ("/balance", json!("0.00")),
            ("/entry_seq", json!(2)),
        ],
    );
    stand.top_up(1_000_000).await;
    let again = apply(&stand, "period-7").await;
    assert_eq!((again.body, again.headers.get("idempotency-hit").is_some()), (applied.body, true));
    assert_eq!(stand.balance().await, 1_000_000, "credits of since are untouched");
    // Another key is another application, and of nothing it is an explicit one.
    apply(&stand, "period-8").await.says(200, &[("/applied", json!("1.00"))]);
    let nothing = apply(&stand, "period-9").await;
    nothing.says(200, &[("/applied", json!("0.00")), ("/entry_seq", Value::Null)]);
    assert_eq!(stand.account().await.entry_seq, 4);
    // Credits are applied whether or not there is a subscription that sends.
    stand.configure(Setting::SubscriptionActive(false)).await;
    assert_eq!(apply(&stand, "period-10").await.status, 200);
    stand.proved().await;
}

#[tokio::test]
async fn a_partial_amount_is_refused() {
    let stand = stand_with(1_000_000).await;
    // Whatever it says, all of it included: there is no such field.
    for amount in [json!("0.50"), json!("1.00"), json!("all"), json!(1), json!({})] {
        let body = json!({ "to": "subscription", "amount": amount });
        let refused = stand.keyed("/v1/credits/apply", "a", &body).await;
        refused.is_problem(422, "partial-amount-refused", "amount");
    }
    for (body, code, at) in [
        (json!({}), "missing-field", "to"),
        (json!({ "to": "savings" }), "invalid-value", "to"),
        (json!({ "to": "subscription", "part": "0.5" }), "unknown-field", "part"),
    ] {
        stand.keyed("/v1/credits/apply", "a", &body).await.is_problem(422, code, at);
    }
    let missing = stand.post("/v1/credits/apply", &[], &json!({ "to": "subscription" })).await;
    missing.is_problem(400, "missing-idempotency-key", "Idempotency-Key");
    assert_eq!(stand.balance().await, 1_000_000);
}
