//! What it costs as the work grows: from 10 to 1,000,000 characters, from 1 to 200,000 prefixes, from 1 to 1,000,000 rows, from 1
//! to 256 connections.

use std::hint::black_box;

use sms_splitter::SplitSms;
use textmeter::{Sender, count};

use crate::doors::Door;
use crate::inputs::{deck, plain};
use crate::plot::{Curve, plot};
use crate::timer::{Timing, case, in_turn};

/// A plot by the name of its file, and its SVG.
pub fn plots(doors: &[Door], campaign: &Door, ledger: &Door) -> Vec<(String, String)> {
    let mut plots = vec![
        ("segments-native.svg".to_owned(), plot("Counting segments, native", "characters", &native())),
        ("destinations.svg".to_owned(), plot("Looking up a destination", "prefixes", &destinations())),
        ("campaign.svg".to_owned(), plot("Pricing a list", "rows", &measured(campaign))),
        (
            "connections.svg".to_owned(),
            plot(
                "From one durable charge to the next, one account",
                "connections that charge",
                &measured(ledger),
            ),
        ),
    ];
    for door in doors {
        let title = format!("Counting segments, {}", door.runtime);
        let name = format!("segments-{}.svg", door.place.to_lowercase());
        plots.push((name, plot(&title, "characters", &measured(door))));
    }
    plots
}

const CHARACTERS: [usize; 6] = [10, 100, 1_000, 10_000, 100_000, 1_000_000];

fn native() -> Vec<Curve> {
    let splitter = SplitSms::default();
    curves(&CHARACTERS, |characters| {
        let text = plain(characters);
        let text = text.as_str();
        let mut cases = vec![
            case("str::is_ascii", || black_box(text).is_ascii()),
            case("textmeter", || count(black_box(text), Sender::Standard)),
        ];
        if characters <= 10_000 {
            cases.push(case("sms_splitter", || splitter.split(black_box(text).to_owned())));
        }
        in_turn(cases)
    })
}

fn destinations() -> Vec<Curve> {
    curves(&[1, 10, 100, 1_000, 10_000, 100_000, 200_000], |prefixes| {
        crate::destinations::look_ups(&deck(prefixes))
    })
}

/// What was measured elsewhere.
fn measured(door: &Door) -> Vec<Curve> {
    curves(&door.sizes(), |size| door.timings(&size.to_string()))
}

fn curves(sizes: &[usize], mut measure: impl FnMut(usize) -> Vec<Timing>) -> Vec<Curve> {
    let mut curves: Vec<Curve> = Vec::new();
    for size in sizes {
        for timing in measure(*size) {
            let point = (*size as f64, timing.median);
            match curves.iter_mut().find(|curve| curve.name == timing.name) {
                Some(curve) => curve.points.push(point),
                None => curves.push(Curve { name: timing.name, points: vec![point] }),
            }
        }
    }
    curves
}
