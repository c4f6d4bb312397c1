//! `textmeter`: quotes, rate cards and the server, on the command line.

use std::process::ExitCode;

/// musl's own allocator has one lock for all threads: with it a charge cost the static binary 302 to 325 µs of a core, with
/// this one 166 to 201 (114 to 127 with all of glibc, in the same runs).
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    textmeter_server::cli::run()
}
