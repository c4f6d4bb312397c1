//! A PostgreSQL of our own, from the system's packages: in a temporary directory, on a socket in it, gone with the test.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A running server.
pub(crate) struct Cluster {
    directory: PathBuf,
    bin: PathBuf,
    /// Stops the server and removes its directory when its standard input closes: with this process, however it ends.
    watch: Child,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        self.watch.wait().unwrap();
    }
}

impl Cluster {
    /// The server all tests of this process share.
    pub(crate) fn shared() -> &'static Cluster {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Cluster::start(&[]))
    }

    /// Another server, with settings of its own.
    pub(crate) fn start(settings: &[&str]) -> Cluster {
        let bin = binaries();
        let directory = tempfile::Builder::new().prefix("ledger-").tempdir().unwrap().keep();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&directory));
        }
        let data = directory.join("data");
        run(user(&bin.join("initdb"))
            .args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N", "-D"])
            .arg(&data));
        let socket = directory.display();
        let mut options =
            format!("-k {socket} -c listen_addresses= -c shared_buffers=32MB -c max_connections=200");
        for setting in settings {
            options.push_str(&format!(" -c {setting}"));
        }
        let log = directory.join("log");
        run(user(&bin.join("pg_ctl"))
            .args(["-w", "-D"])
            .arg(&data)
            .arg("-l")
            .arg(&log)
            .args(["-o", &options, "start"]));
        let stop = "cat > /dev/null; \"$0\" -D \"$1/data\" -m immediate stop; rm -rf \"$1\"";
        let watch = Command::new("sh")
            .args(["-c", &format!("trap '' INT TERM; {stop}")])
            .arg(user_line(&bin.join("pg_ctl"), &directory))
            .arg(&directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Cluster { directory, bin, watch }
    }

    /// The socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.directory.join(".s.PGSQL.5432")
    }

    /// The address of a database that exists.
    pub(crate) fn url(&self, database: &str) -> String {
        let host = self.directory.to_str().unwrap().replace('/', "%2F");
        format!("postgres://postgres@{host}/{database}")
    }

    /// A new database: its name.
    pub(crate) async fn database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("ledger_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let client = self.client("postgres").await;
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).await.unwrap();
        name
    }

    /// A connection beside the ledger's.
    pub(crate) async fn client(&self, database: &str) -> tokio_postgres::Client {
        let (client, connection) =
            tokio_postgres::connect(&self.url(database), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// Kills the server as a power cut would.
    pub(crate) fn crash(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// Starts it again, as it was started first.
    pub(crate) fn recover(&self) {
        // What it was started with is kept in its data: `restart` reads it, also where nothing runs.
        self.control(&["-l", self.directory.join("log").to_str().unwrap(), "restart"]);
    }

    /// Loses power, and has it again.
    pub(crate) fn crash_and_recover(&self) {
        self.crash();
        self.recover();
    }

    fn control(&self, words: &[&str]) {
        let mut command = user(&self.bin.join("pg_ctl"));
        run(command.args(["-w", "-D"]).arg(self.directory.join("data")).args(words));
    }
}

/// Where PostgreSQL's programs are: on the path, or where Debian puts them.
fn binaries() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    places.extend(debian.map(|version| version.path().join("bin")));
    let found =
        places.into_iter().find(|place| place.join("initdb").exists() && place.join("pg_ctl").exists());
    found.expect("PostgreSQL is needed for this test and is not installed: apt-get install postgresql")
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// A command as a user PostgreSQL accepts: it refuses to run as root.
fn user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command
}

/// The same as a script of one line, for a shell.
fn user_line(program: &Path, directory: &Path) -> PathBuf {
    let script = directory.join("stop");
    let command = user(program);
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
    let words: Vec<_> = words.into_iter().map(|word| word.to_str().unwrap()).collect();
    std::fs::write(&script, format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" "))).unwrap();
    run(Command::new("chmod").arg("755").arg(&script));
    script
}

fn run(command: &mut Command) {
    let done = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {}\n{said}", String::from_utf8_lossy(&done.stdout));
}
