//! `POST /v1/quotes`: the price before anything is sent. Nothing is stored, nothing is charged.

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use textmeter::QuoteRequest;

use super::{
    answers::{HttpProblem, JsonBody},
    described,
};
use crate::{app::App, document, problem::Problem};

/// Price a text or a call
///
/// The price before anything is sent: segments, rates, total, and what would make it cheaper. Nothing is stored and
/// nothing is charged; no key is needed. The answer is the same, byte for byte, as the one in the browser.
#[utoipa::path(post, path = "/v1/quotes", tag = "prices", operation_id = "quote",
    request_body = described::QuoteRequest,
    responses((status = 200, description = "The quote", body = described::Quote)))]
pub(super) async fn create(
    State(app): State<App>,
    JsonBody(body): JsonBody,
) -> Result<Response, HttpProblem> {
    let raw = document::read(&body)?;
    let request = QuoteRequest::read(&raw).map_err(Problem::from)?;
    let quote = app.card.card.quote(&request).map_err(Problem::from)?;
    Ok(([(CONTENT_TYPE, "application/json")], quote.to_json()).into_response())
}
