//! Writes the files machines write, or proves that they are what their sources say. No network.

mod numbering;

use std::fs;
use std::path::Path;

/// Makes a file's text from its sources; given the repository.
type Generate = fn(&Path) -> Result<String, String>;

/// Each generated file with what makes it.
const FILES: &[(&str, Generate)] = &[("src/calling_codes.rs", numbering::generate)];

/// Writes every generated file; with `check`, compares instead and names the ones that differ.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut stale = Vec::new();
    for (name, generate) in FILES {
        let path = root.join(name);
        let made = generate(&root)?;
        let found = fs::read_to_string(&path).unwrap_or_default();
        if found == made {
            continue;
        }
        if check {
            stale.push(*name);
        } else {
            fs::write(&path, made).map_err(|e| format!("{name}: {e}"))?;
            println!("codegen: wrote {name}");
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!("not what `cargo xtask codegen` writes: {}", stale.join(", ")))
    }
}
