//! Two twins in front of a PostgreSQL cluster on three hosts, and what goes wrong with them: `tests/torture/cluster`, in
//! network, mount and process namespaces of its own. All of it is gone when its first process is.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::output::Output;
use crate::report;
use crate::tools;
use crate::workshop::Workshop;

const FOLDER: &str = "tests/torture/cluster";

pub(super) fn run(shop: &Workshop, out: &Output, options: &[&str]) -> Result<(), String> {
    tools::IP.path(shop, out)?;
    if let Err(why) = namespaces(shop) {
        println!("skipped: torture cluster: its hosts are network namespaces, and here are none: {why}");
        return Ok(());
    }
    tools::postgresql(shop, out)?;
    let etcd = tools::etcd(shop, out)?;
    let python = tools::python(shop, out, FOLDER)?;
    // As the tests have it: what an overflow would hide in a release is a panic here.
    out.run(&mut shop.cargo(["build", "--package", "textmeter-server", "--bin", "textmeter"]))?;
    let twin = shop.target.join("debug").join("textmeter");
    let command = command(shop, &python, &twin, &etcd, options);
    let (section, sound) = told(command)?;
    let section = format!("{}\n\n{}", section.trim_end(), report::machine(shop, out)?);
    println!("{section}");
    if !sound {
        return Err("it did not come out sound".to_owned());
    }
    // A part of it, or a run without a guard, is for whoever works on it.
    if options == ["--long"] { report::keep(shop, "RELIABILITY.md", "cluster", &section) } else { Ok(()) }
}

/// Whether we may make hosts, and why not.
fn namespaces(shop: &Workshop) -> Result<(), String> {
    let mut attempt = apart(shop);
    attempt.args(["ip", "link", "add", "inner", "type", "bridge"]);
    let done = attempt.stdin(Stdio::null()).output().map_err(|error| format!("unshare: {error}"))?;
    let said = String::from_utf8_lossy(&done.stderr).trim().replace('\n', "; ");
    if done.status.success() { Ok(()) } else { Err(said) }
}

/// What follows runs in namespaces of its own, and ends with them.
fn apart(shop: &Workshop) -> Command {
    shop.command("unshare", ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"])
}

fn command(shop: &Workshop, python: &Path, twin: &Path, etcd: &Path, options: &[&str]) -> Command {
    let mut command = apart(shop);
    // The first process of all has to bury those whose parents were killed: a shell does.
    command.args(["sh", "-c", "\"$@\"; exit $?", "sh"]).arg(python).args(["-B", FOLDER, "--until-eof"]);
    command.arg("--twin").arg(twin).arg("--etcd").arg(etcd).arg("--card").arg(shop.path("rates.json"));
    command.args(options);
    command
}

/// Runs it: its section, and whether every figure was 0. Its standard input ends with us, however we end, and then it
/// clears away and ends too.
fn told(mut command: Command) -> Result<(String, bool), String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("unshare: {error}"))?;
    let mut section = String::new();
    if let Some(stdout) = &mut child.stdout {
        stdout.read_to_string(&mut section).map_err(|error| format!("what it printed: {error}"))?;
    }
    // Waiting closes our end of the input.
    let status = child.wait().map_err(|error| format!("waiting for it: {error}"))?;
    Ok((section, status.success()))
}
