//! `GET /v1/campaigns`, `/v1/campaigns/{id}` and `/v1/campaigns/{id}/messages`.

use std::{fmt, str::FromStr};

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    PATH,
    shown::{CampaignBrief, CampaignShown, brief, shown},
};
use crate::{
    app::App,
    http::{
        answers::HttpProblem,
        caller::MayRead,
        described,
        fields::Amount,
        reading::{Params, PathId, cursor, next_cursor, page},
    },
    ledger::{
        AccountId, Campaign, CampaignId, CampaignRowSeen, CampaignState, MessageState, PAGE_MAX, Refusal,
    },
};

/// Which campaigns.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct CampaignsQuery {
    /// Where to go on: the `next_cursor` of the page before.
    #[param(value_type = Option<Uuid>)]
    cursor: Option<String>,
    /// How many at most; 50 when left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// A page of campaigns.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Campaigns {
    /// Newest first.
    campaigns: Vec<CampaignBrief>,
    /// Where to go on; null at the end.
    next_cursor: Option<String>,
}

/// List the campaigns
///
/// Newest first. Those that were refused are not among them: nothing came of them.
#[utoipa::path(get, path = PATH, tag = "campaigns", operation_id = "campaigns",
    security(("key" = ["read"]), ("bearer" = ["read"])),
    params(CampaignsQuery),
    responses(
        (status = 200, description = "The campaigns", body = Campaigns),
        (status = 400, description = "The query cannot be read", body = described::Problem,
            content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    MayRead(caller): MayRead,
    Params(query): Params<CampaignsQuery>,
) -> Result<Json<Campaigns>, HttpProblem> {
    let limit = page(query.limit, 50, PAGE_MAX)?;
    let after: Option<CampaignId> = cursor(query.cursor.as_deref())?;
    let found = app.ledger.campaigns(caller.account(), after, limit).await?;
    let next_cursor = next_cursor(&found, limit, |campaign| campaign.id);
    let currency = &caller.workspace().currency;
    let campaigns = found.iter().map(|campaign| brief(campaign, currency)).collect();
    Ok(Json(Campaigns { campaigns, next_cursor }))
}

/// A campaign that was started in this workspace.
pub(super) async fn found(app: &App, account: AccountId, id: CampaignId) -> Result<Campaign, HttpProblem> {
    let found = app.ledger.campaign(account, id).await?;
    Ok(found.ok_or_else(|| Refusal::NotFound { what: "campaign".to_owned() })?)
}

/// A campaign with everything that is known of it.
pub(super) async fn whole(
    app: &App,
    campaign: &Campaign,
    currency: &str,
) -> Result<Json<CampaignShown>, HttpProblem> {
    let (account, id) = (campaign.account_id, campaign.id);
    let papers = app.ledger.campaign_papers(account, id).await?;
    let progress = app.ledger.campaign_progress(account, id).await?;
    Ok(Json(shown(campaign, papers.as_ref(), &progress, currency)))
}

/// See a campaign
///
/// Where it stands, what became of its rows and messages, and of the money that was held for it.
#[utoipa::path(get, path = "/v1/campaigns/{id}", tag = "campaigns", operation_id = "campaign",
    security(("key" = ["read"]), ("bearer" = ["read"])),
    params(("id" = Uuid, Path, description = "The campaign's id")),
    responses(
        (status = 200, description = "The campaign", body = CampaignShown),
        (status = 404, description = "There is no such campaign in this workspace", body = described::Problem,
            content_type = "application/problem+json")))]
pub(in crate::http) async fn show(
    State(app): State<App>,
    MayRead(caller): MayRead,
    PathId(id): PathId<CampaignId>,
) -> Result<Json<CampaignShown>, HttpProblem> {
    let campaign = found(&app, caller.account(), id).await?;
    whole(&app, &campaign, &caller.workspace().currency).await
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct RowsQuery {
    /// Where to go on: the `next_cursor` of the page before.
    #[param(pattern = "^r[1-9][0-9]{0,8}$")]
    cursor: Option<String>,
    /// How many at most; 100 when left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// A page of a campaign's rows.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RowsShown {
    /// In the list's order.
    messages: Vec<RowShown>,
    /// Where to go on; null at the end.
    next_cursor: Option<String>,
}

/// A row of a campaign's list.
#[derive(Serialize, ToSchema)]
struct RowShown {
    /// The line of the list it begins on.
    line: i64,
    /// Who it goes to, in E.164; where it is no number, what stood there.
    to: String,
    /// Where that is, ISO 3166-1 alpha-2, when it is known.
    territory: Option<String>,
    /// `waiting`, `cancelled` (the campaign was stopped), `not-covered`; once it is handed on where its message stands:
    /// `queued`, `leased`, `delivered`, `failed`, `dead`, `unknown` or `refunded`; and for rows that cannot be sent the
    /// reason, as in a quote: `duplicate-number`, `no-rate`, …
    #[schema(example = "delivered")]
    status: String,
    /// Units billed.
    quantity: i64,
    /// The price; nothing for rows that cannot be sent.
    price: Amount,
    /// What of it was given back.
    refunded: Amount,
    /// What paid for it: see `/v1/charges/{id}`.
    charge_id: Option<Uuid>,
}

/// List a campaign's messages
///
/// Every row of the list in its order, also those that cannot be sent, with what it costs and what became of it.
#[utoipa::path(get, path = "/v1/campaigns/{id}/messages", tag = "campaigns", operation_id = "campaign_messages",
    security(("key" = ["read"]), ("bearer" = ["read"])),
    params(("id" = Uuid, Path, description = "The campaign's id"), RowsQuery),
    responses(
        (status = 200, description = "The rows", body = RowsShown),
        (status = 400, description = "The query cannot be read", body = described::Problem,
            content_type = "application/problem+json"),
        (status = 404, description = "There is no such campaign in this workspace", body = described::Problem,
            content_type = "application/problem+json")))]
pub(in crate::http) async fn rows(
    State(app): State<App>,
    MayRead(caller): MayRead,
    PathId(id): PathId<CampaignId>,
    Params(query): Params<RowsQuery>,
) -> Result<Json<RowsShown>, HttpProblem> {
    let campaign = found(&app, caller.account(), id).await?;
    let limit = page(query.limit, 100, PAGE_MAX)?;
    let from = cursor(query.cursor.as_deref())?.map_or(0, |RowCursor(number)| number);
    let found = app.ledger.campaign_rows(caller.account(), id, from, limit).await?;
    let after = found.last().map_or(from, |last| last.row.number.saturating_add(1));
    let next_cursor = (after < campaign.row_count && !found.is_empty()).then(|| RowCursor(after).to_string());
    let messages = found.into_iter().map(|seen| row_shown(&campaign, seen)).collect();
    Ok(Json(RowsShown { messages, next_cursor }))
}

/// The row that a page begins with.
struct RowCursor(i64);

impl fmt::Display for RowCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

impl FromStr for RowCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<RowCursor, ()> {
        let number: i64 = text.strip_prefix('r').ok_or(())?.parse().map_err(|_| ())?;
        if number > 0 && RowCursor(number).to_string() == text { Ok(RowCursor(number)) } else { Err(()) }
    }
}

fn row_shown(campaign: &Campaign, seen: CampaignRowSeen) -> RowShown {
    let CampaignRowSeen { row, message, refunded_micros } = seen;
    let price = Amount(row.amount_micros());
    let status = match (row.reason, message) {
        (Some(reason), _) => reason,
        (None, Some(MessageState::Cancelled)) => "refunded".to_owned(),
        (None, Some(message)) => message.as_str().to_owned(),
        (None, None) if row.number >= campaign.covered_rows => "not-covered".to_owned(),
        (None, None) if campaign.state == CampaignState::Stopped => "cancelled".to_owned(),
        (None, None) => "waiting".to_owned(),
    };
    RowShown {
        line: row.line,
        to: row.recipient,
        territory: row.territory,
        status,
        quantity: row.quantity,
        price,
        refunded: Amount(refunded_micros),
        charge_id: row.charge_id.map(|id| id.uuid()),
    }
}
