//! What the command line says. All of it goes this way: the standard library's macros end in a panic where they cannot write.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write as _, stdout},
};

use crate::problem::Problem;

/// Says something on standard output.
pub(super) fn print(text: impl Display) -> Result<(), Problem> {
    printed(write(text))
}

/// The same, and a line break.
pub(super) fn print_line(text: impl Display) -> Result<(), Problem> {
    print(format_args!("{text}\n"))
}

/// Writes to standard output, to the last byte.
pub(super) fn write(text: impl Display) -> io::Result<()> {
    let mut out = stdout().lock();
    write!(out, "{text}")?;
    out.flush()
}

/// What became of a printing. Whoever reads may have read enough (`… | head -1`): that is no failure.
pub(super) fn printed(outcome: io::Result<()>) -> Result<(), Problem> {
    match outcome {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Problem::new("input-output", error.to_string()))
        }
        _ => Ok(()),
    }
}

/// Says something on standard error, colours only where they are seen. Nobody may be there to read it.
pub(super) fn note(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}
