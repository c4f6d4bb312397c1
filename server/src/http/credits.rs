//! `POST /v1/credits/apply`: all credits towards the subscription. There is no partial amount.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    answers::{HttpProblem, JsonBody},
    caller::MayApply,
    fields::{Amount, When},
    idempotency::{self, with_hit},
    reading::{invalid, read},
};
use crate::{
    app::App,
    ledger::{ApplicationId, ApplyAll},
};

/// What all credits are applied to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplyRequest {
    /// The one thing they can be applied to.
    #[expect(dead_code, reason = "one value is read, and nothing depends on it")]
    to: ApplyTo,
    /// Refused, whatever it says: all credits are applied or none.
    #[serde(default)]
    #[schema(ignore)]
    amount: Option<Value>,
}

/// What credits can be applied to.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ApplyTo {
    /// The next period of the subscription.
    Subscription,
}

/// Credits that were applied.
#[derive(Serialize, ToSchema)]
pub(super) struct Applied {
    /// The application's id, to tell the subscription's biller.
    id: Uuid,
    /// What they were applied to.
    to: ApplyTo,
    /// How much: all that was available; `0.00` when there was nothing, and then nothing moved.
    applied: Amount,
    /// The balance after it: what is held for campaigns, and otherwise nothing.
    balance: Amount,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// The entry of the history that took it; null when there was nothing to take.
    entry_seq: Option<i64>,
    /// When.
    created_at: When,
}

/// Apply all credits to the subscription
///
/// Takes all that is available at once, for the next period of the subscription. Part of it cannot be applied: a request with
/// an `amount` is refused with 422 `partial-amount-refused`. An empty balance is answered as what it is, an application of
/// `0.00` that moved nothing.
#[utoipa::path(post, path = "/v1/credits/apply", tag = "credits", operation_id = "apply_credits",
    security(("key" = ["credits"]), ("bearer" = ["credits"])),
    params(("Idempotency-Key" = String, Header, pattern = r#"^([!#-~]([ -~]{0,253}[!-~])?|"([ !#-\[\]-~]|\\["\\]){1,255}")$"#,
        description = "A new one for each new application")),
    request_body = ApplyRequest,
    responses((status = 200, description = "Applied, now or (with `Idempotency-Hit: true`) before", body = Applied)))]
pub(super) async fn apply(
    State(app): State<App>,
    MayApply(caller): MayApply,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, HttpProblem> {
    let key = idempotency::required(&headers, "POST /v1/credits/apply", &body)?;
    let request: ApplyRequest = read(&body)?;
    if request.amount.is_some() {
        let message = "all credits are applied or none: leave the amount out";
        return Err(invalid("partial-amount-refused", "amount", message));
    }
    let account = caller.workspace();
    let answer = app.ledger.tell(ApplyAll { account: account.id, id: ApplicationId::new(), key }).await?;
    let application = answer.outcome?;
    if !answer.replayed {
        app.bell.ring();
    }
    let applied = Applied {
        id: application.id.uuid(),
        to: ApplyTo::Subscription,
        applied: Amount(application.amount_micros),
        balance: Amount(application.balance_micros),
        currency: account.currency.clone(),
        entry_seq: application.entry_seq,
        created_at: When(application.created_at),
    };
    Ok(with_hit(Json(applied).into_response(), answer.replayed))
}
