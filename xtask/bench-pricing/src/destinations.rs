//! The rate of the longest prefix of a number, in a deck of 200,000.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::hint::black_box;

use fst::Map;
use patricia_tree::StringPatriciaMap;
use textmeter::RateCard;

use crate::inputs::{Deck, deck, raw};
use crate::table::{Goal, Table};
use crate::timer::{Case, Timing, case, in_long_turns};

const PREFIXES: usize = 200_000;
/// What a look-up and the building may take, in nanoseconds.
const LOOK_UP: f64 = 80.0;
const BUILD: f64 = 30e6;

pub fn section() -> String {
    let deck = deck(PREFIXES);
    let mut table = Table::new();
    let timings = look_ups(&deck);
    let [ours, peers @ ..] = timings.as_slice() else { unreachable!() };
    for (place, peer) in peers.iter().enumerate() {
        let goal = if place == 0 { Goal::Within(LOOK_UP) } else { Goal::None };
        table.row("native", "a look-up", Some(peer), ours, goal);
    }
    let raw = raw(&deck.card());
    let lists = Lists::of(&deck);
    let built = in_long_turns(vec![
        case("card", || RateCard::read(black_box(&raw))),
        case("hash maps by length", || lists.hash_maps()),
        case("fst", || lists.fst()),
        case("patricia_tree", || lists.patricia()),
    ]);
    for (place, peer) in built[1..].iter().enumerate() {
        let goal = if place == 0 { Goal::Within(BUILD) } else { Goal::None };
        table.row("native", "building it, amounts read and checked", Some(peer), &built[0], goal);
    }
    table.finish()
}

/// Ours first, then hash maps, fst and patricia_tree; they are held to the same answers.
pub fn look_ups(deck: &Deck) -> Vec<Timing> {
    let lists = Lists::of(deck);
    let card = crate::inputs::read(&deck.card());
    let (maps, fst, patricia) = (lists.hash_maps(), lists.fst(), lists.patricia());
    let ours = |number: &str| card.texting_rate(number, None).map(|rate| rate.to_micros());
    for number in (0..10_000).map(|place| deck.number(place)) {
        let rate = ours(number);
        assert!(rate.is_some());
        assert_eq!(by_length(&maps, number), rate);
        assert_eq!(by_fst(&fst, number), rate);
        assert_eq!(by_patricia(&patricia, number), rate);
    }
    let place = Cell::new(0);
    let next = || deck.number(place.replace(place.get() + 1));
    fn looking<'a, T>(
        name: &'static str,
        next: &'a dyn Fn() -> &'a str,
        look: impl Fn(&str) -> T + 'a,
    ) -> Case<'a> {
        case(name, move || look(black_box(next())))
    }
    in_long_turns(vec![
        looking("textmeter", &next, ours),
        looking("hash maps by length", &next, |number| by_length(&maps, number)),
        looking("fst", &next, |number| by_fst(&fst, number)),
        looking("patricia_tree", &next, |number| by_patricia(&patricia, number)),
    ])
}

/// What the peers are built from: prefixes in order, millionths.
struct Lists(Vec<(String, u64)>);

type HashMaps = (HashMap<String, u64>, Vec<usize>);

impl Lists {
    fn of(deck: &Deck) -> Lists {
        let micros = |rate: &String| textmeter::Money::parse(rate).map_or(0, |rate| rate.to_micros());
        Lists(deck.prefixes.iter().map(|(prefix, rate)| (prefix.clone(), micros(rate))).collect())
    }

    /// With the lengths there are, the longest first.
    fn hash_maps(&self) -> HashMaps {
        let lengths: HashSet<usize> = self.0.iter().map(|(prefix, _)| prefix.len()).collect();
        let mut lengths: Vec<usize> = lengths.into_iter().collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        (self.0.iter().cloned().collect(), lengths)
    }

    fn fst(&self) -> Map<Vec<u8>> {
        Map::from_iter(self.0.iter().map(|(prefix, micros)| (prefix, *micros))).expect("in order")
    }

    fn patricia(&self) -> StringPatriciaMap<u64> {
        self.0.iter().map(|(prefix, micros)| (prefix, *micros)).collect()
    }
}

fn by_length((map, lengths): &HashMaps, number: &str) -> Option<u64> {
    lengths.iter().find_map(|length| map.get(number.get(..*length)?)).copied()
}

fn by_fst(map: &Map<Vec<u8>>, number: &str) -> Option<u64> {
    let fst = map.as_fst();
    let (mut node, mut sum, mut found) = (fst.root(), fst::raw::Output::zero(), None);
    for byte in number.bytes() {
        let Some(at) = node.find_input(byte) else { break };
        let step = node.transition(at);
        (node, sum) = (fst.node(step.addr), sum.cat(step.out));
        if node.is_final() {
            found = Some(sum.cat(node.final_output()).value());
        }
    }
    found
}

fn by_patricia(map: &StringPatriciaMap<u64>, number: &str) -> Option<u64> {
    map.get_longest_common_prefix(number).map(|(_, micros)| *micros)
}
