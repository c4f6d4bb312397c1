//! A twin on the test stand: the real router and relay over an embedded ledger in a temporary folder, and tiny real HTTP
//! servers beside it as gateways, payment services and receivers of events.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]

use std::{
    collections::VecDeque,
    future::Future,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::State,
    http::{HeaderMap, Method, Request, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use textmeter_server::{
    app::App,
    card,
    http::{Scope, Service, router},
    ledger::{
        Account, AccountId, Clock, Configure, CreateKey, Digest, Endpoint, KeyId, Ledger, OpenAccount,
        PaymentId, Policy, Setting, TopUp, new_secret,
    },
    relay::RelaySettings,
    signature::Secret,
};
use tower::ServiceExt;

/// A webhook secret.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// A moment to begin with: 2026-11-10T12:00:00Z.
pub const START: i64 = 1_794_312_000_000_000;
/// The longest a test waits for something to come true.
const PATIENCE: Duration = Duration::from_secs(120);

/// An application with its own ledger, one workspace and one key.
pub struct Stand {
    pub app: App,
    pub account: AccountId,
    pub key: String,
    pub clock: Arc<AtomicI64>,
    pub folder: TempDir,
}

pub fn shipped_card() -> card::LoadedCard {
    card::load(Some(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../rates.json")))).unwrap()
}

/// Moments move by hand; everything that waits, waits for little.
pub fn policy(clock: &Arc<AtomicI64>) -> Policy {
    Policy { clock: Clock::Hand(Arc::clone(clock)), ..Policy::default() }
}

impl Stand {
    pub async fn new(balance_micros: i64) -> Stand {
        Stand::with(balance_micros, |policy| policy).await
    }

    pub async fn with(balance_micros: i64, change: impl FnOnce(Policy) -> Policy) -> Stand {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("ledger.db");
        Stand::over(file.to_str().unwrap(), folder, balance_micros, change).await
    }

    /// The same over any database.
    pub async fn over(
        database: &str,
        folder: TempDir,
        balance_micros: i64,
        change: impl FnOnce(Policy) -> Policy,
    ) -> Stand {
        let clock = Arc::new(AtomicI64::new(START));
        let ledger = Ledger::open(database, change(policy(&clock))).await.unwrap();
        let account = AccountId::new();
        let open = OpenAccount { id: account, name: "test".into(), currency: "USD".into() };
        ledger.tell(open).await.unwrap().outcome.unwrap();
        let stand =
            Stand { app: App::new(shipped_card(), ledger), account, key: String::new(), clock, folder };
        let key = stand.key_with(&[Scope::Send, Scope::Read]).await;
        let stand = Stand { key, ..stand };
        if balance_micros > 0 {
            stand.top_up(balance_micros).await;
        }
        stand
    }

    /// The same twin as another workspace has it: its credits in a currency, its key with these scopes.
    pub async fn another(self, currency: &str, scopes: &[Scope]) -> Stand {
        let account = AccountId::new();
        let open = OpenAccount { id: account, name: "another".into(), currency: currency.into() };
        self.app.ledger.tell(open).await.unwrap().outcome.unwrap();
        let key = self.key_of(account, scopes).await;
        Stand { account, key, ..self }
    }

    pub async fn key_with(&self, scopes: &[Scope]) -> String {
        self.key_of(self.account, scopes).await
    }

    pub async fn key_of(&self, account: AccountId, scopes: &[Scope]) -> String {
        let secret = new_secret().unwrap();
        let key = CreateKey {
            account,
            id: KeyId::new(),
            digest: Digest::of(secret.as_bytes()),
            label: "test".into(),
            scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            lifetime: None,
        };
        self.app.ledger.tell(key).await.unwrap().outcome.unwrap();
        secret
    }

    pub async fn top_up(&self, amount_micros: i64) {
        let payment = PaymentId { provider: "cash".into(), payment: KeyId::new().to_string() };
        let top_up = TopUp { account: self.account, payment, amount_micros };
        self.app.ledger.tell(top_up).await.unwrap().outcome.unwrap();
    }

    pub async fn configure(&self, setting: Setting) {
        let configure = Configure { account: self.account, setting };
        self.app.ledger.tell(configure).await.unwrap().outcome.unwrap();
    }

    pub async fn tell_events_to(&self, url: String) {
        self.configure(Setting::Webhook(Some(Endpoint { url, secret: SECRET.into() }))).await;
    }

    pub async fn account(&self) -> Account {
        self.app.ledger.account(self.account).await.unwrap().unwrap()
    }

    pub async fn balance(&self) -> i64 {
        self.account().await.balance_micros
    }

    pub fn later(&self, by: Duration) {
        self.clock.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// Closes the ledger as a process does that ends, and opens it again.
    pub async fn reopened(self) -> Stand {
        self.app.ledger.close().await;
        let Stand { app, account, key, clock, folder } = self;
        drop(app);
        let file = folder.path().join("ledger.db");
        let ledger = Ledger::open(file.to_str().unwrap(), policy(&clock)).await.unwrap();
        Stand { app: App::new(shipped_card(), ledger), account, key, clock, folder }
    }

    pub async fn ask(&self, request: Request<Body>) -> Answered {
        let response = router(self.app.clone(), Service::default()).oneshot(request).await.unwrap();
        Answered::of(response).await
    }

    pub async fn get(&self, path: &str) -> Answered {
        let request = Request::get(path).header("authorization", &self.key).body(Body::empty()).unwrap();
        self.ask(request).await
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answered {
        let mut request =
            Request::post(path).header("authorization", &self.key).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A send, without a key.
    pub async fn send(&self, body: &Value) -> Answered {
        self.post("/v1/messages", &[], body).await
    }

    /// A send of one segment to one American: 0.01.
    pub async fn send_one(&self) -> Answered {
        self.send(&message("Hello")).await
    }

    /// The sum of everything is right.
    pub async fn proved(&self) {
        let found = self.app.ledger.reconcile().await.unwrap();
        assert_eq!((found.broken, found.drift_micros), (0, 0), "{found:?}");
    }
}

/// A send of this text to one American.
pub fn message(content: &str) -> Value {
    json!({ "content": content, "from": "+12025550100", "to": ["+12125550123"] })
}

/// An answer, read whole.
#[derive(Debug, PartialEq)]
pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Bytes,
    pub body: Value,
}

impl Answered {
    pub async fn of(response: Response) -> Answered {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answered { status: parts.status.as_u16(), headers: parts.headers, bytes, body }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Member by member, by JSON pointer.
    pub fn has(&self, expected: &[(&str, Value)]) {
        for (pointer, value) in expected {
            let found = self.body.pointer(pointer);
            assert_eq!(found, Some(value), "{pointer} of {} {:#}", self.status, self.body);
        }
    }
}

/// Relay settings that look often; what is due is due by the clock that is moved by hand.
pub fn quick() -> RelaySettings {
    RelaySettings {
        poll: Duration::from_millis(10),
        gateway_patience: Duration::from_secs(2),
        event_patience: Duration::from_secs(2),
        payment_patience: Duration::from_secs(2),
        events_to_private: true,
        ..RelaySettings::default()
    }
}

pub fn secret() -> Secret {
    Secret::parse(SECRET).unwrap()
}

/// Waits until something is there.
pub async fn until<T, F, Fut>(what: &str, mut look: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    let waiting = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// What somebody was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub bytes: Bytes,
    pub body: Value,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// What somebody answers.
#[derive(Clone, Debug)]
pub enum Reaction {
    /// A status and a body.
    Say(u16, Value),
    /// Nothing, ever.
    Silence,
}

type Script = Arc<dyn Fn(&Asked) -> Option<Reaction> + Send + Sync>;

/// A tiny server that writes down what it is asked and answers by a script: first what was lined up, then by rule.
#[derive(Clone)]
pub struct Neighbour {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    lined_up: Arc<Mutex<VecDeque<Reaction>>>,
    rule: Script,
}

impl Neighbour {
    pub async fn new(rule: impl Fn(&Asked) -> Option<Reaction> + Send + Sync + 'static) -> Neighbour {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let neighbour = Neighbour {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            lined_up: Arc::default(),
            rule: Arc::new(rule),
        };
        let router = Router::new().fallback(listen).with_state(neighbour.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        neighbour
    }

    /// One that says yes to everything.
    pub async fn friendly() -> Neighbour {
        Neighbour::new(|_| Some(Reaction::Say(200, json!({})))).await
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Lines up an answer to the next request that has none yet.
    pub fn next(&self, reaction: Reaction) {
        self.lined_up.lock().unwrap().push_back(reaction);
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn posted(&self) -> Vec<Asked> {
        self.asked().into_iter().filter(|asked| asked.method == Method::POST).collect()
    }

    /// Waits until it was asked so often.
    pub async fn asked_times(&self, times: usize) -> Vec<Asked> {
        until(&format!("{times} requests"), || async { Some(self.asked()).filter(|a| a.len() >= times) })
            .await
    }
}

async fn listen(
    State(neighbour): State<Neighbour>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let asked = Asked { method, uri, headers, bytes, body };
    let reaction = {
        neighbour.asked.lock().unwrap().push(asked.clone());
        neighbour.lined_up.lock().unwrap().pop_front()
    };
    match reaction.or_else(|| (neighbour.rule)(&asked)) {
        Some(Reaction::Say(status, body)) => {
            (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
        }
        Some(Reaction::Silence) => std::future::pending().await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
