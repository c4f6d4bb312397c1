//! The step that Python runs: other people's clients, over the program of this build.

use crate::output::Output;
use crate::tools;
use crate::workshop::Workshop;

/// The folder of the tests and of the list of what they need.
const FOLDER: &str = "tests/clients";

/// All tests of the folder.
pub(super) fn clients(shop: &Workshop, out: &Output) -> Result<(), String> {
    let program = super::rust::program(shop, out)?;
    let python = tools::python(shop, out, FOLDER)?;
    let discover = ["-m", "unittest", "discover", "--verbose", "--start-directory", FOLDER];
    let mut command = shop.command(python.to_str().ok_or("the repository's path is no UTF-8")?, discover);
    out.run(command.env("TEXTMETER_BIN", program).env("PYTHONDONTWRITEBYTECODE", "1"))
}
