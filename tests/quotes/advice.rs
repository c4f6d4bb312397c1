//! Laws of advice: each piece is followed as its reader would, and the changed text is quoted afresh.

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

use super::{FIXED, asked};

/// What "all" brings together; "all-unaccented" adds the accents.
const KEEPS_SPELLING: [&str; 6] =
    ["replace", "compose", "space", "invisible", "trailing-blanks", "line-break"];

struct Case {
    request: Value,
    answer: Value,
    given: Vec<u16>,
}

impl Case {
    fn quote(request: Value) -> Case {
        let answer = FIXED.quote(&request).unwrap();
        let given = request["text"].as_str().unwrap().encode_utf16().collect();
        Case { request, answer, given }
    }

    fn advice(&self) -> &[Value] {
        self.answer["advice"].as_array().unwrap()
    }

    fn segments(&self) -> u64 {
        self.answer["segments"].as_u64().unwrap()
    }

    fn listed(&self, kinds: &[&str]) -> Vec<&Value> {
        self.advice().iter().filter(|a| kinds.contains(&a["kind"].as_str().unwrap())).collect()
    }

    /// Whether more characters were found than are listed.
    fn is_cut(&self) -> bool {
        self.answer["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|warning| warning["code"] == "advice-shortened")
    }

    /// Segments of another text, asked for in the same way.
    fn segments_of(&self, text: &str) -> u64 {
        let mut request = self.request.clone();
        request["text"] = json!(text);
        FIXED.quote(&request).unwrap()["segments"].as_u64().unwrap()
    }

    /// The text with all places of some advice rewritten.
    fn followed(&self, advice: &[&Value]) -> String {
        let mut places: Vec<(usize, usize, &str)> = advice
            .iter()
            .flat_map(|a| ranges(a).into_iter().map(|(s, e)| (s, e, a["replacement"].as_str().unwrap())))
            .collect();
        places.sort_unstable();
        let (mut changed, mut kept) = (Vec::new(), 0);
        for (start, end, replacement) in places {
            assert!(start >= kept, "two pieces of advice about one place");
            changed.extend_from_slice(&self.given[kept..start]);
            changed.extend(replacement.encode_utf16());
            kept = end;
        }
        changed.extend_from_slice(&self.given[kept..]);
        String::from_utf16(&changed).unwrap()
    }
}

fn ranges(advice: &Value) -> Vec<(usize, usize)> {
    serde_json::from_value(advice["ranges"].clone()).unwrap()
}

/// Where it says it is, something stands, and it is what it says.
fn judge_place(case: &Case, advice: &Value) {
    let ranges = ranges(advice);
    assert_eq!((json!(ranges[0].0), json!(ranges[0].1)), (advice["start"].clone(), advice["end"].clone()));
    for (start, end) in &ranges {
        let stands = String::from_utf16(&case.given[*start..*end]).unwrap();
        assert_eq!(stands, advice["found"].as_str().unwrap());
        assert!(!stands.is_empty());
    }
    assert!(ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0), "in order, none over another");
    // The code point is one that stands there; of a letter with marks, the first mark.
    if let Some(code_point) = advice["code_point"].as_str() {
        let nth = usize::from(advice["kind"] == "compose");
        let c = advice["found"].as_str().unwrap().chars().nth(nth).unwrap();
        assert_eq!(code_point, format!("U+{:04X}", u32::from(c)));
    }
    let count = match advice["kind"].as_str().unwrap() {
        "shorten" => advice["found"].as_str().unwrap().graphemes(true).count(),
        "all" | "all-unaccented" => return,
        _ => ranges.len(),
    };
    assert_eq!(advice["count"], count);
}

/// The segments and the saving are those of the changed text.
fn judge_saving(case: &Case, advice: &Value) {
    let after = match (advice["kind"].as_str().unwrap(), &advice["replacement"]) {
        ("national-table", Value::Null) => {
            let fit = textmeter::national::cheapest_language(case.answer["text"].as_str().unwrap()).unwrap();
            assert_eq!(advice["name"], fit.language.name());
            u64::try_from(fit.segments).unwrap()
        }
        (kind, Value::Null) => {
            assert_eq!(kind, "unsupported");
            assert!(advice["segments"].is_null() && advice["saving"].is_null());
            return;
        }
        (_, _) => case.segments_of(&case.followed(&[advice])),
    };
    assert_eq!(advice["segments"], after, "{advice}");
    let per_segment = |r: &Value| r["per_segment"].as_str().unwrap().parse::<Decimal>().unwrap();
    let price: Decimal = case.answer["recipients"].as_array().unwrap().iter().map(per_segment).sum();
    let saved = Decimal::from(case.segments().saturating_sub(after)) * price;
    assert_eq!(advice["saving"].as_str().unwrap().parse::<Decimal>().unwrap(), saved, "{advice}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn each_piece_says_what_following_it_brings(request in asked::paid()) {
        let case = Case::quote(request);
        for advice in case.advice() {
            judge_place(&case, advice);
            judge_saving(&case, advice);
        }
    }

    /// Following each of them is following "all".
    #[test]
    fn all_is_all_of_them(request in asked::paid()) {
        let case = Case::quote(request);
        prop_assume!(!case.is_cut());
        let accents = [&KEEPS_SPELLING[..], &["unaccent"]].concat();
        for (kind, of) in [("all", &KEEPS_SPELLING[..]), ("all-unaccented", &accents)] {
            let parts = case.listed(of);
            for all in case.listed(&[kind]) {
                let places: usize = parts.iter().map(|advice| ranges(advice).len()).sum();
                prop_assert_eq!(&all["count"], places);
                prop_assert_eq!(all["replacement"].as_str().unwrap(), case.followed(&parts));
                prop_assert!(parts.len() > 1);
            }
        }
    }

    /// Dropping the end saves a segment, and no shorter end would.
    #[test]
    fn shorten_drops_no_more_than_it_must(request in asked::paid()) {
        let case = Case::quote(request);
        let text = case.request["text"].as_str().unwrap();
        let fewer = |kept: &str| case.segments_of(kept) < case.segments();
        let ends = text.grapheme_indices(true).map(|(at, _)| at).rev();
        let longest = ends.map(|at| text.get(..at).unwrap()).find(|kept| fewer(kept)).filter(|kept| !kept.trim().is_empty());
        let told = case.listed(&["shorten"]);
        prop_assert_eq!(told.is_empty(), longest.is_none() || case.segments() < 2 || text.trim().is_empty());
        for shorten in told {
            prop_assert_eq!(&shorten["replacement"], "");
            prop_assert_eq!(case.followed(&[shorten]), longest.unwrap());
        }
    }

    /// In a text that is UCS-2 by its own characters, each of them that forces it is named, or said to be left out.
    #[test]
    fn whatever_forces_ucs_2_is_named(mut request in asked::paid()) {
        request["encoding"] = json!("auto");
        let case = Case::quote(request);
        if case.answer["encoding"] == "UCS-2" && !case.is_cut() && !case.answer["text"].as_str().unwrap().trim().is_empty() {
            let named = case.listed(&[&KEEPS_SPELLING[..], &["unaccent", "unsupported"]].concat());
            let smart = case.request["smart"] == true;
            let mut at = 0;
            for c in case.request["text"].as_str().unwrap().chars() {
                let fits = textmeter::gsm7::has(c) || (smart && textmeter::smart::replacement(c).is_some());
                let within = |(start, end): &(usize, usize)| *start <= at && at < *end;
                prop_assert!(fits || named.iter().any(|a| ranges(a).iter().any(within)), "{:?} at {}", c, at);
                at += c.len_utf16();
            }
        }
    }

    /// Nobody is told to change a text that costs one segment of GSM-7.
    #[test]
    fn one_segment_of_gsm_7_is_left_alone(text in "[ -_a-z\r\n]{0,160}") {
        let case = Case::quote(json!({"text": text, "to": "+447400123456"}));
        if case.segments() <= 1 {
            prop_assert_eq!(case.advice().len(), 0);
        }
    }
}

/// A text of many different characters: the list ends, and the quote says so.
#[test]
fn a_list_that_would_be_too_long_is_cut_and_says_so() {
    let text: String = ('\u{4e00}'..'\u{4e40}').collect();
    let case = Case::quote(json!({"text": text, "to": "+447400123456"}));
    assert_eq!(case.listed(&["unsupported"]).len(), textmeter::ADVICE_MAX);
    assert!(case.is_cut());
}

/// Each a text on which looking for advice must not take longer and longer.
#[test]
fn the_hardest_texts_are_advised_in_no_time() {
    for piece in ["🇺🇸", "\u{301}", "क्", "👩\u{200d}", "e\u{301}", "\r\n", " ", "…", "á", "\u{600}"]
    {
        let units = piece.encode_utf16().count();
        let text = format!("a{}", piece.repeat((textmeter::ADVICE_UNITS_MAX - 1) / units));
        let started = std::time::Instant::now();
        let case = Case::quote(json!({"text": text, "to": "+447400123456", "smart": false}));
        assert!(case.answer["warnings"].as_array().unwrap().iter().all(|w| w["code"] != "advice-left-out"));
        assert!(started.elapsed().as_secs() < 30, "{piece:?} took {:?}", started.elapsed());
    }
}
