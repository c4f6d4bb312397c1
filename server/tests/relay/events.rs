//! What a workspace is told of.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use textmeter_server::{
    ledger::Setting,
    relay::{self, RelaySettings},
};

use crate::{
    BALANCE, paid,
    stand::{Asked, Neighbour, Reaction, Stand, quick, secret, until},
};

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
