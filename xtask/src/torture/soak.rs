//! Mixed load for a long time: what grows and what slows down.

use std::path::PathBuf;

use super::Length;
use crate::output::Output;
use crate::report::machine;
use crate::steps;
use crate::workshop::Workshop;

pub(super) fn run(shop: &Workshop, out: &Output, length: Length) -> Result<String, String> {
    // On a full run its callers rest, because other tests run beside it: some eighty requests a second.
    let (program, [seconds, rest]) = match length {
        Length::Short => (steps::program(shop, out)?, ["300", "200"]),
        Length::Long => (released(shop, out)?, ["1800", "0"]),
    };
    let mut soak = shop.command("node", ["tests/torture/soak.mjs", seconds, rest]);
    let told = out.read(soak.env("TEXTMETER_BIN", program))?;
    // In the words in which a step's tests are counted.
    out.say(&format!("test result: ok. 1 passed; 0 failed; {seconds} s"));
    Ok(format!("{told}\n{}\n", machine(shop, out)?))
}

/// The program as it is deployed.
fn released(shop: &Workshop, out: &Output) -> Result<PathBuf, String> {
    out.run(&mut shop.cargo(["build", "--release", "--package", "textmeter-server", "--bin", "textmeter"]))?;
    Ok(shop.target.join("release").join(format!("textmeter{}", std::env::consts::EXE_SUFFIX)))
}
