//! `POST /v1/campaigns/quote`.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{Method, Request, StatusCode},
};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use textmeter_server::{
    http::{Service, router},
    places::{LISTS_AT_ONCE_MAX, Place, Places},
};
use tokio::sync::Notify;
use tower::ServiceExt;

use super::{Desk, stand::Stand};

const TEMPLATE: &str = "Hi {{name|there}}, see you soon!";

async fn ask(stand: &Stand, query: &[(&str, &str)], kind: &str, body: Body) -> (StatusCode, Value) {
    ask_of(stand, Service::default(), query, kind, body).await
}

async fn ask_of(
    stand: &Stand,
    service: Service,
    query: &[(&str, &str)],
    kind: &str,
    body: Body,
) -> (StatusCode, Value) {
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/v1/campaigns/quote?{}", query.join("&")))
        .header("content-type", kind)
        .body(body)
        .unwrap();
    let response = router(stand.app.clone(), service).oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

/// A body that comes in pieces of so many bytes.
fn pieces(bytes: &[u8], size: usize) -> Body {
    let pieces: Vec<Result<Bytes, Infallible>> =
        bytes.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    Body::from_stream(futures_util::stream::iter(pieces))
}

#[tokio::test]
async fn the_answer_is_the_command_line_s_to_the_byte() {
    let stand = Stand::new(0).await;
    let list = "name,phone\r\nŁukasz,+12125550101\r\n,+447400123456\r\nC,72345\r\nD,+12125550101\r\n";
    let desk = Desk::new();
    desk.write("list.csv", list);
    let ran = desk.run(&["list.csv", "--template", TEMPLATE, "--balance", "1", "--json"]);
    for size in [1, 5, 1_000] {
        let query = [("template", TEMPLATE), ("balance", "1")];
        let (status, json) =
            ask(&stand, &query, "text/csv; charset=utf-8", pieces(list.as_bytes(), size)).await;
        assert_eq!((status, &json), (StatusCode::OK, &ran.json()));
    }
    let lines = "{\"name\":\"Łukasz\",\"phone\":\"+12125550101\"}\n{\"phone\":\"+447400123456\"}\n\
                 {\"name\":\"C\",\"phone\":72345}\n{\"name\":\"D\",\"phone\":\"+12125550101\"}";
    let (status, json) =
        ask(&stand, &[("template", TEMPLATE)], "application/x-ndjson", pieces(lines.as_bytes(), 9)).await;
    assert_eq!(status, StatusCode::OK, "{json}");
    for field in ["rows", "sendable", "segments", "total", "statuses", "histogram", "territories"] {
        assert_eq!(json[field], ran.json()[field], "{field}");
    }
}

#[tokio::test]
async fn what_is_said_of_a_list_goes_before_what_it_looks_like() {
    let stand = Stand::new(0).await;
    let list = b"name,so*phone\r\nZo\xEB,a*+12125550101\r\n";
    let desk = Desk::new();
    desk.write("list.csv", list);
    let said = ["--delimiter", "*", "--list-encoding", "windows-1252"];
    let ran = desk.run(&[&["list.csv", "--template", "Hi", "--json"], &said[..]].concat());
    let query = [("template", "Hi"), ("delimiter", "*"), ("list_encoding", "windows-1252")];
    let (status, json) = ask(&stand, &query, "text/csv", pieces(list, 5)).await;
    assert_eq!((status, &json), (StatusCode::OK, &ran.json()));
    assert_eq!(json["sendable"], 1, "{json}");
    // By its looks the comma parts the fields, and no number stands in one by itself.
    let (_, json) = ask(&stand, &[("template", "Hi")], "text/csv", pieces(list, 5)).await;
    assert_eq!((&json["rows"], &json["sendable"]), (&json!(1), &json!(0)), "{json}");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_name() {
    let stand = Stand::new(0).await;
    let list = b"name,phone\nA,+12125550101\n";
    for (query, kind, body, status, code, at) in [
        (vec![("template", "{{x}}")], "text/csv", &list[..], 422, "missing-column", "template[0..5]"),
        (vec![("template", "{{x")], "text/csv", list, 422, "invalid-template", "template[0..3]"),
        (vec![], "text/csv", list, 400, "invalid-query", ""),
        (vec![("template", "Hi"), ("templat", "Ho")], "text/csv", list, 400, "invalid-query", ""),
        (vec![("template", "Hi"), ("balance", "1e3")], "text/csv", list, 422, "invalid-amount", "balance"),
        (vec![("template", "Hi"), ("region", "gb")], "text/csv", list, 400, "invalid-query", "region"),
        (vec![("template", "Hi"), ("delimiter", "ab")], "text/csv", list, 400, "invalid-query", "delimiter"),
        (
            vec![("template", "Hi"), ("list_encoding", "latin")],
            "text/csv",
            list,
            400,
            "invalid-query",
            "list_encoding",
        ),
        (vec![("template", "Hi"), ("channel", "fax")], "text/csv", list, 422, "unknown-channel", "channel"),
        (vec![("template", "Hi")], "text/plain", list, 415, "unsupported-media-type", ""),
        (vec![("template", "Hi")], "text/csv", b"\xFF\xFEp\0", 415, "unsupported-media-type", ""),
        (vec![("template", "Hi")], "text/csv", b"\x1F\x8B\x08", 415, "unsupported-media-type", ""),
        (vec![("template", "Hi")], "application/jsonl", b"PK\x03\x04", 415, "unsupported-media-type", ""),
        (vec![("template", "Hi")], "text/csv", b"", 422, "empty-list", ""),
        (vec![("template", "Hi")], "application/jsonl", b"\n", 422, "empty-list", ""),
        (vec![("template", "Hi")], "application/jsonl", b"[1]\n", 422, "missing-column", "phone_column"),
    ] {
        let (answered, json) = ask(&stand, &query, kind, pieces(body, 7)).await;
        assert_eq!(
            (answered.as_u16(), &json["code"], &json["at"]),
            (status, &json!(code), &json!(at)),
            "{query:?} {json}"
        );
    }
}

#[tokio::test]
async fn fields_of_json_lines_are_found_as_columns_are() {
    let stand = Stand::new(0).await;
    let lines = "{\"to\":\"+12125550101\",\"first_name\":\"Józef\"}\n\
                 {\"to\":\"+12125550102\",\"First Name\":\"Łukasz\",\"opted_out\":false}\n\
                 {\"to\":\"+12125550103\",\"opted_out\":true}\n";
    let template = [("template", "Hi {{First Name}}, see you soon!")];
    let (status, json) = ask(&stand, &template, "application/jsonl", pieces(lines.as_bytes(), 64)).await;
    assert_eq!(status, StatusCode::OK, "{json}");
    assert_eq!((&json["rows"], &json["sendable"], &json["problem_rows"]), (&json!(3), &json!(2), &json!(0)));
    let found: Vec<_> = json["characters"].as_array().unwrap().iter().map(|c| &c["column"]).collect();
    assert_eq!(found, ["first_name"; 2], "{json}");

    // Far down the list: nothing that opts a row out is overlooked.
    let mut lines = "{\"to\":\"+12125550101\"}\n".repeat(4_000);
    lines +=
        "{\"to\":\"+12125550102\",\"Unsubscribed\":\"no\"}\n{\"to\":\"+12125550103\",\"Unsubscribed\":1}\n";
    let (_, json) = ask(&stand, &template, "application/jsonl", pieces(lines.as_bytes(), 9_999)).await;
    assert_eq!((&json["sendable"], &json["problem_rows"]), (&json!(2), &json!(1)), "{json}");
    assert_eq!(json["problems"][0]["line"], 4_002, "{json}");
}

#[tokio::test]
async fn a_list_that_breaks_off_is_no_answer() {
    let stand = Stand::new(0).await;
    let pieces = [Ok(Bytes::from_static(b"phone\n+12125550101\n")), Err(std::io::Error::other("gone"))];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let (status, json) = ask(&stand, &[("template", "Hi")], "text/csv", body).await;
    assert_eq!((status, &json["code"]), (StatusCode::BAD_REQUEST, &json!("incomplete-body")));
}

#[tokio::test]
async fn a_list_may_take_longer_than_other_requests() {
    let stand = Stand::new(0).await;
    let at_once = || Service { timeout: Some(Duration::ZERO), ..Service::default() };
    let query = [("template", "Hi")];
    let list = pieces(b"phone\n+12125550101\n", 3);
    let (status, json) = ask_of(&stand, at_once(), &query, "text/csv", list).await;
    assert_eq!((status, &json["sendable"]), (StatusCode::OK, &json!(1)), "{json}");
}

/// A list of more bytes than are waited for before it takes a place.
fn long_list() -> String {
    let rows: String = (0..30_000).map(|n| format!("+1212{:07}\n", 2_000_000 + n)).collect();
    format!("phone\n{rows}")
}

/// All places there are.
fn all(places: &Places) -> Vec<Place> {
    (0..LISTS_AT_ONCE_MAX).map(|_| places.take(None).unwrap()).collect()
}

#[tokio::test]
async fn too_many_lists_at_once_are_asked_to_wait() {
    let stand = Stand::new(0).await;
    for (places, list) in
        [(&stand.app.lists.whole, "phone\n+12125550101\n".to_owned()), (&stand.app.lists.coming, long_list())]
    {
        let list = || pieces(list.as_bytes(), list.len().div_ceil(7));
        let held = all(places);
        let (status, json) = ask(&stand, &[("template", "Hi")], "text/csv", list()).await;
        assert_eq!((status, &json["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("busy")));
        drop(held);
        // Every one of them is free again afterwards, whether the list was priced or refused.
        for (template, status) in [("Hi", 200), ("Hi {{x}}", 422)] {
            let (answered, json) = ask(&stand, &[("template", template)], "text/csv", list()).await;
            assert_eq!(answered, status, "{json}");
        }
        drop(all(places));
    }
}

#[tokio::test]
async fn whoever_sends_slowly_keeps_nobody_out() {
    let stand = Arc::new(Stand::new(0).await);
    let waited_for = Arc::new(Notify::new());
    let mut slow = Vec::new();
    for _ in 0..2 * LISTS_AT_ONCE_MAX {
        let (stand, told) = (Arc::clone(&stand), Arc::clone(&waited_for));
        // One byte, and then nothing, for ever.
        let rest = stream::once(async move { told.notify_one() }).then(|()| std::future::pending());
        let body = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"p"))]).chain(rest);
        let body = Body::from_stream(body);
        let mut asking =
            tokio::spawn(async move { ask(&stand, &[("template", "Hi")], "text/csv", body).await });
        tokio::select! {
            () = waited_for.notified() => slow.push(asking),
            told = &mut asking => panic!("{told:?}"),
        }
    }
    for list in ["phone\n+12125550101\n".to_owned(), long_list()] {
        let list = pieces(list.as_bytes(), 4_096);
        let (status, json) = ask(&stand, &[("template", "Hi")], "text/csv", list).await;
        assert_eq!(status, StatusCode::OK, "{json}");
    }
    assert!(slow.iter().all(|asking| !asking.is_finished()), "they are not told anything");
}

#[tokio::test]
async fn a_list_that_comes_byte_by_byte_for_ever_has_broken_off() {
    let stand = Stand::new(0).await;
    let service = Service { timeout: Some(Duration::from_secs(1)), ..Service::default() };
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    // Nothing is waited for here: this is how fast the list comes.
    let body = stream::poll_fn(move |context| ticks.poll_tick(context).map(Some));
    let body = Body::from_stream(body.map(|_| Ok::<_, Infallible>(Bytes::from_static(b"1"))));
    let asking = ask_of(&stand, service, &[("template", "Hi")], "text/csv", body);
    let (status, json) = tokio::time::timeout(Duration::from_secs(30), asking).await.unwrap();
    assert_eq!((status, &json["code"]), (StatusCode::BAD_REQUEST, &json!("incomplete-body")), "{json}");
    let said = "the list did not arrive to its end: it came slower than 16 KiB a second";
    assert_eq!(json["detail"], said);
}
