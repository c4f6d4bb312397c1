//! What is paid is handed on once, whatever comes between.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::Method;
use serde_json::json;
use textmeter_server::{
    ledger::{MessageState, Refund},
    relay::{self, GatewaySettings, RelaySettings},
};

use crate::{
    BALANCE, PRICE, came_to, paid,
    stand::{self, Asked, Neighbour, Reaction, Stand, quick, secret, until},
    stored, through, waits,
};

/// The events of the account so far.
async fn events(stand: &Stand) -> Vec<String> {
    let events = stand.app.ledger.events(stand.account, 100).await.unwrap();
    events.iter().map(|event| format!("{:?}", event.body)).collect()
}

#[tokio::test]
async fn what_is_paid_is_handed_on_at_once_signed_and_once() {
    let stand = Stand::new(BALANCE).await;
    let gateway = Neighbour::new(|_| Some(Reaction::Say(200, json!({ "id": "theirs-1" })))).await;
    // Looks by itself once an hour: what wakes it is the bell.
    let settings = RelaySettings { poll: Duration::from_secs(3_600), ..through(&gateway) };
    let relay = relay::start(&stand.app, &settings).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = came_to(&stand, charge, MessageState::Delivered).await;
    assert_eq!(message.provider_reference.as_deref(), Some("theirs-1"));
    assert_eq!(message.payload, None, "the text is not kept");
    let asked = gateway.asked();
    assert_eq!(asked.len(), 1);
    let reference = format!("AC{}", charge.uuid().simple());
    assert_eq!(asked[0].header("idempotency-key"), format!("\"{reference}\""));
    assert_eq!(asked[0].header("webhook-id"), reference);
    assert_eq!(asked[0].body["reference"], json!(reference));
    assert_eq!(asked[0].body["message"]["content"], json!("Hello"));
    assert_eq!(asked[0].body["message"]["to"], json!(["+12125550123"]));
    assert_eq!(secret().verify(&asked[0].headers, stand::START / 1_000_000, &asked[0].bytes), Ok(()));
    let shown = stand.get(&format!("/v1/messages/{reference}")).await;
    shown.has(&[
        ("/data/status", json!("sent")),
        ("/data/state", json!("delivered")),
        ("/data/provider_reference", json!("theirs-1")),
    ]);
    relay.stop().await;
    stand.proved().await;
}

#[tokio::test]
async fn case_1_a_crash_between_charge_and_send_is_resumed() {
    let stand = Stand::new(BALANCE).await;
    let charge = paid(&stand, "Hello").await;
    let stand = stand.reopened().await;
    let gateway = Neighbour::friendly().await;
    let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
    came_to(&stand, charge, MessageState::Delivered).await;
    relay.stop().await;
    assert_eq!(gateway.asked().len(), 1);
    assert_eq!(stand.balance().await, BALANCE - PRICE);
}

#[tokio::test]
async fn case_18_half_handed_on_then_a_crash_asks_before_it_sends_again() {
    let stand = Stand::new(BALANCE).await;
    let mut charges = Vec::new();
    for n in 0..8 {
        charges.push(paid(&stand, &format!("message {n}")).await);
    }
    // Takes everything, answers the first three, and then the relay's process is gone.
    let had: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let memory = Arc::clone(&had);
    let gateway = Neighbour::new(move |asked: &Asked| {
        let reference = asked.header("webhook-id").to_owned();
        let mut had = memory.lock().unwrap();
        Some(match asked.method {
            Method::GET if had.contains(&reference) => Reaction::Say(200, json!({})),
            Method::GET => Reaction::Say(404, json!({})),
            _ => {
                had.insert(reference);
                if had.len() == 4 || had.len() == 5 {
                    Reaction::Silence
                } else {
                    Reaction::Say(200, json!({}))
                }
            }
        })
    })
    .await;
    let settings = RelaySettings {
        gateway_concurrency: 2,
        gateway_patience: Duration::from_secs(600),
        ..through(&gateway)
    };
    let relay = relay::start(&stand.app, &settings).unwrap();
    until("the fourth and fifth", || async { Some(()).filter(|()| had.lock().unwrap().len() == 5) }).await;
    drop(relay);
    stand.later(Duration::from_secs(61));
    let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
    for charge in charges {
        came_to(&stand, charge, MessageState::Delivered).await;
    }
    relay.stop().await;
    let mut posted: Vec<String> =
        gateway.posted().iter().map(|asked| asked.header("webhook-id").to_owned()).collect();
    assert_eq!(posted.len(), 8);
    posted.sort();
    posted.dedup();
    assert_eq!(posted.len(), 8, "each once");
    assert_eq!(stand.balance().await, BALANCE - 8 * PRICE);
    stand.proved().await;
}

#[tokio::test]
async fn case_19_poison_is_given_up_and_refunded_once() {
    let stand = Stand::new(BALANCE).await;
    let listener = Neighbour::friendly().await;
    stand.tell_events_to(listener.url()).await;
    let gateway =
        Neighbour::new(|_| Some(Reaction::Say(500, json!({ "message": "+12125550123: Hello" })))).await;
    let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = came_to(&stand, charge, MessageState::Dead).await;
    assert_eq!(message.attempts, 20);
    assert_eq!(message.reason.as_deref(), Some("the gateway answered 500"), "and none of what it repeats");
    assert_eq!(gateway.asked().len(), 20);
    assert_eq!(stand.balance().await, BALANCE);
    let told = until("the event", || async {
        listener.asked().into_iter().find(|asked| asked.body["type"] == json!("message.failed"))
    })
    .await;
    assert_eq!(told.body["data"]["state"], json!("dead"));
    assert_eq!(told.body["data"]["refunded"], json!("0.01"));
    let id = told.body["data"]["id"].as_str().unwrap();
    stand
        .get(&format!("/v1/messages/{id}"))
        .await
        .has(&[("/data/status", json!("undelivered")), ("/data/refunded", json!("0.01"))]);
    relay.stop().await;
    stand.proved().await;
}

#[tokio::test]
async fn case_20_trouble_there_is_tried_again() {
    let stand = Stand::new(BALANCE).await;
    let gateway = Neighbour::friendly().await;
    for status in [503, 429, 401, 502] {
        gateway.next(Reaction::Say(status, json!({})));
    }
    let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = came_to(&stand, charge, MessageState::Delivered).await;
    assert_eq!((message.attempts, gateway.posted().len(), gateway.asked().len()), (5, 5, 5));
    assert_eq!(stand.balance().await, BALANCE - PRICE);
    relay.stop().await;
}

#[tokio::test]
async fn case_20_a_refused_connection_is_certain_and_tried_again() {
    let stand = Stand::new(BALANCE).await;
    // It is kept, so that no other test gets it, and nobody listens.
    let kept = tokio::net::TcpSocket::new_v4().unwrap();
    kept.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = kept.local_addr().unwrap();
    let gateway = GatewaySettings::Webhook { url: format!("http://{port}/hook"), secret: secret() };
    let relay = relay::start(&stand.app, &RelaySettings { gateway, ..quick() }).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = waits(&stand, charge).await;
    assert!(!message.doubtful, "nothing had left: {message:?}");
    came_to(&stand, charge, MessageState::Dead).await;
    assert_eq!(stand.balance().await, BALANCE);
    relay.stop().await;
    drop(kept);
}

#[tokio::test]
async fn case_20_a_definite_no_is_refunded_once() {
    let stand = Stand::new(BALANCE).await;
    let gateway = Neighbour::new(|_| Some(Reaction::Say(422, json!({ "code": "bad-number" })))).await;
    let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = came_to(&stand, charge, MessageState::Failed).await;
    assert_eq!(message.reason.as_deref(), Some("the gateway answered 422 bad-number"));
    relay.stop().await;
    let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
    stand.later(Duration::from_secs(3_600));
    let other = paid(&stand, "Again").await;
    came_to(&stand, other, MessageState::Failed).await;
    assert_eq!(gateway.asked().len(), 2, "each was handed on once");
    assert_eq!(stand.balance().await, BALANCE);
    relay.stop().await;
    stand.proved().await;
}

#[tokio::test]
async fn case_20_after_a_time_out_it_asks_by_reference() {
    for (known, posts) in [(200, 1), (404, 2)] {
        let stand = Stand::new(BALANCE).await;
        let gateway = Neighbour::new(move |asked: &Asked| {
            Some(Reaction::Say(
                if asked.method == Method::GET { known } else { 200 },
                json!({ "id": "theirs" }),
            ))
        })
        .await;
        gateway.next(Reaction::Silence);
        let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
        let charge = paid(&stand, "Hello").await;
        let unknown = waits(&stand, charge).await;
        assert!(unknown.doubtful, "{unknown:?}");
        assert_eq!(stand.balance().await, BALANCE - PRICE, "never refunded on a time-out");
        let message = came_to(&stand, charge, MessageState::Delivered).await;
        assert_eq!(message.provider_reference.as_deref(), Some("theirs"));
        relay.stop().await;
        let asked = gateway.asked();
        let question = asked.iter().find(|asked| asked.method == Method::GET).unwrap();
        let reference = format!("AC{}", charge.uuid().simple());
        assert_eq!(question.uri.query(), Some(format!("reference={reference}").as_str()));
        let keys: BTreeSet<&str> = asked.iter().map(|asked| asked.header("idempotency-key")).collect();
        assert_eq!((gateway.posted().len(), keys.len()), (posts, 1), "known: {known}");
        assert_eq!(stand.balance().await, BALANCE - PRICE);
    }
}

/// Asking may take no longer than nobody else is at it.
#[tokio::test]
async fn a_question_that_takes_too_long_is_given_up() {
    let stand = Stand::new(BALANCE).await;
    let gateway = Neighbour::new(|asked: &Asked| {
        Some(if asked.method == Method::GET { Reaction::Silence } else { Reaction::Say(504, json!({})) })
    })
    .await;
    let settings = RelaySettings {
        gateway_patience: Duration::from_secs(600),
        lease: Duration::from_millis(100),
        ..through(&gateway)
    };
    let relay = relay::start(&stand.app, &settings).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = came_to(&stand, charge, MessageState::Unknown).await;
    assert_eq!(message.reason.as_deref(), Some("asking for it took too long"));
    relay.stop().await;
    assert_eq!(gateway.posted().len(), 1);
}

/// Refunded while nobody knew whether it is there: it is asked for, and never handed on again.
#[tokio::test]
async fn what_was_refunded_is_not_handed_on_again() {
    let stand = Stand::new(BALANCE).await;
    let gateway = Neighbour::new(|asked: &Asked| {
        Some(Reaction::Say(if asked.method == Method::GET { 404 } else { 504 }, json!({})))
    })
    .await;
    let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
    let charge = paid(&stand, "Hello").await;
    waits(&stand, charge).await;
    let refund = Refund { account: stand.account, charge, reason: "asked for".into() };
    stand.app.ledger.tell(refund).await.unwrap().outcome.unwrap();
    came_to(&stand, charge, MessageState::Cancelled).await;
    relay.stop().await;
    assert_eq!(gateway.posted().len(), 1);
    assert!(gateway.asked().len() > 1, "it was asked for");
    assert_eq!(stand.balance().await, BALANCE);
    stand.proved().await;
}

#[tokio::test]
async fn case_20_what_nobody_can_say_is_left_to_a_person() {
    let stand = Stand::new(BALANCE).await;
    let gateway = Neighbour::new(|_| Some(Reaction::Say(504, json!({})))).await;
    let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
    let charge = paid(&stand, "Hello").await;
    came_to(&stand, charge, MessageState::Unknown).await;
    relay.stop().await;
    assert_eq!(gateway.posted().len(), 1, "asked for, never sent again");
    assert_eq!(stand.balance().await, BALANCE - PRICE, "and never refunded");
    assert!(
        events(&stand).await.iter().any(|event| event.contains("MessageFailed") && event.contains("unknown"))
    );
}

#[tokio::test]
async fn a_relay_that_is_stopped_finishes_what_it_began() {
    let stand = Stand::new(BALANCE).await;
    let gateway = Neighbour::friendly().await;
    gateway.next(Reaction::Silence);
    let relay = relay::start(&stand.app, &through(&gateway)).unwrap();
    let charge = paid(&stand, "Hello").await;
    gateway.asked_times(1).await;
    relay.stop().await;
    let message = stored(&stand, charge).await;
    assert_eq!(
        (message.state, message.doubtful),
        (MessageState::Queued, true),
        "settled as far as it is known"
    );
    stand.app.ledger.close().await;
}

#[tokio::test]
async fn the_log_gateway_takes_everything() {
    let stand = Stand::new(BALANCE).await;
    let relay = relay::start(&stand.app, &quick()).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = came_to(&stand, charge, MessageState::Delivered).await;
    assert!(message.provider_reference.unwrap().starts_with("log:AC"));
    relay.stop().await;
}
