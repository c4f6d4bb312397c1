//! How long a request may take.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};

use super::{answers::HttpProblem, campaigns, messages::as_asked};
use crate::problem::Problem;

/// Ends what takes too long. What it had begun may still be done: nobody is told that it was not.
pub(super) async fn keep(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // A list takes as long as it comes; it is the wait for each piece of it that is limited, and nothing is done before all
    // of it is there.
    if request.method() == Method::POST && [campaigns::QUOTE_PATH, campaigns::PATH].contains(&path.as_str()) {
        return next.run(request).await;
    }
    if let Ok(response) = tokio::time::timeout(limit, next.run(request)).await {
        return response;
    }
    let message = format!(
        "this took longer than {} seconds, and whether it was done is not known yet; ask again with the same \
         Idempotency-Key",
        limit.as_secs()
    );
    let problem = Problem::new("outcome-unknown", message);
    as_asked(&path, HttpProblem::new(StatusCode::SERVICE_UNAVAILABLE, problem).retry_after(1))
}
