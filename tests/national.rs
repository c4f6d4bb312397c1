//! The national language tables against a second transcription of the standard, and texts whose answer is known.
#![cfg(not(target_family = "wasm"))]
// A test that panics has failed: what it is for.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;
use textmeter::gsm7;
use textmeter::national::tables::{LOCKING, SINGLE, Table, VOID};
use textmeter::national::{Language, NationalFit, cheapest_language};

#[derive(serde::Deserialize)]
struct Vectors {
    tables: Vec<Expected>,
}

#[derive(serde::Deserialize)]
struct Expected {
    code: usize,
    language: String,
    table: String,
    rows: [String; 8],
}

#[test]
fn every_cell_of_every_table_is_as_the_second_transcription_has_it() {
    let vectors: Vectors = serde_json::from_str(include_str!("vectors/national.json")).unwrap();
    assert_eq!(vectors.tables.len(), 25, "12 locking shift and 13 single shift tables");
    let mut seen = std::collections::HashSet::new();
    for expected in &vectors.tables {
        assert!(seen.insert((expected.code, &expected.table)));
        assert_eq!(Language::ALL[expected.code - 1].name(), expected.language);
        let table: Table = match expected.table.as_str() {
            "locking" => LOCKING[expected.code - 1].unwrap(),
            "single" => SINGLE[expected.code - 1],
            other => panic!("{other}"),
        };
        for (row, cells) in table.chunks(16).zip(&expected.rows) {
            let ours: Vec<String> = cells_of(row);
            assert_eq!(&ours.join(" "), cells, "{} {}", expected.language, expected.table);
        }
    }
    assert!(LOCKING[1].is_none(), "Spanish has no locking shift table");
}

fn cells_of(row: &[char]) -> Vec<String> {
    row.iter().map(|c| if *c == VOID { "----".into() } else { format!("{:04X}", u32::from(*c)) }).collect()
}

#[test]
fn languages_are_numbered_as_the_standard_does() {
    for (i, language) in Language::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(language.code()), i + 1);
    }
    assert_eq!((Language::Urdu.code(), Language::Urdu.name(), Language::Urdu.tag()), (13, "Urdu", "ur"));
}

/// Language, locking, single, septets, segments.
fn fit(text: &str) -> Option<(Language, bool, bool, usize, usize)> {
    cheapest_language(text).map(|fit| (fit.language, fit.locking, fit.single, fit.septets, fit.segments))
}

#[test]
fn known_texts_fit_the_tables_they_should() {
    use Language::*;
    let hindi = "नमस्ते, आपका ऑर्डर भेज दिया गया है. धन्यवाद";
    for (text, expected) in [
        // Nothing to advise.
        (String::new(), None),
        ("plain GSM-7 € é".into(), None),
        // Not in any table.
        ("😀".into(), None),
        ("Привет".into(), None),
        ("ğ😀".into(), None),
        // No language has both.
        ("ğ ã".into(), None),
        // Turkish: two septets each by the single shift table, one by the locking shift table.
        ("ğışİŞĞ".into(), Some((Turkish, false, true, 12, 1))),
        ("ğışİŞĞ".repeat(12), Some((Turkish, false, true, 144, 1))),
        ("ğışİŞĞ".repeat(13), Some((Turkish, true, false, 78, 1))),
        ("ğışİŞĞ".repeat(26), Some((Turkish, true, false, 156, 2))),
        // The locking shift table has no è; the single shift table leaves the default alphabet alone.
        ("ğè".into(), Some((Turkish, false, true, 3, 1))),
        ("ğè".repeat(80), Some((Turkish, false, true, 240, 2))),
        // A single shift table stands in for the extension table and keeps its brackets.
        ("ğ[]".into(), Some((Turkish, false, true, 6, 1))),
        // Spanish has only a single shift table; Portuguese has these letters as well, at its locking table's price.
        ("á í ó ú Á Í Ó Ú".into(), Some((Spanish, false, true, 23, 1))),
        ("áíóú".repeat(19), Some((Spanish, false, true, 152, 1))),
        ("áíóú".repeat(20), Some((Portuguese, true, false, 80, 1))),
        ("áíóúñ".repeat(20), Some((Spanish, false, true, 180, 2))),
        // Portuguese.
        ("ã õ ç ê".into(), Some((Portuguese, false, true, 11, 1))),
        ("ãõçê".repeat(38), Some((Portuguese, true, false, 152, 1))),
        ("ª".into(), Some((Portuguese, true, false, 1, 1))),
        ("∞`".into(), Some((Portuguese, true, false, 2, 1))),
        // Ω only in the single shift table, ª only in the locking shift table.
        ("Ωª".into(), Some((Portuguese, true, true, 3, 1))),
        // ç alone: Turkish comes first of those that have it.
        ("ç".into(), Some((Turkish, false, true, 2, 1))),
        ("ç[".repeat(50), Some((Turkish, true, false, 150, 1))),
        // Hindi; capitals are in the single shift table alone, so they need both.
        (hindi.into(), Some((Hindi, true, false, hindi.chars().count(), 1))),
        (format!("{hindi} OTP 4217"), Some((Hindi, true, true, hindi.chars().count() + 12, 1))),
        ("१२३".into(), Some((Hindi, false, true, 6, 1))),
        ("।".into(), Some((Gujarati, false, true, 2, 1))),
        // One word of each of the others.
        ("বাংলা".into(), Some((Bengali, true, false, 5, 1))),
        ("ગુજરાતી".into(), Some((Gujarati, true, false, 7, 1))),
        ("ಕನ್ನಡ".into(), Some((Kannada, true, false, 5, 1))),
        ("മലയാളം".into(), Some((Malayalam, true, false, 6, 1))),
        ("ଓଡିଆ".into(), Some((Oriya, true, false, 4, 1))),
        ("ਪੰਜਾਬੀ".into(), Some((Punjabi, true, false, 6, 1))),
        ("தமிழ்".into(), Some((Tamil, true, false, 5, 1))),
        ("తెలుగు".into(), Some((Telugu, true, false, 6, 1))),
        ("اردو ٹیکسٹ".into(), Some((Urdu, true, false, 10, 1))),
        // The three corrections.
        ("ಡ".into(), Some((Kannada, true, false, 1, 1))),
        ("௮".into(), Some((Tamil, false, true, 2, 1))),
        ("౬౭".into(), Some((Telugu, false, true, 4, 1))),
    ] {
        assert_eq!(fit(&text), expected, "{text}");
    }
}

#[test]
fn segments_hold_what_their_headers_leave() {
    // One table: 155 and 149.
    assert_eq!(segments(&"ª".repeat(155)), 1);
    assert_eq!(segments(&"ª".repeat(156)), 2);
    assert_eq!(segments(&"ª".repeat(2 * 149)), 2);
    assert_eq!(segments(&"ª".repeat(2 * 149 + 1)), 3);
    // Both: 152 and 146.
    assert_eq!(segments(&format!("Ω{}", "ª".repeat(150))), 1);
    assert_eq!(segments(&format!("Ω{}", "ª".repeat(151))), 2);
    assert_eq!(segments(&format!("Ω{}", "ª".repeat(2 * 146 - 2))), 2);
    assert_eq!(segments(&format!("Ω{}", "ª".repeat(2 * 146 - 1))), 3);
    // An escape is not parted from its septet: 148 septets, one left over, a pair that needs two.
    assert_eq!(segments(&format!("{}[{}", "ª".repeat(147), "ª".repeat(149))), 2);
    assert_eq!(segments(&format!("{}[{}", "ª".repeat(148), "ª".repeat(147))), 2);
    assert_eq!(segments(&format!("{}[{}", "ª".repeat(148), "ª".repeat(148))), 3);
    // More than can be sent is counted all the same.
    assert_eq!(segments(&"ª".repeat(149 * 300)), 300);
}

fn segments(text: &str) -> usize {
    cheapest_language(text).unwrap().segments
}

/// The same answer, the slow way: every combination, by searching the tables themselves.
fn by_search(text: &str) -> Option<NationalFit> {
    if text.chars().all(gsm7::has) {
        return None;
    }
    let mut fits = Vec::new();
    for (order, (locking, single)) in [(false, true), (true, false), (true, true)].into_iter().enumerate() {
        for language in Language::ALL {
            let index = usize::from(language.code()) - 1;
            let first: Table = match (locking, LOCKING[index]) {
                (true, Some(table)) => table,
                (true, None) => continue,
                (false, _) => gsm7::DEFAULT,
            };
            let second = if single { SINGLE[index].to_vec() } else { gsm7::EXTENSION.to_vec() };
            let costs: Option<Vec<usize>> = text
                .chars()
                .map(|c| match (first.contains(&c), second.contains(&c)) {
                    (true, _) => Some(1),
                    (false, true) => Some(2),
                    (false, false) => None,
                })
                .collect();
            let Some(costs) = costs else { continue };
            let septets = costs.iter().sum::<usize>();
            let (one, each) = if locking && single { (152, 146) } else { (155, 149) };
            let mut parts = vec![0];
            for cost in costs {
                if parts.last().unwrap() + cost > each {
                    parts.push(0);
                }
                *parts.last_mut().unwrap() += cost;
            }
            let segments = if septets <= one { 1 } else { parts.len() };
            fits.push((
                (segments, order, index),
                NationalFit { language, locking, single, septets, segments },
            ));
        }
    }
    fits.into_iter().min_by_key(|(rank, _)| *rank).map(|(_, fit)| fit)
}

/// Texts in one language's characters, now and then with another's.
fn texts() -> impl Strategy<Value = String> {
    let characters: Vec<Vec<char>> = (0..13)
        .map(|i| {
            let locking = LOCKING[i].unwrap_or(gsm7::DEFAULT);
            locking.into_iter().chain(SINGLE[i]).filter(|c| *c != VOID).collect()
        })
        .collect();
    (0..13_usize, 0..13_usize, 0..4_u8).prop_flat_map(move |(i, j, mixed)| {
        let mut pool = characters[i].clone();
        if mixed == 0 {
            pool.extend(&characters[j]);
        }
        // Few distinct characters, so that one table is often enough.
        prop::sample::subsequence(pool, 1..6)
            .prop_flat_map(|few| prop::collection::vec(prop::sample::select(few), 0..400))
            .prop_map(String::from_iter)
    })
}

proptest! {
    #[test]
    fn the_answer_is_what_a_search_of_the_tables_finds(text in texts()) {
        prop_assert_eq!(cheapest_language(&text), by_search(&text));
    }
}
