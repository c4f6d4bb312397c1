//! Any method, path, headers and body at the twin's router, with a key that may do everything: never a 5xx that says a handler
//! broke, never a body that is no JSON, never a balance below zero.
#![no_main]

use std::sync::LazyLock;

use axum::{
    body::{Body, to_bytes},
    http::{Request, header::CONTENT_TYPE},
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use textmeter_fuzz::{amount, choice, text};
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

struct Twin {
    runtime: Runtime,
    app: App,
    key: String,
    /// Every described route: method and path.
    routes: Vec<(String, String)>,
    _folder: tempfile::TempDir,
}

static TWIN: LazyLock<Twin> = LazyLock::new(|| {
    // In memory where there is such a folder: what is looked for is no matter of the disk.
    let folder = tempfile::TempDir::new_in("/dev/shm").or_else(|_| tempfile::TempDir::new()).expect("a folder");
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let card = card::load(Some(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rates.json").as_ref())).expect("the card");
    let file = folder.path().join("ledger.db");
    let (app, key) = runtime.block_on(async {
        let ledger = Ledger::open(file.to_str().expect("a path"), Policy::default()).await.expect("a ledger");
        let account = AccountId::new();
        let open = OpenAccount { id: account, name: "fuzz".into(), currency: "USD".into() };
        ledger.tell(open).await.expect("open").outcome.expect("open");
        let payment = PaymentId { provider: "cash".into(), payment: "1".into() };
        let paid = TopUp { account, payment, amount_micros: 1_000_000_000 };
        ledger.tell(paid).await.expect("paid").outcome.expect("paid");
        let secret = new_secret().expect("randomness");
        let scopes = [Scope::Send, Scope::Read, Scope::Credits, Scope::Manage, Scope::TopUp, Scope::Operate];
        let scopes = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let digest = Digest::of(secret.as_bytes());
        let key = CreateKey { account, id: KeyId::new(), digest, label: "fuzz".into(), scopes, lifetime: None };
        ledger.tell(key).await.expect("a key").outcome.expect("a key");
        (App::new(card, ledger), secret)
    });
    let described: Value = serde_json::from_str(&openapi_json()).expect("the description");
    let mut routes = Vec::new();
    for (path, item) in described["paths"].as_object().expect("paths") {
        let methods = item.as_object().expect("operations").keys();
        // What stops the key, or the workspace, would end the search.
        let kept = |method: &&String| !(method.as_str() == "delete" && path.contains("keys"));
        routes.extend(methods.filter(kept).map(|method| (method.to_uppercase(), path.clone())));
    }
    Twin { runtime, app, key, routes, _folder: folder }
});

fuzz_target!(|data: &[u8]| {
    let (route, rest) = choice(data);
    let (kind, rest) = choice(rest);
    let split = rest.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (head, body) = (&rest[..split], rest.get(split + 1..).unwrap_or_default());
    let twin = &*TWIN;
    let (method, path) = &twin.routes[usize::from(route) % twin.routes.len()];
    // The first line is a part of the path, or a query behind it.
    let words: String = text(head).chars().filter(|c| c.is_ascii_graphic()).collect();
    let uri = match kind & 3 {
        0 => path.replace(['{', '}'], ""),
        1 => format!("{}?{}", path.replace(['{', '}'], ""), words.replace('#', "")),
        2 => path.split('{').next().unwrap_or_default().to_owned() + &words.replace(['?', '#'], ""),
        _ => format!("/{}", words.replace('#', "")),
    };
    let mut request = Request::builder().method(method.as_str()).uri(&uri).header("authorization", &twin.key);
    let content = ["application/json", "text/csv", "application/jsonl", "text/plain"][usize::from(kind >> 2 & 3)];
    request = request.header(CONTENT_TYPE, content);
    if kind & 16 != 0 {
        request = request.header("idempotency-key", words.as_bytes());
    }
    let Ok(request) = request.body(Body::from(body.to_vec())) else { return };
    let told = twin.runtime.block_on(async {
        let response = router(twin.app.clone(), Service::default()).oneshot(request).await.expect("an answer");
        let status = response.status();
        let json = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        assert!(!status.is_server_error(), "{method} {uri}: {status} {}", String::from_utf8_lossy(&body));
        if json {
            assert!(serde_json::from_slice::<Value>(&body).is_ok(), "{method} {uri}");
        }
        let ask = Request::get("/v1/balance").header("authorization", &twin.key).body(Body::empty()).expect("a request");
        let response = router(twin.app.clone(), Service::default()).oneshot(ask).await.expect("an answer");
        to_bytes(response.into_body(), usize::MAX).await.expect("a body")
    });
    // An amount that is below zero cannot be read as one.
    let told: Value = serde_json::from_slice(&told).expect("the balance");
    let _ = amount(&told["balance"]);
});
