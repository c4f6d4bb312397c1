//! Known prices: each a sentence of the rules, with the amount it comes to.

use serde_json::{Value, json};

use super::FIXED;

fn quote(request: Value) -> Value {
    FIXED.quote(&request).unwrap()
}

fn texts(text: &str, to: &str) -> Value {
    quote(json!({"text": text, "to": to}))
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap()).collect()
}

#[test]
fn one_character_more_is_one_segment_more() {
    for (units, segments, total) in [(1, 1, "0.066"), (160, 1, "0.066"), (161, 2, "0.132"), (307, 3, "0.198")]
    {
        let answer = texts(&"a".repeat(units), "+447400123456");
        assert_eq!((&answer["segments"], &answer["total"]), (&json!(segments), &json!(total)));
        assert_eq!(answer["recipients"][0]["per_segment"], "0.066");
    }
    let local = texts("Hello", "+1 212 555 0123");
    assert_eq!((&local["total"], &local["recipients"][0]["local"]), (&json!("0.01"), &json!(true)));
}

#[test]
fn of_plus_one_only_the_united_states_and_canada_are_local() {
    let cases =
        [("+17875550123", "PR", "0.064"), ("+18765550123", "JM", "0.3251"), ("+14165550123", "CA", "0.01")];
    for (to, territory, total) in cases {
        let answer = texts("Hello", to);
        assert_eq!(answer["recipients"][0]["territory"], territory);
        assert_eq!(answer["total"], total, "{to}");
    }
    assert_eq!(texts("Hello", "+18005550123")["total"], "0.01", "toll-free numbers are local");
}

#[test]
fn what_nobody_can_price_says_why() {
    let cases = [
        ("+53 5 1234567", "no-rate"),
        ("+1 999 555 0123", "unassigned-area-code"),
        ("911", "short-code"),
        ("+", "too-short"),
        ("", "empty"),
        ("QUO", "alphanumeric"),
        ("hello@example.com", "not-a-number"),
        ("+999 123 4567", "unknown-calling-code"),
        ("+44 7400 1234567890", "too-long"),
    ];
    for (to, status) in cases {
        let answer = quote(json!({"text": "Hello", "to": ["+12125550123", to], "balance": "1.00"}));
        assert_eq!(answer["recipients"][1]["status"], status, "{to}");
        assert_eq!(answer["recipients"][0]["total"], "0.01", "the others keep their price");
        assert!(answer["total"].is_null() && answer["cover"].is_null() && answer["sendable"] == false);
    }
}

#[test]
fn a_total_equal_to_the_balance_uses_it_whole() {
    let ask = |balance| quote(json!({"text": "a".repeat(161), "to": "+447400123456", "balance": balance}));
    let cases = [
        ("0.132", json!({"kind": "covered", "remaining": "0.00", "sends_left": 0}), true),
        ("0.131999", json!({"kind": "short", "shortfall": "0.000001"}), false),
        ("0", json!({"kind": "short", "shortfall": "0.132"}), false),
        ("5.00", json!({"kind": "covered", "remaining": "4.868", "sends_left": 36}), true),
    ];
    for (balance, cover, sendable) in cases {
        let answer = ask(balance);
        assert_eq!((&answer["cover"], &answer["sendable"]), (&cover, &json!(sendable)), "{balance}");
    }
}

#[test]
fn each_channel_bills_its_own_way() {
    let long = "a".repeat(500);
    let ask = |channel, to| quote(json!({"text": long, "to": to, "channel": channel, "balance": "0.00"}));
    assert_eq!(ask("zapier", "+447400123456")["total"], ask("api", "+447400123456")["total"]);
    let abroad = ask("app", "+447400123456");
    assert_eq!(
        (&abroad["total"], &abroad["quantity"]),
        (&json!("0.056"), &json!(1)),
        "a message is a message"
    );
    let local = ask("app", "+12125550123");
    assert_eq!((&local["total"], &local["sendable"]), (&json!("0.00"), &json!(true)));
    assert_eq!(local["cover"], json!({"kind": "covered", "remaining": "0.00", "sends_left": null}));
    let smart = quote(json!({"text": "It’s", "to": "+12125550123", "channel": "app"}));
    assert_eq!(smart["text"], "It’s", "smart encoding is the API's");
}

#[test]
fn minutes_begun_are_minutes_billed() {
    for (minutes, quantity, total) in [
        (json!(5), 5, "0.1525"),
        (json!("4.5"), 5, "0.1525"),
        (json!("4.000001"), 5, "0.1525"),
        (json!("5.0"), 5, "0.1525"),
        (json!(0), 0, "0.00"),
    ] {
        let call = quote(json!({"to": "+447400123456", "channel": "call", "minutes": minutes}));
        assert_eq!((&call["quantity"], &call["total"]), (&json!(quantity), &json!(total)), "{minutes}");
    }
    let local = quote(json!({"to": "+12125550123", "channel": "call", "minutes": 60}));
    assert_eq!(local["total"], "0.00");
}

#[test]
fn the_dearer_line_is_judged_unless_the_line_is_known() {
    let ask = |line_type: Value| {
        quote(json!({"to": "+33612345678", "channel": "call", "minutes": 10, "line_type": line_type}))
    };
    let unknown = ask(Value::Null);
    assert_eq!((&unknown["total"], codes(&unknown)), (&json!("1.603"), vec!["mobile-or-landline"]));
    assert_eq!(unknown["recipients"][0]["line_types"][1]["total"], "0.187");
    let mobile = ask(json!("mobile"));
    assert_eq!((&mobile["total"], codes(&mobile)), (&json!("0.187"), vec![]));
    let alike = quote(json!({"to": "+17875550123", "channel": "call", "minutes": 1}));
    assert!(alike["recipients"][0].get("line_types").is_none(), "both cost the same");
}

#[test]
fn encodings_and_senders_can_be_chosen() {
    let forced = quote(json!({"text": "a".repeat(71), "to": "+12125550123", "encoding": "UCS-2"}));
    assert_eq!((&forced["encoding"], &forced["total"]), (&json!("UCS-2"), &json!("0.02")));
    let toll_free =
        |units| quote(json!({"text": "a".repeat(units), "to": "+12125550123", "sender": "toll-free"}));
    assert_eq!([160, 304, 305].map(|units| toll_free(units)["segments"].clone()), [1, 2, 3]);

    let refused = FIXED.quote(&json!({"text": "😀 да", "encoding": "GSM-7"})).unwrap_err();
    assert_eq!((&refused["code"], &refused["at"]), (&json!("not-gsm-7"), &json!("text")));
    let message = refused["message"].as_str().unwrap();
    assert!(message.contains("U+1F600") && message.contains("offset 0"), "{message}");
    let later = FIXED.quote(&json!({"text": "’€…я", "encoding": "GSM-7"})).unwrap_err();
    assert!(
        later["message"].as_str().unwrap().contains("U+044F, which stands at UTF-16 offset 3"),
        "{later}"
    );
}

#[test]
fn nothing_of_a_blank_text_is_billed_or_sent() {
    for text in ["", " ", "\n\t\u{a0}", "\u{200b}", "\u{3000}\u{2028}"] {
        let answer = quote(json!({"text": text, "to": "+447400123456", "balance": "1.00"}));
        assert_eq!((&answer["quantity"], &answer["total"]), (&json!(0), &json!("0.00")), "{text:?}");
        assert_eq!((codes(&answer), &answer["sendable"]), (vec!["blank-text"], &json!(false)), "{text:?}");
    }
}

#[test]
fn what_is_too_long_says_so() {
    let to = "+12125550123";
    assert_eq!(codes(&texts(&"a".repeat(1530), to)), [] as [&str; 0], "ten segments");
    assert_eq!(codes(&texts(&"a".repeat(1600), to)), ["over-ten-segments"]);
    let long = texts(&"a".repeat(1601), to);
    assert_eq!(
        (codes(&long), &long["sendable"]),
        (vec!["text-too-long", "over-ten-segments"], &json!(false))
    );
    assert_eq!(codes(&texts(&"😀".repeat(1600), to)), ["over-ten-segments"], "code points, not code units");
    let parts = |count: usize| texts(&"a".repeat(153 * count), to);
    assert_eq!(parts(255)["segments"], 255);
    assert!(!codes(&parts(255)).contains(&"too-many-segments"));
    assert!(codes(&parts(256)).contains(&"too-many-segments"));

    let bytes = textmeter::TEXT_BYTES_MAX + 1;
    assert_eq!(FIXED.quote(&json!({"text": "a".repeat(bytes)})).unwrap_err()["code"], "text-too-large");
    assert_eq!(
        FIXED.quote(&json!({"text": "a".repeat(bytes - 1)})).unwrap()["warnings"][3]["code"],
        "advice-left-out"
    );
}

#[test]
fn a_number_twice_is_charged_twice_and_said() {
    let answer = quote(json!({"text": "Hi", "to": ["+447400123456", "+44 (0)7400 123456"], "balance": "1"}));
    assert_eq!((&answer["total"], codes(&answer)), (&json!("0.132"), vec!["duplicate-recipient"]));
    assert_eq!(answer["sendable"], true);
    let many: Vec<String> = (0..11).map(|n| format!("+44740012345{}", n % 10)).collect();
    assert_eq!(
        codes(&quote(json!({"text": "Hi", "to": many}))),
        ["duplicate-recipient", "too-many-recipients"]
    );
    let too_many = vec!["1"; textmeter::RECIPIENTS_MAX + 1];
    assert_eq!(FIXED.quote(&json!({"to": too_many})).unwrap_err()["code"], "too-many-recipients");
}

#[test]
fn a_number_in_json_is_the_same_number_however_it_is_written() {
    for minutes in ["5", "5.0", "50e-1", "0.5e1"] {
        let request = format!(r#"{{"to": "+447400123456", "channel": "call", "minutes": {minutes}}}"#);
        assert!(FIXED.bytes(&request).unwrap().contains(r#""quantity":5"#), "{minutes}");
    }
    for minutes in ["4.5", "-1", "1e300", "-0.5"] {
        let request = format!(r#"{{"to": "+447400123456", "channel": "call", "minutes": {minutes}}}"#);
        assert!(FIXED.bytes(&request).unwrap_err().contains(r#""at":"minutes""#), "{minutes}");
    }
}
