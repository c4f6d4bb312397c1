//! Segments: natively beside `str::is_ascii` and other crates, and through the Wasm door beside JavaScript's libraries.

use std::hint::black_box;
use std::process::Command;

use smpp_codec::splitter::{EncodingType, MessageSplitter, SplitMode};
use sms_splitter::SplitSms;
use textmeter::{Sender, count, segment};

use crate::doors::Door;
use crate::inputs::plain;
use crate::table::{Goal, Table};
use crate::timer::{Timing, case, in_turn};

pub fn section(doors: &[Door], python: Option<&str>) -> String {
    let mut table = Table::new();
    for door in doors {
        for (case, peer, goal) in [
            ("160 GSM characters", "sms-segments-calculator", Goal::None),
            ("160 GSM characters", "sms-length", Goal::TimesAsQuick(2.0)),
            ("1,000 GSM characters", "sms-segments-calculator", Goal::TimesAsQuick(1_000.0)),
            ("1,000 GSM characters", "sms-length", Goal::TimesAsQuick(5.0)),
            ("1,000 GSM characters", "split-sms", Goal::None),
            ("1,000 GSM characters", "@trt2/gsm-charset-utils", Goal::None),
            ("300 emoji", "sms-segments-calculator", Goal::TimesAsQuick(100.0)),
            ("300 emoji", "@trt2/gsm-charset-utils", Goal::TimesAsQuick(5.0)),
            ("300 emoji", "sms-length", Goal::None),
            ("300 emoji", "split-sms", Goal::None),
            ("100,000 GSM characters", "sms-segments-calculator", Goal::TimesAsQuick(10_000.0)),
            ("100,000 GSM characters", "sms-length", Goal::None),
        ] {
            if let Some((peer, ours)) = door.timing(case, peer).zip(door.timing(case, "textmeter")) {
                table.row(&door.place, case, Some(&peer), &ours, goal);
            }
        }
    }
    for characters in [160, 1_000, 100_000] {
        native(characters, &mut table);
    }
    if let Some(smsutil) = python.and_then(smsutil) {
        let text = plain(1_000);
        let ours = in_turn(vec![case("count", || count(black_box(&text), Sender::Standard))]);
        table.row("native", "1,000 GSM characters", Some(&smsutil), &ours[0], Goal::None);
    }
    table.finish()
}

fn native(characters: usize, table: &mut Table) {
    let text = plain(characters);
    let text = text.as_str();
    let timings = in_turn(vec![
        case("`str::is_ascii`", || black_box(text).is_ascii()),
        case("segment", || segment(black_box(text), Sender::Standard)),
        case("count", || count(black_box(text), Sender::Standard)),
    ]);
    let what = format!("{} GSM characters", crate::table::grouped(characters as u64));
    table.row(
        "native",
        &format!("{what}, every part"),
        Some(&timings[0]),
        &timings[1],
        Goal::TimesAsLong(3.0),
    );
    table.row("native", &format!("{what}, counted"), Some(&timings[0]), &timings[2], Goal::TimesAsLong(3.0));
    if characters == 1_000 {
        let splitter = SplitSms::default();
        let split =
            |text: &str| MessageSplitter::split(text.to_owned(), EncodingType::Gsm7Bit, SplitMode::Udh);
        let peers = in_turn(vec![
            case("sms_splitter", || splitter.split(black_box(text).to_owned())),
            case("smpp-codec", || split(black_box(text))),
            case("segment", || segment(black_box(text), Sender::Standard)),
        ]);
        for peer in &peers[..2] {
            table.row("native", &format!("{what}, every part"), Some(peer), &peers[2], Goal::None);
        }
    }
}

/// Python's smsutil over the same text.
fn smsutil(python: &str) -> Option<Timing> {
    const SCRIPT: &str = "import sys, timeit, smsutil\n\
        text = sys.argv[1]\n\
        print(*(timeit.timeit(lambda: smsutil.split(text), number=20) / 20 * 1e9 for _ in range(15)))";
    let output = Command::new(python).args(["-c", SCRIPT, &plain(1_000)]).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let samples: Vec<f64> = said.split_whitespace().filter_map(|sample| sample.parse().ok()).collect();
    (!samples.is_empty()).then(|| Timing::of("smsutil (Python)", samples))
}
