//! `textmeter openapi`: the description of the API, as the server serves it and as it is committed.

use std::{io::Write as _, process::ExitCode};

use crate::{cli::fail, http::openapi_json, problem::Problem};

/// Runs the command.
#[must_use]
pub(super) fn run() -> ExitCode {
    match std::io::stdout().write_all(openapi_json().as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&Problem::new("input-output", error.to_string())),
    }
}
