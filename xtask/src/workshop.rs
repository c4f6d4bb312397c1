//! Where things are: the repository, cargo's target directory, and the folders that are built.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Workshop {
    pub(crate) root: PathBuf,
    /// Cargo's target directory (`CARGO_TARGET_DIR`, or `target`).
    pub(crate) target: PathBuf,
}

impl Workshop {
    /// The repository that this program was started for by cargo.
    pub(crate) fn open() -> Result<Self, String> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("start it as `cargo xtask`")?;
        let root = Path::new(&manifest).parent().ok_or("the manifest has no folder above it")?.to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Workshop { root, target })
    }

    /// A path inside the repository.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// The static page as it is deployed. Always here, wherever cargo builds.
    pub(crate) fn site(&self) -> PathBuf {
        self.path("target/site")
    }

    /// What wasm-bindgen writes.
    pub(crate) fn package(&self) -> PathBuf {
        self.path("npm/pkg")
    }

    /// A command that runs at the repository's root.
    pub(crate) fn command<I, S>(&self, program: &str, args: I) -> Command
    where
        I: IntoIterator<Item = S>,
        S: AsRef<std::ffi::OsStr>,
    {
        let mut command = Command::new(program);
        command.args(args).current_dir(&self.root);
        // Cargo tells its child what it is building; a cargo started by that child must find out for itself.
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_BIN_"))
            {
                command.env_remove(&name);
            }
        }
        command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
        command
    }

    /// The same for cargo: the one that started us.
    pub(crate) fn cargo<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        self.command(&cargo, args)
    }

    /// `PATH` with folders put in front of it.
    pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString, String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let all = folders.iter().cloned().chain(std::env::split_paths(&path));
        std::env::join_paths(all).map_err(|error| format!("PATH: {error}"))
    }
}

/// Says which file an input or output error is about.
pub(crate) fn at<T>(path: &Path, result: std::io::Result<T>) -> Result<T, String> {
    result.map_err(|error| format!("{}: {error}", path.display()))
}
