//! Cases run in turn, round by round: what disturbs the machine disturbs them all.

use std::hint::black_box;
use std::time::Duration;

const ROUNDS: usize = 41;
const LONG_ROUNDS: usize = 15;
/// How long one sample runs at least where all of it fits the nearest cache: short, so that most are not interrupted.
const SHORT: Duration = Duration::from_micros(500);
/// The same for tables: long, because each has to come into the caches again after another's turn.
const LONG: Duration = Duration::from_millis(150);

/// Something to run again and again.
pub struct Case<'a> {
    name: &'static str,
    run: Box<dyn FnMut() + 'a>,
    times: u32,
    samples: Vec<f64>,
}

/// A case; what it gives back is kept from being optimised away.
pub fn case<'a, T>(name: &'static str, mut run: impl FnMut() -> T + 'a) -> Case<'a> {
    let run = Box::new(move || {
        black_box(run());
    });
    Case { name, run, times: 1, samples: Vec::new() }
}

/// Nanoseconds of one run.
#[derive(Clone, Debug)]
pub struct Timing {
    pub name: String,
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Timing {
    /// From samples, of which there is at least one.
    pub fn of(name: &str, mut samples: Vec<f64>) -> Timing {
        samples.sort_by(f64::total_cmp);
        Timing {
            name: name.to_owned(),
            median: samples[samples.len() / 2],
            least: samples[0],
            most: samples[samples.len() - 1],
        }
    }
}

/// The timings, in the order of the cases.
pub fn in_turn(cases: Vec<Case<'_>>) -> Vec<Timing> {
    timings(cases, SHORT, ROUNDS)
}

/// The timings of cases that read large tables.
pub fn in_long_turns(cases: Vec<Case<'_>>) -> Vec<Timing> {
    timings(cases, LONG, LONG_ROUNDS)
}

fn timings(mut cases: Vec<Case<'_>>, sample: Duration, rounds: usize) -> Vec<Timing> {
    for case in &mut cases {
        // The quickest of several tries, or a pause of the machine would pass for the case's own.
        while (0..3).map(|_| case.once()).min() < Some(sample) {
            case.times *= 2;
        }
    }
    for _ in 0..rounds {
        for case in &mut cases {
            let sample = case.once().as_nanos() as f64 / f64::from(case.times);
            case.samples.push(sample);
        }
    }
    cases.into_iter().map(|case| Timing::of(case.name, case.samples)).collect()
}

impl Case<'_> {
    fn once(&mut self) -> Duration {
        let started = on_processor();
        for _ in 0..self.times {
            (self.run)();
        }
        on_processor().saturating_sub(started)
    }
}

/// How long this thread has had a processor: waiting for one is not what is measured.
fn on_processor() -> Duration {
    let clock = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(clock.tv_sec.unsigned_abs(), clock.tv_nsec.unsigned_abs() as u32)
}
