//! Any method, path, headers and body at the twin's router, with a key that may do everything, and good requests with a
//! part of them overwritten: never a 5xx, never a body that is no JSON, never a balance below zero, and books that balance.
#![no_main]

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use textmeter_fuzz::{amount, choice, spliced, text};
use textmeter_server::{
    app::App,
    card,
    http::{Scope, Service, openapi_json, router},
    ledger::{
        AccountId, CreateKey, Digest, KeyId, Ledger, OpenAccount, PaymentId, Policy, TopUp, new_secret,
    },
};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const LIST: &str = "name,phone\nAnna,+12125550123\nZo\u{eb},+447400123456\n,72345\n";

/// What is taken as it stands: random bytes alone come upon none of it.
const GOOD: [(&str, &str); 13] = [
    ("POST /v1/quotes", r#"{"text":"Hi","to":["+12125550123","+447400123456"],"balance":"5.00"}"#),
    ("POST /v1/quote-locks", r#"{"text":"Hi","to":["+447400123456"]}"#),
    ("POST /v1/messages", r#"{"content":"Hi","from":"+12025550100","to":["+12125550123"],"userId":"US1"}"#),
    ("POST /v1/charges", r#"{"text":"Hi","to":["+447400123456"],"channel":"api","max_price":"1"}"#),
    ("POST /v1/top-ups", r#"{"amount":"1.00","provider":"cash","payment":"2"}"#),
    ("POST /v1/credits/apply", r#"{"to":"subscription"}"#),
    ("POST /v1/keys", r#"{"label":"nightly","scopes":["read"],"expires_in":1}"#),
    ("PATCH /v1/settings", r#"{"low_balance_threshold":"1.00","spend_caps":{"day":null,"month":null}}"#),
    ("PUT /v1/webhook", r#"{"url":"https://example.com/hook"}"#),
    ("POST /v1/workspaces", r#"{"name":"Acme"}"#),
    ("PATCH /v1/workspaces/{id}", r#"{"subscription_active":true}"#),
    ("POST /v1/campaigns/quote", LIST),
    ("POST /v1/campaigns", LIST),
];
/// What a list's routes need in their query.
const TEMPLATE: &str = "?template=Hi%20%7B%7Bname%7D%7D&from=%2B12025550100";
/// So many requests, and the books are looked at.
const BETWEEN_PROOFS: u64 = 2_048;

struct Twin {
    runtime: Runtime,
    router: Router,
    ledger: Ledger,
    key: String,
    /// Every described route: method and path.
    routes: Vec<(String, String)>,
    state: Mutex<State>,
    _folder: tempfile::TempDir,
}

#[derive(Default)]
struct State {
    asked: u64,
    /// The last id that was told, by what it is of: `campaigns`, `charges`, `keys`, …
    ids: HashMap<String, String>,
}

static TWIN: LazyLock<Twin> = LazyLock::new(|| {
    // In memory where there is such a folder: what is looked for is no matter of the disk.
    let folder =
        tempfile::TempDir::new_in("/dev/shm").or_else(|_| tempfile::TempDir::new()).expect("a folder");
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let card = card::load(Some(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rates.json").as_ref()))
        .expect("the card");
    let file = folder.path().join("ledger.db");
    let (ledger, router, key) = runtime.block_on(async {
        let ledger = Ledger::open(file.to_str().expect("a path"), Policy::default()).await.expect("a ledger");
        let account = AccountId::new();
        let open = OpenAccount { id: account, name: "fuzz".into(), currency: "USD".into() };
        ledger.tell(open).await.expect("open").outcome.expect("open");
        // Little, so that it runs out and is paid in again.
        let payment = PaymentId { provider: "cash".into(), payment: "1".into() };
        let paid = TopUp { account, payment, amount_micros: 20_000_000 };
        ledger.tell(paid).await.expect("paid").outcome.expect("paid");
        let secret = new_secret().expect("randomness");
        let scopes = [Scope::Send, Scope::Read, Scope::Credits, Scope::Manage, Scope::TopUp, Scope::Operate];
        let scopes = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let digest = Digest::of(secret.as_bytes());
        let key =
            CreateKey { account, id: KeyId::new(), digest, label: "fuzz".into(), scopes, lifetime: None };
        ledger.tell(key).await.expect("a key").outcome.expect("a key");
        (ledger.clone(), router(App::new(card, ledger), Service::default()), secret)
    });
    let described: Value = serde_json::from_str(&openapi_json()).expect("the description");
    let mut routes = Vec::new();
    for (path, item) in described["paths"].as_object().expect("paths") {
        let methods = item.as_object().expect("operations").keys();
        routes.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    Twin { runtime, router, ledger, key, routes, state: Mutex::default(), _folder: folder }
});

fuzz_target!(|data: &[u8]| {
    let twin = &*TWIN;
    let mut state = twin.state.lock().unwrap_or_else(PoisonError::into_inner);
    let (route, rest) = choice(data);
    let (kind, rest) = choice(rest);
    let (method, path) = &twin.routes[usize::from(route) % twin.routes.len()];
    let what = path.split('/').nth(2).unwrap_or_default();
    // The first line is a part of the path, or a query behind it.
    let split = rest.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (head, body) = (&rest[..split], rest.get(split + 1..).unwrap_or(rest));
    let words: String = text(head).chars().filter(|c| c.is_ascii_graphic() && *c != '#').collect();
    let known = path.replace("{id}", state.ids.get(what).map_or("id", String::as_str));
    let query = if path.starts_with("/v1/campaigns") && method == "POST" { TEMPLATE } else { "" };
    let uri = match kind & 3 {
        0 => format!("{known}{query}"),
        1 => format!(
            "{known}{}{words}",
            if query.is_empty() { "?" } else { "?template=Hi&from=%2B12025550100&" }
        ),
        2 => path.split('{').next().unwrap_or_default().to_owned() + &words.replace('?', ""),
        _ => format!("/{words}"),
    };
    let good = GOOD.iter().find(|(route, _)| route.split_once(' ') == Some((method, path)));
    let body = match good {
        Some((_, good)) if kind & 32 != 0 => spliced(good.as_bytes(), body),
        _ => body.to_vec(),
    };
    let list = good.is_some_and(|(_, good)| *good == LIST);
    let content = match kind >> 2 & 3 {
        0 | 1 if list => "text/csv",
        0 | 1 => "application/json",
        2 => "application/jsonl",
        _ => "text/plain",
    };
    let mut request = Request::builder().method(method.as_str()).uri(&uri);
    request = request.header("authorization", &twin.key).header(CONTENT_TYPE, content);
    if kind & 16 != 0 {
        request = request.header("idempotency-key", if words.is_empty() { "key" } else { &words });
    }
    let Ok(request) = request.body(Body::from(body)) else { return };
    let (status, told) = twin.runtime.block_on(ask(twin, request));
    assert!(!status.is_server_error(), "{method} {uri}: {status} {told}");
    if status.is_success() && method != "GET" {
        let charge = &told["charge"]["id"];
        let id = [&told["data"]["id"], charge, &told["id"]].into_iter().find_map(Value::as_str);
        if let Some(id) = id {
            state.ids.insert(what.to_owned(), id.to_owned());
        }
    }
    let balance = Request::get("/v1/balance").header("authorization", &twin.key).body(Body::empty());
    let (_, told) = twin.runtime.block_on(ask(twin, balance.expect("a request")));
    // An amount that is below zero cannot be read as one.
    let _ = amount(&told["balance"]);
    state.asked += 1;
    if state.asked.is_multiple_of(BETWEEN_PROOFS) {
        let proof = twin.runtime.block_on(twin.ledger.reconcile()).expect("a proof");
        assert!(proof.is_sound(), "{proof:?}");
    }
});

/// An answer, whose body is read where it says that it is JSON.
async fn ask(twin: &Twin, request: Request<Body>) -> (StatusCode, Value) {
    let Ok(response) = twin.router.clone().oneshot(request).await;
    let status = response.status();
    let json = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, if json { serde_json::from_slice(&body).expect("JSON") } else { Value::Null })
}
