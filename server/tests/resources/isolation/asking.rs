//! How every described route is asked, by either workspace, about what it has or what the other has.

use std::collections::BTreeMap;

use axum::{body::Body, http::Request};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

use crate::every_route::Operation;

/// One thing that somebody does.
#[derive(Clone, Debug)]
pub(super) struct Act {
    /// The first workspace, which has secrets, or the second.
    pub(super) first: bool,
    route: Index,
    /// Which of the things that are known.
    which: Index,
    /// Of the other workspace's things, or of its own.
    theirs: bool,
    /// What is varied besides.
    draw: u8,
    /// So long passes before.
    pub(super) minutes: u16,
}

impl Act {
    pub(super) fn any() -> impl Strategy<Value = Act> {
        let minutes = prop_oneof![8 => Just(0_u16), 1 => 1..10_u16, 1 => Just(24 * 60)];
        let who = (proptest::bool::weighted(0.4), proptest::bool::weighted(0.7));
        (who, any::<Index>(), any::<Index>(), any::<u8>(), minutes).prop_map(
            |((first, theirs), route, which, draw, minutes)| Act {
                first,
                route,
                which,
                theirs,
                draw,
                minutes,
            },
        )
    }

    pub(super) fn operation<'a>(&self, operations: &'a [Operation]) -> &'a Operation {
        self.route.get(operations)
    }

    /// Whether it asks for what the other workspace has.
    pub(super) const fn pries(&self) -> bool {
        self.theirs && !self.first
    }
}

/// What somebody has heard of a workspace: ids and such, by what they are of.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard(BTreeMap<&'static str, Vec<String>>);

impl Heard {
    pub(super) fn add(&mut self, what: &'static str, id: &str) {
        let known = self.0.entry(what).or_default();
        if !known.iter().any(|other| other == id) {
            known.push(id.to_owned());
        }
    }

    /// Takes what an answer tells.
    pub(super) fn listen(&mut self, operation: &Operation, body: &Value) {
        let (of, list) = match operation.path.as_str() {
            "/v1/charges" => ("charge", Value::Null),
            "/v1/messages" => ("message", Value::Null),
            "/v1/keys" if operation.method == "POST" => ("key", Value::Null),
            "/v1/campaigns" => ("campaign", body["campaigns"].clone()),
            "/v1/events" => ("event", body["events"].clone()),
            _ => ("", Value::Null),
        };
        let entries = list.as_array().cloned().unwrap_or_default();
        for one in entries.iter().chain([body, &body["data"]]) {
            for (name, what) in [("id", of), ("charge_id", "charge"), ("quote_id", "quote")] {
                if let (Some(id), false) = (one[name].as_str(), what.is_empty()) {
                    self.add(what, id);
                }
            }
        }
        let cursor = match operation.path.as_str() {
            "/v1/usage" => "entry",
            "/v1/campaigns/{id}/messages" => "row",
            _ => "page",
        };
        if let Some(next) = body["next_cursor"].as_str() {
            self.add(cursor, next);
        }
    }

    fn of(&self, what: &str) -> &[String] {
        self.0.get(what).map_or(&[], Vec::as_slice)
    }
}

/// What only the first workspace says; no other may ever be told any of it.
pub(super) const SECRET_WORD: &str = "alpha";
pub(super) const SECRET_NUMBER: &str = "1646555";

/// Somebody who asks.
pub(super) struct Speaker<'a> {
    pub(super) key: &'a str,
    pub(super) own: &'a Heard,
    /// What is heard of the other workspace.
    pub(super) theirs: &'a Heard,
}

struct Asking<'a> {
    act: &'a Act,
    speaker: &'a Speaker<'a>,
    query: Vec<(&'static str, String)>,
    headers: Vec<(&'static str, String)>,
}

/// The request.
pub(super) struct Asked {
    pub(super) request: Request<Body>,
    /// All that was said in it.
    pub(super) said: String,
}

/// What is asked for by an act.
pub(super) fn ask(operation: &Operation, act: &Act, speaker: &Speaker<'_>) -> Asked {
    let mut asking = Asking { act, speaker, query: Vec::new(), headers: Vec::new() };
    let path = operation.path.replace("{id}", &asking.subject(&operation.path));
    let body = asking.body(operation);
    let (media_type, body) = match body {
        Value::Null => (None, String::new()),
        Value::String(csv) => (Some("text/csv"), csv),
        body => (Some("application/json"), body.to_string()),
    };
    let query: Vec<String> =
        asking.query.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    let uri = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
    let said = format!("{uri} {:?} {body}", asking.headers);
    let mut request = Request::builder().method(operation.method.as_str()).uri(uri);
    if !operation.scopes.is_empty() {
        request = request.header("authorization", speaker.key);
    }
    for (name, value) in asking.headers.into_iter().chain(media_type.map(|it| ("content-type", it.into()))) {
        request = request.header(name, value);
    }
    Asked { request: request.body(Body::from(body)).unwrap(), said }
}

fn escaped(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

impl Asking<'_> {
    const fn first(&self) -> bool {
        self.act.first
    }

    /// An id of this kind, now and then of another; one that never was where none is known.
    fn pick(&self, what: &str) -> String {
        let heard = if self.act.pries() { self.speaker.theirs } else { self.speaker.own };
        let known: Vec<&String> = if self.act.pries() && self.act.draw.is_multiple_of(8) {
            heard.0.values().flatten().collect()
        } else {
            heard.of(what).iter().collect()
        };
        if known.is_empty() {
            return "0197d2a4-0000-7000-8000-000000000000".to_owned();
        }
        (*self.act.which.get(&known)).clone()
    }

    /// What stands in the path.
    fn subject(&self, path: &str) -> String {
        match path {
            "/v1/charges/{id}" => self.pick("charge"),
            "/v1/messages/{id}" => self.pick("message"),
            "/v1/keys/{id}" => self.pick("key"),
            "/v1/workspaces/{id}" => self.pick("workspace"),
            path if path.starts_with("/v1/campaigns/{id}") => self.pick("campaign"),
            path => {
                assert!(!path.contains('{'), "a new route: say whose ids stand in {path}");
                String::new()
            }
        }
    }

    /// Words, which tell whose they are.
    fn words(&self) -> String {
        let whose = if self.first() { SECRET_WORD } else { "beta" };
        format!("{whose} {}", self.act.draw % 4)
    }

    fn number(&self) -> String {
        let area = if self.first() { SECRET_NUMBER } else { "1212555" };
        format!("+{area}{:04}", 100 + u16::from(self.act.draw % 4))
    }

    /// Amounts of the first workspace have six decimals, and nobody else's.
    fn amount(&self) -> String {
        let whole = 20 + u16::from(self.act.draw % 4);
        if self.first() { format!("{whole}.000007") } else { format!("{whole}.5") }
    }

    /// What both workspaces may call alike: it is theirs to choose.
    fn shared(&self) -> String {
        format!("k{}", self.act.draw % 3)
    }

    fn keyed(&mut self) {
        let key = self.shared();
        self.headers.push(("idempotency-key", key));
    }

    fn page(&mut self, cursor: &'static str) {
        if self.act.draw.is_multiple_of(2) {
            let cursor = self.pick(cursor);
            self.query.push(("cursor", cursor));
        }
        let limit = 1 + self.act.draw % 3;
        self.query.push(("limit", limit.to_string()));
    }

    /// What is sent along; the rest of the request is written down. A text is a list in CSV.
    fn body(&mut self, operation: &Operation) -> Value {
        let even = self.act.draw.is_multiple_of(2);
        let list = format!("phone,name\n{},{}\n+12125550123,x\n", self.number(), self.words());
        let text = || json!({ "text": self.words(), "to": [self.number()] });
        match (operation.method.as_str(), operation.path.as_str()) {
            ("POST", "/v1/quotes" | "/v1/quote-locks") => text(),
            ("POST", "/v1/campaigns/quote") => {
                let template = format!("{} {{{{name}}}}", self.words());
                self.query.push(("template", template));
                list.into()
            }
            ("POST", "/v1/campaigns") => {
                let template = format!("{} {{{{name}}}}", self.words());
                let name = self.words();
                self.query.extend([
                    ("template", template),
                    ("name", name),
                    ("from", "+12025550100".to_owned()),
                ]);
                self.keyed();
                list.into()
            }
            ("POST", "/v1/charges") => {
                let mut body = text();
                if even {
                    body["quote_id"] = self.pick("quote").into();
                }
                self.keyed();
                body
            }
            ("POST", "/v1/messages") => {
                let user = format!("US{}", self.shared());
                let mut body = json!({ "content": self.words(), "from": "+12025550100", "to": [self.number()], "userId": user });
                if self.act.draw.is_multiple_of(4) {
                    body["quote_id"] = self.pick("quote").into();
                }
                if even {
                    self.keyed();
                }
                body
            }
            ("POST", "/v1/top-ups") => {
                let mut body =
                    json!({ "amount": self.amount(), "provider": "bank", "payment": self.shared() });
                if self.act.pries() && even {
                    body["workspace"] = self.pick("workspace").into();
                }
                body
            }
            ("POST", "/v1/credits/apply") => {
                self.keyed();
                json!({ "to": "subscription" })
            }
            ("POST", "/v1/keys") => json!({ "label": self.words(), "scopes": ["read"], "expires_in": 3_600 }),
            ("POST", "/v1/workspaces") => json!({ "name": self.words() }),
            // Who does not sign can only pretend.
            ("POST", "/v1/payments/webhook") => {
                let data =
                    json!({ "workspace": self.pick("workspace"), "payment": self.shared(), "amount": "1" });
                json!({ "type": "payment.succeeded", "data": data })
            }
            ("PATCH", "/v1/settings") => {
                let charging = json!({ "threshold": "5", "amount": self.amount(), "month_cap": "900" });
                let caps = if even { json!({ "day": "400", "month": null }) } else { json!({ "day": null }) };
                let charging = if even { charging } else { Value::Null };
                json!({ "name": self.words(), "low_balance_threshold": self.amount(), "spend_caps": caps,
                    "auto_charge": charging })
            }
            ("PATCH", "/v1/workspaces/{id}") => json!({ "subscription_active": false }),
            ("PUT", "/v1/webhook") => {
                let whose = if self.first() { SECRET_WORD } else { "beta" };
                json!({ "url": format!("https://{whose}.example.com/{}", self.act.draw % 4) })
            }
            ("GET", "/v1/campaigns") => {
                self.page("campaign");
                Value::Null
            }
            ("GET", "/v1/campaigns/{id}/messages") => {
                self.page("row");
                Value::Null
            }
            ("GET", "/v1/usage") => {
                self.page("entry");
                if self.act.draw % 4 == 1 {
                    self.query = vec![("format", "csv".to_owned())];
                }
                Value::Null
            }
            ("GET", "/v1/workspaces") => {
                self.page("workspace");
                Value::Null
            }
            ("GET", "/v1/balance" | "/v1/rates") => {
                let tag = self.pick("tag");
                self.headers.push(("if-none-match", tag));
                Value::Null
            }
            (
                "GET",
                "/v1/charges/{id}" | "/v1/messages/{id}" | "/v1/campaigns/{id}" | "/v1/phone-numbers"
                | "/v1/settings" | "/v1/keys" | "/v1/events" | "/v1/webhook",
            )
            | ("DELETE", "/v1/keys/{id}" | "/v1/webhook")
            | (
                "POST",
                "/v1/campaigns/{id}/pause" | "/v1/campaigns/{id}/resume" | "/v1/campaigns/{id}/stop",
            ) => Value::Null,
            (method, path) => panic!("a new route: say how {method} {path} is asked"),
        }
    }
}
