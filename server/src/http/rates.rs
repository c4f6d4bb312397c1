//! `GET /v1/rates`: the rate card every price comes from.

use axum::{
    extract::State,
    http::{
        HeaderMap,
        header::{HeaderValue, LINK},
    },
    response::Response,
};

use super::entity_tag::tagged;
use crate::app::App;

/// See the rate card
///
/// The document every price comes from, byte for byte: rates by destination, surcharges by channel, where they are from
/// and of which day. No key is needed. `/rates.json` is the same.
#[utoipa::path(get, path = "/v1/rates", tag = "prices", operation_id = "rates",
    params(("If-None-Match" = Option<String>, Header, description = "The `ETag` of the copy you have")),
    responses(
        (status = 200, description = "The rate card", body = Object, content_type = "application/json",
            headers(("ETag" = String, description = "Changes with the card"))),
        (status = 304, description = "As in your copy")))]
pub(super) async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    tagged(&headers, "no-cache", app.card.json.clone().into_bytes())
}

/// The same where the page looks for it. The page also lives on plain static hosts; by this link (RFC 8631) it knows that
/// here is a server with an API, without asking for an address that others do not have.
pub(super) async fn beside_page(state: State<App>, headers: HeaderMap) -> Response {
    let mut response = show(state, headers).await;
    let service = HeaderValue::from_static("<openapi.json>; rel=\"service-desc\"");
    response.headers_mut().insert(LINK, service);
    response
}
