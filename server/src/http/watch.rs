//! What every request goes through: it is counted, timed and logged.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{
        Method, StatusCode,
        header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::answers::ProblemCode;
use crate::app::App;

/// Counts and logs a request: its route, never its query, body, numbers or key.
pub(super) async fn watch(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("(file)", MatchedPath::as_str).to_owned();
    let mut response = next.run(request).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        // RFC 9110, 11.6.1: whoever is asked for credentials is told which.
        response
            .headers_mut()
            .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"textmeter\""));
    }
    let (status, took) = (response.status().as_u16(), started.elapsed());
    app.metrics.answered(&route, method, status, took);
    let code = response.extensions().get::<ProblemCode>().map_or("", |code| code.0.as_str());
    if !code.is_empty() {
        app.metrics.refused(code);
    }
    tracing::info!(method, route, status, code, micros = took.as_micros(), "answered");
    response
}

/// The method's name, if it is one of HTTP's own (RFC 9110, 9 and RFC 5789). Anybody may make up others, without end: they
/// are one, so that they fill neither the memory nor the log.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "CONNECT" => "CONNECT",
        "OPTIONS" => "OPTIONS",
        "TRACE" => "TRACE",
        "PATCH" => "PATCH",
        _ => "other",
    }
}

/// `GET /metrics`, in the Prometheus text format.
pub(super) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let text = app.metrics.text(&app.ledger).await;
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
}
