//! A quote request with further members of ours, and the price of it that can be charged.

use axum::http::StatusCode;
use serde_json::{Map, json};
use textmeter::{Money, Quote, QuoteRequest, Raw, Unit};

use super::{answers::HttpProblem, reading::invalid};
use crate::{
    document,
    price::{Priced, Unpriced, micros},
    problem::Problem,
};

/// A quote request, and what was taken out of it.
pub(super) struct Asked<const N: usize> {
    raw: Raw,
    /// The further members, in the order of their names; `None` where absent or null.
    pub(super) more: [Option<Raw>; N],
}

impl<const N: usize> Asked<N> {
    /// Reads a document, and takes the members out that no quote request has.
    pub(super) fn read(body: &[u8], names: [&str; N]) -> Result<Asked<N>, HttpProblem> {
        let mut raw = document::read(body)?;
        let mut more = [const { None }; N];
        if let Raw::Map(members) = &mut raw {
            for (slot, name) in more.iter_mut().zip(names) {
                let mut found: Vec<Raw> =
                    members.extract_if(.., |(member, _)| member == name).map(|(_, value)| value).collect();
                if found.len() > 1 {
                    return Err(invalid("invalid-value", name, "this field is written twice; keep one"));
                }
                *slot = found.pop().filter(|value| *value != Raw::Null);
            }
        }
        Ok(Asked { raw, more })
    }

    /// What is to be priced. The balance is the ledger's, so none is taken.
    pub(super) fn request(&self) -> Result<QuoteRequest<'_>, HttpProblem> {
        let request = QuoteRequest::read(&self.raw).map_err(Problem::from)?;
        if request.balance.is_some() {
            return Err(invalid("unknown-field", "balance", "the balance is known here; leave it out"));
        }
        Ok(request)
    }
}

/// An amount above nothing, among the further members.
pub(super) fn amount_of(value: Option<&Raw>, at: &str) -> Result<Option<i64>, HttpProblem> {
    let Some(value) = value else { return Ok(None) };
    let text = match value {
        Raw::Text(text) => Some(text),
        _ => None,
    };
    let amount = text.and_then(|text| Money::parse(text)).and_then(micros);
    amount.map(Some).ok_or_else(|| {
        let message = "write an amount from 0 up with at most six decimals and a point, as in \"5.00\"";
        invalid("invalid-amount", at, message)
    })
}

/// The price to charge, which is the one that is shown; refused when something has no price, or cannot be used.
pub(super) fn priced(quote: &Quote<'_>) -> Result<Priced, HttpProblem> {
    let most = usize::try_from(quote.channel.recipients_max()).unwrap_or(usize::MAX);
    if quote.recipients.is_empty() {
        return Err(invalid("no-recipient", "to", "there is no recipient; name at least one"));
    }
    if quote.recipients.len() > most {
        let message = format!("at most {most} recipients at once; ask several times");
        return Err(invalid("too-many-recipients", "to", message));
    }
    if let Some(warning) = quote.warnings.iter().find(|warning| warning.blocks()) {
        return Err(invalid(warning.code(), "text", warning.message()));
    }
    if quote.quantity == 0 && quote.channel.unit() == Unit::Minute {
        return Err(invalid("no-minutes", "minutes", "a call that took no time costs nothing"));
    }
    Priced::of(quote).map_err(unpriced)
}

fn unpriced(recipients: Vec<Unpriced>) -> HttpProblem {
    let named: Vec<String> =
        recipients.iter().take(10).map(|one| format!("{} ({})", one.to, one.reason)).collect();
    let message =
        format!("not every recipient has a price, and all are charged or none: {}", named.join(", "));
    let entry = |one: &Unpriced| json!({ "index": one.index, "to": one.to, "reason": one.reason });
    let mut more = Map::new();
    more.insert("recipients".to_owned(), recipients.iter().map(entry).collect());
    let problem = Problem::new("unpriced-recipient", message).about("to");
    HttpProblem::new(StatusCode::UNPROCESSABLE_ENTITY, problem).with(more)
}
