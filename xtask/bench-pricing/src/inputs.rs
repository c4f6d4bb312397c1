//! What is measured on: texts, the card of this repository, and decks of prefixes that are the same every time.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use textmeter::{RateCard, Raw};

const SENTENCE: &str = "Hello Ada, your table at the Harbour is ready. Show this text at the door 24/7, and see you soon! \
                        Reply STOP to end. ";

/// So many characters of plain English.
pub fn plain(characters: usize) -> String {
    SENTENCE.chars().cycle().take(characters).collect()
}

/// The card of this repository.
pub fn card() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rates.json");
    let text = std::fs::read_to_string(path).expect("the repository's card");
    serde_json::from_str(&text).expect("the card is JSON")
}

/// A card, read.
pub fn read(card: &Value) -> RateCard {
    RateCard::read(&raw(card)).expect("a card without defects")
}

/// A card as a document.
pub fn raw(card: &Value) -> Raw {
    serde_json::from_value(card.clone()).expect("any JSON is a document")
}

/// Numbers that look random and are the same every time.
pub struct Lot(u64);

impl Lot {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

/// Prefixes with their rates, and numbers below them.
pub struct Deck {
    pub prefixes: BTreeMap<String, String>,
    /// One behind the other: so many that what they are looked for in does not stay in the processor's nearest cache.
    numbers: String,
}

/// Digits of every number.
const NUMBER_DIGITS: usize = 11;
const NUMBERS: usize = 1 << 16;

/// A deck as carriers publish them: four fifths are North America's exchanges, the rest operators' prefixes of 4 to 10
/// digits all over the world.
pub fn deck(size: usize) -> Deck {
    let mut lot = Lot(20_260_525);
    let mut prefixes = BTreeMap::new();
    let exchanges = (201..601).flat_map(|area| (200..600).map(move |exchange| format!("1{area}{exchange}")));
    for exchange in exchanges.take(size * 4 / 5) {
        prefixes.insert(exchange, format!("0.{:05}", 100 + lot.below(300)));
    }
    const CODES: [&str; 9] = ["44", "49", "33", "91", "86", "55", "7", "234", "62"];
    while prefixes.len() < size {
        let mut prefix = CODES[lot.below(CODES.len())].to_owned();
        for _ in 0..3 + lot.below(6) {
            prefix.push(char::from(b'0' + lot.below(10) as u8));
        }
        prefixes.insert(prefix, format!("0.{:05}", 100 + lot.below(3000)));
    }
    let all: Vec<&String> = prefixes.keys().collect();
    let numbers = (0..NUMBERS).map(|_| {
        let mut number = all[lot.below(all.len())].clone();
        while number.len() < NUMBER_DIGITS {
            number.push(char::from(b'0' + lot.below(10) as u8));
        }
        number
    });
    Deck { numbers: numbers.collect(), prefixes }
}

impl Deck {
    /// One of the numbers; they begin anew behind the last.
    pub fn number(&self, place: usize) -> &str {
        &self.numbers[place % NUMBERS * NUMBER_DIGITS..][..NUMBER_DIGITS]
    }

    /// The repository's card with the deck in it.
    pub fn card(&self) -> Value {
        let mut card = card();
        card["texting"]["prefixes"] = json!(self.prefixes);
        card
    }
}
