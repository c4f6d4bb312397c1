//! `/v1/campaigns`: a template over a whole list, priced, sent, and steered.

mod body;
mod create;
mod draft;
mod list;
mod progress;
mod query;
mod shown;
mod steer;

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderMap, StatusCode, Uri,
        header::{CONTENT_TYPE, HeaderValue},
    },
    response::{IntoResponse, Response},
};
use textmeter::campaign::Settings;

use self::{
    body::{Begun, BodyReader, LIST_BYTES_MAX},
    list::ListKind,
    query::{BalanceQuery, ListQuery},
};
use super::{answers::HttpProblem, described};
use crate::{
    app::App,
    ledger::AccountId,
    places::{Lists, Place},
    problem::Problem,
};

pub(super) use self::{
    create::{__path_create, create},
    progress::{__path_list, __path_rows, __path_show, list, rows, show},
    steer::{__path_pause, __path_resume, __path_stop, pause, resume, stop},
};

/// Where campaigns are.
pub(super) const PATH: &str = "/v1/campaigns";
/// Where lists are priced.
pub(super) const QUOTE_PATH: &str = "/v1/campaigns/quote";
/// When to try again, in seconds.
const BUSY_WAIT: u64 = 5;

/// Price a whole campaign
///
/// A template over a list of recipients: what it costs, how far the balance goes, what is dearer than the rest and why, and
/// what would make it cheaper. The list is the body, CSV or JSON lines, read as it comes and kept nowhere. Nothing is stored and
/// nothing is charged; no key is needed.
#[utoipa::path(post, path = QUOTE_PATH, tag = "prices", operation_id = "quote_campaign",
    params(ListQuery, BalanceQuery),
    request_body(description = "The recipients, with the columns' names in the first row or as the objects' fields.",
        content((String = "text/csv"), (String = "application/jsonl"))),
    responses(
        (status = 200, description = "What it comes to", content_type = "application/json", body = Object),
        (status = 400, description = "The query has a field too many, too few or malformed; or the list broke off \
            (`incomplete-body`), or came slower than 16 KiB a second", body = described::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The list is larger than anything that is read", body = described::Problem,
            content_type = "application/problem+json"),
        (status = 415, description = "The body says it is something else than CSV or JSON lines",
            body = described::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The template or the list cannot be priced at all: see `code` and `at`",
            body = described::Problem, content_type = "application/problem+json"),
        (status = 503, description = "`busy`: other lists are being priced; see `Retry-After`",
            body = described::Problem, content_type = "application/problem+json")))]
pub(super) async fn quote(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpProblem> {
    let query = query::for_price(&uri)?;
    let kind = ListKind::of(&headers)?;
    let begun = Begun::of(body).await?;
    let place = place(&app.lists, &begun, None)?;
    let (reader, feed) = begun.read(LIST_BYTES_MAX);
    let pricing = tokio::task::spawn_blocking(move || {
        // Held until the pricing ends, even when the caller has gone.
        let _place = place;
        price(&app, &query, kind, reader)
    });
    // The list is fed while it is priced. A list that is refused half way is not read any further.
    feed.await;
    let json = pricing.await.map_err(|_| Problem::new("internal", "the pricing stopped"))??;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response())
}

/// A place among those whose lists are read.
fn place(lists: &Lists, begun: &Begun, workspace: Option<AccountId>) -> Result<Place, HttpProblem> {
    let places = if begun.is_whole() { &lists.whole } else { &lists.coming };
    places.take(workspace).ok_or_else(|| {
        let problem = Problem::new("busy", "other lists are being priced; send this one again in a moment");
        HttpProblem::new(StatusCode::SERVICE_UNAVAILABLE, problem).retry_after(BUSY_WAIT)
    })
}

fn price(
    app: &App,
    (query, balance): &(ListQuery, BalanceQuery),
    kind: ListKind,
    reader: BodyReader,
) -> Result<String, HttpProblem> {
    let template = query.template()?;
    let settings = Settings { balance: balance.balance()?, ..query.settings()? };
    let (wanted, reading) = (query.wanted(settings.region), query.reading()?);
    let list = kind.open(body::as_text(reader)?, &template, &wanted, reading)?;
    // One core for one caller: the others are for the others.
    let outcome = list.price(&app.card.card, &template, &settings, 1, None, |_, _, _| Ok(()))?;
    match outcome.broken {
        None => Ok(outcome.json),
        Some(error) => Err(body::refused(&error, LIST_BYTES_MAX)),
    }
}
