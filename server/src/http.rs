//! The routes, and nothing else.

mod answers;
mod caller;
mod quotes;
mod refusals;
mod site;

use std::path::PathBuf;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use crate::app::App;

pub use caller::Scope;

/// The largest body that is read, in bytes: the longest text a quote takes with every byte escaped, and room for the
/// recipients.
const BODY_BYTES_MAX: usize = 8 << 20;

/// All routes; `site` is the folder with the page, if it is served too.
pub fn router(app: App, site: Option<PathBuf>) -> Router {
    let router = Router::new()
        .route("/v1/quotes", post(quotes::create).fallback(answers::method_not_allowed))
        .route("/rates.json", get(site::rates).fallback(answers::method_not_allowed))
        .with_state(app)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    match site {
        Some(folder) => router.fallback_service(site::service(folder)),
        None => router.fallback(answers::not_found),
    }
}
