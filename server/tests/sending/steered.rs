//! Pausing, resuming, stopping; and what does it by itself.

use serde_json::json;
use textmeter_server::{ledger::Setting, relay::GatewaySettings};

use super::{americans, id_of, to, whole::micros};
use crate::stand::{Neighbour, Reaction, Stand, until};

/// A gateway that answers so many requests, and then keeps silent until its time is up.
async fn stuck() -> Neighbour {
    Neighbour::new(|_| Some(Reaction::Silence)).await
}

#[tokio::test]
async fn a_pause_takes_hold_at_once_and_resuming_goes_on() {
    let stand = Stand::new(1_000_000).await;
    let gateway = stuck().await;
    let id = id_of(&stand.campaign("k", &[], &americans(100)).await);
    let relay = stand.relay(to(&gateway));
    // As many as are handed on at the same time, and none of those that come after them.
    gateway.asked_times(16).await;
    let paused = stand.steer(&id, "pause").await;
    paused.has(&[("/state", json!("paused")), ("/paused_because", json!("asked"))]);
    let sent = paused.body["rows"]["handed_on"].as_i64().unwrap();
    assert!((16..=32).contains(&sent), "{sent}");
    assert_eq!(stand.steer(&id, "pause").await.body["state"], "paused");
    relay.stop().await;
    let shown = stand.shown(&id).await;
    assert_eq!(shown["rows"]["handed_on"], json!(sent));
    let held = 1_000_000 - sent * 10_000;
    assert_eq!(micros(shown["money"]["held"].as_str().unwrap()), held);

    let relay = stand.relay(GatewaySettings::Log);
    let resumed = stand.steer(&id, "resume").await;
    resumed.has(&[("/state", json!("sending")), ("/paused_because", json!(null))]);
    assert_eq!(stand.steer(&id, "resume").await.status, 200);
    stand.until_state(&id, "finished").await;
    // Those the first gateway kept silent about are asked after when they are due again.
    stand.later(std::time::Duration::from_secs(3_600));
    stand.until_settled(&id).await;
    relay.stop().await;
    assert_eq!(stand.purse().await, ["0.00", "0.00", "0.00"]);
    for to in ["pause", "resume", "stop"] {
        let late = stand.steer(&id, to).await;
        assert_eq!(
            (late.status, &late.body["code"], &late.body["state"]),
            (409, &json!("campaign-ended"), &json!("finished"))
        );
    }
    stand.proved().await;
}

#[tokio::test]
async fn stopping_releases_the_rest_and_drops_the_texts() {
    let stand = Stand::new(1_000_000).await;
    let gateway = stuck().await;
    let id = id_of(&stand.campaign("k", &[], &americans(60)).await);
    let relay = stand.relay(to(&gateway));
    gateway.asked_times(16).await;
    let stopped = stand.steer(&id, "stop").await;
    let sent = stopped.body["rows"]["handed_on"].as_i64().unwrap();
    stopped.has(&[
        ("/state", json!("stopped")),
        ("/money/held", json!("0.00")),
        ("/rows/waiting", json!(0)),
        ("/rows/cancelled", json!(60 - sent)),
    ]);
    let released = micros(stopped.body["money"]["released"].as_str().unwrap());
    assert_eq!(released, (60 - sent) * 10_000);
    assert_eq!(stand.account().await.held_micros, 0);
    assert_eq!(stand.balance().await, 1_000_000 - sent * 10_000);
    assert_eq!(stand.steer(&id, "stop").await.status, 200, "it says a state");
    for to in ["pause", "resume"] {
        assert_eq!(stand.steer(&id, to).await.body["code"], "campaign-ended");
    }
    let rows = stand.rows(&id, 50).await;
    let cancelled = rows.iter().filter(|row| row["status"] == "cancelled").count();
    assert_eq!(i64::try_from(cancelled).unwrap(), 60 - sent);
    // Nobody keeps what nobody will send.
    let campaign = id.parse().unwrap();
    until("texts that are gone", || async {
        let rows = stand.app.ledger.campaign_rows(stand.account, campaign, 0, 1_000).await.unwrap();
        rows.iter().all(|seen| seen.row.payload.is_none()).then_some(())
    })
    .await;
    relay.stop().await;
    stand.proved().await;
}

#[tokio::test]
async fn a_subscription_that_ends_pauses_and_says_so() {
    let stand = Stand::new(1_000_000).await;
    let ears = Neighbour::friendly().await;
    stand.tell_events_to(ears.url()).await;
    let id = id_of(&stand.campaign("k", &[], &americans(20)).await);
    stand.configure(Setting::SubscriptionActive(false)).await;
    let relay = stand.relay(GatewaySettings::Log);
    let shown = stand.until_state(&id, "paused").await;
    assert_eq!(
        (&shown["paused_because"], &shown["rows"]["waiting"]),
        (&json!("subscription-inactive"), &json!(20))
    );
    assert_eq!(shown["money"]["held"], "0.20");
    let paused = until("word of the pause", || async {
        ears.posted().into_iter().find(|asked| asked.body["type"] == "campaign.paused")
    });
    assert_eq!(paused.await.body["data"]["reason"], "subscription-inactive");
    let refused = stand.steer(&id, "resume").await;
    assert_eq!((refused.status, &refused.body["code"]), (402, &json!("subscription-inactive")));
    stand.configure(Setting::SubscriptionActive(true)).await;
    assert_eq!(stand.steer(&id, "resume").await.status, 200);
    stand.until_settled(&id).await;
    relay.stop().await;
    stand.proved().await;
}

#[tokio::test]
async fn a_gateway_that_is_down_holds_the_rest_back() {
    let stand = Stand::new(5_000_000).await;
    let gateway = Neighbour::new(|_| Some(Reaction::Say(503, json!({})))).await;
    let id = id_of(&stand.campaign("k", &[], &americans(400)).await);
    let relay = stand.relay(to(&gateway));
    gateway.asked_times(32).await;
    // Another round goes by with a plain send, and no further row is charged for what nobody takes.
    assert_eq!(stand.send_one().await.status, 202);
    let plain = |asked: &crate::stand::Asked| asked.body["message"]["to"][0] == "+12125550123";
    until("the plain send", || async { gateway.posted().iter().any(plain).then_some(()) }).await;
    let handed_on = stand.shown(&id).await["rows"]["handed_on"].as_i64().unwrap();
    assert!((32..=64).contains(&handed_on), "{handed_on}");
    relay.stop().await;
    stand.proved().await;
}
