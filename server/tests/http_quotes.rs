//! `textmeter serve` as clients meet it: a process, a port and bytes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how a test fails"
)]

#[path = "program/mod.rs"]
mod program;

use std::{
    fs,
    path::{Path, PathBuf},
};

use program::{Answer, Program, exchange, folder};
use serde_json::{Value, json};
use tempfile::TempDir;

fn vectors(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(name)
}

/// A running server over the vectors' card, with a small site; it ends with its test.
struct Server {
    program: Program,
    _folder: TempDir,
}

impl Server {
    fn start() -> Server {
        let folder = folder();
        let site = folder.path().join("site");
        fs::create_dir_all(&site).unwrap();
        fs::write(site.join("index.html"), "<!doctype html><title>Textmeter</title>").unwrap();
        fs::write(site.join("textmeter_bg.wasm"), b"\0asm\x01\0\0\0").unwrap();
        // What lies beside the page is not what the server quotes by, and must not be handed out for it.
        fs::write(site.join("rates.json"), "{}").unwrap();
        let rates = vectors("rates.json");
        let settings = ["--demo", "off", "--log-level", "error", "--site", "site", "--rates"];
        let program = Program::start(folder.path(), &[&settings[..], &[rates.to_str().unwrap()]].concat());
        Server { program, _folder: folder }
    }

    /// Sends a request and reads the answer until the server closes.
    fn send(&self, head: &str, body: &[u8]) -> Answer {
        let length = body.len();
        let head =
            format!("{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
        exchange(&self.program.address, &[head.as_bytes(), body].concat()).unwrap()
    }

    fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1"), b"")
    }

    fn quote(&self, body: &[u8]) -> Answer {
        self.send("POST /v1/quotes HTTP/1.1\r\nContent-Type: application/json", body)
    }
}

impl Answer {
    /// Judges a problem document: all of RFC 9457 that is promised, and its own code and place.
    fn is_problem(&self, status: u16, code: &str, at: &str) {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{body}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{body}");
        let problem = self.json();
        assert_eq!((&problem["code"], &problem["at"]), (&json!(code), &json!(at)));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:textmeter:problem:{code}"));
        assert!(
            !problem["title"].as_str().unwrap().is_empty() && !problem["detail"].as_str().unwrap().is_empty()
        );
    }
}

#[test]
fn whole_answers_byte_for_byte() {
    let server = Server::start();
    let list: Vec<Value> = serde_json::from_slice(&fs::read(vectors("quotes.json")).unwrap()).unwrap();
    assert!(list.len() > 40);
    for vector in list {
        let answer = server.quote(vector["request"].to_string().as_bytes());
        if let Some(error) = vector.get("error") {
            answer.is_problem(422, error["code"].as_str().unwrap(), error["at"].as_str().unwrap());
            assert_eq!(answer.json()["detail"], error["message"], "{}", vector["name"]);
        } else {
            assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
            assert_eq!(
                String::from_utf8(answer.body).unwrap(),
                vector["answer"].to_string(),
                "{}",
                vector["name"]
            );
        }
    }
}

#[test]
fn segments_as_the_vectors_say() {
    let server = Server::start();
    let list: Vec<Value> = serde_json::from_slice(&fs::read(vectors("segments.json")).unwrap()).unwrap();
    assert!(list.len() >= 57);
    for vector in list {
        let answer =
            server.quote(json!({"text": vector["text"], "smart": false}).to_string().as_bytes()).json();
        for field in ["text", "encoding", "units", "segments", "segments_min"] {
            assert_eq!(answer[field], vector[field], "{field} of {}", vector["name"]);
        }
    }
}

#[test]
fn what_is_no_request_is_a_problem() {
    let server = Server::start();
    for (body, status, code, at) in [
        (&b""[..], 400, "invalid-json", ""),
        (b"{\"text\": \"a", 400, "invalid-json", ""),
        (b"{\"text\": \"a\"} {}", 400, "invalid-json", ""),
        (b"{\"text\": \"a\0b\"}", 400, "invalid-json", ""),
        (b"{\"text\": \"a\xffb\"}", 400, "invalid-utf-8", ""),
        (b"[]", 422, "wrong-type", ""),
        (b"null", 422, "wrong-type", ""),
        (b"{\"channel\": \"pigeon\"}", 422, "unknown-channel", "channel"),
        (b"{\"balance\": \"abc\"}", 422, "invalid-amount", "balance"),
        (b"{\"balance\": \"-5.00\"}", 422, "invalid-amount", "balance"),
        (b"{\"balance\": -5}", 422, "wrong-type", "balance"),
        (b"{\"to\": [\"+447400123456\", null]}", 422, "wrong-type", "to[1]"),
        (b"{\"text\": \"a\", \"text\": \"b\"}", 422, "invalid-value", "text"),
    ] {
        server.quote(body).is_problem(status, code, at);
    }
    let deep = "[".repeat(100_000);
    server.quote(deep.as_bytes()).is_problem(400, "invalid-json", "");
    let many = json!({"to": vec!["+447400123456"; 10_001]}).to_string();
    server.quote(many.as_bytes()).is_problem(413, "too-many-recipients", "to");
    let long = json!({"text": "a".repeat(1_000_001)}).to_string();
    server.quote(long.as_bytes()).is_problem(413, "text-too-large", "text");
}

/// A client that sends all of it before it reads must read why it was refused, not a broken connection.
#[test]
fn a_body_of_ten_megabytes_is_refused_and_told_so() {
    let server = Server::start();
    // The length alone is enough to say so: nobody has to send what is not read.
    let head = format!(
        "POST /v1/quotes HTTP/1.1\r\nContent-Type: application/json\r\nHost: localhost\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n",
        10 << 20
    );
    let answer = exchange(&server.program.address, head.as_bytes()).unwrap();
    answer.is_problem(413, "body-too-large", "");
}

#[test]
fn half_a_surrogate_pair_is_one_unit() {
    let server = Server::start();
    for (json, text, units) in [
        (r#"{"text": "a\ud83d"}"#, "a\u{fffd}", 2),
        (r#"{"text": "\ude00\ud83d\ude00"}"#, "\u{fffd}😀", 3),
        (r#"{"text": "\ud83d\u0041"}"#, "\u{fffd}A", 2),
        (r#"{"text": "\\ud83d"}"#, "\\ud83d", 7),
        ("\u{feff}{\"text\": \"a\"}", "a", 1),
    ] {
        let answer = server.quote(json.as_bytes()).json();
        assert_eq!((&answer["text"], &answer["units"]), (&json!(text), &json!(units)), "{json}");
    }
}

#[test]
fn content_types_that_are_json_are_taken() {
    let server = Server::start();
    let body = b"{\"text\": \"a\"}";
    for json in ["Application/JSON", "application/json; charset=utf-8", "application/vnd.textmeter+json"] {
        let answer = server.send(&format!("POST /v1/quotes HTTP/1.1\r\nContent-Type: {json}"), body);
        assert_eq!(answer.status, 200, "{json}");
    }
    assert_eq!(server.send("POST /v1/quotes HTTP/1.1", body).status, 200, "without a type");
    for other in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let answer = server.send(&format!("POST /v1/quotes HTTP/1.1\r\nContent-Type: {other}"), body);
        answer.is_problem(415, "unsupported-media-type", "");
    }
}

#[test]
fn other_addresses_and_methods_are_problems() {
    let server = Server::start();
    for path in ["/v1/quote", "/v1/quotes/", "/nothing.html", "/../rates.json", "/%2e%2e/ledger.db"] {
        server.get(path).is_problem(404, "not-found", "");
    }
    let quotes = server.get("/v1/quotes");
    quotes.is_problem(405, "method-not-allowed", "");
    assert_eq!(quotes.header("allow"), Some("POST"));
    let card = server.send("DELETE /rates.json HTTP/1.1", b"");
    card.is_problem(405, "method-not-allowed", "");
    assert_eq!(card.header("allow"), Some("GET,HEAD"));
    let page = server.send("POST /index.html HTTP/1.1", b"");
    page.is_problem(405, "method-not-allowed", "");
    assert_eq!(page.header("allow"), Some("GET,HEAD"));
}

#[test]
fn the_page_and_the_card_it_prices_by() {
    let server = Server::start();
    let card = server.get("/rates.json");
    assert_eq!(card.body, fs::read(vectors("rates.json")).unwrap(), "byte for byte the server's own");
    assert_eq!((card.status, card.header("content-type")), (200, Some("application/json")));

    let page = server.get("/");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")));
    assert!(page.body.starts_with(b"<!doctype html>"));
    let wasm = server.get("/textmeter_bg.wasm");
    assert_eq!(
        (wasm.status, wasm.header("content-type")),
        (200, Some("application/wasm")),
        "streams need it"
    );
    let policy = page.header("content-security-policy").unwrap();
    for directive in
        ["default-src 'self'", "'wasm-unsafe-eval'", "object-src 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(directive), "{policy}");
    }
    assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
    let missing = server.get("/nothing.html");
    for answer in [&card, &page, &wasm, &missing, &server.quote(b"{}"), &server.quote(b"{")] {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let head = server.send("HEAD / HTTP/1.1", b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
}

/// What the image's health check runs: the exit code is all a container engine reads.
#[test]
fn health_is_what_readyz_says() {
    let health = |address: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_textmeter"));
        command.args(["health", "--listen", address]).output().unwrap()
    };
    let mut server = Server::start();
    let well = health(&server.address);
    assert_eq!((well.status.code(), well.stdout.as_slice()), (Some(0), b"ready\n".as_slice()));
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let gone = health(&server.address);
    let said = String::from_utf8(gone.stderr).unwrap();
    assert_eq!(gone.status.code(), Some(1));
    assert!(said.contains("[unreachable]") && said.contains(&server.address), "{said}");
}
