//! Taking the price, and the locked price.

use serde_json::json;
use textmeter::{Quote, QuoteRequest};

use super::{envelope::Refused, request::SendRequest, shown};
use crate::{
    app::App,
    http::{answers::HttpProblem, caller::Caller},
    ledger::{Charge, ChargeId, ChargeRecord, Part, QuoteId, QuoteUse, Refusal, RequestKey},
    price::{Priced, subject},
    senders::SenderNumber,
};

/// A send that may go out, once it is paid.
pub(super) struct Paying<'a> {
    pub(super) request: &'a SendRequest<'a>,
    pub(super) sender: SenderNumber,
    pub(super) key: Option<RequestKey>,
    pub(super) priced: Priced,
    pub(super) quote_use: Option<QuoteUse>,
    /// As it was priced: after smart encoding.
    pub(super) text: &'a str,
}

/// What the key was answered before.
pub(super) async fn by_key(
    app: &App,
    caller: &Caller,
    key: &RequestKey,
) -> Result<Option<ChargeRecord>, Refused> {
    let found = app.ledger.charge_by_key(caller.account(), &key.key).await.map_err(HttpProblem::from)?;
    match found {
        Some(record) if record.body_digest != Some(key.body) => Err(Refused::refusal(&Refusal::KeyReused)),
        found => Ok(found),
    }
}

/// The price as it was locked, and the lock to use. Whether it still holds and fits is the ledger's to judge.
pub(super) async fn locked(
    app: &App,
    caller: &Caller,
    id: QuoteId,
    asked: &QuoteRequest<'_>,
    quote: &Quote<'_>,
) -> Result<(Priced, Option<QuoteUse>), Refused> {
    let lock = app.ledger.quote(caller.account(), id).await.map_err(HttpProblem::from)?;
    let priced = lock.and_then(|lock| Priced::read(&lock.document)).ok_or_else(Refused::no_quote)?;
    Ok((priced, Some(QuoteUse { id, body: subject(asked, quote) })))
}

/// Charges and puts the message into the outbox, in one transaction. Says whether it was answered before.
pub(super) async fn charge(
    app: &App,
    caller: &Caller,
    paying: Paying<'_>,
) -> Result<(Box<ChargeRecord>, bool), Refused> {
    let id = ChargeId::new();
    let Paying { request, sender, key, priced, quote_use, text } = paying;
    let mut explanation = priced.explanation;
    if let Some(members) = explanation.as_object_mut() {
        members.insert("currency".to_owned(), priced.currency.clone().into());
        members.insert(
            "message".to_owned(),
            json!({ "from": sender.number, "phone_number_id": sender.id, "user_id": request.user }),
        );
    }
    let recipients: Vec<&str> = priced.lines.iter().map(|line| line.to.as_str()).collect();
    let payload = json!({
        "content": text,
        "from": request.from,
        "to": recipients,
        "userId": request.user,
        "setInboxStatus": request.done.then_some("done"),
    });
    let charge = Charge {
        account: caller.account(),
        id,
        key,
        channel: priced.channel,
        unit: priced.unit,
        rate_card: priced.rate_card,
        parts: vec![Part { lines: priced.lines, payload: Some(payload.to_string()) }],
        quote: quote_use,
        max_price_micros: request.max_price_micros,
        explanation: Some(explanation.to_string()),
    };
    let answer =
        app.ledger.insist(charge).await.map_err(|failure| Refused::failed(failure, shown::id(id)))?;
    let record = answer.outcome.map_err(|refusal| Refused::refusal(&refusal))?;
    // Under its own id this is no repetition but the answer that was lost on the way.
    let replayed = answer.replayed && record.id != id;
    Ok((record, replayed))
}
