//! How long a request may take.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt;
use tower_http::timeout::{TimeoutBody, TimeoutError};

use super::{answers::HttpProblem, campaigns, messages::as_asked};
use crate::problem::Problem;

/// Ends what takes too long. What it had begun may still be done: nobody is told that it was not.
pub(super) async fn keep(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // A list takes as long as it comes; it is the wait for each piece of it that is limited, and nothing is done before all
    // of it is there. One that stops coming has broken off: others want its place.
    if request.method() == Method::POST && [campaigns::QUOTE_PATH, campaigns::PATH].contains(&path.as_str()) {
        return next.run(request.map(|body| piece_by_piece(limit, body))).await;
    }
    if let Ok(response) = tokio::time::timeout(limit, next.run(request)).await {
        return response;
    }
    let message = format!(
        "this took longer than {}, and whether it was done is not known yet; ask again with the same \
         Idempotency-Key",
        spelt(limit)
    );
    let problem = Problem::new("outcome-unknown", message);
    as_asked(&path, HttpProblem::new(StatusCode::SERVICE_UNAVAILABLE, problem).retry_after(1))
}

/// The same body, broken off where nothing of it comes for so long.
fn piece_by_piece(limit: Duration, body: Body) -> Body {
    let why = move |error: axum::BoxError| match error.downcast::<TimeoutError>() {
        Ok(_) => format!("nothing came for {}", spelt(limit)).into(),
        Err(error) => error,
    };
    Body::new(TimeoutBody::new(limit, body).map_err::<_, axum::BoxError>(why))
}

fn spelt(limit: Duration) -> String {
    match limit.as_secs() {
        1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}
