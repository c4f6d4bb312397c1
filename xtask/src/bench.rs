//! `cargo xtask bench`: ours beside others, in one run on this machine. Each bench prints a section of BENCHMARKS.md,
//! which is put there between its markers.

mod campaign;
mod pricing;

use crate::output::Output;
use crate::report;
use crate::tools;
use crate::workshop::Workshop;

const USAGE: &str = "usage: cargo xtask bench [segments | quotes | destinations | growth | payload | campaign | \
                     ledger [--rounds N] [--seconds N] [--only PART]]; without a part all of them";

/// The parts about one text's price.
const PRICING: [&str; 5] = ["segments", "quotes", "destinations", "growth", "payload"];

pub(crate) fn run(shop: &Workshop, args: &[&str]) -> Result<(), String> {
    match args {
        ["campaign"] => {
            let section = campaign::run(shop)?;
            println!("{section}");
            report::keep(shop, "BENCHMARKS.md", "campaign", &section)
        }
        ["ledger", rest @ ..] => ledger(shop, rest),
        [part] if PRICING.contains(part) => {
            let section = pricing::run(shop, part)?;
            println!("{section}");
            report::keep(shop, "BENCHMARKS.md", part, &section)
        }
        [] => PRICING.iter().chain(&["campaign", "ledger"]).try_for_each(|part| run(shop, &[part])),
        _ => Err(USAGE.to_owned()),
    }
}

/// The twin's charges a second, beside the transaction written by hand on the same PostgreSQL.
fn ledger(shop: &Workshop, rest: &[&str]) -> Result<(), String> {
    let out = Output::terminal();
    tools::postgresql(shop, &out)?;
    let build = ["build", "--release", "--package", "textmeter-server", "--package", "xtask-bench-ledger"];
    out.run(shop.cargo(build).arg("--bins"))?;
    let built = shop.target.join("release");
    let mut bench = shop.command(&built.join("xtask-bench-ledger").to_string_lossy(), rest);
    let section = out.read(bench.arg("--twin").arg(built.join("textmeter")))?;
    println!("{section}");
    // Part of a bench is for whoever works on it.
    if rest.contains(&"--only") { Ok(()) } else { report::keep(shop, "BENCHMARKS.md", "ledger", &section) }
}
