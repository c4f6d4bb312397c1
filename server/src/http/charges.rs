//! `POST /v1/charges` and `GET /v1/charges/{id}`: uses that send nothing, and why anything cost what it cost.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::json;
use textmeter::Raw;
use utoipa::ToSchema;

use super::{
    answers::{HttpProblem, JsonBody},
    caller::{MayRead, MaySend},
    described,
    fields::Amount,
    idempotency::{self, with_hit},
    messages::{CIRCUIT_WAIT, per_unit},
    reading::{PathId, invalid},
    refusals::{amount, pays_in},
    uses::{Asked, amount_of, priced},
    why::{self, ChargeShown},
};
use crate::{
    app::App,
    ledger::{Account, Charge, ChargeId, ChargeRecord, Moment, Part, QuoteId, QuoteUse, Refusal, RequestKey},
    price::{Priced, subject},
    problem::Problem,
};

/// What a use cost.
#[derive(Serialize, ToSchema)]
pub(super) struct Charged {
    /// The charge; null when it cost nothing, because then nothing moved.
    charge: Option<ChargeShown>,
    /// What was taken.
    cost: Amount,
    /// The balance after it.
    balance: Amount,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
}

/// Charge a use
///
/// Takes the price of a use that is not sent from here: a text that went out by an integration or in the app, a call that
/// was made. The price is the one `/v1/quotes` answers for the same request, or the one a quote lock holds. All of it is
/// taken or nothing. What the subscription includes costs nothing, and is answered with 200 and no charge.
///
/// A refused use is answered again under the same key; a new attempt needs a new key.
#[utoipa::path(post, path = "/v1/charges", tag = "credits", operation_id = "charge",
    security(("key" = ["send"]), ("bearer" = ["send"])),
    params(("Idempotency-Key" = String, Header, pattern = r#"^([!#-~]([ -~]{0,253}[!-~])?|"([ !#-\[\]-~]|\\["\\]){1,255}")$"#,
        description = "A new one for each new use")),
    request_body = described::ChargeRequest,
    responses(
        (status = 201, description = "Charged, now or (with `Idempotency-Hit: true`) before", body = Charged),
        (status = 200, description = "It costs nothing: the subscription includes it", body = Charged),
        (status = 402, description = "`insufficient-funds`, with `balance`, `required`, `shortfall`; or \
            `subscription-inactive`. Nothing was deducted", body = described::Problem,
            content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope (`missing-scope`), or a cap is reached (`spend-cap`)",
            body = described::Problem, content_type = "application/problem+json"),
        (status = 409, description = "`price-above-max`, `quote-expired`, `quote-mismatch` or `currency-mismatch`",
            body = described::Problem, content_type = "application/problem+json")))]
pub(super) async fn create(
    State(app): State<App>,
    MaySend(caller): MaySend,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, HttpProblem> {
    let key = idempotency::required(&headers, "POST /v1/charges", &body)?;
    let account = caller.workspace();
    let charge = match to_charge(&app, account, key.clone(), &body).await {
        Ok(Some(charge)) => charge,
        // What was answered stays the answer, whatever the card says by now. Where there is a price the ledger sees to it.
        nothing => {
            return match answered(&app, account, &key).await? {
                Some(record) => answer(&app, account, record, true),
                None => nothing.and_then(|_| free(account)),
            };
        }
    };
    let charged = app.ledger.insist(charge).await?;
    let record = *charged.outcome?;
    if record.is_paid() && !charged.replayed {
        app.metrics.charged(record.amount_micros);
        app.bell.ring();
    }
    answer(&app, account, record, charged.replayed)
}

/// What was answered under the key.
async fn answered(
    app: &App,
    account: &Account,
    key: &RequestKey,
) -> Result<Option<ChargeRecord>, HttpProblem> {
    let record = app.ledger.charge_by_key(account.id, &key.key).await?;
    match record {
        Some(record) if record.body_digest != Some(key.body) => Err(Refusal::KeyReused.into()),
        record => Ok(record),
    }
}

/// What the ledger is to charge; nothing where the use costs nothing.
async fn to_charge(
    app: &App,
    account: &Account,
    key: RequestKey,
    body: &[u8],
) -> Result<Option<Charge>, HttpProblem> {
    let asked = Asked::read(body, ["max_price", "quote_id"])?;
    let [max_price, quote_id] = &asked.more;
    let max_price_micros = amount_of(max_price.as_ref(), "max_price")?;
    let request = asked.request()?;
    let quote = app.card.card.quote(&request).map_err(Problem::from)?;
    let (price, quote_use) = match quote_id {
        None => (priced(&quote)?, None),
        Some(id) => {
            let id = read_quote_id(id)?;
            (locked(app, account, id).await?, Some(QuoteUse { id, body: subject(&request, &quote) }))
        }
    };
    pays_in(account, &price.currency)?;
    if price.amount_micros() == Some(0) {
        return Ok(None);
    }
    Ok(Some(Charge { max_price_micros, quote: quote_use, ..charge(price, account, key) }))
}

fn charge(price: Priced, account: &Account, key: RequestKey) -> Charge {
    Charge {
        account: account.id,
        id: ChargeId::new(),
        key: Some(key),
        channel: price.channel,
        unit: price.unit,
        rate_card: price.rate_card,
        parts: vec![Part { lines: price.lines, payload: None }],
        quote: None,
        max_price_micros: None,
        explanation: Some(price.explanation.to_string()),
    }
}

fn read_quote_id(value: &Raw) -> Result<QuoteId, HttpProblem> {
    let id = match value {
        Raw::Text(text) => text.parse().ok(),
        _ => None,
    };
    id.ok_or_else(|| invalid("invalid-value", "quote_id", "this is not the id of a quote lock"))
}

/// The price as it was locked. Whether the lock still holds and fits is the ledger's to judge.
async fn locked(app: &App, account: &Account, id: QuoteId) -> Result<Priced, HttpProblem> {
    let lock = app.ledger.quote(account.id, id).await?;
    let priced = lock.and_then(|lock| Priced::read(&lock.document));
    // One that is not here is one that cannot be used any more.
    priced.ok_or_else(|| Refusal::QuoteExpired.into())
}

fn free(account: &Account) -> Result<Response, HttpProblem> {
    if !account.subscription_active {
        return Err(Refusal::SubscriptionInactive.into());
    }
    let charged = Charged {
        charge: None,
        cost: Amount(0),
        balance: Amount(account.balance_micros),
        currency: account.currency.clone(),
    };
    Ok(Json(charged).into_response())
}

/// The answer to a charge as it was judged, now or before.
fn answer(
    app: &App,
    account: &Account,
    record: ChargeRecord,
    replayed: bool,
) -> Result<Response, HttpProblem> {
    if let Some(refusal) = &record.refusal {
        let refused = refused(&record, refusal, &account.currency, app.ledger.now());
        return Ok(with_hit(refused.into_response(), replayed));
    }
    let location = format!("/v1/charges/{}", record.id);
    let charged = Charged {
        cost: Amount(record.amount_micros),
        balance: Amount(record.balance_micros),
        currency: account.currency.clone(),
        charge: Some(why::shown(record, &account.currency, Vec::new())),
    };
    Ok(with_hit((StatusCode::CREATED, [(LOCATION, location)], Json(charged)).into_response(), replayed))
}

/// A refusal with the figures of what was refused.
fn refused(record: &ChargeRecord, refusal: &Refusal, currency: &str, now: Moment) -> HttpProblem {
    let quantity = record.lines.first().map_or(0, |line| line.quantity);
    let per_unit = per_unit(record).map(amount);
    let segments = (record.unit == "segment").then_some(quantity);
    let figures = json!({
        "charge_id": record.id.to_string(),
        "cost": amount(record.amount_micros),
        "unit": record.unit,
        "quantity": quantity,
        "per_unit": per_unit,
        "segments": segments,
        "per_segment": segments.and(per_unit.as_deref()),
        "currency": currency,
    });
    let mut more = super::refusals::details(refusal);
    if let Some(figures) = figures.as_object() {
        more.extend(figures.clone());
    }
    let problem = HttpProblem::from(refusal.clone()).with(more);
    match refusal {
        // As long again as it lasts already: whoever waits so asks half as often each time.
        Refusal::InsufficientFunds { out_of_credit_since_micros, .. } => {
            let (least, most) = CIRCUIT_WAIT;
            let lasts = Moment::from_micros(*out_of_credit_since_micros).until(now);
            problem.retry_after(lasts.clamp(least, most).as_secs())
        }
        Refusal::SpendCap { resets_at_micros, .. } => {
            problem.retry_after(now.until(Moment::from_micros(*resets_at_micros)).as_secs().max(1))
        }
        _ => problem,
    }
}

/// See a charge
///
/// Why this price: every line with its rate, how the text was counted and what made it so, the rate card it is from;
/// whether it was paid or why not, what was given back, and where its messages stand.
#[utoipa::path(get, path = "/v1/charges/{id}", tag = "credits", operation_id = "charge_shown",
    security(("key" = ["read"]), ("bearer" = ["read"])),
    params(("id" = uuid::Uuid, Path, description = "The charge's id, as in the history and in answers to sends")),
    responses(
        (status = 200, description = "The charge", body = ChargeShown),
        (status = 404, description = "There is no such charge in this workspace", body = described::Problem,
            content_type = "application/problem+json")))]
pub(super) async fn show(
    State(app): State<App>,
    MayRead(caller): MayRead,
    PathId(id): PathId<ChargeId>,
) -> Result<Json<ChargeShown>, HttpProblem> {
    let record = app.ledger.charge(caller.account(), id).await?;
    let record = record.ok_or_else(|| Refusal::NotFound { what: "charge".to_owned() })?;
    let messages = app.ledger.messages(caller.account(), id).await?;
    Ok(Json(why::shown(record, &caller.workspace().currency, messages)))
}
