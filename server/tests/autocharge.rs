//! Auto-charge, beside a payment service that answers, declines, is silent or tells later. Numbered cases are those a
//! prepaid ledger must get right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A judge may panic.

mod stand;

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::{Value, json};
use stand::{Answered, Asked, Neighbour, Reaction, START, Stand, quick, secret, until};
use textmeter_server::{
    ledger::{Attempt, AttemptState, AutoChargeRule, Setting},
    payment::PaymentInbox,
    relay::{self, PaymentSettings, RelayHandle, RelaySettings},
    signature::Secret,
};

const SECOND: Duration = Duration::from_secs(1);

async fn stand_with(balance: i64, threshold: i64, amount: i64, month_cap: i64) -> Stand {
    let mut stand = Stand::new(balance).await;
    stand.app.payments = Some(Arc::new(PaymentInbox { provider: "acme".into(), secret: secret() }));
    let rule =
        AutoChargeRule { threshold_micros: threshold, amount_micros: amount, month_cap_micros: month_cap };
    stand.configure(Setting::AutoCharge(Some(rule))).await;
    stand
}

fn asking(stand: &Stand, service: &Neighbour) -> RelayHandle {
    let payments = PaymentSettings::Webhook { url: service.url(), secret: secret(), provider: "acme".into() };
    relay::start(&stand.app, &RelaySettings { payments, ..quick() }).unwrap()
}

fn succeeded(payment: &str) -> Reaction {
    Reaction::Say(200, json!({ "status": "succeeded", "payment": payment }))
}

async fn attempts(stand: &Stand) -> Vec<Attempt> {
    stand.app.ledger.attempts(stand.account, 100).await.unwrap()
}

async fn newest(stand: &Stand, wanted: AttemptState) -> Attempt {
    until(&format!("{wanted:?}"), || async {
        attempts(stand).await.into_iter().next().filter(|attempt| attempt.state == wanted)
    })
    .await
}

/// Lets the relay look so often that it would have done what it must not do.
async fn looks_around(stand: &Stand) {
    for _ in 0..10 {
        stand.app.bell.ring();
        stand.app.ledger.ready().await.unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The payment service tells.
async fn told(stand: &Stand, body: &Value, secret: &Secret, seconds: i64) -> Answered {
    let bytes = body.to_string();
    let mut request = Request::post("/v1/payments/webhook").header("content-type", "application/json");
    for (name, value) in secret.headers("evt_1", seconds, bytes.as_bytes()) {
        request = request.header(name, value);
    }
    stand.ask(request.body(Body::from(bytes)).unwrap()).await
}

fn seconds(stand: &Stand) -> i64 {
    stand.app.ledger.now().micros() / 1_000_000
}

async fn failures(stand: &Stand) -> Vec<String> {
    let events = stand.app.ledger.events(stand.account, 100).await.unwrap();
    let bodies = events.iter().rev().map(|event| format!("{:?}", event.body));
    bodies.filter(|body| body.starts_with("AutoChargeFailed")).collect()
}

#[tokio::test]
async fn a_balance_below_the_threshold_is_filled_up() {
    let stand = stand_with(500_000, 5_000_000, 2_000_000, 50_000_000).await;
    let service = Neighbour::new(|_| Some(succeeded("p-1"))).await;
    let relay = asking(&stand, &service);
    let attempt = newest(&stand, AttemptState::Succeeded).await;
    assert_eq!(stand.balance().await, 6_500_000, "three times two close the gap of four and a half");
    relay.stop().await;
    let asked = &service.asked()[0];
    assert_eq!(asked.header("idempotency-key"), format!("\"{}\"", attempt.id));
    assert_eq!(asked.body["type"], json!("payment.requested"));
    assert_eq!(
        asked.body["data"],
        json!({
            "attempt": attempt.id.to_string(),
            "workspace": stand.account.to_string(),
            "amount": "6.00",
            "currency": "USD",
        })
    );
    assert_eq!(secret().verify(&asked.headers, START / 1_000_000, &asked.bytes), Ok(()));
    stand.proved().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn case_8_many_sends_and_two_relays_begin_one_attempt() {
    let stand = Arc::new(stand_with(1_000_000, 1_000_000, 2_000_000, 50_000_000).await);
    let service = Neighbour::new(|_| Some(Reaction::Say(202, json!({})))).await;
    let (one, two) = (asking(&stand, &service), asking(&stand, &service));
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let stand = Arc::clone(&stand);
        all.spawn(async move { stand.send_one().await.status });
    }
    assert!(all.join_all().await.iter().all(|status| *status == 202));
    let pending = newest(&stand, AttemptState::Pending).await;
    service.asked_times(1).await;
    looks_around(&stand).await;
    assert_eq!(
        (attempts(&stand).await.len(), service.asked().len()),
        (1, 1),
        "one in flight, asked for once"
    );
    let body = json!({
        "type": "payment.succeeded",
        "data": {
            "workspace": stand.account.to_string(),
            "attempt": pending.id.to_string(),
            "payment": "p-1",
            "amount": "2.00",
            "currency": "USD",
        },
    });
    let first = told(&stand, &body, &secret(), seconds(&stand)).await;
    assert_eq!((first.status, first.header("idempotency-hit")), (200, None), "{:#}", first.body);
    newest(&stand, AttemptState::Succeeded).await;
    assert_eq!(stand.balance().await, 2_500_000);
    one.stop().await;
    two.stop().await;
    stand.proved().await;
}

#[tokio::test]
async fn case_9_declined_payments_are_told_tried_less_and_less_and_given_up() {
    let stand = stand_with(0, 1_000_000, 2_000_000, 50_000_000).await;
    let service = Neighbour::new(|_| {
        Some(Reaction::Say(402, json!({ "status": "declined", "reason": "card expired" })))
    })
    .await;
    let relay = asking(&stand, &service);
    for (times, wait) in [(1, 600), (2, 1_200), (3, 2_400), (4, 86_400)] {
        until("a declined attempt", || async {
            let all = attempts(&stand).await;
            Some(()).filter(|()| all.len() == times && all[0].state == AttemptState::Declined)
        })
        .await;
        stand.later(Duration::from_secs(wait) - SECOND);
        looks_around(&stand).await;
        assert_eq!(attempts(&stand).await.len(), times, "not before its time");
        stand.later(SECOND);
    }
    looks_around(&stand).await;
    relay.stop().await;
    assert_eq!(service.asked().len(), 4, "then it stops");
    let told = failures(&stand).await;
    assert_eq!(told.len(), 4, "never silent");
    assert!(told.iter().all(|event| event.contains("declined") && event.contains("card expired")));
    assert!(told[3].contains("stopped: true"), "{told:?}");
    assert_eq!(stand.balance().await, 0);
}

#[tokio::test]
async fn case_10_the_months_cap_cuts_the_last_payment_and_says_so() {
    let stand = stand_with(0, 5_000_000, 2_000_000, 3_000_000).await;
    let service = Neighbour::new(|asked: &Asked| {
        Some(succeeded(asked.body["data"]["attempt"].as_str().unwrap_or_default()))
    })
    .await;
    let relay = asking(&stand, &service);
    let attempt = newest(&stand, AttemptState::Succeeded).await;
    assert_eq!((attempt.amount_micros, attempt.clamped), (3_000_000, true));
    stand.later(Duration::from_secs(3_600));
    until("word of the cap", || async { failures(&stand).await.pop() }).await;
    looks_around(&stand).await;
    relay.stop().await;
    assert_eq!((attempts(&stand).await.len(), stand.balance().await), (1, 3_000_000));
    let told = failures(&stand).await;
    assert!(told.len() == 1 && told[0].contains("month-cap"), "{told:?}");
}

#[tokio::test]
async fn case_11_a_payment_that_is_told_twice_is_credited_once() {
    let stand = stand_with(0, 1_000_000, 2_000_000, 50_000_000).await;
    let service = Neighbour::new(|_| Some(succeeded("p-1"))).await;
    let relay = asking(&stand, &service);
    let attempt = newest(&stand, AttemptState::Succeeded).await;
    relay.stop().await;
    let body = |data: Value| json!({ "type": "payment.succeeded", "data": data });
    let workspace = stand.account.to_string();
    // By the attempt it was asked for with, and as a payment of its own name.
    for data in [
        json!({ "workspace": workspace, "attempt": attempt.id.to_string(), "payment": "p-1", "amount": "2.00" }),
        json!({ "workspace": workspace, "payment": "p-1", "amount": "2.00" }),
    ] {
        let again = told(&stand, &body(data), &secret(), seconds(&stand)).await;
        assert_eq!((again.status, again.header("idempotency-hit")), (200, Some("true")), "{:#}", again.body);
    }
    let own = body(json!({ "workspace": workspace, "payment": "p-2", "amount": "0.50" }));
    for _ in 0..2 {
        assert_eq!(told(&stand, &own, &secret(), seconds(&stand)).await.status, 200);
    }
    let other = body(json!({ "workspace": workspace, "payment": "p-1", "amount": "3.00" }));
    assert_eq!(told(&stand, &other, &secret(), seconds(&stand)).await.status, 409);
    assert_eq!(stand.balance().await, 2_500_000);
    stand.proved().await;
}

#[tokio::test]
async fn case_12_after_a_time_out_nothing_is_credited_until_somebody_says() {
    let stand = stand_with(0, 1_000_000, 2_000_000, 50_000_000).await;
    let service = Neighbour::new(|asked: &Asked| {
        Some(if asked.method == Method::GET { succeeded("p-1") } else { Reaction::Silence })
    })
    .await;
    let relay = asking(&stand, &service);
    let unknown = newest(&stand, AttemptState::Unknown).await;
    looks_around(&stand).await;
    assert_eq!((stand.balance().await, service.asked().len()), (0, 1), "and nothing else is taken meanwhile");
    assert!(failures(&stand).await[0].contains("unknown"));
    stand.later(Duration::from_secs(61));
    newest(&stand, AttemptState::Succeeded).await;
    relay.stop().await;
    let asked = service.asked();
    assert_eq!(asked[1].uri.query(), Some(format!("attempt={}", unknown.id).as_str()));
    assert_eq!((asked.len(), stand.balance().await), (2, 2_000_000));
}

#[tokio::test]
async fn case_12_a_payment_that_never_arrived_is_asked_for_again_under_the_same_key() {
    let stand = stand_with(0, 1_000_000, 2_000_000, 50_000_000).await;
    let service = Neighbour::new(|asked: &Asked| {
        Some(if asked.method == Method::GET { Reaction::Say(404, json!({})) } else { succeeded("p-1") })
    })
    .await;
    service.next(Reaction::Say(503, json!({})));
    let relay = asking(&stand, &service);
    newest(&stand, AttemptState::Unknown).await;
    stand.later(Duration::from_secs(61));
    newest(&stand, AttemptState::Succeeded).await;
    relay.stop().await;
    let posted = service.posted();
    assert_eq!(posted.len(), 2);
    assert_eq!(posted[0].header("idempotency-key"), posted[1].header("idempotency-key"));
    assert_eq!((attempts(&stand).await.len(), stand.balance().await), (1, 2_000_000));
}

#[tokio::test]
async fn a_crash_in_mid_payment_is_asked_for() {
    let stand = stand_with(0, 1_000_000, 2_000_000, 50_000_000).await;
    let service = Neighbour::new(|asked: &Asked| {
        Some(if asked.method == Method::GET { succeeded("p-1") } else { Reaction::Silence })
    })
    .await;
    let relay = asking(&stand, &service);
    service.asked_times(1).await;
    drop(relay);
    assert_eq!(attempts(&stand).await[0].state, AttemptState::Pending);
    let relay = asking(&stand, &service);
    looks_around(&stand).await;
    stand.later(Duration::from_secs(61));
    newest(&stand, AttemptState::Succeeded).await;
    relay.stop().await;
    assert_eq!((service.posted().len(), stand.balance().await), (1, 2_000_000));
}

#[tokio::test]
async fn nobody_is_believed_without_the_secret() {
    let mut stand = stand_with(0, 1_000_000, 2_000_000, 50_000_000).await;
    let data = json!({ "workspace": stand.account.to_string(), "payment": "p-9", "amount": "9.00" });
    let body = json!({ "type": "payment.succeeded", "data": data });
    let forged = Secret::parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let now = seconds(&stand);
    for (secret, at) in [(&forged, now), (&secret(), now - 301), (&secret(), now + 301)] {
        let refused = told(&stand, &body, secret, at).await;
        assert_eq!((refused.status, &refused.body["code"]), (401, &json!("wrong-signature")));
    }
    let unsigned = Request::post("/v1/payments/webhook").body(Body::from(body.to_string())).unwrap();
    assert_eq!(stand.ask(unsigned).await.status, 401);
    for (wrong, status) in [
        (json!({ "type": "payment.succeeded" }), 400),
        (json!({ "type": "payment.succeeded", "data": { "workspace": "x" } }), 422),
        (
            json!({ "type": "payment.succeeded", "data": { "workspace": stand.account.to_string(), "payment": "p", "amount": "1e3" } }),
            422,
        ),
        (
            json!({ "type": "payment.succeeded", "data": { "workspace": stand.account.to_string(), "payment": "p", "amount": "1.00", "currency": "EUR" } }),
            422,
        ),
        (json!({ "type": "payment.declined", "data": { "workspace": stand.account.to_string() } }), 422),
        (
            json!({ "type": "payment.succeeded", "data": { "workspace": "018f0000-0000-7000-8000-000000000000", "payment": "p", "amount": "1.00" } }),
            404,
        ),
        (json!({ "type": "payment.looked-at", "data": { "workspace": stand.account.to_string() } }), 202),
    ] {
        let answer = told(&stand, &wrong, &secret(), now).await;
        assert_eq!(answer.status, status, "{wrong} {:#}", answer.body);
    }
    assert_eq!(stand.balance().await, 0);
    stand.app.payments = None;
    assert_eq!(told(&stand, &body, &secret(), now).await.status, 404);
}

#[tokio::test]
async fn without_a_payment_service_nothing_is_begun_and_the_stand_in_takes_everything() {
    let stand = stand_with(0, 1_000_000, 2_000_000, 50_000_000).await;
    let relay = relay::start(&stand.app, &quick()).unwrap();
    looks_around(&stand).await;
    relay.stop().await;
    assert_eq!(attempts(&stand).await.len(), 0);
    let settings = RelaySettings { payments: PaymentSettings::Test, ..quick() };
    let relay = relay::start(&stand.app, &settings).unwrap();
    newest(&stand, AttemptState::Succeeded).await;
    relay.stop().await;
    assert_eq!(stand.balance().await, 2_000_000);
}

/// Money that was taken and cannot be credited: nobody takes it for "settled", and it is told once.
#[tokio::test]
async fn a_payment_that_cannot_be_credited_is_told_once() {
    let stand = stand_with(0, 1_000_000, 2_000_000, 50_000_000).await;
    let service = Neighbour::new(|_| Some(succeeded(&"p".repeat(201)))).await;
    let relay = asking(&stand, &service);
    newest(&stand, AttemptState::Unknown).await;
    stand.later(Duration::from_secs(61));
    service.asked_times(2).await;
    relay.stop().await;
    let told = failures(&stand).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("unknown") && told[0].contains("invalid-field"), "{told:?}");
    assert_eq!((attempts(&stand).await.len(), stand.balance().await), (1, 0));
}

/// The same, when the payment service tells of it later.
#[tokio::test]
async fn word_of_a_payment_that_cannot_be_credited_is_told_too() {
    let stand = stand_with(0, 1_000_000, 2_000_000, 50_000_000).await;
    let service = Neighbour::new(|_| Some(Reaction::Say(202, json!({})))).await;
    let relay = asking(&stand, &service);
    let pending = newest(&stand, AttemptState::Pending).await;
    relay.stop().await;
    let data = json!({
        "workspace": stand.account.to_string(),
        "attempt": pending.id.to_string(),
        "payment": "p-1",
        "amount": "0.00",
        "currency": "USD",
    });
    let body = json!({ "type": "payment.succeeded", "data": data });
    let answered = told(&stand, &body, &secret(), seconds(&stand)).await;
    assert_eq!((answered.status, &answered.body["code"]), (422, &json!("invalid-amount")));
    newest(&stand, AttemptState::Unknown).await;
    assert_eq!(failures(&stand).await.len(), 1);
}
