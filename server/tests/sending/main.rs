//! `POST /v1/campaigns` and what follows from it, judged from outside: what is held, sent, charged and given back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic is how a test fails"
)]

mod broken;
#[path = "../cluster/mod.rs"]
mod cluster;
mod elsewhere;
mod refused;
#[path = "../stand/mod.rs"]
mod stand;
mod steered;
mod stingy;
mod swift;
mod whole;

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes},
    http::Request,
};
use serde_json::Value;
use stand::{Answered, Neighbour, Reaction, Stand, quick, secret, until};
use textmeter_server::relay::{self, GatewaySettings, RelayHandle, RelaySettings};

/// Who sends, in tests.
const FROM: &str = "+12025550100";
/// A text with a name in it.
const TEMPLATE: &str = "Hi {{name|there}}, see you soon!";

/// So many rows are more than is waited for before a draft is begun.
const LONG: usize = 20_000;

/// Query members, escaped.
fn query(members: &[(&str, &str)]) -> String {
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> =
        members.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&")
}

/// A body that comes in pieces of so many bytes.
fn pieces(bytes: &[u8], size: usize) -> Body {
    let pieces: Vec<Result<Bytes, Infallible>> =
        bytes.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    Body::from_stream(futures_util::stream::iter(pieces))
}

/// A list of so many Americans, from a number on.
fn americans(count: usize) -> String {
    let rows: String = (0..count).map(|n| format!("N{n},+1212{:07}\n", 2_000_000 + n)).collect();
    format!("name,phone\n{rows}")
}

/// What a list is sent: by name where it has names.
fn text_for(list: &str) -> &'static str {
    if list.starts_with("name") { TEMPLATE } else { "Hello" }
}

impl Stand {
    /// Sends a campaign with these members more in the query.
    async fn campaign(&self, key: &str, more: &[(&str, &str)], list: &str) -> Answered {
        let mut members = vec![("template", text_for(list))];
        members.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        members.extend_from_slice(more);
        self.campaign_of(key, &members, "text/csv", pieces(list.as_bytes(), 4_096)).await
    }

    /// The same by another's key.
    async fn campaign_by(&self, secret: &str, key: &str, list: &str) -> Answered {
        let request =
            Request::post(format!("/v1/campaigns?{}", query(&[("template", "Hi"), ("from", FROM)])))
                .header("authorization", secret)
                .header("content-type", "text/csv")
                .header("idempotency-key", key)
                .body(pieces(list.as_bytes(), 4_096))
                .unwrap();
        self.ask(request).await
    }

    async fn campaign_of(&self, key: &str, more: &[(&str, &str)], kind: &str, body: Body) -> Answered {
        let mut members = vec![("template", TEMPLATE), ("from", FROM)];
        members.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        members.extend_from_slice(more);
        let request = Request::post(format!("/v1/campaigns?{}", query(&members)))
            .header("authorization", &self.key)
            .header("content-type", kind)
            .header("idempotency-key", key)
            .body(body)
            .unwrap();
        self.ask(request).await
    }

    /// What the list is quoted.
    async fn quoted(&self, more: &[(&str, &str)], list: &str) -> Answered {
        let mut members = vec![("template", text_for(list))];
        members.extend_from_slice(more);
        let request = Request::post(format!("/v1/campaigns/quote?{}", query(&members)))
            .header("content-type", "text/csv")
            .body(Body::from(list.to_owned()))
            .unwrap();
        self.ask(request).await
    }

    /// A campaign as it stands.
    async fn shown(&self, id: &str) -> Value {
        let answer = self.get(&format!("/v1/campaigns/{id}")).await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        answer.body
    }

    /// All rows of a campaign, page by page.
    async fn rows(&self, id: &str, limit: usize) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/v1/campaigns/{id}/messages?limit={limit}{cursor}")).await;
            assert_eq!(page.status, 200, "{:#}", page.body);
            rows.extend(page.body["messages"].as_array().unwrap().clone());
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }

    async fn steer(&self, id: &str, to: &str) -> Answered {
        let request = Request::post(format!("/v1/campaigns/{id}/{to}"))
            .header("authorization", &self.key)
            .body(Body::empty())
            .unwrap();
        self.ask(request).await
    }

    /// Waits until a campaign is in a state.
    async fn until_state(&self, id: &str, state: &str) -> Value {
        let look = || async { Some(self.shown(id).await).filter(|shown| shown["state"] == state) };
        until(&format!("a campaign that is {state}"), look).await
    }

    /// Waits until everything that was handed on has come to an end.
    async fn until_settled(&self, id: &str) -> Value {
        let look = || async {
            Some(self.shown(id).await)
                .filter(|shown| shown["rows"]["waiting"] == 0 && shown["messages"]["queued"] == 0)
        };
        until("a campaign of which nothing waits", look).await
    }

    /// Balance, held and available.
    async fn purse(&self) -> [String; 3] {
        let balance = self.get("/v1/balance").await.body;
        ["balance", "held", "available"].map(|name| balance[name].as_str().unwrap().to_owned())
    }

    fn relay(&self, gateway: GatewaySettings) -> RelayHandle {
        relay::start(&self.app, &RelaySettings { gateway, ..quick() }).unwrap()
    }
}

fn to(gateway: &Neighbour) -> GatewaySettings {
    GatewaySettings::Webhook { url: gateway.url(), secret: secret() }
}

/// The id of a campaign that was accepted.
fn id_of(answer: &Answered) -> String {
    assert_eq!(answer.status, 202, "{:#}", answer.body);
    let id = answer.body["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), Some(format!("/v1/campaigns/{id}").as_str()));
    id
}

/// A gateway that takes everything but messages to numbers that end so.
async fn picky(refuses: &'static str) -> Neighbour {
    Neighbour::new(move |asked| {
        let to = asked.body["message"]["to"][0].as_str().unwrap_or_default();
        let status = if to.ends_with(refuses) { 422 } else { 200 };
        Some(Reaction::Say(status, serde_json::json!({})))
    })
    .await
}
