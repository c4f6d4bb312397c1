//! Laws of the price: what is charged, whether the balance covers it, and what is said of it.
//!
//! The oracle reads the rate card's document by itself and counts with `rust_decimal`.

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{FIXED, SHIPPED, asked};

/// An amount, which must be written as the contract says: two decimals at least, no trailing zeros beyond them.
fn amount(value: &Value) -> Decimal {
    let text = value.as_str().unwrap();
    let (whole, decimals) = text.split_once('.').unwrap();
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    assert!(digits(whole) && digits(decimals) && (whole == "0" || !whole.starts_with('0')), "{text}");
    assert!((2..=6).contains(&decimals.len()), "{text}");
    assert!(decimals.len() == 2 || !decimals.ends_with('0'), "{text}");
    text.parse().unwrap()
}

/// The row for a destination: the longest prefix, the territory's own, the one it falls back to.
fn row<'a>(table: &'a Value, to: &str, territory: &Value) -> Option<&'a Value> {
    let digits = to.strip_prefix('+').unwrap_or_default();
    let prefixes = table["prefixes"].as_object().into_iter().flatten();
    let longest =
        prefixes.filter(|(prefix, _)| digits.starts_with(*prefix)).max_by_key(|(prefix, _)| prefix.len());
    let of = |territory: &str| table["territories"].get(territory);
    longest.map(|(_, row)| row).or_else(|| {
        let territory = territory.as_str()?;
        of(territory).or_else(|| of(table["fallbacks"].get(territory)?.as_str()?))
    })
}

/// Surcharge and rates (landline, mobile) of a recipient the card prices.
fn per_unit(card: &Value, channel: &Value, recipient: &Value) -> Option<[Decimal; 2]> {
    let decimal = |value: &Value| -> Decimal { value.as_str().unwrap().parse().unwrap() };
    let surcharge = decimal(&channel["surcharge"]);
    if card["local"].as_array().unwrap().contains(&recipient["territory"]) {
        let local = if channel["local"] == "surcharge" { surcharge } else { Decimal::ZERO };
        return Some([local; 2]);
    }
    let table = channel["rates"].as_str().unwrap();
    let row = row(&card[table], recipient["to"].as_str().unwrap(), &recipient["territory"])?;
    let both = if row.is_string() { [row, row] } else { [&row["landline"], &row["mobile"]] };
    Some(both.map(|rate| surcharge + decimal(rate)))
}

fn judge_recipient(card: &Value, request: &Value, answer: &Value, recipient: &Value) -> Option<Decimal> {
    let channel = &card["channels"][answer["channel"].as_str().unwrap()];
    let prices = ["rate", "per_segment", "per_unit", "total"];
    let expected = match recipient["status"].as_str().unwrap() {
        "priced" | "no-rate" => per_unit(card, channel, recipient),
        _ => None,
    };
    let Some([landline, mobile]) = expected else {
        assert_ne!(recipient["status"], "priced");
        assert!(prices.iter().all(|field| recipient[field].is_null()) && recipient["local"] == false);
        return None;
    };
    assert_eq!(recipient["status"], "priced");
    let local = card["local"].as_array().unwrap().contains(&recipient["territory"]);
    let expected = match request["line_type"].as_str() {
        Some("landline") => landline,
        Some(_) => mobile,
        None => landline.max(mobile),
    };
    let quantity = Decimal::from(answer["quantity"].as_u64().unwrap());
    assert_eq!(amount(&recipient["per_unit"]), expected);
    assert_eq!(recipient["local"], local);
    let surcharge: Decimal = channel["surcharge"].as_str().unwrap().parse().unwrap();
    assert_eq!(amount(&recipient["rate"]), if local { Decimal::ZERO } else { expected - surcharge });
    assert_eq!(amount(&recipient["total"]), expected * quantity);
    let by_segment = channel["unit"] == "segment";
    assert_eq!(
        recipient["per_segment"],
        if by_segment { recipient["per_unit"].clone() } else { Value::Null }
    );
    let lines = recipient.get("line_types");
    assert_eq!(lines.is_some(), request["line_type"].is_null() && landline != mobile && !local);
    for (index, price) in [landline, mobile].into_iter().enumerate().filter(|_| lines.is_some()) {
        let line = &recipient["line_types"][index];
        assert_eq!(line["line_type"], ["landline", "mobile"][index]);
        assert_eq!(amount(&line["rate"]), price - surcharge);
        assert_eq!((amount(&line["per_unit"]), amount(&line["total"])), (price, price * quantity));
    }
    Some(expected * quantity)
}

/// The whole of an answer's money against the card's document.
fn judge(card: &Value, request: &Value, answer: &Value) {
    let text = answer["text"].as_str().unwrap();
    let quantity = match answer["unit"].as_str().unwrap() {
        "minute" => match &request["minutes"] {
            Value::String(minutes) => minutes.parse::<Decimal>().unwrap().ceil().to_string().parse().unwrap(),
            minutes => minutes.as_u64().unwrap(),
        },
        _ if text.trim().is_empty() => 0,
        "message" => 1,
        _ => answer["segments"].as_u64().unwrap(),
    };
    assert_eq!(answer["quantity"], quantity);

    let recipients = answer["recipients"].as_array().unwrap();
    let totals: Vec<_> = recipients.iter().map(|r| judge_recipient(card, request, answer, r)).collect();
    let total = totals.iter().copied().sum::<Option<Decimal>>().filter(|_| !totals.is_empty());
    assert_eq!((!answer["total"].is_null()).then(|| amount(&answer["total"])), total);

    let cover = &answer["cover"];
    let balance = request["balance"].as_str().map(|balance| balance.parse::<Decimal>().unwrap());
    match balance.zip(total) {
        None => assert!(cover.is_null()),
        Some((balance, total)) if total <= balance => {
            assert_eq!(cover["kind"], "covered");
            let remaining = amount(&cover["remaining"]);
            assert_eq!(remaining + total, balance);
            let more = remaining.checked_div(total).map(|n| n.floor().to_string().parse::<u64>().unwrap());
            assert_eq!(cover["sends_left"], more.map_or(Value::Null, Value::from));
        }
        Some((balance, total)) => {
            assert_eq!(cover["kind"], "short");
            assert_eq!(amount(&cover["shortfall"]), total - balance);
        }
    }
    judge_warnings(card, request, answer, quantity);
    let blocked = answer["warnings"].as_array().unwrap().iter().any(|warning| warning["blocks"] == true);
    assert_eq!(answer["sendable"], total.is_some() && cover["kind"] != "short" && !blocked);
}

fn judge_warnings(card: &Value, request: &Value, answer: &Value, quantity: u64) {
    let channel = &card["channels"][answer["channel"].as_str().unwrap()];
    let given = request["text"].as_str().unwrap_or_default();
    let texting = answer["unit"] != "minute";
    let segments = answer["segments"].as_u64().unwrap();
    let recipients = answer["recipients"].as_array().unwrap();
    let most = |field: &str| channel[field].as_u64().unwrap_or(u64::MAX);
    let mut numbers: Vec<&str> =
        recipients.iter().filter_map(|r| r["to"].as_str()).filter(|to| to.starts_with('+')).collect();
    // What was not understood stands there as typed, and is no number twice.
    numbers.retain(|to| {
        recipients.iter().any(|r| r["to"] == *to && (r["status"] == "priced" || r["status"] == "no-rate"))
    });
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    let expected = [
        ("blank-text", true, texting && quantity == 0),
        ("text-too-long", true, texting && given.chars().count() as u64 > most("text_max")),
        ("too-many-segments", true, segments > 255),
        ("over-ten-segments", false, segments > 10),
        ("boundary-uncertain", false, answer["segments_min"].as_u64().unwrap() < segments),
        ("duplicate-recipient", false, numbers.len() < all),
        ("too-many-recipients", false, recipients.len() as u64 > most("recipients_max")),
        ("mobile-or-landline", false, recipients.iter().any(|r| r.get("line_types").is_some())),
    ];
    for (code, blocks, applies) in expected {
        let mut said =
            answer["warnings"].as_array().unwrap().iter().filter(|warning| warning["code"] == code);
        let first = said.next();
        assert_eq!(first.is_some(), applies, "{code}");
        assert!(first.is_none_or(|w| w["blocks"] == blocks && w["message"].as_str().unwrap().ends_with('.')));
        assert!(said.next().is_none(), "{code} is said twice");
    }
}

/// The text as it is sent, its parts and what was changed.
fn judge_text(request: &Value, answer: &Value) {
    let given: Vec<u16> = request["text"].as_str().unwrap().encode_utf16().collect();
    let sent: Vec<u16> = answer["text"].as_str().unwrap().encode_utf16().collect();
    let offset = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let (mut end, mut units) = (0, 0);
    for part in answer["parts"].as_array().unwrap() {
        assert_eq!(offset(&part["start"]), end);
        end = offset(&part["end"]);
        assert!(String::from_utf16(&sent[offset(&part["start"])..end]).is_ok(), "half a pair");
        units += part["units"].as_u64().unwrap();
    }
    assert_eq!((end, answer["units"].as_u64().unwrap()), (sent.len(), units));
    assert_eq!(answer["segments"], answer["parts"].as_array().unwrap().len());

    let (mut made, mut kept) = (Vec::new(), 0);
    for change in answer["changes"].as_array().unwrap() {
        let (start, end) = (offset(&change["start"]), offset(&change["end"]));
        made.extend_from_slice(&given[kept..start]);
        assert_eq!(String::from_utf16(&given[start..end]).unwrap(), change["found"].as_str().unwrap());
        made.extend(change["replacement"].as_str().unwrap().encode_utf16());
        kept = end;
    }
    made.extend_from_slice(&given[kept..]);
    assert_eq!(made, sent, "the changes make the text that is sent");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_text_costs_what_the_card_says(request in asked::texting()) {
        for card in [&*SHIPPED, &*FIXED] {
            match card.quote(&request) {
                Ok(answer) => {
                    judge(&card.json, &request, &answer);
                    judge_text(&request, &answer);
                }
                Err(error) => {
                    prop_assert_eq!(&error["code"], "not-gsm-7");
                    prop_assert_eq!(&request["encoding"], "GSM-7");
                }
            }
        }
    }

    #[test]
    fn a_call_costs_what_the_card_says(request in asked::calling()) {
        for card in [&*SHIPPED, &*FIXED] {
            judge(&card.json, &request, &card.quote(&request).unwrap());
        }
    }

    #[test]
    fn smart_encoding_a_second_time_changes_nothing(text in asked::text()) {
        let (once, _) = textmeter::smart::encode(&text);
        let (twice, changes) = textmeter::smart::encode(&once);
        prop_assert_eq!(&twice, &once);
        prop_assert!(changes.is_empty());
    }

    #[test]
    fn the_text_as_sent_costs_the_same_without_smart_encoding(mut request in asked::paid()) {
        request["smart"] = Value::Bool(true);
        let smart = FIXED.quote(&request).unwrap();
        request["smart"] = Value::Bool(false);
        request["text"] = smart["text"].clone();
        let plain = FIXED.quote(&request).unwrap();
        for field in ["text", "encoding", "units", "segments", "segments_min", "units_left", "parts", "total"] {
            prop_assert_eq!(&plain[field], &smart[field], "{}", field);
        }
        prop_assert_eq!(plain["changes"].as_array().unwrap().len(), 0);
    }

    #[test]
    fn equal_requests_have_equal_bytes(request in asked::nonsense()) {
        let request = request.to_string();
        prop_assert_eq!(SHIPPED.bytes(&request), SHIPPED.bytes(&request));
    }

    /// Every failure is one of the list, at the field it is about.
    #[test]
    fn no_request_panics(request in asked::nonsense()) {
        if let Err(error) = SHIPPED.quote(&request) {
            let known = ["missing-field", "unknown-field", "wrong-type", "invalid-value", "unknown-channel",
                         "invalid-amount", "not-gsm-7"];
            prop_assert!(known.contains(&error["code"].as_str().unwrap()), "{}", error);
            prop_assert!(!error["message"].as_str().unwrap().is_empty());
        }
    }

    #[test]
    fn no_text_and_no_number_panics(text in any::<String>(), to in any::<String>(), smart in any::<bool>()) {
        let request = serde_json::json!({"text": text, "to": to, "smart": smart});
        judge_text(&request, &SHIPPED.quote(&request).unwrap());
    }
}
