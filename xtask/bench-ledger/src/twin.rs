//! The twin: the release binary, a new ledger for each run, asked over HTTP.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::client::{Client, post};
use crate::cluster::Cluster;
use crate::load::{self, Effort, Measured};
use crate::scenario::{Engine, Scenario};
use crate::verdict;

const TOP_UP: &str = "1000000.00";
const TOP_UP_MICROS: i64 = 1_000_000_000_000;

/// One run on a new ledger of its own, judged at its end.
pub(crate) async fn measure(
    program: &Path,
    cluster: &Cluster,
    engine: Engine,
    scenario: &Scenario,
    effort: Effort,
) -> Measured {
    // In the cluster's folder, which is removed however this ends.
    let folder = cluster.socket().with_file_name(format!("twin-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    let db = match engine {
        Engine::Sqlite => folder.join("ledger.db").to_str().unwrap().to_owned(),
        Engine::Postgres => cluster.url(&cluster.database().await),
    };
    let operator = desk(program, &["workspace", "open", "bench", "--db", &db, "--json"]);
    let operator = operator["id"].as_str().unwrap();
    let operator = desk(program, &["key", "create", operator, "--scopes", SCOPES, "--db", &db, "--json"]);
    let operator = operator["secret"].as_str().unwrap();

    let twin = Twin::start(program, &db, &folder);
    let mut accounts = Vec::with_capacity(scenario.accounts);
    let mut client = Client::connect(twin.address).await.unwrap();
    for number in 0..scenario.accounts {
        accounts.push(open(&mut client, operator, number).await);
    }
    let keys: Vec<String> = accounts.iter().map(|(key, _)| key.clone()).collect();
    let process = twin.child.id();
    let (measured, acknowledged) = load::run(twin.address, process, &keys, scenario.request, effort).await;
    twin.stop();

    let accounts: Vec<_> = accounts.into_iter().map(|(_, id)| id).collect();
    let found = match engine {
        Engine::Sqlite => verdict::in_sqlite(Path::new(&db)),
        Engine::Postgres => verdict::in_postgres(cluster, &db).await,
    };
    verdict::judge(&found, &accounts, &acknowledged, TOP_UP_MICROS);
    let proof = desk(program, &["reconcile", "--db", &db, "--json"]);
    assert!(proof.is_object(), "the balances are the sums of their journals");
    std::fs::remove_dir_all(&folder).unwrap();
    measured
}

/// What the bench's own key may do: open workspaces and credit them.
const SCOPES: &str = "operate,top-up";

/// A workspace with money: its key and its id.
async fn open(client: &mut Client, operator: &str, number: usize) -> (String, uuid::Uuid) {
    let body = format!(r#"{{"name":"bench {number}"}}"#);
    let answer = client.ask(&post("/v1/workspaces", operator, "", &body)).await.unwrap();
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(answer.body));
    let opened: Value = serde_json::from_slice(answer.body).unwrap();
    let key = opened["key"].as_str().unwrap().to_owned();
    let id = opened["id"].as_str().unwrap().parse().unwrap();
    let body = format!(r#"{{"amount":"{TOP_UP}","provider":"bench","payment":"{id}","workspace":"{id}"}}"#);
    let answer = client.ask(&post("/v1/top-ups", operator, "", &body)).await.unwrap();
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(answer.body));
    (key, id)
}

/// A command that opens the ledger itself.
fn desk(program: &Path, args: &[&str]) -> Value {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "textmeter {}: {said}", args.first().unwrap_or(&""));
    serde_json::from_slice(&output.stdout).unwrap()
}

struct Twin {
    child: Child,
    address: SocketAddr,
}

impl Twin {
    /// Starts it as it is deployed, but for the limit on requests, which the load is beyond, and for the log, which goes
    /// where a service's log goes: to a file.
    fn start(program: &Path, db: &str, folder: &Path) -> Twin {
        let log = std::fs::File::create(folder.join("log")).unwrap();
        // However this process ends, the twin ends with it.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0", "--demo", "off", "--db", db]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = said.find_map(|line| {
            line.ok()?.strip_prefix("Textmeter listens on http://").and_then(|address| address.parse().ok())
        });
        let Some(address) = address else {
            let why = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            panic!("the twin does not start: {why}");
        };
        Twin { child, address }
    }

    /// Stops it as a supervisor does.
    fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "the twin stops well");
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        // After a stop there is nobody left to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
