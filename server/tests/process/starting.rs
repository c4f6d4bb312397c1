//! What does not start, and how it says so: one clear line on standard error, and exit code 1.

use std::fs;

use crate::{
    program::{self, Program, folder, run},
    send,
};

/// The error of `textmeter serve` with these arguments.
fn refused(folder: &std::path::Path, args: &[&str]) -> String {
    let listen: &[&str] = if args.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
    let all = [&["serve"], listen, args].concat();
    let output = run(folder, &all);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{args:?}: {error}");
    assert!(error.starts_with("error["), "{args:?}: {error}");
    assert!(!error.contains("panicked"), "{args:?}: {error}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!said.contains("listens"), "{args:?}: nobody is told that it works: {said}");
    error
}

/// Case 26.
#[test]
fn a_second_process_on_the_same_file_is_refused() {
    let folder = folder();
    let first = Program::start(folder.path(), &[]);
    assert!(Program::try_start(folder.path(), &[]).is_err(), "two processes serve one file");
    let error = refused(folder.path(), &[]);
    let in_use = format!("textmeter.db is in use by process {}", first.id());
    assert!(error.contains("error[cannot-open-ledger]") && error.contains(&in_use), "{error}");
    std::os::unix::fs::symlink("textmeter.db", folder.path().join("link.db")).unwrap();
    let linked = Program::try_start(folder.path(), &["--db", "link.db"]).err().expect("two serve one file");
    assert!(linked.contains("error[cannot-open-ledger]") && linked.contains(&in_use), "{linked}");
    for command in [&["credits", "balance", "demo"][..], &["reconcile"]] {
        let output = run(folder.path(), command);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stderr).unwrap().contains(&in_use));
    }
    let key = first.key.clone().unwrap();
    assert_eq!(send(&first.address, &key, "1").unwrap().status, 202, "the first is not disturbed");
    first.kill();
    // The lock ends with its process, however that ended.
    let again = Program::start(folder.path(), &[]);
    assert_eq!(send(&again.address, &key, "1").unwrap().header("idempotency-hit"), Some("true"));
}

#[test]
fn a_bad_setting_is_named() {
    let folder = folder();
    fs::write(folder.path().join("unknown.toml"), "lissten = \"127.0.0.1:0\"\n").unwrap();
    fs::write(folder.path().join("broken.toml"), "listen = \n").unwrap();
    fs::write(folder.path().join("not.db"), "this is a letter, not a ledger; ".repeat(200)).unwrap();
    fs::write(folder.path().join("card.json"), "{\"id\": 5}").unwrap();
    for (args, code, words) in [
        (&["--listen", "localhost"][..], "invalid-setting", "an address and a port"),
        (&["--rate-limit", "many"], "invalid-setting", "rate-limit"),
        (&["--rate-limit", "5000000000"], "invalid-setting", "rate-limit"),
        (&["--request-timeout", "0"], "invalid-setting", "request-timeout"),
        (&["--gateway-timeout", "0"], "invalid-setting", "gateway-timeout"),
        (&["--demo", "maybe"], "invalid-setting", "on or off"),
        (&["--log", "xml"], "invalid-setting", "text or json"),
        (&["--log-level", "loud"], "invalid-setting", "log-level"),
        (&["--gateway", "pigeon"], "invalid-setting", "log, webhook or openphone"),
        (&["--gateway", "webhook"], "invalid-setting", "gateway-url is missing"),
        (&["--gateway", "openphone"], "invalid-setting", "gateway-key is missing"),
        (&["--payments-url", "https://pay.example.com/"], "invalid-setting", "payments-secret is missing"),
        (&["--payments-secret", "whsec_c2hvcnQ="], "invalid-setting", "24 to 64 bytes"),
        (&["--territories", "US,Germany"], "invalid-setting", "territories"),
        (&["--config", "nowhere.toml"], "invalid-config", "nowhere.toml: cannot be read"),
        (&["--config", "unknown.toml"], "invalid-config", "no setting lissten"),
        (&["--config", "broken.toml"], "invalid-config", "broken.toml"),
        (&["--rates", "nowhere.json"], "unreadable-rate-card", "nowhere.json"),
        (&["--rates", "card.json"], "wrong-type", "in card.json"),
        (&["--site", "."], "no-site", "index.html"),
        (&["--db", "no/such/folder/ledger.db"], "cannot-open-ledger", "no/such/folder/ledger.db"),
        (&["--db", "not.db"], "cannot-open-ledger", "not.db"),
    ] {
        let error = refused(folder.path(), args);
        assert!(error.contains(&format!("error[{code}]")) && error.contains(words), "{args:?}: {error}");
    }
    let kept = fs::read_to_string(folder.path().join("not.db")).unwrap();
    assert!(kept.starts_with("this is a letter"), "nothing was changed in it");
    assert!(!folder.path().join("textmeter.db").exists(), "no ledger is made by a start that fails");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = folder();
    let first = Program::start(folder.path(), &[]);
    let output = run(folder.path(), &["serve", "--listen", &first.address, "--db", "other.db"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("error[cannot-listen]") && error.contains(&first.address), "{error}");
}

#[test]
fn a_changed_card_under_the_same_id_is_refused() {
    let folder = folder();
    let card = concat!(env!("CARGO_MANIFEST_DIR"), "/../rates.json");
    let json = fs::read_to_string(card).unwrap();
    Program::start(folder.path(), &["--rates", card]).kill();
    fs::write(folder.path().join("dearer.json"), json.replacen("0.0083", "0.0084", 1) + "\n").unwrap();
    let error = refused(folder.path(), &["--rates", "dearer.json"]);
    assert!(error.contains("error[rate-card-changed]") && error.contains("a new id"), "{error}");
}

#[test]
fn secrets_are_not_printed() {
    let folder = folder();
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let mut command = program::command(folder.path(), &["config", "--gateway-key", "sk_live_1"]);
    command.env("TEXTMETER_PAYMENTS_SECRET", secret);
    for db in ["postgres://me:hunter2@db/ledger", "postgres://me@db/ledger?password=hunter2"] {
        let output = command.env("TEXTMETER_DB", db).output().unwrap();
        let listing = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && listing.contains("(set, not shown)"), "{listing}");
        for hidden in [secret, "hunter2", "sk_live_1"] {
            assert!(!listing.contains(hidden), "{listing}");
        }
        assert!(listing.contains("environment") && listing.contains("flag"), "{listing}");
    }
}

#[test]
fn it_stops_when_it_is_asked_to_and_logs_neither_text_nor_key() {
    let folder = folder();
    let program = Program::start(folder.path(), &["--log", "json", "--log-level", "debug"]);
    let key = program.key.clone().unwrap();
    let answer = send(&program.address, &key, "my own words").unwrap();
    assert_eq!(answer.status, 202);
    program::until("a message in the log", || program.log().contains("\"message\"").then_some(()));
    let log = folder.path().join("textmeter.log");
    assert!(program.stop().success());
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("/v1/messages"), "{log}");
    for private in [key.as_str(), "my own words", "+12125550123", "2125550123"] {
        assert!(!log.contains(private), "{private}: {log}");
    }
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}
