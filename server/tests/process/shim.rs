//! A bad day for disk and clock: `shim.c`, compiled by the C compiler that SQLite needs anyway, in front of the program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use tempfile::TempDir;

use crate::program::{Program, command};

static LIBRARY: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let library = folder.path().join("shim.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/process/shim.c");
    let mut compile = Command::new("cc");
    compile.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl");
    assert!(compile.status().unwrap().success(), "the shim does not compile");
    (folder, library)
});

/// What is to happen to a program, said by files in a folder of its own.
pub(crate) struct Shim {
    folder: TempDir,
}

impl Shim {
    pub(crate) fn new() -> Shim {
        Shim { folder: TempDir::new().unwrap() }
    }

    /// Starts the program behind the shim.
    pub(crate) fn start(&self, folder: &Path, args: &[&str]) -> Program {
        let all = [&["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0"], args].concat();
        let mut command = command(folder, &all);
        command.env("LD_PRELOAD", &LIBRARY.1).env("TEXTMETER_SHIM", self.folder.path());
        Program::spawn(folder, command).unwrap()
    }

    pub(crate) fn say(&self, what: &str, how: &str) {
        // Written whole or not at all: it is read at any moment.
        let whole = self.folder.path().join("next");
        fs::write(&whole, how).unwrap();
        fs::rename(whole, self.folder.path().join(what)).unwrap();
    }

    pub(crate) fn unsay(&self, what: &str) {
        fs::remove_file(self.folder.path().join(what)).unwrap();
    }
}
