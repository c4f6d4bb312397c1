//! Who asks: the API key of a request, its workspace and what it may do.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header::AUTHORIZATION, request::Parts},
};

use super::answers::HttpProblem;
use crate::{
    app::App,
    ledger::{Account, AccountId, ApiKey, Digest, Refusal},
    problem::Problem,
};

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Send messages, charge uses, lock quotes.
    Send,
    /// See the balance, the history, the charges and the settings.
    Read,
    /// Apply credits.
    Credits,
    /// Change the workspace's settings, webhooks and keys.
    Manage,
    /// Credit payments. Whoever may do that makes money: only the command line makes such a key, for whoever is paid.
    TopUp,
    /// Open workspaces and switch subscriptions; only the command line makes such a key.
    Operate,
}

impl Scope {
    /// Every scope a workspace's own keys may have.
    pub const OF_WORKSPACES: [Scope; 4] = [Scope::Send, Scope::Read, Scope::Credits, Scope::Manage];

    /// As it is written and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::Send => "send",
            Scope::Read => "read",
            Scope::Credits => "credits",
            Scope::Manage => "manage",
            Scope::TopUp => "top-up",
            Scope::Operate => "operate",
        }
    }

    /// A scope from its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Scope> {
        let mut all = Scope::OF_WORKSPACES.into_iter().chain([Scope::TopUp, Scope::Operate]);
        all.find(|scope| scope.as_str() == name)
    }
}

/// A request's key that works, and its workspace as it was when the key was looked up: one question to the ledger.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    key: ApiKey,
    workspace: Account,
}

impl Caller {
    /// The caller by the key that a request carries.
    async fn of(headers: &HeaderMap, app: &App) -> Result<Caller, HttpProblem> {
        let secret =
            secret_of(headers).ok_or_else(|| unauthorized("send your API key as Authorization: tm_…"))?;
        // Looked up by the digest of 256 random bits: how long it takes tells nothing about a key.
        let key = app.ledger.key(Digest::of(secret.as_bytes())).await?;
        match key {
            Some((key, workspace)) if key.works_at(app.ledger.now()) => Ok(Caller { key, workspace }),
            Some(_) => Err(unauthorized("this API key has expired or was revoked; make a new one")),
            None => Err(unauthorized("this API key is not known here; check it, or make a new one")),
        }
    }

    /// The workspace the key belongs to: everything it sees and moves is that one's.
    #[must_use]
    pub(crate) const fn account(&self) -> AccountId {
        self.key.account_id
    }

    /// The workspace as it was when the request came in.
    pub(super) const fn workspace(&self) -> &Account {
        &self.workspace
    }

    /// The workspace as it is by now.
    pub(super) async fn workspace_now(&self, app: &App) -> Result<Account, HttpProblem> {
        let account = app.ledger.account(self.account()).await?;
        Ok(account.ok_or_else(|| Refusal::NotFound { what: "account".to_owned() })?)
    }

    /// Refuses a key that lacks a scope.
    pub(super) fn may(&self, scope: Scope) -> Result<(), HttpProblem> {
        self.may_any(&[scope])
    }

    /// Refuses a key that has none of these.
    fn may_any(&self, scopes: &[Scope]) -> Result<(), HttpProblem> {
        if scopes.iter().any(|scope| self.key.scopes.iter().any(|granted| granted == scope.as_str())) {
            return Ok(());
        }
        let names: Vec<String> = scopes.iter().map(|scope| format!("\"{}\"", scope.as_str())).collect();
        let message = format!("this API key lacks the scope {}; use one that has it", names.join(" or "));
        Err(HttpProblem::new(StatusCode::FORBIDDEN, Problem::new("missing-scope", message)))
    }
}

/// What a route takes as its caller: one whose key has a scope that it needs. No route gets a caller otherwise, and it is judged
/// before the rest of the request is read: whoever may not ask is not told what was wrong with the question.
macro_rules! callers {
    ($($name:ident: $($scope:ident)|+;)+) => {$(
        #[derive(Clone, Debug)]
        pub(super) struct $name(pub(super) Caller);

        impl FromRequestParts<App> for $name {
            type Rejection = HttpProblem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<$name, HttpProblem> {
                let caller = Caller::of(&parts.headers, app).await?;
                caller.may_any(&[$(Scope::$scope),+])?;
                Ok($name(caller))
            }
        }
    )+};
}

callers! {
    MaySend: Send;
    MayRead: Read;
    MaySendOrRead: Send | Read;
    MayApply: Credits;
    MayManage: Manage;
    MayTopUp: TopUp;
    MayOperate: Operate;
}

/// The secret of a request: `Authorization: tm_…`, the provider's own form, or with `Bearer` before it.
pub(super) fn secret_of(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?.trim();
    let secret = match value.split_once(' ') {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => secret.trim(),
        _ => value,
    };
    (!secret.is_empty()).then_some(secret)
}

fn unauthorized(message: &str) -> HttpProblem {
    HttpProblem::new(StatusCode::UNAUTHORIZED, Problem::new("unauthorized", message))
}
