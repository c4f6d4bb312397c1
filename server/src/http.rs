//! The routes, and nothing else.

mod answers;
mod caller;
mod health;
mod limits;
mod messages;
mod payments;
mod quotes;
mod refusals;
mod site;
mod watch;

use std::{num::NonZeroU32, path::PathBuf, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{
        StatusCode,
        header::{HeaderValue, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::from_fn_with_state,
    routing::{get, post},
};

use limits::Limits;
use tower_http::{set_header::SetResponseHeaderLayer, timeout::TimeoutLayer};

use crate::app::App;

pub use caller::Scope;
pub(crate) use refusals::{amount, moment};

/// The largest body that is read, in bytes: the longest text a quote takes with every byte escaped, and room for the
/// recipients.
const BODY_BYTES_MAX: usize = 8 << 20;

/// How the routes are served.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// The folder with the page, if it is served too.
    pub site: Option<PathBuf>,
    /// Requests a second for each API key; `None`: no limit.
    pub rate_limit: Option<NonZeroU32>,
    /// How long a request may take.
    pub timeout: Option<Duration>,
}

/// All routes.
pub fn router(app: App, service: Service) -> Router {
    let mut v1 = Router::new()
        .route("/v1/quotes", post(quotes::create))
        .route("/v1/messages", post(messages::create).fallback(messages::method_not_allowed))
        .route("/v1/messages/{id}", get(messages::show).fallback(messages::method_not_allowed))
        .route("/v1/phone-numbers", get(messages::list_numbers).fallback(messages::method_not_allowed));
    if let Some(per_second) = service.rate_limit {
        let limits = Limits::new(per_second);
        limits.forget_idle_keys();
        v1 = v1.layer(from_fn_with_state(limits, limits::limit));
    }
    let router = v1
        .route("/v1/payments/webhook", post(payments::receive))
        .route("/rates.json", get(site::rates))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(watch::metrics))
        .method_not_allowed_fallback(answers::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    let router = match service.site {
        Some(folder) => router.fallback_service(site::service(folder)),
        None => router.fallback(answers::not_found),
    };
    let router = match service.timeout {
        Some(timeout) => {
            router.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, timeout))
        }
        None => router,
    };
    // What an answer says it is, it is: nobody may guess a script from it.
    let nosniff = HeaderValue::from_static("nosniff");
    router
        .layer(SetResponseHeaderLayer::overriding(X_CONTENT_TYPE_OPTIONS, nosniff))
        .layer(from_fn_with_state(app.clone(), watch::watch))
        .with_state(app)
}
