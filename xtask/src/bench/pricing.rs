//! Segments, quotes and destinations beside other people's libraries: natively by a program of its own, through the Wasm
//! door by a script that runs in Node and in Chromium alike.

use std::fs;
use std::path::PathBuf;

use super::{campaign, ledger_program};
use crate::dist;
use crate::output::Output;
use crate::tools::{self, CHROMIUM};
use crate::workshop::{Workshop, at};

/// The program's package. It is no member of the workspace: nobody's ordinary build compiles the peers.
const PACKAGE: &str = "xtask/bench-pricing";
/// npm's peers, pinned; what is installed is ignored by git.
const PEERS: &str = "tests/bench/peers";
/// PyPI's are among the packages of these tests.
const PYTHON: &str = "tests/clients";

/// One part's section of BENCHMARKS.md.
pub(crate) fn run(shop: &Workshop, part: &str) -> Result<String, String> {
    let out = Output::terminal();
    if part == "payload" {
        dist::build(shop, &out)?;
        tools::npm_packages(shop, &out, PEERS)?;
        return out.read(&mut shop.command("node", ["tests/bench/payload.mjs"]));
    }
    let manifest = shop.path(PACKAGE).join("Cargo.toml");
    let target = shop.target.join("bench-pricing");
    let mut build = shop.cargo(["build", "--release", "--locked", "--manifest-path"]);
    out.run(build.arg(&manifest).env("CARGO_TARGET_DIR", &target))?;

    let mut bench = shop.command(&target.join("release/xtask-bench-pricing").to_string_lossy(), [part]);
    if part != "destinations" {
        for place in ["node", "chromium"] {
            bench.arg("--door").arg(door(shop, &out, part, place)?);
        }
    }
    match part {
        "segments" => {
            bench.arg("--python").arg(tools::python(shop, &out, PYTHON)?);
        }
        "growth" => {
            let plots = shop.path("benchmarks");
            at(&plots, fs::create_dir_all(&plots))?;
            bench.arg("--plots").arg(plots);
            bench.arg("--campaign").arg(campaign::growth(shop, &out)?);
            let samples = out.read(ledger_program(shop, &out)?.arg("--growth"))?;
            let path = shop.path("target/xtask/bench/growth-ledger.json");
            at(&path, fs::write(&path, samples))?;
            bench.arg("--ledger").arg(path);
        }
        _ => {}
    }
    out.read(&mut bench)
}

/// The samples of a part in Node or Chromium, in a file.
fn door(shop: &Workshop, out: &Output, part: &str, place: &str) -> Result<PathBuf, String> {
    dist::build(shop, out)?;
    tools::npm_packages(shop, out, PEERS)?;
    let chromium = CHROMIUM.path(shop, out)?;
    let mut script = shop.command("node", ["tests/bench/doors.run.mjs", part, place]);
    let samples = out.read(script.arg(chromium))?;
    let path = shop.path("target/xtask/bench").join(format!("{part}-{place}.json"));
    at(&path, fs::write(&path, samples))?;
    Ok(path)
}
