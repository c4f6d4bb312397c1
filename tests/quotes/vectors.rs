//! `vectors/quotes.json`: whole requests and whole answers, which every door must give byte for byte.
//!
//! A vector is added by hand: its request is sent through `textmeter quote --jsonl --rates tests/vectors/rates.json`, and
//! the answer is read against the rules before it goes in.

use std::collections::BTreeSet;

use serde_json::Value;

use super::FIXED;

#[test]
fn whole_answers() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/quotes.json")).unwrap();
    let mut wrong = Vec::new();
    for vector in &vectors {
        let (expected, found) = match FIXED.quote(&vector["request"]) {
            Ok(answer) => (&vector["answer"], answer),
            Err(error) => (&vector["error"], error),
        };
        if *expected != found {
            wrong.push(format!("{}:\nwanted {expected}\nfound  {found}", vector["name"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

/// What the list must go on covering.
#[test]
fn all_kinds_are_there() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/quotes.json")).unwrap();
    let names: BTreeSet<&str> = vectors.iter().map(|v| v["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), vectors.len(), "each has a name of its own");
    let all = |list: &str, field: &str| -> BTreeSet<String> {
        let rows = vectors.iter().filter_map(|v| v["answer"][list].as_array()).flatten();
        rows.map(|row| row[field].as_str().unwrap().to_owned()).collect()
    };
    let set = |words: &str| words.split_whitespace().map(str::to_owned).collect::<BTreeSet<String>>();
    assert_eq!(
        all("advice", "kind"),
        set("replace compose space invisible trailing-blanks line-break unaccent unsupported shorten all \
             all-unaccented national-table")
    );
    assert_eq!(
        all("recipients", "status"),
        set(
            "priced no-rate empty not-a-number short-code alphanumeric unassigned-area-code unknown-calling-code \
             too-short too-long"
        )
    );
    assert!(all("warnings", "code").is_superset(&set(
        "blank-text text-too-long over-ten-segments boundary-uncertain duplicate-recipient too-many-recipients \
         mobile-or-landline"
    )));
    let errors: BTreeSet<_> =
        vectors.iter().filter_map(|v| v["error"]["code"].as_str()).map(str::to_owned).collect();
    assert_eq!(
        errors,
        set("missing-field unknown-field wrong-type invalid-value unknown-channel invalid-amount not-gsm-7")
    );
}
