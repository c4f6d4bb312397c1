//! The shared vectors and the laws of segmentation, from outside.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::string_slice, clippy::cast_possible_truncation)] // A judge may panic.

use proptest::prelude::*;
use textmeter::{
    Encoding, Sender, capacity_concatenated, capacity_single, count, count_as, gsm7, segment, segment_as,
};

#[derive(serde::Deserialize)]
struct Vector {
    name: String,
    text: String,
    encoding: String,
    units: usize,
    segments: usize,
    segments_min: usize,
}

#[test]
fn shared_vectors() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors/segments.json")).unwrap();
    assert!(vectors.len() >= 57);
    for v in vectors {
        let s = segment(&v.text, Sender::Standard);
        assert_eq!(
            (s.encoding.as_str(), s.units, s.parts.len(), s.segments_min),
            (v.encoding.as_str(), v.units, v.segments, v.segments_min),
            "{}",
            v.name
        );
    }
}

/// Texts made of the pieces that make cutting hard, near the sizes where it happens.
fn hard_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[a-zA-Z0-9 .,]{1,40}",
        2 => Just("€".to_owned()),
        2 => Just("|".to_owned()),
        2 => Just("\r\n".to_owned()),
        2 => Just("é".to_owned()),
        2 => Just("😀".to_owned()),
        2 => Just("🇺🇸".to_owned()),
        2 => Just("👩‍👩‍👧‍👦".to_owned()),
        2 => Just("👋🏽".to_owned()),
        2 => Just("e\u{301}".to_owned()),
        1 => Just("क्षि".to_owned()),
        1 => Just("한".to_owned()),
        1 => (1..90usize).prop_map(|n| "a".to_owned() + &"\u{302}".repeat(n)),
        1 => any::<char>().prop_map(String::from),
        1 => "[а-я]{1,60}",
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn sender() -> impl Strategy<Value = Sender> {
    prop_oneof![Just(Sender::Standard), Just(Sender::TollFree)]
}

/// Texts as most are, plain, with a few characters between that are not.
fn plain_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => "[a-zA-Z0-9 .,!?'/@-]{1,200}",
        1 => "[\n\r_\\[{~`\t\u{7f}]",
        1 => Just("é".to_owned()),
        1 => Just("€".to_owned()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// The parts' units where cuts fall between code points, character by character.
fn singly(text: &str, encoding: Encoding, sender: Sender) -> Vec<u32> {
    let units_of = |c: char| match encoding {
        Encoding::Gsm7 => u32::from(gsm7::septets(c)).max(1),
        Encoding::Ucs2 => u32::from(u32::from(c) > 0xFFFF) + 1,
    };
    let all: u32 = text.chars().map(units_of).sum();
    let several = all > capacity_single(encoding);
    let capacity = if several { capacity_concatenated(encoding, sender) } else { capacity_single(encoding) };
    let mut parts: Vec<u32> = Vec::new();
    for c in text.chars() {
        match parts.last_mut() {
            Some(part) if *part + units_of(c) <= capacity => *part += units_of(c),
            _ => parts.push(units_of(c)),
        }
    }
    parts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// Plain text is passed over by the block; looked at character by character it comes to the same.
    #[test]
    fn blocks_come_to_what_characters_come_to(text in prop_oneof![plain_text(), hard_text()], sender in sender()) {
        let needed = if text.chars().all(gsm7::has) { Encoding::Gsm7 } else { Encoding::Ucs2 };
        prop_assert_eq!(Encoding::of(&text), needed);
        let units = |s: &textmeter::Segmentation| s.parts.iter().map(|p| p.units).collect::<Vec<_>>();
        let gsm7 = segment_as(&text, Encoding::Gsm7, sender);
        prop_assert_eq!(units(&gsm7), singly(&text, Encoding::Gsm7, sender));
        let ucs2 = segment_as(&text, Encoding::Ucs2, sender);
        prop_assert_eq!(ucs2.segments_min, singly(&text, Encoding::Ucs2, sender).len());
        prop_assert_eq!(segment(&text, sender), if needed == Encoding::Gsm7 { gsm7 } else { ucs2 });
    }

    #[test]
    fn counts_are_the_parts_counted(text in prop_oneof![plain_text(), hard_text()], sender in sender()) {
        for encoding in [None, Some(Encoding::Gsm7), Some(Encoding::Ucs2)] {
            let (s, c) = match encoding {
                None => (segment(&text, sender), count(&text, sender)),
                Some(encoding) => (segment_as(&text, encoding, sender), count_as(&text, encoding, sender)),
            };
            let counted = (s.encoding, s.units, s.parts.len(), s.segments_min, s.units_left);
            prop_assert_eq!((c.encoding, c.units, c.segments, c.segments_min, c.units_left), counted);
        }
    }

    #[test]
    fn parts_join_to_the_text_and_none_is_over_capacity(text in hard_text(), sender in sender()) {
        let s = segment(&text, sender);
        let joined: String = s.parts.iter().map(|p| text.get(p.bytes.clone()).unwrap()).collect();
        prop_assert_eq!(&joined, &text);
        let capacity = if s.parts.len() > 1 {
            capacity_concatenated(s.encoding, sender)
        } else {
            capacity_single(s.encoding)
        };
        for part in &s.parts {
            prop_assert!(part.units > 0 && part.units <= capacity);
        }
        prop_assert_eq!(s.parts.iter().map(|p| p.units as usize).sum::<usize>(), s.units);
        if let Some(last) = s.parts.last() {
            prop_assert_eq!(s.units_left, capacity - last.units);
        }
        prop_assert!(s.segments_min <= s.parts.len());
        prop_assert_eq!(s.segments_min == 0, text.is_empty());
        if s.encoding == Encoding::Gsm7 {
            prop_assert_eq!(s.segments_min, s.parts.len());
        }
    }

    #[test]
    fn a_cluster_is_split_only_when_no_segment_could_hold_it(text in hard_text(), sender in sender()) {
        use unicode_segmentation::UnicodeSegmentation;
        let s = segment(&text, sender);
        let capacity = capacity_concatenated(s.encoding, sender) as usize;
        let cuts: Vec<usize> = s.parts.iter().skip(1).map(|p| p.bytes.start).collect();
        for (start, cluster) in text.grapheme_indices(true) {
            let end = start + cluster.len();
            let split = cuts.iter().any(|cut| start < *cut && *cut < end);
            if split {
                let units = cluster.encode_utf16().count();
                prop_assert!(cluster == "\r\n" || units > capacity, "{cluster:?} of {units} units was split");
            }
        }
    }

    /// A later segment never has room for the cluster that starts the next one: the filling is greedy.
    #[test]
    fn filling_is_greedy(text in hard_text()) {
        use unicode_segmentation::UnicodeSegmentation;
        let s = segment(&text, Sender::Standard);
        let capacity = capacity_concatenated(s.encoding, Sender::Standard);
        for pair in s.parts.windows(2) {
            let next = text.get(pair[1].bytes.clone()).unwrap();
            let first = next.graphemes(true).next().unwrap();
            let first = if first == "\r\n" { "\r" } else { first };
            let units = if s.encoding == Encoding::Gsm7 {
                u32::from(textmeter::gsm7::septets(first.chars().next().unwrap()))
            } else {
                u32::try_from(first.encode_utf16().count()).unwrap()
            };
            prop_assert!(pair[0].units + units > capacity);
        }
    }
}

/// Each a text that a look back over everything before a cut would make quadratic: minutes instead of milliseconds.
#[test]
fn a_million_code_points_of_the_hardest_kinds() {
    for piece in ["🇺🇸", "\u{301}", "क्", "👩\u{200d}", "\u{600}", "가", "\r\n", "a", "я", "😀"]
    {
        let text = piece.repeat(1_000_000 / piece.chars().count());
        let s = segment(&text, Sender::Standard);
        assert_eq!(s.parts.last().unwrap().bytes.end, text.len(), "{piece:?}");
    }
}
