//! `textmeter quote` as people run it: what it prints and how it ends.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

fn vectors(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(name)
}

/// The program over the vectors' card, with colours as a terminal's owner would have them.
fn textmeter(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_textmeter"));
    command.arg("quote").arg("--rates").arg(vectors("rates.json")).args(args);
    command.env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR").env("TERM", "xterm-256color");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run_with(args: &[&str], input: &[u8]) -> Output {
    let mut child = textmeter(args).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program that does not read all of it closes the pipe.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let output = run_with(args, b"");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const GB: &str = "+447400123456";

#[test]
fn a_price_as_people_read_it() {
    let (code, out, err) = run(&["--to", GB, "--balance", "5", "Your table is ready"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(
        out,
        "$0.066  1 segment (GSM-7, 19 units, 141 left)\n\
         \x20 +447400123456 GB  $0.066  $0.066 a segment: $0.01 + rate $0.056\n\
         Balance $5.00 -> $4.934 after sending, enough for 74 more like this\n\
         Rates vectors of 2026-01-02\n"
    );
}

#[test]
fn a_price_beyond_the_balance() {
    let (code, out, _) = run(&["--to", GB, "--balance", "0.10", &"a".repeat(161)]);
    assert_eq!(code, Some(2));
    assert!(
        out.contains("Over balance you have $0.10: $0.032 short. It would be refused and nothing sent.\n"),
        "{out}"
    );
    assert!(out.contains("Cheaper 1 character shorter: saves $0.066\n"), "{out}");
    let text = format!("Don’t wait – it’s today{}", "a".repeat(60));
    let (_, out, _) = run(&["--to", GB, "--smart", "off", &text]);
    let line = "Cheaper write \"'\" for \"’\" (2 places), write \"-\" for \"–\" (1 place): saves $0.066\n";
    assert!(out.contains(line), "{out}");
    let (code, out, _) = run(&["--to", GB, "--balance", "0.066", "Hello"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("Balance $0.066 -> $0.00 after sending, which uses your whole balance\n"), "{out}");
}

#[test]
fn what_it_says_of_texts_and_calls() {
    let uncertain = format!("{}🇺🇸{}", "a".repeat(65), "a".repeat(65));
    for (args, line) in [
        (vec!["--to", "+12125550123", "Hello"], "  +12125550123 US  $0.01  $0.01 a segment, local\n"),
        (
            vec!["--to", GB, "--to", "+1 999 555 0123", "Hello"],
            "No price  1 segment (GSM-7, 5 units, 155 left)\n",
        ),
        (vec!["--to", GB, "--to", "+1 999 555 0123", "Hello"], "  +1 999 555 0123  unassigned-area-code\n"),
        (vec!["--to", GB, ""], "Note There is nothing to send: the text is empty or only blanks.\n"),
        (vec!["--to", GB, &uncertain], "$0.198  2 to 3 segments (UCS-2, 134 units, 65 left)\n"),
        (vec!["--to", GB, "--channel", "call", "--minutes", "4.5"], "$0.1525  5 minutes\n"),
        (
            vec!["--to", GB, "--channel", "call", "--minutes", "1", "--line-type", "landline"],
            "$0.0158  1 minute\n",
        ),
        (vec!["--to", "07400 123456", "--region", "GB", "Hi"], "  +447400123456 GB  $0.066  "),
        (vec!["--to", GB, "--smart", "off", "It’s"], "(UCS-2, 4 units, 66 left)\n"),
        (vec!["--to", GB, "--encoding", "UCS-2", "It's"], "(UCS-2, 4 units, 66 left)\n"),
    ] {
        let (_, out, err) = run(&args);
        assert!(out.contains(line), "{args:?}: {out}{err}");
    }
}

#[test]
fn colours_stay_in_the_terminal() {
    let (_, out, _) = run(&["--to", GB, "--balance", "0.01", "Hello"]);
    assert!(!out.contains('\u{1b}'), "{out:?}");
    // Nor does what somebody typed steer it.
    let (_, out, _) = run(&["--to", "\u{1b}[31m+1", "Hello"]);
    assert!(!out.contains('\u{1b}') && out.contains("not-a-number"), "{out:?}");
    let forced = textmeter(&["--to", GB, "Hello"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(forced.stdout.contains(&0x1b), "asked for, they come");
}

#[test]
fn json_is_the_contract_byte_for_byte() {
    let list: Vec<Value> = serde_json::from_slice(&fs::read(vectors("quotes.json")).unwrap()).unwrap();
    let mut judged = 0;
    for vector in &list {
        let request = &vector["request"];
        let (Some(text), Some(to)) = (request["text"].as_str(), request["to"].as_str()) else { continue };
        if request.as_object().unwrap().len() > 2 || text.contains('\0') {
            continue;
        }
        let (code, out, _) = run(&["--json", "--to", to, text]);
        assert_eq!(out, format!("{}\n", vector["answer"]), "{}", vector["name"]);
        assert_eq!(
            code,
            Some(if vector["answer"]["sendable"] == true { 0 } else { 1 }),
            "{}",
            vector["name"]
        );
        judged += 1;
    }
    assert!(judged > 10, "only {judged}");
}

#[test]
fn what_cannot_be_priced_ends_with_one() {
    let long = "a".repeat(1601);
    for args in [
        vec!["--to", "+53 5 1234567", "--balance", "5", "Hello"],
        vec!["--to", "911", "Hello"],
        vec!["--to", GB, "--balance", "5", "  "],
        vec!["--to", GB, "--balance", "5", &long],
    ] {
        let (code, out, err) = run(&args);
        assert_eq!((code, err.as_str()), (Some(1), ""), "{args:?}: {out}");
    }
}

#[test]
fn a_broken_request_says_what_is_wrong() {
    for (args, said) in [
        (vec!["--to", GB, "--balance", "abc", "Hello"], "error[invalid-amount]: balance: write an amount"),
        (vec!["--to", GB, "--balance", "-5.00", "Hello"], "error[invalid-amount]: balance: write an amount"),
        (vec!["--to", GB, "--balance=-5.00", "Hello"], "error[invalid-amount]: balance: write an amount"),
        (
            vec!["--to", GB, "--channel", "pigeon", "Hello"],
            "error[unknown-channel]: channel: the rate card has no",
        ),
        (vec!["--to", GB, "--encoding", "GSM-7", "я"], "error[not-gsm-7]: text: GSM-7 has no U+044F"),
        (vec!["--to", GB, "--channel", "call"], "error[missing-field]: minutes:"),
        (vec!["--to", GB, "--channel", "call", "--minutes", "-1"], "error[invalid-value]: minutes:"),
        (vec!["--to", GB, "--region", "uk", "Hello"], "error[invalid-value]: region:"),
        (vec!["Hello"], "error[missing-field]: to: say where it goes"),
        (vec!["--to", GB, "--rates", "nowhere.json", "Hello"], "error"),
    ] {
        let (code, out, err) = run(&args);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{args:?}: {err}");
        assert!(err.starts_with(said), "{args:?}: {err}");
    }
    let (code, out, err) = run(&["--to", GB, "--balance", "abc", "--json", "Hello"]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let error: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&error["error"]["code"], &error["error"]["at"]),
        (&"invalid-amount".into(), &"balance".into())
    );
}

/// 2 means over balance and nothing else: a script must not take a misspelt option for it.
#[test]
fn a_misspelt_option_does_not_look_like_too_little_money() {
    for args in [
        vec!["--to", GB, "--balanec", "5", "Hello"],
        vec!["--to", GB, "Hello", "world"],
        vec!["--jsonl", "--to", GB],
        vec!["--jsonl", "--channel", "app"],
        vec!["--jsonl", "--region", "GB"],
    ] {
        let (code, out, err) = run(&args);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{args:?}");
        assert!(err.starts_with("error: "), "{err}");
    }
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("Exit codes:"), "{out}");
}

#[test]
fn the_text_can_come_from_standard_input() {
    let text = |input: &[u8]| {
        let output = run_with(&["--json", "--to", GB], input);
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    // The line break that ends a file is not part of the message; the others are.
    for (input, sent) in
        [("Hello\n", "Hello"), ("Hello\r\n", "Hello"), ("a\nb\n\n", "a\nb\n"), ("Hello", "Hello"), ("\n", "")]
    {
        assert_eq!(text(input.as_bytes())["text"], sent, "{input:?}");
    }
    assert_eq!(text(b"a\xff")["error"]["code"], "invalid-utf-8");
    // Longer than a quote reads, and the limit falls into the middle of a character.
    for lead in ["", "a"] {
        let long = text(format!("{lead}{}", "я".repeat(600_000)).as_bytes());
        assert_eq!(
            (&long["error"]["code"], &long["error"]["at"]),
            (&"text-too-large".into(), &"text".into())
        );
    }
}

/// Whoever reads may have read enough: `textmeter quote … | head -1`.
#[test]
fn a_reader_that_went_away_is_no_failure() {
    for args in [vec!["--to", GB, "Hello"], vec!["--to", GB, "--json", "Hello"], vec!["--jsonl"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = textmeter(&args).stdout(writer).spawn().unwrap();
        drop(child.stdin.take().unwrap().write_all(b"{}\n"));
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), err.as_str()), (Some(0), ""), "{args:?}");
    }
}
