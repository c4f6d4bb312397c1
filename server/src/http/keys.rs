//! `GET` and `POST /v1/keys`, `DELETE /v1/keys/{id}`: a workspace's API keys.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use textmeter::Raw;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    answers::HttpProblem,
    caller::{MayManage, Scope},
    described,
    fields::When,
    reading::{Document, Params, PathId, cursor, invalid, named, next_cursor, page},
};
use crate::{
    app::App,
    ledger::{ApiKey, CreateKey, Digest, KeyId, PAGE_MAX, RevokeKey, new_secret},
    problem::Problem,
};

/// The longest a key is made for, in seconds: ten years.
const SECONDS_MAX: u64 = 315_360_000;

/// Which keys.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct KeysQuery {
    /// Only those that work: at most 100, all of them in one page.
    #[serde(default)]
    active: bool,
    /// Where to go on: the `next_cursor` of the page before.
    #[param(value_type = Option<Uuid>)]
    cursor: Option<String>,
    /// How many at most; 100 when left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// A key, without its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyShown {
    /// Its id, to revoke it by.
    id: Uuid,
    /// What people call it.
    label: String,
    /// What it may do.
    #[schema(example = json!(["send", "read"]))]
    scopes: Vec<String>,
    /// When it was made.
    created_at: When,
    /// When it stops working; null: never.
    expires_at: Option<When>,
    /// When it was revoked.
    revoked_at: Option<When>,
    /// Whether it works.
    active: bool,
}

/// A page of a workspace's keys.
#[derive(Serialize, ToSchema)]
pub(super) struct Keys {
    /// Newest first.
    keys: Vec<KeyShown>,
    /// Where to go on; null at the end.
    next_cursor: Option<String>,
}

/// A key to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyRequest {
    /// What people call it: 1 to 200 characters, none of them a control character.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$",
        example = "nightly reminders"
    )]
    label: String,
    /// What it may do: what the key that asks may do, or less.
    #[schema(min_items = 1)]
    scopes: Vec<KeyScope>,
    /// For how many seconds it works; until it is revoked when left out.
    #[serde(default)]
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 315_360_000)]
    expires_in: Option<Raw>,
}

/// What a key may do.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum KeyScope {
    /// Send messages, charge uses, lock quotes.
    Send,
    /// See the balance, the history, the charges and the settings.
    Read,
    /// Apply credits.
    Credits,
    /// Change the workspace's settings, webhook and keys.
    Manage,
}

impl From<KeyScope> for Scope {
    fn from(scope: KeyScope) -> Scope {
        match scope {
            KeyScope::Send => Scope::Send,
            KeyScope::Read => Scope::Read,
            KeyScope::Credits => Scope::Credits,
            KeyScope::Manage => Scope::Manage,
        }
    }
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyMade {
    /// What to send as `Authorization`. It is shown this once.
    #[schema(example = "tm_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg")]
    key: String,
    /// The rest of it.
    #[serde(flatten)]
    shown: KeyShown,
}

impl KeyShown {
    fn of(key: ApiKey, app: &App) -> KeyShown {
        KeyShown {
            active: key.works_at(app.ledger.now()),
            id: key.id.uuid(),
            label: key.label,
            scopes: key.scopes,
            created_at: When(key.created_at),
            expires_at: key.expires_at.map(When),
            revoked_at: key.revoked_at.map(When),
        }
    }
}

/// List the keys
///
/// The keys of the workspace, newest first, also those that do not work any more. Secrets are not kept and cannot be shown.
#[utoipa::path(get, path = "/v1/keys", tag = "workspace", operation_id = "keys",
    security(("key" = ["manage"]), ("bearer" = ["manage"])),
    params(KeysQuery),
    responses(
        (status = 200, description = "The keys", body = Keys),
        (status = 400, description = "The query cannot be read", body = described::Problem,
            content_type = "application/problem+json")))]
pub(super) async fn list(
    State(app): State<App>,
    MayManage(caller): MayManage,
    Params(query): Params<KeysQuery>,
) -> Result<Json<Keys>, HttpProblem> {
    let limit = page(query.limit, 100, PAGE_MAX)?;
    let after: Option<KeyId> = cursor(query.cursor.as_deref())?;
    let (keys, next_cursor) = if query.active {
        (app.ledger.working_keys(caller.account()).await?, None)
    } else {
        let keys = app.ledger.keys(caller.account(), after, limit).await?;
        let next = next_cursor(&keys, limit, |key| key.id);
        (keys, next)
    };
    let keys = keys.into_iter().map(|key| KeyShown::of(key, &app)).collect();
    Ok(Json(Keys { keys, next_cursor }))
}

/// Make a key
///
/// The secret is shown this once. A key can give what it may do itself, and nothing more. At most 100 keys of a workspace
/// work at the same time.
#[utoipa::path(post, path = "/v1/keys", tag = "workspace", operation_id = "create_key",
    security(("key" = ["manage"]), ("bearer" = ["manage"])),
    request_body = KeyRequest,
    responses(
        (status = 201, description = "The key", body = KeyMade),
        (status = 409, description = "`too-many-keys`: so many work already; revoke one", body = described::Problem,
            content_type = "application/problem+json")))]
pub(super) async fn create(
    State(app): State<App>,
    MayManage(caller): MayManage,
    Document(request): Document<KeyRequest>,
) -> Result<(StatusCode, Json<KeyMade>), HttpProblem> {
    let mut scopes: Vec<Scope> = Vec::new();
    for scope in request.scopes.into_iter().map(Scope::from) {
        caller.may(scope)?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if scopes.is_empty() {
        return Err(invalid(
            "invalid-value",
            "scopes",
            "a key that may do nothing is of no use; name a scope",
        ));
    }
    named("label", &request.label)?;
    let lifetime = match request.expires_in {
        None => None,
        Some(Raw::Whole(seconds)) if (1..=SECONDS_MAX).contains(&seconds) => {
            Some(Duration::from_secs(seconds))
        }
        Some(_) => {
            let message = "write whole seconds, from 1 to those of ten years";
            return Err(invalid("invalid-value", "expires_in", message));
        }
    };
    let (secret, create) = new_key(caller.account(), request.label, &scopes)?;
    let create = CreateKey { lifetime, ..create };
    let key = app.ledger.tell(create).await?.outcome?;
    Ok((StatusCode::CREATED, Json(KeyMade { key: secret, shown: KeyShown::of(key, &app) })))
}

/// A new key: its secret, and what the ledger is told of it.
pub(super) fn new_key(
    account: crate::ledger::AccountId,
    label: String,
    scopes: &[Scope],
) -> Result<(String, CreateKey), HttpProblem> {
    let secret =
        new_secret().ok_or_else(|| Problem::new("internal", "the system has no randomness for a key"))?;
    let create = CreateKey {
        account,
        id: KeyId::new(),
        digest: Digest::of(secret.as_bytes()),
        label,
        scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        lifetime: None,
    };
    Ok((secret, create))
}

/// Revoke a key
///
/// It stops working at once and for good. Revoking it again changes nothing.
#[utoipa::path(delete, path = "/v1/keys/{id}", tag = "workspace", operation_id = "revoke_key",
    security(("key" = ["manage"]), ("bearer" = ["manage"])),
    params(("id" = Uuid, Path, description = "The key's id")),
    responses(
        (status = 204, description = "It does not work any more"),
        (status = 404, description = "There is no such key in this workspace", body = described::Problem,
            content_type = "application/problem+json")))]
pub(super) async fn revoke(
    State(app): State<App>,
    MayManage(caller): MayManage,
    PathId(id): PathId<KeyId>,
) -> Result<StatusCode, HttpProblem> {
    app.ledger.tell(RevokeKey { account: caller.account(), id }).await?.outcome?;
    Ok(StatusCode::NO_CONTENT)
}
