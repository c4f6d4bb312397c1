//! `textmeter openapi`: the description of the API, as the server serves it and as it is committed.

use std::process::ExitCode;

use crate::{
    cli::{ended, output},
    http::openapi_json,
};

/// Runs the command.
#[must_use]
pub(super) fn run() -> ExitCode {
    ended(output::print(openapi_json()))
}
