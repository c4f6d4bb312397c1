//! The command line.

mod quote;
mod rates;
mod serve;

use std::process::ExitCode;

use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use clap::{Parser, Subcommand};

use crate::problem::Problem;

/// What a text message costs, before you press send.
#[derive(Parser)]
#[command(name = "textmeter", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Quote(quote::QuoteArgs),
    Serve(serve::ServeArgs),
    /// Make, compare and check rate cards.
    Rates(rates::Args),
}

/// Runs what the arguments ask for.
#[must_use]
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Quote(args) => quote::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Rates(args) => rates::run(args),
    }
}

/// Says what went wrong; exit code 1.
fn fail(problem: &Problem) -> ExitCode {
    const BAD: Style = AnsiColor::Red.on_default().bold();
    eprintln!("{BAD}error{BAD:#}[{}]: {problem}", problem.code());
    ExitCode::from(1)
}
