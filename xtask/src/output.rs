//! Where the output of commands goes: to the terminal as it comes, or into a step's log that is shown when it fails.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::workshop::at;

pub(crate) struct Output {
    log: Option<(PathBuf, File)>,
}

impl Output {
    pub(crate) fn terminal() -> Self {
        Output { log: None }
    }

    /// A log that starts empty.
    pub(crate) fn log(path: &Path) -> Result<Self, String> {
        if let Some(folder) = path.parent() {
            at(folder, std::fs::create_dir_all(folder))?;
        }
        at(path, std::fs::write(path, ""))?;
        // Appending keeps the two streams of a command in the order they were written.
        let file = at(path, File::options().append(true).open(path))?;
        Ok(Output { log: Some((path.to_path_buf(), file)) })
    }

    /// What the log holds so far; nothing when the output went to the terminal.
    pub(crate) fn text(&self) -> String {
        let bytes = self.log.as_ref().and_then(|(path, _)| std::fs::read(path).ok()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A line for whoever is watching, and for the log.
    pub(crate) fn say(&self, line: &str) {
        println!("  {line}");
        if let Some((_, mut file)) = self.log.as_ref().map(|(path, file)| (path, file)) {
            // A log that cannot be written loses a line, not the run.
            let _ = writeln!(file, "{line}");
        }
    }

    /// Runs a command to its end; an exit code other than zero is an error.
    pub(crate) fn run(&self, command: &mut Command) -> Result<(), String> {
        let line = spell(command);
        if let Some((path, file)) = &self.log {
            let mut head = at(path, file.try_clone())?;
            at(path, writeln!(head, "$ {line}"))?;
            command.stdout(Stdio::from(at(path, file.try_clone())?));
            command.stderr(Stdio::from(at(path, file.try_clone())?));
        }
        let status = command.stdin(Stdio::null()).status().map_err(|error| format!("{line}: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("`{line}` failed: {status}")) }
    }

    /// Runs a command and returns what it wrote on its standard output.
    pub(crate) fn read(&self, command: &mut Command) -> Result<String, String> {
        let line = spell(command);
        match &self.log {
            Some((path, file)) => command.stderr(Stdio::from(at(path, file.try_clone())?)),
            None => command.stderr(Stdio::inherit()),
        };
        let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{line}: {error}"))?;
        if !output.status.success() {
            return Err(format!("`{line}` failed: {}", output.status));
        }
        String::from_utf8(output.stdout).map_err(|_| format!("`{line}` wrote no UTF-8"))
    }
}

/// A command as one would type it; long inline scripts are cut.
fn spell(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(200) {
        Some((end, _)) => format!("{} …", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
