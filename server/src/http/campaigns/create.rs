//! `POST /v1/campaigns`: the list is written as a draft while it comes, and held and started as a whole when all of it is
//! there.

use std::{
    io::{self, Read},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header::LOCATION},
    response::{IntoResponse, Response},
};
use serde_json::json;
use textmeter::campaign::{Pricer, Row};
use tokio::runtime::Handle;

use super::{
    PATH,
    body::{self, Begun, BodyReader, CAMPAIGN_BYTES_MAX},
    draft::{Begin, Draft},
    list::ListKind,
    query::{self, ListQuery, SendQuery},
    shown::{CampaignShown, started},
};
use crate::{
    app::App,
    http::{
        answers::HttpProblem,
        caller::MaySend,
        described, idempotency,
        refusals::{amount, details, pays_in},
    },
    ledger::{
        AccountId, Campaign, CampaignPapers, CampaignState, Digest, Digesting, Refusal, RequestKey,
        StartCampaign,
    },
    problem::Problem,
    senders::SenderNumber,
};

/// Send a campaign
///
/// A template to a list of recipients, which is the body: CSV or JSON lines, priced row by row as `/v1/campaigns/quote` prices it.
/// When all of it is there, what it costs is held in one step, and sending begins; each row is charged from the hold when
/// it is handed on, so the sum of the charges is the price of the quote. With too little available nothing is held and
/// nothing is sent: 402 with the figures; unless `funds=in-order` asks for as many rows as are covered, in the list's order.
/// A list that breaks off comes to nothing.
///
/// The same `Idempotency-Key` with the same query and the same list is sent once, and is answered as the first time.
#[utoipa::path(post, path = PATH, tag = "campaigns", operation_id = "send_campaign",
    security(("key" = ["send"]), ("bearer" = ["send"])),
    params(ListQuery, SendQuery,
        ("Idempotency-Key" = String, Header, pattern = r#"^([!#-~]([ -~]{0,253}[!-~])?|"([ !#-\[\]-~]|\\["\\]){1,255}")$"#,
        description = "A new one for each new campaign")),
    request_body(description = "The recipients, with the columns' names in the first row or as the objects' fields: at most \
        250,000 rows and 256 MiB.",
        content((String = "text/csv"), (String = "application/jsonl"))),
    responses(
        (status = 202, description = "Held, and being sent, now or (with `Idempotency-Hit: true`) before",
            body = CampaignShown, headers(("Location" = String, description = "Where the campaign is"))),
        (status = 400, description = "The query has a field too many, too few or malformed; or the list broke off \
            (`incomplete-body`), or came slower than 16 KiB a second", body = described::Problem, content_type = "application/problem+json"),
        (status = 402, description = "`insufficient-funds`: what is available does not cover it. `subscription-inactive`",
            body = described::Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope; or `spend-cap`: a cap does not allow it",
            body = described::Problem, content_type = "application/problem+json"),
        (status = 409, description = "`price-above-max`; `currency-mismatch`; or `too-many-campaigns`: so many are running already",
            body = described::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The list is larger than anything that is sent to", body = described::Problem,
            content_type = "application/problem+json"),
        (status = 415, description = "The body says it is something else than CSV or JSON lines",
            body = described::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The template or the list cannot be sent at all: see `code` and `at`",
            body = described::Problem, content_type = "application/problem+json"),
        (status = 503, description = "`busy`: other lists are being read. `balance-changed`: more can be spent than when the \
            list came, and no more of it was kept than could be paid then. Nothing was done: see `Retry-After`. Or the ledger \
            cannot be asked",
            body = described::Problem, content_type = "application/problem+json")))]
pub(in crate::http) async fn create(
    State(app): State<App>,
    MaySend(caller): MaySend,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpProblem> {
    let key = idempotency::key(&headers)?;
    let (list, send) = query::for_sending(&uri)?;
    let kind = ListKind::of(&headers)?;
    let account = caller.account();
    let begun = Begun::of(body).await?;
    let known = app.ledger.campaign_by_key(account, &key).await?.is_some();
    if !known {
        pays_in(caller.workspace(), app.card.card.currency())?;
    }
    let place = super::place(&app.drafts, &begun, Some(account))?;
    let (reader, feed) = begun.read(CAMPAIGN_BYTES_MAX);
    let digest = Arc::new(Mutex::new(Digesting::default()));
    add(&digest, format!("POST {PATH}\n{kind:?}\n{}\n", query::canonical(&uri)).as_bytes());
    let request = Request { app: app.clone(), account, list, send, kind, key, digest };
    let writing = tokio::task::spawn_blocking(move || {
        // Held until all is decided, even when the caller has gone.
        let _place = place;
        // What was answered under the key stays the answer, whatever card and rules are by now.
        if known { request.repeated(reader) } else { request.answered(reader) }
    });
    feed.await;
    let (campaign, papers, replayed) =
        writing.await.map_err(|_| Problem::new("internal", "the draft stopped"))??;
    let currency = app.card.card.currency();
    if !replayed && campaign.refusal.is_none() {
        app.bell.ring();
    }
    answer(campaign, papers.as_ref(), currency, replayed)
}

fn answer(
    campaign: Campaign,
    papers: Option<&CampaignPapers>,
    currency: &str,
    replayed: bool,
) -> Result<Response, HttpProblem> {
    if let Some(refusal) = campaign.refusal {
        let mut figures = details(&refusal);
        figures.insert("currency".to_owned(), currency.into());
        figures.insert(
            "rows".to_owned(),
            json!({ "listed": campaign.row_count, "sendable": campaign.sendable }),
        );
        figures.insert("cost".to_owned(), amount(campaign.total_micros).into());
        let refused = HttpProblem::from(refusal).with(figures);
        return Ok(idempotency::with_hit(refused.into_response(), replayed));
    }
    let location = format!("{PATH}/{}", campaign.id);
    let shown = started(&campaign, papers, currency);
    let response = (StatusCode::ACCEPTED, [(LOCATION, location)], Json(shown)).into_response();
    Ok(idempotency::with_hit(response, replayed))
}

type Answered = (Campaign, Option<CampaignPapers>, bool);

/// A campaign that is asked for.
struct Request {
    app: App,
    account: AccountId,
    list: ListQuery,
    send: SendQuery,
    kind: ListKind,
    key: String,
    digest: Arc<Mutex<Digesting>>,
}

impl Request {
    /// Writes the draft, and has it judged.
    fn answered(&self, reader: BodyReader) -> Result<Answered, HttpProblem> {
        let app = &self.app;
        let template = self.list.template()?;
        let from = self.send.sender(app)?;
        let settings = self.list.settings_from(&from)?;
        let (name, max_price_micros) = (self.send.name()?, self.send.max_price_micros()?);
        let funds = self.send.funds();
        let begin = Begin { account: self.account, name, from: &from, funds, settings: &settings };
        let reader = Hashed { inner: body::as_text(reader)?, digest: Arc::clone(&self.digest) };
        let (wanted, reading) = (self.list.wanted(settings.region), self.list.reading()?);
        let list = self.kind.open(reader, &template, &wanted, reading)?;
        let columns = list.columns().clone();
        let card = &app.card.card;
        let pricer = Pricer::new(card, &settings, &template, &columns).map_err(Problem::from)?;
        let mut draft = Draft::begin(app, &begin, &pricer)?;
        let text = |_: &Row<'_>, _: &_, sent: &str, out: &mut Vec<u8>| out.extend_from_slice(sent.as_bytes());
        let each = |row: &Row<'_>, quote: &_, text: &[u8]| draft.add(row, quote, text);
        // One core for one caller: the others are for the others.
        let priced = list.price(card, &template, &settings, 1, Some(&text), each);
        let judged = match priced {
            Err(problem) => Err(draft.why(problem)),
            Ok(outcome) => match outcome.broken {
                Some(error) => Err(body::refused(&error, CAMPAIGN_BYTES_MAX)),
                None => self.judged(&mut draft, &from, max_price_micros, outcome.json),
            },
        };
        if judged.is_err() {
            draft.give_up();
        }
        judged
    }

    /// The whole list is there: held and started, or refused.
    fn judged(
        &self,
        draft: &mut Draft<'_>,
        from: &SenderNumber,
        max_price_micros: Option<i64>,
        quote: String,
    ) -> Result<Answered, HttpProblem> {
        draft.flush()?;
        if draft.running.last().is_none_or(|total| *total == 0) {
            let message =
                "no row of the list can be sent; `/v1/campaigns/quote` says what is wrong with each";
            return Err(Problem::new("nothing-to-send", message).into());
        }
        let papers = CampaignPapers {
            account_id: self.account,
            campaign_id: draft.id,
            template: self.list.template.clone(),
            settings: json!({ "from": from.number }).to_string(),
            not_sendable: json!(draft.not_sendable).to_string(),
            quote,
        };
        let start = StartCampaign {
            account: self.account,
            id: draft.id,
            key: RequestKey { key: self.key.clone(), body: self.digest() },
            max_price_micros,
            running: std::mem::take(&mut draft.running).into(),
            papers: Box::new(papers.clone()),
        };
        let answer = Handle::current().block_on(self.app.ledger.insist(start))?;
        let campaign = answer.outcome?;
        // Under its own id this is no repetition but the answer that was lost on the way.
        let replayed = answer.replayed && campaign.id != draft.id;
        let papers = if replayed { self.papers_of(&campaign)? } else { Some(papers) };
        Ok((campaign, papers, replayed))
    }

    /// The key was used before: the list is only read to see whether it is the same.
    fn repeated(&self, mut reader: BodyReader) -> Result<Answered, HttpProblem> {
        let mut hashed = Hashed { inner: &mut reader, digest: Arc::clone(&self.digest) };
        io::copy(&mut hashed, &mut io::sink()).map_err(|error| body::refused(&error, CAMPAIGN_BYTES_MAX))?;
        let found = Handle::current().block_on(self.app.ledger.campaign_by_key(self.account, &self.key))?;
        let gone = || HttpProblem::from(Refusal::NotFound { what: "campaign".to_owned() });
        let campaign = found.ok_or_else(gone)?;
        if campaign.body_digest != Some(self.digest()) {
            return Err(Refusal::KeyReused.into());
        }
        let papers = self.papers_of(&campaign)?;
        Ok((campaign, papers, true))
    }

    fn papers_of(&self, campaign: &Campaign) -> Result<Option<CampaignPapers>, HttpProblem> {
        if campaign.state == CampaignState::Refused {
            return Ok(None);
        }
        Ok(Handle::current().block_on(self.app.ledger.campaign_papers(self.account, campaign.id))?)
    }

    /// Of the query and of all of the list that was read.
    fn digest(&self) -> Digest {
        self.digest.lock().unwrap_or_else(PoisonError::into_inner).digest()
    }
}

fn add(digest: &Mutex<Digesting>, bytes: &[u8]) {
    digest.lock().unwrap_or_else(PoisonError::into_inner).add(bytes);
}

/// Bytes that are digested as they are read.
struct Hashed<R> {
    inner: R,
    digest: Arc<Mutex<Digesting>>,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        add(&self.digest, buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
