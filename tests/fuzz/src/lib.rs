//! What the targets share: the shipped card, and bytes as texts.

use std::sync::LazyLock;

use textmeter::{Money, RateCard, Raw};

/// The rate card that ships, as JSON.
pub const CARD_JSON: &str = include_str!("../../../rates.json");

/// The rate card that ships.
pub static CARD: LazyLock<RateCard> = LazyLock::new(|| {
    let raw: Raw = serde_json::from_str(CARD_JSON).expect("the card is JSON");
    RateCard::read(&raw).expect("the card is good")
});

/// Bytes as a text: what is no UTF-8 becomes characters of the supplementary planes and combining marks, so that random bytes
/// are hard texts and not replacement characters.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let code = if byte % 2 == 0 { 0x300 + u32::from(*byte) / 4 } else { 0x1F300 + u32::from(*byte) };
            text.extend(char::from_u32(code));
        }
    }
    text
}

/// Splits a byte that decides off the input.
#[must_use]
pub fn choice(data: &[u8]) -> (u8, &[u8]) {
    data.split_first().map_or((0, data), |(first, rest)| (*first, rest))
}

/// A good document with a part of it overwritten. The first two bytes say where and how much goes; the rest comes instead.
#[must_use]
pub fn spliced(good: &[u8], data: &[u8]) -> Vec<u8> {
    let Some(([place, gone], instead)) = data.split_first_chunk() else { return good.to_vec() };
    let start = usize::from(*place) % (good.len() + 1);
    let end = good.len().min(start + usize::from(*gone % 32));
    [&good[..start], instead, &good[end..]].concat()
}

/// An answer's amount.
///
/// # Panics
///
/// When it is none.
#[must_use]
pub fn amount(value: &serde_json::Value) -> Money {
    Money::parse(value.as_str().expect("an amount is a string")).expect("an amount is a decimal")
}
