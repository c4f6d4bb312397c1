//! `cargo xtask torture`: what a cautious buyer would ask for, each by a command. Each prints a section of RELIABILITY.md;
//! the long form puts it there between its markers.

mod cluster;
mod faults;
mod inputs;
mod oracles;
mod soak;

use crate::output::Output;
use crate::report;
use crate::workshop::Workshop;

const USAGE: &str = "\
usage: cargo xtask torture inputs | oracles | faults | soak [--long]
       cargo xtask torture cluster [--long] [OPTIONS]
Without --long it takes minutes and writes nothing down.";

/// How much is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    Short,
    Long,
}

pub(crate) fn run(shop: &Workshop, args: &[&str]) -> Result<(), String> {
    let out = Output::terminal();
    let (name, length) = match args {
        ["cluster", rest @ ..] => return cluster::run(shop, &out, rest),
        [name] => (*name, Length::Short),
        [name, "--long"] => (*name, Length::Long),
        _ => return Err(USAGE.to_owned()),
    };
    let section = match name {
        "inputs" => inputs::run(shop, &out, length)?,
        "oracles" => oracles::run(shop, &out, length)?,
        "faults" => faults::run(shop, &out, length)?,
        "soak" => soak::run(shop, &out, length)?,
        _ => return Err(USAGE.to_owned()),
    };
    println!("{section}");
    if length == Length::Short { Ok(()) } else { report::keep(shop, "RELIABILITY.md", name, &section) }
}

/// The short form of the random inputs, for the test command.
pub(crate) fn inputs_step(shop: &Workshop, out: &Output) -> Result<(), String> {
    inputs::run(shop, out, Length::Short).map(drop)
}

/// Five minutes of the soak, for the test command.
pub(crate) fn soak_step(shop: &Workshop, out: &Output) -> Result<(), String> {
    soak::run(shop, out, Length::Short).map(drop)
}
