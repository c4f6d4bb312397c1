//! `GET` and `POST /v1/workspaces`, `PATCH /v1/workspaces/{id}`: for those who run the service.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    answers::HttpProblem,
    caller::{MayOperate, Scope},
    described,
    fields::{Amount, When},
    keys::new_key,
    reading::{Document, Params, PathId, cursor, named, next_cursor, page},
};
use crate::{
    app::App,
    ledger::{Account, AccountId, Command, Configure, OpenAccount, PAGE_MAX, Refusal, Reply, Setting},
};

/// Which workspaces.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WorkspacesQuery {
    /// Where to go on: the `next_cursor` of the page before.
    #[param(format = "uuid")]
    cursor: Option<String>,
    /// How many at most; 100 when left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// A page of workspaces.
#[derive(Serialize, ToSchema)]
pub(super) struct Workspaces {
    /// Oldest first.
    workspaces: Vec<WorkspaceShown>,
    /// Where to go on; null at the end.
    next_cursor: Option<String>,
}

/// A workspace.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkspaceShown {
    /// Its id.
    id: Uuid,
    /// What people call it.
    name: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// What it can spend.
    balance: Amount,
    /// What of it is held for campaigns.
    held: Amount,
    /// Without an active subscription nothing is sent.
    subscription_active: bool,
    /// Since when its sends are refused for want of credits.
    out_of_credit_since: Option<When>,
    /// When it was opened.
    opened_at: When,
}

/// A workspace to open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkspaceRequest {
    /// What people call it: 1 to 200 characters, none of them a control character.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$",
        example = "Acme support"
    )]
    name: String,
}

/// A workspace that was opened, and its first key.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkspaceOpened {
    /// A key with every scope of a workspace. It is shown this once.
    #[schema(example = "tm_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg")]
    key: String,
    /// The rest of it.
    #[serde(flatten)]
    shown: WorkspaceShown,
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkspaceChange {
    /// Whether the subscription is active.
    subscription_active: bool,
}

impl From<Account> for WorkspaceShown {
    fn from(account: Account) -> WorkspaceShown {
        WorkspaceShown {
            id: account.id.uuid(),
            name: account.name,
            currency: account.currency,
            balance: Amount(account.balance_micros),
            held: Amount(account.held_micros),
            subscription_active: account.subscription_active,
            out_of_credit_since: account.out_of_credit_since.map(When),
            opened_at: When(account.opened_at),
        }
    }
}

/// List the workspaces
///
/// All of them, a page at a time. Only a key with the scope `operate`, which the command line makes, may.
#[utoipa::path(get, path = "/v1/workspaces", tag = "operation", operation_id = "workspaces",
    security(("key" = ["operate"]), ("bearer" = ["operate"])),
    params(WorkspacesQuery),
    responses(
        (status = 200, description = "A page of workspaces", body = Workspaces),
        (status = 400, description = "The query cannot be read", body = described::Problem,
            content_type = "application/problem+json")))]
pub(super) async fn list(
    State(app): State<App>,
    MayOperate(_operator): MayOperate,
    Params(query): Params<WorkspacesQuery>,
) -> Result<Json<Workspaces>, HttpProblem> {
    let limit = page(query.limit, 100, PAGE_MAX)?;
    let after: Option<AccountId> = cursor(query.cursor.as_deref())?;
    let accounts = app.ledger.accounts(after, limit).await?;
    let next_cursor = next_cursor(&accounts, limit, |account| account.id);
    Ok(Json(Workspaces { workspaces: accounts.into_iter().map(WorkspaceShown::from).collect(), next_cursor }))
}

/// Open a workspace
///
/// Opens a workspace with an empty balance in the rate card's currency, and makes its first key.
#[utoipa::path(post, path = "/v1/workspaces", tag = "operation", operation_id = "open_workspace",
    security(("key" = ["operate"]), ("bearer" = ["operate"])),
    request_body = WorkspaceRequest,
    responses((status = 201, description = "The workspace and its first key", body = WorkspaceOpened)))]
pub(super) async fn open(
    State(app): State<App>,
    MayOperate(_operator): MayOperate,
    Document(WorkspaceRequest { name }): Document<WorkspaceRequest>,
) -> Result<(StatusCode, Json<WorkspaceOpened>), HttpProblem> {
    named("name", &name)?;
    let id = AccountId::new();
    let (key, create) = new_key(id, "first key".to_owned(), &Scope::OF_WORKSPACES)?;
    let currency = app.card.card.currency().to_owned();
    // Together: no crash leaves a workspace nobody has a key to.
    let open = Command::OpenAccount(OpenAccount { id, name, currency });
    for reply in app.ledger.apply(vec![open, Command::CreateKey(create)]).await? {
        match reply {
            Reply::OpenAccount(answer) => drop(answer.outcome?),
            Reply::CreateKey(answer) => drop(answer.outcome?),
            _ => {}
        }
    }
    let account =
        app.ledger.account(id).await?.ok_or_else(|| Refusal::NotFound { what: "workspace".to_owned() })?;
    Ok((StatusCode::CREATED, Json(WorkspaceOpened { key, shown: account.into() })))
}

/// Switch a subscription
///
/// Without an active subscription a workspace cannot send, whatever its balance.
#[utoipa::path(patch, path = "/v1/workspaces/{id}", tag = "operation", operation_id = "change_workspace",
    security(("key" = ["operate"]), ("bearer" = ["operate"])),
    params(("id" = Uuid, Path, description = "The workspace's id")),
    request_body = WorkspaceChange,
    responses(
        (status = 200, description = "The workspace as it is now", body = WorkspaceShown),
        (status = 404, description = "There is no such workspace", body = described::Problem,
            content_type = "application/problem+json")))]
pub(super) async fn change(
    State(app): State<App>,
    MayOperate(_operator): MayOperate,
    PathId(id): PathId<AccountId>,
    Document(change): Document<WorkspaceChange>,
) -> Result<Json<WorkspaceShown>, HttpProblem> {
    let setting = Setting::SubscriptionActive(change.subscription_active);
    let account = app.ledger.tell(Configure { account: id, setting }).await?.outcome?;
    app.bell.ring();
    Ok(Json(account.into()))
}
