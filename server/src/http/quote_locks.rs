//! `POST /v1/quote-locks`: a price that holds for some minutes, whatever the rate card says by then.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;
use textmeter::Raw;
use uuid::Uuid;

use super::{
    answers::{HttpProblem, JsonBody},
    caller::MaySend,
    described,
    fields::When,
    reading::invalid,
    refusals::pays_in,
    uses::{Asked, priced},
};
use crate::{
    app::App,
    ledger::{LockQuote, QuoteId},
    price::subject,
    problem::Problem,
};

/// How long a lock holds, in seconds, when nobody says.
const SECONDS: u64 = 300;
/// The longest a caller may ask for, in seconds; the ledger's policy may allow less.
const SECONDS_MAX: u64 = 86_400;

/// A locked price, as [`described::QuoteLocked`] describes it.
#[derive(Serialize)]
struct Locked {
    quote_id: Uuid,
    expires_at: When,
    quote: Value,
}

/// Lock a price
///
/// Makes a quote and holds its price for some minutes, for one send or use of the same text to the same recipients. A
/// lock that has expired or was used is refused with 409 `quote-expired`, another send by it with `quote-mismatch`.
/// Prices in another currency than the workspace's credits are not locked: 409 `currency-mismatch`.
#[utoipa::path(post, path = "/v1/quote-locks", tag = "prices", operation_id = "quote_lock",
    security(("key" = ["send"]), ("bearer" = ["send"])),
    request_body = described::QuoteLockRequest,
    responses((status = 201, description = "The price is locked", body = described::QuoteLocked)))]
pub(super) async fn create(
    State(app): State<App>,
    MaySend(caller): MaySend,
    JsonBody(body): JsonBody,
) -> Result<Response, HttpProblem> {
    let asked = Asked::read(&body, ["expires_in"])?;
    let [expires_in] = &asked.more;
    let seconds = match expires_in {
        None => SECONDS,
        Some(Raw::Whole(seconds)) if (1..=SECONDS_MAX).contains(seconds) => *seconds,
        Some(_) => {
            return Err(invalid("invalid-value", "expires_in", "write whole seconds, from 1 to 86400"));
        }
    };
    let request = asked.request()?;
    let quote = app.card.card.quote(&request).map_err(Problem::from)?;
    let price = priced(&quote)?;
    pays_in(caller.workspace(), &price.currency)?;
    let amount_micros = price.amount_micros().unwrap_or(i64::MAX);
    if amount_micros == 0 {
        return Err(invalid("nothing-to-lock", "to", "this costs nothing: there is no price to lock"));
    }
    let lock = LockQuote {
        account: caller.account(),
        id: QuoteId::new(),
        body: subject(&request, &quote),
        amount_micros,
        document: price.document(),
        lifetime: Duration::from_secs(seconds),
    };
    let lock = app.ledger.tell(lock).await?.outcome?;
    let locked = Locked {
        quote_id: lock.id.uuid(),
        expires_at: When(lock.expires_at),
        quote: serde_json::from_str(&quote.to_json())
            .map_err(|error| Problem::new("internal", error.to_string()))?,
    };
    Ok((StatusCode::CREATED, Json(locked)).into_response())
}
