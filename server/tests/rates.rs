//! `textmeter rates`, run as people run it. The sheets are invented, in the column layouts of real ones.
// Helpers outside of #[test] functions: a failed one fails its test.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn card(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }
}

fn rates(args: &[&str]) -> Ran {
    let sheets = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sheets");
    let ran = Command::new(env!("CARGO_BIN_EXE_textmeter"))
        .arg("rates")
        .args(args)
        .current_dir(sheets)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: ran.status.code().unwrap(), out: text(ran.stdout), err: text(ran.stderr) }
}

/// A path of a file that a test writes.
fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn said(ran: &Ran, lines: &[&str]) {
    for line in lines {
        assert!(ran.err.lines().any(|said| said.trim() == *line), "{line:?} is not in:\n{}", ran.err);
    }
}

#[test]
fn one_row_a_destination() {
    let ran = rates(&["import", "by-country-2031-03-01.csv"]);
    let card = ran.card();
    assert_eq!(card["id"], "by-country-2031-03-01");
    assert_eq!((&card["as_of"], &card["currency"]), (&json!("2031-03-01"), &json!("USD")));
    assert_eq!(card["source"], "invented for these tests: one row per destination; USD per segment");
    assert_eq!(card["channels"]["api"]["surcharge"], "0.01");
    assert_eq!(card.get("calling"), None, "another source's minutes are not this card's");
    assert_eq!(
        card["texting"],
        json!({
            "as_of": "2031-03-01",
            "source": "invented for these tests: one row per destination; USD per segment",
            "note": "",
            "fallbacks": {"AX": "FI", "GG": "GB", "IM": "GB", "JE": "GB", "MP": "GU", "YT": "RE"},
            "territories": {
                "AX": "0.075", "BQ": "0.15", "CA": "0.007", "CW": "0.15", "FI": "0.07", "GB": "0.05", "GG": "0.045",
                "GU": "0.08", "NF": "0.01234", "NL": "0.10", "RE": "0.18", "VI": "0.19", "XK": "0.25", "YT": "0.18"
            },
            "prefixes": {"870": "0.20", "881": "0.20", "88216": "0.20"}
        })
    );
    said(
        &ran,
        &[
            "rows read: 13; rates for 14 territories and 3 prefixes",
            "other prices in it, not read: price_min_usd (choose with --column-price)",
            "for several destinations at once: line 4; priced BQ, CW",
            "for several destinations at once: line 3; priced 870, 881, 88216",
            "fallbacks left out, as they lead to no row: BL to GP, CC to AU, CX to AU, EH to MA, MF to GP, SJ to NO, VA to IT",
        ],
    );
    assert!(!ran.err.contains("not placed"), "{}", ran.err);
}

#[test]
fn one_row_an_operator_keeps_the_highest() {
    let ran = rates(&["import", "operators-2031-03-01.csv"]);
    let mut expected =
        rates(&["import", "by-country-2031-03-01.csv"]).card()["texting"]["territories"].take();
    // This shape names the Northern Mariana Islands, and not Mayotte: its own row says REUNION.
    expected["MP"] = json!("0.08");
    expected.as_object_mut().unwrap().remove("YT");
    let card = ran.card();
    assert_eq!(card["texting"]["territories"], expected);
    assert_eq!(card["texting"]["prefixes"], json!({"870": "0.20", "881": "0.20", "88216": "0.20"}));
    said(&ran, &["different prices for one destination, the highest kept:", "GB: 0.04 to 0.05"]);
}

#[test]
fn codes_and_prices_alone() {
    let card = rates(&["import", "highest-2031-10-01.csv"]).card();
    assert_eq!(card["texting"]["territories"], json!({"FI": "0.071", "GB": "0.05", "NF": "0.01234"}));
}

#[test]
fn of_a_history_the_newest_or_the_one_named() {
    let ran = rates(&["import", "history.csv"]);
    let card = ran.card();
    assert_eq!(card["as_of"], "2031-10-01");
    assert_eq!(card["texting"]["territories"], json!({"FI": "0.071", "GB": "0.055"}));
    assert_eq!(card["texting"]["prefixes"], json!({}));
    said(&ran, &["no price published, so no row: CU, 870, 881, 88216"]);

    let card = rates(&["import", "history.csv", "--column-price", "MAX_2029-01-01"]).card();
    assert_eq!(card["as_of"], "2029-01-01");
    assert_eq!(card["texting"]["territories"], json!({"CU": "0.08", "FI": "0.06", "GB": "0.03"}));

    let ran = rates(&["import", "history.csv", "--column-price", "max"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("there is no column \"max\"; they are \"iso2\", \"country\""), "{}", ran.err);
}

#[test]
fn a_row_of_its_own_is_nearer_than_one_for_several() {
    let ran = rates(&["import", "live-2031-08-01.csv"]);
    assert_eq!(
        ran.card()["texting"]["territories"],
        json!({"AC": "0.07", "BQ": "0.06", "CW": "0.065", "GB": "0.044", "KR": "0.0431", "NR": "0.1628"})
    );
    said(
        &ran,
        &[
            "for several destinations at once: line 4; priced none, as each has its own row",
            "not placed: 2",
            "line 10: no destination is called \"XY\", \"XY\"",
            "line 11: no destination is called \"ZZ\", \"ZZ\"",
        ],
    );
}

#[test]
fn no_price_is_no_row_and_a_contradiction_is_listed() {
    let ran = rates(&["import", "sales-2031-06-01.csv"]);
    assert_eq!(
        ran.card()["texting"]["territories"],
        json!({"BQ": "0.31", "CD": "0.20", "CW": "0.40", "IO": "0.28", "RE": "0.29", "SZ": "0.33"})
    );
    said(
        &ran,
        &[
            "no price published, so no row: AE, CI",
            "line 6: the code says CD, the name says CG; correct one of them",
        ],
    );

    let out = scratch("strict.json");
    let ran = rates(&["import", "sales-2031-06-01.csv", "--strict", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("1 row could not be placed"), "{}", ran.err);
    assert!(!out.exists());
}

#[test]
fn semicolons_commas_and_other_currencies() {
    // As the office program that writes such sheets ends its lines.
    let windows = scratch("komma-2031-02-02.csv");
    fs::write(&windows, include_str!("sheets/komma-2031-02-02.csv").replace('\n', "\r\n")).unwrap();
    let ran = rates(&["import", windows.to_str().unwrap()]);
    let card = ran.card();
    assert_eq!((&card["currency"], &card["as_of"]), (&json!("EUR"), &json!("2031-02-02")));
    assert_eq!(card["texting"]["territories"], json!({"GB": "0.05", "KR": "0.0524"}));
    said(
        &ran,
        &[
            "GB: 0.048 to 0.05",
            "line 3: no destination is called \"VEREINIGTES KÖNIGREICH\"",
            "line 6: \"1,234\" may be thousands or decimals; write it with a decimal point",
            "line 7: \"$0.05\" is in USD, but the card is in EUR",
            "line 8: a price of 0 is taken as \"no rate\"; write the row into the card by hand if it is free",
            "line 9: 4 cells under a header of 3",
        ],
    );
}

#[test]
fn minutes_go_onto_a_card_and_prefixes_are_merged_in() {
    let base = scratch("base.json");
    let base = base.to_str().unwrap();
    assert_eq!(rates(&["import", "by-country-2031-03-01.csv", "--out", base]).code, 0);
    let before: Value = serde_json::from_str(&fs::read_to_string(base).unwrap()).unwrap();

    let ran = rates(&["import", "voice-2031-01-01.csv", "--table", "calling", "--onto", base, "--out", base]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    said(
        &ran,
        &[
            "one price for landline and mobile: AS",
            "line 6: no destination is called \"ZZ\", \"Unknown\"",
            "the card keeps its id although it changed; quotes cite it: consider --id",
        ],
    );
    let after: Value = serde_json::from_str(&fs::read_to_string(base).unwrap()).unwrap();
    assert_eq!(after["calling"]["as_of"], "2031-01-01");
    assert_eq!(
        after["calling"]["territories"],
        json!({
            "AS": {"landline": "0.40", "mobile": "0.40"},
            "AT": {"landline": "0.017", "mobile": "0.05"},
            "GB": {"landline": "0.015", "mobile": "0.03"}
        })
    );
    for field in ["id", "as_of", "source", "note", "channels", "local", "texting"] {
        assert_eq!(after[field], before[field], "{field}");
    }

    let args =
        ["import", "prefixes.tsv", "--column-prefix", "prefix", "--onto", base, "--merge", "--id", "merged"];
    let ran = rates(&args);
    let merged = ran.card();
    assert_eq!(merged["id"], "merged");
    assert_eq!(
        merged["texting"]["prefixes"],
        json!({"447624": "0.09", "870": "0.20", "881": "0.50", "88216": "0.20", "8835": "0.50"})
    );
    for field in ["territories", "fallbacks", "as_of", "source", "note"] {
        assert_eq!(merged["texting"][field], before["texting"][field], "{field}");
    }
    said(&ran, &["line 4: +1 is several countries at several prices; name the territory, or area codes"]);

    let ran = rates(&["import", "komma-2031-02-02.csv", "--onto", base]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("the sheet is in EUR, the card in USD"), "{}", ran.err);
}

#[test]
fn what_a_sheet_does_not_say_is_asked_for() {
    let refused = |name: &str, bytes: &[u8], args: &[&str], part: &str| {
        let path = scratch(name);
        fs::write(&path, bytes).unwrap();
        let ran = rates(&[&["import", path.to_str().unwrap()], args].concat());
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        assert!(ran.err.contains(part), "{part:?} is not in {:?}", ran.err);
    };
    refused("a.csv", b"country,price\nFrance,0.1\n", &[], "give --currency");
    refused("b.csv", b"country,price\nFrance,0.1\n", &["--currency", "USD"], "give --as-of");
    let told = ["--currency", "USD", "--as-of", "2031-01-01"];
    refused(
        "c.csv",
        b"country,price\nAtlantis,0.1\n",
        &told,
        "no row of this sheet could be placed and priced",
    );
    refused("d.csv", b"country,one price,two price\nFrance,0.1,0.2\n", &told, "name one with --column-price");
    refused("e.csv", b"who,price\nFrance,0.1\n", &told, "--column-country");
    refused("f.csv", b"country,price\nCura\xe7ao,0.1\n", &told, "CSV UTF-8");
    refused("g.csv", b"", &told, "no row in this sheet");
    refused(
        "h.csv",
        b"country,price\nFrance,0.1\n",
        &["--currency", "usd", "--as-of", "2031-01-01"],
        "currency",
    );
    refused(
        "i.csv",
        b"country,price\nFrance,0.1\n",
        &["--currency", "USD", "--as-of", "2031-02-29"],
        "as_of",
    );
    let ran = rates(&["import", "no such sheet.csv"]);
    assert!(ran.code == 1 && ran.err.contains("no such sheet.csv"), "{}", ran.err);
}

#[test]
fn a_diff_is_exact() {
    let written = |name: &str, args: &[&str]| {
        let path = scratch(name);
        let ran = rates(&[args, &["--out", path.to_str().unwrap()]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        path.to_str().unwrap().to_owned()
    };
    let old = written("old.json", &["import", "history.csv", "--column-price", "max_2029-01-01"]);
    let new = written("new.json", &["import", "history.csv", "--column-price", "max_2031-03-01"]);
    let same = rates(&["diff", &old, &old]);
    assert_eq!((same.code, same.out.ends_with("\nBoth price alike.\n")), (0, true), "{}", same.out);

    let mut changed: Value = serde_json::from_str(&fs::read_to_string(&new).unwrap()).unwrap();
    changed["channels"]["api"]["surcharge"] = json!("0.008");
    changed["channels"]["zapier"]["recipients_max"] = json!(9);
    changed["texting"]["territories"]["FI"] = json!("0.060000");
    fs::write(&new, changed.to_string()).unwrap();
    let ran = rates(&["diff", &old, &new]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.out,
        "from  history (as of 2029-01-01, USD)
to    history (as of 2031-03-01, USD)

removed (1)
  texting.territories.CU          0.08 -> -

dearer (1)
  texting.territories.GB          0.03 -> 0.05       +0.02     +66.67%

cheaper (1)
  channels.api.surcharge          0.01 -> 0.008     -0.002     -20.00%

changed (1)
  channels.zapier.recipients_max    10 -> 9

1 removed, 1 dearer, 1 cheaper, 1 changed
"
    );
    let ran = rates(&["diff", &old, &new, "--json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        serde_json::from_str::<Value>(&ran.out).unwrap(),
        json!({
            "from": {"id": "history", "as_of": "2029-01-01", "currency": "USD"},
            "to": {"id": "history", "as_of": "2031-03-01", "currency": "USD"},
            "equal": false,
            "changes": [
                {"kind": "cheaper", "at": "channels.api.surcharge", "from": "0.01", "to": "0.008",
                 "difference": "-0.002", "percent": "-20.00"},
                {"kind": "changed", "at": "channels.zapier.recipients_max", "from": "10", "to": "9"},
                {"kind": "removed", "at": "texting.territories.CU", "from": "0.08", "to": null},
                {"kind": "dearer", "at": "texting.territories.GB", "from": "0.03", "to": "0.05",
                 "difference": "+0.02", "percent": "+66.67"}
            ]
        })
    );
    let ran = rates(&["diff", &old, "no such card.json"]);
    assert!(ran.code == 2 && ran.err.contains("no such card.json"), "{}", ran.err);
}

#[test]
fn a_check_says_what_a_card_holds_or_where_it_is_broken() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rates.json");
    let ran = rates(&["check", shipped.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.starts_with("ok  ")
            && ran.out.contains("\n    texting: 225 territories, 13 fallbacks, 3 prefixes\n")
    );
    assert!(ran.out.contains("\n    channels: api, zapier, app, call\n"), "{}", ran.out);

    let broken = scratch("broken.json");
    let text = fs::read_to_string(shipped).unwrap();
    for (old, new, part) in [
        ("\"GB\": \"0.056\"", "\"GB\": \"0,056\"", "texting.territories.GB: an amount is a plain decimal"),
        ("\"GB\": \"0.056\"", "\"GB\": 0.056", "texting.territories.GB: this is a number"),
        (
            "\"GB\": \"0.056\",",
            "",
            "texting.fallbacks.GG: a fallback must lead to a territory that has a row",
        ),
        ("{\n  \"$schema\"", "{\n  \"$schema", "this is not JSON"),
    ] {
        assert!(text.contains(old), "{old}");
        fs::write(&broken, text.replacen(old, new, 1)).unwrap();
        let ran = rates(&["check", broken.to_str().unwrap()]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert!(
            ran.err.contains("broken.json") && ran.err.contains(part),
            "{part:?} is not in {:?}",
            ran.err
        );
    }
}
