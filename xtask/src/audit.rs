//! `cargo xtask audit`: what we build from. Licences, bans and sources need no network; what is known against a version is
//! asked of the RustSec database and of the npm registry, and where those cannot be reached that is said.

use std::fs;
use std::path::{Path, PathBuf};

use crate::output::Output;
use crate::tools::CARGO_DENY;
use crate::workshop::{Workshop, at};

pub(crate) fn run(shop: &Workshop, out: &Output) -> Result<(), String> {
    let deny = CARGO_DENY.folder(shop, out)?.join("cargo-deny");
    let deny = deny.to_string_lossy();
    out.run(&mut shop.command(&deny, ["--workspace", "--offline", "check", "licenses", "bans", "sources"]))?;
    match out.run(&mut shop.command(&deny, ["fetch", "db"])) {
        Ok(()) => {
            out.run(&mut shop.command(&deny, ["--workspace", "check", "--disable-fetch", "advisories"]))?
        }
        Err(error) => out.say(&format!("not judged: known faults of crates ({error})")),
    }
    let mut locked = Vec::new();
    lock_files(&shop.root, &mut locked)?;
    locked.sort();
    locked.iter().try_for_each(|folder| npm(shop, out, folder))
}

/// Folders with a lock file of npm's. None of what they name is shipped: it builds and tests.
fn lock_files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    if folder.join("package-lock.json").is_file() {
        found.push(folder.to_path_buf());
    }
    for entry in at(folder, fs::read_dir(folder))? {
        let path = at(folder, entry)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') && name != "node_modules" && name != "target" {
            lock_files(&path, found)?;
        }
    }
    Ok(())
}

fn npm(shop: &Workshop, out: &Output, folder: &Path) -> Result<(), String> {
    let name = folder.strip_prefix(&shop.root).unwrap_or(folder).display();
    let mut audit = shop.command("npm", ["audit", "--json"]);
    let told = at(folder, audit.current_dir(folder).output())?;
    let report = String::from_utf8_lossy(&told.stdout);
    // A report has its version; what the registry could not be asked for has none.
    if !report.contains("\"auditReportVersion\"") {
        out.say(&format!(
            "not judged: known faults of the packages of {name} (the registry gives no report)"
        ));
        Ok(())
    } else if told.status.success() {
        out.say(&format!("nothing known against the packages of {name}"));
        Ok(())
    } else {
        Err(format!("something is known against packages of {name}: run npm audit there\n{report}"))
    }
}
