//! Every described route, asked by everybody who may not: with no key, with one that never was, that was revoked, that has
//! expired, that lacks the scope, and that belongs to another workspace. The routes are taken from the description that
//! is served: one that is added and not said here how to ask fails.

use std::{collections::BTreeSet, time::Duration};

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use textmeter_server::{
    http::Scope,
    ledger::{
        AccountId, CreateKey, Digest, KeyId, OpenAccount, PaymentId, RevokeKey, Setting, TopUp, new_secret,
    },
};

use crate::{
    stand::{Answered, Stand},
    stand_with,
};

/// Words and figures of the first workspace that no other may ever be told.
const PRIVATE: [&str; 4] = ["alpha-name", "alpha.example.com", "alpha-payment", "alpha-label"];

/// Two workspaces, and what the first one has.
struct Neighbours {
    stand: Stand,
    other: AccountId,
    charge: String,
    message: String,
    spare_key: String,
    campaign: String,
}

/// One operation of the description.
pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Any one of them is enough; none: no key is needed.
    pub(crate) scopes: BTreeSet<String>,
}

pub(crate) async fn described(stand: &Stand) -> Vec<Operation> {
    let document = stand.get("/openapi.json").await.body;
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let needed = operation.get("security").and_then(Value::as_array).cloned().unwrap_or_default();
            let scopes = needed.iter().flat_map(|one| one.as_object().unwrap().values());
            let scopes = scopes.flat_map(|names| names.as_array().unwrap().clone());
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                scopes: scopes.map(|name| name.as_str().unwrap().to_owned()).collect(),
            });
        }
    }
    operations
}

impl Neighbours {
    async fn new() -> Neighbours {
        let stand = stand_with(0).await;
        stand.configure(Setting::Name(PRIVATE[0].into())).await;
        let url = format!("https://{}/", PRIVATE[1]);
        assert_eq!(stand.with_key("PUT", "/v1/webhook", &json!({ "url": url })).await.status, 200);
        let paid = json!({ "amount": "7.77", "provider": "bank", "payment": PRIVATE[2] });
        assert_eq!(stand.post("/v1/top-ups", &[], &paid).await.status, 201);
        let label = json!({ "label": PRIVATE[3], "scopes": ["read"] });
        let spare_key = stand.with_key("POST", "/v1/keys", &label).await.text("/id");
        let sent = stand.send_one().await;
        let (charge, message) = (sent.text("/data/charge_id"), sent.text("/data/id"));
        let sent = list(&stand, "k", Some(&stand.key)).await;
        assert_eq!(sent.status, 202, "{:#}", sent.body);
        let campaign = sent.text("/id");
        let other = AccountId::new();
        let open = OpenAccount { id: other, name: "other".into(), currency: "USD".into() };
        stand.app.ledger.tell(open).await.unwrap().outcome.unwrap();
        Neighbours { stand, other, charge, message, spare_key, campaign }
    }

    /// A key of the first workspace that worked for a second, or was revoked at once.
    async fn ended_key(&self, lifetime: Option<Duration>) -> String {
        let secret = new_secret().unwrap();
        let id = KeyId::new();
        let key = CreateKey {
            account: self.stand.account,
            id,
            digest: Digest::of(secret.as_bytes()),
            label: "ended".into(),
            scopes: all_scopes().iter().map(|scope| scope.as_str().to_owned()).collect(),
            lifetime,
        };
        self.stand.app.ledger.tell(key).await.unwrap().outcome.unwrap();
        if lifetime.is_none() {
            let revoke = RevokeKey { account: self.stand.account, id };
            self.stand.app.ledger.tell(revoke).await.unwrap().outcome.unwrap();
        }
        secret
    }

    /// The operation, asked about what the first workspace has, in a way that works for it.
    async fn ask(&self, operation: &Operation, key: Option<&str>) -> Answered {
        let id = match operation.path.as_str() {
            "/v1/charges/{id}" => self.charge.clone(),
            "/v1/messages/{id}" => self.message.clone(),
            path if path.starts_with("/v1/campaigns/{id}") => self.campaign.clone(),
            "/v1/keys/{id}" => self.spare_key.clone(),
            "/v1/workspaces/{id}" => self.stand.account.to_string(),
            path => {
                assert!(!path.contains('{'), "a new route: say how {} {path} is asked", operation.method);
                String::new()
            }
        };
        let text = json!({ "text": "Hello", "to": ["+447400123456"] });
        let body = match (operation.method.as_str(), operation.path.as_str()) {
            ("POST", "/v1/quotes" | "/v1/campaigns/quote" | "/v1/quote-locks" | "/v1/charges") => text,
            ("POST", "/v1/messages") => crate::stand::message("Hello"),
            ("POST", "/v1/top-ups") => {
                json!({ "amount": "1", "provider": "bank", "payment": KeyId::new().to_string() })
            }
            ("POST", "/v1/credits/apply") => json!({ "to": "subscription" }),
            ("POST", "/v1/keys") => json!({ "label": "new", "scopes": ["manage"] }),
            ("POST", "/v1/workspaces") => json!({ "name": "new" }),
            ("POST", "/v1/payments/webhook") => json!({ "type": "payment.succeeded", "data": {} }),
            ("PATCH", "/v1/settings") => json!({ "low_balance_threshold": "0.01" }),
            ("PATCH", "/v1/workspaces/{id}") => json!({ "subscription_active": true }),
            ("PUT", "/v1/webhook") => json!({ "url": "https://example.com/" }),
            ("GET" | "DELETE", _) => Value::Null,
            ("POST", path) if path.starts_with("/v1/campaigns/{id}/") => Value::Null,
            ("POST", "/v1/campaigns") => return list(&self.stand, &KeyId::new().to_string(), key).await,
            (method, path) => panic!("a new route: say how {method} {path} is asked"),
        };
        let unique = KeyId::new().to_string();
        let mut headers = vec![("idempotency-key", unique.as_str())];
        headers.extend(key.map(|key| ("authorization", key)));
        let path = operation.path.replace("{id}", &id);
        let body = Some(&body).filter(|body| !body.is_null());
        self.stand.request(&operation.method, &path, &headers, body).await
    }

    /// Everything the first workspace has.
    async fn state(&self) -> String {
        let ledger = &self.stand.app.ledger;
        let id = self.stand.account;
        format!(
            "{:#?}{:#?}{:#?}{:#?}{:#?}{:#?}{:#?}{:#?}",
            ledger.account(id).await.unwrap(),
            ledger.history(id, None, 1_000).await.unwrap(),
            ledger.keys(id, None, 1_000).await.unwrap(),
            ledger.webhook(id).await.unwrap(),
            ledger.events(id, 1_000).await.unwrap(),
            ledger.auto_charge(id).await.unwrap(),
            ledger.charge(id, self.charge.parse().unwrap()).await.unwrap(),
            ledger.campaigns(id, None, 1_000).await.unwrap(),
        )
    }
}

/// A campaign of two rows.
async fn list(stand: &Stand, idempotency_key: &str, key: Option<&str>) -> Answered {
    let path = "/v1/campaigns?template=Hi&from=%2B12025550100";
    let mut request =
        Request::post(path).header("content-type", "text/csv").header("idempotency-key", idempotency_key);
    if let Some(key) = key {
        request = request.header("authorization", key);
    }
    stand.ask(request.body(Body::from("phone\n+12125550123\n+12125550124\n")).unwrap()).await
}

fn all_scopes() -> Vec<Scope> {
    [&Scope::OF_WORKSPACES[..], &[Scope::TopUp, Scope::Operate]].concat()
}

/// Refused in the envelope its callers read.
fn is_refused(operation: &Operation, answer: &Answered, status: u16, code: &str) {
    let asked = format!("{} {}", operation.method, operation.path);
    assert_eq!(answer.status, status, "{asked}: {:#}", answer.body);
    let theirs = operation.path.starts_with("/v1/messages") || operation.path == "/v1/phone-numbers";
    let (code, media_type) = match (theirs, status) {
        (true, 401) => ("0200401", "application/json"),
        (true, 404) => ("0200404", "application/json"),
        (true, _) => (code, "application/json"),
        (false, _) => (code, "application/problem+json"),
    };
    assert_eq!(answer.body["code"], json!(code), "{asked}");
    assert_eq!(answer.header("content-type"), Some(media_type), "{asked}");
}

#[tokio::test]
async fn nobody_reads_or_writes_what_is_not_theirs() {
    let neighbours = Neighbours::new().await;
    let stand = &neighbours.stand;
    let operations = described(stand).await;
    let expired = neighbours.ended_key(Some(Duration::from_secs(1))).await;
    let revoked = neighbours.ended_key(None).await;
    stand.later(Duration::from_secs(2));
    let never = new_secret().unwrap();
    let before = neighbours.state().await;
    let mut open = Vec::new();
    for operation in &operations {
        if operation.scopes.is_empty() {
            open.push(format!("{} {}", operation.method, operation.path));
            continue;
        }
        for key in [None, Some(&never), Some(&expired), Some(&revoked)] {
            let answer = neighbours.ask(operation, key.map(String::as_str)).await;
            is_refused(operation, &answer, 401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"textmeter\""));
        }
        let lacking: Vec<Scope> =
            all_scopes().into_iter().filter(|scope| !operation.scopes.contains(scope.as_str())).collect();
        let lacking = stand.key_with(&lacking).await;
        let before = neighbours.state().await;
        let answer = neighbours.ask(operation, Some(&lacking)).await;
        is_refused(operation, &answer, 403, "missing-scope");
        assert_eq!(neighbours.state().await, before, "{} {}", operation.method, operation.path);
    }
    let everybody_s =
        ["POST /v1/campaigns/quote", "POST /v1/payments/webhook", "POST /v1/quotes", "GET /v1/rates"];
    assert_eq!(open, everybody_s, "open to everybody");
    assert_ne!(neighbours.state().await, before, "keys were made");

    // With a good key of another workspace: its own things, or nothing.
    let theirs = stand.key_of(neighbours.other, &Scope::OF_WORKSPACES).await;
    let before = neighbours.state().await;
    let private = PRIVATE.map(str::to_owned).into_iter().chain([
        stand.account.to_string(),
        stand.account.uuid().simple().to_string(),
        neighbours.charge.clone(),
        neighbours.message.clone(),
        neighbours.spare_key.clone(),
        neighbours.campaign.clone(),
        "7.7".to_owned(),
    ]);
    let private: Vec<String> = private.collect();
    for operation in &operations {
        // What was applied before is not there to send with.
        let payment = PaymentId { provider: "bank".into(), payment: KeyId::new().to_string() };
        let top_up = TopUp { account: neighbours.other, payment, amount_micros: 5_000_000 };
        stand.app.ledger.tell(top_up).await.unwrap().outcome.unwrap();
        let answer = neighbours.ask(operation, Some(&theirs)).await;
        let asked = format!("{} {}", operation.method, operation.path);
        if ["operate", "top-up"].iter().any(|scope| operation.scopes.contains(*scope)) {
            is_refused(operation, &answer, 403, "missing-scope");
        } else if operation.path.contains("{id}") {
            is_refused(operation, &answer, 404, "not-found");
        } else if !operation.scopes.is_empty() {
            assert!((200..300).contains(&answer.status), "{asked}: {:#}", answer.body);
        }
        let said = String::from_utf8_lossy(&answer.bytes);
        if operation.path != "/v1/rates" {
            for word in &private {
                assert!(!said.contains(word.as_str()), "{asked} tells {word}: {said}");
            }
        }
    }
    assert_eq!(neighbours.state().await, before, "nothing of the first workspace was moved");
    for path in ["/metrics", "/livez", "/readyz", "/docs", "/openapi.json"] {
        let said = stand.request("GET", path, &[], None).await;
        assert_eq!(said.status, 200, "{path}");
        assert!(
            private[..4]
                .iter()
                .chain(&private[4..10])
                .all(|word| { !String::from_utf8_lossy(&said.bytes).contains(word.as_str()) })
        );
    }
}

/// The table above would prove nothing if its requests did not work: with the right key each one does.
#[tokio::test]
async fn each_route_is_asked_in_a_way_that_works() {
    let neighbours = Neighbours::new().await;
    for operation in described(&neighbours.stand).await {
        for scope in operation.scopes.iter().map(|name| Scope::parse(name).unwrap()) {
            neighbours.stand.top_up(1_000_000).await;
            let scopes = if operation.path == "/v1/keys" { vec![scope, Scope::Manage] } else { vec![scope] };
            let key = neighbours.stand.key_with(&scopes).await;
            let answer = neighbours.ask(&operation, Some(&key)).await;
            let asked = format!("{} {} with {}", operation.method, operation.path, scope.as_str());
            assert!((200..300).contains(&answer.status), "{asked}: {:#}", answer.body);
        }
    }
}
