//! Whether the twin lives, and whether it can charge.

use axum::extract::State;

use super::answers::HttpProblem;
use crate::app::App;

/// `GET /livez`: the process answers.
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the ledger can be written, found out by writing; 503 while it cannot.
pub(super) async fn ready(State(app): State<App>) -> Result<&'static str, HttpProblem> {
    app.ledger.ready().await?;
    Ok("ok\n")
}
