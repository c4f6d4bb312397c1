//! `GET`, `PUT` and `DELETE /v1/webhook`: where a workspace's events are told, and with which secret they are signed.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answers::HttpProblem,
    caller::{Caller, MayManage},
    reading::{Document, invalid},
};
use crate::{
    app::App,
    ledger::{Configure, Endpoint, Setting},
    problem::Problem,
    relay::check_url,
};

/// The longest address, in bytes.
const URL_BYTES_MAX: usize = 2_000;

/// Where events are told.
#[derive(Serialize, ToSchema)]
pub(super) struct WebhookShown {
    /// The address; null when events are told nowhere.
    url: Option<String>,
}

/// Where to tell events.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookRequest {
    /// `https://…` or `http://…`, without a user or a password in it. An address that is not a public one is refused,
    /// unless those who run the service allow it.
    #[schema(
        pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9.:_\[\]-]+([/?#][^\u0000-\u0020]*)?$",
        max_length = 2000,
        example = "https://example.com/hooks/textmeter"
    )]
    url: String,
}

/// Where events are told, and the secret they are signed with.
#[derive(Serialize, ToSchema)]
pub(super) struct WebhookMade {
    /// The address.
    url: String,
    /// What events are signed with (Standard Webhooks). It is shown this once.
    #[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDG+O7m1jU5Oo=")]
    secret: String,
}

/// See the webhook
///
/// Where events are told; the secret is not shown again.
#[utoipa::path(get, path = "/v1/webhook", tag = "workspace", operation_id = "webhook",
    security(("key" = ["manage"]), ("bearer" = ["manage"])),
    responses((status = 200, description = "The webhook", body = WebhookShown)))]
pub(super) async fn show(
    State(app): State<App>,
    MayManage(caller): MayManage,
) -> Result<Json<WebhookShown>, HttpProblem> {
    let webhook = app.ledger.webhook(caller.account()).await?;
    Ok(Json(WebhookShown { url: webhook.and_then(|webhook| webhook.url) }))
}

/// Set the webhook
///
/// Events (`balance.low`, `topup.succeeded`, `autocharge.failed`, `message.failed`, `campaign.paused`, `campaign.stopped`,
/// `campaign.finished`) are told here from now on, signed as
/// Standard Webhooks. Every time it is set there is a new secret, shown this once.
#[utoipa::path(put, path = "/v1/webhook", tag = "workspace", operation_id = "set_webhook",
    security(("key" = ["manage"]), ("bearer" = ["manage"])),
    request_body = WebhookRequest,
    responses((status = 200, description = "The webhook and its new secret", body = WebhookMade)))]
pub(super) async fn set(
    State(app): State<App>,
    MayManage(caller): MayManage,
    Document(WebhookRequest { url }): Document<WebhookRequest>,
) -> Result<Json<WebhookMade>, HttpProblem> {
    if url.len() > URL_BYTES_MAX {
        return Err(invalid("invalid-value", "url", format!("at most {URL_BYTES_MAX} bytes")));
    }
    check_url(&url, app.private_webhooks).map_err(|why| invalid("invalid-value", "url", why))?;
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random)
        .map_err(|_| Problem::new("internal", "the system has no randomness for a secret"))?;
    let secret = format!("whsec_{}", STANDARD.encode(random));
    let endpoint = Endpoint { url: url.clone(), secret: secret.clone() };
    configure(&app, &caller, Some(endpoint)).await?;
    app.bell.ring();
    Ok(Json(WebhookMade { url, secret }))
}

/// Remove the webhook
///
/// Events are told nowhere any more; `/v1/events` still lists them.
#[utoipa::path(delete, path = "/v1/webhook", tag = "workspace", operation_id = "remove_webhook",
    security(("key" = ["manage"]), ("bearer" = ["manage"])),
    responses((status = 204, description = "There is none now")))]
pub(super) async fn remove(
    State(app): State<App>,
    MayManage(caller): MayManage,
) -> Result<StatusCode, HttpProblem> {
    configure(&app, &caller, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn configure(app: &App, caller: &Caller, endpoint: Option<Endpoint>) -> Result<(), HttpProblem> {
    let configure = Configure { account: caller.account(), setting: Setting::Webhook(endpoint) };
    app.ledger.tell(configure).await?.outcome?;
    Ok(())
}
