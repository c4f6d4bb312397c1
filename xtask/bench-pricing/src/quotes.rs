//! A full quote: 160 characters, a number, a balance.

use std::hint::black_box;

use rlibphonenumber::{PhoneNumber, Region};
use sms_splitter::SplitSms;
use textmeter::{Money, QuoteRequest};

use crate::doors::Door;
use crate::inputs::{card, plain, read};
use crate::table::{Goal, Table};
use crate::timer::{case, in_turn};

/// What a quote may take natively and in Chromium, in nanoseconds.
const NATIVE: f64 = 400.0;
const CHROMIUM: f64 = 8_000.0;

const NUMBER: &str = "+44 7400 123456";

pub fn section(doors: &[Door]) -> String {
    let mut table = Table::new();
    let card = read(&card());
    let text = plain(160);
    let request = QuoteRequest {
        text: &text,
        to: vec![NUMBER],
        balance: Money::parse("5.00"),
        ..QuoteRequest::default()
    };
    let splitter = SplitSms::default();
    let split = || splitter.split(black_box(&text).clone());
    let timings = in_turn(vec![
        case("quote", || card.quote(black_box(&request))),
        case("quote in JSON", || card.quote(black_box(&request)).map(|quote| quote.to_json())),
        case("sms_splitter + phonenumber", || {
            (split(), phonenumber::parse(Some(phonenumber::country::US), black_box(NUMBER)))
        }),
        case("sms_splitter + rlibphonenumber", || {
            (split(), PhoneNumber::parse(black_box(NUMBER), Some(Region::US)))
        }),
        case("sms_splitter + phonelib", || (split(), phonelib::extract_country(black_box(NUMBER)))),
    ]);
    let [quote, json, peers @ ..] = timings.as_slice() else { unreachable!() };
    table.row("native", "a full quote", peers.first(), quote, Goal::Within(NATIVE));
    for peer in &peers[1..] {
        table.row("native", "a full quote", Some(peer), quote, Goal::None);
    }
    table.row("native", "a full quote, written as JSON", peers.first(), json, Goal::None);
    for door in doors {
        let goal = if door.place == "Chromium" { Goal::Within(CHROMIUM) } else { Goal::None };
        for (case, peer, goal) in [
            ("a full quote", Some("sms-segments-calculator"), goal),
            ("a full quote", Some("sms-segments-calculator + libphonenumber-js"), Goal::None),
            ("a quote of 260 Cyrillic letters", None, Goal::None),
            ("a quote of 300 emoji", None, Goal::None),
        ] {
            let peer = peer.and_then(|peer| door.timing(case, peer));
            if let Some(ours) = door.timing(case, "textmeter") {
                table.row(&door.place, &format!("{case}, as an object"), peer.as_ref(), &ours, goal);
            }
        }
    }
    table.finish()
}
