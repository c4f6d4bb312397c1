use std::time::Duration;

use serde_json::{Value, json};
use textmeter_server::{http::Scope, ledger::KEYS_WORKING_MAX};

use crate::{
    stand::{Answered, Stand},
    stand_with,
};

async fn make(stand: &Stand, body: Value) -> Answered {
    stand.with_key("POST", "/v1/keys", &body).await
}

async fn status_with(stand: &Stand, authorization: &str, path: &str) -> u16 {
    stand.request("GET", path, &[("authorization", authorization)], None).await.status
}

#[tokio::test]
async fn a_key_works_from_its_making_to_its_end() {
    let stand = stand_with(0).await;
    let made =
        make(&stand, json!({ "label": "nightly", "scopes": ["read", "read"], "expires_in": 60 })).await;
    made.says(
        201,
        &[
            ("/label", json!("nightly")),
            ("/scopes", json!(["read"])),
            ("/created_at", json!("2026-11-10T12:00:00Z")),
            ("/expires_at", json!("2026-11-10T12:01:00Z")),
            ("/revoked_at", Value::Null),
            ("/active", json!(true)),
        ],
    );
    let key = made.text("/key");
    assert!(key.starts_with("tm_") && key.len() == 46, "{key}");
    for form in [key.clone(), format!("Bearer {key}"), format!("bearer  {key}"), format!(" {key} ")] {
        assert_eq!(status_with(&stand, &form, "/v1/balance").await, 200, "{form}");
    }
    for form in
        [format!("Basic {key}"), format!("{key}x"), key.to_lowercase(), "Bearer".to_owned(), String::new()]
    {
        assert_eq!(status_with(&stand, &form, "/v1/balance").await, 401, "{form}");
    }
    stand.later(Duration::from_secs(59));
    assert_eq!(status_with(&stand, &key, "/v1/balance").await, 200);
    stand.later(Duration::from_secs(1));
    let ended = stand.request("GET", "/v1/balance", &[("authorization", &key)], None).await;
    ended.is_problem(401, "unauthorized", "");
    assert!(ended.text("/detail").contains("expired"), "{}", ended.body);
    let listed = stand.get("/v1/keys").await;
    let listed = listed.body["keys"].as_array().unwrap();
    let entry = listed.iter().find(|one| one["label"] == "nightly").unwrap();
    assert_eq!(entry["active"], json!(false));
    assert!(listed.iter().all(|one| one.get("key").is_none()), "secrets are shown once");
}

#[tokio::test]
async fn a_revoked_key_stops_at_once_and_for_good() {
    let stand = stand_with(0).await;
    let made = make(&stand, json!({ "label": "leaked", "scopes": ["read"] })).await;
    let (key, path) = (made.text("/key"), format!("/v1/keys/{}", made.text("/id")));
    assert_eq!(status_with(&stand, &key, "/v1/balance").await, 200);
    for _ in 0..2 {
        let headers = [("authorization", stand.key.as_str())];
        assert_eq!(stand.request("DELETE", &path, &headers, None).await.status, 204);
        assert_eq!(status_with(&stand, &key, "/v1/balance").await, 401);
    }
    let listed = stand.get("/v1/keys").await;
    let entry = listed.body["keys"].as_array().unwrap().iter().find(|one| one["label"] == "leaked").unwrap();
    assert_eq!((&entry["active"], &entry["revoked_at"]), (&json!(false), &json!("2026-11-10T12:00:00Z")));
    for nothing in ["0197d2a4-0000-7000-8000-000000000000", "x"] {
        let headers = [("authorization", stand.key.as_str())];
        let answer = stand.request("DELETE", &format!("/v1/keys/{nothing}"), &headers, None).await;
        answer.is_problem(404, "not-found", "");
    }
}

/// A key gives what it has and nothing more: no way leads from a small key to a large one.
#[tokio::test]
async fn a_key_cannot_give_what_it_has_not() {
    let stand = stand_with(0).await;
    let small = stand.key_with(&[Scope::Manage, Scope::Read]).await;
    let with = |scopes: Value| {
        let body = json!({ "label": "more", "scopes": scopes });
        let (stand, small) = (&stand, &small);
        async move { stand.request("POST", "/v1/keys", &[("authorization", small)], Some(&body)).await }
    };
    assert_eq!(with(json!(["read", "manage"])).await.status, 201);
    // Nobody makes money over HTTP: whoever may credit payments was told so on the command line.
    let rich = stand.key_with(&[Scope::Manage, Scope::TopUp]).await;
    let body = json!({ "label": "more", "scopes": ["top-up"] });
    let answer = stand.request("POST", "/v1/keys", &[("authorization", &rich)], Some(&body)).await;
    answer.is_problem(422, "invalid-value", "scopes[0]");
    for scopes in [json!(["send"]), json!(["read", "credits"])] {
        with(scopes).await.is_problem(403, "missing-scope", "");
    }
    // Nobody makes an operator's key over HTTP, an operator included.
    let operator = stand.key_with(&[Scope::Manage, Scope::Operate]).await;
    let body = json!({ "label": "more", "scopes": ["operate"] });
    let answer = stand.request("POST", "/v1/keys", &[("authorization", &operator)], Some(&body)).await;
    answer.is_problem(422, "invalid-value", "scopes[0]");
}

#[tokio::test]
async fn a_key_that_cannot_be_is_named() {
    let stand = stand_with(0).await;
    for (body, code, at) in [
        (json!({ "label": "a" }), "missing-field", "scopes"),
        (json!({ "label": "a", "scopes": [] }), "invalid-value", "scopes"),
        (json!({ "label": "a", "scopes": "read" }), "wrong-type", "scopes"),
        (json!({ "label": "a", "scopes": ["write"] }), "invalid-value", "scopes[0]"),
        (json!({ "label": "a", "scopes": ["read"], "expires_in": 0 }), "invalid-value", "expires_in"),
        (
            json!({ "label": "a", "scopes": ["read"], "expires_in": 315_360_001 }),
            "invalid-value",
            "expires_in",
        ),
        (json!({ "label": "a", "scopes": ["read"], "expires_in": -1 }), "invalid-value", "expires_in"),
        (json!({ "label": "", "scopes": ["read"] }), "invalid-value", "label"),
        (json!({ "label": "a\u{7}", "scopes": ["read"] }), "invalid-value", "label"),
        (json!({ "label": "a", "scopes": ["read"], "key": "tm_mine" }), "unknown-field", "key"),
    ] {
        make(&stand, body.clone()).await.is_problem(422, code, at);
    }
    assert_eq!(stand.get("/v1/keys").await.body["keys"].as_array().unwrap().len(), 2, "the stand's own two");
}

#[tokio::test]
async fn keys_are_listed_in_pages_and_those_that_work_at_once() {
    let stand = stand_with(0).await;
    for n in 0..5 {
        let body = json!({ "label": format!("key {n}"), "scopes": ["read"], "expires_in": 60 });
        assert_eq!(make(&stand, body).await.status, 201);
    }
    stand.later(Duration::from_secs(60));
    let labels = |answer: &Answered| -> Vec<String> {
        let keys = answer.body["keys"].as_array().unwrap();
        keys.iter().map(|key| key["label"].as_str().unwrap().to_owned()).collect()
    };
    let (mut seen, mut path) = (Vec::new(), "/v1/keys?limit=2".to_owned());
    loop {
        let page = stand.get(&path).await;
        let found = labels(&page);
        assert!(found.len() <= 2, "{:#}", page.body);
        seen.extend(found);
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        path = format!("/v1/keys?limit=2&cursor={next}");
    }
    assert_eq!(seen.len(), 7, "five and the stand's own two");
    assert_eq!(seen[..5], ["key 4", "key 3", "key 2", "key 1", "key 0"], "newest first");
    let working = stand.get("/v1/keys?active=true").await;
    assert_eq!(labels(&working), seen[5..]);
    working.says(200, &[("/next_cursor", Value::Null), ("/keys/0/active", json!(true))]);
    for (query, at) in
        [("cursor=x", "cursor"), ("limit=0", "limit"), ("limit=1001", "limit"), ("active=maybe", "")]
    {
        stand.get(&format!("/v1/keys?{query}")).await.is_problem(400, "invalid-query", at);
    }
}

/// Keys are made without end by nobody: past the limit it is said what to do, and doing it helps.
#[tokio::test]
async fn a_workspace_has_so_many_keys_and_no_more() {
    let stand = stand_with(0).await;
    let label = |scope: &str| json!({ "label": "one of many", "scopes": [scope] });
    let mut last = String::new();
    // The stand has two of its own.
    for _ in 2..KEYS_WORKING_MAX {
        let made = make(&stand, label("read")).await;
        assert_eq!(made.status, 201, "{:#}", made.body);
        last = made.text("/id");
    }
    let refused = make(&stand, label("read")).await;
    refused.is_problem(409, "too-many-keys", "");
    refused.has(&[("/max", json!(KEYS_WORKING_MAX))]);
    assert!(refused.text("/detail").contains("revoke one"), "{:#}", refused.body);
    let headers = [("authorization", stand.key.as_str())];
    assert_eq!(stand.request("DELETE", &format!("/v1/keys/{last}"), &headers, None).await.status, 204);
    assert_eq!(make(&stand, label("read")).await.status, 201);
    make(&stand, label("send")).await.is_problem(409, "too-many-keys", "");
}
