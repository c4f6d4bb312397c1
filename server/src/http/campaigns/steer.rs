//! `POST /v1/campaigns/{id}/pause`, `…/resume` and `…/stop`.

use axum::{Json, extract::State};

use super::{progress::whole, shown::CampaignShown};
use crate::{
    app::App,
    http::{
        answers::HttpProblem,
        caller::{Caller, MaySend},
        described,
        reading::PathId,
    },
    ledger::{CampaignId, Steer, SteerCampaign},
};

async fn steered(
    app: &App,
    caller: &Caller,
    id: CampaignId,
    to: Steer,
) -> Result<Json<CampaignShown>, HttpProblem> {
    let answer = app.ledger.tell(SteerCampaign { account: caller.account(), id, to }).await?;
    let campaign = answer.outcome?;
    if !answer.replayed {
        app.bell.ring();
    }
    whole(app, &campaign, &caller.workspace().currency).await
}

/// Pause a campaign
///
/// No further row is handed on; what the gateway is being handed at this moment goes out. What the rest costs stays held. A
/// campaign that is paused already is answered as it is.
#[utoipa::path(post, path = "/v1/campaigns/{id}/pause", tag = "campaigns", operation_id = "pause_campaign",
    security(("key" = ["send"]), ("bearer" = ["send"])),
    params(("id" = Uuid, Path, description = "The campaign's id")),
    responses(
        (status = 200, description = "It is paused", body = CampaignShown),
        (status = 404, description = "There is no such campaign in this workspace", body = described::Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`campaign-ended`: it is stopped or finished", body = described::Problem,
            content_type = "application/problem+json")))]
pub(in crate::http) async fn pause(
    State(app): State<App>,
    MaySend(caller): MaySend,
    PathId(id): PathId<CampaignId>,
) -> Result<Json<CampaignShown>, HttpProblem> {
    steered(&app, &caller, id, Steer::Pause).await
}

/// Resume a campaign
///
/// Its rows are handed on again, at the prices that were held. One that is sending already is answered as it is.
#[utoipa::path(post, path = "/v1/campaigns/{id}/resume", tag = "campaigns", operation_id = "resume_campaign",
    security(("key" = ["send"]), ("bearer" = ["send"])),
    params(("id" = Uuid, Path, description = "The campaign's id")),
    responses(
        (status = 200, description = "It is sending", body = CampaignShown),
        (status = 402, description = "`subscription-inactive`", body = described::Problem,
            content_type = "application/problem+json"),
        (status = 404, description = "There is no such campaign in this workspace", body = described::Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`campaign-ended`: it is stopped or finished", body = described::Problem,
            content_type = "application/problem+json")))]
pub(in crate::http) async fn resume(
    State(app): State<App>,
    MaySend(caller): MaySend,
    PathId(id): PathId<CampaignId>,
) -> Result<Json<CampaignShown>, HttpProblem> {
    steered(&app, &caller, id, Steer::Resume).await
}

/// Stop a campaign
///
/// No further row is handed on, for good, and what is held for the rest is released at once. What the gateway is being handed
/// at this moment goes out. A campaign that is stopped already is answered as it is.
#[utoipa::path(post, path = "/v1/campaigns/{id}/stop", tag = "campaigns", operation_id = "stop_campaign",
    security(("key" = ["send"]), ("bearer" = ["send"])),
    params(("id" = Uuid, Path, description = "The campaign's id")),
    responses(
        (status = 200, description = "It is stopped", body = CampaignShown),
        (status = 404, description = "There is no such campaign in this workspace", body = described::Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`campaign-ended`: it is finished", body = described::Problem,
            content_type = "application/problem+json")))]
pub(in crate::http) async fn stop(
    State(app): State<App>,
    MaySend(caller): MaySend,
    PathId(id): PathId<CampaignId>,
) -> Result<Json<CampaignShown>, HttpProblem> {
    steered(&app, &caller, id, Steer::Stop).await
}
