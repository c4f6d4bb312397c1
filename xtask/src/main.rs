//! `cargo xtask`: builds, serves and checks Textmeter, installing what is missing.

mod audit;
mod bench;
mod codegen;
mod counts;
mod dist;
mod grouped;
mod output;
mod release;
mod report;
mod serve;
mod steps;
mod tools;
mod torture;
mod workshop;

use std::process::ExitCode;

use output::Output;
use workshop::Workshop;

const USAGE: &str = "\
cargo xtask audit               licences and sources of what we build from, and what is known against it
cargo xtask bench campaign      a million recipients beside a loop in Node, into BENCHMARKS.md
cargo xtask bench ledger        the twin's charges a second beside a hand-written transaction, into BENCHMARKS.md
cargo xtask codegen [--check]   write the files machines write, or compare them
cargo xtask dist                build the Wasm into npm/pkg and the static page into target/site; check the payload
cargo xtask release             what is published: package, Wasm built twice, components, signed sums
cargo xtask serve [ARGS]        dist, then `textmeter serve` on http://127.0.0.1:8080 (ARGS are passed on)
cargo xtask test                everything, installing what is missing
cargo xtask test --list         the names of the steps
cargo xtask test --only NAME    one step (repeat for several)
cargo xtask torture NAME        inputs, oracles, faults, cluster, soak: what the tests do a little of; --long for RELIABILITY.md";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["audit"] => Workshop::open().and_then(|shop| audit::run(&shop, &Output::terminal())),
        ["bench", rest @ ..] => Workshop::open().and_then(|shop| bench::run(&shop, rest)),
        ["codegen"] => codegen::run(false),
        ["codegen", "--check"] => codegen::run(true),
        ["dist"] => Workshop::open().and_then(|shop| dist::run(&shop, &Output::terminal())),
        ["release"] => Workshop::open().and_then(|shop| release::run(&shop)),
        ["serve", rest @ ..] => Workshop::open().and_then(|shop| serve::run(&shop, rest)),
        ["test", rest @ ..] => Workshop::open().and_then(|shop| steps::run(&shop, rest)),
        ["torture", rest @ ..] => Workshop::open().and_then(|shop| torture::run(&shop, rest)),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => Err(format!("no such command\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
