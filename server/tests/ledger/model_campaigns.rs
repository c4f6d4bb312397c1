//! What campaigns must do, said again as plainly as possible.

use textmeter_server::ledger::*;

use crate::model::{Model, Saw};

/// A campaign of one account.
#[derive(Clone, Debug)]
pub(crate) struct ModelCampaign {
    pub(crate) prices: Vec<i64>,
    in_order: bool,
    /// The rows before this one could be paid when they were written.
    written: usize,
    key: Option<(u8, u8)>,
    state: CampaignState,
    refusal: Option<Refusal>,
    /// The rows before this one are covered.
    covered: usize,
    pub(crate) next: usize,
    released: i64,
    /// What was charged: for which row, how much of it was given back, and when.
    charges: Vec<(usize, i64, Moment)>,
    rejected: Vec<usize>,
}

impl ModelCampaign {
    fn sum(&self, rows: usize) -> i64 {
        self.prices[..rows].iter().sum()
    }

    fn captured(&self) -> i64 {
        self.charges.iter().map(|(row, ..)| self.prices[*row]).sum()
    }

    fn is_running(&self) -> bool {
        matches!(self.state, CampaignState::Sending | CampaignState::Paused)
    }

    fn held(&self) -> i64 {
        if self.is_running() { self.sum(self.covered) - self.captured() } else { 0 }
    }

    fn saw(&self, replayed: bool) -> Saw {
        let hold = self.held() + self.captured() + self.released;
        Saw::Campaign {
            state: self.state,
            money: [hold, self.held(), self.captured(), self.released],
            sent: i64::try_from(self.charges.len()).unwrap(),
            refusal: self.refusal.clone(),
            replayed,
        }
    }

    /// The longest beginning that costs so much at most.
    fn prefix(&self, room: i64) -> usize {
        (0..=self.prices.len()).rev().find(|rows| self.sum(*rows) <= room).unwrap_or(0)
    }

    fn sendable(&self, rows: usize) -> usize {
        self.prices[..rows].iter().filter(|price| **price > 0).count()
    }
}

impl Model {
    /// What could be held now.
    fn room(&self, now: Moment) -> i64 {
        if self.is_active() { self.available().min(self.left_of_caps(now)) } else { 0 }
    }

    pub(crate) fn held(&self) -> i64 {
        self.campaigns.iter().map(ModelCampaign::held).sum()
    }

    pub(crate) fn spent_by_campaigns(&self, same: impl Fn(Moment) -> bool) -> i64 {
        let of = |campaign: &ModelCampaign| -> i64 {
            let counted = campaign.charges.iter().filter(|(_, _, at)| same(*at));
            counted.map(|(row, back, _)| campaign.prices[*row] - back).sum()
        };
        self.campaigns.iter().map(of).sum()
    }

    pub(crate) fn draft(&mut self, prices: &[i64], in_order: bool, now: Moment) -> Saw {
        let mut campaign = ModelCampaign {
            prices: prices.to_vec(),
            in_order,
            written: 0,
            key: None,
            state: CampaignState::Draft,
            refusal: None,
            covered: 0,
            next: 0,
            released: 0,
            charges: Vec::new(),
            rejected: Vec::new(),
        };
        campaign.written = campaign.prefix(self.room(now));
        let saw = campaign.saw(false);
        self.campaigns.push(campaign);
        saw
    }

    pub(crate) fn start(&mut self, index: usize, key: (u8, u8), max: Option<i64>, now: Moment) -> Saw {
        let has_key = |campaign: &ModelCampaign| campaign.key.is_some_and(|other| other.0 == key.0);
        if let Some(known) = self.campaigns.iter().position(has_key) {
            if let Some(own) = self.campaigns.get_mut(index).filter(|own| own.state == CampaignState::Draft) {
                own.state = CampaignState::Dropped;
            }
            let known = &self.campaigns[known];
            return if known.key == Some(key) { known.saw(true) } else { Saw::Refused("key-reused") };
        }
        let Some(draft) = self.campaigns.get(index).filter(|own| own.state == CampaignState::Draft).cloned()
        else {
            return Saw::Refused("not-found");
        };
        let judged = self.covered(&draft, max, now);
        let draft = &mut self.campaigns[index];
        if judged.as_ref().is_ok_and(|covered| *covered > draft.written) {
            draft.state = CampaignState::Dropped;
            return Saw::Refused("balance-changed");
        }
        draft.key = Some(key);
        match judged {
            Ok(covered) => (draft.state, draft.covered) = (CampaignState::Sending, covered),
            Err(refusal) => (draft.state, draft.refusal) = (CampaignState::Refused, Some(refusal)),
        }
        let saw = draft.saw(false);
        self.watch();
        saw
    }

    fn covered(&self, draft: &ModelCampaign, max: Option<i64>, now: Moment) -> Result<usize, Refusal> {
        let total = draft.sum(draft.prices.len());
        if !self.is_active() {
            return Err(Refusal::SubscriptionInactive);
        }
        if let Some(max_price_micros) = max.filter(|max| total > *max) {
            return Err(Refusal::PriceAboveMax { price_micros: total, max_price_micros });
        }
        let available = self.available();
        let mut wanted = total;
        if draft.in_order {
            let rows = draft.prefix(self.room(now));
            if draft.sendable(rows) > 0 {
                return Ok(rows);
            }
            wanted = draft.prices.iter().copied().find(|price| *price > 0).unwrap_or(0);
        }
        if let Some(refusal) = self.judge_caps(wanted, now) {
            return Err(refusal);
        }
        if wanted > available {
            let rows = draft.prefix(available);
            return Err(Refusal::HoldNotCovered {
                balance_micros: self.balance(),
                held_micros: self.held(),
                required_micros: wanted,
                shortfall_micros: wanted - available,
                covered_rows: i64::try_from(draft.sendable(rows)).unwrap(),
                covered_micros: draft.sum(rows),
            });
        }
        Ok(draft.prices.len())
    }

    pub(crate) fn send_on(&mut self, index: usize, limit: i64, now: Moment) -> Saw {
        let active = self.is_active();
        let Some(campaign) = self.campaigns.get_mut(index) else { return Saw::Refused("not-found") };
        if campaign.state != CampaignState::Sending {
            return campaign.saw(true);
        }
        if !active {
            campaign.state = CampaignState::Paused;
            self.ends[0] += 1;
            return self.campaigns[index].saw(false);
        }
        let mut left = limit;
        while campaign.next < campaign.covered {
            let row = campaign.next;
            let price = campaign.prices[row];
            if price > 0 {
                if left == 0 {
                    break;
                }
                left -= 1;
                campaign.charges.push((row, 0, now));
                // What was held for it goes out: what can be spent does not move, and nothing else is told or forgotten.
                self.lines.push((EntryKind::Charge, -price));
            }
            campaign.next += 1;
        }
        if campaign.next == campaign.covered {
            campaign.state = CampaignState::Finished;
            self.ends[2] += 1;
        }
        self.campaigns[index].saw(false)
    }

    pub(crate) fn steer(&mut self, index: usize, to: Steer) -> Saw {
        let active = self.is_active();
        let Some(campaign) = self.campaigns.get_mut(index) else { return Saw::Refused("not-found") };
        match (campaign.state, to) {
            (CampaignState::Draft | CampaignState::Dropped | CampaignState::Refused, _) => {
                return Saw::Refused("not-found");
            }
            (CampaignState::Paused, Steer::Pause)
            | (CampaignState::Sending, Steer::Resume)
            | (CampaignState::Stopped, Steer::Stop) => return campaign.saw(true),
            (CampaignState::Stopped | CampaignState::Finished, _) => return Saw::Refused("campaign-ended"),
            (_, Steer::Pause) => {
                campaign.state = CampaignState::Paused;
                self.ends[0] += 1;
            }
            (_, Steer::Resume) if !active => return Saw::Refused("subscription-inactive"),
            (_, Steer::Resume) => campaign.state = CampaignState::Sending,
            (_, Steer::Stop) => {
                campaign.released = campaign.held();
                campaign.state = CampaignState::Stopped;
                self.ends[1] += 1;
                if campaign.released > 0 {
                    self.out_since = None;
                }
                self.watch();
            }
        }
        self.campaigns[index].saw(false)
    }

    /// A message of a row that was handed on fails, and is given back.
    pub(crate) fn reject_row(&mut self, index: usize, row: usize) -> Saw {
        let campaign = &mut self.campaigns[index];
        let replayed = campaign.rejected.contains(&row);
        if !replayed {
            campaign.rejected.push(row);
            let price = campaign.prices[row];
            let charge = campaign.charges.iter_mut().find(|(charged, ..)| *charged == row).unwrap();
            charge.1 = price;
            self.failed += 1;
            self.post(EntryKind::Refund, price);
        }
        Saw::Message { state: MessageState::Failed, replayed }
    }
}
