//! `cargo xtask test`: the list of steps, and how one is run, timed, counted and reported.

mod browser;
mod node;
mod python;
mod rust;

pub(crate) use rust::program;

use std::time::Instant;

use crate::counts::Counts;
use crate::output::Output;
use crate::workshop::Workshop;

/// One thing that is checked.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Workshop, &Output) -> Result<(), String>,
    /// Whether tests must have run: a runner that finds none exits well, and would hide that they are gone.
    counts: bool,
}

const STEPS: &[Step] = &[
    Step { name: "fmt", what: "formatting", run: rust::fmt, counts: false },
    Step { name: "clippy", what: "lints, on the host and for the browser", run: rust::clippy, counts: false },
    Step { name: "codegen", what: "files written by machines", run: rust::codegen, counts: false },
    Step { name: "test", what: "Rust tests and examples", run: rust::test, counts: true },
    Step {
        name: "fuzz",
        what: "random inputs, led by which code they reach",
        run: crate::torture::inputs_step,
        counts: true,
    },
    Step { name: "doc", what: "documentation without warnings", run: rust::doc, counts: false },
    Step { name: "dist", what: "Wasm package, page and payload", run: crate::dist::run, counts: false },
    Step { name: "chrome", what: "the Wasm in Chromium", run: browser::chrome, counts: true },
    Step { name: "firefox", what: "the Wasm in Firefox", run: browser::firefox, counts: true },
    Step { name: "node", what: "the Wasm in Node", run: browser::node, counts: true },
    Step {
        name: "oracle",
        what: "segments and numbers as others read them",
        run: node::oracle,
        counts: true,
    },
    Step { name: "clients", what: "other people's clients of the twin", run: python::clients, counts: true },
    Step { name: "soak", what: "a minute of mixed load", run: crate::torture::soak_step, counts: true },
    Step { name: "page", what: "the package and the page", run: node::page, counts: true },
    Step { name: "examples", what: "composers with the meter in them", run: node::examples, counts: true },
    Step {
        name: "matrix",
        what: "the packed package in bundlers and runtimes",
        run: node::matrix,
        counts: true,
    },
];

/// Runs all steps, or those named by `--only`; the last line is the sum.
pub(crate) fn run(shop: &Workshop, args: &[&str]) -> Result<(), String> {
    if args == ["--list"] {
        for step in STEPS {
            println!("{:9} {}", step.name, step.what);
        }
        return Ok(());
    }
    let chosen = choose(args)?;
    let (mut sum, mut broken) = (Counts::default(), Vec::new());
    for step in &chosen {
        let (counts, well) = perform(step, shop)?;
        sum += counts;
        if !well {
            broken.push(step.name);
        }
    }
    if !broken.is_empty() {
        println!("\nfailed: {}", broken.join(", "));
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    // The sum stays the last line; the exit code says the same.
    if broken.is_empty() { Ok(()) } else { std::process::exit(1) }
}

fn choose(args: &[&str]) -> Result<Vec<&'static Step>, String> {
    if args.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    let mut chosen = Vec::new();
    for pair in args.chunks(2) {
        let ["--only", name] = pair else {
            return Err("usage: cargo xtask test [--list | --only NAME …]".to_owned());
        };
        let step = STEPS.iter().find(|step| step.name == *name);
        chosen.push(step.ok_or_else(|| format!("no step is called {name}; see cargo xtask test --list"))?);
    }
    Ok(chosen)
}

/// Runs one step. What it wrote is shown only when it fails; a failure that no runner counted counts as one.
fn perform(step: &Step, shop: &Workshop) -> Result<(Counts, bool), String> {
    println!("\n== {}: {}", step.name, step.what);
    let started = Instant::now();
    let log = shop.path("target/xtask").join(format!("{}.log", step.name));
    let out = Output::log(&log)?;
    let done = (step.run)(shop, &out);
    let text = out.text();
    let mut counts = if step.counts { Counts::read(&text) } else { Counts::default() };
    let trouble = match done {
        Err(error) => Some(error),
        Ok(()) if counts.failed > 0 => Some("tests failed, and their runner did not say so".to_owned()),
        Ok(()) if step.counts && counts.passed == 0 => Some("no test ran".to_owned()),
        Ok(()) => None,
    };
    let seconds = started.elapsed().as_secs();
    let tally = if step.counts {
        format!("{} passed, {} failed, ", counts.passed, counts.failed)
    } else {
        String::new()
    };
    match &trouble {
        None => println!("   ok: {tally}{seconds} s"),
        Some(error) => {
            counts.failed = counts.failed.max(1);
            println!(
                "{}\n   FAILED: {error}; {tally}{seconds} s (all of it: {})",
                worth_reading(&text),
                log.display()
            );
        }
    }
    Ok((counts, trouble.is_none()))
}

/// A log without the lines in which cargo says how far it is.
fn worth_reading(log: &str) -> String {
    const PROGRESS: [&str; 6] =
        ["Compiling", "Checking", "Documenting", "Downloaded", "Downloading", "Blocking"];
    let kept = log.lines().filter(|line| {
        let word = line.trim_start().split(' ').next().unwrap_or_default();
        !(line.starts_with(' ') && PROGRESS.contains(&word))
    });
    kept.collect::<Vec<_>>().join("\n")
}
