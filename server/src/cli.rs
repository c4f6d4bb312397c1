//! The command line.

mod campaign;
mod config;
mod health;
mod ledger;
mod openapi;
mod output;
mod quote;
mod rates;
mod serve;

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::{Parser, Subcommand};

use crate::{config::Flags, problem::Problem};

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
    Campaign(Box<campaign::CampaignArgs>),
    /// Serve the page and the API; stops gracefully on Ctrl-C or SIGTERM.
    Serve(Flags),
    /// Open and list workspaces, switch their subscriptions.
    Workspace(ledger::WorkspaceArgs),
    /// Make, list and revoke API keys.
    Key(ledger::KeyArgs),
    /// Top up, show and apply credits.
    Credits(ledger::CreditsArgs),
    /// Prove that every balance is the sum of its journal; exit code 1 if not.
    Reconcile(ledger::ReconcileArgs),
    /// Print every setting, its value and where that is from; secrets are not shown.
    Config(Flags),
    /// Ask the twin that serves with these settings whether it can charge; exit code 1 if not.
    Health(Flags),
    /// Print the description of the API (OpenAPI 3.1).
    Openapi,
    /// Make, compare and check rate cards.
    Rates(rates::Args),
}

/// Runs what the arguments ask for.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    match cli.command {
        Command::Quote(args) => quote::run(args),
        Command::Campaign(args) => campaign::run(*args),
        Command::Serve(flags) => serve::run(flags),
        Command::Workspace(args) => ledger::workspace(args),
        Command::Key(args) => ledger::key(args),
        Command::Credits(args) => ledger::credits(args),
        Command::Reconcile(args) => ledger::reconcile(args),
        Command::Config(flags) => config::run(flags),
        Command::Health(flags) => health::run(flags),
        Command::Openapi => openapi::run(),
        Command::Rates(args) => rates::run(args),
    }
}

/// Says how the program is used. That is exit code 2, as everywhere, but of `textmeter quote` and `textmeter campaign`:
/// there 2 says that the balance is too small, which a misspelt option must not.
fn misused(error: &clap::Error) -> ExitCode {
    // Nobody may be there to read it.
    let _ = error.print();
    let quote = std::env::args_os().nth(1).is_some_and(|command| command == "quote" || command == "campaign");
    match error.exit_code() {
        2 if quote => ExitCode::from(1),
        code => u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}

/// The exit code of a command that has done its work and said so, or says why not.
fn ended(outcome: Result<(), Problem>) -> ExitCode {
    outcome.map_or_else(|problem| fail(&problem), |()| ExitCode::SUCCESS)
}

/// Says what went wrong, to whoever asked for JSON as JSON; exit code 1.
fn fail_as(json: bool, problem: &Problem) -> ExitCode {
    if !json {
        return fail(problem);
    }
    match output::print_line(problem.to_json()) {
        Ok(()) => ExitCode::FAILURE,
        Err(unwritten) => fail(&unwritten),
    }
}

/// Says what went wrong; exit code 1.
fn fail(problem: &Problem) -> ExitCode {
    const BAD: Style = AnsiColor::Red.on_default().bold();
    output::note(format_args!("{BAD}error{BAD:#}[{}]: {problem}", problem.code()));
    ExitCode::from(1)
}
