//! Handing rows on: each is charged from the hold and enters the outbox, in one transaction.

use super::super::super::book::{Book, Movement};
use super::super::super::campaign::{Campaign, CampaignRound, CampaignRow, CampaignState, SendCampaign};
use super::super::super::charge::{ChargeRecord, Line};
use super::super::super::command::Answer;
use super::super::super::credit::EntryKind;
use super::super::super::id::ChargeId;
use super::super::super::outbox::{Message, MessageState};
use super::super::super::refusal::Refusal;
use super::super::super::table::{Record, key};
use super::{change, end, find, pause};

/// Hands the next rows on, or answers where the campaign is.
pub(in super::super) fn send(book: &mut Book<'_>, send: &SendCampaign) -> Answer<CampaignRound> {
    let campaign = match find(book, send.account, send.id) {
        Ok(campaign) => campaign,
        Err(refusal) => return Err(refusal).into(),
    };
    if campaign.state != CampaignState::Sending || campaign.next_row != send.from {
        return Answer::again(CampaignRound { campaign, messages: Vec::new() });
    }
    round(book, send, &campaign).into()
}

fn round(book: &mut Book<'_>, send: &SendCampaign, campaign: &Campaign) -> Result<CampaignRound, Refusal> {
    let account = book.account(send.account)?;
    if !account.subscription_active {
        let campaign = pause(book, send.account, send.id, "subscription-inactive")?;
        return Ok(CampaignRound { campaign, messages: Vec::new() });
    }
    let rows = next_rows(book, send, campaign);
    let sum = rows.iter().fold(0_i64, |sum, row| sum.saturating_add(row.amount_micros()));
    // All of it was held when the campaign was started, so nothing below can be refused for want of it.
    if sum > campaign.held_micros || sum > account.held_micros {
        return Err(Refusal::amount("hold"));
    }
    let mut messages = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.reason.is_none() {
            messages.push(hand_on(book, send, campaign, row)?);
        }
    }
    let looked_at = i64::try_from(rows.len()).unwrap_or(0);
    let sent = i64::try_from(messages.len()).unwrap_or(0);
    let after = change(book, send.account, send.id)?;
    after.next_row = after.next_row.saturating_add(looked_at);
    after.sent = after.sent.saturating_add(sent);
    after.held_micros = after.held_micros.saturating_sub(sum);
    after.captured_micros = after.captured_micros.saturating_add(sum);
    let mut after = after.clone();
    if after.next_row >= after.covered_rows {
        after = end(book, send.account, send.id, CampaignState::Finished)?;
    }
    Ok(CampaignRound { campaign: after, messages })
}

/// The rows from the next one on, as far as they are covered, were read, and have few enough to be sent among them.
fn next_rows(book: &Book<'_>, send: &SendCampaign, campaign: &Campaign) -> Vec<CampaignRow> {
    let mut rows = Vec::new();
    let mut left = send.limit;
    for number in send.from..campaign.covered_rows {
        let Some(row) = book.campaign_rows.get(&key![send.account, send.id, number]) else { break };
        if row.reason.is_none() {
            if left <= 0 {
                break;
            }
            left = left.saturating_sub(1);
        }
        rows.push(row.clone());
    }
    rows
}

/// What is held for a row is let go and charged in one step, so that what can be spent does not move.
fn hand_on(
    book: &mut Book<'_>,
    send: &SendCampaign,
    campaign: &Campaign,
    row: &CampaignRow,
) -> Result<Message, Refusal> {
    let (account_id, amount_micros) = (send.account, row.amount_micros());
    let now = book.moment(account_id);
    let id = ChargeId::new();
    let account = book.change_account(account_id)?;
    account.held_micros = account.held_micros.saturating_sub(amount_micros);
    account.spend(amount_micros, now);
    let movement = Movement {
        kind: EntryKind::Charge,
        amount_micros: amount_micros.saturating_neg(),
        charge: Some(id),
        reference: None,
    };
    let entry = book.post(account_id, movement)?;
    let (mut payload, mut explanation) = (None, None);
    if let Some(row) = book.campaign_rows.change(&row.key()) {
        row.charge_id = Some(id);
        (payload, explanation) = (row.payload.take(), row.explanation.take());
    }
    let line = Line {
        to: row.recipient.clone(),
        territory: row.territory.clone(),
        quantity: row.quantity,
        per_unit_micros: row.per_unit_micros,
    };
    book.put_charge(ChargeRecord {
        account_id,
        id,
        idempotency_key: None,
        body_digest: None,
        channel: campaign.channel.clone(),
        unit: campaign.unit.clone(),
        quantity: row.quantity,
        amount_micros,
        rate_card: campaign.rate_card.clone(),
        quote_id: None,
        lines: vec![line],
        explanation,
        entry_seq: Some(entry.seq),
        balance_micros: entry.balance_micros,
        refusal: None,
        refunded_micros: 0,
        created_at: now,
        version: 1,
    });
    let message = Message {
        recipients: vec![row.recipient.clone()],
        amount_micros,
        payload,
        state: MessageState::Leased,
        attempts: 1,
        ..Message::queued(account_id, id, now, book.now.after(send.lease))
    };
    book.messages.put(message.clone());
    Ok(message)
}
