//! Whoever reads what the command line says may have gone, which is no failure; where it goes may be full, which is one. Neither
//! ends in a panic.

use std::{
    fs::{self, File},
    io::PipeWriter,
    path::Path,
    process::Output,
};

use serde_json::Value;

use crate::{
    program::{Program, command, folder, run, said},
    send,
};

const CARD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rates.json");
const SHEET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sheets/by-country-2031-03-01.csv");

/// A pipe whose reader has gone.
fn closed() -> PipeWriter {
    std::io::pipe().unwrap().1
}

/// A device without room.
fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

fn error(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// How a command ends with each of these for its standard output and error, and what it says of it.
fn ends_well(folder: &Path, args: &[&str]) {
    let heard = run(folder, args);
    assert!(!heard.stdout.is_empty(), "{args:?} prints nothing: {heard:?}");
    let code = heard.status.code().unwrap();
    assert!(code <= 1, "{args:?}: {heard:?}");

    let unheard = command(folder, args).stdout(closed()).output().unwrap();
    let creates = args.starts_with(&["key", "create"]);
    assert_eq!(unheard.status.code(), Some(code), "{args:?}: {}", error(&unheard));
    assert_eq!(error(&unheard).contains("nobody has its secret"), creates, "{args:?}: {}", error(&unheard));
    assert!(creates || error(&unheard) == error(&heard), "{args:?}: {}", error(&unheard));

    let stuck = command(folder, args).stdout(full()).output().unwrap();
    let failure = if args.starts_with(&["rates", "diff"]) { 2 } else { 1 };
    assert_eq!(stuck.status.code(), Some(failure), "{args:?}: {}", error(&stuck));
    assert!(error(&stuck).contains("No space left"), "{args:?}: {}", error(&stuck));
    assert_eq!(error(&stuck).contains("nobody has its secret"), creates, "{args:?}: {}", error(&stuck));

    for status in [
        command(folder, args).stderr(closed()).output().unwrap().status,
        command(folder, args).stderr(full()).output().unwrap().status,
    ] {
        assert_eq!(status.code(), Some(code), "{args:?} with nobody who reads its errors");
    }
}

#[test]
fn what_nobody_reads_is_no_failure_and_what_cannot_be_written_is_one() {
    let folder = folder();
    let here = folder.path();
    let program = Program::start(here, &[]);
    let sent = send(&program.address, &program.key.clone().unwrap(), "1").unwrap().json();
    let charge = sent["data"]["charge_id"].as_str().unwrap();
    assert!(program.stop().success());
    let key: Value = serde_json::from_str(&said(here, &["key", "create", "demo", "--json"])).unwrap();
    let key = key["id"].as_str().unwrap();
    for args in [
        &["workspace", "open", "Acme"][..],
        &["workspace", "list"],
        &["workspace", "subscription", "demo", "on"],
        &["key", "create", "demo"],
        &["key", "list", "demo"],
        &["key", "revoke", "demo", key],
        &["credits", "top-up", "demo", "1.00", "--payment", "1"],
        &["credits", "balance", "demo"],
        &["credits", "refund", "demo", charge, "--reason", "lost"],
        &["credits", "history", "demo"],
        &["credits", "apply", "demo", "--key", "1"],
        &["reconcile"],
    ] {
        ends_well(here, args);
        ends_well(here, &[args, &["--json"]].concat());
    }
    fs::write(here.join("list.csv"), "phone\n+12125550101\n72345\n").unwrap();
    let other = Program::start(here, &["--db", "other.db"]);
    for args in [
        &["config"][..],
        &["health", "--listen", &other.address],
        &["openapi"],
        &["quote", "--to", "+12125550123", "Hello"],
        &["quote", "--to", "+12125550123", "Hello", "--json"],
        &["campaign", "list.csv", "--template", "Hello"],
        &["campaign", "list.csv", "--template", "Hello", "--json"],
        &["rates", "check", CARD],
        &["rates", "diff", CARD, CARD],
        &["rates", "diff", CARD, CARD, "--json"],
        &["rates", "import", SHEET],
        // What went wrong, as JSON.
        &["workspace", "list", "--db", "nowhere/ledger.db", "--json"],
        &["quote", "Hello", "--json"],
        &["campaign", "nowhere.csv", "--template", "Hello", "--json"],
    ] {
        ends_well(here, args);
    }
    for args in [&["--help"][..], &["--version"], &["serve", "--help"]] {
        assert!(command(here, args).stdout(closed()).output().unwrap().status.success(), "{args:?}");
    }
}

#[test]
fn a_twin_that_nobody_hears_serves_all_the_same() {
    let folder = folder();
    let here = folder.path();
    // The key of the demo workspace is shown once: where it cannot be, that is said.
    let lost =
        command(here, &["serve", "--listen", "127.0.0.1:0", "--db", "lost.db"]).stdout(full()).output();
    let lost = lost.unwrap();
    assert_eq!(lost.status.code(), Some(1), "{}", error(&lost));
    assert!(error(&lost).contains("error[input-output]"), "{}", error(&lost));

    let program = Program::start_unheard(closed(), here, &[]);
    assert!(program.stop().success());
    let program = Program::start_unheard(full(), here, &[]);
    assert!(program.log().contains("cannot say that it listens"), "{}", program.log());
    assert!(program.stop().success());
}
