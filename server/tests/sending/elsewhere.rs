//! The same on PostgreSQL, with two twins at the same campaigns.

use serde_json::json;
use tempfile::TempDir;
use textmeter_server::{app::App, ledger::Ledger};

use super::{americans, id_of, to};
use crate::{
    cluster::Cluster,
    stand::{Neighbour, Stand, policy, quick, shipped_card, until},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_twins_share_the_rows_of_a_campaign() {
    let cluster = Cluster::shared();
    let database = cluster.url(&cluster.database().await);
    let stand = Stand::over(&database, TempDir::new().unwrap(), 10_000_000, |policy| policy).await;
    let gateway = Neighbour::friendly().await;
    let other = Ledger::open(&database, policy(&stand.clock)).await.unwrap();
    let twin = App::new(shipped_card(), other);
    let settings = textmeter_server::relay::RelaySettings { gateway: to(&gateway), ..quick() };
    let relays = [stand.relay(to(&gateway)), textmeter_server::relay::start(&twin, &settings).unwrap()];

    let list = format!("{}A,72345\nB,+447400123456\n", americans(300));
    let refused = stand.campaign("too-dear", &[("max_price", "3.00")], &list).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("price-above-max")));
    let id = id_of(&stand.campaign("k", &[], &list).await);
    let shown = stand.until_settled(&id).await;
    assert_eq!((&shown["state"], &shown["messages"]["delivered"]), (&json!("finished"), &json!(301)));
    assert_eq!(shown["money"]["captured"], shown["quote"]["total"]);
    assert_eq!(stand.rows(&id, 100).await.len(), 302);

    // Stopped in the middle, by whichever of them.
    let id = id_of(&stand.campaign("k2", &[], &americans(600)).await);
    let stopped = stand.steer(&id, "stop").await;
    assert_eq!((stopped.status, &stopped.body["money"]["held"]), (200, &json!("0.00")), "{:#}", stopped.body);
    let campaign = id.parse().unwrap();
    until("texts that are gone", || async {
        let rows = stand.app.ledger.campaign_rows(stand.account, campaign, 0, 1_000).await.unwrap();
        rows.iter().all(|seen| seen.row.payload.is_none()).then_some(())
    })
    .await;
    let after = stand.until_settled(&id).await;
    for relay in relays {
        relay.stop().await;
    }
    let sent = 301 + after["rows"]["handed_on"].as_i64().unwrap();
    assert_eq!(gateway.posted().len(), usize::try_from(sent).unwrap(), "each by one of them, once");
    stand.proved().await;
    twin.ledger.close().await;
}
