//! A disk that cannot sync, a clock that jumps, a file that is damaged or may not be written: nothing is acknowledged that is
//! not kept, and nothing is lost that was.

use std::{fs, process::Command};

use serde_json::Value;

use crate::{
    balance,
    crash::sound,
    disk::{SmallDisk, all_kept, send_until_full},
    message,
    program::{Program, folder},
    send,
    shim::Shim,
};

#[test]
fn a_disk_that_cannot_sync_acknowledges_nothing() {
    let folder = folder();
    let shim = Shim::new();
    let program = shim.start(folder.path(), &["--log-level", "warn"]);
    let key = program.key.clone().unwrap();
    let start = balance(&program, &key);
    let kept: Vec<String> = (0..30).map(|number| format!("before-{number}")).collect();
    for name in &kept {
        assert_eq!(send(&program.address, &key, name).unwrap().status, 202);
    }
    shim.say("fail", "");
    let (accepted, refused) = send_until_full(&program, &key);
    assert_eq!(accepted, Vec::<String>::new(), "what was not synced is not acknowledged");
    assert_eq!(program.get("/readyz", "").status, 503);
    assert_eq!(program.get("/livez", "").status, 200);
    // What a failed sync has left in the file nobody knows until it is opened anew, also when syncing works again.
    shim.unsay("fail");
    assert_eq!(
        send(&program.address, &key, "too-soon").unwrap().status,
        503,
        "it writes on after a failed sync"
    );
    assert_eq!(program.get("/readyz", "").status, 503);
    program.kill();
    let program = shim.start(folder.path(), &[]);
    assert_eq!(send(&program.address, &key, &refused).unwrap().status, 202, "under its key it is sent once");
    let charged = start - balance(&program, &key);
    all_kept(&program, &key, &kept, balance(&program, &key) + 10_000 * i64::try_from(kept.len()).unwrap());
    // Under one key more than one try was made; at most each unknown one is charged beside what was kept.
    assert!(charged >= 10_000 * 31, "{charged}");
    assert!(program.stop().success());
    sound(folder.path(), "textmeter.db");
}

/// Without a key it cannot be asked again: whoever is told that nothing was done would send it a second time.
#[test]
fn a_send_whose_sync_failed_is_not_said_to_be_undone() {
    let folder = folder();
    let shim = Shim::new();
    let program = shim.start(folder.path(), &["--log-level", "warn"]);
    let key = program.key.clone().unwrap();
    let start = balance(&program, &key);
    shim.say("fail", "");
    let answer = program.post("/v1/messages", &key, &message("once")).json();
    assert_eq!(answer["code"], "outcome-unknown", "{answer}");
    let path = format!("/v1/messages/{}", answer["id"].as_str().unwrap());
    let after = program.post("/v1/messages", &key, &message("later")).json();
    assert_eq!(after["code"], "unavailable", "what was not begun is certainly not done: {after}");
    shim.unsay("fail");
    program.kill();
    let program = shim.start(folder.path(), &[]);
    let charged = start - balance(&program, &key);
    let found = program.get(&path, &key).status;
    assert!(matches!((found, charged), (200, 10_000) | (404, 0)), "{found}, and {charged} were charged");
    assert!(program.stop().success());
}

#[test]
fn a_clock_that_jumps_by_years_loses_and_doubles_nothing() {
    let folder = folder();
    let shim = Shim::new();
    let program = shim.start(folder.path(), &["--log-level", "warn"]);
    let key = program.key.clone().unwrap();
    let start = balance(&program, &key);
    const YEAR: i64 = 365 * 86_400;
    let mut sent = 0;
    // At last it is set back by an hour, as a clock that was only a little wrong is.
    for (place, seconds) in
        [0, 10 * YEAR, -10 * YEAR, 30 * YEAR, -40 * YEAR, 0, -3_600].into_iter().enumerate()
    {
        shim.say("clock", &seconds.to_string());
        for number in 0..20 {
            let name = format!("{place}-{number}");
            assert_eq!(send(&program.address, &key, &name).unwrap().status, 202, "{seconds} s");
            sent += 1;
            let again = send(&program.address, &key, &name).unwrap();
            assert_eq!((again.status, again.header("idempotency-hit")), (202, Some("true")), "{seconds} s");
        }
        assert_eq!(balance(&program, &key), start - 10_000 * sent, "{seconds} s");
        assert_eq!(program.get("/readyz", "").status, 200);
    }
    let history = program.get("/v1/usage?limit=1000", &key).json();
    let entries = history["entries"].as_array().unwrap();
    // The newest first: each later one stands before the earlier ones, whatever the clock said.
    let seqs: Vec<i64> = entries.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert!(seqs.is_sorted_by(|a, b| a > b), "{seqs:?}");
    let times: Vec<jiff::Timestamp> =
        entries.iter().map(|entry| entry["at"].as_str().unwrap().parse().unwrap()).collect();
    let (late, first) = (&times[..40], times[entries.len() - 1]);
    assert!(late.is_sorted_by(|a, b| a >= b), "set back by an hour an account's time stands still: {late:?}");
    assert!(
        late[0].duration_since(first).as_hours() < 24,
        "once the clock is right again the account's time is, too"
    );
    assert!(program.stop().success());
    sound(folder.path(), "textmeter.db");
}

#[test]
fn a_damaged_file_is_found_at_the_start_and_left_as_it_is() {
    let folder = folder();
    let program = Program::start(folder.path(), &[]);
    let key = program.key.clone().unwrap();
    for number in 0..200 {
        assert_eq!(send(&program.address, &key, &number.to_string()).unwrap().status, 202);
    }
    assert!(program.stop().success());
    let file = folder.path().join("textmeter.db");
    let whole = fs::read(&file).unwrap();
    let page = 4096;
    let pages = whole.len() / page;
    assert!(pages > 20, "{pages} pages");
    for damaged in (2..pages).step_by(pages / 7) {
        let mut bytes = whole.clone();
        // The head of a page, as a sector that was not written leaves it.
        bytes[damaged * page..damaged * page + 512].fill(0xA5);
        fs::write(&file, &bytes).unwrap();
        let error = Program::try_start(folder.path(), &[]).err().expect("it starts on a damaged file");
        assert!(
            error.contains("error[cannot-open-ledger]") && error.contains("is damaged"),
            "page {damaged}: {error}"
        );
        assert_eq!(fs::read(&file).unwrap(), bytes, "nothing was changed in it");
    }
    fs::write(&file, &whole).unwrap();
    let program = Program::start(folder.path(), &[]);
    assert_eq!(balance(&program, &key), 5_000_000 - 200 * 10_000);
    assert!(program.stop().success());
}

#[test]
fn a_file_that_is_read_only_is_said_to_be() {
    let folder = folder();
    let place = folder.path().join("fixed");
    fs::create_dir(&place).unwrap();
    let Some(_disk) = SmallDisk::mount(&place) else {
        eprintln!(
            "skipped: a_file_that_is_read_only_is_said_to_be: only who may mount can make a disk read-only"
        );
        return;
    };
    let db = place.join("ledger.db");
    let db = db.to_str().unwrap();
    assert!(Program::start(folder.path(), &["--db", db]).stop().success());
    let remounted = Command::new("mount").args(["-o", "remount,ro"]).arg(&place).status().unwrap();
    assert!(remounted.success());
    let error =
        Program::try_start(folder.path(), &["--db", db]).err().expect("it starts on a read-only disk");
    assert!(error.contains("error[cannot-open-ledger]"), "{error}");
    assert!(error.to_lowercase().contains("read-only"), "{error}");
}

/// The shim really stands in front of the program, or the tests above prove nothing.
#[test]
fn the_shim_is_felt() {
    let folder = folder();
    let shim = Shim::new();
    let program = shim.start(folder.path(), &[]);
    let key = program.key.clone().unwrap();
    shim.say("clock", &(365 * 86_400).to_string());
    assert_eq!(send(&program.address, &key, "1").unwrap().status, 202);
    let history: Value = program.get("/v1/usage", &key).json();
    let entries = history["entries"].as_array().unwrap();
    let year =
        |entry: &Value| entry["at"].as_str().unwrap().split('-').next().unwrap().parse::<i32>().unwrap();
    assert!(year(&entries[0]) > year(entries.last().unwrap()), "{history}");
    assert!(program.stop().success());
}
