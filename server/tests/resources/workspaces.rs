use serde_json::{Value, json};
use textmeter_server::http::Scope;

use crate::{stand::Stand, stand_with};

async fn operated() -> Stand {
    let stand = stand_with(0).await;
    let key = stand.key_with(&[Scope::Operate]).await;
    Stand { key, ..stand }
}

/// One program takes the payments of all workspaces; with less than both scopes nobody credits another's.
#[tokio::test]
async fn whoever_operates_and_is_paid_credits_any_workspace() {
    let stand = operated().await;
    let opened = stand.with_key("POST", "/v1/workspaces", &json!({ "name": "Acme" })).await;
    let paid = json!({ "amount": "7", "provider": "bank", "payment": "1", "workspace": opened.body["id"] });
    let till = stand.key_with(&[Scope::Operate, Scope::TopUp]).await;
    for scopes in [&[Scope::Operate][..], &[Scope::TopUp], &Scope::OF_WORKSPACES] {
        let key = stand.key_with(scopes).await;
        let answer = stand.request("POST", "/v1/top-ups", &[("authorization", &key)], Some(&paid)).await;
        answer.is_problem(403, "missing-scope", "");
    }
    let credited = stand.request("POST", "/v1/top-ups", &[("authorization", &till)], Some(&paid)).await;
    credited.says(201, &[("/balance", json!("7.00"))]);
    let theirs = opened.text("/key");
    let balance = stand.request("GET", "/v1/balance", &[("authorization", &theirs)], None).await;
    balance.says(200, &[("/balance", json!("7.00"))]);
    assert_eq!(stand.balance().await, 0, "and not its own");
    let nobody = json!({ "amount": "7", "provider": "bank", "payment": "2", "workspace": uuid::Uuid::nil() });
    let answer = stand.request("POST", "/v1/top-ups", &[("authorization", &till)], Some(&nobody)).await;
    answer.is_problem(422, "invalid-value", "workspace");
}

#[tokio::test]
async fn a_workspace_is_opened_with_a_key_that_works() {
    let stand = operated().await;
    let opened = stand.with_key("POST", "/v1/workspaces", &json!({ "name": "Acme" })).await;
    opened.says(
        201,
        &[
            ("/name", json!("Acme")),
            ("/currency", json!("USD")),
            ("/balance", json!("0.00")),
            ("/subscription_active", json!(true)),
            ("/out_of_credit_since", Value::Null),
            ("/opened_at", json!("2026-11-10T12:00:00Z")),
        ],
    );
    let key = opened.text("/key");
    let settings = stand.request("GET", "/v1/settings", &[("authorization", &key)], None).await;
    settings.says(200, &[("/id", opened.body["id"].clone()), ("/name", json!("Acme"))]);
    let keys = stand.request("GET", "/v1/keys", &[("authorization", &key)], None).await;
    keys.says(200, &[("/keys/0/label", json!("first key"))]);
    // The operator's key is nobody's: it opens workspaces and does not spend their credits.
    for (method, path) in [("GET", "/v1/balance"), ("GET", "/v1/usage"), ("GET", "/v1/keys")] {
        let answer = stand.request(method, path, &[("authorization", &stand.key)], None).await;
        answer.is_problem(403, "missing-scope", "");
    }
    for (body, code, at) in [
        (json!({}), "missing-field", "name"),
        (json!({ "name": "" }), "invalid-value", "name"),
        (json!({ "name": "a\tb" }), "invalid-value", "name"),
        (json!({ "name": "a", "currency": "EUR" }), "unknown-field", "currency"),
    ] {
        stand.with_key("POST", "/v1/workspaces", &body).await.is_problem(422, code, at);
    }
}

#[tokio::test]
async fn workspaces_are_listed_a_page_at_a_time() {
    let stand = operated().await;
    for number in 0..4 {
        let name = json!({ "name": format!("number {number}") });
        assert_eq!(stand.with_key("POST", "/v1/workspaces", &name).await.status, 201);
    }
    let (mut names, mut path) = (Vec::new(), "/v1/workspaces?limit=2".to_owned());
    loop {
        let page = stand.get(&path).await;
        assert_eq!(page.status, 200);
        let workspaces = page.body["workspaces"].as_array().unwrap();
        names.extend(workspaces.iter().map(|one| one["name"].as_str().unwrap().to_owned()));
        assert!(workspaces.iter().all(|one| one.get("key").is_none()));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/v1/workspaces?limit=2&cursor={cursor}");
    }
    assert_eq!(names, ["test", "number 0", "number 1", "number 2", "number 3"]);
    for (query, at) in [("limit=0", "limit"), ("cursor=here", "cursor")] {
        stand.get(&format!("/v1/workspaces?{query}")).await.is_problem(400, "invalid-query", at);
    }
}

#[tokio::test]
async fn a_subscription_is_switched_by_the_operator() {
    let stand = operated().await;
    let sender = stand.key_with(&[Scope::Send]).await;
    stand.top_up(1_000_000).await;
    let path = format!("/v1/workspaces/{}", stand.account);
    for (active, status) in [(false, 402), (true, 202)] {
        let changed = stand.with_key("PATCH", &path, &json!({ "subscription_active": active })).await;
        changed.says(200, &[("/subscription_active", json!(active))]);
        let body = crate::stand::message("Hello");
        let sent = stand.request("POST", "/v1/messages", &[("authorization", &sender)], Some(&body)).await;
        assert_eq!(sent.status, status);
        if status == 402 {
            sent.has(&[("/code", json!("0201402")), ("/title", json!("Subscription Expired"))]);
        }
    }
    let nobody = "/v1/workspaces/0197d2a4-0000-7000-8000-000000000000";
    let answer = stand.with_key("PATCH", nobody, &json!({ "subscription_active": true })).await;
    answer.is_problem(404, "not-found", "");
}
