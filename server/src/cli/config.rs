//! `textmeter config`: what holds, and why.

use std::process::ExitCode;

use crate::{
    cli::fail,
    config::{Config, Flags, Sources},
};

/// Prints every setting, its value and where that is from. Secrets are not shown.
pub(super) fn run(flags: Flags) -> ExitCode {
    match Sources::gather(flags) {
        Ok(sources) => {
            print!("{}", Config::new(&sources).listing());
            ExitCode::SUCCESS
        }
        Err(problem) => fail(&problem),
    }
}
