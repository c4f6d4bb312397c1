//! How swift it is: a long list to its end by the gateway that only logs.

use std::time::Instant;

use textmeter_server::relay::{self, GatewaySettings, RelaySettings};

use super::{americans, id_of};
use crate::stand::{Stand, quick, until};

const ROWS: usize = 20_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_rows_are_held_and_sent() {
    let stand = Stand::new(1_000_000_000).await;
    let list = americans(ROWS);
    let began = Instant::now();
    let answer = stand.campaign("k", &[], &list).await;
    let id = id_of(&answer);
    let held = began.elapsed();
    let settings = RelaySettings { gateway: GatewaySettings::Log, ..quick() };
    let relay = relay::start(&stand.app, &settings).unwrap();
    let began = Instant::now();
    let campaign = id.parse().unwrap();
    until("the end", || async {
        let campaign = stand.app.ledger.campaign(stand.account, campaign).await.unwrap().unwrap();
        (campaign.waiting() == 0).then_some(())
    })
    .await;
    relay.stop().await;
    let sent = began.elapsed();
    let asked = Instant::now();
    let shown = stand.shown(&id).await;
    let looked = asked.elapsed();
    let rate = |took: std::time::Duration| u128::try_from(ROWS).unwrap() * 1_000 / took.as_millis().max(1);
    println!(
        "{ROWS} rows: drafted and held in {held:?} ({} a second), sent in {sent:?} ({} a second); looked up in {looked:?}",
        rate(held),
        rate(sent)
    );
    assert_eq!(shown["messages"]["delivered"], ROWS);
    assert_eq!(shown["money"]["captured"], "200.00");
    let found = stand.app.ledger.reconcile().await.unwrap();
    assert!(found.is_sound() && found.entries == i64::try_from(ROWS).unwrap() + 1, "{found:?}");
}
