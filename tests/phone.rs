//! Numbers as typed, judged by `vectors/numbers.json` and by laws.
#![cfg(not(target_family = "wasm"))]
// A test that panics has failed: what it is for.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use textmeter::{
    E164_DIGITS_MAX, Number, NumberProblem, Territory, calling_code, possible_lengths, read_number,
};

#[derive(serde::Deserialize)]
struct Vector {
    typed: String,
    region: String,
    e164: Option<String>,
    territory: Option<String>,
    problem: Option<String>,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("vectors/numbers.json")).unwrap()
}

fn territory(code: &str) -> Territory {
    Territory::parse(code).unwrap()
}

#[test]
fn shared_vectors() {
    let vectors = vectors();
    let mut wrong = Vec::new();
    for Vector { typed, region, e164, territory: at, problem } in &vectors {
        let expected = match problem {
            Some(problem) => Err(problem.as_str()),
            None => Ok((e164.clone().unwrap(), at.as_deref().map(territory))),
        };
        let found = read_number(typed, territory(region))
            .map(|number| (number.to_string(), number.territory()))
            .map_err(NumberProblem::code);
        if found != expected {
            wrong.push(format!("{typed:?} in {region}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

/// A number half typed is short of digits and nothing else: the page must not scold who has not finished.
#[test]
fn a_number_being_typed_is_short_or_whole() {
    for number in vectors().into_iter().filter_map(|vector| vector.e164) {
        for end in 1..number.len() {
            let part = number.get(..end).unwrap();
            let found = read_number(part, Territory::US);
            assert!(matches!(found, Ok(_) | Err(NumberProblem::TooShort)), "{part} of {number}: {found:?}");
        }
    }
}

#[test]
fn toll_free_is_north_american_only() {
    for (typed, expected) in [
        ("+1 800 555 0123", true),
        ("+1 888 555 0123", true),
        ("+1 822 555 0123", false), // reserved for toll-free use, not in service
        ("+1 881 555 0123", false),
        ("+1 212 800 0123", false),
        ("+44 800 123 4567", false),
        ("+800 1234 5678", false),
    ] {
        let found = read_number(typed, Territory::US).is_ok_and(|number| number.is_toll_free());
        assert_eq!(found, expected, "{typed}");
    }
}

#[test]
fn territories_tell_their_calling_code_and_lengths() {
    assert_eq!(calling_code(territory("GB")), Some(44));
    assert_eq!(calling_code(territory("JM")), Some(1));
    assert_eq!(calling_code(territory("XK")), Some(383));
    assert_eq!(calling_code(territory("AQ")), None);
    assert_eq!(possible_lengths(Territory::US), 1 << 10);
    assert_eq!(possible_lengths(territory("GB")), 1 << 7 | 1 << 9 | 1 << 10);
    assert_eq!(possible_lengths(territory("AQ")), 0);
}

/// What every number is, however it came about.
fn check_whole(number: &Number, typed: &str) {
    let digits = number.digits();
    assert!((1..=E164_DIGITS_MAX).contains(&digits.len()), "{typed:?}: {digits}");
    assert!(digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0'), "{typed:?}: {digits}");
    if let Some(at) = number.territory() {
        let code = calling_code(at).unwrap().to_string();
        let national = digits.strip_prefix(&code).unwrap();
        assert!(possible_lengths(at) >> national.len() & 1 == 1, "{typed:?}: {digits} in {at}");
    }
    for region in ["US", "GB", "IT", "RU", "JP", "ZZ"] {
        assert_eq!(
            read_number(&number.to_string(), territory(region)),
            Ok(*number),
            "{typed:?} again in {region}"
        );
    }
}

fn region() -> impl Strategy<Value = Territory> {
    let known = "AD AG AR AT AU BG BJ BR BS BY CA CC CH CI CL CN CO CV CZ DE DK DO EG ES FI FO FR GA GB GG GR HK HU ID IE IL IN \
                 IT JE JM JP KR KZ LT LU MX MY NC NG NO NZ PL PR RU RW SE SG SM TH TR TW UA US UY VA WS XK ZA ZZ";
    proptest::sample::select(known.split_whitespace().collect::<Vec<_>>()).prop_map(territory)
}

/// Digits as people write them: in another script, with something between.
fn dressed(digits: &str, zero: char, between: &[&str]) -> String {
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        let value = digit.to_digit(10).unwrap();
        out.extend(char::from_u32(u32::from(zero) + value));
        if n + 1 < digits.len() {
            out.push_str(between.get(n % between.len().max(1)).copied().unwrap_or_default());
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_number_or_a_problem(typed in any::<String>(), region in region()) {
        match read_number(&typed, region) {
            Ok(number) => check_whole(&number, &typed),
            Err(problem) => assert!(!problem.code().is_empty() && !problem.message().is_empty()),
        }
    }

    #[test]
    fn text_that_looks_like_a_number_is_one_or_a_problem(typed in r"(\+|tel:|sms:)?[0-9 ().+;x-]{0,24}", region in region()) {
        if let Ok(number) = read_number(&typed, region) {
            check_whole(&number, &typed);
        }
    }

    #[test]
    fn digits_are_whole_or_not(typed in r"\+?(00|011|0|1|8)?[0-9]{1,17}", region in region()) {
        if let Ok(number) = read_number(&typed, region) {
            check_whole(&number, &typed);
        }
    }

    #[test]
    fn how_it_is_written_changes_nothing(
        digits in "[0-9]{1,17}",
        plus in any::<bool>(),
        region in region(),
        zero in proptest::sample::select(vec!['0', '٠', '۰', '०', '০', '๐', '０']),
        between in proptest::collection::vec(
            proptest::sample::select(vec!["", " ", "-", ".", "/", ") ", "\u{A0}", "\u{202F}", "\u{200E}", "\u{2011}", " - ", "－", "\u{3000}", "\u{FEFF}"]),
            1..6,
        ),
        around in proptest::sample::select(vec![("", ""), (" ", "\n"), ("\u{202A}", "\u{202C}"), ("tel:", ""), ("Tel: ", ""), ("", ";ext=7"), ("", " x12"), ("[", "]")]),
    ) {
        let plain = format!("{}{digits}", if plus { "+" } else { "" });
        let sign = if !plus { "" } else if zero == '０' { "＋" } else { "+" };
        let typed = format!("{}{sign}{}{}", around.0, dressed(&digits, zero, &between), around.1);
        prop_assert_eq!(read_number(&typed, region), read_number(&plain, region), "{:?} and {}", typed, plain);
    }
}
