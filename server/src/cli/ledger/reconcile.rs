//! `textmeter reconcile`: every balance is the sum of its journal, or exit code 1.

use std::fmt::Write as _;

use serde_json::json;

use super::{Said, failed};
use crate::{http::amount, ledger::Ledger, problem::Problem};

pub(super) async fn run(ledger: Ledger) -> Result<Said, Problem> {
    let found = ledger.reconcile().await.map_err(failed)?;
    let mut text = format!(
        "{} workspaces, {} entries, drift {}: {}\n",
        found.accounts,
        found.entries,
        amount(found.drift_micros),
        if found.is_sound() { "every balance is the sum of its journal" } else { "BROKEN" }
    );
    for discrepancy in &found.discrepancies {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {discrepancy:?}");
    }
    let json = json!({
        "accounts": found.accounts,
        "entries": found.entries,
        "drift": amount(found.drift_micros),
        "broken": found.broken,
    });
    Ok(Said { well: found.is_sound(), ..Said::well(text, json) })
}
