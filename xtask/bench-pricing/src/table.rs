//! The tables of BENCHMARKS.md: peer, ours, ratio, goal.

use std::fmt::Write as _;

pub(crate) use crate::grouped::grouped;
use crate::timer::Timing;

/// What is to be reached.
#[derive(Clone, Copy)]
pub enum Goal {
    /// No goal, only a comparison.
    None,
    /// The peer takes at least so many times as long.
    TimesAsQuick(f64),
    /// Ours takes at most so many times as long as the peer.
    TimesAsLong(f64),
    /// Ours takes at most so many nanoseconds.
    Within(f64),
}

impl Goal {
    fn reached(self, peer: Option<f64>, ours: f64) -> Option<bool> {
        match self {
            Goal::None => None,
            Goal::TimesAsQuick(times) => peer.map(|peer| peer >= times * ours),
            Goal::TimesAsLong(times) => peer.map(|peer| ours <= times * peer),
            Goal::Within(most) => Some(ours <= most),
        }
    }

    fn words(self) -> String {
        match self {
            Goal::None => String::new(),
            Goal::TimesAsQuick(times) => format!("≥ {} x", grouped(times as u64)),
            Goal::TimesAsLong(times) => format!("≥ 1/{times} x"),
            Goal::Within(most) => format!("≤ {}", time(most)),
        }
    }
}

/// A table being written.
pub struct Table(String);

impl Table {
    pub fn new() -> Table {
        Table("| where | what | peer | the peer's | ours | ratio | goal | met |\n|---|---|---|---:|---:|---:|---|---|\n".to_owned())
    }

    /// Ours beside one peer, or beside none.
    pub fn row(&mut self, place: &str, what: &str, peer: Option<&Timing>, ours: &Timing, goal: Goal) {
        let theirs = peer.map_or(String::new(), spread);
        // Of the medians, and in brackets of the quickest, which say more on a machine with much else to do.
        let ratio = peer.map_or(String::new(), |peer| {
            format!("{} ({})", times(peer.median / ours.median), times(peer.least / ours.least))
        });
        let met = match goal.reached(peer.map(|peer| peer.median), ours.median) {
            None => "",
            Some(true) => "yes",
            Some(false) => "**no**",
        };
        let name = peer.map_or("", |peer| &peer.name);
        let (ours, goal) = (spread(ours), goal.words());
        let _ =
            writeln!(self.0, "| {place} | {what} | {name} | {theirs} | {ours} | {ratio} | {goal} | {met} |");
    }

    pub fn finish(self) -> String {
        self.0
    }
}

/// Median, and in brackets least to most.
fn spread(timing: &Timing) -> String {
    format!("{} ({} to {})", time(timing.median), time(timing.least), time(timing.most))
}

/// A time in a unit that suits it.
pub fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    if value < 10.0 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

fn times(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2} x") } else { format!("{} x", grouped(ratio as u64)) }
}
