//! Durable charges a second and their latency, through HTTP, on both engines, beside the transaction one would write by
//! hand on the same PostgreSQL. Prints a section of BENCHMARKS.md; how far it is goes to standard error.
// A measurement that cannot be made ends with the reason; there is nobody to give an error to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod client;
#[path = "../../../server/tests/cluster/mod.rs"]
mod cluster;
mod growth;
mod load;
mod machine;
mod peer;
mod report;
mod scenario;
mod twin;
mod verdict;

use std::path::{Path, PathBuf};
use std::time::Duration;

use cluster::Cluster;
use load::{Effort, Measured};
use report::Results;
use scenario::{SCENARIOS, Scenario, Subject};

/// As many as the goal names.
const CONNECTIONS: usize = 64;

struct Options {
    twin: PathBuf,
    rounds: usize,
    seconds: u64,
    only: Option<String>,
    growth: bool,
}

fn main() {
    let options = options();
    // One thread: what makes the load must leave the machine to what is measured.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let told = runtime.block_on(async {
        let cluster = Cluster::start(&["shared_buffers=256MB", "max_connections=300"]);
        match options.growth {
            true => growth::samples(&options.twin, &cluster).await,
            false => run(&options, &cluster).await,
        }
    });
    print!("{told}");
}

/// One run of one scenario.
async fn measure(program: &Path, cluster: &Cluster, scenario: &Scenario, effort: Effort) -> Measured {
    match scenario.subject {
        Subject::Peer => peer::measure(cluster, scenario.accounts, effort).await,
        Subject::Twin(engine) => twin::measure(program, cluster, engine, scenario, effort).await,
    }
}

async fn run(options: &Options, cluster: &Cluster) -> String {
    let mut results = Results::default();
    let chosen = SCENARIOS
        .iter()
        .filter(|scenario| options.only.as_ref().is_none_or(|only| scenario.name().contains(only.as_str())));
    let chosen: Vec<_> = chosen.collect();
    for round in 1..=options.rounds {
        // Round by round, and not scenario by scenario: what else the machine does meets all of them.
        for scenario in &chosen {
            let effort = Effort { connections: CONNECTIONS, length: Duration::from_secs(options.seconds) };
            let measured = measure(&options.twin, cluster, scenario, effort).await;
            let load = machine::load();
            eprintln!(
                "round {round} of {}: {:32} {:>7}/s  p50 {:>7} p99 {:>7}  load {}",
                options.rounds,
                scenario.name(),
                measured.per_second(),
                report::millis(measured.percentile(50)),
                report::millis(measured.percentile(99)),
                report::tenths(load),
            );
            results.add(scenario.name(), measured, load);
        }
    }
    let version = peer::version(cluster).await;
    report::section(&results, &machine::described(&options.twin, &version), options.seconds)
}

fn options() -> Options {
    let mut options = Options { twin: PathBuf::new(), rounds: 5, seconds: 6, only: None, growth: false };
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        if name == "--growth" {
            options.growth = true;
            continue;
        }
        let mut value = || args.next().unwrap_or_else(|| panic!("{name} needs a value"));
        match name.as_str() {
            "--twin" => options.twin = value().into(),
            "--rounds" => options.rounds = value().parse().expect("--rounds: a whole number"),
            "--seconds" => options.seconds = value().parse().expect("--seconds: a whole number"),
            "--only" => options.only = Some(value()),
            _ => panic!("{name}: --rounds N, --seconds N, --only PART and --growth are known"),
        }
    }
    assert!(options.rounds > 0 && options.seconds > 0, "at least one round of one second");
    options
}
