//! What JavaScript sees of the crate, the same wherever the Wasm runs. `web.rs` and `node.rs` say where.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is how a test fails; clippy knows tests by `#[test]`, which these do not have"
)]

use js_sys::JSON;
use serde::Serialize;
use serde_json::{Value, json};
use serde_wasm_bindgen::Serializer;
use textmeter::Meter;
use wasm_bindgen_test::wasm_bindgen_test;

/// As the engine itself writes it.
fn written(value: &Value) -> String {
    let value = value.serialize(&Serializer::json_compatible()).unwrap();
    JSON::stringify(&value).unwrap().into()
}

/// As the engine itself reads it.
fn read(json: &str) -> Value {
    serde_wasm_bindgen::from_value(JSON::parse(json).unwrap()).unwrap()
}

fn meter() -> Meter {
    let card: Value = serde_json::from_str(include_str!("../../rates.json")).unwrap();
    let meter = Meter::new(&written(&card));
    assert_eq!(meter.problem(), "");
    meter
}

fn quote(meter: &Meter, request: &Value) -> Value {
    let answer = read(&meter.quote(&written(request)));
    assert_eq!(answer.get("code"), None, "{request}");
    answer
}

/// `code` and `at` of an answer that is an error.
fn refused(error: &str) -> (String, String) {
    let error = read(error);
    let field = |name: &str| error[name].as_str().unwrap().to_owned();
    (field("code"), field("at"))
}

#[wasm_bindgen_test]
fn segments_as_the_vectors_say() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/segments.json")).unwrap();
    let meter = meter();
    assert!(!vectors.is_empty());
    for vector in &vectors {
        let request = json!({ "text": vector["text"], "smart": false });
        let answer = quote(&meter, &request);
        for field in ["text", "encoding", "units", "segments", "segments_min"] {
            assert_eq!(answer[field], vector[field], "{field} of {}", vector["name"]);
        }
    }
}

#[wasm_bindgen_test]
fn destinations_as_the_vectors_say() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/numbers.json")).unwrap();
    let meter = meter();
    assert!(!vectors.is_empty());
    for vector in &vectors {
        let request = json!({ "text": "a", "to": vector["typed"], "region": vector["region"] });
        let answer = quote(&meter, &request);
        let recipient = &answer["recipients"][0];
        match vector.get("problem") {
            Some(problem) => assert_eq!(&recipient["status"], problem, "{vector}"),
            None => {
                assert_eq!(recipient["to"], vector["e164"], "{vector}");
                assert_eq!(recipient["territory"], vector["territory"], "{vector}");
            }
        }
    }
}

#[wasm_bindgen_test]
fn prices_by_the_card_it_was_given() {
    let request = json!({ "text": "a".repeat(161), "to": "+447400123456", "balance": "5.00" });
    let mut card: Value = serde_json::from_str(include_str!("../../rates.json")).unwrap();
    for (rate, total) in [("0.05", "0.12"), ("0.0001", "0.0202")] {
        card["texting"]["territories"]["GB"] = json!(rate);
        let answer = quote(&Meter::new(&written(&card)), &request);
        assert_eq!(answer["total"], json!(total));
    }
}

#[wasm_bindgen_test]
fn equal_requests_have_equal_answers() {
    let meter = meter();
    let request = json!({ "text": "Don\u{2019}t \u{1f600}", "to": ["+447911123456", "+1 999 555 0123"] });
    let answers = [(); 2].map(|()| meter.quote(&written(&request)));
    assert_eq!(answers[0], answers[1]);
}

/// Every character that a document can hold, escaped or not, comes through the border as it is.
#[wasm_bindgen_test]
fn texts_come_through_as_they_are() {
    let meter = meter();
    let mut text: String = ('\0'..='\u{2fff}').collect();
    text.push_str("\u{d7ff}\u{e000}\u{fffd}\u{ffff}\u{1f600}\u{10ffff}\\\"/");
    let answer = quote(&meter, &json!({ "text": text, "smart": false }));
    assert_eq!(answer["text"], json!(text));
}

#[wasm_bindgen_test]
fn numbers_are_read_as_they_are_in_json() {
    let meter = meter();
    let call = |minutes| meter.quote(&written(&json!({ "channel": "call", "to": "GB", "minutes": minutes })));
    for (minutes, quantity) in [(json!(5), 5), (json!(5.0), 5), (json!(500_000), 500_000)] {
        assert_eq!(read(&call(minutes))["quantity"], json!(quantity));
    }
    for minutes in [json!(-5), json!(4.5), json!(1e21), json!(1e-7), json!([5]), json!({ "5": 5 })] {
        assert_eq!(refused(&call(minutes)).1, "minutes");
    }
}

#[wasm_bindgen_test]
fn half_a_surrogate_pair_is_one_unit() {
    let answer = read(&meter().quote(r#"{"text":"a\ud83d"}"#));
    assert_eq!((&answer["text"], &answer["units"]), (&json!("a\u{fffd}"), &json!(2)));
}

#[wasm_bindgen_test]
fn a_broken_request_is_answered_with_a_code_and_a_place() {
    let meter = meter();
    let cases = [
        (json!({ "channel": "carrier-pigeon" }), "unknown-channel", "channel"),
        (json!({ "balance": "abc" }), "invalid-amount", "balance"),
        (json!({ "balance": "-1.00" }), "invalid-amount", "balance"),
        (json!({ "text": 7 }), "wrong-type", "text"),
        (json!({ "txet": "a" }), "unknown-field", "txet"),
        (json!({ "text": "я", "encoding": "GSM-7" }), "not-gsm-7", "text"),
    ];
    for (request, code, at) in cases {
        let (found, place) = refused(&meter.quote(&written(&request)));
        assert_eq!(found, code, "{request}");
        assert!(place.starts_with(at), "{request}: at {place:?}");
    }
    // What is no JSON, or breaks off: nothing of it may trap.
    for odd in [
        "",
        "null",
        "1",
        "\"",
        "{",
        "{\"text\":",
        "{\"text\":\"a\\u00",
        "[[[[[[[[[[[[[[[[[1]",
        "t",
        "é",
        "{é",
    ] {
        assert_eq!(refused(&meter.quote(odd)).0, "wrong-type", "{odd}");
    }
}

#[wasm_bindgen_test]
fn a_broken_card_is_refused_whole() {
    let mut card: Value = serde_json::from_str(include_str!("../../rates.json")).unwrap();
    card["texting"]["territories"]["GB"] = json!("five cents");
    let (code, at) = refused(&Meter::new(&written(&card)).problem());
    assert_eq!(code, "invalid-rate-card");
    assert!(at.contains("GB"));
}

/// A count is what a quote says, less all else.
#[wasm_bindgen_test]
fn counts_as_quotes_do() {
    let meter = meter();
    let long =
        ["a".repeat(161), "я".repeat(71), "a".repeat(66) + "😀" + &"a".repeat(66), "Don\u{2019}t".to_owned()];
    for channel in ["api", "app"] {
        meter.choose(channel);
        for text in long.iter().map(String::as_str).chain([""]) {
            let quoted = quote(&meter, &json!({ "text": text, "channel": channel }));
            let segments = meter.count(text).unwrap();
            let counts = [meter.units(), segments, meter.segments_min(), meter.units_left()];
            let fields = ["units", "segments", "segments_min", "units_left"];
            assert_eq!(meter.ucs2(), quoted["encoding"] == json!("UCS-2"), "{text}");
            assert_eq!(json!(counts), json!(fields.map(|field| &quoted[field])), "{text}");
        }
    }
    for (text, channel) in [("a", "pigeon"), ("", "call")] {
        meter.choose(channel);
        assert_eq!(meter.count(text), None);
    }
}
