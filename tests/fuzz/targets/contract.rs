//! Any JSON as a request: refused with a code and a place, or an answer that is the same each time and adds up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use textmeter::{Money, QuoteRequest, Raw};
use textmeter_fuzz::{CARD, amount, choice, text};

fuzz_target!(|data: &[u8]| {
    let (byte, rest) = choice(data);
    let raw: Raw = if byte & 1 == 0 {
        let Ok(raw) = serde_json::from_slice(rest) else { return };
        raw
    } else {
        // A good request around a hard text.
        let numbers = ["+12125550123", "+447400123456", "+8613800138000", "7700900123", "72345", "+999"];
        let to: Vec<_> =
            numbers.iter().enumerate().filter(|(n, _)| byte >> (n + 1) & 1 == 1).map(|(_, to)| to).collect();
        let request =
            serde_json::json!({ "text": text(rest), "to": to, "balance": "0.05", "smart": byte & 128 == 0 });
        serde_json::from_value(request).expect("a document")
    };
    let quote = |raw: &Raw| QuoteRequest::read(raw).and_then(|request| Ok(CARD.quote(&request)?.to_json()));
    let told = match quote(&raw) {
        Ok(told) => told,
        Err(error) => {
            assert!(!error.code().as_str().is_empty() && !error.message().is_empty());
            return;
        }
    };
    assert_eq!(quote(&raw).as_deref(), Ok(told.as_str()));
    let told: serde_json::Value = serde_json::from_str(&told).expect("an answer is JSON");
    let Some(recipients) = told["recipients"].as_array() else { return };
    if told["total"].is_null() {
        return;
    }
    let prices = recipients.iter().filter(|recipient| !recipient["total"].is_null());
    let sum = prices.map(|recipient| amount(&recipient["total"])).try_fold(Money::ZERO, Money::plus);
    assert_eq!(sum, Some(amount(&told["total"])));
});
