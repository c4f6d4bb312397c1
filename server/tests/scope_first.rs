//! Whoever may not ask is told that, and nothing of what was wrong with the question: on every described route the key's
//! scope is judged before path, query, headers and body.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // A judge may panic.

mod stand;

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use stand::{Answered, Stand};
use textmeter_server::http::Scope;

/// Asks for nothing that makes sense anywhere.
async fn nonsense(stand: &Stand, method: &str, path: &str, body: &'static str, key: &str) -> Answered {
    let path = path.replace("{id}", "nothing");
    let request = Request::builder()
        .method(method.to_uppercase().as_str())
        .uri(format!("{path}?nonsense=1&limit=many"))
        .header("authorization", key)
        .header("idempotency-key", "\"")
        .header("content-type", "application/json");
    stand.ask(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn the_scope_is_judged_before_the_question() {
    let stand = Stand::new(1_000_000).await;
    let all = [&Scope::OF_WORKSPACES[..], &[Scope::TopUp, Scope::Operate]].concat();
    let document = stand.get("/openapi.json").await.body;
    let mut judged = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(needed) = operation.get("security").and_then(Value::as_array) else { continue };
            let needs = |scope: &Scope| needed.iter().any(|one| one["key"] == json!([scope.as_str()]));
            let (enough, others): (Vec<Scope>, Vec<Scope>) = all.iter().copied().partition(needs);
            assert!(!enough.is_empty(), "{method} {path}: {needed:?}");
            let (lacking, having) = (stand.key_with(&others).await, stand.key_with(&enough).await);
            for body in ["", "{", "[]", "{\"nonsense\":1}", "\u{0}"] {
                let answer = nonsense(&stand, method, path, body, &lacking).await;
                let told = (answer.status, &answer.body["code"]);
                assert_eq!(told, (403, &json!("missing-scope")), "{method} {path} with {body:?}");
                let said = answer.body.to_string();
                for scope in &enough {
                    assert!(said.contains(&format!("\\\"{}\\\"", scope.as_str())), "{method} {path}: {said}");
                }
                let answer = nonsense(&stand, method, path, body, &having).await;
                assert!(![401, 403].contains(&answer.status), "{method} {path}: {:#}", answer.body);
                judged += 1;
            }
        }
    }
    assert!(judged > 100, "{judged}");
}
