//! The price that was agreed to: locked before, or a limit that comes with the send.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use textmeter::QuoteRequest;
use textmeter_server::{
    card::LoadedCard,
    document,
    ledger::{LockQuote, QuoteId},
    price::{Priced, subject},
};

use crate::{
    ABROAD, abroad, messages_of,
    stand::{Stand, shipped_card},
};

/// The shipped card under another id, with another price for the United Kingdom.
fn dearer_card() -> LoadedCard {
    let json = shipped_card().json;
    let mut card: Value = serde_json::from_str(&json).unwrap();
    card["id"] = json!("dearer");
    card["texting"]["territories"]["GB"] = json!("0.5");
    let json = card.to_string();
    let raw = document::read(json.as_bytes()).unwrap();
    LoadedCard { card: textmeter::RateCard::read(&raw).unwrap(), json }
}

async fn locked(stand: &Stand, text: &str) -> QuoteId {
    let request = QuoteRequest { text, to: vec![ABROAD], ..QuoteRequest::default() };
    let quote = stand.app.card.card.quote(&request).unwrap();
    let priced = Priced::of(&quote).unwrap();
    let id = QuoteId::new();
    let lock = LockQuote {
        account: stand.account,
        id,
        body: subject(&request, &quote),
        amount_micros: priced.amount_micros().unwrap(),
        document: priced.document(),
        lifetime: Duration::from_secs(300),
    };
    stand.app.ledger.tell(lock).await.unwrap().outcome.unwrap();
    id
}

#[tokio::test]
async fn case_16_a_locked_price_holds_for_minutes_and_one_use() {
    let mut stand = Stand::new(5_000_000).await;
    let (first, second, other) =
        (locked(&stand, "Hello").await, locked(&stand, "Hello").await, locked(&stand, "Hi").await);
    stand.app.card = Arc::new(dearer_card());
    let with = |id: QuoteId| {
        let mut body = abroad("Hello");
        body["quote_id"] = json!(id.to_string());
        body
    };
    assert_eq!(stand.send(&abroad("Hello")).await.body["data"]["cost"], json!("0.51"), "the new price");
    let sent = stand.send(&with(first)).await;
    sent.has(&[("/data/cost", json!("0.066")), ("/data/rate_card", json!(shipped_card().card.id()))]);
    for (id, code) in [(first, "quote-expired"), (other, "quote-mismatch"), (QuoteId::new(), "quote-expired")]
    {
        let refused = stand.send(&with(id)).await;
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!(code)));
    }
    stand.later(Duration::from_secs(301));
    let late = stand.send(&with(second)).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("quote-expired")));
    assert_eq!((stand.balance().await, messages_of(&stand).await), (5_000_000 - 510_000 - 66_000, 2));
}

#[tokio::test]
async fn case_16_nothing_is_sent_above_the_price_the_caller_accepts() {
    let stand = Stand::new(5_000_000).await;
    let mut body = abroad("Hello");
    body["max_price"] = json!("0.065999");
    let refused = stand.send(&body).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("price-above-max")));
    refused.has(&[("/price", json!("0.066")), ("/max_price", json!("0.065999")), ("/segments", json!(1))]);
    assert_eq!((stand.balance().await, messages_of(&stand).await), (5_000_000, 0));
    body["max_price"] = json!("0.066");
    assert_eq!(stand.send(&body).await.status, 202);
}
