//! Campaigns: a draft is written, judged as a whole, and sent row by row from what was held for it.

mod draft;
mod send;
mod start;
mod steer;
mod sweep;

pub(super) use self::{
    draft::{add_rows, draft, give_up},
    send::send,
    start::start,
    steer::steer,
    sweep::sweep,
};
use super::super::book::Book;
use super::super::campaign::{Campaign, CampaignState};
use super::super::event::{CampaignEnd, EventBody};
use super::super::id::{AccountId, CampaignId};
use super::super::refusal::Refusal;
use super::super::table::key;

/// The campaign, as it stands.
fn find(book: &Book<'_>, account: AccountId, id: CampaignId) -> Result<Campaign, Refusal> {
    book.account(account)?;
    book.campaigns.get(&key![account, id]).cloned().ok_or_else(|| Refusal::no("campaign"))
}

/// The campaign, to be changed.
fn change<'a>(
    book: &'a mut Book<'_>,
    account: AccountId,
    id: CampaignId,
) -> Result<&'a mut Campaign, Refusal> {
    let now = book.moment(account);
    let campaign = book.campaigns.change(&key![account, id]).ok_or_else(|| Refusal::no("campaign"))?;
    campaign.touched_at = now;
    Ok(campaign)
}

/// Nobody will send what is written of a draft; whatever is none any more stays as it is.
fn drop_draft(book: &mut Book<'_>, account: AccountId, id: CampaignId) -> Result<Campaign, Refusal> {
    let found = find(book, account, id)?;
    if found.state != CampaignState::Draft {
        return Ok(found);
    }
    let draft = change(book, account, id)?;
    draft.state = CampaignState::Dropped;
    draft.sweep_from = Some(0);
    Ok(draft.clone())
}

/// Ends a campaign: what is held of it still is let go, and its end is told.
fn end(
    book: &mut Book<'_>,
    account: AccountId,
    id: CampaignId,
    state: CampaignState,
) -> Result<Campaign, Refusal> {
    let now = book.moment(account);
    let rest = find(book, account, id)?.held_micros;
    if rest > 0 {
        book.hold(account, rest.saturating_neg())?;
    }
    let campaign = change(book, account, id)?;
    campaign.held_micros = 0;
    campaign.released_micros = campaign.released_micros.saturating_add(rest);
    campaign.state = state;
    campaign.reason = None;
    campaign.ended_at = Some(now);
    if campaign.next_row < campaign.covered_rows {
        campaign.sweep_from = Some(campaign.next_row);
    }
    let campaign = campaign.clone();
    let told = CampaignEnd {
        campaign: id.to_string(),
        sent: campaign.sent,
        cancelled: campaign.cancelled(),
        captured_micros: campaign.captured_micros,
        released_micros: campaign.released_micros,
    };
    let stopped = state == CampaignState::Stopped;
    book.tell(
        account,
        if stopped { EventBody::CampaignStopped(told) } else { EventBody::CampaignFinished(told) },
    );
    Ok(campaign)
}

/// Lets a campaign wait, and says why.
fn pause(book: &mut Book<'_>, account: AccountId, id: CampaignId, reason: &str) -> Result<Campaign, Refusal> {
    let campaign = change(book, account, id)?;
    campaign.state = CampaignState::Paused;
    campaign.reason = Some(reason.to_owned());
    let campaign = campaign.clone();
    let body = EventBody::CampaignPaused {
        campaign: id.to_string(),
        reason: reason.to_owned(),
        waiting: campaign.waiting(),
        held_micros: campaign.held_micros,
    };
    book.tell(account, body);
    Ok(campaign)
}
