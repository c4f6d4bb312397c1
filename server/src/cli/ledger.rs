//! The commands that open the ledger themselves: for whoever runs the twin.

mod credits;
mod key;
mod reconcile;
mod workspace;

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use crate::{
    cli::{fail, fail_as, output},
    config::{Config, Flags, Sources, without_password},
    ledger::{Account, AccountId, Answer, Failure, Ledger, Policy, Refusal},
    problem::Problem,
};

/// Which ledger, and how to print.
#[derive(Args, Clone, Debug)]
struct Desk {
    /// The ledger: a file or postgres://…; as the server's setting if left out
    #[arg(long, value_name = "FILE|URL", global = true)]
    db: Option<String>,
    /// A file with settings (TOML)
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

/// `textmeter workspace …`
#[derive(Args, Debug)]
pub(super) struct WorkspaceArgs {
    #[command(flatten)]
    desk: Desk,
    #[command(subcommand)]
    command: workspace::Command,
}

/// `textmeter key …`
#[derive(Args, Debug)]
pub(super) struct KeyArgs {
    #[command(flatten)]
    desk: Desk,
    #[command(subcommand)]
    command: key::Command,
}

/// `textmeter credits …`
#[derive(Args, Debug)]
pub(super) struct CreditsArgs {
    #[command(flatten)]
    desk: Desk,
    #[command(subcommand)]
    command: credits::Command,
}

/// `textmeter reconcile`
#[derive(Args, Debug)]
pub(super) struct ReconcileArgs {
    #[command(flatten)]
    desk: Desk,
}

/// Workspaces.
pub(super) fn workspace(args: WorkspaceArgs) -> ExitCode {
    at_desk(args.desk, |ledger| workspace::run(ledger, args.command))
}

/// API keys.
pub(super) fn key(args: KeyArgs) -> ExitCode {
    at_desk(args.desk, |ledger| key::run(ledger, args.command))
}

/// Credits.
pub(super) fn credits(args: CreditsArgs) -> ExitCode {
    at_desk(args.desk, |ledger| credits::run(ledger, args.command))
}

/// The proof.
pub(super) fn reconcile(args: ReconcileArgs) -> ExitCode {
    at_desk(args.desk, reconcile::run)
}

/// What a command has to say, to people and to programs, and whether all is well.
struct Said {
    text: String,
    json: Value,
    well: bool,
    /// What is to be known if nobody heard it: that what is shown only once was shown to nobody.
    unheard: Option<String>,
}

impl Said {
    fn well(text: impl Into<String>, json: Value) -> Said {
        Said { text: text.into(), json, well: true, unheard: None }
    }

    /// Says it; what the command did is done, whether anybody hears of it or not.
    fn told(self, json: bool) -> ExitCode {
        let told = output::write(if json { format!("{}\n", self.json) } else { self.text });
        if let (Err(_), Some(unheard)) = (&told, self.unheard) {
            output::note(unheard);
        }
        match output::printed(told) {
            Ok(()) => ExitCode::from(u8::from(!self.well)),
            Err(problem) => fail(&problem),
        }
    }
}

/// Opens the ledger, does something with it, closes it, and says what came of it.
fn at_desk<F: Future<Output = Result<Said, Problem>>>(
    desk: Desk,
    work: impl FnOnce(Ledger) -> F,
) -> ExitCode {
    let json = desk.json;
    let done = settings(desk).and_then(|config| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Problem::new("input-output", error.to_string()))?;
        runtime.block_on(async {
            let ledger = Ledger::open(config.db(), Policy::default()).await.map_err(|error| {
                let message = format!("cannot open {}: {error}", without_password(config.db()));
                Problem::new("cannot-open-ledger", message)
            })?;
            let done = work(ledger.clone()).await;
            ledger.close().await;
            done
        })
    });
    match done {
        Ok(said) => said.told(json),
        Err(problem) => fail_as(json, &problem),
    }
}

fn settings(desk: Desk) -> Result<Config, Problem> {
    let flags = Flags::only([("db", desk.db)], desk.config);
    Ok(Config::new(&Sources::gather(flags)?))
}

/// What the ledger did, or its refusal or failure as a problem.
fn done<T>(answer: Result<Answer<T>, Failure>) -> Result<T, Problem> {
    answer.map_err(failed)?.outcome.map_err(|refusal| refused(&refusal))
}

fn failed(failure: Failure) -> Problem {
    Problem::new("unavailable", failure.to_string())
}

fn refused(refusal: &Refusal) -> Problem {
    let message = match refusal {
        Refusal::NotFound { what } => format!("there is no such {what}"),
        Refusal::InvalidAmount { field } | Refusal::InvalidField { field } => {
            format!("{field}: not a value the ledger takes")
        }
        Refusal::PaymentReused => {
            "this payment was credited already, for another workspace or amount".to_owned()
        }
        Refusal::KeyReused => "this idempotency key was used for another request".to_owned(),
        Refusal::TooManyKeys { max } => {
            format!("{max} keys of this workspace work already; revoke one first (textmeter key revoke)")
        }
        other => other.code().to_owned(),
    };
    Problem::new("refused", message)
}

/// A workspace by its id, or by its name where only one has it.
async fn account(ledger: &Ledger, named: &str) -> Result<Account, Problem> {
    let missing = || Problem::new("not-found", format!("there is no workspace {}", named.escape_debug()));
    if let Ok(id) = named.parse::<AccountId>() {
        return ledger.account(id).await.map_err(failed)?.ok_or_else(missing);
    }
    let mut found = ledger.accounts_named(named).await.map_err(failed)?;
    match (found.pop(), found.len()) {
        (Some(account), 0) => Ok(account),
        (Some(_), _) => Err(Problem::new("ambiguous", "several workspaces have this name; use the id")),
        (None, _) => Err(missing()),
    }
}
