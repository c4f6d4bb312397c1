//! Rate cards from outside: the shared vectors, the shipped card, and the look-up against the slow way to do it.
#![cfg(not(target_family = "wasm"))]
// Helpers outside of #[test] functions: a failed one fails its test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use textmeter::{Local, RateCard, Raw, Table, Territory, Unit};

const VECTORS: &str = include_str!("vectors/cards.json");
const SHIPPED: &str = include_str!("../rates.json");

fn read(card: &Value) -> Result<RateCard, textmeter::Error> {
    RateCard::read(&serde_json::from_value::<Raw>(card.clone()).unwrap())
}

/// RFC 7396.
fn merge(target: &mut Value, patch: &Value) {
    let Some(fields) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let target = target.as_object_mut().unwrap();
    for (key, value) in fields {
        if value.is_null() {
            target.remove(key);
        } else {
            merge(target.entry(key).or_insert(Value::Null), value);
        }
    }
}

fn found(card: &RateCard, table: &str, digits: &str, territory: Option<&str>) -> Value {
    let territory = territory.map(|code| Territory::parse(code).unwrap());
    match table {
        "texting" => card.texting_rate(digits, territory).map_or(Value::Null, |rate| json!(rate.to_string())),
        "calling" => card.calling_rate(digits, territory).map_or(
            Value::Null,
            |rate| json!({"landline": rate.landline.to_string(), "mobile": rate.mobile.to_string()}),
        ),
        other => panic!("{other}"),
    }
}

#[test]
fn a_broken_card_is_refused_whole_and_names_the_field() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let refused = vectors["refused"].as_array().unwrap();
    assert!(refused.len() > 80);
    for case in refused {
        let mut card = vectors["card"].clone();
        merge(&mut card, &case["patch"]);
        let error = read(&card).err().unwrap_or_else(|| panic!("{} was read", case["name"]));
        assert_eq!(
            json!([error.code().as_str(), error.at()]),
            json!([case["code"], case["at"]]),
            "{}",
            case["name"]
        );
        assert!(!error.message().is_empty());
    }
}

#[test]
fn rates_are_found_by_prefix_then_row_then_fallback() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let card = read(&vectors["card"]).unwrap();
    for case in vectors["rates"].as_array().unwrap() {
        let (table, digits) = (case["table"].as_str().unwrap(), case["digits"].as_str().unwrap());
        assert_eq!(found(&card, table, digits, case["territory"].as_str()), case["rate"], "{}", case["name"]);
    }
    for digits in ["", "+44", "44x", "1234567890123456", "٤٤"] {
        assert_eq!(card.texting_rate(digits, None), None, "{digits:?}");
    }
}

#[test]
fn what_is_written_twice_is_refused() {
    let twice = |old: &str, new: &str| {
        let text = serde_json::from_str::<Value>(VECTORS).unwrap()["card"].to_string();
        assert!(text.contains(old));
        let raw: Raw = serde_json::from_str(&text.replace(old, new)).unwrap();
        RateCard::read(&raw).unwrap_err().at().to_owned()
    };
    assert_eq!(twice(r#""GB":"0.056""#, r#""GB":"0.056","GB":"0.056""#), "texting.territories.GB");
    assert_eq!(twice(r#""4480":"0.09""#, r#""4480":"0.09","4480":"0.08""#), "texting.prefixes.4480");
    assert_eq!(twice(r#""id":"vectors""#, r#""id":"vectors","id":"others""#), "id");
}

#[test]
fn too_many_rows_are_refused() {
    let card = |field: &str, rows: Map<String, Value>| {
        let mut card = serde_json::from_str::<Value>(VECTORS).unwrap()["card"].take();
        match field {
            "channels" => card["channels"] = rows.into(),
            field => card["texting"][field] = rows.into(),
        }
        read(&card).map(|_| ()).map_err(|error| error.at().to_owned())
    };
    let letters = || (b'A'..=b'Z').map(char::from);
    let codes: Vec<String> = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}"))).collect();
    let territories = |count| codes.iter().take(count).map(|code| (code.clone(), json!("0.1"))).collect();
    let api = serde_json::from_str::<Value>(VECTORS).unwrap()["card"]["channels"]["api"].take();
    let channels = |count| (0..count).map(|index| (format!("c{index}"), api.clone())).collect();
    assert_eq!(card("territories", territories(401)), Err("texting.territories".to_owned()));
    assert_eq!(card("channels", channels(64)), Ok(()));
    assert_eq!(card("channels", channels(65)), Err("channels".to_owned()));
    assert_eq!(card("channels", channels(0)), Err("channels".to_owned()));

    // A million and one, refused by their number before any is read.
    let rows = (0..=1_000_000).map(|_| ("44".to_owned(), Raw::Null)).collect();
    let texting = [("territories".to_owned(), Raw::Map(Vec::new())), ("prefixes".to_owned(), Raw::Map(rows))];
    let mut card = serde_json::from_str::<Value>(VECTORS).unwrap()["card"].take();
    card.as_object_mut().unwrap().remove("texting");
    let Raw::Map(mut fields) = serde_json::from_value(card).unwrap() else { panic!("a card is an object") };
    fields.push(("texting".to_owned(), Raw::Map(texting.into())));
    let error = RateCard::read(&Raw::Map(fields)).unwrap_err();
    assert_eq!((error.at(), error.message()), ("texting.prefixes", "there are more than 1000000 rows"));
}

#[test]
fn the_shipped_card_says_what_it_is_and_invents_nothing() {
    let raw: Raw = serde_json::from_str(SHIPPED).unwrap();
    let card = RateCard::read(&raw).unwrap();
    assert_eq!((card.id(), card.as_of(), card.currency()), ("twilio-list-2026-05-25", "2026-05-25", "USD"));
    assert!(card.source().contains("Twilio") && card.note().contains("stand-in, not the provider's own"));
    let texting = |digits, territory| found(&card, "texting", digits, territory);
    for (digits, territory, rate) in [
        ("447911123456", "GB", "0.056"),
        ("447781123456", "GG", "0.0524"),
        ("447624123456", "IM", "0.056"),
        ("67231234", "NF", "0.02817"),
        ("17875551234", "PR", "0.054"),
        ("16705551234", "MP", "0.0847"),
        ("18765551234", "JM", "0.3151"),
        ("77011234567", "KZ", "0.3382"),
        ("79161234567", "RU", "0.7522"),
        ("38344123456", "XK", "0.2509"),
        ("5999123456", "CW", "0.1723"),
        ("262639123456", "YT", "0.1911"),
    ] {
        assert_eq!(texting(digits, Some(territory)), json!(rate), "{territory}");
    }
    for territory in ["CU", "IR", "SY", "KP", "NR", "SH", "TK", "IO", "PN", "AQ", "SX"] {
        assert_eq!(texting("5351234567", Some(territory)), Value::Null, "{territory}");
    }
    for (digits, rate) in
        [("881612345678", json!("0.10")), ("88216123456", json!("0.10")), ("88213123456", Value::Null)]
    {
        assert_eq!(texting(digits, None), rate, "{digits}");
    }
    assert_eq!(
        found(&card, "calling", "441632960961", Some("GB")),
        json!({"landline": "0.0158", "mobile": "0.0305"})
    );
    assert_eq!(
        found(&card, "calling", "6846331234", Some("AS")),
        json!({"landline": "0.409", "mobile": "0.409"})
    );
    assert_eq!(found(&card, "calling", "5351234567", Some("CU")), Value::Null);

    let local: Vec<&str> = ["US", "CA", "PR", "GU", "VI", "AS", "MP", "BS", "GB"]
        .into_iter()
        .filter(|code| card.is_local(Territory::parse(code).unwrap()))
        .collect();
    assert_eq!(local, ["US", "CA"]);
    let channels: Vec<_> = card
        .channels()
        .map(|it| {
            (it.name(), it.unit(), it.table(), it.surcharge().to_string(), it.local(), it.smart_encoding())
        })
        .collect();
    assert_eq!(
        channels,
        [
            ("api", Unit::Segment, Table::Texting, "0.01".to_owned(), Local::Surcharge, true),
            ("zapier", Unit::Segment, Table::Texting, "0.01".to_owned(), Local::Surcharge, true),
            ("app", Unit::Message, Table::Texting, "0.00".to_owned(), Local::Included, false),
            ("call", Unit::Minute, Table::Calling, "0.00".to_owned(), Local::Included, false),
        ]
    );
    let api = card.channel("api").unwrap();
    assert_eq!((api.title(), api.text_max(), api.recipients_max()), ("API", 1600, 10));
    assert!(card.channel("API").is_none());
}

fn priced_by(prefixes: &BTreeMap<String, u64>) -> RateCard {
    let rows: Map<String, Value> =
        prefixes.iter().map(|(prefix, price)| (prefix.clone(), json!(format!("{price}.00")))).collect();
    let mut card = serde_json::from_str::<Value>(VECTORS).unwrap()["card"].take();
    card["texting"] = json!({"territories": {}, "prefixes": rows});
    read(&card).unwrap()
}

/// What trying every prefix finds.
fn longest(prefixes: &BTreeMap<String, u64>, number: &str) -> Value {
    let found = (1..=number.len()).rev().find_map(|length| prefixes.get(&number[..length]));
    found.map_or(Value::Null, |price| json!(format!("{price}.00")))
}

proptest! {
    #[test]
    fn the_longest_prefix_is_found(
        // Eleven digits and more are kept apart from the shorter ones.
        prefixes in prop::collection::btree_map("[1-3][0-29]{0,5}|1999999999[0-19]{0,5}", 0_u64..1000, 0..120),
        numbers in prop::collection::vec("[1-4][0-39]{0,8}|[12]999999999[0-29]{0,5}", 50),
    ) {
        let card = priced_by(&prefixes);
        for number in numbers {
            prop_assert_eq!(found(&card, "texting", &number, None), longest(&prefixes, &number), "{}", number);
        }
    }
}

/// Large tables are searched through an index: the same law, over one with prefixes of every length.
#[test]
fn the_longest_prefix_is_found_in_a_large_table() {
    let mut state = 20_260_525_u64;
    let mut number = |shortest: u64, longest: u64| {
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let digits = shortest + next(longest - shortest + 1);
        (0..digits)
            .map(|place| if place == 0 { 1 + next(9) } else { next(10) }.to_string())
            .collect::<String>()
    };
    let prefixes: BTreeMap<String, u64> = (0..40_000).map(|price| (number(2, 7), price % 700)).collect();
    let card = priced_by(&prefixes);
    let mut priced = 0;
    for number in (0..40_000).map(|_| number(1, 9)) {
        let expected = longest(&prefixes, &number);
        priced += usize::from(!expected.is_null());
        assert_eq!(found(&card, "texting", &number, None), expected, "{number}");
    }
    assert!((10_000..39_000).contains(&priced), "{priced} of 40,000: both must be there");
}
