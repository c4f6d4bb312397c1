//! Any JSON as a rate card, and the shipped one with a part of it overwritten: refused with a place, or good for quotes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use textmeter::{QuoteRequest, RateCard, Raw};
use textmeter_fuzz::{CARD_JSON, choice};

fuzz_target!(|data: &[u8]| {
    let (byte, rest) = choice(data);
    let raw: Result<Raw, _> = if byte & 1 == 0 {
        serde_json::from_slice(rest)
    } else {
        // Where, and what instead.
        let Some((place, instead)) = rest.split_at_checked(2) else { return };
        let start = usize::from(place[0]) * 256 + usize::from(place[1]);
        let mut card = CARD_JSON.as_bytes().to_vec();
        for (old, new) in card.iter_mut().skip(start).zip(instead) {
            *old = *new;
        }
        serde_json::from_slice(&card)
    };
    let Ok(raw) = raw else { return };
    let card = match RateCard::read(&raw) {
        Ok(card) => card,
        Err(error) => {
            assert!(!error.message().is_empty());
            return;
        }
    };
    for channel in card.channels() {
        let request = json!({
            "text": "Hi", "to": "+447400123456", "minutes": 2, "channel": channel.name(), "balance": "1"
        });
        let request: Raw = serde_json::from_value(request).expect("a document");
        let Ok(request) = QuoteRequest::read(&request) else { continue };
        if let Ok(quote) = card.quote(&request) {
            let told: serde_json::Value = serde_json::from_str(&quote.to_json()).expect("an answer is JSON");
            assert!(told.is_object());
        }
    }
});
