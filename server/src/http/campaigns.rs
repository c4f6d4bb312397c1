//! `/v1/campaigns`: a template over a whole list.

mod body;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, HeaderValue},
    },
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use textmeter::{
    Code, Error, Money, Sender, Territory,
    campaign::{Settings, Template, Wanted},
};
use utoipa::IntoParams;

use self::body::BodyReader;
use super::{
    answers::HttpProblem,
    described,
    reading::{Params, wrong_query},
};
use crate::{
    app::App,
    campaign::pipeline::{OpenList, Reading},
    problem::Problem,
};

/// Where lists are priced.
pub(super) const QUOTE_PATH: &str = "/v1/campaigns/quote";
/// When to try again, in seconds.
const BUSY_WAIT: u64 = 5;

/// The template and how it is sent.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CampaignQuery {
    /// The text, with places to fill in: `Hi {{first_name|there}}`.
    template: String,
    /// The prepaid balance, a decimal string.
    balance: Option<String>,
    /// A channel of the rate card; `api` if absent.
    channel: Option<String>,
    /// `standard` or `toll-free`; `standard` if absent.
    sender: Option<String>,
    /// Where a number without a country code is, ISO 3166-1 alpha-2; `US` if absent.
    region: Option<String>,
    /// Replace typographic characters; as the channel does if absent.
    smart: Option<bool>,
    /// The column with the numbers; found by its name if absent.
    phone_column: Option<String>,
    /// The column that says who wants no texts; found by its name if absent.
    opt_out_column: Option<String>,
    /// Whether the first row of a CSV has the columns' names; `true` if absent. Without, they are called `1`, `2`, …
    header: Option<bool>,
    /// Whether a number is texted as often as it stands in the list; `false` if absent.
    keep_duplicates: Option<bool>,
}

/// Price a whole campaign
///
/// A template over a list of recipients: what it costs, how far the balance goes, what is dearer than the rest and why, and
/// what would make it cheaper. The list is the body, CSV or JSON lines, read as it comes and kept nowhere. Nothing is stored and
/// nothing is charged; no key is needed.
#[utoipa::path(post, path = QUOTE_PATH, tag = "prices", operation_id = "quote_campaign",
    params(CampaignQuery),
    request_body(description = "The recipients, with the columns' names in the first row or as the objects' fields.",
        content((String = "text/csv"), (String = "application/jsonl"))),
    responses(
        (status = 200, description = "What it comes to", content_type = "application/json", body = Object),
        (status = 400, description = "The query has a field too many, too few or malformed; or the list broke off \
            (`incomplete-body`)", body = described::Problem, content_type = "application/problem+json"),
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
    Params(query): Params<CampaignQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpProblem> {
    let kind = kind_of(&headers)?;
    let permit = Arc::clone(&app.lists).try_acquire_owned().map_err(|_| {
        let problem = Problem::new("busy", "other lists are being priced; send this one again in a moment");
        HttpProblem::new(StatusCode::SERVICE_UNAVAILABLE, problem).retry_after(BUSY_WAIT)
    })?;
    let (reader, feed) = BodyReader::of(body);
    let pricing = tokio::task::spawn_blocking(move || {
        // Held until the pricing ends, even when the caller has gone.
        let _permit = permit;
        price(&app, &query, kind, reader)
    });
    // The list is fed while it is priced. A list that is refused half way is not read any further.
    feed.await;
    let json = pricing.await.map_err(|_| Problem::new("internal", "the pricing stopped"))??;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response())
}

/// What a list is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListKind {
    Csv,
    JsonLines,
}

fn kind_of(headers: &HeaderMap) -> Result<ListKind, HttpProblem> {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/csv" | "text/tab-separated-values" | "application/csv" => Ok(ListKind::Csv),
        "application/jsonl" | "application/x-ndjson" | "application/ndjson" | "application/json-lines" => {
            Ok(ListKind::JsonLines)
        }
        _ => {
            let message = "send the list as text/csv or as application/jsonl, and say so in Content-Type";
            let problem = Problem::new("unsupported-media-type", message);
            Err(HttpProblem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem))
        }
    }
}

fn price(
    app: &App,
    query: &CampaignQuery,
    kind: ListKind,
    reader: BodyReader,
) -> Result<String, HttpProblem> {
    let template = Template::parse(&query.template).map_err(Problem::from)?;
    let settings = query.settings()?;
    let reader = body::as_text(reader)?;
    let wanted = Wanted {
        phone: query.phone_column.as_deref(),
        opt_out: query.opt_out_column.as_deref(),
        header: query.header.unwrap_or(true),
        region: settings.region,
    };
    let list = match kind {
        ListKind::Csv => OpenList::open(reader, Reading::default(), &wanted),
        ListKind::JsonLines => OpenList::open_json_lines(reader, &template, &wanted),
    };
    let list = list.map_err(|problem| match problem.code() {
        "input-output" => body::broken_off(problem.message()),
        _ => HttpProblem::from(problem),
    })?;
    // One core for one caller: the others are for the others.
    let outcome = list.price(&app.card.card, &template, &settings, 1, None, |_, _, _| Ok(()))?;
    match outcome.broken {
        None => Ok(outcome.json),
        Some(error) => Err(body::refused(&error)),
    }
}

impl CampaignQuery {
    fn settings(&self) -> Result<Settings<'_>, HttpProblem> {
        let mut settings = Settings {
            channel: self.channel.as_deref().unwrap_or("api"),
            smart: self.smart,
            keep_duplicates: self.keep_duplicates.unwrap_or(false),
            ..Settings::default()
        };
        if let Some(text) = &self.balance {
            let message = "write an amount from 0 up with at most six decimals and a point, as in 250.00";
            let error = || Problem::from(Error::new(Code::InvalidAmount, "balance", message));
            settings.balance = Some(Money::parse(text).ok_or_else(error)?);
        }
        if let Some(text) = &self.region {
            let error = || wrong_query("region", "write the two capital letters of ISO 3166-1, as in US");
            settings.region = Territory::parse(text).ok_or_else(error)?;
        }
        settings.sender = match self.sender.as_deref() {
            None | Some("standard") => Sender::Standard,
            Some("toll-free") => Sender::TollFree,
            Some(_) => return Err(wrong_query("sender", "write standard or toll-free")),
        };
        Ok(settings)
    }
}
