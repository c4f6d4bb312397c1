//! The oracles of the test command, asked more: the same files, told how much by their variables.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::time::Instant;

use super::Length;
use crate::output::Output;
use crate::report::{machine, thousands};
use crate::workshop::Workshop;

struct Oracle {
    judge: &'static str,
    what: &'static str,
    variable: &'static str,
    /// How many questions of what the variable counts.
    count: u64,
    unit: &'static str,
}

const ORACLES: &[Oracle] = &[
    Oracle {
        judge: "npm `sms-segments-calculator` 1.3.0, the provider's own calculator",
        what: "segments, encoding and the replaced characters, through Wasm and the program",
        variable: "ORACLE_MESSAGES",
        count: 1_000_000,
        unit: "messages",
    },
    Oracle {
        judge: "npm `split-sms` 0.1.7 and PyPI `smsutil` 1.1.3",
        what: "segments cut between code points",
        variable: "ORACLE_CODE_POINTS",
        count: 200_000,
        unit: "messages each",
    },
    Oracle {
        judge: "npm `google-libphonenumber` 3.2.47",
        what: "number and territory, written in five ways: all its examples, and random valid ones, none twice in a region",
        variable: "ORACLE_NUMBERS_PER_REGION",
        count: 1_000,
        unit: "numbers a region, and the examples",
    },
    Oracle {
        judge: "Python's `decimal`",
        what: "every amount of a quote, exact",
        variable: "ORACLE_MONEY",
        count: 200_000,
        unit: "quotes",
    },
    Oracle {
        judge: "our own doors",
        what: "Chromium = Node = HTTP = the program, byte for byte, answers and errors",
        variable: "PARITY_REQUESTS",
        count: 100_000,
        unit: "requests",
    },
];

pub(super) fn run(shop: &Workshop, out: &Output, length: Length) -> Result<String, String> {
    // The steps themselves, so that what is installed and built for them is too.
    let mut test = shop.cargo(["xtask", "test", "--only", "oracle", "--only", "clients"]);
    if length == Length::Long {
        test.envs(ORACLES.iter().map(|oracle| (oracle.variable, oracle.count.to_string())));
    }
    let started = Instant::now();
    let told = out.read(&mut test)?;
    let mut text = String::from(
        "| judge | what is compared | how many | unexplained differences |\n|---|---|---:|---:|\n",
    );
    for Oracle { judge, what, count, unit, .. } in ORACLES {
        let count = if length == Length::Long { thousands(*count) } else { "as the tests have".to_owned() };
        let _ = writeln!(text, "| {judge} | {what} | {count} {unit} | 0 |");
    }
    let _ = writeln!(text, "\nWhat was counted on the way:\n");
    let mut seen = HashSet::new();
    for line in told.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        // What is counted for each way of writing a number is the same each time.
        if seen.insert(line) {
            let _ = writeln!(text, "- {}", line.trim());
        }
    }
    let _ = writeln!(text, "\n{} s. {}", started.elapsed().as_secs(), machine(shop, out)?);
    Ok(text)
}
