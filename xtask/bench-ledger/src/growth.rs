//! The same as more ask at the same time.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::cluster::Cluster;
use crate::load::Effort;
use crate::measure;
use crate::scenario::{Request, SCENARIOS};

const CONNECTIONS: [usize; 5] = [1, 4, 16, 64, 256];
const LENGTH: Duration = Duration::from_secs(3);

/// Nanoseconds from one charge on one hot account to the next, by how many ask and who charges, as JSON: samples like those of
/// `tests/bench/doors.mjs`.
pub(crate) async fn samples(program: &Path, cluster: &Cluster) -> String {
    let mut cases: BTreeMap<String, BTreeMap<String, Vec<u64>>> = BTreeMap::new();
    let hot =
        SCENARIOS.iter().filter(|scenario| scenario.accounts == 1 && scenario.request == Request::Charge);
    let hot: Vec<_> = hot.collect();
    for connections in CONNECTIONS {
        for scenario in &hot {
            let measured = measure(program, cluster, scenario, Effort { connections, length: LENGTH }).await;
            eprintln!("{connections:3} connections, {}: {}/s", scenario.name(), measured.per_second());
            let case = cases.entry(connections.to_string()).or_default();
            case.entry(scenario.name()).or_default().push(1_000_000_000 / measured.per_second().max(1));
        }
    }
    serde_json::json!({ "runtime": "", "cases": cases }).to_string()
}
