//! What is said of lists as people have them.

use serde_json::json;
use textmeter::{
    Code, Money,
    campaign::{Batch, ListEncoding, ListReading, Settings, SheetReader, Status},
};

use super::price;

fn settings() -> Settings<'static> {
    Settings { balance: Money::parse("0.05"), ..Settings::default() }
}

const TEMPLATE: &str = "Hi {{first_name|there}}, your table at the Harbour is ready. Show this text at the door, \
                        and see you soon. Reply STOP to end.";

#[test]
fn a_name_with_one_accent_is_named_as_what_makes_a_row_dearer() {
    let list = "First Name,Phone,City\nAda,+12125550101,x\nŁukasz,+12125550102,x\nBob,+12125550103,x\n,+12125550104,x\nZoé,+12125550105,x\n";
    let priced = price(list.as_bytes(), TEMPLATE, &settings()).unwrap();
    let summary = &priced.summary;
    assert_eq!(
        (summary.sendable, summary.segments, summary.usual_segments, summary.dearer_rows),
        (5, 6, 1, 1)
    );
    assert_eq!(summary.total, Money::parse("0.06"));
    assert_eq!(summary.dearer_extra, Money::parse("0.01").unwrap());
    let json = &priced.json;
    assert_eq!(
        json["dearer"]["examples"][0],
        json!({ "line": 3, "segments": 2, "price": "0.02", "column": "First Name", "value": "Łukasz",
                "character": "Ł", "code_point": "U+0141", "name": null })
    );
    assert_eq!(json["characters"][0]["extra"], "0.01");
    assert_eq!(json["advice"][0]["kind"], "plain-values");
    assert_eq!(json["advice"][0]["saving"], "0.01");
    assert_eq!(
        json["cover"],
        json!({ "kind": "short", "balance": "0.05", "remaining": null, "shortfall": "0.01", "rows": 4, "total": "0.05",
                "stops_at_line": 6 })
    );
}

#[test]
fn advice_on_the_template_has_the_saving_over_the_list() {
    let rows: String = (0..10).map(|n| format!("Ada,+1212555010{n}\n")).collect();
    let list = format!("name,to\n{rows}");
    let text = "Sale 🎉 today only, everything in the shop is half off until ten, {{name}}! Come.";
    let priced = price(list.as_bytes(), text, &Settings::default()).unwrap();
    assert_eq!(priced.json["total"], "0.20");
    let advice = &priced.json["advice"][0];
    assert_eq!(
        (&advice["kind"], &advice["saving"], &advice["rows"]),
        (&json!("rewrite-dropping"), &json!("0.10"), &json!(10))
    );
    assert_eq!(
        advice["template"],
        "Sale today only, everything in the shop is half off until ten, {{name}}! Come."
    );
    assert_eq!(advice["changes"], json!([{ "found": "🎉", "replacement": "" }]));

    // 158 + 5 = 163 units: three too many, in every row.
    let text = format!("{}{{{{name}}}}", "a".repeat(160));
    let priced = price(list.as_bytes(), &text, &Settings::default()).unwrap();
    let advice = &priced.json["advice"][0];
    assert_eq!(
        (&advice["kind"], &advice["units"], &advice["saving"]),
        (&json!("shorten"), &json!(3), &json!("0.10"))
    );
}

#[test]
fn every_row_is_accounted_for() {
    let list = "phone;name;opted_out\n+12125550101;A;no\n+1 (212) 555-0101;B;\n72345;C;\n;D;\n+5312345678;E;\n4,47E+11;F;\n\
                +12125550107;G;yes\n+12125550107;H;\n+12125550108\n;;\n+12125550109;I;2024-05-01\n+12125550101;J;STOP\n";
    let priced = price(list.as_bytes(), "Hi {{name}}", &Settings::default()).unwrap();
    let statuses: Vec<_> = priced.rows.iter().map(|row| (row.0.line, row.0.status.code())).collect();
    assert_eq!(
        statuses,
        [
            (2, "priced"),
            (3, "duplicate-number"),
            (4, "short-code"),
            (5, "empty"),
            (6, "no-rate"),
            (7, "rounded-number"),
            (8, "opted-out"),
            (9, "opted-out"),
            (10, "wrong-field-count"),
            (12, "opted-out"),
            (13, "opted-out"),
        ]
    );
    assert_eq!(priced.summary.problem_rows, 5);
    assert_eq!((priced.summary.opted_out_later.rows, priced.summary.opted_out_later.first), (1, 13));
    let twice = Settings { keep_duplicates: true, ..Settings::default() };
    assert_eq!(price(list.as_bytes(), "Hi {{name}}", &twice).unwrap().summary.sendable, 2);
}

#[test]
fn what_cannot_be_priced_at_all_says_where() {
    let list = b"phone,name\n+12125550101,A\n";
    for (list, template, code, at) in [
        (&list[..], "Hi {{nam}}", Code::MissingColumn, "template[3..10]"),
        (list, "Hi {name}", Code::InvalidTemplate, "template[3..9]"),
        (list, "Hi {{name", Code::InvalidTemplate, "template[3..9]"),
        (b"a,b\n1,2\n", "Hi", Code::MissingColumn, "phone_column"),
        (b"+12125550101,A\n", "Hi", Code::MissingHeader, ""),
        (b"", "Hi", Code::EmptyList, ""),
        (b"\xef\xbb\xbf\r\n\r\n", "Hi", Code::EmptyList, ""),
        (b"phone,name,Name\n", "{{NAME}}", Code::AmbiguousColumn, "template[0..8]"),
        (b"phone,Phone\n", "Hi", Code::AmbiguousColumn, "phone_column"),
    ] {
        let error = price(list, template, &Settings::default()).err().unwrap();
        assert_eq!((error.code(), error.at()), (code, at), "{template}: {}", error.message());
    }
    assert!(price(list, r"Hi \{name}", &Settings::default()).is_ok());
    let calls = Settings { channel: "call", ..Settings::default() };
    assert_eq!(price(list, "Hi", &calls).err().unwrap().at(), "channel");
}

#[test]
fn hostile_lists_end_well() {
    let settings = Settings::default();
    let nul =
        price(b"phone,name\n+12125550101,A\0B\n+1\x002125550102,C\n", "Hi {{name}}", &settings).unwrap();
    assert_eq!(nul.rows[0].3, "Hi AB", "smart encoding leaves NUL out, as it does everywhere");
    assert_eq!(nul.rows[1].0.status, Status::NotANumber);
    let long = format!("phone,name\n+12125550101,{}\n", "x".repeat(900_000));
    let long = price(long.as_bytes(), "{{name}}{{name}}", &settings).unwrap();
    assert_eq!(long.rows[0].0.status, Status::TextTooLong);
    assert_eq!(long.json["problems"][0]["status"], "text-too-long");
}

#[test]
fn a_template_is_not_told_to_drop_words_it_does_not_have() {
    let list = format!("text,to\n{},+12125550101\n", "a".repeat(165));
    let priced = price(list.as_bytes(), "{{text}}", &Settings::default()).unwrap();
    assert_eq!((priced.summary.segments, priced.json["advice"].clone()), (2, json!([])));
    // Five of six are enough, and four of four are not.
    for (template, advised) in [("Dear! {{text}}", true), ("Yo: {{text}}", false)] {
        let priced =
            price(list.replacen(&"a".repeat(5), "", 1).as_bytes(), template, &Settings::default()).unwrap();
        let advice: Vec<_> = priced.summary.advice.iter().map(|advice| (advice.kind, advice.units)).collect();
        assert_eq!(advice, if advised { vec![("shorten", Some(6))] } else { vec![("shorten", Some(4))] });
    }
}

#[test]
fn where_messages_are_billed_a_long_one_is_no_dearer() {
    let list = format!("name,to\nAda,+12125550101\nBob,+12125550102\n{},+12125550103\n", "a".repeat(200));
    let by_segment = price(list.as_bytes(), "{{name}}", &Settings::default()).unwrap();
    assert_eq!((by_segment.summary.dearer_rows, by_segment.summary.dearer.len()), (1, 1));
    let settings = Settings { channel: "app", ..Settings::default() };
    let by_message = price(list.as_bytes(), "{{name}}", &settings).unwrap();
    assert_eq!((by_message.summary.dearer_rows, by_message.summary.dearer.len()), (0, 0));
}

#[test]
fn rows_with_nothing_in_them_are_counted_apart() {
    let list = "name,to\nAda,+12125550101\n,\n  , \n\nBob,+12125550102\n";
    let priced = price(list.as_bytes(), "Hi {{name}}", &Settings::default()).unwrap();
    assert_eq!((&priced.json["rows"], &priced.json["blank_rows"]), (&json!(2), &json!(2)));
}

#[test]
fn a_first_row_longer_than_a_piece_is_read_whole() {
    let wide = "w".repeat(1_000);
    let list = format!("{wide},phone\nAda,+12125550101\n").into_bytes();
    let mut reader = SheetReader::of(&list[..64]);
    let (mut batch, mut at) = (Batch::new(), 0);
    while batch.is_empty() {
        let end = (at + 64).min(list.len());
        at += reader.read_first(&list[at..end], &mut batch);
    }
    let names: Vec<&str> = batch.row(0).unwrap().fields().collect();
    assert_eq!(names, [wide.as_str(), "phone"]);
}

#[test]
fn a_list_from_a_code_page_is_written_with_a_mark() {
    for (head, mark) in [
        (&b"name,to\n"[..], false),
        (b"\xEF\xBB\xBFname,to\n", true),
        (b"name,to\nJos\xE9,1\n", true),
        ("name,to\nJosé".as_bytes(), false),
        // Cut off in the middle of a character, not in another encoding.
        (&"name,to\nJosé".as_bytes()[..12], false),
    ] {
        assert_eq!(SheetReader::of(head).byte_order_mark(), mark, "{head:?}");
    }
    let windows = ListReading { encoding: ListEncoding::Windows1252, delimiter: None };
    assert!(SheetReader::of(b"a").read_as(windows).byte_order_mark());
}
