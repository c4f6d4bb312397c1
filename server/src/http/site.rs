//! The page, served as the static files it is, beside the card the server quotes by.

use std::path::{Path, PathBuf};

use axum::{
    Router,
    http::{
        Method,
        header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY},
    },
    response::{IntoResponse, Redirect, Response},
};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use super::answers::{method_not_allowed, not_found};

/// Only what comes from here runs, and nobody frames the page. Compiling WebAssembly needs its own word.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// An API key is typed here: no other window gets hold of the page, and it asks for nothing of the device.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// The files of a folder.
pub(super) fn service(folder: PathBuf) -> Router {
    let header = |name: HeaderName, value| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    Router::new()
        .fallback_service(
            ServeDir::new(folder)
                // `cargo xtask dist` puts packed copies beside the files.
                .precompressed_br()
                .precompressed_gzip()
                .call_fallback_on_method_not_allowed(true)
                .fallback(axum::routing::any(no_file)),
        )
        .layer(header(CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(header(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(header(HeaderName::from_static("permissions-policy"), PERMISSIONS))
        .layer(header(CACHE_CONTROL, "no-cache"))
}

/// Whether the page was built with other rates than the server quotes by. Its table of them must not be handed out then.
pub(super) fn has_other_rates(folder: &Path, card: &str) -> bool {
    std::fs::read(folder.join("rates.json")).is_ok_and(|built| built != card.as_bytes())
}

/// The rates themselves, in place of a table of other ones.
pub(super) async fn rates_as_data() -> Redirect {
    Redirect::to("rates.json")
}

/// Files are read, and nothing else.
async fn no_file(method: Method) -> Response {
    if method == Method::GET || method == Method::HEAD {
        return not_found().await.into_response();
    }
    ([(ALLOW, "GET,HEAD")], method_not_allowed().await).into_response()
}
