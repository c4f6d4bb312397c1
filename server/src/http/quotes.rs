//! `POST /v1/quotes`: the price before anything is sent. Nothing is stored, nothing is charged.

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use textmeter::QuoteRequest;

use super::answers::{HttpProblem, JsonBody};
use crate::{app::App, document, problem::Problem};

pub(super) async fn create(
    State(app): State<App>,
    JsonBody(body): JsonBody,
) -> Result<Response, HttpProblem> {
    let raw = document::read(&body)?;
    let request = QuoteRequest::read(&raw).map_err(Problem::from)?;
    let quote = app.card.card.quote(&request).map_err(Problem::from)?;
    Ok(([(CONTENT_TYPE, "application/json")], quote.to_json()).into_response())
}
