//! What the tests need from outside, installed when it is missing and left alone when it is there.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::output::Output;
use crate::workshop::{Workshop, at};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A program from crates.io, at exactly this version.
pub(crate) struct Tool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    /// Built from the lock file it was published with.
    locked: bool,
}

pub(crate) const WASM_BINDGEN: Tool =
    // The test runner refuses a crate of any other version. Its published lock file names a yanked crate.
    Tool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version: "0.2.130", locked: false };
pub(crate) const WASM_PACK: Tool =
    Tool { package: "wasm-pack", program: "wasm-pack", version: "0.15.1", locked: true };
pub(crate) const GECKODRIVER: Tool =
    Tool { package: "geckodriver", program: "geckodriver", version: "0.37.1", locked: false };

pub(crate) const CARGO_FUZZ: Tool =
    Tool { package: "cargo-fuzz", program: "cargo-fuzz", version: "0.13.2", locked: true };

pub(crate) const CARGO_DENY: Tool =
    Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2", locked: true };
pub(crate) const CARGO_CYCLONEDX: Tool =
    Tool { package: "cargo-cyclonedx", program: "cargo-cyclonedx", version: "0.5.9", locked: true };

impl Tool {
    /// The folder that holds the program. One of the right version on `PATH` is used as it is; otherwise it is built
    /// into a folder of its own beside cargo's, so that nobody's other version is replaced and every checkout finds it.
    pub(crate) fn folder(&self, shop: &Workshop, out: &Output) -> Result<PathBuf, String> {
        if let Some(found) = which(self.program)
            && self.is_right(&found)
        {
            return found.parent().map(PathBuf::from).ok_or("a program without a folder".to_owned());
        }
        let home = cargo_home()?.join("xtask").join(format!("{}-{}", self.package, self.version));
        let folder = home.join("bin");
        // The version is in the folder's name, and cargo puts a program there once it is whole.
        if folder.join(self.program).is_file() {
            return Ok(folder);
        }
        out.say(&format!("installing {} {} (some minutes) …", self.package, self.version));
        let mut install =
            shop.cargo(["install", self.package, "--version", self.version, "--force", "--root"]);
        install.arg(&home).env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
        // They run for seconds: what the compiler would spend on making them quick is never earned back.
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        if self.locked {
            install.arg("--locked");
        }
        out.run(&mut install)?;
        Ok(folder)
    }

    /// `wasm-pack 0.15.1`, `geckodriver 0.37.1 (…)`: the second word is the version.
    fn is_right(&self, program: &PathBuf) -> bool {
        let output = Command::new(program).arg("--version").stdin(Stdio::null()).output();
        output.is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout).split_whitespace().nth(1) == Some(self.version)
        })
    }
}

/// A program that the system's package manager brings.
pub(crate) struct Program {
    /// The names it goes by; the first is Debian's.
    names: &'static [&'static str],
    /// Debian's package.
    package: &'static str,
    /// Names the path where it is not on `PATH`.
    variable: &'static str,
}

pub(crate) const CHROMIUM: Program = Program {
    names: &["chromium", "chromium-browser", "google-chrome"],
    package: "chromium",
    variable: "CHROMIUM",
};
pub(crate) const CHROMEDRIVER: Program =
    Program { names: &["chromedriver"], package: "chromium-driver", variable: "CHROMEDRIVER" };
pub(crate) const FIREFOX: Program =
    Program { names: &["firefox-esr", "firefox"], package: "firefox-esr", variable: "FIREFOX" };

/// libFuzzer is C++.
pub(crate) const CPP_COMPILER: Program =
    Program { names: &["g++", "c++", "clang++"], package: "g++", variable: "CXX" };

/// Makes the hosts of the cluster.
pub(crate) const IP: Program = Program { names: &["ip"], package: "iproute2", variable: "IP" };

impl Program {
    fn found(&self) -> Option<PathBuf> {
        let named = std::env::var_os(self.variable).map(PathBuf::from).filter(|path| path.is_file());
        named.or_else(|| self.names.iter().find_map(|name| which(name)))
    }

    pub(crate) fn path(&self, shop: &Workshop, out: &Output) -> Result<PathBuf, String> {
        if let Some(found) = self.found() {
            return Ok(found);
        }
        let missing = format!(
            "{} is missing: install it (Debian's package is {}), or set {}",
            self.names.join(" or "),
            self.package,
            self.variable
        );
        if which("apt-get").is_none() || !is_root(out) {
            return Err(missing);
        }
        out.say(&format!("installing {} …", self.package));
        apt(shop, out, &["update"])?;
        apt(shop, out, &["install", "--yes", "--no-install-recommends", self.package])?;
        self.found().ok_or(missing)
    }
}

/// PostgreSQL's server, for the ledger's tests: on `PATH`, or where Debian puts it.
pub(crate) fn postgresql(shop: &Workshop, out: &Output) -> Result<(), String> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    if which("initdb").is_some()
        || debian.map(|version| version.path().join("bin/initdb")).any(|path| path.is_file())
    {
        return Ok(());
    }
    if which("apt-get").is_none() || !is_root(out) {
        return Err("PostgreSQL's server is missing: install it (Debian's package is postgresql)".to_owned());
    }
    out.say("installing postgresql …");
    apt(shop, out, &["update"])?;
    apt(shop, out, &["install", "--yes", "--no-install-recommends", "postgresql"])
}

/// etcd's server. Debian's package is unpacked and not installed: it would start a server on this machine.
pub(crate) fn etcd(shop: &Workshop, out: &Output) -> Result<PathBuf, String> {
    if let Some(found) = which("etcd") {
        return Ok(found);
    }
    let folder = shop.path("target/xtask/etcd");
    let program = folder.join("usr/bin/etcd");
    if program.is_file() {
        return Ok(program);
    }
    if which("apt-get").is_none() || !is_root(out) {
        return Err("etcd is missing: install it (Debian's package is etcd-server)".to_owned());
    }
    out.say("fetching etcd …");
    at(&folder, fs::create_dir_all(&folder))?;
    apt(shop, out, &["update"])?;
    out.run(shop.command("apt-get", ["download", "etcd-server"]).current_dir(&folder))?;
    let files = at(&folder, fs::read_dir(&folder))?.flatten().map(|file| file.path());
    let package = files.filter(|file| file.extension().is_some_and(|end| end == "deb")).max();
    let package = package.ok_or("apt-get downloaded no package of etcd")?;
    out.run(shop.command("dpkg-deb", ["--extract"]).arg(package).arg(&folder))?;
    if program.is_file() { Ok(program) } else { Err("the package of etcd has no etcd".to_owned()) }
}

/// Python, whose `decimal` judges sums: its standard library is enough.
pub(crate) fn plain_python(shop: &Workshop, out: &Output) -> Result<(), String> {
    if which("python3").is_some() {
        return Ok(());
    }
    if which("apt-get").is_none() || !is_root(out) {
        return Err("Python is missing: install it (Debian's package is python3)".to_owned());
    }
    out.say("installing python3 …");
    apt(shop, out, &["update"])?;
    apt(shop, out, &["install", "--yes", "--no-install-recommends", "python3"])
}

fn apt(shop: &Workshop, out: &Output, args: &[&str]) -> Result<(), String> {
    out.run(shop.command("apt-get", args).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_root(out: &Output) -> bool {
    out.read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Rust's standard library for the browser.
pub(crate) fn wasm_target(shop: &Workshop, out: &Output) -> Result<(), String> {
    let root = out.read(&mut shop.command("rustc", ["--print", "sysroot"]))?;
    let library = PathBuf::from(root.trim()).join("lib/rustlib").join(WASM_TARGET).join("lib");
    if library.is_dir() {
        return Ok(());
    }
    if which("rustup").is_none() {
        return Err(format!("this Rust has no {WASM_TARGET} target; install it, or use rustup"));
    }
    out.say(&format!("adding the {WASM_TARGET} target …"));
    out.run(&mut shop.command("rustup", ["target", "add", WASM_TARGET]))
}

/// `npm ci` in a folder whose lock file is not the one that was last installed.
pub(crate) fn npm_packages(shop: &Workshop, out: &Output, folder: &str) -> Result<(), String> {
    let home = shop.path(folder);
    let lock = home.join("package-lock.json");
    let installed = home.join("node_modules/.installed-lock.json");
    let wanted = at(&lock, fs::read(&lock))?;
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if which("npm").is_none() {
        return Err("npm is missing: install Node 20 or newer".to_owned());
    }
    out.say(&format!("installing the npm packages of {folder} …"));
    out.run(shop.command("npm", ["ci", "--no-audit", "--no-fund"]).current_dir(&home))?;
    at(&installed, fs::write(&installed, wanted))
}

/// A Python with the packages that a folder's `requirements.txt` names, in an environment of its own.
pub(crate) fn python(shop: &Workshop, out: &Output, folder: &str) -> Result<PathBuf, String> {
    // One for each list: they want different versions of the same packages.
    let home = shop.path("target/xtask").join(format!("python-{}", folder.replace('/', "-")));
    let python = home.join("bin/python");
    let list = shop.path(folder).join("requirements.txt");
    let installed = home.join("installed.txt");
    let wanted = at(&list, fs::read(&list))?;
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) && python.is_file() {
        return Ok(python);
    }
    out.say(&format!("installing the Python packages of {folder} …"));
    let make = || {
        let mut make = shop.command("python3", ["-m", "venv", "--clear"]);
        make.arg(&home);
        make
    };
    // Debian has the module apart from the language.
    if which("python3").is_none() || out.run(&mut make()).is_err() {
        if which("apt-get").is_none() || !is_root(out) {
            return Err(
                "Python with its venv is missing: install it (Debian's package is python3-venv)".to_owned()
            );
        }
        apt(shop, out, &["update"])?;
        apt(shop, out, &["install", "--yes", "--no-install-recommends", "python3-venv"])?;
        out.run(&mut make())?;
    }
    let mut pip = shop.command("env", ["PIP_DISABLE_PIP_VERSION_CHECK=1"]);
    pip.arg(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&list);
    out.run(&mut pip)?;
    at(&installed, fs::write(&installed, wanted))?;
    Ok(python)
}

fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn cargo_home() -> Result<PathBuf, String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).ok_or("no home folder".to_owned())
}
