//! The embedded ledger killed, filled up, cut off from its disk and its clock: the tests of `server/tests/process`, with more
//! kills.

use std::fmt::Write as _;
use std::time::Instant;

use super::Length;
use crate::output::Output;
use crate::report::machine;
use crate::workshop::Workshop;

const KILLS: &str = "200";

pub(super) fn run(shop: &Workshop, out: &Output, length: Length) -> Result<String, String> {
    let mut test = shop.cargo(["test", "--workspace", "--test", "process", "--", "--show-output"]);
    if length == Length::Long {
        test.env("TORTURE_KILLS", KILLS);
    }
    let started = Instant::now();
    let told = out.read(&mut test)?;
    let mut text = String::from("| test | result |\n|---|---|\n");
    for line in told.lines() {
        if let Some(name) = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... ok")) {
            let (group, name) = name.split_once("::").unwrap_or(("", name));
            let _ = writeln!(text, "| {group}: {} | held |", name.replace("_s_", "'s ").replace('_', " "));
        }
    }
    // What the tests count themselves, and what they could not try on this machine.
    for line in told.lines().filter(|line| line.contains(" kills, ") || line.starts_with("skipped: ")) {
        let _ = writeln!(text, "\n{line}.");
    }
    let _ = writeln!(text, "\n{} s. {}", started.elapsed().as_secs(), machine(shop, out)?);
    Ok(text)
}
