//! Errors as the provider writes them: `message`, `code`, `status`, `docs`, `title`, and where given `description` and
//! `errors`. Codes of seven digits are the provider's; what it has no code for has a word of ours.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{CIRCUIT_WAIT, shown};
use crate::{
    http::{
        answers::{HttpProblem, ProblemCode},
        refusals::{amount, balance_of, details, moment},
    },
    ledger::{ChargeRecord, Failure, Moment, Refusal},
    price::Unpriced,
    problem::Problem,
};

/// Where the provider's errors point to.
const DOCS: &str = "https://quo.com/docs";

/// A refusal as the provider's clients read it.
#[derive(Debug)]
pub(in crate::http) struct Refused {
    status: StatusCode,
    code: Cow<'static, str>,
    title: Cow<'static, str>,
    message: String,
    more: Box<Map<String, Value>>,
    retry_after: Option<Duration>,
    replayed: bool,
}

/// One entry of `errors`.
pub(super) fn field(path: &str, message: &str, value: Option<&str>, wanted: &str) -> Value {
    let mut entry = json!({ "path": path, "message": message, "schema": { "type": wanted } });
    if let (Some(value), Some(members)) = (value, entry.as_object_mut()) {
        members.insert("value".to_owned(), shortened(value).into());
    }
    entry
}

/// So much of a stranger's word as an error repeats.
fn shortened(value: &str) -> &str {
    value.char_indices().nth(64).and_then(|(end, _)| value.get(..end)).unwrap_or(value)
}

/// Marks a stored answer (`Idempotency-Hit`).
pub(in crate::http) fn with_hit(mut response: Response, replayed: bool) -> Response {
    if replayed {
        response.headers_mut().insert("idempotency-hit", HeaderValue::from_static("true"));
    }
    response
}

impl Refused {
    fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        message: impl Into<String>,
    ) -> Refused {
        Refused {
            status,
            code: Cow::Borrowed(code),
            title: Cow::Borrowed(title),
            message: message.into(),
            more: Box::default(),
            retry_after: None,
            replayed: false,
        }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Refused {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// The request makes no sense; each entry of `errors` says where.
    pub(super) fn invalid(errors: Vec<Value>) -> Refused {
        let first = errors.first().and_then(|error| error.get("message")).and_then(Value::as_str);
        let message = format!("The request is not valid: {}", first.unwrap_or_default());
        Refused::new(StatusCode::BAD_REQUEST, "invalid-request", "Bad Request", message)
            .with("errors", errors)
    }

    /// The quote could not be made at all.
    pub(super) fn quote(error: textmeter::Error) -> Refused {
        let path = if error.at() == "text" { "/content" } else { "/to" };
        Refused::invalid(vec![field(path, error.message(), None, "string")])
    }

    /// Pictures and files.
    pub(super) fn mms(name: &str) -> Refused {
        let message = "MMS is not supported: send a text without media or attachments";
        Refused::new(StatusCode::BAD_REQUEST, "mms-not-supported", "MMS Not Supported", message)
            .with("errors", vec![field(&format!("/{name}"), message, None, "null")])
    }

    /// Some recipients have no price, so nobody is sent anything.
    pub(super) fn unpriced(recipients: Vec<Unpriced>) -> Refused {
        let errors = recipients.iter().map(|recipient| {
            let reason = recipient.reason;
            let mut error = field(
                &format!("/to/{}", recipient.index),
                &format!("{} cannot be texted: {reason}", shortened(&recipient.to)),
                Some(&recipient.to),
                "string",
            );
            if let Some(members) = error.as_object_mut() {
                members.insert("reason".to_owned(), reason.into());
            }
            error
        });
        Refused::invalid(errors.collect())
    }

    /// The subscription is not active: the other 402.
    pub(super) fn subscription() -> Refused {
        let message = "The subscription is not active. Nothing was sent and nothing deducted; credits alone do not send";
        Refused::new(StatusCode::PAYMENT_REQUIRED, "0201402", "Subscription Expired", message)
            .with("description", "Subscription Expired")
    }

    /// Nobody here has this number.
    pub(super) fn no_sender(from: &str) -> Refused {
        let message = format!("There is no phone number {} here to send from", shortened(from));
        Refused::new(StatusCode::NOT_FOUND, "0200404", "Not Found", message)
    }

    /// There is no such message.
    pub(super) fn no_message() -> Refused {
        let message = "There is no message of this id in this workspace";
        Refused::new(StatusCode::NOT_FOUND, "0200404", "Not Found", message)
    }

    /// The operator does not send there.
    pub(super) fn region(index: usize, to: &str, territory: Option<&str>) -> Refused {
        let place = territory.unwrap_or("a place without a territory");
        let message = format!("Texting {place} is not enabled here, so {to} cannot be texted");
        let error = field(&format!("/to/{index}"), &message, Some(to), "string");
        Refused::new(StatusCode::FORBIDDEN, "region-not-enabled", "Region Not Enabled", message)
            .with("errors", vec![error])
    }

    /// No such lock; a lock that is used up or too old is the ledger's to refuse.
    pub(super) fn no_quote() -> Refused {
        let message = "There is no quote of this id in this workspace; quote again";
        Refused::new(StatusCode::CONFLICT, "quote-expired", "Quote Expired", message)
    }

    /// The ledger could not judge. `id`: what to look for, when it may have been done all the same.
    pub(super) fn failed(failure: Failure, id: String) -> Refused {
        let unknown = matches!(failure, Failure::Unknown(_));
        let refused = Refused::from(HttpProblem::from(failure));
        if unknown { refused.with("id", id) } else { refused }
    }

    /// What the ledger refused without keeping it.
    pub(super) fn refusal(refusal: &Refusal) -> Refused {
        let problem = HttpProblem::from(refusal.clone());
        match refusal {
            Refusal::InvalidAmount { .. } | Refusal::InvalidField { .. } => {
                Refused::invalid(vec![field("", problem.problem().message(), None, "object")])
            }
            Refusal::SubscriptionInactive => Refused::subscription(),
            _ => Refused { more: Box::new(details(refusal)), ..Refused::from(problem) },
        }
    }

    /// A charge that was judged and refused. Nothing was sent, nothing deducted.
    pub(super) fn judged(record: &ChargeRecord, replayed: bool, now: Moment) -> Refused {
        let Some(refusal) = &record.refusal else { return Refused::no_message() };
        let mut refused = match refusal {
            Refusal::InsufficientFunds {
                balance_micros,
                held_micros,
                required_micros,
                shortfall_micros,
                out_of_credit_since_micros,
            } => {
                let again =
                    if record.idempotency_key.is_some() { " under a new Idempotency-Key" } else { "" };
                let message = format!(
                    "{} cost {}, and the balance is {}: {} short. Nothing was sent and nothing deducted; top up and \
                     send again{again}",
                    shown::quantity(record),
                    amount(*required_micros),
                    balance_of(*balance_micros, *held_micros),
                    amount(*shortfall_micros),
                );
                let since = Moment::from_micros(*out_of_credit_since_micros);
                let mut refused =
                    Refused::new(StatusCode::PAYMENT_REQUIRED, "0200402", "Not Enough Credits", message)
                        .with(
                            "description",
                            "The organization does not have enough prepaid credits to send the message",
                        )
                        .with("out_of_credit_since", moment(*out_of_credit_since_micros));
                // As long again as it lasts already: whoever waits so asks half as often each time.
                let (least, most) = CIRCUIT_WAIT;
                refused.retry_after = Some(since.until(now).clamp(least, most));
                refused
            }
            Refusal::SpendCap { resets_at_micros, .. } => {
                let mut refused = Refused::refusal(refusal);
                refused.title = Cow::Borrowed("Spend Cap Reached");
                refused.retry_after = Some(now.until(Moment::from_micros(*resets_at_micros)));
                refused
            }
            _ => Refused::refusal(refusal),
        };
        refused.more.extend(details(refusal));
        refused.more.extend(shown::figures(record));
        refused.replayed = replayed;
        refused
    }
}

/// What was refused before the provider's own rules were asked.
impl From<HttpProblem> for Refused {
    fn from(problem: HttpProblem) -> Refused {
        let status = problem.status();
        let (code, title): (Cow<'static, str>, Cow<'static, str>) = match status {
            StatusCode::UNAUTHORIZED => ("0200401".into(), "Unauthorized".into()),
            StatusCode::INTERNAL_SERVER_ERROR => ("0201500".into(), "Unknown".into()),
            _ => (
                problem.problem().code().to_owned().into(),
                status.canonical_reason().unwrap_or("Error").into(),
            ),
        };
        let message = problem.problem().message().to_owned();
        let mut refused = Refused {
            status,
            code,
            title,
            more: Box::default(),
            retry_after: problem.retry_after_seconds().map(Duration::from_secs),
            replayed: false,
            message,
        };
        if status == StatusCode::BAD_REQUEST {
            let error = field("", problem.problem().message(), None, "object");
            refused = refused.with("errors", vec![error]);
        }
        refused
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Refused {
        Refused::from(HttpProblem::from(problem))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut body = json!({
            "message": self.message,
            "code": self.code.as_ref(),
            "status": self.status.as_u16(),
            "docs": DOCS,
            "title": self.title.as_ref(),
        });
        if let Some(members) = body.as_object_mut() {
            members.extend(*self.more);
        }
        let mut response = (self.status, Json(body)).into_response();
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(ProblemCode(self.code.into_owned()));
        with_hit(response, self.replayed)
    }
}
