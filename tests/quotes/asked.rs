//! Requests as people and programs make them, well and badly.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Texts made of what makes counting and advice hard, from nothing to about ten segments.
pub(super) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z0-9 .,\n]{1,40}",
        3 => "a{60,160}",
        2 => prop::sample::select(vec!["€", "|", "é", "\r\n", "  ", "\n", "\t", "`"]).prop_map(str::to_owned),
        4 => prop::sample::select(vec!["’", "“", "…", "–", "\u{a0}", "\u{202f}", "\u{200b}", "\u{2028}", "¼", "Ａ"])
            .prop_map(str::to_owned),
        3 => prop::sample::select(vec!["á", "ł", "œ", "ế", "e\u{301}", "a\u{302}\u{301}", "x\u{301}", "ı", "ş"])
            .prop_map(str::to_owned),
        2 => prop::sample::select(vec!["\u{ad}", "\u{200d}", "\u{200e}", "\u{fe0f}", "\u{feff}", "\0", "\u{1b}"])
            .prop_map(str::to_owned),
        3 => prop::sample::select(vec!["😀", "🇺🇸", "👩‍👩‍👧‍👦", "👋🏽", "क्षि", "한", "№", "ж"]).prop_map(str::to_owned),
        1 => (1..90usize).prop_map(|n| "a".to_owned() + &"\u{308}".repeat(n)),
        1 => "[а-я]{1,60}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// Destinations as typed: priced and not, local and not, twice the same, and nonsense.
pub(super) fn destination() -> impl Strategy<Value = String> {
    let known = vec![
        "+447400123456",
        "07400 123456",
        "(212) 555-0123",
        "+1 416 555 0123",
        "+1 787 555 0123",
        "+1 876 555 0123",
        "+33612345678",
        "+33 1 23 45 67 89",
        "+49 1512 3456789",
        "+905301234567",
        "+8816 1234 5678",
        "+447781123456",
        "+353851234567",
        "+5215512345678",
        "GB",
        "US",
        "PR",
        "FR",
        "CU",
        "ZZ",
        "+5351234567",
        "+1 999 555 0123",
        "911",
        "+",
        "",
        "QUO",
        "+999 123 4567",
    ];
    prop_oneof![9 => prop::sample::select(known).prop_map(str::to_owned), 1 => any::<String>()]
}

fn amount() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..2_000_000u64).prop_map(|micros| format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)),
        (0..500u64).prop_map(|cents| format!("{}.{:02}", cents / 100, cents % 100)),
        Just("999999999999.999999".to_owned()),
        Just("0".to_owned()),
    ]
}

/// A text over one of the channels of texts. Most of these are answered.
pub(super) fn texting() -> impl Strategy<Value = Value> {
    (
        text(),
        prop::collection::vec(destination(), 0..5),
        prop::sample::select(vec!["api", "zapier", "app"]),
        prop::option::of(amount()),
        prop::sample::select(vec!["auto", "auto", "auto", "UCS-2", "GSM-7"]),
        prop::sample::select(vec!["standard", "toll-free"]),
        prop::sample::select(vec!["US", "GB", "FR"]),
        prop::option::of(any::<bool>()),
    )
        .prop_map(|(text, to, channel, balance, encoding, sender, region, smart)| {
            json!({"text": text, "to": to, "channel": channel, "balance": balance, "encoding": encoding,
                   "sender": sender, "region": region, "smart": smart})
        })
}

/// A text that somebody pays for: over the API, to numbers that all have a price.
pub(super) fn paid() -> impl Strategy<Value = Value> {
    let priced = vec!["+447400123456", "+12125550123", "+33612345678", "+8816 1234 5678"];
    let to = prop::collection::vec(prop::sample::select(priced), 1..4);
    let encoding = prop::sample::select(vec!["auto", "auto", "auto", "UCS-2"]);
    let sender = prop::sample::select(vec!["standard", "standard", "toll-free"]);
    (text(), to, encoding, sender, any::<bool>()).prop_map(|(text, to, encoding, sender, smart)| {
        json!({"text": text, "to": to, "encoding": encoding, "sender": sender, "smart": smart})
    })
}

/// A call.
pub(super) fn calling() -> impl Strategy<Value = Value> {
    let minutes = prop_oneof![
        (0..200u64).prop_map(Value::from),
        (0..90_000_000u64).prop_map(|micros| Value::from(format!(
            "{}.{:06}",
            micros / 1_000_000,
            micros % 1_000_000
        ))),
    ];
    (
        prop::collection::vec(destination(), 0..4),
        minutes,
        prop::sample::select(vec![Value::Null, json!("landline"), json!("mobile")]),
        prop::option::of(amount()),
    )
        .prop_map(|(to, minutes, line_type, balance)| {
            json!({"to": to, "channel": "call", "minutes": minutes, "line_type": line_type, "balance": balance})
        })
}

/// Any JSON at all.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        destination().prop_map(Value::from),
        amount().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A request of which any field may hold anything.
pub(super) fn nonsense() -> impl Strategy<Value = Value> {
    let fields = prop::sample::select(vec![
        "text",
        "to",
        "channel",
        "balance",
        "encoding",
        "sender",
        "region",
        "minutes",
        "line_type",
        "smart",
        "txet",
    ]);
    let broken = prop::collection::vec((fields, anything()), 0..3);
    let sound = prop_oneof![Just(json!({})), texting(), calling()];
    prop_oneof![
        1 => anything(),
        9 => (sound, broken).prop_map(|(mut request, broken)| {
            for (field, value) in broken {
                request[field] = value;
            }
            request
        }),
    ]
}
