//! A log that cannot be written is lost, and nothing else is.

use std::{fs::File, process::Stdio, sync::Arc};

use crate::{
    balance,
    crash::{gateway, sound, to_gateway, waiting},
    program::{Program, command, folder, until},
    send,
};

/// Charges, hands on and stops as ever, with this for its standard error.
async fn works_logging_to(log: impl Into<Stdio>) {
    let folder = folder();
    let gateway = gateway(Arc::default()).await;
    let url = gateway.url();
    let settings = to_gateway(&url);
    // Without the last of them, which says that only warnings are logged: every request logs.
    let settings = settings.strip_suffix(&["--log-level", "warn"]).unwrap();
    let serve = [&["serve", "--listen", "127.0.0.1:0"], settings].concat();
    let program = Program::spawn_logging_to(log, folder.path(), command(folder.path(), &serve)).unwrap();
    let key = program.key.clone().unwrap();
    for name in ["1", "2", "3"] {
        assert_eq!(send(&program.address, &key, name).expect("it is answered").status, 202);
    }
    until("an empty outbox", || waiting(&program).filter(|waiting| waiting == "0"));
    assert_eq!(gateway.posted().len(), 3, "each is handed on once");
    assert_eq!(balance(&program, &key), 5_000_000 - 3 * 10_000);
    assert!(program.stop().success());
    sound(folder.path(), "textmeter.db");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_under_the_log_stops_nothing() {
    works_logging_to(File::options().write(true).open("/dev/full").unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_whose_reader_has_gone_stops_nothing() {
    let (reader, log) = std::io::pipe().unwrap();
    drop(reader);
    works_logging_to(log).await;
}
