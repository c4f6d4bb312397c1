//! `POST /v1/payments/webhook`: the payment service tells what came of a payment. Signed as Standard Webhooks; telling it
//! again changes nothing.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use textmeter::Money;

use super::answers::HttpProblem;
use crate::{
    app::App,
    ledger::{AccountId, AttemptId, AttemptOutcome, PaymentId, Refusal, SettleAttempt, TopUp},
    payment::{PaymentInbox, not_credited},
    price::micros,
    problem::Problem,
};

/// What is told.
#[derive(Deserialize)]
struct Telling {
    #[serde(rename = "type")]
    kind: String,
    data: Told,
}

/// Of which payment.
#[derive(Deserialize)]
struct Told {
    workspace: String,
    attempt: Option<String>,
    payment: Option<String>,
    amount: Option<String>,
    currency: Option<String>,
    reason: Option<String>,
}

/// Hear of a payment
///
/// The payment service tells what came of a payment, signed as Standard Webhooks with the secret both know. Telling it again
/// changes nothing.
#[utoipa::path(post, path = "/v1/payments/webhook", tag = "operation", operation_id = "hear_of_payment",
    params(
        ("webhook-id" = String, Header, description = "The telling's id"),
        ("webhook-timestamp" = String, Header, description = "When it was signed, in seconds since 1970"),
        ("webhook-signature" = String, Header, description = "`v1,` and the HMAC-SHA256")),
    request_body(content = Object, description = "`type` (`payment.succeeded` or `payment.declined`) and `data`: \
        `workspace`, `attempt`, `payment`, `amount`, `currency`, `reason`"),
    responses(
        (status = 200, description = "Recorded", body = Object),
        (status = 202, description = "Of no concern here", body = Object),
        (status = 401, description = "The signature does not fit, or is too old", body = super::described::Problem,
            content_type = "application/problem+json"),
        (status = 404, description = "No payment service is configured, or there is no such workspace or attempt",
            body = super::described::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The payment is known with another outcome", body = super::described::Problem,
            content_type = "application/problem+json")))]
pub(super) async fn receive(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, HttpProblem> {
    let Some(inbox) = app.payments.clone() else {
        let message = "this server takes no word of payments: no payment service is configured";
        return Err(HttpProblem::new(StatusCode::NOT_FOUND, Problem::new("payments-off", message)));
    };
    let seconds = app.ledger.now().micros().div_euclid(1_000_000);
    inbox.secret.verify(&headers, seconds, &body).map_err(|_| {
        let message = "this is not signed with the payment secret, or not now";
        HttpProblem::new(StatusCode::UNAUTHORIZED, Problem::new("wrong-signature", message))
    })?;
    let telling: Telling = serde_json::from_slice(&body).map_err(|error| {
        HttpProblem::new(StatusCode::BAD_REQUEST, Problem::new("invalid-json", error.to_string()))
    })?;
    let Telling { kind, data } = telling;
    let account: AccountId = id("data.workspace", &data.workspace)?;
    let attempt: Option<AttemptId> =
        data.attempt.as_deref().map(|text| id("data.attempt", text)).transpose()?;
    in_the_accounts_currency(&app, account, data.currency.as_deref()).await?;
    let replayed = match (kind.as_str(), attempt) {
        ("payment.succeeded", Some(id)) => {
            let (payment, amount_micros) = paid(&inbox, &data)?;
            let outcome = AttemptOutcome::Succeeded { payment, amount_micros };
            let told = app.ledger.tell(SettleAttempt { account, id, outcome }).await?;
            if let Err(refusal) = told.outcome {
                if refusal != Refusal::AttemptSettled {
                    not_credited(&app.ledger, account, id, &refusal).await?;
                    app.bell.ring();
                }
                return Err(refusal.into());
            }
            told.replayed
        }
        ("payment.succeeded", None) => {
            let (payment, amount_micros) = paid(&inbox, &data)?;
            let told = app.ledger.tell(TopUp { account, payment, amount_micros }).await?;
            told.outcome?;
            told.replayed
        }
        ("payment.declined", Some(id)) => {
            let reason = data.reason.unwrap_or_else(|| "declined".to_owned());
            let outcome = AttemptOutcome::Declined { reason };
            let told = app.ledger.tell(SettleAttempt { account, id, outcome }).await?;
            told.outcome?;
            told.replayed
        }
        ("payment.declined", None) => return Err(invalid("data.attempt", "which attempt was declined?")),
        // A service may tell more than is wanted here.
        _ => return Ok((StatusCode::ACCEPTED, Json(json!({ "status": "ignored" }))).into_response()),
    };
    app.bell.ring();
    let response = Json(json!({ "status": "recorded" })).into_response();
    Ok(super::messages::with_hit(response, replayed))
}

fn paid(inbox: &PaymentInbox, told: &Told) -> Result<(PaymentId, i64), HttpProblem> {
    let payment = told.payment.clone().ok_or_else(|| invalid("data.payment", "which payment was it?"))?;
    let amount = told.amount.as_deref().and_then(Money::parse).and_then(micros);
    let amount = amount.ok_or_else(|| invalid("data.amount", "write an amount, as in \"5.00\""))?;
    Ok((PaymentId { provider: inbox.provider.clone(), payment }, amount))
}

async fn in_the_accounts_currency(
    app: &App,
    account: AccountId,
    currency: Option<&str>,
) -> Result<(), HttpProblem> {
    let Some(currency) = currency else { return Ok(()) };
    let account = app.ledger.account(account).await?;
    match account {
        Some(account) if account.currency != currency => {
            Err(invalid("data.currency", "the workspace's credits are in another currency"))
        }
        // Whether there is one is the ledger's to say.
        _ => Ok(()),
    }
}

fn id<T: std::str::FromStr>(at: &'static str, text: &str) -> Result<T, HttpProblem> {
    text.parse().map_err(|_| invalid(at, "this is not an id"))
}

fn invalid(at: &str, message: &str) -> HttpProblem {
    HttpProblem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        Problem::new("invalid-field", format!("{at}: {message}")),
    )
}
