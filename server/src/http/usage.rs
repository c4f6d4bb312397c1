//! `GET /v1/usage`: the history, newest first, as JSON a page at a time or as CSV in one go.

use axum::{
    Json,
    extract::State,
    http::{
        HeaderMap,
        header::{ACCEPT, VARY},
    },
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use textmeter::Money;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    answers::HttpProblem,
    caller::MayRead,
    described,
    fields::{Amount, When},
    reading::{Params, cursor, page},
    statement,
};
use crate::{
    app::App,
    ledger::{Cursor, HistoryEntry, PAGE_MAX},
    price::micros,
};

/// Which part of the history, and in which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UsageQuery {
    /// Where to go on: the `next_cursor` of the page before.
    #[param(pattern = "^e[1-9a-f][0-9a-f]{0,14}$")]
    cursor: Option<String>,
    /// How many entries at most; 100 when left out. CSV is everything from the cursor on.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
    /// The form; as `Accept` says when left out.
    #[param(inline)]
    format: Option<Format>,
}

/// The form of a history.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// A page of entries.
    Json,
    /// All entries (RFC 4180).
    Csv,
}

/// A page of the history.
#[derive(Serialize, ToSchema)]
pub(super) struct Usage {
    /// Newest first.
    entries: Vec<EntryShown>,
    /// Where to go on; null at the end. What happens meanwhile comes before the first page and moves nothing.
    next_cursor: Option<String>,
}

/// A line of the history. None is ever changed or removed: the balance is their sum.
#[derive(Serialize, ToSchema)]
struct EntryShown {
    /// Its number, from 1 without a gap: the order.
    #[schema(minimum = 1)]
    seq: i64,
    /// `top-up`, `auto-charge`, `charge`, `refund` or `subscription`.
    #[schema(example = "charge")]
    kind: String,
    /// What came in, or (below nothing) went out.
    amount: Amount,
    /// The balance after it.
    balance: Amount,
    /// When.
    at: When,
    /// The charge that was paid or given back.
    charge_id: Option<Uuid>,
    /// The payment of a top-up (`provider:payment`), the id of an application, the reason of a refund.
    reference: Option<String>,
    /// What was used.
    channel: Option<String>,
    /// What `quantity` counts.
    unit: Option<String>,
    /// Units, of all recipients together.
    quantity: Option<i64>,
    /// Segments, of all recipients together, where they are what is billed.
    segments: Option<i64>,
    /// The rate card the price is from.
    rate_card: Option<String>,
}

impl From<HistoryEntry> for EntryShown {
    fn from(HistoryEntry { entry, usage }: HistoryEntry) -> EntryShown {
        let segments = usage.as_ref().filter(|usage| usage.unit == "segment").map(|usage| usage.quantity);
        let (channel, unit, quantity, rate_card) = match usage {
            None => (None, None, None, None),
            Some(usage) => {
                (Some(usage.channel), Some(usage.unit), Some(usage.quantity), Some(usage.rate_card))
            }
        };
        EntryShown {
            seq: entry.seq,
            kind: entry.kind.as_str().to_owned(),
            amount: Amount(entry.amount_micros),
            balance: Amount(entry.balance_micros),
            at: When(entry.at),
            charge_id: entry.charge_id.map(|id| id.uuid()),
            reference: entry.reference,
            channel,
            unit,
            quantity,
            segments,
            rate_card,
        }
    }
}

/// See the history
///
/// Everything that moved credits, newest first, each with the balance after it. Follow `next_cursor` until it is null: every
/// entry comes once, however the history grows meanwhile. As CSV (`format=csv`, or `Accept: text/csv`) it comes in one go,
/// and no cell of it is taken for a formula by a spreadsheet.
#[utoipa::path(get, path = "/v1/usage", tag = "credits", operation_id = "usage",
    security(("key" = ["read"]), ("bearer" = ["read"])),
    params(UsageQuery),
    responses(
        (status = 200, description = "A page of the history, or all of it as CSV", content(
            (Usage = "application/json"), (String = "text/csv"))),
        (status = 400, description = "The query cannot be read", body = described::Problem,
            content_type = "application/problem+json")))]
pub(super) async fn list(
    State(app): State<App>,
    MayRead(caller): MayRead,
    headers: HeaderMap,
    Params(query): Params<UsageQuery>,
) -> Result<Response, HttpProblem> {
    let limit = page(query.limit, 100, PAGE_MAX)?;
    let after: Option<Cursor> = cursor(query.cursor.as_deref())?;
    let vary = [(VARY, "Accept")];
    if query.format.map_or_else(|| prefers_csv(&headers), |format| format == Format::Csv) {
        let account = caller.workspace().clone();
        return Ok((vary, statement::csv(app, account, after).await?).into_response());
    }
    let history = app.ledger.history(caller.account(), after, limit).await?;
    let usage = Usage {
        entries: history.entries.into_iter().map(EntryShown::from).collect(),
        next_cursor: history.next.map(|cursor| cursor.to_string()),
    };
    Ok((vary, Json(usage)).into_response())
}

/// Whether the asker would rather have CSV than JSON (RFC 9110, 12.5.1).
fn prefers_csv(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let (mut csv, mut json, mut any) = (None, None, None);
    for range in accepted.flat_map(|list| list.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let slot = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "text/csv" => &mut csv,
            "application/json" => &mut json,
            "*/*" => &mut any,
            _ => continue,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        *slot = Some(weight.map_or(1_000, thousandths));
    }
    let csv = csv.unwrap_or(0);
    csv > 0 && csv > json.or(any).unwrap_or(0)
}

/// A weight in thousandths: `0.5` is 500. What cannot be read counts for nothing.
fn thousandths(weight: &str) -> i64 {
    Money::parse(weight).and_then(micros).map_or(0, |micros| (micros / 1_000).min(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_for_those_who_would_rather_have_it() {
        let prefers = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().unwrap());
            prefers_csv(&headers)
        };
        for accept in
            ["text/csv", "TEXT/CSV;q=0.5", "application/json;q=0.8, text/csv", "text/csv, */*;q=0.1"]
        {
            assert!(prefers(accept), "{accept}");
        }
        for accept in
            ["*/*", "application/json", "text/csv;q=0", "text/csv;q=0.5, application/json", "text/html"]
        {
            assert!(!prefers(accept), "{accept}");
        }
        assert!(!prefers_csv(&HeaderMap::new()));
    }
}
