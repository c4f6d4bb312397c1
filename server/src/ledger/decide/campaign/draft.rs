//! Writing a draft: rows are added to it in order, and nothing of it is held or sent.

use super::super::super::book::Book;
use super::super::super::campaign::{
    AddCampaignRows, CAMPAIGN_CHUNK_MAX, CAMPAIGN_ROWS_MAX, Campaign, CampaignRow, CampaignState,
    DraftCampaign, DropCampaign, Funds, NewCampaignRow,
};
use super::super::super::charge::DOCUMENT_BYTES_MAX;
use super::super::super::command::Answer;
use super::super::super::credit::AMOUNT_MICROS_MAX;
use super::super::super::refusal::Refusal;
use super::super::super::table::key;
use super::super::{document, text};
use super::start::room;
use super::{change, drop_draft, find};

/// Begins a draft, or answers the one of this id.
pub(in super::super) fn draft(book: &mut Book<'_>, draft: &DraftCampaign) -> Answer<Campaign> {
    if let Some(campaign) = book.campaigns.get(&key![draft.account, draft.id]) {
        let same = campaign.sender == draft.sender && campaign.channel == draft.channel;
        return if same { Answer::again(campaign.clone()) } else { Err(Refusal::taken("campaign")).into() };
    }
    begin(book, draft).into()
}

fn begin(book: &mut Book<'_>, draft: &DraftCampaign) -> Result<Campaign, Refusal> {
    book.account(draft.account)?;
    text("name", draft.name.as_deref().unwrap_or("-"), 200)?;
    text("channel", &draft.channel, 40)?;
    text("unit", &draft.unit, 40)?;
    text("rate_card", &draft.rate_card, 200)?;
    text("from", &draft.sender, 200)?;
    let now = book.moment(draft.account);
    let campaign = Campaign {
        account_id: draft.account,
        id: draft.id,
        idempotency_key: None,
        body_digest: None,
        name: draft.name.clone(),
        channel: draft.channel.clone(),
        unit: draft.unit.clone(),
        rate_card: draft.rate_card.clone(),
        sender: draft.sender.clone(),
        funds: draft.funds,
        state: CampaignState::Draft,
        reason: None,
        refusal: None,
        row_count: 0,
        sendable: 0,
        total_micros: 0,
        covered_rows: 0,
        covered: 0,
        next_row: 0,
        sent: 0,
        hold_micros: 0,
        held_micros: 0,
        captured_micros: 0,
        released_micros: 0,
        sweep_from: None,
        created_at: now,
        touched_at: now,
        ended_at: None,
        version: 1,
    };
    book.campaigns.put(campaign.clone());
    Ok(campaign)
}

/// Adds rows, or answers the draft that has them.
pub(in super::super) fn add_rows(book: &mut Book<'_>, add: &AddCampaignRows) -> Answer<Campaign> {
    let draft = match find(book, add.account, add.id) {
        Ok(draft) => draft,
        Err(refusal) => return Err(refusal).into(),
    };
    let after = add.first.saturating_add(i64::try_from(add.rows.len()).unwrap_or(i64::MAX));
    if draft.state == CampaignState::Draft && draft.row_count == after && !add.rows.is_empty() {
        return Answer::again(draft);
    }
    if draft.state != CampaignState::Draft {
        return Err(Refusal::no("campaign")).into();
    }
    append(book, add, &draft, after).into()
}

fn append(
    book: &mut Book<'_>,
    add: &AddCampaignRows,
    draft: &Campaign,
    after: i64,
) -> Result<Campaign, Refusal> {
    let most = i64::try_from(CAMPAIGN_ROWS_MAX).unwrap_or(i64::MAX);
    if draft.row_count != add.first || add.rows.len() > CAMPAIGN_CHUNK_MAX || after > most {
        return Err(Refusal::field("rows"));
    }
    let room_micros = room(book.account(add.account)?, book.moment(add.account));
    let mut counted = draft.clone();
    let mut rows = Vec::with_capacity(add.rows.len());
    for (number, new) in (add.first..).zip(&add.rows) {
        let row = row(add, number, new)?;
        rows.extend(count(&mut counted, row, room_micros));
    }
    if counted.total_micros > AMOUNT_MICROS_MAX {
        return Err(Refusal::amount("rows"));
    }
    let campaign = change(book, add.account, add.id)?;
    campaign.row_count = counted.row_count;
    campaign.sendable = counted.sendable;
    campaign.total_micros = counted.total_micros;
    campaign.covered_rows = counted.covered_rows;
    let campaign = campaign.clone();
    for row in rows {
        book.campaign_rows.put(row);
    }
    Ok(campaign)
}

/// Counts a row, and says what is written of it: from the first one on that cannot be paid no text, so that nobody fills the
/// disk with what they have no money for. Where all or nothing is sent that is the end of the list, as far as it is written.
fn count(draft: &mut Campaign, mut row: CampaignRow, room_micros: i64) -> Option<CampaignRow> {
    let whole = draft.covered_rows == draft.row_count;
    draft.row_count = draft.row_count.saturating_add(1);
    draft.sendable = draft.sendable.saturating_add(i64::from(row.reason.is_none()));
    draft.total_micros = draft.total_micros.saturating_add(row.amount_micros());
    if whole && draft.total_micros <= room_micros {
        draft.covered_rows = draft.row_count;
        return Some(row);
    }
    (row.payload, row.explanation) = (None, None);
    (draft.funds == Funds::InOrder).then_some(row)
}

fn row(add: &AddCampaignRows, number: i64, new: &NewCampaignRow) -> Result<CampaignRow, Refusal> {
    document("to", &new.recipient, 1_000)?;
    text("territory", new.territory.as_deref().unwrap_or("-"), 40)?;
    let mut row = CampaignRow {
        account_id: add.account,
        campaign_id: add.id,
        number,
        line: new.line,
        recipient: new.recipient.clone(),
        territory: new.territory.clone(),
        reason: None,
        quantity: 0,
        per_unit_micros: 0,
        payload: None,
        explanation: None,
        charge_id: None,
        version: 1,
    };
    match &new.sending {
        Err(reason) => {
            text("reason", reason, 40)?;
            row.reason = Some((*reason).to_owned());
        }
        Ok(sending) => {
            text("to", &new.recipient, 200)?;
            document("payload", &sending.payload, DOCUMENT_BYTES_MAX)?;
            document("explanation", &sending.explanation, DOCUMENT_BYTES_MAX)?;
            let amount_micros = sending.quantity.checked_mul(sending.per_unit_micros);
            let fits = |micros: i64| (1..=AMOUNT_MICROS_MAX).contains(&micros);
            if sending.quantity < 1 || !amount_micros.is_some_and(fits) {
                return Err(Refusal::amount("rows"));
            }
            row.quantity = sending.quantity;
            row.per_unit_micros = sending.per_unit_micros;
            row.payload = Some(sending.payload.clone());
            row.explanation = Some(sending.explanation.clone());
        }
    }
    Ok(row)
}

/// Gives a draft up, or answers what became of it.
pub(in super::super) fn give_up(book: &mut Book<'_>, drop: &DropCampaign) -> Answer<Campaign> {
    let draft = match find(book, drop.account, drop.id) {
        Ok(draft) => draft,
        Err(refusal) => return Err(refusal).into(),
    };
    let touched = drop.untouched_since.is_some_and(|since| draft.touched_at >= since);
    if draft.state != CampaignState::Draft || touched {
        return Answer::again(draft);
    }
    drop_draft(book, drop.account, drop.id).into()
}
