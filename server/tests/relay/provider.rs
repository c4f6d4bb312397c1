//! The provider's own API as the gateway.

use std::time::Duration;

use serde_json::json;
use textmeter_server::{
    ledger::MessageState,
    relay::{self, ApiSecret, GatewaySettings, RelaySettings},
};

use crate::{
    BALANCE, came_to, paid,
    stand::{Asked, Neighbour, Reaction, Stand, quick},
};

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
