//! The table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::CONNECTIONS;
use crate::load::Measured;
use crate::scenario::{Engine, Request, SCENARIOS, SPREAD, Scenario, Subject};

/// The longest that one charge of a hundred may wait, in microseconds.
const P99_MICROS_MAX: u64 = 25_000;

/// The runs of each scenario, round by round.
#[derive(Default)]
pub(crate) struct Results {
    runs: BTreeMap<String, Vec<Measured>>,
    /// The machine's load after each run, in tenths.
    loads: Vec<u64>,
}

impl Results {
    pub(crate) fn add(&mut self, scenario: String, measured: Measured, load: u64) {
        self.runs.entry(scenario).or_default().push(measured);
        self.loads.push(load);
    }

    fn of(&self, scenario: &Scenario) -> &[Measured] {
        self.runs.get(&scenario.name()).map_or(&[], Vec::as_slice)
    }
}

/// A median, and how far the rounds lie apart.
struct Middle {
    middle: u64,
    least: u64,
    most: u64,
}

fn middle(values: impl Iterator<Item = u64>) -> Option<Middle> {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    let (least, most) = (*values.first()?, *values.last()?);
    Some(Middle { middle: values[values.len() / 2], least, most })
}

/// The section for BENCHMARKS.md.
pub(crate) fn section(results: &Results, machine: &str, seconds: u64) -> String {
    let rounds = SCENARIOS.iter().map(|scenario| results.of(scenario).len()).max().unwrap_or(0);
    let mut text = format!(
        "{CONNECTIONS} connections that each ask again as soon as they are answered, {rounds} rounds of {seconds} s in \
         turn, medians (least to most). Hot: one account. Spread: {SPREAD}. After each run every acknowledged charge was \
         in the database, no other was, and every balance was its start less the charges.\n\n\
         | engine | request | accounts | charges/s | p50 ms | p99 ms | ratio to by hand | goal | met |\n\
         |---|---|---|---|---|---|---|---|---|\n"
    );
    for scenario in SCENARIOS {
        if let Some(row) = row(results, scenario) {
            text.push_str(&row);
        }
    }
    text.push_str(
        "\nBy hand is `BEGIN; SELECT … FOR UPDATE; UPDATE; INSERT; COMMIT` on the same PostgreSQL, prepared, one \
         connection for each caller, over its socket. It has no HTTP, keys, prices or idempotency in front of it: all in \
         its favour. The twin is the release binary with its log in a file. A charge is `POST /v1/charges`, a send \
         `POST /v1/messages` with the relay handing on meanwhile; the goals are for charges on one hot account.\n\n",
    );
    text.push_str(&costs(results));
    if let Some(load) = middle(results.loads.iter().copied()) {
        let _ = writeln!(
            text,
            "\nSo many wanted to run at a time, these and whatever else the machine did: {}.",
            spread(&load, tenths)
        );
    }
    let _ = writeln!(text, "\n{machine}");
    text
}

fn row(results: &Results, scenario: &Scenario) -> Option<String> {
    let runs = results.of(scenario);
    let rate = middle(runs.iter().map(Measured::per_second))?;
    let p50 = middle(runs.iter().map(|run| run.percentile(50)))?;
    let p99 = middle(runs.iter().map(|run| run.percentile(99)))?;
    let ratio = ratio(results, scenario);
    let (goal, met) = match (goal(scenario), &ratio) {
        (Some(times), Some(ratio)) => {
            let latency = matches!(scenario.subject, Subject::Twin(Engine::Sqlite));
            let met = ratio.middle >= times * 10 && (!latency || p99.middle <= P99_MICROS_MAX);
            let goal = if latency { format!(">= {times} x, p99 <= 25") } else { format!(">= {times} x") };
            (goal, if met { "yes" } else { "**no**" })
        }
        _ => ("".to_owned(), ""),
    };
    let (engine, request) = match (scenario.subject, scenario.request) {
        (Subject::Peer, _) => ("PostgreSQL, by hand", "transaction"),
        (Subject::Twin(Engine::Sqlite), Request::Charge) => ("SQLite", "charge"),
        (Subject::Twin(Engine::Sqlite), Request::Send) => ("SQLite", "send"),
        (Subject::Twin(Engine::Postgres), Request::Charge) => ("PostgreSQL", "charge"),
        (Subject::Twin(Engine::Postgres), Request::Send) => ("PostgreSQL", "send"),
    };
    let ratio = ratio.map(|ratio| spread(&ratio, tenths)).unwrap_or_default();
    Some(format!(
        "| {engine} | {request} | {} | {} | {} | {} | {ratio} | {goal} | {met} |\n",
        scenario.shape(),
        spread(&rate, |rate| rate.to_string()),
        spread(&p50, millis),
        spread(&p99, millis),
    ))
}

const fn goal(scenario: &Scenario) -> Option<u64> {
    match (scenario.subject, scenario.request, scenario.accounts) {
        (Subject::Twin(Engine::Sqlite), Request::Charge, 1) => Some(10),
        (Subject::Twin(Engine::Postgres), Request::Charge, 1) => Some(5),
        _ => None,
    }
}

/// How many times the peer's charges of the same round and the same accounts, in tenths.
fn ratio(results: &Results, scenario: &Scenario) -> Option<Middle> {
    if scenario.subject == Subject::Peer {
        return None;
    }
    let peer = SCENARIOS
        .iter()
        .find(|other| other.subject == Subject::Peer && other.accounts == scenario.accounts)?;
    let pairs = results.of(scenario).iter().zip(results.of(peer));
    middle(pairs.map(|(ours, theirs)| ours.per_second() * 10 / theirs.per_second().max(1)))
}

/// What the processor spent on a charge, so that one sees whether the load was in the way.
fn costs(results: &Results) -> String {
    let mut text = String::from(
        "What a charge cost of a core, in microseconds (making the load; the twin; the database's own processes are \
         not counted):",
    );
    for scenario in SCENARIOS {
        let runs = results.of(scenario);
        let Some(load) = middle(runs.iter().map(|run| run.load_cpu)) else { continue };
        let twin = middle(runs.iter().filter_map(|run| run.subject_cpu));
        let twin = twin.map_or("-".to_owned(), |twin| twin.middle.to_string());
        let _ = write!(text, " {} {} and {twin};", scenario.name(), load.middle);
    }
    text.truncate(text.trim_end_matches(';').len());
    text.push_str(".\n");
    text
}

fn spread(value: &Middle, shown: impl Fn(u64) -> String) -> String {
    format!("{} ({} to {})", shown(value.middle), shown(value.least), shown(value.most))
}

/// Microseconds as milliseconds with one decimal.
pub(crate) fn millis(micros: u64) -> String {
    tenths(micros.div_ceil(100))
}

pub(crate) fn tenths(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}
