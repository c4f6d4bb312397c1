//! `GET /docs`: the description for people, and `GET /openapi.json`: the same for programs. The page is made once, has
//! no script, and asks nobody else for anything.

mod page;

use axum::{
    Router,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap},
    response::IntoResponse,
    routing::get,
};

use super::entity_tag::tagged;
use crate::app::App;

/// How the page looks.
const STYLE: &str = include_str!("docs/style.css");

/// Nothing but the style sheet is loaded, and nobody frames the page.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes of a description.
pub(super) fn routes(description: String) -> Router<App> {
    let page = page::render(&description);
    Router::new()
        .route(
            "/openapi.json",
            get(async move |headers: HeaderMap| tagged(&headers, "no-cache", description.into_bytes())),
        )
        .route("/docs", get(async move || answer("text/html; charset=utf-8", page)))
        .route("/docs.css", get(async || answer("text/css; charset=utf-8", STYLE.to_owned())))
}

fn answer(media_type: &'static str, text: String) -> impl IntoResponse {
    let headers =
        [(CONTENT_TYPE, media_type), (CACHE_CONTROL, "no-cache"), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, text)
}
