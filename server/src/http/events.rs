//! `GET /v1/events`: what was told by webhook, or is to be.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    answers::HttpProblem,
    caller::MayRead,
    fields::When,
    reading::{Params, page},
};
use crate::{app::App, ledger::PAGE_MAX, relay::event_data};

/// Which events.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// How many at most, newest first; 100 when left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// The latest events.
#[derive(Serialize, ToSchema)]
pub(super) struct Events {
    /// Newest first.
    events: Vec<EventShown>,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
struct EventShown {
    /// Its id: what a receiver tells repetitions by.
    id: Uuid,
    /// `balance.low`, `topup.succeeded`, `autocharge.failed`, `message.failed`, `campaign.paused`, `campaign.stopped` or
    /// `campaign.finished`.
    #[schema(example = "balance.low")]
    r#type: String,
    /// What it says, as in the webhook.
    #[schema(value_type = Object)]
    data: Value,
    /// `queued`, `leased`, `delivered` or `dead`.
    #[schema(example = "delivered")]
    state: String,
    /// How often it was told.
    attempts: i64,
    /// Why it could not be told, last time.
    reason: Option<String>,
    /// When it became true.
    created_at: When,
}

/// List the events
///
/// The latest things that happened, whether somebody was told of them or not.
#[utoipa::path(get, path = "/v1/events", tag = "workspace", operation_id = "events",
    security(("key" = ["read"]), ("bearer" = ["read"])),
    params(EventsQuery),
    responses(
        (status = 200, description = "The events", body = Events),
        (status = 400, description = "The query cannot be read", body = super::described::Problem,
            content_type = "application/problem+json")))]
pub(super) async fn list(
    State(app): State<App>,
    MayRead(caller): MayRead,
    Params(query): Params<EventsQuery>,
) -> Result<Json<Events>, HttpProblem> {
    let events = app.ledger.events(caller.account(), page(query.limit, 100, PAGE_MAX)?).await?;
    let shown = events.into_iter().map(|event| EventShown {
        id: event.id.uuid(),
        r#type: event.kind.as_str().to_owned(),
        data: event_data(&event.body),
        state: event.state.as_str().to_owned(),
        attempts: event.attempts,
        reason: event.reason,
        created_at: When(event.created_at),
    });
    Ok(Json(Events { events: shown.collect() }))
}
