//! Structured logs on standard error: never a text, a number, a key or a secret.

use std::io::IsTerminal;

use tracing_subscriber::filter::LevelFilter;

use crate::{config::Config, problem::Problem};

/// Starts logging as the settings say. Once a process.
///
/// # Errors
///
/// `invalid-setting`.
pub fn start(config: &Config) -> Result<(), Problem> {
    let level: LevelFilter =
        config.parsed("log-level", "error, warn, info or debug")?.unwrap_or(LevelFilter::INFO);
    let logs = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        // A log that cannot be written (a full disk, a reader that has gone) is told to standard error, which is that log: there
        // the telling panics, in the middle of what was being logged.
        .log_internal_errors(false);
    match config.string("log").as_deref() {
        Some("json") => logs.json().init(),
        Some("text") | None => logs.init(),
        Some(_) => return Err(Problem::new("invalid-setting", "the setting log must be text or json")),
    }
    Ok(())
}
