//! Case 27: no room. Nothing is acknowledged that is not on the disk, readiness says so, and when there is room again
//! sends go through.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use crate::{
    balance,
    crash::sound,
    program::{Program, command, folder, until},
    send,
};

/// Sends until nothing can be written any more: the keys of those that were accepted, and of one that was not. (What is
/// refused may be larger than what still fits in.)
pub(crate) fn send_until_full(program: &Program, key: &str) -> (Vec<String>, String) {
    let (mut accepted, mut refused, mut number) = (Vec::new(), None, 0);
    until("a full disk", || {
        number += 1;
        let name = format!("send-{number}");
        let answer = send(&program.address, key, &name).unwrap();
        if answer.status == 202 {
            accepted.push(name);
            return None;
        }
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert_eq!(answer.header("retry-after"), Some("1"));
        let code = answer.json()["code"].clone();
        assert!(code == "unavailable" || code == "outcome-unknown", "{}", answer.text());
        refused = Some(name);
        (program.get("/readyz", "").status == 503).then_some(())
    });
    (accepted, refused.unwrap())
}

/// Sends what was accepted again, and finds that each was: charged once.
pub(crate) fn all_kept(program: &Program, key: &str, accepted: &[String], start: i64) {
    assert_eq!(balance(program, key), start - 10_000 * i64::try_from(accepted.len()).unwrap());
    for name in accepted.iter().step_by(20) {
        let again = send(&program.address, key, name).unwrap();
        assert_eq!((again.status, again.header("idempotency-hit")), (202, Some("true")));
    }
}

/// A file system of a few megabytes, which only root can make.
pub(crate) struct SmallDisk<'a>(&'a Path);

impl SmallDisk<'_> {
    pub(crate) fn mount(at: &Path) -> Option<SmallDisk<'_>> {
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|done| done.status.success()).then_some(SmallDisk(at))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_acknowledges_nothing_and_recovers() {
    let folder = folder();
    let small = folder.path().join("small");
    fs::create_dir(&small).unwrap();
    fs::set_permissions(&small, fs::Permissions::from_mode(0o777)).unwrap();
    let Some(_disk) = SmallDisk::mount(&small) else {
        eprintln!("only who may mount a small disk can fill it: the limited file below has to do");
        return;
    };
    let db = small.join("ledger.db");
    let program = Program::start(folder.path(), &["--db", db.to_str().unwrap(), "--log-level", "warn"]);
    let key = program.key.clone().unwrap();
    let start = balance(&program, &key);
    let ballast = small.join("ballast");
    // What other programs leave of it.
    fs::write(&ballast, vec![0; 300_000]).unwrap();
    let (accepted, refused) = send_until_full(&program, &key);
    let ready = program.get("/readyz", "");
    assert_eq!(ready.status, 503);
    assert!(ready.json()["detail"].as_str().unwrap().contains("full"), "{}", ready.text());
    assert!(program.log().contains("the disk is full"), "{}", program.log());
    assert_eq!(program.get("/livez", "").status, 200, "starting it again would not help");
    assert_eq!(balance(&program, &key), start - 10_000 * i64::try_from(accepted.len()).unwrap());

    fs::remove_file(&ballast).unwrap();
    until("room again", || (program.get("/readyz", "").status == 200).then_some(()));
    all_kept(&program, &key, &accepted, start);
    let now = send(&program.address, &key, &refused).unwrap();
    assert_eq!((now.status, now.header("idempotency-hit")), (202, None), "it had not been sent");
    assert!(program.stop().success());
    sound(folder.path(), db.to_str().unwrap());
}

/// A limit that anybody can set. Its error is not "full" but one of input and output, after which what the file holds is
/// not known before it is opened anew: nothing more is written until then.
#[test]
fn a_file_that_may_not_grow_acknowledges_nothing() {
    let folder = folder();
    let first = Program::start(folder.path(), &[]);
    let key = first.key.clone().unwrap();
    first.kill();
    let serve = command(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0"]);
    let mut limited = Command::new("sh");
    // In blocks of 512 bytes, for its files alone; the signal that would kill it is an error then.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 600; exec \"$0\" \"$@\""]);
    limited.arg(serve.get_program()).args(serve.get_args()).current_dir(folder.path());
    let program = Program::spawn(folder.path(), limited).unwrap();
    let start = balance(&program, &key);
    let (accepted, refused) = send_until_full(&program, &key);
    assert_eq!(program.get("/readyz", "").status, 503);
    assert_eq!(balance(&program, &key), start - 10_000 * i64::try_from(accepted.len()).unwrap());
    program.kill();

    let program = Program::start(folder.path(), &[]);
    let answer = send(&program.address, &key, &refused).unwrap();
    assert_eq!(answer.status, 202, "under its key it is sent once, whatever had become of it");
    all_kept(&program, &key, &[accepted, vec![refused]].concat(), start);
    assert!(program.stop().success());
    sound(folder.path(), "textmeter.db");
}
