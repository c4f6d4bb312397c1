//! A list on one thread, its bytes in pieces: the same as all at once, whatever the pieces.

use proptest::prelude::*;
use serde_json::json;
use textmeter::{
    Code, Error, Raw,
    campaign::{
        Batch, CampaignRequest, Columns, ListEncoding, ListLook, ListReading, PricedList, Pricer, Run,
        SheetReader, Template, Wanted, Written,
    },
};

use super::{
    CARD,
    laws::{list, template},
    price,
};

fn request(template: &str, write: Written) -> CampaignRequest {
    CampaignRequest { write, ..CampaignRequest::of(Template::parse(template).unwrap()) }
}

/// What a run comes to and what it writes, its list in pieces of so many bytes.
fn run(list: &[u8], request: CampaignRequest, piece: usize) -> Result<(String, Vec<u8>), Error> {
    let mut run = Run::new(request, 7);
    let mut written = Vec::new();
    for piece in list.chunks(piece) {
        run.push(&CARD, piece)?;
        written.extend(run.take_written());
    }
    run.finish(&CARD)?;
    written.extend(run.take_written());
    Ok((run.summary_json(&CARD)?, written))
}

/// The priced list, and the rows that have a problem, as they are written by hand.
fn written_by_hand(list: &[u8], template: &str) -> (Vec<u8>, Vec<u8>) {
    let mut reader = SheetReader::of(list);
    let mut batch = Batch::new();
    let read = reader.read_first(list, &mut batch);
    let columns = Columns::find(&batch, &Wanted::default()).unwrap();
    let template = Template::parse(template).unwrap();
    let settings = textmeter::campaign::Settings::default();
    let pricer = Pricer::new(&CARD, &settings, &template, &columns).unwrap();
    let mut tally = textmeter::campaign::Tally::new(&pricer, &settings);
    let writer = PricedList::new(&columns, reader.delimiter());
    let (mut priced, mut rejects, mut scratch) = (Vec::new(), Vec::new(), String::new());
    writer.write_names(&mut priced);
    writer.write_reject_names(&mut rejects);
    batch.clear();
    reader.read(&list[read..], &mut batch);
    reader.finish(&mut batch);
    for row in batch.rows() {
        let mut quote = pricer.quote(&row, &mut scratch);
        let mut text = String::new();
        if row.trouble().is_none() {
            pricer.write_sent(&row, &mut text);
        }
        writer.write_row_start(&row, &quote, &text, &mut priced);
        tally.add(&pricer, &row, &mut quote);
        writer.write_row_end(&quote, &mut priced);
        if quote.status.is_problem() {
            writer.write_reject(&row, &quote, &mut rejects);
        }
    }
    (priced, rejects)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_is_the_batch_whatever_the_pieces(list in list(), template in template(), piece in 1..400_usize) {
        let whole = price(list.as_bytes(), &template, &textmeter::campaign::Settings::default()).unwrap();
        let (priced, rejects) = written_by_hand(list.as_bytes(), &template);
        let (json, nothing) = run(list.as_bytes(), request(&template, Written::Nothing), piece).unwrap();
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), whole.json);
        prop_assert!(nothing.is_empty());
        for (write, wanted) in [(Written::Priced, priced), (Written::Rejects, rejects)] {
            let (same, written) = run(list.as_bytes(), request(&template, write), piece).unwrap();
            prop_assert_eq!(&same, &json);
            prop_assert_eq!(String::from_utf8(written), String::from_utf8(wanted));
        }
    }
}

#[test]
fn a_list_longer_than_its_head_is_the_same_in_any_pieces() {
    let rows: String = (0..9_000).map(|n| format!("Ada {n},+1212{:07}\r\n", 2_000_000 + n)).collect();
    let list = format!("\u{feff}{}name,phone\r\n{rows}", "\r\n".repeat(40_000));
    let whole = run(list.as_bytes(), request("Hi {{name}}", Written::Priced), list.len()).unwrap();
    for piece in [1_000, 65_536, 65_537, 300_000] {
        let again = run(list.as_bytes(), request("Hi {{name}}", Written::Priced), piece).unwrap();
        assert_eq!(again.0, whole.0);
        assert!(again.1 == whole.1, "{piece}");
    }
    assert!(whole.0.starts_with("{\"rows\":9000,\"blank_rows\":0,\"sendable\":9000,"));
    assert!(whole.1.starts_with("\u{feff}name,phone,text,".as_bytes()));
}

#[test]
fn what_fails_once_fails_for_good_and_says_why() {
    let mut run = Run::new(request("Hi {{nobody}}", Written::Nothing), 0);
    assert_eq!(run.summary(&CARD).unwrap_err().code(), Code::EmptyList);
    assert!(run.push(&CARD, b"name,phone\nAda,+12125550123\n").is_ok(), "too short to know");
    let error = run.finish(&CARD).unwrap_err();
    assert_eq!((error.code(), error.at()), (Code::MissingColumn, "template[3..13]"));
    for again in [run.push(&CARD, b"x"), run.finish(&CARD), run.summary(&CARD).map(drop)] {
        assert_eq!(again.unwrap_err(), error);
    }
    for empty in ["", "\n\n\n", " , \n"] {
        let mut run = Run::new(request("Hi", Written::Priced), 0);
        run.push(&CARD, empty.as_bytes()).unwrap();
        assert_eq!(run.finish(&CARD).unwrap_err().code(), Code::EmptyList, "{empty:?}");
        assert!(run.take_written().is_empty());
    }
}

#[test]
fn the_first_rows_are_shown_as_they_go_out() {
    let list = "name;to\nJosé “J”;+447400123456\n;72345\n";
    let mut run = Run::new(request("Hi {{name|there}}", Written::Nothing), 0);
    run.push(&CARD, list.as_bytes()).unwrap();
    run.finish(&CARD).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&run.previews_json()).unwrap();
    assert_eq!(shown[0]["text"], "Hi José \"J\"");
    assert_eq!((&shown[0]["price"], &shown[0]["territory"]), (&json!("0.066"), &json!("GB")));
    assert_eq!((&shown[1]["status"], &shown[1]["price"]), (&json!("short-code"), &json!(null)));
}

#[test]
fn a_look_tells_the_columns_or_why_not() {
    let look = |head: &str| -> serde_json::Value {
        let look = ListLook::of(head.as_bytes(), ListReading::default(), &Wanted::default());
        serde_json::from_str(&look.to_json()).unwrap()
    };
    assert_eq!(
        look("name;Mobile;Phone;Unsubscribed\nAda;+12125550123"),
        json!({ "delimiter": ";", "names": ["name", "Mobile", "Phone", "Unsubscribed"], "phone": "Mobile",
                "opt_out": "Unsubscribed", "other_phones": ["Phone"], "error": null })
    );
    let lost = look("a,\"b\"\"\"\n1,2");
    assert_eq!((&lost["names"], &lost["phone"]), (&json!(["a", "b\""]), &json!(null)));
    assert_eq!(
        (&lost["error"]["code"], &lost["error"]["at"]),
        (&json!("missing-column"), &json!("phone_column"))
    );
    assert_eq!(look("+12125550123,Ada")["error"]["code"], "missing-header");
    assert_eq!(look("")["error"]["code"], "empty-list");
}

#[test]
fn what_is_said_of_a_list_goes_before_what_is_seen_of_it() {
    // Seen: commas, and UTF-8 where a row is UTF-8.
    let list = b"sep=,\nphone;name,x;city\n+447400123456;Zo\xc3\xab;a,b\n";
    let told = |encoding, delimiter| {
        let reading = ListReading { encoding, delimiter };
        let look = ListLook::of(list, reading, &Wanted::default());
        let request = CampaignRequest { reading, ..request("Hi {{name,x}}", Written::Nothing) };
        (look.delimiter, look.names, run(list, request, 7).map(|(json, _)| json))
    };
    let (delimiter, names, seen) = told(ListEncoding::Auto, None);
    assert_eq!((delimiter, names), (b',', vec!["phone;name".to_owned(), "x;city".to_owned()]));
    assert_eq!(seen.unwrap_err().code(), Code::MissingColumn);
    let (delimiter, names, said) = told(ListEncoding::Auto, Some(b';'));
    assert_eq!((delimiter, names.join(" ").as_str()), (b';', "phone name,x city"));
    let said: serde_json::Value = serde_json::from_str(&said.unwrap()).unwrap();
    assert_eq!((&said["segments"], &said["encodings"]["GSM-7"]), (&json!(1), &json!(0)));
    let (.., said) = told(ListEncoding::Windows1252, Some(b';'));
    let said: serde_json::Value = serde_json::from_str(&said.unwrap()).unwrap();
    assert_eq!(said["assumed_windows_1252"]["rows"], 0, "it was said, not assumed");
}

#[test]
fn a_request_is_read_strictly() {
    let read = |value: serde_json::Value| {
        let raw: Raw = serde_json::from_value(value).unwrap();
        CampaignRequest::read(&raw).map_err(|error| (error.code(), error.at().to_owned()))
    };
    let all = json!({ "template": "Hi", "channel": "app", "balance": "5.00", "sender": "toll-free", "region": "GB",
        "smart": false, "keep_duplicates": true, "phone_column": "a", "opt_out_column": "b", "header": false,
        "delimiter": "tab", "list_encoding": "windows-1252", "write": "rejects" });
    let request = read(all).unwrap();
    assert_eq!((request.settings().channel, request.wanted().phone), ("app", Some("a")));
    let reading = ListReading { encoding: ListEncoding::Windows1252, delimiter: Some(b'\t') };
    assert_eq!(request.reading, reading);
    assert_eq!((request.header, request.write, request.keep_duplicates), (false, Written::Rejects, true));
    for (value, code, at) in [
        (json!({}), Code::MissingField, "template"),
        (json!({ "template": "Hi", "balence": "5" }), Code::UnknownField, "balence"),
        (json!({ "template": "Hi", "balance": 5 }), Code::WrongType, "balance"),
        (json!({ "template": "Hi", "balance": "x" }), Code::InvalidAmount, "balance"),
        (json!({ "template": "Hi {{" }), Code::InvalidTemplate, "template[3..5]"),
        (json!({ "template": "Hi", "write": "all" }), Code::InvalidValue, "write"),
        (json!({ "template": "Hi", "delimiter": ";;" }), Code::InvalidValue, "delimiter"),
        (json!({ "template": "Hi", "delimiter": "\"" }), Code::InvalidValue, "delimiter"),
        (json!({ "template": "Hi", "list_encoding": "latin1" }), Code::InvalidValue, "list_encoding"),
    ] {
        assert_eq!(read(value).unwrap_err(), (code, at.to_owned()));
    }
}
