//! `POST /v1/top-ups`: credits that were paid for, credited once however often the payment is told of.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    answers::HttpProblem,
    caller::{MayTopUp, Scope},
    described,
    fields::{Amount, Sum, When},
    idempotency::with_hit,
    reading::Document,
};
use crate::{
    app::App,
    ledger::{AccountId, PaymentId, TopUp},
    problem::Problem,
};

/// A payment that was taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TopUpRequest {
    /// How much was paid.
    amount: Sum,
    /// Who took the payment.
    #[schema(
        min_length = 1,
        max_length = 40,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$",
        example = "stripe"
    )]
    provider: String,
    /// What they call it: the same payment is credited once.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$",
        example = "pi_3OqX"
    )]
    payment: String,
    /// The workspace to credit, by its id; the key's own if absent. Another takes the scope `operate` as well.
    workspace: Option<Uuid>,
}

/// Credits that came in.
#[derive(Serialize, ToSchema)]
pub(super) struct ToppedUp {
    /// How much was credited.
    amount: Amount,
    /// The balance after it.
    balance: Amount,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Who took the payment.
    provider: String,
    /// What they call it.
    payment: String,
    /// The entry of the history that credited it.
    entry_seq: i64,
    /// When it was credited.
    created_at: When,
}

/// Top up
///
/// Credits a payment. The payment is its own idempotency key: told again, it is answered with 200 and
/// `Idempotency-Hit: true`, and nothing moves. Only a key with the scope `top-up`, which the command line makes, may.
#[utoipa::path(post, path = "/v1/top-ups", tag = "credits", operation_id = "top_up",
    security(("key" = ["top-up"]), ("bearer" = ["top-up"])),
    request_body = TopUpRequest,
    responses(
        (status = 201, description = "Credited", body = ToppedUp),
        (status = 200, description = "It was credited before", body = ToppedUp),
        (status = 409, description = "`payment-reused`: it was credited already, for another workspace or amount",
            body = described::Problem, content_type = "application/problem+json")))]
pub(super) async fn create(
    State(app): State<App>,
    MayTopUp(caller): MayTopUp,
    Document(told): Document<TopUpRequest>,
) -> Result<Response, HttpProblem> {
    let account = match told.workspace {
        None => caller.workspace().clone(),
        Some(workspace) => {
            caller.may(Scope::Operate)?;
            app.ledger.account(AccountId::from_uuid(workspace)).await?.ok_or_else(no_workspace)?
        }
    };
    let payment = PaymentId { provider: told.provider, payment: told.payment };
    let answer =
        app.ledger.tell(TopUp { account: account.id, payment, amount_micros: told.amount.0 }).await?;
    let payment = answer.outcome?;
    if !answer.replayed {
        app.bell.ring();
    }
    let topped_up = ToppedUp {
        amount: Amount(payment.amount_micros),
        balance: Amount(payment.balance_micros),
        currency: account.currency.clone(),
        provider: payment.provider,
        payment: payment.payment,
        entry_seq: payment.entry_seq,
        created_at: When(payment.created_at),
    };
    let status = if answer.replayed { StatusCode::OK } else { StatusCode::CREATED };
    Ok(with_hit((status, Json(topped_up)).into_response(), answer.replayed))
}

fn no_workspace() -> HttpProblem {
    let problem = Problem::new("invalid-value", "there is no workspace of this id").about("workspace");
    HttpProblem::new(StatusCode::UNPROCESSABLE_ENTITY, problem)
}
