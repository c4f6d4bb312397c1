//! `textmeter rates`: the card's own tools. They read and write files and say what they did; what a card is and when
//! it is broken is the crate's business.

mod card;
mod check;
mod columns;
mod diff;
mod import;
mod names;
mod place;
mod price;
mod reduce;
mod sheet;

use std::{io::Write as _, process::ExitCode};

use anstyle::{AnsiColor, Style};
use clap::Subcommand;

use super::output::{note, printed};

/// The arguments of `textmeter rates`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Turn a price sheet (CSV) into a rate card.
    Import(Box<import::Args>),
    /// Show what changes from one card to another.
    #[command(
        after_help = "Exit codes: 0 the cards price alike, 1 they differ, 2 one of them cannot be read."
    )]
    Diff(diff::Args),
    /// Say whether a card can be used, and what it holds.
    #[command(after_help = "Exit codes: 0 the card is good, 1 it is not.")]
    Check(check::Args),
}

/// Runs `textmeter rates`.
pub(crate) fn run(args: Args) -> ExitCode {
    let (outcome, failure) = match args.command {
        Command::Import(args) => (import::run(&args), 1),
        Command::Diff(args) => (diff::run(&args), 2),
        Command::Check(args) => (check::run(&args), 1),
    };
    outcome.unwrap_or_else(|message| {
        const BAD: Style = AnsiColor::Red.on_default().bold();
        note(format_args!("{BAD}error{BAD:#}: {message}"));
        ExitCode::from(failure)
    })
}

/// Writes to standard output, colours only where they are seen.
fn print(text: &str) -> Result<(), String> {
    printed(anstream::stdout().write_all(text.as_bytes()))
        .map_err(|problem| format!("standard output: {problem}"))
}
