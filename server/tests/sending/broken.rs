//! Lists that do not come to their end: nothing is held, nothing is sent, and nothing of them is kept.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use serde_json::json;
use textmeter_server::{
    ledger::{CampaignId, DraftCampaign, DropCampaign, Funds},
    relay::GatewaySettings,
};

use super::{LONG, americans, id_of};
use crate::stand::{Stand, until};

/// How many rows the ledger keeps of campaigns that are nobody's any more.
async fn leftovers(stand: &Stand) -> i64 {
    let file = stand.folder.path().join("ledger.db");
    let database = rusqlite::Connection::open(file).unwrap();
    let rows = "SELECT (SELECT count(*) FROM campaign_rows) + (SELECT count(*) FROM campaigns WHERE state IN \
                ('draft', 'dropped'))";
    database.query_row(rows, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_list_that_breaks_off_comes_to_nothing() {
    let stand = Stand::new(10_000_000).await;
    let half = Bytes::from(americans(LONG));
    let body = futures_util::stream::iter([Ok(half), Err(std::io::Error::other("gone"))]);
    let refused = stand.campaign_of("k", &[], "text/csv", Body::from_stream(body)).await;
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!("incomplete-body")));
    assert_eq!(stand.purse().await, ["10.00", "0.00", "10.00"]);
    // The key is free again: nothing was answered under it that would be kept.
    id_of(&stand.campaign("k", &[], &americans(600)).await);
    let relay = stand.relay(GatewaySettings::Log);
    until("nothing of it", || async { (leftovers(&stand).await == 600).then_some(()) }).await;
    relay.stop().await;
    stand.proved().await;
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_nothing() {
    let stand = Stand::new(10_000_000).await;
    let first = Bytes::from(americans(LONG));
    // The list goes on and on, until its caller is gone.
    let body =
        futures_util::stream::iter([Ok::<_, std::io::Error>(first)]).chain(futures_util::stream::pending());
    let asking = stand.campaign_of("k", &[], "text/csv", Body::from_stream(body));
    assert!(tokio::time::timeout(Duration::from_millis(500), asking).await.is_err());
    let relay = stand.relay(GatewaySettings::Log);
    until("nothing of it", || async { (leftovers(&stand).await == 0).then_some(()) }).await;
    relay.stop().await;
    assert_eq!(stand.purse().await, ["10.00", "0.00", "10.00"]);
    assert_eq!(stand.get("/v1/campaigns").await.body["campaigns"], json!([]));
    // Its place is free again.
    id_of(&stand.campaign("k", &[], &americans(3)).await);
}

#[tokio::test]
async fn a_draft_whose_process_died_is_swept_at_the_next_start_and_by_its_age() {
    let stand = Stand::new(10_000_000).await;
    let draft = || DraftCampaign {
        account: stand.account,
        id: CampaignId::new(),
        name: None,
        channel: "api".into(),
        unit: "segment".into(),
        rate_card: "card".into(),
        sender: "+12025550100".into(),
        funds: Funds::All,
    };
    stand.app.ledger.tell(draft()).await.unwrap().outcome.unwrap();
    stand.later(Duration::from_secs(1));
    let relay = stand.relay(GatewaySettings::Log);
    until("the draft is gone", || async { (leftovers(&stand).await == 0).then_some(()) }).await;
    // One that is begun now is somebody's, for a while.
    stand.later(Duration::from_secs(1));
    stand.app.ledger.tell(draft()).await.unwrap().outcome.unwrap();
    stand.later(Duration::from_secs(890));
    // Another one that is given up is swept by a round that leaves the first alone.
    let (account, given_up) = (stand.account, draft());
    let id = given_up.id;
    stand.app.ledger.tell(given_up).await.unwrap().outcome.unwrap();
    stand
        .app
        .ledger
        .tell(DropCampaign { account, id, untouched_since: None })
        .await
        .unwrap()
        .outcome
        .unwrap();
    until("a round", || async { (leftovers(&stand).await == 1).then_some(()) }).await;
    stand.later(Duration::from_secs(20));
    until("it is gone too", || async { (leftovers(&stand).await == 0).then_some(()) }).await;
    relay.stop().await;
}

#[tokio::test]
async fn a_list_that_is_too_long_is_refused() {
    let stand = Stand::new(10_000_000).await;
    let rows = textmeter_server::ledger::CAMPAIGN_ROWS_MAX + 1;
    let list = format!("phone\n{}", "1\n".repeat(rows));
    let refused = stand.campaign("k", &[("template", "Hi")], &list).await;
    assert_eq!((refused.status, &refused.body["code"]), (413, &json!("too-many-rows")));
}
