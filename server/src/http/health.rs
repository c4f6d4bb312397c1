//! Whether the twin lives, and whether it can charge.

use axum::{extract::State, http::StatusCode};

use super::answers::HttpProblem;
use crate::{app::App, problem::Problem};

/// `GET /livez`: the process answers.
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the ledger can be written, found out by writing; 503 while it cannot, and why: who asks runs the twin.
pub(super) async fn ready(State(app): State<App>) -> Result<&'static str, HttpProblem> {
    app.ledger.ready().await.map_err(|failure| {
        let problem = Problem::new("not-ready", failure.to_string());
        HttpProblem::new(StatusCode::SERVICE_UNAVAILABLE, problem).retry_after(1)
    })?;
    Ok("ok\n")
}
