//! `GET /v1/balance`: what is left, and what stands in the way of spending it.

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answers::HttpProblem,
    caller::MayRead,
    entity_tag::tagged,
    fields::{Amount, When},
};
use crate::{
    app::App,
    ledger::{Account, AutoCharge, Moment},
    problem::Problem,
};

/// What is left, and what stands in the way of spending it.
#[derive(Serialize, ToSchema)]
pub(super) struct Balance {
    /// What there is: the sum of the history.
    balance: Amount,
    /// What of it is held for campaigns that are sending or paused, and can be spent for nothing else.
    held: Amount,
    /// What can be spent now: the balance without what is held.
    available: Amount,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Since when sends are refused for want of credits; null after credits came in. While it is set, sending again is
    /// pointless.
    out_of_credit_since: Option<When>,
    /// What auto-charge has asked for and not got yet. It cannot be spent.
    pending_top_up: Amount,
    /// Below which what is available is low, and `balance.low` is told once.
    low_balance_threshold: Option<Amount>,
    /// Whether what is available is below that threshold.
    low: bool,
    /// What may be spent in a period, UTC, and what was.
    spend_caps: SpendCaps,
    /// Without an active subscription nothing is sent.
    subscription_active: bool,
}

/// What may be spent in a period; null where it is not capped.
#[derive(Serialize, ToSchema)]
struct SpendCaps {
    /// The present day, UTC.
    day: Option<SpendCap>,
    /// The present month, UTC.
    month: Option<SpendCap>,
}

/// A cap and what was spent of it.
#[derive(Serialize, ToSchema)]
struct SpendCap {
    /// The most that may be spent.
    cap: Amount,
    /// What was spent, less what was refunded.
    spent: Amount,
    /// When the period ends.
    resets_at: When,
}

impl Balance {
    fn of(account: &Account, auto_charge: Option<&AutoCharge>, now: Moment) -> Balance {
        let cap = |cap: Option<i64>, spent, end| {
            let of = |cap| SpendCap { cap: Amount(cap), spent: Amount(spent), resets_at: When(end) };
            cap.map(of)
        };
        Balance {
            balance: Amount(account.balance_micros),
            held: Amount(account.held_micros),
            available: Amount(account.available_micros()),
            currency: account.currency.clone(),
            out_of_credit_since: account.out_of_credit_since.map(When),
            pending_top_up: Amount(auto_charge.map_or(0, |rule| rule.pending_micros)),
            low_balance_threshold: account.low_balance_micros.map(Amount),
            low: account.low_balance_micros.is_some_and(|threshold| account.available_micros() < threshold),
            spend_caps: SpendCaps {
                day: cap(account.day_cap_micros, account.day_spent_micros_at(now), now.day_end()),
                month: cap(account.month_cap_micros, account.month_spent_micros_at(now), now.month_end()),
            },
            subscription_active: account.subscription_active,
        }
    }
}

/// See the balance
///
/// What is left, what of it is held for campaigns, what is on its way, what is capped, and since when there is not enough. Ask as often as you like: with
/// `If-None-Match` an unchanged balance is 304 without a body.
#[utoipa::path(get, path = "/v1/balance", tag = "credits", operation_id = "balance",
    security(("key" = ["read"]), ("bearer" = ["read"])),
    params(("If-None-Match" = Option<String>, Header, description = "The `ETag` of the copy you have")),
    responses(
        (status = 200, description = "The balance", body = Balance,
            headers(("ETag" = String, description = "Changes with anything that is shown"))),
        (status = 304, description = "As in your copy")))]
pub(super) async fn show(
    State(app): State<App>,
    MayRead(caller): MayRead,
    headers: HeaderMap,
) -> Result<Response, HttpProblem> {
    let account = caller.workspace();
    let auto_charge = app.ledger.auto_charge(account.id).await?;
    let balance = Balance::of(account, auto_charge.as_ref(), app.ledger.now());
    let json = serde_json::to_vec(&balance).map_err(|error| Problem::new("internal", error.to_string()))?;
    Ok(tagged(&headers, "private, no-cache", json))
}
