//! The relay, over a real ledger and beside real servers. Numbered cases are those a prepaid ledger must get right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A judge may panic.

mod stand;

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::Method;
use serde_json::{Value, json};
use stand::{Asked, Neighbour, Reaction, Stand, message, quick, secret, until};
use textmeter_server::{
    ledger::{ChargeId, Message, MessageState, Moment, Setting},
    relay::{self, ApiSecret, GatewaySettings, RelaySettings},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PRICE: i64 = 10_000;
const BALANCE: i64 = 1_000_000;

fn through(gateway: &Neighbour) -> RelaySettings {
    RelaySettings { gateway: GatewaySettings::Webhook { url: gateway.url(), secret: secret() }, ..quick() }
}

/// Pays for a message, and says which.
async fn paid(stand: &Stand, text: &str) -> ChargeId {
    let answer = stand.send(&message(text)).await;
    assert_eq!(answer.status, 202, "{:#}", answer.body);
    answer.body["data"]["charge_id"].as_str().unwrap().parse().unwrap()
}

async fn stored(stand: &Stand, charge: ChargeId) -> Message {
    stand.app.ledger.messages(stand.account, charge).await.unwrap().remove(0)
}

/// Waits until a message is as it should be; meanwhile time goes by whenever the message waits for it.
async fn came_to(stand: &Stand, charge: ChargeId, wanted: MessageState) -> Message {
    until(&format!("{wanted:?}"), || async move {
        let message = stored(stand, charge).await;
        let now = stand.app.ledger.now();
        if let (MessageState::Queued, Some(due)) = (message.state, message.due_at) {
            stand.later(now.until(due));
        }
        Some(message).filter(|message| message.state == wanted)
    })
    .await
}

/// Waits until a message has been tried and waits for another attempt.
async fn waits(stand: &Stand, charge: ChargeId) -> Message {
    until("another attempt", || async move {
        let message = stored(stand, charge).await;
        Some(message).filter(|message| message.state == MessageState::Queued && message.attempts > 0)
    })
    .await
}

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
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gateway = GatewaySettings::Webhook { url: format!("http://{port}/hook"), secret: secret() };
    let relay = relay::start(&stand.app, &RelaySettings { gateway, ..quick() }).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = waits(&stand, charge).await;
    assert!(!message.doubtful, "nothing had left: {message:?}");
    came_to(&stand, charge, MessageState::Dead).await;
    assert_eq!(stand.balance().await, BALANCE);
    relay.stop().await;
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

fn openphone(provider: &Neighbour) -> RelaySettings {
    let base_url = format!("http://{}", provider.address);
    let gateway = GatewaySettings::OpenPhone { key: ApiSecret("op-key".into()), base_url, per_second: 1_000 };
    RelaySettings { gateway, ..quick() }
}

#[tokio::test]
async fn the_provider_is_sent_what_it_takes_and_nothing_else() {
    let stand = Stand::new(BALANCE).await;
    let provider = Neighbour::new(|_| Some(Reaction::Say(202, json!({ "data": { "id": "AC123" } })))).await;
    let relay = relay::start(&stand.app, &openphone(&provider)).unwrap();
    let charge = paid(&stand, "“Hello”").await;
    let message = came_to(&stand, charge, MessageState::Delivered).await;
    assert_eq!(message.provider_reference.as_deref(), Some("AC123"));
    relay.stop().await;
    let asked = &provider.asked()[0];
    assert_eq!((asked.uri.path(), asked.header("authorization")), ("/v1/messages", "op-key"));
    let sent = json!({ "content": "\"Hello\"", "from": "+12025550100", "to": ["+12125550123"] });
    assert_eq!(asked.body, sent, "as it was priced, after smart encoding");
}

#[tokio::test]
async fn the_provider_is_looked_through_where_it_may_have_sent() {
    for (fails, listed, posts) in
        [(false, "Hello", 1), (false, "Something else", 2), (true, "Hello", 1), (true, "Something else", 2)]
    {
        let failure = Reaction::Say(500, json!({ "code": "0201500", "title": "Unknown" }));
        let first = if fails { failure } else { Reaction::Silence };
        let stand = Stand::new(BALANCE).await;
        let provider = Neighbour::new(move |asked: &Asked| {
            let body = match (asked.method.as_str(), asked.uri.path()) {
                ("GET", "/v1/phone-numbers") => {
                    json!({ "data": [{ "id": "PN7", "number": "+1999" }, { "id": "PN9", "number": "+12025550100" }] })
                }
                ("GET", "/v1/messages") => json!({
                    "data": [
                        { "id": "ACin", "direction": "incoming", "text": "Hello" },
                        { "id": "ACout", "direction": "outgoing", "text": listed },
                    ],
                    "totalItems": 2,
                    "nextPageToken": null,
                }),
                _ => json!({ "data": { "id": "ACnew" } }),
            };
            Some(Reaction::Say(200, body))
        })
        .await;
        provider.next(first);
        let relay = relay::start(&stand.app, &openphone(&provider)).unwrap();
        let charge = paid(&stand, "Hello").await;
        let message = came_to(&stand, charge, MessageState::Delivered).await;
        relay.stop().await;
        // What is not listed at once may be listed yet: it is not sent again within a minute.
        let waited = message.created_at.until(message.settled_at.unwrap());
        assert!(posts == 1 || waited >= Duration::from_secs(60), "{waited:?}");
        let found = if posts == 1 { "ACout" } else { "ACnew" };
        assert_eq!(message.provider_reference.as_deref(), Some(found));
        assert_eq!(provider.posted().len(), posts);
        let query = provider.asked().iter().find_map(|asked| {
            asked.uri.query().filter(|_| asked.uri.path() == "/v1/messages").map(str::to_owned)
        });
        let query = query.unwrap();
        for part in
            ["phoneNumberId=PN9", "participants=%2B12125550123", "createdAfter=2026-11-10T11%3A59%3A00Z"]
        {
            assert!(query.contains(part), "{part} in {query}");
        }
    }
}

#[tokio::test]
async fn a_low_balance_is_told_once_for_each_crossing() {
    let stand = Stand::new(25_000).await;
    let listener = Neighbour::friendly().await;
    stand.tell_events_to(listener.url()).await;
    stand.configure(Setting::LowBalance(Some(20_000))).await;
    let relay = relay::start(&stand.app, &quick()).unwrap();
    // The credits it starts with are told of first, so that what fails next is the telling of the low balance.
    until("topup.succeeded", || async { listener.asked().first().map(|_| ()) }).await;
    listener.next(Reaction::Say(500, json!({})));
    let low = |asked: &Neighbour| {
        let all = asked.asked().into_iter();
        all.filter(|asked| asked.body["type"] == json!("balance.low")).collect::<Vec<_>>()
    };
    paid(&stand, "one").await;
    paid(&stand, "two").await;
    // The first telling fails; time goes by, and the same is told again.
    let told = until("balance.low told twice", || async {
        stand.later(Duration::from_millis(500));
        Some(low(&listener)).filter(|told| told.len() >= 2)
    })
    .await;
    let stripped = |asked: &Asked| (asked.header("webhook-id").to_owned(), asked.bytes.clone());
    assert_eq!(stripped(&told[0]), stripped(&told[1]), "the same event, word for word");
    assert_eq!(told[0].body["data"]["balance"], json!("0.015"));
    assert_eq!(told[0].body["data"]["threshold"], json!("0.02"));
    assert_eq!(told[0].body["data"]["currency"], json!("USD"));
    let seconds: i64 = told[1].header("webhook-timestamp").parse().unwrap();
    assert_eq!(secret().verify(&told[1].headers, seconds, &told[1].bytes), Ok(()));
    stand.top_up(20_000).await;
    paid(&stand, "three").await;
    paid(&stand, "four").await;
    until("the second crossing", || async {
        let ids: BTreeSet<String> =
            low(&listener).iter().map(|asked| asked.header("webhook-id").to_owned()).collect();
        Some(()).filter(|()| ids.len() == 2)
    })
    .await;
    relay.stop().await;
    let kinds: Vec<Value> = listener.asked().iter().map(|asked| asked.body["type"].clone()).collect();
    assert!(kinds.contains(&json!("topup.succeeded")), "{kinds:?}");
}

#[tokio::test]
async fn events_are_not_told_to_private_addresses() {
    let stand = Stand::new(BALANCE).await;
    let neighbour = Neighbour::friendly().await;
    let settings = RelaySettings { events_to_private: false, ..quick() };
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"] {
        stand.tell_events_to(format!("http://{host}:{}/hook", neighbour.address.port())).await;
        let relay = relay::start(&stand.app, &settings).unwrap();
        stand.top_up(1_000).await;
        until("a refused telling", || async {
            let events = stand.app.ledger.events(stand.account, 1).await.unwrap();
            events.first().filter(|event| event.reason.is_some()).map(|event| event.reason.clone())
        })
        .await;
        relay.stop().await;
    }
    assert_eq!(neighbour.asked().len(), 0);
}

/// Answers one request over TLS, as the certificate in `tls` says.
async fn tls_server() -> std::net::SocketAddr {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    let chain = CertificateDer::from_pem_slice(include_bytes!("stand/tls/authority.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("stand/tls/key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut read = Vec::new();
            while !String::from_utf8_lossy(&read).contains("Hello") {
                if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            let answer =
                "HTTP/1.1 200 OK\r\ncontent-length: 15\r\nconnection: close\r\n\r\n{\"id\":\"by-tls\"}";
            stream.write_all(answer.as_bytes()).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    address
}

#[tokio::test]
async fn certificates_are_judged() {
    let server = tls_server().await;
    let url = format!("https://localhost:{}/hook", server.port());
    let gateway = GatewaySettings::Webhook { url, secret: secret() };
    let stand = Stand::new(BALANCE).await;
    let relay = relay::start(&stand.app, &RelaySettings { gateway: gateway.clone(), ..quick() }).unwrap();
    let charge = paid(&stand, "Hello").await;
    let message = waits(&stand, charge).await;
    assert!(message.reason.unwrap().starts_with("no TLS"), "nobody vouches for it");
    assert!(!message.doubtful);
    relay.stop().await;
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stand/tls/authority.pem"));
    let settings = RelaySettings { gateway, authorities: Some(file), ..quick() };
    let relay = relay::start(&stand.app, &settings).unwrap();
    let message = came_to(&stand, charge, MessageState::Delivered).await;
    assert_eq!(message.provider_reference.as_deref(), Some("by-tls"));
    relay.stop().await;
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_by_name() {
    let stand = Stand::new(0).await;
    let gateway = GatewaySettings::Webhook { url: "ftp://example.com".into(), secret: secret() };
    let problem = relay::start(&stand.app, &RelaySettings { gateway, ..quick() }).unwrap_err();
    assert_eq!(problem.code(), "invalid-relay-settings");
    let authorities = Some(stand.folder.path().join("none.pem"));
    assert!(relay::start(&stand.app, &RelaySettings { authorities, ..quick() }).is_err());
    assert!(!format!("{:?}", ApiSecret("op-key".into())).contains("op-key"));
    assert_eq!(stand.app.ledger.now(), Moment::from_micros(stand::START));
}
