//! A territory named by its two letters stands for a number there that nobody has typed yet.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used)] // A judge may panic.

use textmeter::{QuoteRequest, RateCard, Raw};

fn quoted(request: &str) -> serde_json::Value {
    let card: Raw = serde_json::from_str(include_str!("../rates.json")).unwrap();
    let card = RateCard::read(&card).unwrap();
    let request: Raw = serde_json::from_str(request).unwrap();
    let request = QuoteRequest::read(&request).unwrap();
    serde_json::from_str(&card.quote(&request).unwrap().to_json()).unwrap()
}

#[test]
fn costs_what_a_number_there_costs() {
    for (letters, number) in [("GB", "+447400123456"), ("US", "+14155552671"), ("GG", "+447781123456")] {
        for channel in ["api", "app"] {
            let ask = |to| quoted(&format!(r#"{{"text": "Hi", "to": "{to}", "channel": "{channel}"}}"#));
            let (territory, typed) = (ask(letters), ask(number));
            assert_eq!(territory["recipients"][0]["territory"], letters);
            assert_eq!(territory["recipients"][0]["to"], letters);
            assert_eq!(territory["total"], typed["total"], "{letters} by {channel}");
            assert_ne!(territory["total"], serde_json::Value::Null);
        }
    }
}

#[test]
fn without_a_row_has_no_rate() {
    for letters in ["CU", "ZZ"] {
        let quote = quoted(&format!(r#"{{"text": "Hi", "to": "{letters}"}}"#));
        assert_eq!(quote["recipients"][0]["status"], "no-rate");
        assert_eq!(quote["total"], serde_json::Value::Null);
    }
}

#[test]
fn is_not_a_number_that_stands_twice() {
    let codes = |to: &str| {
        let quote = quoted(&format!(r#"{{"text": "Hi", "to": {to}}}"#));
        quote["warnings"].as_array().unwrap().iter().map(|w| w["code"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(codes(r#"["GB", "FR", "GB"]"#), [] as [&str; 0]);
    assert_eq!(codes(r#"["+447400123456", "07400 123456 ", "+44 7400 123456"]"#), ["duplicate-recipient"]);
}
