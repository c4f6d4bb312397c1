//! Pausing, resuming and stopping.

use super::super::super::book::Book;
use super::super::super::campaign::{Campaign, CampaignState, Steer, SteerCampaign};
use super::super::super::command::Answer;
use super::super::super::refusal::Refusal;
use super::{change, end, find, pause};

/// Steers a campaign, or answers that it is steered so already.
pub(in super::super) fn steer(book: &mut Book<'_>, steer: &SteerCampaign) -> Answer<Campaign> {
    let campaign = match find(book, steer.account, steer.id) {
        Ok(campaign) => campaign,
        Err(refusal) => return Err(refusal).into(),
    };
    match (campaign.state, steer.to) {
        // To its owner it is not there.
        (CampaignState::Draft | CampaignState::Dropped | CampaignState::Refused, _) => {
            Err(Refusal::no("campaign")).into()
        }
        (CampaignState::Paused, Steer::Pause)
        | (CampaignState::Sending, Steer::Resume)
        | (CampaignState::Stopped, Steer::Stop) => Answer::again(campaign),
        (CampaignState::Stopped | CampaignState::Finished, _) => {
            Err(Refusal::CampaignEnded { state: campaign.state.as_str().to_owned() }).into()
        }
        (CampaignState::Sending, Steer::Pause) => pause(book, steer.account, steer.id, "asked").into(),
        (CampaignState::Paused, Steer::Resume) => resume(book, steer).into(),
        (CampaignState::Sending | CampaignState::Paused, Steer::Stop) => {
            end(book, steer.account, steer.id, CampaignState::Stopped).into()
        }
    }
}

fn resume(book: &mut Book<'_>, steer: &SteerCampaign) -> Result<Campaign, Refusal> {
    if !book.account(steer.account)?.subscription_active {
        return Err(Refusal::SubscriptionInactive);
    }
    let campaign = change(book, steer.account, steer.id)?;
    campaign.state = CampaignState::Sending;
    campaign.reason = None;
    Ok(campaign.clone())
}
