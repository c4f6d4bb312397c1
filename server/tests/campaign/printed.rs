//! What people see, how it ends, and what hostile lists do to it.

use std::io::Write;

use super::Desk;

const LIST: &str = "name,phone,note\nAda,+12125550101,=cmd|' /C calc'!A0\nŁukasz,+12125550102,x\nBob,+12125550103,x\n\
                    Eve,72345,x\nMal,+12125550101,x\nShort,+12125550109\n,+12125550104,x\n";
const TEMPLATE: &str =
    "Hi {{name}}, your table at the Harbour is ready. Show this text at the door, and see you soon!";

#[test]
fn a_campaign_as_people_read_it() {
    let desk = Desk::new();
    desk.write("list.csv", LIST);
    let ran = desk.run(&["list.csv", "--template", TEMPLATE, "--balance", "0.04", "--out", "priced.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(2), ""), "{}", ran.out);
    assert_eq!(
        ran.out,
        "$0.05  4 of 7 rows to send, 5 segments\n\
         Over balance you have $0.04: $0.01 short. It covers the first 3 rows ($0.04); line 8 is the first it does not.\n\
         Segments\n\
         \x20 1  ██████████████████████████████            3  $0.03\n\
         \x20 2  ██████████                                1  $0.02\n\
         Territories\n\
         \x20 US  ██████████████████████████████            4  $0.05\n\
         Not sent\n\
         \x20           1  duplicate-number  The number stands further up already; it is texted once.\n\
         \x20           1  short-code  Short codes cannot be texted from here.\n\
         \x20           1  wrong-field-count  The row has more or fewer fields than the first one has names.\n\
         \x20 line 5: short-code \"72345\"\n\
         \x20 line 7: wrong-field-count \"Short\"\n\
         \x20 All of those that have a problem are in list.rejects.csv\n\
         Dearer than the rest  1 row with more than 1 segment: $0.01 more\n\
         \x20 line 3: 2 segments, because of \"Ł\" in name \"Łukasz\"\n\
         \x20 \"Ł\" in name turns 1 row to UCS-2: $0.01\n\
         Cheaper saves $0.01 over 1 row: write the values without the accents and signs that GSM-7 lacks\n\
         Cheaper saves $0.01 over 1 row: a template of 22 characters less\n\
         Note no name in 1 row; give it a default: {{name|there}}\n\
         Priced rows are in priced.csv\n\
         Rates twilio-list-2026-05-25 of 2026-05-25\n"
    );
    let priced = desk.read("priced.csv");
    let lines: Vec<&str> = priced.lines().collect();
    assert_eq!(lines[0], "name,phone,note,text,encoding,segments,territory,status,price");
    // Nothing a spreadsheet would calculate with; the number stays a number.
    assert!(
        lines[1].starts_with("Ada,+12125550101,'=cmd|' /C calc'!A0,\"Hi Ada, your table"),
        "{}",
        lines[1]
    );
    assert!(lines[1].ends_with(",GSM-7,1,US,priced,0.01"), "{}", lines[1]);
    assert!(lines[4].ends_with(",GSM-7,1,,short-code,"), "{}", lines[4]);
    assert_eq!(lines[6], "Short,+12125550109,,,,,,wrong-field-count,");
    assert_eq!(
        desk.read("list.rejects.csv"),
        "line,status,message,name,phone,note\r\n\
         5,short-code,Short codes cannot be texted from here.,Eve,72345,x\r\n\
         7,wrong-field-count,The row has more or fewer fields than the first one has names.,Short,+12125550109\r\n"
    );
}

#[test]
fn how_it_ends() {
    let desk = Desk::new();
    desk.write("list.csv", "phone,name\n+12125550101,A\n72345,B\n");
    desk.write("none.csv", "phone,name\n72345,B\n");
    desk.write("text.txt", "\u{feff}Hi {{name}}\r\n");
    for (args, code, said) in [
        (vec!["list.csv", "--template-file", "text.txt", "--balance", "0.01"], 0, "Balance $0.01 -> $0.00"),
        (vec!["list.csv", "--template", "Hi", "--balance", "0.009999"], 2, "Over balance"),
        (vec!["list.csv", "--template", "Hi", "--strict"], 1, "1 of 2 rows to send"),
        (vec!["none.csv", "--template", "Hi"], 1, "0 of 1 row to send"),
        (vec!["list.csv", "--template", "Hi {{nam}}"], 1, "error[missing-column]: template[3..10]"),
        (vec!["list.csv", "--template", "Hi {{nam}}"], 1, "did you mean name?"),
        (vec!["list.csv", "--template", "Hi {{name"], 1, "error[invalid-template]: template[3..9]"),
        (
            vec!["list.csv", "--template", "Hi", "--phone-column", "tel"],
            1,
            "error[missing-column]: phone_column",
        ),
        (vec!["list.csv", "--template", "Hi", "--balance", "-1"], 1, "error[invalid-amount]: balance"),
        (vec!["list.csv", "--template", "Hi", "--out", "list.csv"], 1, "error[same-file]"),
        (vec!["missing.csv", "--template", "Hi"], 1, "error[unreadable-list]"),
        (vec!["list.csv", "--template-file", "missing.txt"], 1, "error[unreadable-template]"),
        (vec!["list.csv", "--template", "Hi", "--out", "no/such/folder.csv"], 1, "error[unwritable-file]"),
        (vec!["list.csv"], 1, "--template"),
        (vec!["list.csv", "--template", "Hi", "--delimiter", "ab"], 1, "write one character"),
    ] {
        let ran = desk.run(&args);
        assert_eq!(ran.code, Some(code), "{args:?}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(said) || ran.err.contains(said), "{args:?}: {}{}", ran.out, ran.err);
    }
    let ran = desk.run(&["list.csv", "--template", "{{x}}", "--json"]);
    assert_eq!((ran.code, ran.json()["error"]["code"].as_str()), (Some(1), Some("missing-column")));
}

#[test]
fn lists_without_names_and_without_anything() {
    let desk = Desk::new();
    let bare = b"Ada;+12125550101\nBob;+12125550102\n";
    let ran = desk.pipe(&["-", "--template", "Hi {{1}}", "--no-header", "--json"], bare);
    assert_eq!((ran.code, &ran.json()["sendable"]), (Some(0), &2.into()), "{}", ran.err);
    let ran = desk.pipe(&["-", "--template", "Hi"], bare);
    assert!(ran.err.contains("error[missing-header]") && ran.err.contains("column 2"), "{}", ran.err);
    for empty in [&b""[..], b"\n\n", b"\xEF\xBB\xBF", b"\xFF\xFE"] {
        let ran = desk.pipe(&["-", "--template", "Hi"], empty);
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.contains("error[empty-list]"), "{}", ran.err);
    }
    let ran = desk.pipe(&["-", "--template", "Hi", "--json"], b"phone,name\n");
    assert_eq!((ran.code, &ran.json()["rows"]), (Some(1), &0.into()));
    // The first row may be longer than what is read at once.
    let wide = format!("{},phone\n x ,+12125550101\n", "w".repeat(200_000));
    let ran = desk.pipe(&["-", "--template", "Hi", "--json"], wide.as_bytes());
    assert_eq!((ran.code, &ran.json()["sendable"]), (Some(0), &1.into()), "{}", ran.err);
    // A list that claims to be packed and is cut off says so, and still says what came before.
    let ran = desk.pipe(&["-", "--template", "Hi"], b"\x1F\x8B\x08\0\0\0\0\0");
    assert_eq!(ran.code, Some(1), "{}", ran.out);
}

#[test]
fn a_row_without_an_end_is_named_and_the_others_are_priced() {
    let desk = Desk::new();
    let mut list = b"phone,name\n+12125550101,A\n+12125550102,".to_vec();
    list.resize(list.len() + (24 << 20), b'x');
    list.extend_from_slice(b"\n+12125550103,\"C\0D\"\n+12125550104,\"never closed\n");
    let ran = desk.pipe(&["-", "--template", "Hi {{name}}", "--out", "priced.csv", "--json"], &list);
    let json = ran.json();
    assert_eq!((ran.code, &json["sendable"]), (Some(0), &3.into()), "{}", ran.err);
    assert_eq!(
        (&json["problems"][0]["line"], &json["problems"][0]["status"]),
        (&3.into(), &"row-too-long".into())
    );
    assert!(desk.read("priced.csv").len() < 2_000);
    assert!(desk.path("campaign.rejects.csv").is_file());
}

#[test]
fn a_list_that_breaks_off_is_never_taken_for_a_whole_one() {
    let desk = Desk::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    let rows: String = (0..60_000).map(|n| format!("+1212{},A\n", 2_000_000 + n)).collect();
    packed.write_all(format!("phone,name\n{rows}").as_bytes()).unwrap();
    let mut packed = packed.finish().unwrap();
    packed.truncate(packed.len() - 100_000);
    let ran = desk.pipe(&["-", "--template", "Hi"], &packed);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with('$') && !ran.out.contains("60,000 rows"), "{}", ran.out);
    assert!(ran.err.contains("error[input-output]: the list could not be read to its end"), "{}", ran.err);
    let ran = desk.pipe(&["-", "--template", "Hi", "--json"], &packed);
    assert_eq!((ran.code, ran.json()["error"]["code"].as_str()), (Some(1), Some("input-output")));
}

#[test]
fn rows_that_have_no_place_to_go_do_not_stop_the_work() {
    let desk = Desk::new();
    desk.write("list.csv", "phone,name\n+12125550101,A\n72345,B\n");
    // Where the file of the rejects would be, a folder lies: as little to be written to as a folder that is read-only.
    std::fs::create_dir(desk.path("list.rejects.csv")).unwrap();
    let ran = desk.run(&["list.csv", "--template", "Hi"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.contains("cannot write list.rejects.csv") && ran.out.contains("--rejects"),
        "{}",
        ran.out
    );
    let ran = desk.run(&["list.csv", "--template", "Hi", "--json"]);
    assert_eq!((ran.code, &ran.json()["problem_rows"]), (Some(0), &1.into()));
    assert!(ran.err.contains("cannot write list.rejects.csv"), "{}", ran.err);
    let ran = desk.run(&["list.csv", "--template", "Hi", "--rejects", "list.rejects.csv"]);
    assert!(ran.err.contains("error[unwritable-file]"), "{}", ran.err);
    std::fs::create_dir(desk.path("other")).unwrap();
    for out in ["./new.csv", "other/new.csv"] {
        let ran = desk.run(&["list.csv", "--template", "Hi", "--out", out, "--rejects", "new.csv"]);
        assert_eq!(ran.err.contains("error[same-file]"), out == "./new.csv", "{out}: {}", ran.err);
    }
}

#[test]
fn strangers_words_do_not_steer_the_terminal() {
    let desk = Desk::new();
    desk.write(
        "list.csv",
        "na\u{1b}[31mme,phone\nAda,+12125550101\n\u{202e}x\u{200b}y,+12125550102\nb,7\u{1b}[2J\n",
    );
    let template = format!("Hi {{{{1}}}} {}", "a".repeat(130));
    let ran = desk.run(&["list.csv", "--template", &template.replace("{{1}}", "{{na\u{1b}[31mme}}")]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!ran.out.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{:?}", ran.out);
    assert!(ran.out.contains("\"\\u{202e}\" in na\\u{1b}[31mme"), "{}", ran.out);
}

#[test]
fn a_template_file_that_is_too_long_is_told_so_in_any_script() {
    let desk = Desk::new();
    desk.write("list.csv", "phone\n+12125550101\n");
    for before in ["", "a", "\u{feff}", "\u{feff}a", "\u{feff}aa"] {
        desk.write("text.txt", format!("{before}{}", "ж".repeat(33_000)));
        let ran = desk.run(&["list.csv", "--template-file", "text.txt"]);
        assert!(ran.err.contains("error[invalid-template]"), "{before:?}: {}", ran.err);
    }
    desk.write("text.txt", b"Hi \xFF");
    assert!(
        desk.run(&["list.csv", "--template-file", "text.txt"]).err.contains("error[invalid-utf-8]: byte 3")
    );
}
