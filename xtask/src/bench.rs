//! `cargo xtask bench`: ours beside others, in one run on this machine. Each bench prints a section of BENCHMARKS.md,
//! which is put there between its markers.

mod campaign;
mod goals;
mod pricing;

use std::process::Command;

use crate::output::Output;
use crate::report;
use crate::tools;
use crate::workshop::Workshop;

const USAGE: &str = "usage: cargo xtask bench [segments | quotes | destinations | growth | payload | campaign | \
                     ledger [--rounds N] [--seconds N] [--only PART]]; without a part all of them";

/// What the sections are parts of.
const DOCUMENT: &str = "BENCHMARKS.md";

/// The parts about one text's price.
const PRICING: [&str; 5] = ["segments", "quotes", "destinations", "growth", "payload"];

pub(crate) fn run(shop: &Workshop, args: &[&str]) -> Result<(), String> {
    match args {
        ["campaign"] => keep(shop, "campaign", &campaign::run(shop)?),
        ["ledger", rest @ ..] => {
            let section = ledger(shop, rest)?;
            // Part of a bench is for whoever works on it.
            if rest.contains(&"--only") {
                println!("{section}");
                return Ok(());
            }
            keep(shop, "ledger", &section)
        }
        [part] if PRICING.contains(part) => keep(shop, part, &pricing::run(shop, part)?),
        [] => PRICING.iter().chain(&["campaign", "ledger"]).try_for_each(|part| run(shop, &[part])),
        _ => return Err(USAGE.to_owned()),
    }?;
    let goals = goals::section(shop)?;
    println!("{goals}");
    report::keep(shop, DOCUMENT, "goals", &goals)
}

fn keep(shop: &Workshop, part: &str, section: &str) -> Result<(), String> {
    println!("{section}");
    report::keep(shop, DOCUMENT, part, section)
}

/// The twin's charges a second, beside the transaction written by hand on the same PostgreSQL.
fn ledger(shop: &Workshop, rest: &[&str]) -> Result<String, String> {
    let out = Output::terminal();
    out.read(ledger_program(shop, &out)?.args(rest))
}

/// The program that measures the twin, told where that is.
fn ledger_program(shop: &Workshop, out: &Output) -> Result<Command, String> {
    tools::postgresql(shop, out)?;
    let build = ["build", "--release", "--package", "textmeter-server", "--package", "xtask-bench-ledger"];
    out.run(shop.cargo(build).arg("--bins"))?;
    let built = shop.target.join("release");
    let mut bench = shop.command(&built.join("xtask-bench-ledger").to_string_lossy(), ["--twin"]);
    bench.arg(built.join("textmeter"));
    Ok(bench)
}
