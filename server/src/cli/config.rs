//! `textmeter config`: what holds, and why.

use std::process::ExitCode;

use crate::{
    cli::{ended, output},
    config::{Config, Flags, Sources},
};

/// Prints every setting, its value and where that is from. Secrets are not shown.
pub(super) fn run(flags: Flags) -> ExitCode {
    ended(Sources::gather(flags).and_then(|sources| output::print(Config::new(&sources).listing())))
}
