//! How long a request may take, over a real socket: what its caller is told then, and that nothing is charged twice or lost.
// Outside of #[test] functions too: what fails here fails its test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod program;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use program::{Answer, PATIENCE, Program, exchange, folder, until};
use serde_json::json;

const LIST: &str = "phone\n+12125550123\n+12125550124\n";

/// The demo's twin, whose requests may take so many seconds.
fn twin(folder: &tempfile::TempDir, seconds: &str) -> (Program, String) {
    let program = Program::start(folder.path(), &["--request-timeout", seconds, "--log-level", "error"]);
    let key = program.key.clone().unwrap();
    (program, key)
}

/// A list of which all but the last byte is sent; its connection stays open.
fn begun(program: &Program, path: &str, key: &str, list: &str) -> Answer {
    let length = list.len() + 1;
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {key}\r\n\
         Idempotency-Key: begun\r\nContent-Type: text/csv\r\nContent-Length: {length}\r\n\r\n{list}"
    );
    exchange(&program.address, request.as_bytes()).unwrap()
}

#[test]
fn a_list_that_stops_coming_has_broken_off() {
    let folder = folder();
    let (program, key) = twin(&folder, "1");
    for route in ["/v1/campaigns/quote?template=Hi", "/v1/campaigns?template=Hi&from=%2B12025550100"] {
        // Nothing at all, half of the first row, and all but the last byte.
        for body in ["", "pho", LIST] {
            let answer = begun(&program, route, &key, body);
            assert_eq!(answer.status, 400, "{route} {body:?}: {}", answer.text());
            let told = answer.json();
            assert_eq!(told["code"], "incomplete-body");
            let said = told["detail"].as_str().unwrap();
            assert!(said.starts_with("the list did not arrive to its end: "), "{said}");
            assert!(said.ends_with(": nothing came for 1 second"), "{said}");
        }
    }
    let balance = program.get("/v1/balance", &key).json();
    assert_eq!((&balance["balance"], &balance["held"]), (&json!("5.00"), &json!("0.00")));
    assert_eq!(program.get("/v1/campaigns", &key).json()["campaigns"], json!([]));
}

#[test]
fn a_list_may_come_for_longer_than_a_request_may_take() {
    let folder = folder();
    let (program, _) = twin(&folder, "3");
    let began = Instant::now();
    let mut stream = TcpStream::connect(&program.address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = "POST /v1/campaigns/quote?template=Hi HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nphone\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut rows = 0;
    while began.elapsed() < Duration::from_millis(3_300) {
        // Nothing is waited for here: this is how fast the list comes.
        std::thread::sleep(Duration::from_millis(300));
        let piece: String = (rows..rows + 1_000).map(|n| format!("+1212{:07}\n", 2_000_000 + n)).collect();
        stream.write_all(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes()).unwrap();
        rows += 1_000;
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains(&format!("{{\"rows\":{rows},")), "{answer}");
}

#[test]
fn whoever_is_not_answered_in_time_is_told_to_ask_again_and_pays_once() {
    const WHY: &str = "this took longer than 1 second, and whether it was done is not known yet; ask again with the \
                       same Idempotency-Key";
    let folder = folder();
    let (program, key) = twin(&folder, "1");
    let message = json!({ "content": "Hello", "from": "+12025550100", "to": ["+12125550123"] });
    let charge = json!({ "text": "Hello", "to": "+12125550123" });
    // Somebody else writes into the ledger's file, for longer than a request may take.
    let other = rusqlite::Connection::open(folder.path().join("textmeter.db")).unwrap();
    for (path, body, charged) in [("/v1/messages", &message, "4.99"), ("/v1/charges", &charge, "4.98")] {
        let headers = [("authorization", key.as_str()), ("idempotency-key", path)];
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let answer = program.ask("POST", path, &headers, Some(body));
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{}", answer.text());
        let told = answer.json();
        assert_eq!(told["code"], "outcome-unknown", "{told:#}");
        // The provider's own envelope has its message elsewhere.
        let said = if path == "/v1/messages" { &told["message"] } else { &told["detail"] };
        assert_eq!(said, WHY);
        other.execute_batch("ROLLBACK").unwrap();
        // The writer may still be waiting for the file: asked until it has answered, as it says.
        let again = until("an answer", || {
            Some(program.ask("POST", path, &headers, Some(body))).filter(|answer| answer.status != 503)
        });
        assert!((200..300).contains(&again.status), "{}", again.text());
        assert_eq!(again.header("idempotency-hit"), Some("true"), "it was done");
        assert_eq!(program.get("/v1/balance", &key).json()["balance"], charged);
    }
    program.stop();
}
