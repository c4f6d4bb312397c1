//! Starting: the whole of a draft is judged at once, and held or refused.

use super::super::super::account::Account;
use super::super::super::book::Book;
use super::super::super::campaign::{CAMPAIGNS_RUNNING_MAX, Campaign, CampaignState, Funds, StartCampaign};
use super::super::super::command::Answer;
use super::super::super::moment::Moment;
use super::super::super::refusal::Refusal;
use super::super::charge::within_caps;
use super::super::request_key;
use super::{change, drop_draft, find};

/// What of a list the hold covers.
#[derive(Clone, Copy)]
struct Covered {
    /// The rows before this number.
    rows: i64,
    /// How many of them can be sent.
    sendable: i64,
    /// What they cost.
    micros: i64,
}

/// Starts a draft, refuses it, or answers what was answered under its key before.
pub(in super::super) fn start(book: &mut Book<'_>, start: &StartCampaign) -> Answer<Campaign> {
    if let Err(refusal) = book.account(start.account).map(|_| ()).and(request_key(&start.key.key)) {
        return Err(refusal).into();
    }
    if let Some(known) = known(book, start) {
        let same = known.body_digest == Some(start.key.body);
        if known.id != start.id {
            // Somebody was faster with the same key: this draft is not needed.
            drop(drop_draft(book, start.account, start.id));
        }
        return if same { Answer::again(known) } else { Err(Refusal::KeyReused).into() };
    }
    decide(book, start).into()
}

/// The campaign that has the key.
fn known(book: &Book<'_>, start: &StartCampaign) -> Option<Campaign> {
    let has_key = |c: &&Campaign| c.idempotency_key.as_ref() == Some(&start.key.key);
    book.campaigns.iter().filter(|c| c.account_id == start.account).find(has_key).cloned()
}

fn decide(book: &mut Book<'_>, start: &StartCampaign) -> Result<Campaign, Refusal> {
    let draft = find(book, start.account, start.id)?;
    if draft.state != CampaignState::Draft {
        return Err(Refusal::no("campaign"));
    }
    let rows = i64::try_from(start.running.len()).unwrap_or(i64::MAX);
    if rows != draft.row_count || start.running.last().copied().unwrap_or(0) != draft.total_micros {
        return Err(Refusal::field("running"));
    }
    let running = book.campaigns.iter().filter(|c| c.account_id == start.account && c.state.is_running());
    if running.count() >= CAMPAIGNS_RUNNING_MAX {
        // This passes by itself, so it is no answer to keep.
        drop_draft(book, start.account, start.id)?;
        return Err(Refusal::TooManyCampaigns {
            max: i64::try_from(CAMPAIGNS_RUNNING_MAX).unwrap_or(i64::MAX),
        });
    }
    let now = book.moment(start.account);
    let covered = judge(book.account(start.account)?, start, &draft, now);
    if covered.as_ref().is_ok_and(|covered| covered.rows > draft.covered_rows) {
        // Money came in after the list was cut: not all texts it pays for are there. Once more, and they are.
        drop_draft(book, start.account, start.id)?;
        return Err(Refusal::BalanceChanged);
    }
    if let Ok(covered) = &covered {
        book.hold(start.account, covered.micros)?;
    }
    let campaign = change(book, start.account, start.id)?;
    campaign.idempotency_key = Some(start.key.key.clone());
    campaign.body_digest = Some(start.key.body);
    campaign.created_at = now;
    match covered {
        Err(refusal) => {
            campaign.state = CampaignState::Refused;
            campaign.refusal = Some(refusal);
            campaign.covered_rows = 0;
            campaign.sweep_from = Some(0);
        }
        Ok(covered) => {
            campaign.state = CampaignState::Sending;
            campaign.covered_rows = covered.rows;
            campaign.covered = covered.sendable;
            campaign.hold_micros = covered.micros;
            campaign.held_micros = covered.micros;
            campaign.sweep_from =
                (campaign.covered_rows < campaign.row_count).then_some(campaign.covered_rows);
        }
    }
    let campaign = campaign.clone();
    if campaign.refusal.is_none() {
        book.campaign_papers.put((*start.papers).clone());
    }
    Ok(campaign)
}

/// What is covered, or why nothing is sent. The order is that of a charge: subscription first, credits last.
fn judge(
    account: &Account,
    start: &StartCampaign,
    draft: &Campaign,
    now: Moment,
) -> Result<Covered, Refusal> {
    let required_micros = draft.total_micros;
    if !account.subscription_active {
        return Err(Refusal::SubscriptionInactive);
    }
    if let Some(max_price_micros) = start.max_price_micros.filter(|max| required_micros > *max) {
        return Err(Refusal::PriceAboveMax { price_micros: required_micros, max_price_micros });
    }
    match draft.funds {
        Funds::All => {
            within_caps(account, required_micros, now)?;
            affordable(account, start, required_micros)?;
            Ok(covered(&start.running, required_micros))
        }
        Funds::InOrder => {
            let some = covered(&start.running, room(account, now));
            if some.sendable == 0 {
                let first = start.running.iter().copied().find(|sum| *sum > 0).unwrap_or(0);
                within_caps(account, first, now)?;
                affordable(account, start, first)?;
            }
            Ok(some)
        }
    }
}

fn affordable(account: &Account, start: &StartCampaign, required_micros: i64) -> Result<(), Refusal> {
    let shortfall_micros = required_micros.saturating_sub(account.available_micros());
    if shortfall_micros <= 0 {
        return Ok(());
    }
    let covered = covered(&start.running, account.available_micros());
    Err(Refusal::HoldNotCovered {
        balance_micros: account.balance_micros,
        held_micros: account.held_micros,
        required_micros,
        shortfall_micros,
        covered_rows: covered.sendable,
        covered_micros: covered.micros,
    })
}

/// How much could be held now.
pub(super) fn room(account: &Account, now: Moment) -> i64 {
    if account.subscription_active { account.available_micros().min(left_of_caps(account, now)) } else { 0 }
}

/// How much more may be spent and held under the caps.
fn left_of_caps(account: &Account, now: Moment) -> i64 {
    let day = account.day_cap_micros.map(|cap| cap.saturating_sub(account.day_spent_micros_at(now)));
    let month = account.month_cap_micros.map(|cap| cap.saturating_sub(account.month_spent_micros_at(now)));
    let left = day.into_iter().chain(month).min().unwrap_or(i64::MAX);
    left.saturating_sub(account.held_micros).max(0)
}

/// The longest beginning of a list that costs so much at most.
fn covered(running: &[i64], room_micros: i64) -> Covered {
    let rows = running.partition_point(|sum| *sum <= room_micros);
    let mut covered = Covered { rows: i64::try_from(rows).unwrap_or(i64::MAX), sendable: 0, micros: 0 };
    for sum in running.iter().take(rows) {
        // A row that can be sent costs something, so the sum grows by it.
        covered.sendable = covered.sendable.saturating_add(i64::from(*sum > covered.micros));
        covered.micros = *sum;
    }
    covered
}
