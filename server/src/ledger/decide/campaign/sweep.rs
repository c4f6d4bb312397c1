//! Removing what nobody will send: people's texts are kept no longer than they are needed.

use super::super::super::book::Book;
use super::super::super::campaign::{CAMPAIGN_CHUNK_MAX, Campaign, CampaignState, SweepCampaign};
use super::super::super::command::Answer;
use super::super::super::refusal::Refusal;
use super::super::super::table::{Record, key};
use super::{change, find};

/// Sweeps the next rows; where somebody else has swept them, nothing.
pub(in super::super) fn sweep(book: &mut Book<'_>, sweep: &SweepCampaign) -> Answer<()> {
    match find(book, sweep.account, sweep.id) {
        // A draft that was dropped is gone when all of it is swept.
        Err(_) => Answer::again(()),
        Ok(campaign) if campaign.sweep_from != Some(sweep.from) => Answer::again(()),
        Ok(campaign) => step(book, sweep, &campaign).into(),
    }
}

fn step(book: &mut Book<'_>, sweep: &SweepCampaign, campaign: &Campaign) -> Result<(), Refusal> {
    let removed = matches!(campaign.state, CampaignState::Dropped | CampaignState::Refused);
    let chunk = i64::try_from(CAMPAIGN_CHUNK_MAX).unwrap_or(i64::MAX);
    let end = campaign.row_count.min(sweep.from.saturating_add(chunk));
    for number in sweep.from..end {
        let key = key![sweep.account, sweep.id, number];
        if removed {
            book.campaign_rows.remove(&key);
        } else if book.campaign_rows.get(&key).is_some_and(|row| row.payload.is_some())
            && let Some(row) = book.campaign_rows.change(&key)
        {
            (row.payload, row.explanation) = (None, None);
        }
    }
    if end < campaign.row_count {
        change(book, sweep.account, sweep.id)?.sweep_from = Some(end);
    } else if campaign.state == CampaignState::Dropped && sweep.from >= campaign.row_count {
        // Its rows went with the steps before: they refer to it.
        book.campaigns.remove(&campaign.key());
    } else {
        let after = (campaign.state == CampaignState::Dropped).then_some(end);
        change(book, sweep.account, sweep.id)?.sweep_from = after;
    }
    Ok(())
}
