//! The command line.

mod rates;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a text message costs, before you press send.
#[derive(Parser)]
#[command(name = "textmeter", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make, compare and check rate cards.
    Rates(rates::Args),
}

pub(crate) fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Rates(args) => rates::run(args),
    }
}
