//! The program `textmeter` as its users meet it: a process, a port and bytes.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// The longest a test waits for something to come true, or for an answer.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The log, in the program's folder.
const LOG: &str = "textmeter.log";

/// Waits until something is there.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// `textmeter …`, not started yet: in a folder of its own, so that no `rates.json` lies around.
pub fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_textmeter"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs a command that ends by itself.
pub fn run(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).output().unwrap()
}

/// What a command that went well printed.
pub fn said(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A running server; it ends with its test.
pub struct Program {
    child: Child,
    pub address: String,
    /// The demo workspace's key, when this start made one.
    pub key: Option<String>,
    log: PathBuf,
}

impl Program {
    /// Starts `textmeter serve` on a free port with further arguments, and waits until it listens.
    pub fn start(folder: &Path, args: &[&str]) -> Program {
        Program::try_start(folder, args).unwrap_or_else(|said| panic!("it does not start: {said}"))
    }

    /// The same; what it said when it did not start.
    pub fn try_start(folder: &Path, args: &[&str]) -> Result<Program, String> {
        let all = [&["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0"], args].concat();
        Program::spawn(folder, command(folder, &all))
    }

    /// Starts a command that becomes the server.
    pub fn spawn(folder: &Path, command: Command) -> Result<Program, String> {
        let log = File::options().create(true).append(true).open(folder.join(LOG)).unwrap();
        Program::spawn_logging_to(log, folder, command)
    }

    /// The same with its log elsewhere.
    pub fn spawn_logging_to(
        stderr: impl Into<Stdio>,
        folder: &Path,
        mut command: Command,
    ) -> Result<Program, String> {
        let log = folder.join(LOG);
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let mut key = None;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if line.trim().starts_with("tm_") {
                key = Some(line.trim().to_owned());
            }
            if let Some((_, address)) = line.split_once("http://") {
                return Ok(Program { child, address: address.to_owned(), key, log });
            }
        }
        let ended = child.wait().unwrap();
        Err(format!("{ended}: {}", std::fs::read_to_string(log).unwrap()))
    }

    /// Starts `textmeter serve` where nobody can hear what it says, and waits until it answers.
    pub fn start_unheard(stdout: impl Into<Stdio>, folder: &Path, args: &[&str]) -> Program {
        // An address of the loopback network that no other process of these tests has.
        let [_, a, b, c] = std::process::id().to_be_bytes();
        let address = format!("127.{a}.{b}.{c}:18093");
        let log = folder.join(LOG);
        let mut serve = command(folder, &[&["serve", "--listen", &address], args].concat());
        let child = serve.stdout(stdout).stderr(File::create(&log).unwrap()).spawn().unwrap();
        let program = Program { child, address, key: None, log };
        until("an answer", || ask(&program.address, "GET", "/livez", &[], None).ok());
        program
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// SIGKILL: nothing of it runs any more when this returns.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it has ended by itself, or by somebody else's hand.
    pub fn ended(mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }

    /// SIGTERM, and how it ended.
    pub fn stop(mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    pub fn get(&self, path: &str, key: &str) -> Answer {
        self.ask("GET", path, &[("authorization", key)], None)
    }

    pub fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.ask("POST", path, &[("authorization", key)], Some(body))
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        ask(&self.address, method, path, headers, body).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request on a connection of its own; an error where no whole answer came back.
pub fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> std::io::Result<Answer> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    exchange(address, format!("{head}\r\n{body}").as_bytes())
}

/// Sends bytes and reads the answer until the server closes.
pub fn exchange(address: &str, request: &[u8]) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let answer = Answer::read(&bytes).filter(|answer| request.starts_with(b"HEAD") || answer.is_whole());
    answer.ok_or_else(|| std::io::Error::other("half an answer"))
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// Nothing where the bytes end before the head does.
    fn read(bytes: &[u8]) -> Option<Answer> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Some(Answer { status, headers: lines.map(header).collect(), body: bytes[end + 4..].to_vec() })
    }

    fn is_whole(&self) -> bool {
        let length = self.header("content-length").map(|length| length.parse::<usize>().unwrap());
        length.is_none_or(|length| self.body.len() == length)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// A folder for a test's files.
pub fn folder() -> TempDir {
    TempDir::new().unwrap()
}
