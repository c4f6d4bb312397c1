//! `textmeter`: quotes, rate cards and the server, on the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    textmeter_server::cli::run()
}
