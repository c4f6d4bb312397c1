//! The ledger's word as an answer: what it refused, and when it could not say anything.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use textmeter::Money;

use super::answers::HttpProblem;
use crate::{
    ledger::{Account, Failure, Refusal},
    problem::Problem,
};

/// An amount of the ledger as everybody else writes it.
#[must_use]
pub(crate) fn amount(micros: i64) -> String {
    let shown = Money::from_micros(micros.unsigned_abs()).to_string();
    if micros < 0 { format!("-{shown}") } else { shown }
}

/// Refuses prices in another currency than a workspace's credits: nobody says what one is worth in the other.
pub(super) fn pays_in(account: &Account, currency: &str) -> Result<(), HttpProblem> {
    let credits = &account.currency;
    if credits == currency {
        return Ok(());
    }
    let message = format!("prices are in {currency}, the workspace's credits in {credits}");
    Err(HttpProblem::new(StatusCode::CONFLICT, Problem::new("currency-mismatch", message)))
}

/// A failure moved nothing that is known of: 503, and the caller asks again, under the same key where it has one.
impl From<Failure> for HttpProblem {
    fn from(failure: Failure) -> HttpProblem {
        // Why is for those who run the twin; callers can only ask again.
        tracing::error!(%failure, "the ledger failed");
        let (code, message) = match failure {
            Failure::Unavailable(_) => {
                ("unavailable", "the ledger cannot be written now; nothing was done, try again")
            }
            Failure::Unknown(_) => (
                "outcome-unknown",
                "whether it was done is not known yet; ask again with the same Idempotency-Key",
            ),
        };
        HttpProblem::new(StatusCode::SERVICE_UNAVAILABLE, Problem::new(code, message)).retry_after(1)
    }
}

impl From<Refusal> for HttpProblem {
    fn from(refusal: Refusal) -> HttpProblem {
        let (status, message) = words(&refusal);
        let at = match &refusal {
            Refusal::InvalidAmount { field } | Refusal::InvalidField { field } => field.as_str(),
            _ => "",
        };
        let problem = HttpProblem::new(status, Problem::new(refusal.code(), message).about(at));
        match refusal {
            Refusal::BalanceChanged => problem.retry_after(1),
            refusal => problem.with(details(&refusal)),
        }
    }
}

fn words(refusal: &Refusal) -> (StatusCode, String) {
    let say = |status, message: &str| (status, message.to_owned());
    match refusal {
        Refusal::InvalidAmount { field } => (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("{field} must be an amount above nothing and within bounds"),
        ),
        Refusal::InvalidField { field } => (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("{field} is empty, too long, or has control characters in it"),
        ),
        Refusal::NotFound { what } => {
            (StatusCode::NOT_FOUND, format!("there is no such {what} in this workspace"))
        }
        Refusal::IdTaken { what } => {
            (StatusCode::CONFLICT, format!("this {what} exists already, with other contents"))
        }
        Refusal::KeyReused => say(
            StatusCode::UNPROCESSABLE_ENTITY,
            "this Idempotency-Key was used with another request; use a new one for a new request",
        ),
        Refusal::PaymentReused => {
            say(StatusCode::CONFLICT, "this payment was credited already, for another workspace or amount")
        }
        Refusal::BalanceTooLarge => {
            say(StatusCode::UNPROCESSABLE_ENTITY, "the balance would exceed its bounds")
        }
        Refusal::SubscriptionInactive => say(
            StatusCode::PAYMENT_REQUIRED,
            "the subscription is not active; nothing was sent, nothing deducted",
        ),
        Refusal::InsufficientFunds {
            balance_micros, held_micros, required_micros, shortfall_micros, ..
        } => (
            StatusCode::PAYMENT_REQUIRED,
            format!(
                "it costs {}, the balance is {}: {} short. Nothing was sent and nothing deducted; top up and send again",
                amount(*required_micros),
                balance_of(*balance_micros, *held_micros),
                amount(*shortfall_micros)
            ),
        ),
        Refusal::HoldNotCovered {
            balance_micros,
            held_micros,
            required_micros,
            shortfall_micros,
            covered_rows,
            covered_micros,
        } => (
            StatusCode::PAYMENT_REQUIRED,
            format!(
                "{} has to be held, the balance is {}: {} short. Nothing was held and nothing is sent; top up and send \
                 it again under a new Idempotency-Key, or send with funds=in-order: the first {covered_rows} are covered, \
                 for {}",
                amount(*required_micros),
                balance_of(*balance_micros, *held_micros),
                amount(*shortfall_micros),
                amount(*covered_micros),
            ),
        ),
        Refusal::TooManyCampaigns { max } => (
            StatusCode::CONFLICT,
            format!(
                "{max} campaigns are sending or paused, and there may be no more; wait for one to end, or stop one"
            ),
        ),
        Refusal::BalanceChanged => say(
            StatusCode::SERVICE_UNAVAILABLE,
            "more can be spent than when the list came, and no more of it was written than could be paid then; nothing was held \
             and nothing is sent, send it again with the same Idempotency-Key",
        ),
        Refusal::TooManyKeys { max } => (
            StatusCode::CONFLICT,
            format!(
                "{max} keys of this workspace work, and there may be no more; revoke one that nobody needs \
                 (DELETE /v1/keys/{{id}}), or make keys that expire"
            ),
        ),
        Refusal::CampaignEnded { state } => {
            (StatusCode::CONFLICT, format!("the campaign is {state}, and cannot be steered any more"))
        }
        Refusal::SpendCap { period, cap_micros, spent_micros, held_micros, required_micros, .. } => {
            let held = match *held_micros {
                0 => String::new(),
                held => format!(" and {} held for campaigns", amount(held)),
            };
            let message = format!(
                "it costs {}, and {} of this {period}'s cap of {} is spent{held}; raise the cap or wait",
                amount(*required_micros),
                amount(*spent_micros),
                amount(*cap_micros)
            );
            (StatusCode::FORBIDDEN, message)
        }
        Refusal::PriceAboveMax { price_micros, max_price_micros } => (
            StatusCode::CONFLICT,
            format!("it costs {}, above your max_price {}", amount(*price_micros), amount(*max_price_micros)),
        ),
        Refusal::QuoteExpired => say(StatusCode::CONFLICT, "the quote has expired or was used; quote again"),
        Refusal::QuoteMismatch => {
            say(StatusCode::CONFLICT, "the quote was made for another send; quote this one")
        }
        Refusal::AutoChargeNotDue { because, .. } => {
            (StatusCode::CONFLICT, format!("no payment is due: {because}"))
        }
        Refusal::AttemptSettled | Refusal::LeaseLost | Refusal::MessageSettled => {
            say(StatusCode::CONFLICT, "somebody else has settled this already")
        }
    }
}

/// A balance for people, with what cannot be spent of it.
#[must_use]
pub(crate) fn balance_of(balance_micros: i64, held_micros: i64) -> String {
    match held_micros {
        0 => amount(balance_micros),
        held => format!("{}, of which {} is held for campaigns", amount(balance_micros), amount(held)),
    }
}

/// The figures of a refusal, for programs.
#[must_use]
pub(crate) fn details(refusal: &Refusal) -> Map<String, Value> {
    let figures = match refusal {
        Refusal::InsufficientFunds {
            balance_micros,
            held_micros,
            required_micros,
            shortfall_micros,
            out_of_credit_since_micros,
        } => {
            let mut figures = short(*balance_micros, *held_micros, *required_micros, *shortfall_micros);
            figures.insert("out_of_credit_since".to_owned(), moment(*out_of_credit_since_micros).into());
            figures.into()
        }
        Refusal::HoldNotCovered {
            balance_micros,
            held_micros,
            required_micros,
            shortfall_micros,
            covered_rows,
            covered_micros,
        } => {
            let mut figures = short(*balance_micros, *held_micros, *required_micros, *shortfall_micros);
            let covered = json!({ "rows": covered_rows, "total": amount(*covered_micros) });
            figures.insert("covered".to_owned(), covered);
            figures.into()
        }
        Refusal::TooManyCampaigns { max } | Refusal::TooManyKeys { max } => json!({ "max": max }),
        Refusal::CampaignEnded { state } => json!({ "state": state }),
        Refusal::SpendCap {
            period,
            cap_micros,
            spent_micros,
            held_micros,
            required_micros,
            resets_at_micros,
        } => json!({
            "period": period,
            "cap": amount(*cap_micros),
            "spent": amount(*spent_micros),
            "held": amount(*held_micros),
            "required": amount(*required_micros),
            "resets_at": moment(*resets_at_micros),
        }),
        Refusal::PriceAboveMax { price_micros, max_price_micros } => {
            json!({ "price": amount(*price_micros), "max_price": amount(*max_price_micros) })
        }
        _ => Value::Null,
    };
    match figures {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// What there is, what is needed, and what is missing.
fn short(balance: i64, held: i64, required: i64, shortfall: i64) -> Map<String, Value> {
    let figures = [
        ("balance", balance),
        ("held", held),
        ("available", balance.saturating_sub(held)),
        ("required", required),
        ("shortfall", shortfall),
    ];
    figures.into_iter().map(|(name, micros)| (name.to_owned(), amount(micros).into())).collect()
}

/// A moment as RFC 3339 writes it, in UTC.
#[must_use]
pub(crate) fn moment(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map(|timestamp| timestamp.to_string()).unwrap_or_default()
}
