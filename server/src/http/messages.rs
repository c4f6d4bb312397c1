//! `POST /v1/messages` and `GET /v1/messages/{id}`: what the provider's own API answers, and what it leaves out: what it
//! cost, what is left, and what is missing.
//!
//! The order of checks is the provider's as far as it is known: key, validation, subscription, sender, region, credits.
//! All recipients or none: one charge, one message, one line for each.

mod charged;
mod described;
mod envelope;
mod numbers;
mod request;
mod shown;

use std::time::Duration;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use textmeter::{Quote, QuoteRequest, Warning};

use self::{
    charged::{by_key, charge},
    envelope::Refused,
    request::SendRequest,
};
use super::{
    answers::{HttpProblem, JsonBody},
    caller::{Caller, MayRead, MaySend},
    refusals::pays_in,
};
use crate::{
    app::App,
    document,
    ledger::{ChargeId, ChargeRecord, QuoteUse, RequestKey},
    price::Priced,
    senders::SenderNumber,
};

pub(super) use self::{
    described::ProviderError,
    envelope::with_hit,
    numbers::{__path_list as __path_list_numbers, list as list_numbers},
    shown::per_unit,
};

/// How long a caller who is out of credit waits at least, and at most, before it is worth asking again.
pub(super) const CIRCUIT_WAIT: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(3_600));

/// Send a message
///
/// A drop-in for the provider's endpoint, which also says what the message cost. The whole price is taken, and the message
/// handed on, or nothing happens: with too few credits the answer is 402 with code `0200402`, the balance, what is required
/// and what is missing; without an active subscription 402 with code `0201402`. While a workspace is out of credit
/// `Retry-After` grows: sending again before credits came in is pointless.
///
/// With an `Idempotency-Key` the same request is sent and paid once, and a refusal stays one under that key.
#[utoipa::path(post, path = "/v1/messages", tag = "messages", operation_id = "send",
    security(("key" = ["send"]), ("bearer" = ["send"])),
    params(("Idempotency-Key" = Option<String>, Header, pattern = r#"^([!#-~]([ -~]{0,253}[!-~])?|"([ !#-\[\]-~]|\\["\\]){1,255}")$"#,
        description = "A new one for each new message")),
    request_body = described::SendBody,
    responses(
        (status = 202, description = "Paid, and on its way", body = described::SentBody),
        (status = 402, description = "`0200402`: too few credits. `0201402`: no active subscription", body = ProviderError),
        (status = 404, description = "`0200404`: there is no such sender", body = ProviderError),
        (status = 409, description = "`price-above-max`, `quote-expired`, `quote-mismatch` or `currency-mismatch`", body = ProviderError),
        (status = 422, description = "`key-reused`: the key was used with another request", body = ProviderError)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Result<MaySend, HttpProblem>,
    headers: HeaderMap,
    body: Result<JsonBody, HttpProblem>,
) -> Response {
    match send(&app, caller, &headers, body).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(),
    }
}

async fn send(
    app: &App,
    caller: Result<MaySend, HttpProblem>,
    headers: &HeaderMap,
    body: Result<JsonBody, HttpProblem>,
) -> Result<Response, Refused> {
    let MaySend(caller) = caller?;
    let key = request::idempotency_key(headers)?;
    let JsonBody(bytes) = body?;
    let raw = document::read(&bytes).map_err(HttpProblem::from)?;
    let request = SendRequest::read(&raw)?;
    let key = key.map(|key| RequestKey { key, body: request.digest() });
    let asked = request.priced_as();
    let quote = match app.card.card.quote(&asked) {
        Ok(quote) => quote,
        Err(error) => return instead(app, &caller, &request, key, Refused::quote(error)).await,
    };
    let (sender, priced, quote_use) = match judged(app, &caller, &request, &asked, &quote).await {
        Ok(judged) => judged,
        Err(refused) => return instead(app, &caller, &request, key, refused).await,
    };
    let paying = charged::Paying { request: &request, sender, key, priced, quote_use, text: &quote.text };
    let (record, replayed) = charge(app, &caller, paying).await?;
    if record.is_paid() && !replayed {
        app.metrics.charged(record.amount_micros);
        app.bell.ring();
    }
    answer(app, &caller, &request, &record, replayed)
}

/// The answer to what is refused before the ledger is asked. What was answered under the key stays the answer, whatever
/// card and rules are by now; for everything else the ledger sees to that.
async fn instead(
    app: &App,
    caller: &Caller,
    request: &SendRequest<'_>,
    key: Option<RequestKey>,
    refused: Refused,
) -> Result<Response, Refused> {
    let Some(key) = key else { return Err(refused) };
    match by_key(app, caller, &key).await? {
        Some(record) => answer(app, caller, request, &record, true),
        None => Err(refused),
    }
}

/// Everything that is checked before the ledger is asked: who sends it, and what it costs.
async fn judged(
    app: &App,
    caller: &Caller,
    request: &SendRequest<'_>,
    asked: &QuoteRequest<'_>,
    quote: &Quote<'_>,
) -> Result<(SenderNumber, Priced, Option<QuoteUse>), Refused> {
    may_be_sent(request, quote)?;
    let (priced, quote_use) = match request.quote {
        Some(id) => charged::locked(app, caller, id, asked, quote).await?,
        None => (Priced::of(quote).map_err(Refused::unpriced)?, None),
    };
    pays_in(caller.workspace(), &priced.currency)?;
    // The subscription comes first.
    let active = caller.workspace().subscription_active;
    let sender = allowed(app, request, &priced)
        .map_err(|refused| if active { refused } else { Refused::subscription() })?;
    Ok((sender, priced, quote_use))
}

/// What a quote only warns of and the provider refuses.
fn may_be_sent(request: &SendRequest<'_>, quote: &Quote<'_>) -> Result<(), Refused> {
    let mut errors = Vec::new();
    for warning in quote.warnings.iter().filter(|warning| warning.blocks()) {
        errors.push(envelope::field("/content", warning.message(), None, "string"));
    }
    let most = quote.channel.recipients_max() as usize;
    if request.to.len() > most || quote.warnings.contains(&Warning::TooManyRecipients) {
        let message = format!("a message has at most {most} recipients; send several messages");
        errors.push(envelope::field("/to", &message, None, "array"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Refused::invalid(errors)) }
}

/// Sender, then region.
fn allowed(app: &App, request: &SendRequest<'_>, priced: &Priced) -> Result<SenderNumber, Refused> {
    let sender = app.rules.sender(request.from).ok_or_else(|| Refused::no_sender(request.from))?;
    let barred = priced.lines.iter().position(|line| !app.rules.allows(line.territory.as_deref()));
    match barred.and_then(|index| Some((index, priced.lines.get(index)?))) {
        None => Ok(sender),
        Some((index, line)) => Err(Refused::region(index, &line.to, line.territory.as_deref())),
    }
}

/// The answer to a charge as it was judged, now or before: the same both times.
fn answer(
    app: &App,
    caller: &Caller,
    request: &SendRequest<'_>,
    record: &ChargeRecord,
    replayed: bool,
) -> Result<Response, Refused> {
    if record.refusal.is_some() {
        return Err(Refused::judged(record, replayed, app.ledger.now()));
    }
    let data = shown::accepted(app, caller, request.content, record);
    Ok(envelope::with_hit((StatusCode::ACCEPTED, axum::Json(data)).into_response(), replayed))
}

/// See a message
///
/// Where a message stands, and what it cost. Its text is there until it is handed on.
#[utoipa::path(get, path = "/v1/messages/{id}", tag = "messages", operation_id = "message",
    security(("key" = ["read"]), ("bearer" = ["read"])),
    params(("id" = String, Path, description = "The message's id", pattern = "^AC[0-9a-f]{32}$")),
    responses(
        (status = 200, description = "The message", body = described::SentBody),
        (status = 404, description = "There is no such message in this workspace", body = ProviderError)))]
pub(super) async fn show(
    State(app): State<App>,
    caller: Result<MayRead, HttpProblem>,
    id: Result<Path<String>, PathRejection>,
) -> Response {
    // What is not even UTF-8 is the id of nothing.
    match find(&app, caller, id.as_deref().map_or("", String::as_str)).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(),
    }
}

async fn find(app: &App, caller: Result<MayRead, HttpProblem>, id: &str) -> Result<Response, Refused> {
    let MayRead(caller) = caller?;
    let charge = message_id(id).ok_or_else(Refused::no_message)?;
    let record = app.ledger.charge(caller.account(), charge).await.map_err(HttpProblem::from)?;
    let record = record.filter(ChargeRecord::is_paid).ok_or_else(Refused::no_message)?;
    let messages = app.ledger.messages(caller.account(), charge).await.map_err(HttpProblem::from)?;
    let message = messages.first().ok_or_else(Refused::no_message)?;
    Ok(axum::Json(shown::found(app, &caller, &record, message)).into_response())
}

/// The charge of a message id: `AC` and its 32 hexadecimal digits.
fn message_id(id: &str) -> Option<ChargeId> {
    let digits = id.strip_prefix("AC").filter(|digits| digits.len() == 32)?;
    digits.parse().ok()
}

pub(super) async fn method_not_allowed() -> Refused {
    Refused::from(super::answers::method_not_allowed().await)
}

/// A problem of an outer layer, as the provider's clients read it where they are the ones who ask.
pub(super) fn as_asked(path: &str, problem: HttpProblem) -> Response {
    let theirs = path == "/v1/messages" || path.starts_with("/v1/messages/") || path == "/v1/phone-numbers";
    if theirs { Refused::from(problem).into_response() } else { problem.into_response() }
}
