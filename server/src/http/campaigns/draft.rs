//! A list on its way into the ledger: each row is written as it is priced, and nothing of it is sent before all are there.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use textmeter::{
    Channel, Money, Sender,
    campaign::{Pricer, Row, RowQuote, Settings, Status, typed_in},
    segment_as,
};
use tokio::runtime::Handle;

use crate::{
    app::App,
    http::answers::HttpProblem,
    ledger::{
        AccountId, AddCampaignRows, CAMPAIGN_ROWS_MAX, CampaignId, DraftCampaign, DropCampaign, Funds,
        NewCampaignRow, Refusal, RowSending,
    },
    price::{micros, unit},
    problem::Problem,
    senders::SenderNumber,
};

/// So many rows are written at once: more would keep others waiting for the ledger.
const CHUNK_ROWS: usize = 250;
/// So much of what stands where a number should is kept.
const RECIPIENT_CHARS: usize = 60;
/// A row to a territory the operator does not text.
const NOT_ALLOWED: &str = "region-not-allowed";

/// What a draft is begun with.
pub(super) struct Begin<'a> {
    pub(super) account: AccountId,
    pub(super) name: Option<&'a str>,
    pub(super) from: &'a SenderNumber,
    pub(super) funds: Funds,
    pub(super) settings: &'a Settings<'a>,
}

/// A draft that is written by a thread that may wait.
pub(super) struct Draft<'a> {
    app: &'a App,
    channel: &'a Channel,
    from: &'a SenderNumber,
    sender: Sender,
    account: AccountId,
    pub(super) id: CampaignId,
    rows: Vec<NewCampaignRow>,
    written: usize,
    /// What the rows cost up to and with each of them.
    pub(super) running: Vec<i64>,
    pub(super) not_sendable: BTreeMap<&'static str, u64>,
    phone: usize,
    /// Why it cannot be written any further.
    refused: Option<HttpProblem>,
}

impl<'a> Draft<'a> {
    /// Begins a draft of what a pricer prices.
    pub(super) fn begin(
        app: &'a App,
        begin: &Begin<'a>,
        pricer: &Pricer<'a>,
    ) -> Result<Draft<'a>, HttpProblem> {
        let (card, channel) = (pricer.card(), pricer.channel());
        let id = CampaignId::new();
        let draft = DraftCampaign {
            account: begin.account,
            id,
            name: begin.name.map(str::to_owned),
            channel: channel.name().to_owned(),
            unit: unit(channel.unit()).to_owned(),
            rate_card: card.id().to_owned(),
            sender: shown_sender(begin.from).to_owned(),
            funds: begin.funds,
        };
        Handle::current().block_on(app.ledger.tell(draft))?.outcome?;
        Ok(Draft {
            app,
            channel,
            from: begin.from,
            sender: begin.settings.sender,
            account: begin.account,
            id,
            rows: Vec::with_capacity(CHUNK_ROWS),
            written: 0,
            running: Vec::new(),
            not_sendable: BTreeMap::new(),
            phone: pricer.columns().phone(),
            refused: None,
        })
    }

    /// Adds the next row with the text it sends. An error stops the pricing; why is kept here.
    pub(super) fn add(&mut self, row: &Row<'_>, quote: &RowQuote, text: &[u8]) -> Result<(), Problem> {
        let added = self.row(row, quote, text).and_then(|row| self.push(row));
        added.map_err(|refused| {
            let problem = Problem::new("internal", refused.problem().message());
            self.refused = Some(refused);
            problem
        })
    }

    fn push(&mut self, row: NewCampaignRow) -> Result<(), HttpProblem> {
        let costs = match &row.sending {
            Ok(sending) => sending.quantity.saturating_mul(sending.per_unit_micros),
            Err(reason) => {
                *self.not_sendable.entry(reason).or_default() += 1;
                0
            }
        };
        self.running.push(self.running.last().copied().unwrap_or(0).saturating_add(costs));
        self.rows.push(row);
        if self.running.len() > CAMPAIGN_ROWS_MAX {
            let message = format!("a campaign may have {CAMPAIGN_ROWS_MAX} rows; send the list in parts");
            let problem = Problem::new("too-many-rows", message);
            return Err(HttpProblem::new(axum::http::StatusCode::PAYLOAD_TOO_LARGE, problem));
        }
        if self.rows.len() >= CHUNK_ROWS { self.flush() } else { Ok(()) }
    }

    /// Writes what is not written yet.
    pub(super) fn flush(&mut self) -> Result<(), HttpProblem> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let count = rows.len();
        let first = i64::try_from(self.written).unwrap_or(i64::MAX);
        let add = AddCampaignRows { account: self.account, id: self.id, first, rows };
        let told = Handle::current().block_on(self.app.ledger.tell(add))?;
        told.outcome.map_err(|refusal| match refusal {
            Refusal::NotFound { .. } => super::body::broken_off("it came too slowly and was given up"),
            refusal => HttpProblem::from(refusal),
        })?;
        self.written += count;
        Ok(())
    }

    /// Why it was stopped, where it was the draft that stopped it.
    pub(super) fn why(&mut self, problem: Problem) -> HttpProblem {
        self.refused.take().unwrap_or_else(|| HttpProblem::from(problem))
    }

    /// Gives the draft up. Where that fails, it is found later by its age.
    pub(super) fn give_up(&self) {
        let drop = DropCampaign { account: self.account, id: self.id, untouched_since: None };
        if let Err(failure) = Handle::current().block_on(self.app.ledger.tell(drop)) {
            tracing::warn!(campaign = %self.id, %failure, "a draft could not be dropped");
        }
    }

    fn row(&self, row: &Row<'_>, quote: &RowQuote, text: &[u8]) -> Result<NewCampaignRow, HttpProblem> {
        let typed = || {
            let cell = if row.trouble().is_some() { row.field(0) } else { row.field(self.phone) };
            typed_in(cell).chars().filter(|c| !c.is_control()).take(RECIPIENT_CHARS).collect()
        };
        let territory = quote.territory().map(|territory| territory.to_string());
        let recipient = quote.number.as_ref().map_or_else(typed, ToString::to_string);
        let line = i64::try_from(quote.line).unwrap_or(i64::MAX);
        let reason = match quote.status {
            Status::Priced if !self.app.rules.allows(territory.as_deref()) => Some(NOT_ALLOWED),
            Status::Priced => None,
            status => Some(status.code()),
        };
        let sending = match reason {
            Some(reason) => Err(reason),
            None => Ok(self.sending(&recipient, territory.as_deref(), quote, text)?),
        };
        Ok(NewCampaignRow { line, recipient, territory, sending })
    }

    fn sending(
        &self,
        to: &str,
        territory: Option<&str>,
        quote: &RowQuote,
        text: &[u8],
    ) -> Result<RowSending, HttpProblem> {
        if quote.price == Money::ZERO {
            let message =
                "a text by this channel may cost nothing, and nothing can be held for it; send by the API";
            return Err(Problem::new("free-of-charge", message).about("channel").into());
        }
        let out_of_range = || HttpProblem::from(Problem::new("amount-out-of-range", "a row costs too much"));
        let per_unit_micros = micros(quote.per_unit).ok_or_else(out_of_range)?;
        let quantity = i64::try_from(quote.quantity).map_err(|_| out_of_range())?;
        let text = String::from_utf8_lossy(text);
        // As `/v1/messages` hands a message on.
        let payload = json!({
            "content": text,
            "from": shown_sender(self.from),
            "to": [to],
            "userId": null,
            "setInboxStatus": null,
        });
        let explanation = self.explanation(to, territory, quote, &text);
        Ok(RowSending {
            quantity,
            per_unit_micros,
            payload: payload.to_string(),
            explanation: explanation.to_string(),
        })
    }

    /// Why it costs that: as [`Priced`](crate::price::Priced) says it of one message.
    fn explanation(&self, to: &str, territory: Option<&str>, quote: &RowQuote, text: &str) -> Value {
        let card = &self.app.card.card;
        let surcharge = self.channel.surcharge();
        let rate =
            if quote.local { 0 } else { quote.per_unit.to_micros().saturating_sub(surcharge.to_micros()) };
        json!({
            "rule": "total = (surcharge + rate) x quantity, for each recipient",
            "surcharge": surcharge.to_string(),
            "quantity": quote.quantity,
            "recipients": [{
                "to": to,
                "territory": territory,
                "local": quote.local,
                "rate": Money::from_micros(rate).to_string(),
                "per_unit": quote.per_unit.to_string(),
                "total": quote.price.to_string(),
            }],
            "rate_card": { "id": card.id(), "as_of": card.as_of() },
            "encoding": quote.encoding.as_str(),
            "units": segment_as(text, quote.encoding, self.sender).units,
            "segments": quote.segments,
            "segments_min": quote.segments_min,
            "currency": card.currency(),
            "message": { "from": self.from.number, "phone_number_id": self.from.id, "user_id": null },
            "campaign": { "id": self.id.to_string(), "line": quote.line },
        })
    }
}

/// A sender as a gateway is given it: by its id where it has one.
fn shown_sender(from: &SenderNumber) -> &str {
    if from.id.is_empty() { &from.number } else { &from.id }
}
