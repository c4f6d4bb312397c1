//! Random inputs, led by which code they reach: cargo-fuzz over the targets of `tests/fuzz`, which say what must hold.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

use super::Length;
use crate::dist;
use crate::output::Output;
use crate::report::{machine, thousands};
use crate::tools::{CARGO_FUZZ, CHROMIUM, CPP_COMPILER};
use crate::workshop::{Workshop, at};

/// Of the Wasm door, in the long form.
const CALLS: u64 = 10_000_000;

const FOLDER: &str = "tests/fuzz";

struct Target {
    name: &'static str,
    what: &'static str,
    /// Bytes of the longest input.
    longest: u32,
    short: u64,
    long: u64,
    /// The twin takes minutes to compile, so that its target has no short form.
    twin: bool,
}

const fn target(name: &'static str, what: &'static str, longest: u32, short: u64, long: u64) -> Target {
    Target { name, what, longest, short, long, twin: false }
}

const TARGETS: &[Target] = &[
    target("segments", "the segments hold the whole text, none is too full", 1_024, 100_000, 2_000_000),
    target("numbers", "what is understood is understood again from its digits", 64, 500_000, 93_000_000),
    target("template", "what is read is written, and read again, the same", 256, 100_000, 4_000_000),
    target("contract", "an answer is the same each time and adds up", 512, 20_000, 1_000_000),
    target(
        "list",
        "in pieces as in one; sums are sums; no formula in what is written",
        512,
        15_000,
        1_000_000,
    ),
    target("card", "refused with a place, or good for quotes", 2_048, 30_000, 500_000),
    Target {
        twin: true,
        ..target(
            "http",
            "no 5xx, no broken JSON, no balance below zero, at every route; the books balance",
            1_024,
            0,
            400_000,
        )
    },
];

pub(super) fn run(shop: &Workshop, out: &Output, length: Length) -> Result<String, String> {
    let chosen: Vec<&Target> =
        TARGETS.iter().filter(|target| length == Length::Long || !target.twin).collect();
    let ran = chosen.len();
    CPP_COMPILER.path(shop, out)?;
    let fuzz = CARGO_FUZZ.folder(shop, out)?.join("cargo-fuzz");
    let home = shop.target.join("fuzz");
    let mut build = shop.command(&fuzz.to_string_lossy(), ["fuzz", "build", "--fuzz-dir", FOLDER]);
    // What the sanitizers look for is kept out by the compiler: there is no unsafe code in what is tried here.
    build.args(["--sanitizer", "none", "--target-dir"]).arg(&home);
    if length == Length::Long {
        build.args(["--features", "http"]);
    }
    out.run(&mut build)?;
    let host = out.read(&mut shop.command("rustc", ["--print", "host-tuple"]))?;
    let programs = home.join(host.trim()).join("release");

    if length == Length::Long {
        dist::build(shop, out)?;
    }
    let mut text =
        String::from("| target | what holds | inputs | seconds | failures |\n|---|---|---:|---:|---:|\n");
    let mut row = |name, what, inputs, seconds| {
        let _ = writeln!(text, "| {name} | {what} | {} | {seconds} | 0 |", thousands(inputs));
    };
    let mut sum = 0;
    std::thread::scope(|scope| -> Result<(), String> {
        // Beside the targets: either takes one processor.
        let beside = (length == Length::Long).then(|| scope.spawn(|| timed(|| calls(shop, out))));
        for target in chosen {
            let inputs = if length == Length::Short { target.short } else { target.long };
            let seconds = timed(|| one(shop, out, &programs, &home, target, inputs))?;
            sum += inputs;
            row(target.name, target.what, inputs, seconds);
        }
        if let Some(beside) = beside {
            let seconds = beside.join().map_err(|_| "the calls broke off")??;
            let what = "an answer or an error with a code, never a trap, memory as large as before";
            row("the Wasm door in Chromium", what, CALLS, seconds);
        }
        Ok(())
    })?;
    let _ = writeln!(text, "\n{} inputs for the targets. {}", thousands(sum), machine(shop, out)?);
    // In the words in which a step's tests are counted.
    out.say(&format!("test result: ok. {ran} passed; 0 failed; {} inputs", thousands(sum)));
    Ok(text)
}

/// How many seconds something took.
fn timed(work: impl FnOnce() -> Result<(), String>) -> Result<u64, String> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs())
}

/// The door that a page has, called at random in a browser: its test, with more calls.
fn calls(shop: &Workshop, out: &Output) -> Result<(), String> {
    let mut test = shop.command("node", ["--test", "www/test/calls.test.js"]);
    test.env("TORTURE_CALLS", CALLS.to_string()).env("CHROMIUM", CHROMIUM.path(shop, out)?);
    out.run(&mut test)
}

/// Runs one target. A failure ends it: libFuzzer writes the input down and says where.
fn one(
    shop: &Workshop,
    out: &Output,
    programs: &Path,
    home: &Path,
    target: &Target,
    inputs: u64,
) -> Result<(), String> {
    let corpus = home.join("corpus").join(target.name);
    at(&corpus, fs::create_dir_all(&corpus))?;
    let mut command = shop.command(&programs.join(target.name).to_string_lossy(), [&corpus]);
    // What it begins with: good inputs, from which random ones come further.
    let seeds = shop.path(FOLDER).join("seeds").join(target.name);
    command.args(seeds.is_dir().then_some(seeds));
    command.arg(format!("-runs={inputs}")).arg(format!("-max_len={}", target.longest));
    command.arg(format!("-dict={}", shop.path(FOLDER).join("words.dict").display()));
    command.arg(format!("-artifact_prefix={}/{}-", home.display(), target.name));
    // An input that takes seconds is a failure too: the work is linear.
    command.args(["-timeout=10", "-verbosity=0", "-print_final_stats=1"]);
    out.run(&mut command)
}
