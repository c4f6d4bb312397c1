//! The routes, and nothing else.

mod answers;
mod balance;
mod caller;
mod campaigns;
mod charges;
mod credits;
mod described;
mod docs;
mod entity_tag;
mod events;
mod fields;
mod health;
mod idempotency;
mod keys;
mod limits;
mod messages;
mod openapi;
mod payments;
mod quote_locks;
mod quotes;
mod rates;
mod reading;
mod refusals;
mod settings;
mod site;
mod statement;
mod time_limit;
mod top_ups;
mod usage;
mod uses;
mod watch;
mod webhook;
mod why;
mod workspaces;

use std::{num::NonZeroU32, path::PathBuf, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::header::{HeaderValue, X_CONTENT_TYPE_OPTIONS},
    middleware::from_fn_with_state,
    routing::{MethodRouter, get},
};

use limits::Limits;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

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

/// The routes that are described: each handler's description stands above it.
fn api() -> OpenApiRouter<App> {
    let theirs = |router: MethodRouter<App>| router.fallback(messages::method_not_allowed);
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(quotes::create))
        .routes(routes!(quote_locks::create))
        .routes(routes!(campaigns::quote))
        .routes(routes!(campaigns::list, campaigns::create))
        .routes(routes!(campaigns::show))
        .routes(routes!(campaigns::rows))
        .routes(routes!(campaigns::pause))
        .routes(routes!(campaigns::resume))
        .routes(routes!(campaigns::stop))
        .routes(routes!(rates::show))
        .routes(routes!(messages::create).map(theirs))
        .routes(routes!(messages::show).map(theirs))
        .routes(routes!(messages::list_numbers).map(theirs))
        .routes(routes!(balance::show))
        .routes(routes!(usage::list))
        .routes(routes!(charges::create))
        .routes(routes!(charges::show))
        .routes(routes!(top_ups::create))
        .routes(routes!(credits::apply))
        .routes(routes!(settings::show, settings::change))
        .routes(routes!(webhook::show, webhook::set, webhook::remove))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(events::list))
        .routes(routes!(workspaces::list, workspaces::open))
        .routes(routes!(workspaces::change))
        .routes(routes!(payments::receive))
}

/// The OpenAPI 3.1 description of all described routes, as `textmeter openapi` prints it.
#[must_use]
pub fn openapi_json() -> String {
    openapi::json(api().into_openapi())
}

/// All routes.
pub fn router(app: App, service: Service) -> Router {
    let (mut v1, description) = api().split_for_parts();
    let description = openapi::json(description);
    if let Some(per_second) = service.rate_limit {
        let limits = Limits::new(per_second);
        limits.forget_idle_keys();
        v1 = v1.layer(from_fn_with_state(limits, limits::limit));
    }
    let router = v1
        .merge(docs::routes(description))
        .route("/rates.json", get(rates::beside_page))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(watch::metrics))
        .method_not_allowed_fallback(answers::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    let router = match service.site {
        Some(folder) if site::has_other_rates(&folder, &app.card.json) => {
            router.route("/rates.html", get(site::rates_as_data)).fallback_service(site::service(folder))
        }
        Some(folder) => router.fallback_service(site::service(folder)),
        None => router.fallback(answers::not_found),
    };
    let router = match service.timeout {
        Some(timeout) => router.layer(from_fn_with_state(timeout, time_limit::keep)),
        None => router,
    };
    // What an answer says it is, it is: nobody may guess a script from it.
    let nosniff = HeaderValue::from_static("nosniff");
    router
        .layer(SetResponseHeaderLayer::overriding(X_CONTENT_TYPE_OPTIONS, nosniff))
        .layer(from_fn_with_state(app.clone(), watch::watch))
        .with_state(app)
}
