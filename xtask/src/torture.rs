//! `cargo xtask torture`: what a cautious buyer would ask for, each by a command. Each prints a section of RELIABILITY.md;
//! the long form puts it there between its markers.

mod cluster;

use crate::output::Output;
use crate::workshop::Workshop;

const USAGE: &str = "\
usage: cargo xtask torture cluster [--long] [OPTIONS]
Without --long it takes minutes and writes nothing down.";

pub(crate) fn run(shop: &Workshop, args: &[&str]) -> Result<(), String> {
    let out = Output::terminal();
    match args {
        ["cluster", rest @ ..] => cluster::run(shop, &out, rest),
        _ => Err(USAGE.to_owned()),
    }
}
