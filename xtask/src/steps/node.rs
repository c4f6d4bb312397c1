//! The steps that Node runs: the package, the page in Chromium, and the oracles.

use std::fs;
use std::path::{Path, PathBuf};

use crate::dist;
use crate::output::Output;
use crate::tools::{self, CHROMIUM, FIREFOX};
use crate::workshop::{Workshop, at};

/// Tests of the package and the page, over the built Wasm and the site as it is deployed: by a static host, and by the
/// program itself.
pub(super) fn page(shop: &Workshop, out: &Output) -> Result<(), String> {
    let program = super::rust::program(shop, out)?;
    run(shop, out, &["npm", "www"], &[("CHROMIUM", CHROMIUM.path(shop, out)?), ("TEXTMETER_BIN", program)])
}

/// The examples, each started and used in Chromium.
pub(super) fn examples(shop: &Workshop, out: &Output) -> Result<(), String> {
    tools::npm_packages(shop, out, "examples")?;
    run(shop, out, &["examples"], &[("CHROMIUM", CHROMIUM.path(shop, out)?)])
}

/// The packed package in bundlers and runtimes.
pub(super) fn matrix(shop: &Workshop, out: &Output) -> Result<(), String> {
    tools::npm_packages(shop, out, "tests/matrix")?;
    run(shop, out, &["tests/matrix"], &[("CHROMIUM", CHROMIUM.path(shop, out)?)])
}

/// Other people's calculators and tables, and our own doors against each other: all that lies under `tests`.
pub(super) fn oracle(shop: &Workshop, out: &Output) -> Result<(), String> {
    let program = super::rust::program(shop, out)?;
    run(shop, out, &["tests"], &[("CHROMIUM", CHROMIUM.path(shop, out)?), ("TEXTMETER_BIN", program)])
}

/// `node --test` over the files of some folders whose names end in `.test.js` or `.test.mjs`. The files are named one by
/// one, because Node 20 reads a folder where Node 22 wants a pattern.
fn run(shop: &Workshop, out: &Output, folders: &[&str], variables: &[(&str, PathBuf)]) -> Result<(), String> {
    dist::build(shop, out)?;
    let mut files = Vec::new();
    for folder in folders {
        collect(&shop.path(folder), &mut files)?;
    }
    files.sort();
    // Node's own choice is one file at a time on two processors, and most of a page's test is waiting.
    let at_once = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    let mut command = shop.command("node", ["--test", "--test-reporter=spec"]);
    command.arg(format!("--test-concurrency={at_once}"));
    command.args(&files).envs(variables.iter().map(|(name, value)| (name, value)));
    if folders.contains(&"npm") {
        command.env("FIREFOX", FIREFOX.path(shop, out)?); // the element is tried in it too
    }
    let done = out.run(&mut command);
    for line in out.text().lines().filter_map(diagnostic) {
        out.say(line);
    }
    done
}

/// The test files of a folder and those below it, but for folders with packages of their own: they are other steps.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    for entry in at(folder, fs::read_dir(folder))? {
        let path = at(folder, entry)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if name != "node_modules" && !path.join("package.json").exists() {
                collect(&path, files)?;
            }
        } else if name.ends_with(".test.js") || name.ends_with(".test.mjs") {
            files.push(path);
        }
    }
    Ok(())
}

/// What a test wants to be known, without the reporter's own closing lines.
fn diagnostic(line: &str) -> Option<&str> {
    const CLOSING: [&str; 8] =
        ["tests", "suites", "pass", "fail", "cancelled", "skipped", "todo", "duration_ms"];
    let said = line.trim_start().strip_prefix("ℹ ")?;
    let closing = said.split_once(' ').is_some_and(|(word, rest)| {
        CLOSING.contains(&word) && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
    });
    (!closing).then_some(said)
}
