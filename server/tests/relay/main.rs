//! The relay, over a real ledger and beside real servers. Numbered cases are those a prepaid ledger must get right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A judge may panic.

mod events;
mod handed_on;
mod provider;
mod settings;
#[path = "../stand/mod.rs"]
mod stand;

use stand::{Neighbour, Stand, message, quick, secret, until};
use textmeter_server::{
    ledger::{ChargeId, Message, MessageState},
    relay::{GatewaySettings, RelaySettings},
};

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
