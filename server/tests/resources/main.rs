//! Every resource over HTTP, judged from outside: what it answers, to whom, and what it moves.
// Outside of #[test] functions too: what fails here fails its test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod balance;
mod charges;
mod credits;
mod events;
mod every_route;
mod isolation;
mod keys;
mod quote_locks;
mod settings;
#[path = "../stand/mod.rs"]
mod stand;
mod usage;
mod workspaces;

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use stand::{Answered, Stand};
use textmeter_server::http::Scope;

/// A stand whose key may do everything a workspace's key may, and credit payments.
async fn stand_with(balance_micros: i64) -> Stand {
    let stand = Stand::new(balance_micros).await;
    let key = stand.key_with(&[&Scope::OF_WORKSPACES[..], &[Scope::TopUp]].concat()).await;
    Stand { key, ..stand }
}

impl Stand {
    /// Any request, with any key.
    async fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        self.ask(request.body(body).unwrap()).await
    }

    /// Any request, with the stand's key.
    async fn with_key(&self, method: &str, path: &str, body: &Value) -> Answered {
        self.request(method, path, &[("authorization", &self.key)], Some(body)).await
    }

    /// A POST that moves money.
    async fn keyed(&self, path: &str, idempotency_key: &str, body: &Value) -> Answered {
        self.post(path, &[("idempotency-key", idempotency_key)], body).await
    }

    /// A call of so many minutes to a landline in the United Kingdom.
    async fn call(&self, idempotency_key: &str, minutes: u32) -> Answered {
        let body = json!({ "channel": "call", "to": ["+442079460000"], "line_type": "landline", "minutes": minutes });
        self.keyed("/v1/charges", idempotency_key, &body).await
    }
}

impl Answered {
    /// A problem document with this code, about this field.
    fn is_problem(&self, status: u16, code: &str, at: &str) {
        assert_eq!(self.status, status, "{:#}", self.body);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        self.has(&[
            ("/code", json!(code)),
            ("/at", json!(at)),
            ("/status", json!(status)),
            ("/type", json!(format!("urn:textmeter:problem:{code}"))),
        ]);
        assert!(!self.body["detail"].as_str().unwrap().is_empty());
    }

    /// Went well, and says what it should.
    fn says(&self, status: u16, expected: &[(&str, Value)]) {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.has(expected);
    }

    fn text(&self, pointer: &str) -> String {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{:#}", self.body))
            .to_owned()
    }
}
