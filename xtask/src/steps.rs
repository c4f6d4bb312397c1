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
    /// Whether it goes on beside the steps that follow: it takes long and little of the machine.
    beside: bool,
}

impl Step {
    const fn new(
        name: &'static str,
        what: &'static str,
        run: fn(&Workshop, &Output) -> Result<(), String>,
    ) -> Step {
        Step { name, what, run, counts: false, beside: false }
    }

    /// One in which tests must run.
    const fn of_tests(
        name: &'static str,
        what: &'static str,
        run: fn(&Workshop, &Output) -> Result<(), String>,
    ) -> Step {
        Step { counts: true, ..Step::new(name, what, run) }
    }
}

const STEPS: &[Step] = &[
    Step::new("fmt", "formatting", rust::fmt),
    Step::new("clippy", "lints, on the host and for the browser", rust::clippy),
    Step::new("codegen", "files written by machines", rust::codegen),
    Step::of_tests("test", "Rust tests and examples", rust::test),
    Step::of_tests("fuzz", "random inputs, led by which code they reach", crate::torture::inputs_step),
    Step::new("doc", "documentation without warnings", rust::doc),
    Step::new("dist", "Wasm package, page and payload", crate::dist::run),
    Step::of_tests("chrome", "the Wasm in Chromium", browser::chrome),
    Step::of_tests("firefox", "the Wasm in Firefox", browser::firefox),
    Step::of_tests("node", "the Wasm in Node", browser::node),
    Step::of_tests("oracle", "segments and numbers as others read them", node::oracle),
    Step::of_tests("clients", "other people's clients of the twin", python::clients),
    Step {
        beside: true,
        ..Step::of_tests("soak", "five minutes of mixed load, beside what follows", crate::torture::soak_step)
    },
    Step::of_tests("page", "the package and the page", node::page),
    Step::of_tests("examples", "composers with the meter in them", node::examples),
    Step::of_tests("matrix", "the packed package in bundlers and runtimes", node::matrix),
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
    let mut note = |outcome: Outcome| {
        println!("{}", outcome.told);
        sum += outcome.counts;
        if !outcome.well {
            broken.push(outcome.name);
        }
    };
    std::thread::scope(|scope| -> Result<(), String> {
        let mut beside = Vec::new();
        for step in chosen {
            println!("\n== {}: {}", step.name, step.what);
            if step.beside {
                beside.push(scope.spawn(move || perform(step, shop)));
            } else {
                note(perform(step, shop)?);
            }
        }
        for running in beside {
            note(running.join().map_err(|_| "a step broke off")??);
        }
        Ok(())
    })?;
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

/// What became of a step.
struct Outcome {
    name: &'static str,
    /// For people; with all that was written where it failed.
    told: String,
    counts: Counts,
    well: bool,
}

/// Runs one step. What it wrote is shown only when it fails; a failure that no runner counted counts as one.
fn perform(step: &Step, shop: &Workshop) -> Result<Outcome, String> {
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
    // What goes on beside others is told of among them.
    let name = if step.beside { format!("{}, ", step.name) } else { String::new() };
    let told = match &trouble {
        None => format!("   ok: {name}{tally}{seconds} s"),
        Some(error) => {
            counts.failed = counts.failed.max(1);
            format!(
                "{}\n   FAILED: {name}{error}; {tally}{seconds} s (all of it: {})",
                worth_reading(&text),
                log.display()
            )
        }
    };
    Ok(Outcome { name: step.name, told, counts, well: trouble.is_none() })
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
